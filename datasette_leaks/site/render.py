"""Draws a page: its own template first, then Datasette's chrome around it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from jinja2 import Environment
from markupsafe import Markup

from datasette_leaks import compat

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


async def render(datasette: Datasette, request: Request, kind: str, **context: Any) -> str:
    """The HTML of a page of this ``kind``; ``context`` is what its template uses.

    A user's own ``leaks/<kind>.html`` or ``leaks/base.html`` in ``--template-dir`` is used instead
    of ours, as with any template of Datasette.
    """
    environment = _synchronous(compat.jinja_environment(datasette, request))
    context |= {"kind": kind, "terms": vocabulary}
    content = environment.get_template(f"leaks/{kind}.html").render(context)
    return str(
        await datasette.render_template(
            "leaks/base.html",
            context
            | {
                "content": Markup(content),  # noqa: S704, autoescaped by the same environment
                "alternate_url_json": f"{datasette.urls.path(request.path)}.json",
            },
            request=request,
            view_name=f"leaks_{kind}",
        )
    )
