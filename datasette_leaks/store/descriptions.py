"""What is said about a document, and the one row that comes of it: a dossier's word goes first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from sqlite_utils import Database

from datasette_leaks.loaders.records import Description

from .rows import Row, difference, select_for

FIELDS = (
    "kind", "title", "author", "publisher", "published", "url", "message_id", "language",
    "voice_id", "note",
)  # fmt: skip


def description_row(document_id: int, said_by: str, position: int, said: Description) -> Row:
    """The row of document_descriptions; ``said_by`` is "file", or "dossier:" and an id."""
    row = {"document_id": document_id, "said_by": said_by, "position": position, **asdict(said)}
    row["voice_id"] = row.pop("voice")
    return row


def description(row: Row) -> Description:
    """The Description back from its row."""
    return Description(voice=row["voice_id"], **{n: row[n] for n in FIELDS if n != "voice_id"})


def write_description(db: Database, row: Row) -> bool:
    """Insert or update one row of document_descriptions; whether that changed anything."""
    existing = [
        old
        for old in select_for(db, DESCRIPTIONS, "document_id", [row["document_id"]])
        if old["said_by"] == row["said_by"]
    ]
    change = difference("document_descriptions", ("document_id", "said_by"), existing, [row])
    change.write(db)
    return bool(change)


def merged(slug: str, said: Iterable[Row], sources: set[str]) -> Row:
    """The descriptive columns of a document from the rows of document_descriptions.

    The dossiers whose article it is speak first, then the other dossiers, each by id, then the
    file. The title falls back to the slug, the kind to "article" for a
    dossier's article, else "other"; a voice counts only if it is among
    ``sources``, the ids of sources in the database.
    """
    order = sorted(said, key=lambda r: (r["said_by"] == "file", r["position"] > 0, r["said_by"]))
    row: Row = {}
    for name in FIELDS:
        values: Iterable[Any] = (each[name] for each in order if each[name] is not None)
        if name == "voice_id":
            values = (value for value in values if value in sources)
        row[name] = next(iter(values), None)
    row["title"] = row["title"] or slug
    if row["kind"] is None:
        is_article = any(each["position"] == 0 and each["said_by"] != "file" for each in order)
        row["kind"] = "article" if is_article else "other"
    return row


def wanted(db: Database, ids: Iterable[int] | None = None) -> tuple[list[Row], list[Row]]:
    """The descriptive columns of documents as they are, and as their descriptions merge.

    Without ``ids`` of all that anything describes: of a mail, its own columns are all there is.
    """
    said = defaultdict(list)
    for row in select_for(db, DESCRIPTIONS, "document_id", ids):
        said[row["document_id"]].append(row)
    voices = {row["voice_id"] for rows in said.values() for row in rows} - {None}
    known = {row["id"] for row in select_for(db, "SELECT id FROM sources", "id", voices)}
    existing = select_for(db, DOCUMENTS, "id", list(said) if ids is None else ids)
    slugs = {row["id"]: row.pop("slug") for row in existing}
    return existing, [{"id": id, **merged(slug, said[id], known)} for id, slug in slugs.items()]


def merge(db: Database, ids: Iterable[int]) -> bool:
    """Make the documents' columns what their descriptions say; whether anything changed."""
    change = difference("documents", ("id",), *wanted(db, ids))
    change.write(db)
    return bool(change)


DESCRIPTIONS = (
    f"SELECT document_id, said_by, position, {', '.join(FIELDS)} FROM document_descriptions"  # noqa: S608
)
DOCUMENTS = f"SELECT id, slug, {', '.join(FIELDS)} FROM documents"  # noqa: S608
