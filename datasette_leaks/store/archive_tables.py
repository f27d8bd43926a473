"""Messages become rows: the one writer's side. Ids are given here, in the archive's order."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlite_utils import Database

from .archive_rows import INSIGHT_FIELDS, Content, Item
from .load_log import Counts

Rows = list[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Copy:
    """Where the bytes of one message are: see the table copies. ``folder`` "": not known."""

    member: str
    offset: int
    length: int
    folder: str


@dataclass
class _Chunk:
    """What one call writes, table by table, and the ids it has given."""

    ids: dict[str, int]  # e-mails by sha256
    copies: dict[tuple[str, int, str], tuple[int, int]]  # place: (copies.id, document_id)
    contents: dict[str, int]  # attachment_contents by sha256
    slugs: set[str]  # those taken
    next: Counter[str]  # the next free id of each table
    more: Counter[int] = field(default_factory=Counter)  # copies to add, by document
    seen: list[int] = field(default_factory=list)  # copies.id of those known and still there
    rows: dict[str, Rows] = field(default_factory=lambda: {name: [] for name in _INSERTS})


class ArchiveTables:
    """Writes the messages of one file of a load, inside the caller's transactions."""

    def __init__(self, db: Database, load_id: int, file_id: int) -> None:
        self._db = db
        self._load_id = load_id
        self._file_id = file_id
        self._folders: dict[str, int] = {}

    def write(self, messages: Sequence[tuple[Copy, Sequence[Item]]], counts: Counts) -> None:
        """Write messages, each with those inside it, and their part of the search index.

        Equal bytes are one document: a further copy of them is one row of copies, and the same
        place again nothing.
        """
        chunk = self._chunk(messages)
        first = chunk.next["documents"]
        for copy, items in messages:
            ids: list[int] = []
            for item in items:
                parent = None if item.parent is None else ids[item.parent]
                id = chunk.ids.get(item.sha256)
                counts.items += 1
                if id is None:
                    id = self._add(chunk, copy, item, parent)
                    counts.loaded += 1
                else:
                    counts.duplicates += 1
                ids.append(id)
                self._place(chunk, copy, item.part, id)
        self._insert(chunk)
        if chunk.next["documents"] > first:
            self._db.conn.execute(_INDEX, {"first": first})

    def _chunk(self, messages: Sequence[tuple[Copy, Sequence[Item]]]) -> _Chunk:
        items = [item for _, each in messages for item in each]
        contents = {content.sha256 for item in items for content in item.contents}
        slugs = [_slug("mail", item.sha256) for item in items]
        slugs += [_slug("attachment", sha256) for sha256 in contents]
        places = [(copy.member, copy.offset) for copy, _ in messages]
        return _Chunk(
            ids=dict(self._lookup(_KNOWN, [item.sha256 for item in items])),
            copies={
                (member, offset, part): (id, document)
                for member, offset, part, id, document in self._lookup(_COPIES, places)
            },
            contents=dict(self._lookup(_CONTENTS, list(contents))),
            slugs={slug for (slug,) in self._lookup(_SLUGS, slugs)},
            next=Counter(
                {
                    table: self._db.conn.execute(
                        f"SELECT coalesce(max(id), 0) + 1 FROM {table}"  # noqa: S608, our names
                    ).fetchone()[0]
                    for table in _NUMBERED
                }
            ),
        )

    def _lookup(self, sql: str, values: Sequence[Any]) -> Iterable[tuple[Any, ...]]:
        parameters = {"values": json.dumps(values), "file": self._file_id}
        return self._db.conn.execute(sql, parameters).fetchall() if values else ()

    def _add(self, chunk: _Chunk, copy: Copy, item: Item, parent: int | None) -> int:
        """A new document; gives its id."""
        id = self._document(chunk, "mail", "email", item.sha256, item.document, "message/rfc822")
        chunk.ids[item.sha256] = id
        rows = chunk.rows
        rows["emails"].append((id, id, parent, self._folder(copy.folder), *item.email))
        rows["email_recipients"] += [(id, *row) for row in item.recipients]
        rows["email_references"] += [(id, *row) for row in item.references]
        rows["email_spans"] += [(id, *row) for row in item.spans]
        for insight in item.insights:
            rows["insights"].append((_take(chunk, "insights"), id, item.document[2], *insight))
        for content in item.contents:
            if content.sha256 not in chunk.contents:
                self._add_content(chunk, content)
        rows["attachments"] += [
            (id, *row[:-1], chunk.contents[row[-1]]) for row in item.attachments
        ]
        return id

    def _add_content(self, chunk: _Chunk, content: Content) -> None:
        document = None
        size = len(content.data)
        if content.text is not None:
            title = " ".join((content.name or "").split()) or "(unnamed attachment)"
            values = (title, None, None, content.text, size)
            document = self._document(
                chunk, "attachment", "attachment", content.sha256, values, content.media_type
            )
        id = chunk.contents[content.sha256] = _take(chunk, "attachment_contents")
        chunk.rows["attachment_contents"].append((id, content.sha256, size, content.data, document))

    def _document(
        self,
        chunk: _Chunk,
        prefix: str,
        kind: str,
        sha256: str,
        values: tuple[str | int | None, ...],
        media_type: str,
    ) -> int:
        id = _take(chunk, "documents")
        slug = _slug(prefix, sha256)
        if slug in chunk.slugs:  # a dossier cites a document by it, or two hashes begin alike
            slug = self._free_slug(chunk, prefix, sha256)
        chunk.slugs.add(slug)
        chunk.rows["documents"].append((id, slug, kind, media_type, sha256, self._load_id, *values))
        return id

    def _free_slug(self, chunk: _Chunk, prefix: str, sha256: str) -> str:
        slugs = [_slug(prefix, sha256, length) for length in range(17, len(sha256) + 1)]
        slugs += [f"{slugs[-1]}-{number}" for number in range(2, 100)]
        taken = chunk.slugs | {slug for (slug,) in self._lookup(_SLUGS, slugs)}
        return next(slug for slug in slugs if slug not in taken)

    def _place(self, chunk: _Chunk, copy: Copy, part: str, document: int) -> None:
        """Note where a message is, unless that is known."""
        place = (copy.member, copy.offset, part)
        id, old = chunk.copies.get(place, (None, None))
        if id is not None:
            chunk.seen.append(id)
        if old == document:
            return
        folder = self._folder(copy.folder)
        if id is None or old is None:
            id = _take(chunk, "copies")
            chunk.rows["copies"].append(
                (
                    id, document, self._file_id, copy.member, copy.offset, copy.length, part,
                    folder, self._load_id,
                )
            )  # fmt: skip
        else:  # the file has changed since: another message stands here now
            chunk.more[old] -= 1
            sql = """
            UPDATE copies SET document_id = :document, length = :length, folder_id = :folder
            WHERE id = :id
            """
            values = {"id": id, "document": document, "length": copy.length, "folder": folder}
            self._db.conn.execute(sql, values)
        chunk.copies[place] = (id, document)
        chunk.more[document] += 1

    def _folder(self, name: str) -> int | None:
        if not name:
            return None
        if name not in self._folders:
            conn = self._db.conn
            conn.execute("INSERT OR IGNORE INTO folders (name) VALUES (?)", [name])
            row = conn.execute("SELECT id FROM folders WHERE name = ?", [name]).fetchone()
            self._folders[name] = int(row[0])
        return self._folders[name]

    def _insert(self, chunk: _Chunk) -> None:
        conn = self._db.conn
        emails = chunk.rows["emails"]
        # Those of new documents go in with their rows.
        chunk.rows["emails"] = [(*row, chunk.more.pop(row[0], 0)) for row in emails]
        for name, sql in _INSERTS.items():
            if chunk.rows[name]:
                conn.executemany(sql, chunk.rows[name])
        conn.executemany(
            "UPDATE emails SET copies = copies + ? WHERE document_id = ?",
            [(more, id) for id, more in chunk.more.items() if more],
        )
        conn.executemany(
            "UPDATE copies SET load_id = ? WHERE id = ?",
            [(self._load_id, id) for id in chunk.seen],
        )


