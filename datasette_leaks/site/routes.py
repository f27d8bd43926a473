"""The pages' addresses. Each view parses, asks one function for a page's data, and answers."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from datasette import Forbidden, NotFound, Response
from datasette.utils import add_cors_headers, tilde_decode

from datasette_leaks import compat

from .article import ArticlePage, article_page
from .as_json import as_json
from .claim import ClaimPage, claim_page
from .detect import leaks_columns
from .kept import kept
from .links import Links
from .overview import OverviewPage, overview_page
from .render import draw, frame
from .source import SourcePage, source_page

if TYPE_CHECKING:
    from datasette.app import Datasette
    from datasette.database import Database
    from datasette.utils.asgi import Request

Page = OverviewPage | ClaimPage | SourcePage | ArticlePage

# The tables each page reads, also through the evidence behind a claim: who may not view one of them
# may not view the page. A test compares this with what SQLite sees being read.
TABLES = {
    "overview": ("claim_counts", "claims_by_status", "documents", "load_problems", "sources"),
    "claim": (
        "assertions", "claim_relations", "claims", "claims_by_status", "derivations", "documents",
        "reported_by", "reviews", "source_relations", "sources",
    ),
    "source": (
        "assertions", "claim_counts", "claims", "claims_by_source", "derivations", "documents",
        "reported_by", "source_grades", "source_names", "source_relations", "sources",
    ),
    "article": (
        "assertions", "claims", "claims_by_status", "documents", "emphases", "links", "passages",
        "sources",
    ),
}  # fmt: skip

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


async def _database(datasette: Datasette, request: Request, tables: Iterable[str]) -> Database:
    """The leaks database of the request, for a page that reads these tables.

    Raises NotFound when there is none or a copy lacks one of the tables, Forbidden when the actor
    may not view them all.
    """
    name = tilde_decode(request.url_vars["database"])
    database = datasette.databases.get(name)
    present = await leaks_columns(database) if database is not None else {}
    if database is None or not present:
        raise NotFound("No such leaks database")
    for table in (None, *tables):
        if table is not None and table not in present:
            raise NotFound(f"This copy of the database has no table {table}")
        if not await compat.allowed_view(datasette, request.actor, name, table):
            raise Forbidden("You may not view all the tables this page is made from")
    return database


def _json_headers(datasette: Datasette) -> dict[str, str]:
    """Those of every page; with ``--cors`` other sites may read it, as any JSON of Datasette."""
    headers = dict(_HEADERS)
    if datasette.cors:
        del headers["Cross-Origin-Resource-Policy"]
        add_cors_headers(headers)
    return headers


async def _answer(
    datasette: Datasette,
    request: Request,
    kind: str,
    load: Callable[[sqlite3.Connection], Page | None],
    keep_as: str | None = None,
) -> Response:
    """The page ``kind`` as HTML, or its data as JSON when the address ends in ``.json``.

    ``keep_as`` names a page that is worth keeping, as drawn, until the database changes.
    """
    if request.method not in ("GET", "HEAD"):
        return Response.text("Only GET", status=405, headers={"Allow": "GET, HEAD"})
    database = await _database(datasette, request, TABLES[kind])
    name = database.name
    if request.url_vars.get("format"):
        page = await database.execute_fn(load)
        if page is None:
            raise NotFound(f"No such {kind}")
        return Response(
            as_json(page, database=name, page=kind),
            content_type="application/json; charset=utf-8",
            headers=_json_headers(datasette),
        )
    environment = compat.jinja_environment(datasette, request)
    links = Links(datasette, name)
    metadata = await compat.database_metadata(datasette, name)

    def drawn(connection: sqlite3.Connection) -> tuple[str, str] | None:
        page = load(connection)
        if page is None:
            return None
        html = draw(environment, kind, page=page, links=links, database=name, metadata=metadata)
        return page.heading, html

    def found(connection: sqlite3.Connection) -> tuple[str, str] | None:
        if keep_as is None:
            return drawn(connection)
        return kept(connection, name, (kind, keep_as), lambda: drawn(connection))

    answer = await database.execute_fn(found)
    if answer is None:
        raise NotFound(f"No such {kind}")
    heading, content = answer
    html = await frame(
        datasette,
        request,
        kind,
        content,
        heading=heading,
        links=links,
        database=name,
        metadata=metadata,
    )
    return Response.html(html, headers=_HEADERS)


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
    return await _answer(
        datasette, request, "article", lambda conn: article_page(conn, key), keep_as=key
    )


async def document(datasette: Datasette, request: Request) -> Response:
    """``/<database>/-/leaks/documents/<document id>``: the way to the reading view by key."""
    database = await _database(datasette, request, ["documents"])
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
