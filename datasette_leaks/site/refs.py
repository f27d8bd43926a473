"""Sources, documents and places as the pages name them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from datasette_leaks.loaders.records import Drafted

CONTEXT = 140  # code points shown on either side of a passage's words


@dataclass(frozen=True, slots=True)
class SourceRef:
    """A source as another page names it."""

    id: str
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class DocumentRef:
    """A document as another page names it. ``loaded`` false: cited, its text is not here."""

    slug: str
    title: str
    kind: str
    published: str | None
    loaded: bool


@dataclass(frozen=True, slots=True)
class Place:
    """Words in a loaded document, with what stands before and after them in the same paragraph.

    ``before`` and ``after`` are some CONTEXT code points at most, in whole words, with an ellipsis
    where the paragraph goes on.
    """

    document: DocumentRef
    start: int
    end: int
    before: str
    exact: str
    after: str


def in_chunks(values: Iterable[str | int]) -> Iterator[list[str | int]]:
    """Lists of at most 500 distinct values: SQLite takes a limited number of parameters."""
    distinct = list(dict.fromkeys(values))
    for start in range(0, len(distinct), 500):
        yield distinct[start : start + 500]


def marks_for(values: list[str | int]) -> str:
    """``?, ?, ?`` for an IN list."""
    return ", ".join("?" * len(values))


def source_refs(connection: sqlite3.Connection, ids: Iterable[str]) -> dict[str, SourceRef]:
    """The sources with these ids, by id."""
    found: dict[str, SourceRef] = {}
    for chunk in in_chunks(ids):
        sql = f"SELECT id, name, kind FROM sources WHERE id IN ({marks_for(chunk)})"  # noqa: S608
        for row in connection.execute(sql, chunk):
            found[row[0]] = SourceRef(*row)
    return found


def document_refs(connection: sqlite3.Connection, ids: Iterable[int]) -> dict[int, DocumentRef]:
    """The documents with these keys, by key."""
    found: dict[int, DocumentRef] = {}
    for chunk in in_chunks(ids):
        sql = (
            "SELECT id, slug, title, kind, published, sha256 IS NOT NULL"  # noqa: S608
            f" FROM documents WHERE id IN ({marks_for(chunk)})"
        )
        for key, slug, title, kind, published, loaded in connection.execute(sql, chunk):
            found[key] = DocumentRef(slug, title, kind, published, bool(loaded))
    return found


def drafted(engine: str | None, rule: str | None, confidence: float | None) -> Drafted | None:
    """Who drafted a row, from its columns; None where a person wrote it."""
    return Drafted(engine, rule or "", confidence or 0.0) if engine else None


def has_drafts(connection: sqlite3.Connection) -> bool:
    """False of a database that is older than the columns that ``drafted`` takes, and only read."""
    return any(row[1] == "engine" for row in connection.execute("PRAGMA table_info(assertions)"))


def draft_columns(connection: sqlite3.Connection, table: str) -> str:
    """The columns that ``drafted`` takes, for a SELECT; NULLs where they are not."""
    if not has_drafts(connection):
        return "NULL, NULL, NULL"
    return f"{table}.engine, {table}.rule, {table}.confidence"


_WORDS = """
SELECT substr(text, :start - :before + 1, :before), substr(text, :start + 1, :end - :start),
  substr(text, :end + 1, :context)
FROM documents WHERE id = :document
"""


def place(
    connection: sqlite3.Connection,
    document: tuple[int, DocumentRef],
    start: int,
    end: int,
) -> Place:
    """The words at ``[start, end)`` of a document given as (key, reference)."""
    before, exact, after = connection.execute(
        _WORDS,
        {
            "document": document[0],
            "start": start,
            "end": end,
            "before": min(start, CONTEXT),
            "context": CONTEXT,
        },
    ).fetchone()
    paragraph = before.rpartition("\n\n")
    before = paragraph[2]
    if not paragraph[1] and len(before) == CONTEXT:
        before = "… " + before.partition(" ")[2]
    paragraph = after.partition("\n\n")
    after = paragraph[0]
    if not paragraph[1] and len(after) == CONTEXT:
        after = after.rpartition(" ")[0] + " …"
    return Place(document[1], start, end, before, exact, after)
