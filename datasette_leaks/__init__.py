"""Hook implementations only: each parses, calls and answers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from datasette import hookimpl

from datasette_leaks.site import guard, menus, routes, tables

if TYPE_CHECKING:  # datasette.app loads this plugin while it is imported itself
    from datasette.app import Datasette


@hookimpl
def asgi_wrapper(datasette: Datasette) -> Callable[[guard.App], guard.App]:
    return guard.wrap(datasette)


@hookimpl
def startup(datasette: Datasette) -> Callable[[], Awaitable[None]]:
    return lambda: tables.fill(datasette)


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
