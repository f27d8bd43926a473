"""What comes after the last message of an archive: indexes, threads, counts, cited mails.

All in one transaction, worked out from all rows and written only where it differs, so that it
can be done again at any time.
"""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache

from sqlite_utils import Database

from datasette_leaks.loaders.records import Problem

from . import places
from .connection import open_database, writing
from .descriptions import merge
from .documents import is_referenced, move_text
from .mails import cited_mail, said_of
from .rows import select

_TABLES = (
    "emails", "copies", "email_recipients", "email_references", "attachments",
    "attachment_contents", "insights",
)  # fmt: skip
_SLICE = 10_000  # rows that are compared at a time


@dataclass(frozen=True, slots=True)
class Finished:
    """Documents whose text came or went, and problems of dossiers' anchors, by the mail's load.

    These are told and not recorded with the archive's load, as the dossier is what to correct.
    """

    documents: frozenset[int]
    problems: tuple[tuple[int | None, Problem], ...]


def set_aside_indexes(db: Database) -> None:
    """Drop the indexes of empty mail tables, which finish_archives() makes again.

    To sort once is cheaper than to keep order among random keys; those that a load looks things
    up by stay. In the caller's transaction.
    """
    if db.conn.execute("SELECT EXISTS (SELECT 1 FROM emails)").fetchone()[0]:
        return
    for name in _indexes(db):
        db.conn.execute(f"DROP INDEX {name}")


def missing_indexes(db: Database) -> list[str]:
    """The indexes of the mail tables that are not there: a load was killed. Only reads."""
    return sorted(_wanted().keys() - _indexes(db).keys())


def finish_archives(db: Database) -> Finished:
    """Finish all loads of archives that have been read to their end, if there are any."""
    waiting = select(db, "SELECT load_id FROM load_progress WHERE read")
    if not waiting and not missing_indexes(db):
        return Finished(frozenset(), ())
    with writing(db):
        restore_indexes(db)
        finished = _cited_mails(db)
        write_threads(db)
        for sql in _COUNTS:
            db.conn.execute(sql)
        write_correspondents(db, finished.documents)
        db.conn.execute("DELETE FROM load_progress WHERE read")
    return finished


def restore_indexes(db: Database) -> None:
    """Make the indexes again that are missing, in the caller's transaction."""
    there = _indexes(db)
    for name, sql in _wanted().items():
        if name not in there:
            db.conn.execute(sql)


@cache
def _wanted() -> dict[str, str]:
    """The indexes that a new database has."""
    return _indexes(open_database(":memory:", create=True))


def _indexes(db: Database) -> dict[str, str]:
    sql = "SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    return {row["name"]: row["sql"] for row in select(db, sql) if row["tbl_name"] in _TABLES}


def threads(db: Database) -> array[int]:
    """The thread of every mail by documents.id, itself for what is none. Only reads.

    Mails are one thread that share a Message-ID, be it their own or one they refer to; never by
    subject. A thread goes by its lowest id. Eight bytes a document, whatever the mails hold.
    """
    last = db.conn.execute("SELECT coalesce(max(id), 0) FROM documents").fetchone()[0]
    parent = array("q", range(last + 1))

    def root(id: int) -> int:
        while parent[id] != id:
            parent[id] = id = parent[parent[id]]
        return id

    before, first = None, 0
    for message_id, id in db.conn.execute(_REFERENCES):
        if message_id == before:
            one, other = root(first), root(id)
            if one < other:
                parent[other] = one
            elif other < one:
                parent[one] = other
        else:
            before, first = message_id, id
    for id in range(last + 1):
        parent[id] = parent[parent[id]]  # its parent is lower, and done
    return parent


def wrong_threads(db: Database) -> Iterator[tuple[int, int]]:
    """Mails that are recorded in another thread than theirs: (documents.id, its thread)."""
    found = threads(db)
    last = -1
    while rows := db.conn.execute(_THREADS, {"last": last, "limit": _SLICE}).fetchall():
        for id, thread in rows:
            if thread != found[id]:
                yield id, found[id]
        last = rows[-1][0]


def write_threads(db: Database) -> None:
    """Bring emails.thread_id up to date, in the caller's transaction."""
    sql = "UPDATE emails SET thread_id = ? WHERE document_id = ?"
    found: list[tuple[int, int]] = []
    for id, thread in wrong_threads(db):
        found.append((thread, id))
        if len(found) == _SLICE:
            db.conn.executemany(sql, found)
            found.clear()
    db.conn.executemany(sql, found)


def write_correspondents(db: Database, documents: Collection[int] = ()) -> None:
    """Count mails by address; its name is the one most often given, of equals the first.

    In the caller's transaction. Only addresses that loads in progress or ``documents`` have are
    counted again, unless most mails are of these loads: then all are, which is quicker.
    """
    ours, all_mails = db.conn.execute(_MAILS).fetchone()
    few = 2 * ours < all_mails
    db.conn.execute("CREATE TEMP TABLE changed (address PRIMARY KEY) WITHOUT ROWID")
    if few:
        db.conn.execute(_CHANGED)
        db.conn.executemany(_CHANGED_TOO, [(id,) for id in documents])
    db.conn.execute("CREATE TEMP TABLE counted (address, name, sent, received)")
    rows = _by_address(db.conn.execute(_NAMES.format(among=_AMONG if few else "")))
    while part := [row for row, _ in zip(rows, range(_SLICE), strict=False)]:
        db.conn.executemany("INSERT INTO counted VALUES (?, ?, ?, ?)", part)
    db.conn.execute(_CORRESPONDENTS)
    db.conn.execute(_NO_CORRESPONDENTS.format(among=_AMONG if few else ""))
    db.conn.execute("DROP TABLE counted")
    db.conn.execute("DROP TABLE changed")


