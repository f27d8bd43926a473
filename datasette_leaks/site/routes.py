"""The pages' addresses. Each view parses, asks one function for a page's data, and answers."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterable
from typing import TYPE_CHECKING

from datasette import Forbidden, NotFound, Response
from datasette.utils import add_cors_headers, tilde_decode

from datasette_leaks import compat

from . import download
from .archive import ArchivePage, archive_page
from .article import ArticlePage, article_page
from .as_json import as_json
from .claim import ClaimPage, claim_page
from .detect import leaks_columns
from .kept import kept
from .links import Links
from .mail import MailPage, mail_page
from .overview import OverviewPage, overview_page
from .queue import ASKED as QUEUE_ASKED
from .queue import QueuePage, any_waits, has_queue, queue_page
from .render import draw, frame
from .search import SearchPage, search_page
from .source import SourcePage, source_page
from .thread import ThreadPage, thread_page

if TYPE_CHECKING:
    from datasette.app import Datasette
    from datasette.database import Database
    from datasette.utils.asgi import Request

Page = (
    OverviewPage | ClaimPage | SourcePage | ArticlePage | MailPage | ThreadPage | ArchivePage
    | SearchPage | QueuePage
)  # fmt: skip

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
    "mail": (
        "archive_files", "assertions", "attachment_contents", "attachments", "claims",
        "claims_by_status", "copies", "documents", "email_recipients", "email_references",
        "email_spans", "emails", "folders", "insights", "sources", "threads",
    ),
    "attachment": ("attachment_contents", "attachments", "documents"),
    "thread": (
        "assertions", "claims", "documents", "email_references", "email_spans", "emails",
        "insights", "threads",
    ),
    "archive": (
        "correspondents", "documents", "folders", "load_problems", "loads", "mail_months",
        "threads",
    ),
    "search": ("documents", "documents_fts"),
    "queue": (
        "assertions", "claim_relations", "claims", "derivations", "documents", "dossiers",
        "source_relations", "sources",
    ),
}  # fmt: skip

# What a page shows besides, where the table is there and the reader may view it.
ALSO: dict[str, tuple[str, ...]] = {
    "overview": (
        "assertions",
        "claim_relations",
        "claims",
        "derivations",
        "mail_months",
        "source_relations",
    ),
    "source": ("insights",),
    "article": ("attachment_contents", "attachments", "document_pages", "emails"),
    "search": ("emails",),
}

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


async def _viewable(
    datasette: Datasette, request: Request, database: Database, tables: Iterable[str]
) -> tuple[str, ...]:
    """Those of the tables that are there and that the actor may view."""
    present = await leaks_columns(database)
    return tuple(
        [
            table
            for table in tables
            if table in present
            and await compat.allowed_view(datasette, request.actor, database.name, table)
        ]
    )


async def _also_there(
    datasette: Datasette, request: Request, database: Database, viewable: set[str]
) -> tuple[str, ...]:
    """The pages that not every database has and that links may lead to.

    ``viewable``: tables that the actor is known to be allowed to view.
    """
    present = await leaks_columns(database)
    found = [page for page in ("archive", "search") if present.keys() >= {*TABLES[page]}]
    if has_queue(present) and await database.execute_fn(any_waits):
        others = [table for table in TABLES["queue"] if table not in viewable]
        if len(await _viewable(datasette, request, database, others)) == len(others):
            found.append("queue")
    return tuple(found)


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
    load: Callable[[sqlite3.Connection, Collection[str]], Page | None],
    keep_as: str | None = None,
) -> Response:
    """The page ``kind`` as HTML, or its data as JSON when the address ends in ``.json``.

    ``load`` is given the tables of ALSO that may be read.
    ``keep_as`` names a page that is worth keeping, as drawn, until the database changes.
    """
    if request.method not in ("GET", "HEAD"):
        return Response.text("Only GET", status=405, headers={"Allow": "GET, HEAD"})
    database = await _database(datasette, request, TABLES[kind])
    name = database.name
    also = await _viewable(datasette, request, database, ALSO.get(kind, ()))
    if request.url_vars.get("format"):
        page = await database.execute_fn(lambda connection: load(connection, also))
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
    also_there = await _also_there(datasette, request, database, {*TABLES[kind], *also})

    def drawn(connection: sqlite3.Connection) -> tuple[str, str] | None:
        page = load(connection, also)
        if page is None:
            return None
        html = draw(
            environment, kind, page=page, links=links, database=name, metadata=metadata,
            also_there=also_there,
        )  # fmt: skip
        return page.heading, html

    def found(connection: sqlite3.Connection) -> tuple[str, str] | None:
        if keep_as is None:
            return drawn(connection)
        key = (kind, keep_as, also, also_there)
        return kept(connection, name, key, lambda: drawn(connection))

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
        also_there=also_there,
    )
    return Response.html(html, headers=_HEADERS)


async def overview(datasette: Datasette, request: Request) -> Response:
    """``/<database>/-/leaks``"""
    return await _answer(datasette, request, "overview", overview_page)


async def claim(datasette: Datasette, request: Request) -> Response:
    """``/<database>/-/leaks/claims/<claim id>``"""
    key = tilde_decode(request.url_vars["key"])
    return await _answer(datasette, request, "claim", lambda conn, _: claim_page(conn, key))


async def source(datasette: Datasette, request: Request) -> Response:
    """``/<database>/-/leaks/sources/<source id>``"""
    key = tilde_decode(request.url_vars["key"])
    return await _answer(
        datasette, request, "source", lambda conn, also: source_page(conn, key, also)
    )


async def article(datasette: Datasette, request: Request) -> Response:
    """``/<database>/-/leaks/articles/<document slug>``; of an e-mail, the way to its own page."""
    key = tilde_decode(request.url_vars["key"])
    database = await _database(datasette, request, TABLES["article"])
    if await _viewable(datasette, request, database, ["emails"]):
        found = await database.execute(_IS_MAIL, {"key": key})
        if found.first():
            path = Links(datasette, database.name).mail(key)
            return Response.redirect(path + (request.url_vars.get("format") or ""))
    return await _answer(
        datasette, request, "article", lambda conn, also: article_page(conn, key, also), keep_as=key
    )


_IS_MAIL = """
SELECT 1 FROM documents JOIN emails ON document_id = documents.id WHERE slug = :key
"""


async def mail(datasette: Datasette, request: Request) -> Response:
    """``/<database>/-/leaks/mail/<document slug>``"""
    key = tilde_decode(request.url_vars["key"])
    return await _answer(datasette, request, "mail", lambda conn, _: mail_page(conn, key))


async def attachment(datasette: Datasette, request: Request) -> Response:
    """``/<database>/-/leaks/mail/<document slug>/attachments/<part>``: the bytes, to keep."""
    if request.method not in ("GET", "HEAD"):
        return Response.text("Only GET", status=405, headers={"Allow": "GET, HEAD"})
    database = await _database(datasette, request, TABLES["attachment"])
    slug, part = tilde_decode(request.url_vars["key"]), tilde_decode(request.url_vars["part"])
    wanted = request.method == "GET"
    found = await database.execute_fn(
        lambda conn: download.attachment(conn, slug, part, with_data=wanted)
    )
    if found is None:
        raise NotFound("No such attachment")
    tag = f'"{found.sha256}"'
    headers = {**download.HEADERS, "ETag": tag}
    if tag in request.headers.get("if-none-match", ""):
        return Response(b"", status=304, headers=headers)
    headers["Content-Disposition"] = download.disposition(download.file_name(found.name, part))
    headers["Content-Length"] = str(found.size)
    return Response(found.data or b"", headers=headers, content_type=download.CONTENT_TYPE)


async def thread(datasette: Datasette, request: Request) -> Response:
    """``/<database>/-/leaks/threads/<slug of its first message>``, with ``?after=``"""
    key = tilde_decode(request.url_vars["key"])
    after = request.args.get("after")
    return await _answer(
        datasette, request, "thread", lambda conn, _: thread_page(conn, key, after)
    )


async def archive(datasette: Datasette, request: Request) -> Response:
    """``/<database>/-/leaks/archive``"""
    return await _answer(datasette, request, "archive", lambda conn, _: archive_page(conn))


async def search(datasette: Datasette, request: Request) -> Response:
    """``/<database>/-/leaks/search``, with ``?q=``, ``kind=`` and ``page=``"""
    query, kind = request.args.get("q") or "", request.args.get("kind")
    number = request.args.get("page") or ""
    page = int(number) if number.isascii() and number.isdigit() and len(number) < 9 else 1
    limit = datasette.setting("sql_time_limit_ms")

    def load(connection: sqlite3.Connection, also: Collection[str]) -> SearchPage:
        return search_page(connection, query, kind, page, limit=limit, emails="emails" in also)

    return await _answer(datasette, request, "search", load)


async def queue(datasette: Datasette, request: Request) -> Response:
    """``/<database>/-/leaks/queue``, with ``?kind=``, ``sort=``, ``after=`` and its facets"""
    asked = {name: request.args.get(name) for name in QUEUE_ASKED}
    database = await _database(datasette, request, TABLES["queue"])
    if not has_queue(await leaks_columns(database)):
        raise NotFound("This database is older than the queue: load a file into it")
    return await _answer(datasette, request, "queue", lambda conn, _: queue_page(conn, asked))


async def document(datasette: Datasette, request: Request) -> Response:
    """``/<database>/-/leaks/documents/<document id>``: the way to its page by key.

    With ``/thread`` at its end, to the page of the thread that begins with it.
    """
    database = await _database(datasette, request, ["documents"])
    found = await database.execute(
        "SELECT slug FROM documents WHERE id = :key", {"key": request.url_vars["key"]}
    )
    row = found.first()
    if row is None:
        raise NotFound("No such document")
    links = Links(datasette, database.name)
    if request.url_vars["thread"]:
        return Response.redirect(links.thread(row[0]))
    return Response.redirect(links.article(row[0]))


_BASE = r"^/(?P<database>[^/]+)/-/leaks"
_KEY = r"/(?P<key>[^/.]+)(?P<format>\.json)?$"

ROUTES = [
    (_BASE + r"(?P<format>\.json)?$", overview),
    (_BASE + "/claims" + _KEY, claim),
    (_BASE + "/sources" + _KEY, source),
    (_BASE + "/articles" + _KEY, article),
    (_BASE + "/mail" + _KEY, mail),
    (_BASE + r"/mail/(?P<key>[^/.]+)/attachments/(?P<part>[^/.]+)$", attachment),
    (_BASE + "/threads" + _KEY, thread),
    (_BASE + r"/archive(?P<format>\.json)?$", archive),
    (_BASE + r"/search(?P<format>\.json)?$", search),
    (_BASE + r"/queue(?P<format>\.json)?$", queue),
    (_BASE + r"/documents/(?P<key>[0-9]{1,18})(?P<thread>/thread)?$", document),
]
