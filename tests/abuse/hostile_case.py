"""What a hostile message is: its bytes, and what must be read from them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from types import EllipsisType

from datasette_leaks.loaders.mail_records import Message

Pair = tuple[str, str]  # name, address


@dataclass(frozen=True, kw_only=True)
class Expect:
    """What the RFCs, or judgment where they are silent, say of a message; ``...`` says nothing.

    ``sender`` is the first From; ``to`` all To; ``roles`` the roles that have addresses, sorted.
    ``starts`` and ``has`` are of the text, ``has_not`` is what must not stand in it. ``attached``
    is (name, bytes) of each attachment; ``spans`` (kind, depth) of each; ``marks`` must be there,
    ``unmarked`` must not. ``inner`` is the subjects of the messages directly inside.
    """

    subject: str | EllipsisType = ...
    sender: Pair | EllipsisType | None = ...
    to: tuple[Pair, ...] | EllipsisType = ...
    roles: tuple[str, ...] | EllipsisType = ...
    sent: str | EllipsisType | None = ...
    message_id: str | EllipsisType | None = ...
    references: tuple[str, ...] | EllipsisType = ...
    text: str | EllipsisType = ...
    starts: str = ""
    has: tuple[str, ...] = ()
    has_not: tuple[str, ...] = ()
    text_from: str | EllipsisType = ...
    attached: tuple[tuple[str | None, int], ...] | EllipsisType = ...
    spans: tuple[tuple[str, int], ...] | EllipsisType = ...
    inner: tuple[str, ...] | EllipsisType = ...
    codes: tuple[str | None, ...] | EllipsisType = ...
    marks: tuple[str, ...] = ()
    unmarked: tuple[str, ...] = ()


@dataclass(frozen=True)
class Case:
    """One message. ``data`` may be a function, so that large ones are made when they are needed."""

    name: str
    data: bytes | Callable[[], bytes]
    expect: Expect | None = None

    def bytes(self) -> bytes:
        """The message."""
        return self.data if isinstance(self.data, bytes) else self.data()


def unlike(message: Message, expect: Expect) -> list[str]:
    """How a message differs from what is expected of it, each in a line."""
    senders = [each for each in message.addresses if each.role == "from"]
    found: dict[str, object] = {
        "subject": message.subject,
        "sender": (senders[0].name, senders[0].address) if senders else None,
        "to": tuple((each.name, each.address) for each in message.addresses if each.role == "to"),
        "roles": tuple(sorted({each.role for each in message.addresses})),
        "sent": message.sent,
        "message_id": message.message_id,
        "references": message.references,
        "text": message.text,
        "text_from": message.text_from,
        "attached": tuple((each.name, len(each.data)) for each in message.attachments),
        "spans": tuple((each.kind, each.depth) for each in message.spans),
        "inner": tuple(each.subject for each in message.inner),
        "codes": tuple(each.code for each in message.insights),
    }
    told = []
    for field in fields(expect):
        wanted = getattr(expect, field.name)
        if field.name in found and wanted is not ... and found[field.name] != wanted:
            told.append(f"{field.name} is {found[field.name]!r:.200}, not {wanted!r:.200}")
    if not message.text.startswith(expect.starts):
        told.append(f"text starts {message.text[:80]!r}, not {expect.starts!r}")
    told += [f"text lacks {each!r}" for each in expect.has if each not in message.text]
    told += [f"text has {each!r}" for each in expect.has_not if each in message.text]
    told += [f"is not marked {each}" for each in expect.marks if each not in message.marks]
    told += [f"is marked {each}" for each in expect.unmarked if each in message.marks]
    return told


FROM = b"From: Ann <ann@x.example>\n"
HEAD = FROM + b"Date: Sun, 1 Jan 2012 10:00:00 +0000\nSubject: s\n"


def field(name: str, value: bytes, body: bytes = b"text\n") -> bytes:
    """A message with one header field more; it may be the subject or the date itself."""
    lines = [b"From: Ann <ann@x.example>", b"Date: Sun, 1 Jan 2012 10:00:00 +0000", b"Subject: s"]
    kept = [line for line in lines if not line.lower().startswith(name.lower().encode() + b":")]
    return b"\n".join([name.encode() + b": " + value, *kept]) + b"\n\n" + body


def typed(content_type: str | bytes, body: bytes, encoding: str = "") -> bytes:
    """A message of one part, of this Content-Type and Content-Transfer-Encoding."""
    kind = content_type.encode() if isinstance(content_type, str) else content_type
    line = f"Content-Transfer-Encoding: {encoding}\n".encode() if encoding else b""
    return HEAD + b"Content-Type: " + kind + b"\n" + line + b"\n" + body


def mixed(*parts: bytes, boundary: str = "b", kind: str = "multipart/mixed") -> bytes:
    """A multipart message; a part has its own header block."""
    mark = f"--{boundary}".encode()
    body = b"".join(mark + b"\n" + part + b"\n" for part in parts) + mark + b"--\n"
    return typed(f'{kind}; boundary="{boundary}"', body)


TEXT = b"Content-Type: text/plain\n\nx"


def attached(disposition: bytes, data: bytes = b"data") -> bytes:
    """A message with a text "x" and one attachment of these bytes."""
    part = b"Content-Type: application/x-a\nContent-Disposition: " + disposition + b"\n\n" + data
    return mixed(TEXT, part)
