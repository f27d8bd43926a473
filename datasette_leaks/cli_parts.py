"""What the commands share: their arguments, and errors in plain words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from datasette_leaks import output
from datasette_leaks.store.connection import StoreError, plain_errors


class Named(click.Path):
    """A path that somebody has named: an empty one would mean the working directory."""

    def convert(self, value: Any, param: Any, ctx: Any) -> Any:
        if str(value) == "":
            self.fail("an empty path, perhaps from a shell variable that is not set", param, ctx)
        return super().convert(value, param, ctx)


class DatabaseFile(Named):
    """The file of a database."""

    def convert(self, value: Any, param: Any, ctx: Any) -> Any:
        if str(value) == ":memory:":
            self.fail(":memory: is gone when the command ends: name a file", param, ctx)
        return super().convert(value, param, ctx)


DATABASE = click.argument("database", type=DatabaseFile(dir_okay=False, path_type=Path))
JSON = click.option(
    "--json", "as_json", is_flag=True, help="Print a summary that scripts can read."
)


@contextmanager
def plainly(path: Path) -> Iterator[None]:
    """Say what is wrong with the database or the folder at ``path``, and leave with status 1."""
    try:
        with plain_errors(str(path)):
            yield
    except StoreError as error:
        raise click.ClickException(output.printable(str(error))) from error
    except OSError as error:
        said = f"{error.filename}: {error.strerror}" if error.filename else str(error)
        raise click.ClickException(output.printable(said)) from error
