"""A thread: its messages as they answer one another."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from .mail_rows import TextSpan, own_words
from .refs import in_chunks, marks_for

TREE = 2000  # messages up to which a thread is drawn as a tree; a larger one goes by date
SHOWN = 200  # messages on a page
WORDS = 160  # code points of each message's own words


class Entry(NamedTuple):
    """A message of a thread (its document), and how many answers lie above it."""

    document: int
    depth: int


@dataclass(frozen=True, slots=True)
class ThreadLine:
    """A message of a thread. ``words`` are the first that its writer wrote, quotations left out.

    ``depth`` is how many messages lie between it and the thread's beginning, 0 for all when the
    thread is too large for a tree. ``claims`` rest on it, ``insights`` are its INSIGHT blocks.
    """

    slug: str
    subject: str
    sender: str | None
    sent: str | None
    depth: int
    words: str
    attachments: int
    claims: int
    insights: int


@dataclass(frozen=True, slots=True)
class ThreadPage:
    """``tree``: the messages are in the order of the answers; else it is too large, and they are
    in that of the dates. ``after`` is the slug to ask for the messages that follow, with
    ``?after=``; None on the last page. ``first`` counts the first line's place from 1 where known.
    """

    slug: str
    subject: str
    messages: int
    first_sent: str | None
    last_sent: str | None
    tree: bool
    first: int | None
    lines: list[ThreadLine]
    after: str | None

    @property
    def heading(self) -> str:
        """What the page is about, for its title."""
        return self.subject or "(no subject)"


_THREAD = """
SELECT threads.id, threads.subject, messages, first_sent, last_sent
FROM documents JOIN threads ON threads.id = documents.id WHERE documents.slug = :slug
"""

_MESSAGES = """
SELECT document_id, message_id FROM emails
WHERE thread_id = :thread ORDER BY sent, document_id LIMIT :limit
"""

_AFTER = """
SELECT emails.document_id, emails.sent, thread_id
FROM documents JOIN emails ON emails.document_id = documents.id WHERE slug = :slug
"""

_BY_DATE = """
SELECT document_id FROM emails
WHERE thread_id = :thread AND (sent > :sent OR (sent = :sent AND document_id > :document))
ORDER BY sent, document_id LIMIT :limit
"""

# NULL comes first in SQLite's order.
_BY_DATE_UNDATED = """
SELECT document_id FROM emails
WHERE thread_id = :thread AND (sent IS NOT NULL OR document_id > :document)
ORDER BY sent, document_id LIMIT :limit
"""


def answers(
    messages: Sequence[tuple[int, str | None]], references: Mapping[int, Sequence[str]]
) -> list[Entry]:
    """The messages, given as (document, Message-ID) in the order of their dates, as a tree.

    ``references`` are the Message-IDs each names, all of them above it in its thread (RFC 5322
    section 3.6.4); it answers the latest of those that are here. Answers stand below what they
    answer, by date. Of a circle the earliest message counts as its beginning. Every message comes
    exactly once.
    """
    known: dict[str, int] = {}
    for place, (_, message_id) in enumerate(messages):
        if message_id:
            known.setdefault(message_id, place)
    below: dict[int, list[int]] = defaultdict(list)
    beginnings: list[int] = []
    for place, (document, _) in enumerate(messages):
        named = {known[name] for name in references.get(document, ()) if name in known} - {place}
        above = max((other for other in named if other < place), default=min(named, default=None))
        if above is None:
            beginnings.append(document)
        else:
            below[messages[above][0]].append(document)
    found: dict[int, Entry] = {}

    def follow(beginning: int) -> None:
        waiting = [Entry(beginning, 0)]
        while waiting:
            entry = waiting.pop()
            if entry.document not in found:
                found[entry.document] = entry
                waiting += [
                    Entry(answer, entry.depth + 1) for answer in reversed(below[entry.document])
                ]

    for document in beginnings:
        follow(document)
    for document, _ in messages:  # what is left are circles, and what hangs on them
        if document not in found:
            follow(document)
    return list(found.values())


def thread_order(connection: sqlite3.Connection, thread: int) -> list[Entry] | None:
    """The messages of a thread as a tree, or None when there are more than TREE."""
    messages = connection.execute(_MESSAGES, {"thread": thread, "limit": TREE + 1}).fetchall()
    if len(messages) > TREE:
        return None
    references: dict[int, list[str]] = defaultdict(list)
    for chunk in in_chunks(document for document, _ in messages):
        sql = (
            "SELECT document_id, message_id FROM email_references"  # noqa: S608
            f" WHERE document_id IN ({marks_for(chunk)}) AND position > 0"
            " ORDER BY document_id, position"
        )
        for document, message_id in connection.execute(sql, chunk):
            references[document].append(message_id)
    return answers(messages, references)


def thread_page(
    connection: sqlite3.Connection, slug: str, after: str | None = None
) -> ThreadPage | None:
    """What the page of the thread shows that begins with the document ``slug``; None: no such one.

    ``after``: the slug of its message with which the page before ended.
    """
    row = connection.execute(_THREAD, {"slug": slug}).fetchone()
    if row is None:
        return None
    thread, subject, messages, first_sent, last_sent = row
    last = connection.execute(_AFTER, {"slug": after}).fetchone() if after else None
    if after and (last is None or last[2] != thread):
        return None
    order = thread_order(connection, thread)
    first = None
    if order is not None:
        documents = [entry.document for entry in order]
        begin = documents.index(last[0]) + 1 if last else 0
        first = begin + 1
        shown = order[begin : begin + SHOWN]
        more = begin + SHOWN < len(order)
    else:
        at = {"thread": thread, "limit": SHOWN + 1}
        if last is None:
            rows = connection.execute(_MESSAGES, at).fetchall()
        else:
            sql = _BY_DATE_UNDATED if last[1] is None else _BY_DATE
            at |= {"document": last[0]} | ({"sent": last[1]} if last[1] is not None else {})
            rows = connection.execute(sql, at).fetchall()
        shown = [Entry(document, 0) for document, *_ in rows[:SHOWN]]
        more = len(rows) > SHOWN
    lines = _lines(connection, shown)
    return ThreadPage(
        slug=slug,
        subject=subject,
        messages=messages,
        first_sent=first_sent,
        last_sent=last_sent,
        tree=order is not None,
        first=first,
        lines=lines,
        after=lines[-1].slug if more else None,
    )


_SPANS = """
SELECT document_id, kind, start, "end", depth FROM email_spans
WHERE document_id IN ({}) ORDER BY document_id, position
"""

_SHOWN = """
SELECT documents.id, slug, subject, coalesce(nullif(from_name, ''), from_address), sent,
  attachments, coalesce(substr(text, 1, 4000), '')
