"""Every difference between Datasette 0.65 and 1.0 that this plugin meets, and nothing else.

Code elsewhere asks these functions and never looks at the version. What both sides share
(``datasette.urls``, ``plugin_config``, ``post_vars``, ``/db?sql=`` links, ``?_shape=objects``)
needs nothing here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal

from datasette import Forbidden

if TYPE_CHECKING:
    from datasette.app import Datasette
from jinja2 import Environment

PLUGIN = "datasette-leaks"

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
    described, _ = written_by_user(datasette)
    written = (described.get("databases") or {}).get(database) or {}
    return {k: v for k, v in written.items() if k != "tables"}


# Keys that contradict or complete one another: when users set one, none of ours is added.
TOGETHER = (
    frozenset({"sort", "sort_desc"}),
    frozenset({"fts_table", "fts_pk"}),
    frozenset({"description", "description_html"}),
)

Tables = dict[str, dict[str, Any]]


def written_by_user(datasette: Datasette) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """What the user's metadata and configuration files say; on 0.65 the second is empty.

    1.0 moves from the first to the second what it reads from there.
    """
    return datasette._metadata_local or {}, getattr(datasette, "config", None) or {}


def unless_set_by_user(datasette: Datasette, database: str, tables: Tables) -> Tables:
    """``tables`` without what the user's own files set, or contradict, for the database."""
    set_by_user = [
        ((tree.get("databases") or {}).get(database) or {}).get("tables") or {}
        for tree in written_by_user(datasette)
    ]
    kept: Tables = {}
    for table, settings in tables.items():
        theirs = {key for tree in set_by_user for key in tree.get(table) or {}}
        theirs |= {key for group in TOGETHER if group & theirs for key in group}
        kept[table] = {
            key: value for key, value in settings.items() if key == "columns" or key not in theirs
        }
    return kept


def database_entry(datasette: Datasette, database: str, html: str) -> dict[str, Any]:
    """Metadata that shows ``html`` on the database's page on 0.65, where no hook does.

    Empty where the user describes the database, and on 1.0, which has the hook top_database.
    """
    described = any(
        {"description", "description_html"}
        & ((tree.get("databases") or {}).get(database) or {}).keys()
        for tree in written_by_user(datasette)
    )
    return {} if is_v1(datasette) or described else {"description_html": html}


async def fill_tables(datasette: Datasette, database: str, tables: Tables) -> None:
    """Give 1.0 table settings and descriptions, where the user gave none.

    Nothing happens on 0.65, which asks the hook ``get_metadata`` instead.
    """
    if not is_v1(datasette):
        return
    tables = unless_set_by_user(datasette, database, tables)
    databases = datasette.config.setdefault("databases", {})
    config = databases.setdefault(database, {}).setdefault("tables", {})
    for table, settings in tables.items():
        columns = settings.pop("columns", {})
        description = settings.pop("description", None)
        config.setdefault(table, {}).update(settings)
        written = await datasette.get_resource_metadata(database, table)
        if description is not None and not written.keys() & {"description", "description_html"}:
            await datasette.set_resource_metadata(database, table, "description", description)
        for column, text in columns.items():
            if not await datasette.get_column_metadata(database, table, column):
                await datasette.set_column_metadata(database, table, column, "description", text)


@dataclass(frozen=True)
class Query:
    """A canned query. ``tables``: all it reads; ``params``: names it binds, in order."""

    title: str
    description: str
    sql: str
    tables: tuple[str, ...]
    params: tuple[str, ...] = ()


def canned_queries(
    datasette: Datasette, database: str, queries: Mapping[str, Query]
) -> dict[str, dict[str, Any]]:
    """Answer to 0.65's hook of that name; a query of the user with the same name wins."""
    theirs = datasette.metadata("queries", database=database, fallback=False) or {}
    return {
        name: {
            "title": query.title,
            "description": query.description,
            "sql": query.sql,
            "params": list(query.params),
        }
        for name, query in queries.items()
        if name not in theirs
    }


async def closed_query(
    datasette: Datasette, actor: Actor, database: str, query: Query
) -> Literal[False] | None:
    """Answer to 0.65's hook ``permission_allowed``: False when the actor may not view a table.

    A canned query runs with no check of the tables it reads, so one over a private table would
    show it. None leaves the answer to others.
    """
    for table in query.tables:
        if not await allowed_view(datasette, actor, database, table):
            return False
    return None


async def add_queries(datasette: Datasette, database: str, queries: Mapping[str, Query]) -> None:
    """Store the queries on 1.0, unless the user has one of that name; nothing on 0.65.

    They are not marked as trusted: running one needs execute-sql, as there is no actor at start-up
    whose view of the tables could be asked.
    """
    if not is_v1(datasette):
        return
    for name, query in queries.items():
        there = await datasette.get_query(database, name)
        if there is None or there.source == PLUGIN:
            await datasette.add_query(
                database,
                name,
                query.sql,
                title=query.title,
                description=query.description,
                parameters=query.params,
                source=PLUGIN,
            )


def jinja_environment(datasette: Datasette, request: Any) -> Environment:
    """The environment that holds Datasette's templates, those of plugins and the user's own."""
    if is_v1(datasette):
        environment: Environment = datasette.get_jinja_environment(request)
    else:
        environment = datasette.jinja_env
    return environment
