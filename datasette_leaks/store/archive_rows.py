"""A message as the rows it comes to: made in the worker, numbered and written by the one writer.

Light to import, because every worker process does.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from datasette_leaks.loaders.mail_records import ADDRESS_ROLES, SPAN_KINDS, Insight, Message

NO_SUBJECT = "(no subject)"
TEXT_FROM = ("plain", "html", "rtf", "none")
#: Columns of insights that are fields of the record under the same name.
INSIGHT_FIELDS = tuple(
    name for name in Insight.__dataclass_fields__ if name not in ("start", "end")
)


@dataclass(frozen=True, slots=True)
class Content:
    """The bytes of an attachment, and the text in them: None or not blank."""

    sha256: str
    name: str | None
    media_type: str
    data: bytes
    text: str | None


@dataclass(frozen=True, slots=True)
class Item:
    """One message of its own or inside another: values for the columns its tables have in order.

    ``parent`` is the place of the outer message among the items of the whole, None for the
    outermost. ``document`` is (title, author, published, text, size); ``email`` (subject,
    from_name, from_address, sent, date_header, message_id, text_from, content_sha256, attachments,
    marks). The rest are rows without their document: recipients (position, role, name, address),
    references (position, message_id), spans (position, kind, depth, start, end), insights
    (position, start, end, INSIGHT_FIELDS…), attachments (part, name, media_type, inline,
    content_id, size, sha256). ``contents`` has each content of the message once.
    """

    sha256: str
    part: str
    parent: int | None
    document: tuple[str | int | None, ...]
    email: tuple[str | int | None, ...]
    recipients: tuple[tuple[int | str, ...], ...]
    references: tuple[tuple[int | str, ...], ...]
    spans: tuple[tuple[int | str, ...], ...]
    insights: tuple[tuple[int | str | None, ...], ...]
    attachments: tuple[tuple[str, str | None, str, int, str | None, int, str], ...]
    contents: tuple[Content, ...]

    @property
    def weight(self) -> int:
        """About how many bytes it holds in memory."""
        text = self.document[3]
        return (len(text) if isinstance(text, str) else 0) + sum(
            len(content.data) + len(content.text or "") for content in self.contents
        )


def items_of(message: Message) -> list[Item]:
    """The items of a message: itself, then those inside it, each before what it holds.

    Raises ValueError where the record is not as mail_records.py has it, so that no row is refused
    by the database itself.
    """
    items: list[Item] = []
    waiting: list[tuple[Message, int | None]] = [(message, None)]
    while waiting:  # not by recursion: how deep mails are nested is not ours to say
        each, parent = waiting.pop()
        waiting += [(inner, len(items)) for inner in reversed(each.inner)]
        items.append(_item(each, parent))
    parts = [item.part for item in items]
    if len(set(parts)) < len(parts):
        raise ValueError("two of its messages have the same part number")
    return items


def _item(message: Message, parent: int | None) -> Item:
    fault = next(_faults(message), None)
    if fault:
        raise ValueError(fault)
    sender = next((each for each in message.addresses if each.role == "from"), None)
    address = sender.address.lower() if sender else ""
    author = (sender.name or address) if sender else ""
    contents: dict[str, Content] = {}
    attachments = []
    for each in message.attachments:
        digest = hashlib.sha256(each.data).hexdigest()
        text = each.text if each.text and not each.text.isspace() else None
        contents.setdefault(digest, Content(digest, each.name, each.media_type, each.data, text))
        attachments.append(
            (
                each.part, each.name, each.media_type, int(each.inline), each.content_id,
                len(each.data), digest,
            )
        )  # fmt: skip
    references = dict.fromkeys((*message.in_reply_to, *message.references))
    if message.message_id:
        references.pop(message.message_id, None)
    first = [(0, message.message_id)] if message.message_id else []
    item = Item(
        sha256=message.sha256,
        part=message.part,
        parent=parent,
        document=(
            " ".join(message.subject.split()) or NO_SUBJECT, author or None, message.sent,
            message.text, message.size,
        ),
        email=(
            message.subject, (sender.name if sender else "") or None, address or None,
            message.sent, message.date, message.message_id or None, message.text_from,
            content_sha256(message, address), len(attachments), ", ".join(message.marks) or None,
        ),
        recipients=tuple(
            (position, each.role, each.name, each.address.lower())
            for position, each in enumerate(message.addresses)
        ),
        references=(*first, *enumerate((id for id in references if id), start=1)),
        spans=tuple(
            (position, each.kind, each.depth, each.start, each.end)
            for position, each in enumerate(message.spans)
        ),
        insights=tuple(
            (position, each.start, each.end, *(getattr(each, name) for name in INSIGHT_FIELDS))
            for position, each in enumerate(message.insights)
        ),
        attachments=tuple(attachments),
        contents=tuple(contents.values()),
    )  # fmt: skip
    _encode(item)
    return item


def content_sha256(message: Message, address: str) -> str:
    """What is equal for one mail that came two ways: sender, date, subject and text.

    White space is folded: archives wrap and strip lines in their own ways.
    """
    parts = (
        address,
        message.sent or message.date or "",
        " ".join(message.subject.split()),
        " ".join(message.text.split()),
    )
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def _faults(message: Message) -> Iterator[str]:
    """What is not as mail_records.py has it."""
    length = len(message.text)
    spans = [(each.start, each.end) for each in message.spans]
    for start, end in spans + [(each.start, each.end) for each in message.insights]:
        if not 0 <= start < end <= length:
            yield f"a span, {start} to {end}, is outside its text"
    if message.text_from not in TEXT_FROM:
        yield f"text_from is {message.text_from!r}"
    if any(span.kind not in SPAN_KINDS for span in message.spans):
        yield "a span is of no known kind"
    if any(address.role not in ADDRESS_ROLES for address in message.addresses):
        yield "an address has no known role"
    parts = [attachment.part for attachment in message.attachments]
    if len(set(parts)) < len(parts):
        yield "two of its attachments have the same part number"


def _encode(item: Item) -> None:
    """Raise ValueError where a text has half a surrogate pair, which SQLite cannot store."""
    rows = (
        item.document, item.email, *item.recipients, *item.references, *item.insights,
        *item.attachments, (item.sha256, item.part),
        *((content.name, content.media_type, content.text) for content in item.contents),
    )  # fmt: skip
    whole = "".join([value for row in rows for value in row if isinstance(value, str)])
    if not whole.isascii():
        whole.encode("utf-8")  # UnicodeEncodeError is a ValueError
