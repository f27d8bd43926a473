"""Search over the text of all documents."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from datasette.utils import escape_fts, sqlite_timelimit

from .vocabulary import DOCUMENT_KINDS

HITS = 20  # on a page
COUNTED = 1000  # hits; beyond, the page says "more than"
LONGEST = 500  # code points of a query
# Around a hit in what SQLite gives; characters for private use, which no text should hold.
OPEN, CLOSE = "\ue000", "\ue001"


class Words(NamedTuple):
    """A run of words of a snippet. ``hit``: they are what was searched for."""

    text: str
    hit: bool


@dataclass(frozen=True, slots=True)
class Hit:
    """A document found. ``mail``: its page is that of an e-mail, not the reading view.

    ``sender`` is who wrote it, ``date`` when it was sent or published.
    """

    slug: str
    kind: str
    mail: bool
    sender: str | None
    date: str | None
    title: list[Words]
    snippet: list[Words]


@dataclass(frozen=True, slots=True)
class SearchPage:
    """``query`` as it was typed; ``plain``: it is no query of FTS5, so its words were searched for.

    ``total`` counts the hits, up to 1,000; ``more`` is true when there are more. ``ranked``: the
    best come first; else they were too many to rank in time and come as they were loaded.
    ``stopped``: it took longer than the server allows, and nothing can be shown. ``page`` counts
    from 1, ``pages`` those that can be asked for.
    """

    query: str
    kind: str | None
    plain: bool
    total: int
    more: bool
    ranked: bool
    stopped: bool
    page: int
    pages: int
    hits: list[Hit]

    @property
    def heading(self) -> str:
        """What the page is about, for its title."""
        return f"{self.query} · Search" if self.query else "Search"


# The kind is looked up in its index alone: a row of documents carries a whole text.
_KIND = """
  AND EXISTS (SELECT 1 FROM documents INDEXED BY documents_kind
    WHERE kind = :kind AND documents.id = documents_fts.rowid)
"""

_COUNT = """
SELECT count(*) FROM (
  SELECT 1 FROM documents_fts WHERE documents_fts MATCH :query {kind} LIMIT :counted)
"""

_HITS = """
SELECT rowid, highlight(documents_fts, 0, :open, :close),
  snippet(documents_fts, 1, :open, :close, ' … ', 40)
FROM documents_fts WHERE documents_fts MATCH :query {kind}
ORDER BY {order} LIMIT :hits OFFSET :skipped
"""

_DOCUMENT = "SELECT slug, kind, author, published FROM documents WHERE id = :document"

_MAIL = """
SELECT coalesce(nullif(from_name, ''), from_address), sent FROM emails WHERE document_id = :document
"""


def search_page(
    connection: sqlite3.Connection,
    query: str,
    kind: str | None = None,
    page: int = 1,
    *,
    limit: int = 1000,
    emails: bool = True,
) -> SearchPage:
    """What a search finds. ``kind`` is one of DOCUMENT_KINDS, anything else means all.

    ``limit``: milliseconds for each of its three steps, counting, ranking and, where that takes too
    long, finding without. ``emails``: the table of that name may be read.
    """
    query = " ".join(query[:LONGEST].replace("\0", " ").split())
    kind = kind if kind in DOCUMENT_KINDS else None
    if not query:
        return SearchPage("", kind, False, 0, False, True, False, 1, 1, [])
    at = {"kind": kind, "counted": COUNTED + 1, "open": OPEN, "close": CLOSE, "hits": HITS}
    clause = _KIND if kind else ""

    def count(words: str) -> int:
        with sqlite_timelimit(connection, limit):
            row = connection.execute(_COUNT.format(kind=clause), {**at, "query": words}).fetchone()
        return int(row[0])

    def find(words: str, order: str, skipped: int) -> list[tuple[Any, ...]]:
        sql = _HITS.format(kind=clause, order=order)
        with sqlite_timelimit(connection, limit):
            return connection.execute(sql, {**at, "query": words, "skipped": skipped}).fetchall()

    try:
        words, total = _understood(query, count)
        page = max(1, min(page, -(-min(total, COUNTED) // HITS)))
        ranked = True
        try:
            found = [] if not total else find(words, "rank", (page - 1) * HITS)
        except sqlite3.OperationalError as error:
            if not _is_interrupt(error):
                raise
            ranked = False
            found = find(words, "rowid", (page - 1) * HITS)
    except sqlite3.OperationalError as error:
        if not _is_interrupt(error):
            raise
        return SearchPage(query, kind, False, 0, False, False, True, 1, 1, [])
    return SearchPage(
        query=query,
        kind=kind,
        plain=words != query,
        total=min(total, COUNTED),
        more=total > COUNTED,
        ranked=ranked,
        stopped=False,
        page=page,
        pages=max(1, -(-min(total, COUNTED) // HITS)),
        hits=[_hit(connection, *row, emails=emails) for row in found],
    )


def _understood(query: str, count: Callable[[str], int]) -> tuple[str, int]:
    """The query as FTS5 takes it, and what ``count`` says of it: its words where it is no FTS5."""
    try:
        return query, count(query)
    except sqlite3.OperationalError as error:
        if _is_interrupt(error):
            raise
    words = escape_fts(query)
    return words, count(words) if words else 0


def _is_interrupt(error: sqlite3.OperationalError) -> bool:
    return str(error) == "interrupted"


def _hit(
    connection: sqlite3.Connection, document: int, title: str, snippet: str, *, emails: bool
) -> Hit:
    at = {"document": document}
    slug, kind, sender, date = connection.execute(_DOCUMENT, at).fetchone()
    mail = connection.execute(_MAIL, at).fetchone() if emails else None
    if mail:
        sender, date = mail
    return Hit(slug, kind, mail is not None, sender, date, words_of(title), words_of(snippet))


def words_of(marked: str | None) -> list[Words]:
    """A text with OPEN and CLOSE around its hits as runs. Stray marks go."""
    found = []
    for index, part in enumerate((marked or "").split(OPEN)):
        hit, closed, rest = part.partition(CLOSE)
        if not index or not closed:
            hit, rest = "", part
        found += [Words(hit, True), Words(rest.replace(CLOSE, ""), False)]
    return [words for words in found if words.text]
