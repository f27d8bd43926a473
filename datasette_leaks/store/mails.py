"""Mails among the documents: which one a dossier cites, and what moves with a mail's text.

Mails and texts of attachments are many: they have no row of document_descriptions until a dossier
describes them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from urllib.parse import unquote

from sqlite_utils import Database

SLUG = re.compile("mail-([0-9a-f]{16,64})")


def cited_mail(
    db: Database,
    slug: str,
    said: Iterable[tuple[str | None, str | None]],
    free: Callable[[int], bool],
) -> int | None:
    """The free mail that a document without a text is: its id, or None.

    By the slug that the mail would have, else by a Message-ID; ``said`` are the pairs (Message-ID,
    URL) that are said of the document, and a URL may be ``mid:`` and a Message-ID (RFC 2392). Of
    several mails with that Message-ID it is the one with the lowest id.
    """
    found: list[int] = []
    if match := SLUG.fullmatch(slug):
        found = _ids(db, _BY_SHA256, match[1])
    for message_id, url in [] if found else said:
        if url and url.lower().startswith("mid:"):
            found += _ids(db, _BY_MESSAGE_ID, unquote(url[4:]).strip("<> "))
        if message_id:
            found += _ids(db, _BY_MESSAGE_ID, message_id.strip("<> "))
    return next((id for id in sorted(found) if free(id)), None)


def said_of(db: Database, id: int) -> list[tuple[str | None, str | None]]:
    """The Message-IDs and URLs that dossiers give for a document, in pairs."""
    return db.conn.execute(_SAID, {"id": id}).fetchall()


def _ids(db: Database, sql: str, value: str) -> list[int]:
    return [id for (id,) in db.conn.execute(sql, {"value": value})]


def describe_mail(db: Database, id: int) -> None:
    """Note what the file says of a mail or an attachment, before a dossier says something else."""
    db.conn.execute(_DESCRIBE, {"id": id})


def move_mail(db: Database, source: int, target: int) -> None:
    """Let the rows that hang on a mail or an attachment's text hang on another document."""
    ids = {"source": source, "target": target}
    thread = db.conn.execute(
        "SELECT thread_id FROM emails WHERE document_id = :source", ids
    ).fetchone()
    for table, column in _OWNED:
        sql = f"UPDATE {table} SET {column} = :target WHERE {column} = :source"  # noqa: S608, our names
        db.conn.execute(sql, ids)
    if thread and thread[0] is not None:
        for sql in _RETHREAD:
            db.conn.execute(sql, {"thread": thread[0]})


_OWNED = (
    ("emails", "document_id"),
    ("emails", "parent_id"),
    ("copies", "document_id"),
    ("email_recipients", "document_id"),
    ("email_references", "document_id"),
    ("email_spans", "document_id"),
    ("insights", "document_id"),
    ("attachments", "document_id"),
    ("attachment_contents", "document_id"),
)
# A thread goes by the lowest id in it.
_RETHREAD = (
    """
    UPDATE threads
    SET (id, subject) = (
      SELECT document_id, coalesce(nullif(trim(emails.subject), ''), '(no subject)')
      FROM emails WHERE thread_id = :thread ORDER BY document_id LIMIT 1)
    WHERE id = :thread
    """,
    """
    UPDATE emails
    SET thread_id = (SELECT min(document_id) FROM emails WHERE thread_id = :thread)
    WHERE thread_id = :thread
    """,
)
_SAID = """
SELECT message_id, url FROM document_descriptions
WHERE document_id = :id AND said_by <> 'file' ORDER BY said_by
"""
_BY_MESSAGE_ID = "SELECT document_id FROM emails WHERE message_id = :value"
_BY_SHA256 = """
SELECT documents.id FROM documents JOIN emails ON document_id = documents.id
WHERE sha256 >= :value AND sha256 < :value || 'g'
"""
_DESCRIBE = """
INSERT OR IGNORE INTO document_descriptions
  (document_id, said_by, position, kind, title, author, published)
SELECT id, 'file', 0, kind, title, author, published
FROM documents WHERE id = :id AND text IS NOT NULL AND path IS NULL
"""
