"""The page of an e-mail: its headers, its text, what hangs on it and what rests on it."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from dataclasses import dataclass
from typing import NamedTuple

from .mail_rows import TextRow, TextSpan, text_rows
from .messages import MessageRef, message_refs
from .notes import Note, notes_of
from .thread import thread_order

TEXT_SHOWN = 400_000  # code points; the whole of a longer text is in the native table
ADDRESSES_SHOWN = 200
COPIES_SHOWN = 20
TWINS_SHOWN = 20
PARTS_SHOWN = 100  # attachments, and messages within
HOLDERS_SHOWN = 5  # other messages with the same attachment
HOLDERS_COUNTED = 1000


class Address(NamedTuple):
    """``role``: from, sender, reply_to, to, cc or bcc. ``name`` and ``address`` may be empty."""

    role: str
    name: str
    address: str


class Copy(NamedTuple):
    """Where the bytes are: ``member`` is the file within the file, ``offset`` and ``length`` bytes.

    ``part`` is empty for a message of its own, else the part of the message it came inside.
    """

    file: str
    member: str
    offset: int
    length: int
    part: str
    folder: str | None


class InnerMessage(NamedTuple):
    """A message inside this one. ``part``: its part number, or ``forward:1`` for the first that is
    forwarded within the text.
    """

    part: str
    message: MessageRef


class InsightBlock(NamedTuple):
    """An INSIGHT header block. ``values`` are as written, by the name of the column."""

    start: int
    end: int
    values: dict[str, str]


@dataclass(frozen=True, slots=True)
class AttachmentLine:
    """A part that is not text. ``name`` and ``media_type`` are as declared and not to be trusted.

    ``text`` is the slug of the document that holds its extracted text. ``holders`` are some of the
    ``holders_total`` other messages with the same content; that number stops at 1,000.
    """

    part: str
    name: str | None
    media_type: str
    inline: bool
    size: int
    sha256: str
    text: str | None
    holders: list[MessageRef]
    holders_total: int


@dataclass(frozen=True, slots=True)
class ThreadPlace:
    """Where the message stands in its thread of ``messages``, whose first one is ``slug``.

    ``position`` counts from 1; it is None, as are the neighbours, in a thread too large to order.
    """

    slug: str
    messages: int
    position: int | None
    previous: MessageRef | None
    next: MessageRef | None


@dataclass(frozen=True, slots=True)
class MailPage:
    """``document`` is its key. ``same_id`` are other messages with the same Message-ID,
    ``same_content`` those with another one and the same sender, date, subject and text. ``marks``
    are what a loader cut, repaired or guessed. ``length`` counts the text's code points, of which
    ``rows`` show the first ``shown``.
    """

    document: int
    slug: str
    subject: str
    sent: str | None
    date_header: str | None
    message_id: str | None
    folder_id: int | None
    folder: str | None
    text_from: str
    note: str | None
    marks: list[str]
    addresses: list[Address]
    addresses_total: int
    copies: list[Copy]
    copies_total: int
    same_id: list[MessageRef]
    same_content: list[MessageRef]
    container: MessageRef | None
    inner: list[InnerMessage]
    thread: ThreadPlace | None
    attachments: list[AttachmentLine]
    attachments_total: int
    insights: list[InsightBlock]
    claims: int
    statuses: dict[str, int]
    notes: list[Note]
    unplaced: list[Note]
    length: int
    shown: int
    rows: list[TextRow]

    @property
    def heading(self) -> str:
        """What the page is about, for its title."""
        return self.subject or "(no subject)"


_MAIL = """
SELECT documents.id, documents.slug, emails.subject, emails.sent, date_header, emails.message_id,
  folder_id, folders.name, text_from, documents.note, marks, attachments, copies, thread_id,
  parent_id, content_sha256, coalesce(length(text), 0), coalesce(substr(text, 1, :shown), '')