def keep_unread(db: Database, load_id: int, file_id: int, places: Iterable[Copy]) -> None:
    """Count as found what was at places of a file that a load cannot read: it need not be gone.

    A place without a length is all from its offset on, and all that is inside that member.
    """
    for place in places:
        values = {
            "load": load_id, "file": file_id, "member": place.member, "offset": place.offset,
        }  # fmt: skip
        if place.length:
            db.conn.execute(_KEEP_ONE, values)
        elif place.member:
            db.conn.execute(_KEEP_MEMBER, values)
            db.conn.execute(_KEEP_INSIDE, values)
        else:
            db.conn.execute(_KEEP_REST, values)


def drop_unseen(db: Database, load_id: int, file_id: int) -> None:
    """Drop the copies in a file that its load, which has read all of it, has not found there.

    A mail whose last copy that was stays, with none.
    """
    values = {"load": load_id, "file": file_id}
    gone = db.conn.execute(_GONE, values).fetchall()
    if not gone:
        return
    db.conn.execute("DELETE FROM copies WHERE file_id = :file AND load_id <> :load", values)
    db.conn.executemany(_LESS, [{"document": id, "gone": count} for id, count in gone])


def _slug(prefix: str, sha256: str, length: int = 16) -> str:
    return f"{prefix}-{sha256[:length]}"