def _by_address(rows: Iterator[tuple[str, str, int, int]]) -> Iterator[tuple[str, str, int, int]]:
    """Rows (address, name, sent, received) in order, with all names of an address made one."""
    best: tuple[int, str] = (0, "")
    address, sent, received = "", 0, 0
    for next_address, name, more_sent, more_received in rows:
        if next_address != address:
            if address:
                yield address, best[1], sent, received
            address, sent, received, best = next_address, 0, 0, (0, "")
        sent += more_sent
        received += more_received
        if name and more_sent + more_received > best[0]:
            best = (more_sent + more_received, name)
    if address:
        yield address, best[1], sent, received


def _cited_mails(db: Database) -> Finished:
    """Give documents that dossiers cite the mails they are; their anchors then have a text."""
    touched: set[int] = set()
    problems: list[tuple[int | None, Problem]] = []
    for id, slug in db.conn.execute(_CITED).fetchall():
        mail = cited_mail(db, slug, said_of(db, id), lambda id: is_free(db, id))
        if mail is None:
            continue
        move_text(db, mail, id)
        merge(db, [id])
        touched |= {id, mail}
        load = db.conn.execute("SELECT load_id FROM documents WHERE id = ?", [id]).fetchone()[0]
        placed = places.resolve(db, documents=[id])
        problems += [(load, problem) for _, problem in placed.problems]
    return Finished(frozenset(touched), tuple(problems))


def is_free(db: Database, id: int) -> bool:
    """Whether no dossier describes the document or points at it."""
    sql = """
    SELECT 1 FROM document_descriptions WHERE document_id = :id AND said_by <> 'file'
    """
    return not db.conn.execute(sql, {"id": id}).fetchone() and not is_referenced(db, id)


_REFERENCES = (
    "SELECT message_id, document_id FROM email_references ORDER BY message_id, document_id"
)
_THREADS = """
SELECT document_id, thread_id FROM emails WHERE document_id > :last
ORDER BY document_id LIMIT :limit
"""
_CITED = "SELECT id, slug FROM documents WHERE text IS NULL ORDER BY id"
_COUNTS = (
    """
    INSERT INTO threads (id, subject, messages, first_sent, last_sent)
    SELECT
      counted.id, coalesce(nullif(trim(subject), ''), '(no subject)'), messages, first_sent,
      last_sent
    FROM (
      SELECT thread_id AS id, count(*) AS messages, min(sent) AS first_sent, max(sent) AS last_sent
      FROM emails GROUP BY thread_id
    ) AS counted JOIN emails ON emails.document_id = counted.id
    WHERE true
    ON CONFLICT (id) DO UPDATE
    SET (subject, messages, first_sent, last_sent) =
      (excluded.subject, excluded.messages, excluded.first_sent, excluded.last_sent)
    WHERE (threads.subject, threads.messages, threads.first_sent, threads.last_sent)
      IS NOT (excluded.subject, excluded.messages, excluded.first_sent, excluded.last_sent)
    """,
    "DELETE FROM threads WHERE NOT EXISTS (SELECT 1 FROM emails WHERE thread_id = threads.id)",
    """
    UPDATE folders SET messages = counted.messages
    FROM (SELECT folder_id AS id, count(*) AS messages FROM copies GROUP BY folder_id) AS counted
    WHERE counted.id = folders.id AND counted.messages <> folders.messages
    """,
    """
    UPDATE folders SET messages = 0
    WHERE messages AND NOT EXISTS (SELECT 1 FROM copies WHERE folder_id = folders.id)
    """,
    """
    INSERT INTO mail_months (month, messages)
    SELECT coalesce(substr(sent, 1, 7), ''), count(*) FROM emails
    WHERE true GROUP BY 1
    ON CONFLICT (month) DO UPDATE SET messages = excluded.messages
    WHERE mail_months.messages <> excluded.messages
    """,
    """
    DELETE FROM mail_months
    WHERE month NOT IN (SELECT coalesce(substr(sent, 1, 7), '') FROM emails)
    """,
)
_MAILS = """
SELECT
  (SELECT count(*) FROM load_progress JOIN documents USING (load_id)
   JOIN emails ON document_id = documents.id),
  (SELECT count(*) FROM emails)
"""
# CROSS JOIN keeps SQLite to this order: from the loads, not from all recipients.
_CHANGED = """
INSERT OR IGNORE INTO changed
SELECT address FROM load_progress CROSS JOIN documents USING (load_id)
CROSS JOIN email_recipients ON document_id = documents.id
"""
_CHANGED_TOO = """
INSERT OR IGNORE INTO changed SELECT address FROM email_recipients WHERE document_id = ?
"""
_AMONG = "AND address IN (SELECT address FROM changed)"
# A mail counts once for an address, however often its headers name it.
_NAMES = """
SELECT address, name, sum(sent), sum(received)
FROM (
  SELECT address, max(name) AS name, max(role = 'from') AS sent,
    max(role IN ('to', 'cc', 'bcc')) AS received
  FROM email_recipients WHERE address <> '' {among} GROUP BY address, document_id
)
GROUP BY address, name
HAVING sum(sent) OR sum(received)
ORDER BY address, name
"""
_CORRESPONDENTS = """
INSERT INTO correspondents (address, name, sent, received)
SELECT address, name, sent, received FROM counted WHERE true
ON CONFLICT (address) DO UPDATE
SET (name, sent, received) = (excluded.name, excluded.sent, excluded.received)
WHERE (correspondents.name, correspondents.sent, correspondents.received)
  IS NOT (excluded.name, excluded.sent, excluded.received)
"""
_NO_CORRESPONDENTS = """
DELETE FROM correspondents WHERE address NOT IN (SELECT address FROM counted) {among}
"""