FROM documents JOIN emails ON document_id = documents.id WHERE documents.id IN ({})
"""

_CLAIMS = (
    "SELECT document_id, id FROM claims WHERE document_id IN ({}) AND state <> 'rejected'",
    "SELECT document_id, claim_id FROM assertions"
    " WHERE document_id IN ({}) AND state <> 'rejected'",
    "SELECT said_in_id, claim_id FROM assertions WHERE said_in_id IN ({}) AND state <> 'rejected'",
)

_INSIGHTS = """
SELECT document_id, count(*) FROM insights WHERE document_id IN ({}) GROUP BY document_id
"""


def _lines(connection: sqlite3.Connection, shown: Sequence[Entry]) -> list[ThreadLine]:
    ids = [entry.document for entry in shown]
    spans: dict[int, list[TextSpan]] = defaultdict(list)
    for document, *span in _each(connection, _SPANS, ids):
        spans[document].append(TextSpan(*span))
    rows = {document: row for document, *row in _each(connection, _SHOWN, ids)}
    claims: dict[int, set[str]] = defaultdict(set)
    for sql in _CLAIMS:
        for document, claim in _each(connection, sql, ids):
            claims[document].add(claim)
    insights: dict[int, int] = dict(_each(connection, _INSIGHTS, ids))
    lines = []
    for document, depth in shown:
        slug, subject, sender, sent, attachments, text = rows[document]
        words = own_words(text, spans[document], WORDS)
        lines.append(
            ThreadLine(
                slug=slug,
                subject=subject,
                sender=sender,
                sent=sent,
                depth=depth,
                words=words,
                attachments=attachments,
                claims=len(claims[document]),
                insights=insights.get(document, 0),
            )
        )
    return lines


def _each(
    connection: sqlite3.Connection, sql: str, ids: Iterable[int]
) -> Iterable[tuple[Any, ...]]:
    """The rows of a statement whose IN list, at ``{}``, is these ids."""
    for chunk in in_chunks(ids):
        yield from connection.execute(sql.format(marks_for(chunk)), chunk)
