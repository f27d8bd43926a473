"""What the mail loaders give: where a message's bytes are, and what stands in them.

Spans are in Unicode code points of ``Message.text``, as in records.py. Dates are UTC.
"""

from __future__ import annotations

from dataclasses import dataclass

from .records import Problem


@dataclass(frozen=True, slots=True)
class RawMessage:
    """One message of an archive: where its bytes are, or why it cannot be had.

    ``member`` is the file inside the archive or below the folder ("" for the archive itself),
    ``offset`` and ``length`` are bytes in it, after any decompression. ``data`` is None where the
    bytes can be read at ``offset`` of an ordinary file: ``path`` for an mbox, ``path / member`` for
    a folder. ``folder`` is the mailbox it lies in, with "/" between levels ("" when not known).
    """

    member: str
    offset: int
    length: int
    folder: str = ""
    data: bytes | None = None
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Address:
    """One address of a header, with a role of ADDRESS_ROLES; ``name`` and ``address`` may be ""."""

    role: str
    name: str
    address: str


@dataclass(frozen=True, slots=True)
class MailSpan:
    """A stretch of the text that is not simply the writer's. ``kind`` is one of SPAN_KINDS.

    ``depth`` is how deep a quotation is nested (1: what the writer answers to), else 0. Spans come
    in the order of ``start``; of those that begin together the longest is first.
    """

    kind: str
    start: int
    end: int
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Attachment:
    """A part of a message that is not its text. ``part`` is its IMAP part number ("2", "1.3").

    ``name`` and ``media_type`` are as declared (never trusted); ``text`` is what was extracted,
    None when the format has none or is not known. ``data`` is decoded.
    """

    part: str
    name: str | None
    media_type: str
    data: bytes
    inline: bool = False
    content_id: str | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Insight:
    """A Stratfor INSIGHT header block, its values as written (white space folded), None if absent.

    ``key`` is the source code in the form that compares (``MX01`` and ``MX1`` are ``MX1``); ``via``
    the code that passed it on.
    """

    start: int
    end: int
    code: str | None = None
    key: str | None = None
    via: str | None = None
    attribution: str | None = None
    description: str | None = None
    publication: str | None = None
    reliability: str | None = None
    credibility: str | None = None
    special_handling: str | None = None
    source_handler: str | None = None
    distribution: str | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """A message as it can be read. ``part`` is "" for the one the archive holds.

    For one inside another it is the part number, or ``forward:1`` for the first forwarded one in
    the text. ``sha256`` and ``size`` are of its raw bytes (for a forward in the text: of that text
    in UTF-8). ``message_id``, ``in_reply_to`` and ``references`` are without angle brackets.
    ``sent`` is ISO 8601 UTC to the second, None where the date cannot be read; ``date`` the header
    as written. ``text_from`` says where the text comes from: plain, html, rtf or none. ``marks``
    are the things that were cut, repaired or guessed, each in a few words of a fixed vocabulary
    (MARKS) so that they can be counted.
    """

    sha256: str
    size: int
    subject: str
    text: str
    text_from: str
    message_id: str | None = None
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    sent: str | None = None
    date: str | None = None
    addresses: tuple[Address, ...] = ()
    spans: tuple[MailSpan, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    insights: tuple[Insight, ...] = ()
    inner: tuple[Message, ...] = ()
    marks: tuple[str, ...] = ()
    part: str = ""


ADDRESS_ROLES = ("from", "sender", "reply_to", "to", "cc", "bcc")
SPAN_KINDS = ("quoted", "attribution", "signature", "forwarded")
MARKS = (
    "too_large", "headers_cut", "addresses_cut", "parts_cut", "nesting_cut", "time_cut",
    "charset_guessed", "charset_replaced", "transfer_encoding_broken", "boundary_broken",
    "date_unreadable", "text_cut", "mojibake_repaired", "headers_missing", "no_headers",
    "spans_cut",
)  # fmt: skip