FROM documents JOIN emails ON emails.document_id = documents.id
LEFT JOIN folders ON folders.id = emails.folder_id
WHERE documents.slug = :slug
"""

_ADDRESSES = """
SELECT role, name, address FROM email_recipients
WHERE document_id = :document ORDER BY position LIMIT :limit
"""

_ADDRESSES_TOTAL = "SELECT count(*) FROM email_recipients WHERE document_id = :document"

_COPIES = """
SELECT archive_files.path, member, "offset", length, part, folders.name
FROM copies JOIN archive_files ON archive_files.id = copies.file_id
LEFT JOIN folders ON folders.id = copies.folder_id
WHERE document_id = :document ORDER BY copies.id LIMIT :limit
"""

# Messages at the place of this one's first copy, within the part that it is. ``parent_id`` does not
# tell, as one that came inside others too has only the first of them as its parent.
_INNER = """
SELECT own.part, inner.part, documents.slug, emails.subject,
  coalesce(nullif(from_name, ''), from_address), emails.sent
FROM (SELECT * FROM copies WHERE document_id = :document ORDER BY id LIMIT 1) AS own
JOIN copies AS inner ON inner.file_id = own.file_id AND inner.member = own.member
  AND inner."offset" = own."offset" AND inner.part > own.part
JOIN emails ON emails.document_id = inner.document_id
JOIN documents ON documents.id = inner.document_id
WHERE substr(inner.part, 1, length(own.part)) = own.part
ORDER BY inner.id LIMIT :limit
"""

_SPANS = """
SELECT kind, start, "end", depth FROM email_spans
WHERE document_id = :document AND start < :shown ORDER BY position
"""

_INSIGHTS = """
SELECT start, "end", code, via, attribution, description, publication, reliability, credibility,
  special_handling, source_handler, distribution
FROM insights WHERE document_id = :document ORDER BY position
"""

INSIGHT_VALUES = (
    "code", "via", "attribution", "description", "publication", "reliability", "credibility",
    "special_handling", "source_handler", "distribution",
)  # fmt: skip

_ATTACHMENTS = """
SELECT part, name, attachments.media_type, inline, attachments.size, attachment_contents.sha256,
  documents.slug, stored_id
FROM attachments JOIN attachment_contents ON attachment_contents.id = stored_id
LEFT JOIN documents ON documents.id = attachment_contents.document_id
WHERE attachments.document_id = :document ORDER BY part LIMIT :limit
"""

_HOLDERS_TOTAL = """
SELECT count(*) FROM (
  SELECT DISTINCT document_id FROM attachments
  WHERE stored_id = :stored AND document_id <> :document LIMIT :counted)
