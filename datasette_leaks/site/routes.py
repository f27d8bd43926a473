"""The pages' addresses. Each view parses, asks one function for a page's data, and answers."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from datasette import Forbidden, NotFound, Response
from datasette.utils import tilde_decode

from datasette_leaks import compat

from . import vocabulary
from .article import article_page
from .claim import claim_page
from .detect import is_leaks_database
from .links import Links
from .overview import overview_page
from .render import render
from .source import source_page

if TYPE_CHECKING:
    from datasette.app import Datasette
    from datasette.database import Database
    from datasette.utils.asgi import Request

# The tables a page reads: who may not view one of them may not view the page.
_TABLES = (
    "documents", "sources", "claims", "assertions", "claims_by_status", "claims_by_source",
)  # fmt: skip

# No script runs on these pages and nothing is fetched from elsewhere, whatever a leak contains.
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


async def _database(datasette: Datasette, request: Request) -> Database:
    """The leaks database of the request.

    Raises NotFound when there is none, Forbidden when the actor may not view all of it.
    """
    name = tilde_decode(request.url_vars["database"])
    database = datasette.databases.get(name)
    if database is None or not await is_leaks_database(database):
        raise NotFound("No such leaks database")
    for table in (None, *_TABLES):
        if not await compat.allowed_view(datasette, request.actor, name, table):
            raise Forbidden("You may not view all the tables this page is made from")
    return database


async def _answer(
    datasette: Datasette, request: Request, kind: str, load: Callable[[sqlite3.Connection], Any]
) -> Response:
    """The page ``kind`` as HTML, or its data as JSON when the address ends in ``.json``."""
    database = await _database(datasette, request)
    page = await database.execute_fn(load)
    if page is None:
        raise NotFound(f"No such {kind}")
    links = Links(datasette, database.name)
    if request.url_vars.get("format"):
        body = {
            "ok": True,
            "database": database.name,
            "page": kind,
            "notice": vocabulary.DISCLAIMER,
            **asdict(page),
        }
        return Response(
            json.dumps(body, ensure_ascii=False),
            content_type="application/json; charset=utf-8",
            headers=_HEADERS,
        )
    return Response.html(
        await render(
            datasette,
            request,
            kind,
            page=page,
            links=links,
            database=database.name,
            metadata=await compat.database_metadata(datasette, database.name),
        ),
        headers=_HEADERS,
    )


async def overview(datasette: Datasette, request: Request) -> Response:
    """``/<database>/-/leaks``"""
    return await _answer(datasette, request, "overview", overview_page)


async def claim(datasette: Datasette, request: Request) -> Response:
    """``/<database>/-/leaks/claims/<claim id>``"""
    key = tilde_decode(request.url_vars["key"])
    return await _answer(datasette, request, "claim", lambda conn: claim_page(conn, key))


async def source(datasette: Datasette, request: Request) -> Response:
    """``/<database>/-/leaks/sources/<source id>``"""
    key = tilde_decode(request.url_vars["key"])
    return await _answer(datasette, request, "source", lambda conn: source_page(conn, key))


async def article(datasette: Datasette, request: Request) -> Response:
    """``/<database>/-/leaks/articles/<document slug>``"""
    key = tilde_decode(request.url_vars["key"])
    return await _answer(datasette, request, "article", lambda conn: article_page(conn, key))


async def document(datasette: Datasette, request: Request) -> Response:
    """``/<database>/-/leaks/documents/<document id>``: the way to the reading view by key."""
    database = await _database(datasette, request)
    found = await database.execute(
        "SELECT slug FROM documents WHERE id = :key", {"key": request.url_vars["key"]}
    )
    row = found.first()
    if row is None:
        raise NotFound("No such document")
    return Response.redirect(Links(datasette, database.name).article(row[0]))


_BASE = r"^/(?P<database>[^/]+)/-/leaks"
_KEY = r"/(?P<key>[^/.]+)(?P<format>\.json)?$"

ROUTES = [
    (_BASE + r"(?P<format>\.json)?$", overview),
    (_BASE + "/claims" + _KEY, claim),
    (_BASE + "/sources" + _KEY, source),
    (_BASE + "/articles" + _KEY, article),
    (_BASE + r"/documents/(?P<key>[0-9]{1,18})$", document),
]
