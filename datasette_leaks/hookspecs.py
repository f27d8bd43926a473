"""Our own plugin hooks, for other plugins to implement."""

from __future__ import annotations

from collections.abc import Sequence

from datasette import hookspec

from datasette_leaks.analysis.attribution import Engine
from datasette_leaks.loaders.registry import Loader, MailLoader


@hookspec
def register_leaks_loaders() -> Sequence[Loader | MailLoader]:  # type: ignore[empty-body]
    """Loaders for further formats; one with the suffix of a built-in loader replaces it."""


@hookspec
def register_leaks_engines() -> Sequence[Engine]:  # type: ignore[empty-body]
    """Engines that draft from a text; one with the name of a built-in engine replaces it."""
