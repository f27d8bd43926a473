"""Draws a page: its own part first, then Datasette's chrome around it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from jinja2 import Environment
from markupsafe import Markup

from . import vocabulary

if TYPE_CHECKING:
    from datasette.app import Datasette
    from datasette.utils.asgi import Request

_overlays: WeakKeyDictionary[Environment, Environment] = WeakKeyDictionary()


def _synchronous(environment: Environment) -> Environment:
    """The same templates, filters and loader, compiled without async.

    Datasette's environment awaits every call and iterates asynchronously, which takes three to five
    times as long on a page of some hundred notes; nothing in our templates waits for anything.
    """
    overlay = _overlays.get(environment)
    if overlay is None:
        overlay = environment.overlay(enable_async=False, trim_blocks=True, lstrip_blocks=True)
        _overlays[environment] = overlay
    return overlay


def draw(environment: Environment, kind: str, **context: Any) -> str:
    """The HTML of a page's own part, by its template ``leaks/<kind>.html``.

    A user's own template of that name in ``--template-dir`` is used instead of ours, as with any
    template of Datasette; so is a ``leaks/base.html``.
    """
    template = _synchronous(environment).get_template(f"leaks/{kind}.html")
    return template.render(kind=kind, terms=vocabulary, **context)


async def frame(
    datasette: Datasette, request: Request, kind: str, content: str, **context: Any
) -> str:
    """The whole page: what ``draw`` gave, within Datasette's chrome."""
    path = request.scope.get("route_path", request.path)  # without base_url
    query = f"?{request.query_string}" if request.query_string else ""
    return str(
        await datasette.render_template(
            "leaks/base.html",
            {
                **context,
                "kind": kind,
                "terms": vocabulary,
                "content": Markup(content),  # noqa: S704, autoescaped when it was drawn
                "alternate_url_json": f"{datasette.urls.path(path)}.json{query}",
            },
            request=request,
            view_name=f"leaks_{kind}",
        )
    )
