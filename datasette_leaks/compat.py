"""Every difference between Datasette 0.65 and 1.0 that this plugin meets, and nothing else.

Code elsewhere asks these functions and never looks at the version. What both sides share
(``datasette.urls``, ``plugin_config``, ``post_vars``, ``/db?sql=`` links, ``?_shape=objects``)
needs nothing here.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

from datasette import Forbidden

if TYPE_CHECKING:
    from datasette.app import Datasette

Actor = Mapping[str, Any] | None


def is_v1(datasette: Datasette) -> bool:
    """Whether this is Datasette 1.0 (alphas included), told by its permission method."""
    return hasattr(datasette, "allowed")


async def allowed_view(
    datasette: Datasette, actor: Actor, database: str, table: str | None = None
) -> bool:
    """Whether the actor may view the database or, when ``table`` is given, that table.

    The answer is the one Datasette's own database or table page would give.
    """
    if is_v1(datasette):
        resources = import_module("datasette.resources")
        if table is None:
            action, resource = "view-database", resources.DatabaseResource(database)
        else:
            action, resource = "view-table", resources.TableResource(database, table)
        return bool(await datasette.allowed(action=action, resource=resource, actor=actor))
    # The first of these with an opinion decides, as on Datasette's own pages.
    permissions: list[Any] = [("view-database", database), "view-instance"]
    if table is not None:
        permissions.insert(0, ("view-table", (database, table)))
    try:
        await datasette.ensure_permissions(actor, permissions)
    except Forbidden:
        return False
    return True


async def allowed_sql(datasette: Datasette, actor: Actor, database: str) -> bool:
    """Whether the actor may run SQL of their own on the database."""
    if is_v1(datasette):
        resources = import_module("datasette.resources")
        return bool(
            await datasette.allowed(
                action="execute-sql", resource=resources.DatabaseResource(database), actor=actor
            )
        )
    return await allowed_view(datasette, actor, database) and bool(
        await datasette.permission_allowed(actor, "execute-sql", database, default=True)
    )


async def database_metadata(datasette: Datasette, database: str) -> dict[str, Any]:
    """What the user wrote about the database (title, description, licence, source …)."""
    if is_v1(datasette):
        return dict(await datasette.get_database_metadata(database))
    written = datasette.metadata("databases") or {}
    return {k: v for k, v in (written.get(database) or {}).items() if k != "tables"}
