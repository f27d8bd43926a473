"""Hook implementations only: each parses, calls and answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from datasette import hookimpl

from datasette_leaks.site import guard

if TYPE_CHECKING:  # datasette.app loads this plugin while it is imported itself
    from datasette.app import Datasette


@hookimpl
def asgi_wrapper(datasette: Datasette) -> Callable[[guard.App], guard.App]:
    return guard.wrap(datasette)