def _take(chunk: _Chunk, table: str) -> int:
    """The next free id of a table."""
    id = chunk.next[table]
    chunk.next[table] += 1
    return id


def _insert(table: str, columns: str) -> str:
    marks = ", ".join("?" * len(columns.split(", ")))
    return f"INSERT INTO {table} ({columns}) VALUES ({marks})"  # noqa: S608, our names


_NUMBERED = ("documents", "copies", "insights", "attachment_contents")
_INSIGHTS = ", ".join(f'"{name}"' for name in INSIGHT_FIELDS)
_INSERTS: dict[str, str] = {
    table: _insert(table, columns)
    for table, columns in (
        (
            "documents",
            "id, slug, kind, media_type, sha256, load_id, title, author, published, text, size",
        ),
        (
            "emails",
            "document_id, thread_id, parent_id, folder_id, subject, from_name, from_address, sent, "
            "date_header, message_id, text_from, content_sha256, attachments, marks, copies",
        ),
        ("copies", 'id, document_id, file_id, member, "offset", length, part, folder_id, load_id'),
        ("email_recipients", "document_id, position, role, name, address"),
        ("email_references", "document_id, position, message_id"),
        ("email_spans", 'document_id, position, kind, depth, start, "end"'),
        ("insights", f'id, document_id, sent, position, start, "end", {_INSIGHTS}'),
        ("attachment_contents", "id, sha256, size, data, document_id"),
        (
            "attachments",
            "document_id, part, name, media_type, inline, content_id, size, stored_id",
        ),
    )
}
# CROSS: SQLite is to look up each value, in this order, and never to go through a table for them.
_KNOWN = """
SELECT documents.sha256, documents.id
FROM json_each(:values) CROSS JOIN documents ON documents.sha256 = value
CROSS JOIN emails ON document_id = documents.id
"""
_COPIES = """
SELECT member, "offset", part, copies.id, document_id
FROM json_each(:values) CROSS JOIN copies
  ON file_id = :file
  AND member = json_extract(value, '$[0]') AND "offset" = json_extract(value, '$[1]')
"""
_CONTENTS = """
SELECT sha256, attachment_contents.id
FROM json_each(:values) CROSS JOIN attachment_contents ON sha256 = value
"""
_SLUGS = "SELECT slug FROM json_each(:values) CROSS JOIN documents ON slug = value"
_INDEX = """
INSERT INTO documents_fts (rowid, title, text)
SELECT id, title, text FROM documents WHERE id >= :first ORDER BY id
"""
_KEEP = "UPDATE copies SET load_id = :load WHERE file_id = :file"
_KEEP_ONE = f'{_KEEP} AND member = :member AND "offset" = :offset'
_KEEP_MEMBER = f'{_KEEP} AND member = :member AND "offset" >= :offset'
_KEEP_INSIDE = f"{_KEEP} AND member > :member || '/' AND member < :member || '0'"  # "0" follows "/"
_KEEP_REST = f"{_KEEP} AND (\"offset\" >= :offset OR member <> '')"
_GONE = """
SELECT document_id, count(*) FROM copies WHERE file_id = :file AND load_id <> :load
GROUP BY document_id
"""
# Its folder is that of its first copy, of those that are left.
_LESS = """
UPDATE emails SET copies = copies - :gone,
  folder_id = CASE WHEN copies = :gone THEN folder_id ELSE (
    SELECT folder_id FROM copies WHERE document_id = :document ORDER BY id LIMIT 1) END
WHERE document_id = :document
"""
