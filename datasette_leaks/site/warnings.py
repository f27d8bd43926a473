"""A warning at start-up when a lock in metadata.json stays open on Datasette 1.0.

1.0 reads allow_sql, queries, permissions and settings from datasette.yaml only, and says nothing
about those it finds in metadata.json: a site whose SQL was closed on 0.65 is open on 1.0.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import click

from datasette_leaks import compat

if TYPE_CHECKING:
    from datasette.app import Datasette

IGNORED = ("allow_sql", "permissions", "queries", "settings")


def ignored(metadata: Mapping[str, Any], config: Mapping[str, Any]) -> list[str]:
    """Dotted paths of keys in ``metadata`` that 1.0 ignores and ``config`` does not set as well."""
    set_in_config = set(_paths(config))
    return [
        ".".join(path)
        for path in _paths(metadata)
        if path[-1] in IGNORED and path not in set_in_config
    ]


def warn(datasette: Datasette) -> None:
    """Print on stderr what Datasette 1.0 ignores of the metadata it was given."""
    if not compat.is_v1(datasette):
        return
    for path in ignored(*compat.written_by_user(datasette)):
        click.echo(
            f"datasette-leaks: WARNING: {path} in metadata.json has no effect on Datasette 1.0; "
            "write it in datasette.yaml.",
            err=True,
        )


def _paths(tree: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    """Keys of the instance, of its databases and of their tables, each with the way to it."""
    for key in tree:
        yield (key,)
    for name, database in (tree.get("databases") or {}).items():
        for key in database or {}:
            yield ("databases", name, key)
        for table, settings in ((database or {}).get("tables") or {}).items():
            for key in settings or {}:
                yield ("databases", name, "tables", table, key)