"""


def mail_page(connection: sqlite3.Connection, slug: str) -> MailPage | None:
    """Everything the page of an e-mail shows, or None when there is no such e-mail."""
    row = connection.execute(_MAIL, {"slug": slug, "shown": TEXT_SHOWN}).fetchone()
    if row is None:
        return None
    document, slug, subject, sent, date_header, message_id, *rest = row[:10]
    folder_id, folder, text_from, note = rest
    marks, attachments, copies, thread, parent, content, length, text = row[10:]
    at = {"document": document}
    notes, places = notes_of(connection, document, None)
    places = [place for place in places if place.start < len(text)]
    statuses: dict[str, int] = defaultdict(int)
    for item in notes:
        if not item.proposed:
            statuses[item.status] += 1
    insights = [
        InsightBlock(
            start,
            end,
            {name: value for name, value in zip(INSIGHT_VALUES, values, strict=True) if value},
        )
        for start, end, *values in connection.execute(_INSIGHTS, at)
    ]
    spans = [TextSpan(*span) for span in connection.execute(_SPANS, {**at, "shown": len(text)})]
    spans += [TextSpan("insight", block.start, block.end) for block in insights]
    twins = {**at, "id": message_id, "content": content, "limit": TWINS_SHOWN}
    inner = connection.execute(_INNER, {**at, "limit": PARTS_SHOWN}).fetchall()
    within = [row[1] for row in inner]
    return MailPage(
        document=document,
        slug=slug,
        subject=subject,
        sent=sent,
        date_header=date_header,
        message_id=message_id,
        folder_id=folder_id,
        folder=folder,
        text_from=text_from,
        note=note,
        marks=[mark for mark in (marks or "").split(", ") if mark],
        addresses=[
            Address(*address)
            for address in connection.execute(_ADDRESSES, {**at, "limit": ADDRESSES_SHOWN})
        ],
        addresses_total=connection.execute(_ADDRESSES_TOTAL, at).fetchone()[0],
        copies=[Copy(*copy) for copy in connection.execute(_COPIES, {**at, "limit": COPIES_SHOWN})],
        copies_total=copies,
        same_id=message_refs(
            connection,
            "WHERE emails.message_id = :id AND document_id <> :document LIMIT :limit",
            twins,
        ),
        same_content=message_refs(
            connection,
            "WHERE content_sha256 = :content AND document_id <> :document"
            " AND emails.message_id IS NOT :id LIMIT :limit",
            twins,
        ),
        container=next(
            iter(message_refs(connection, "WHERE documents.id = :parent", {"parent": parent})),
            None,
        ),
        inner=[
            InnerMessage(part, MessageRef(*message))
            for own, part, *message in inner
            if _lies_in(part, own)
            and not any(_lies_in(part, other) and _lies_in(other, own) for other in within)
        ],
        thread=_thread_place(connection, document, thread),
        attachments=_attachments(connection, document),
        attachments_total=attachments,
        insights=insights,
        claims=len(notes),
        statuses=dict(statuses),
        notes=notes,
        unplaced=[item for item in notes if item.start is None],
        length=length,
        shown=len(text),
        rows=text_rows(text, spans, notes, places),
    )


def _lies_in(part: str, outer: str) -> bool:
    """Whether the message at ``part`` is inside that at ``outer``: 2.1 is in 2, and 21 is not."""
    rest = part.removeprefix(outer)
    return part != outer and part.startswith(outer) and (not outer or not rest[0].isalnum())


def _thread_place(
    connection: sqlite3.Connection, document: int, thread: int | None
) -> ThreadPlace | None:
    """Where the message stands in its thread; None when it is alone in it."""
    row = connection.execute(
        "SELECT slug, messages FROM threads JOIN documents ON documents.id = threads.id"
        " WHERE threads.id = :thread AND messages > 1",
        {"thread": thread},
    ).fetchone()
    if row is None:
        return None
    slug, messages = row
    order = thread_order(connection, thread) if thread is not None else None
    documents = [entry.document for entry in order or ()]
    if document not in documents:
        return ThreadPlace(slug, messages, None, None, None)
    index = documents.index(document)

    def neighbour(other: int) -> MessageRef | None:
        if not 0 <= other < len(documents):
            return None
        where = "WHERE documents.id = :document"
        return message_refs(connection, where, {"document": documents[other]})[0]

    return ThreadPlace(slug, messages, index + 1, neighbour(index - 1), neighbour(index + 1))


def _attachments(connection: sqlite3.Connection, document: int) -> list[AttachmentLine]:
    lines = []
    at = {"document": document, "limit": PARTS_SHOWN}
    for part, name, media_type, inline, size, sha256, text, stored in connection.execute(
        _ATTACHMENTS, at
    ).fetchall():
        others = {"document": document, "stored": stored}
        (total,) = connection.execute(
            _HOLDERS_TOTAL, {**others, "counted": HOLDERS_COUNTED}
        ).fetchone()
        holders = message_refs(
            connection,
            "WHERE emails.document_id IN (SELECT document_id FROM attachments"
            " WHERE stored_id = :stored AND document_id <> :document LIMIT :limit)",
            {**others, "limit": HOLDERS_SHOWN},
        )
        lines.append(
            AttachmentLine(part, name, media_type, bool(inline), size, sha256, text, holders, total)
        )
    return lines
