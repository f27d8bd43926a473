"""Hook implementations only: each parses, calls and answers."""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import click
from datasette import hookimpl

from datasette_leaks.compat import Actor
from datasette_leaks.site import guard, menus, queries, routes, sql_functions, tables, warnings

if TYPE_CHECKING:  # datasette.app loads this plugin while it is imported itself
    from datasette.app import Datasette


@hookimpl
def asgi_wrapper(datasette: Datasette) -> Callable[[guard.App], guard.App]:
    return guard.wrap(datasette)


@hookimpl
def startup(datasette: Datasette) -> Callable[[], Awaitable[None]]:
    async def begin() -> None:
        warnings.warn(datasette)
        await tables.fill(datasette)
        await queries.store(datasette)

    return begin


@hookimpl
def prepare_connection(conn: sqlite3.Connection) -> None:
    sql_functions.register(conn)


@hookimpl
def canned_queries(datasette: Datasette, database: str) -> Awaitable[dict[str, Any]]:
    return queries.offered(datasette, database)


@hookimpl
def permission_allowed(datasette: Datasette, actor: Actor, action: str, resource: Any) -> Any:
    return queries.closed(datasette, actor, action, resource)


@hookimpl
def get_metadata(datasette: Datasette, key: str | None, database: str | None) -> dict[str, Any]:
    return tables.metadata(datasette, key, database)


@hookimpl
def register_routes() -> list[tuple[str, Callable[..., Any]]]:
    return routes.ROUTES


@hookimpl
def database_actions(datasette: Datasette, database: str) -> Any:
    return lambda: menus.database_actions(datasette, database)


@hookimpl
def table_actions(datasette: Datasette, database: str, table: str) -> Any:
    return lambda: menus.table_actions(datasette, database, table)


@hookimpl
def render_cell(
    datasette: Datasette, database: str | None, table: str | None, column: str, row: Any, value: Any
) -> Any:
    return menus.render_cell(datasette, database, table, column, row, value)


@hookimpl
def extra_css_urls(datasette: Datasette, database: str | None) -> list[str]:
    return menus.css_urls(datasette, database)


@hookimpl
def register_commands(cli: click.Group) -> None:
    from datasette_leaks.cli import leaks  # only now: a web server need not pay for it

    cli.add_command(leaks)


@hookimpl
def top_database(datasette: Datasette, database: str) -> str:
    return menus.entry(datasette, database)
