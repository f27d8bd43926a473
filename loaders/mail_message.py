"""One message from its bytes, whatever they are."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from .mail_dates import to_utc
from .mail_forwards import SEARCHED, Forward, body_of, find_blocks, find_forwards
from .mail_headers import addresses, message_ids, read_text, unfold
from .mail_html import Quote
from .mail_mime import Fields
from .mail_parts import Budget, Draft, TextPiece, read_drafts
from .mail_records import MARKS, Address, Insight, MailSpan, Message
from .mail_text import find_attributions, find_spans, reply_start
from .stratfor import insights_of

# Forwarded messages in a text, one inside the other. Each has its own copy of its text.
FORWARD_DEPTH = 10
# Characters of a field whose addresses are kept for the messages that follow: 20 MB at most.
_REMEMBERED = 5_000

_ROLES = (
    (b"from", "from"), (b"sender", "sender"), (b"reply-to", "reply_to"), (b"to", "to"),
    (b"cc", "cc"), (b"bcc", "bcc"),
)  # fmt: skip


@dataclass(slots=True)
class _Reading:
    """What is in the text of one message; ``inner`` are the forwarded messages in it."""

    text: str
    subject: str
    text_from: str
    part: str
    quotes: Sequence[Quote] = ()
    forward: Forward | None = None
    depth: int = 0
    spans: tuple[MailSpan, ...] = ()
    insights: tuple[Insight, ...] = ()
    inner: list[_Reading] = field(default_factory=list)
    marks: set[str] = field(default_factory=set)


def parse_message(data: bytes) -> Message:
    """The message that ``data`` is. Pure, linear in time and memory, never raises on content.

    What is over a cap (mail_mime.py) is read as far as safe, and ``marks`` says so. Parts have
    their IMAP numbers as seen from the outermost message, so that they are unique within it.
    """
    budget = Budget()
    drafts = read_drafts(data, budget)
    done: dict[int, Message] = {}
    for draft in reversed(drafts):
        inner = tuple(done.pop(id(each)) for each in draft.inner)
        done[id(draft)] = _finish(draft, inner, budget)
    return done[id(drafts[0])]


def _finish(draft: Draft, inner: tuple[Message, ...], budget: Budget) -> Message:
    """The message of a draft whose parts are read."""
    fields, marks = draft.fields, draft.marks
    whole = not draft.part and not draft.start
    raw = draft.data if whole else draft.data[draft.start : draft.end]
    subject = _text(fields, b"subject", marks)
    date = _text(fields, b"date", marks) or None
    sent = to_utc(date) if date else None
    if date and not sent:
        marks.add("date_unreadable")
    people = _people(fields, marks, budget)
    if fields and not (date and any(each.role == "from" for each in people)):
        marks.add("headers_missing")
    own, cut = message_ids(fields.get(b"message-id", ())[:1])
    answered, also_cut = message_ids(fields.get(b"in-reply-to", ()))
    references, cut_too = message_ids(fields.get(b"references", ()))
    if cut or also_cut or cut_too:
        marks.add("headers_cut")
    text, quotes = _join(draft.pieces)
    kind = "none"
    if text and not text.isspace():
        kind = draft.pieces[0].kind
    reading = _Reading(text, subject, kind, draft.part, quotes)
    read_text_of(reading, budget)
    return Message(
        sha256=hashlib.sha256(raw).hexdigest(),
        size=len(raw),
        subject=subject,
        text=text,
        text_from=kind,
        message_id=own[0] if own else None,
        in_reply_to=answered,
        references=references,
        sent=sent,
        date=date,
        addresses=tuple(people),
        spans=reading.spans,
        attachments=tuple(draft.attachments),
        insights=reading.insights,
        inner=(*inner, *_forwarded(reading, budget)),
        marks=_in_order(marks | reading.marks),
        part=draft.part,
    )


def _text(fields: Fields, name: bytes, marks: set[str]) -> str:
    values = fields.get(name)
    if not values:
        return ""
    text, guessed = read_text(values[0])
    if guessed:
        marks.add("charset_guessed")
    return text


def _people(fields: Fields, marks: set[str], budget: Budget) -> list[Address]:
    people: list[Address] = []
    for name, role in _ROLES:
        for value in fields.get(name, ()):
            line, guessed = unfold(value)
            if guessed:
                marks.add("charset_guessed")
            found = addresses(line, budget.addresses + 1)
            if len(found) > budget.addresses:
                marks.add("addresses_cut")
                del found[budget.addresses :]
            budget.addresses -= len(found)
            make = _address if len(line) <= _REMEMBERED else Address
            people += [make(role, *each) for each in found]
    return people


# Those who write and are written to are in many messages.
_address = lru_cache(maxsize=4096)(Address)


def _join(pieces: Sequence[TextPiece]) -> tuple[str, Sequence[Quote]]:
    """The text of all pieces, a blank line between them, and the quotations in it."""
    if len(pieces) == 1:
        return pieces[0].text, pieces[0].quotes
    texts: list[str] = []
    quotes: list[Quote] = []
    length = 0
    for piece in pieces:
        text = piece.text.strip("\n")
        if not text.strip():
            continue
        shift = length - (len(piece.text) - len(piece.text.lstrip("\n")))
        quotes += [Quote(each.start + shift, each.end + shift, each.depth) for each in piece.quotes]
        texts.append(text)
        length += len(text) + 2
    return "\n\n".join(texts), quotes


def read_text_of(reading: _Reading, budget: Budget) -> None:
    """Find what is in a message's text, and in those of the messages forwarded in it."""
    waiting = [reading]
    while waiting:
        each = waiting.pop()
        text = each.text
        blocks = find_blocks(text)
        attributions = find_attributions(text, blocks, each.quotes)
        forwards = find_forwards(text, each.subject, blocks, reply_start(attributions))
        each.spans, whole = find_spans(text, forwards, blocks, attributions, each.quotes)
        if not whole:
            each.marks.add("spans_cut")
        each.insights = tuple(
            found
            for found in insights_of(each.subject, text[:SEARCHED])
            if not any(forward.start <= found.start < forward.end for forward in forwards)
        )
        for number, forward in enumerate(forwards, 1):
            size = forward.end - forward.body
            if each.depth == FORWARD_DEPTH or size > budget.forwarded or budget.late:
                each.marks.add("nesting_cut")
                break
            budget.forwarded -= size
            part = f"{each.part}.forward:{number}" if each.part else f"forward:{number}"
            subject = forward.block.fields.get("subject", "")
            each.inner.append(
                _Reading(
                    body_of(text, forward), subject, each.text_from, part,
                    forward=forward, depth=each.depth + 1,
                )
            )  # fmt: skip
        waiting += each.inner


def _forwarded(reading: _Reading, budget: Budget) -> tuple[Message, ...]:
    """The messages forwarded in a text."""
    order = [reading]
    for each in order:
        order += each.inner
    done: dict[int, tuple[Message, ...]] = {}
    for each in reversed(order):
        inner = tuple(message for one in each.inner for message in done.pop(id(one)))
        if each.forward is None:
            return inner
        done[id(each)] = (_forwarded_message(each, each.forward, inner, budget),)
    return ()


def _forwarded_message(
    reading: _Reading, forward: Forward, inner: tuple[Message, ...], budget: Budget
) -> Message:
    """The message of a forward: its header lines are a person's, in local time and not encoded."""
    fields, marks = forward.block.fields, reading.marks
    date = fields.get("date") or None
    sent = to_utc(date, zone_needed=True) if date else None
    if date and not sent:
        marks.add("date_unreadable")
    people: list[Address] = []
    for role in ("from", "to", "cc"):
        value = fields.get(role, "")
        # Outlook writes "Doe, Jane; Roe, Rita".
        values = value.split(";") if ";" in value else [value]
        for one in values:
            if role == "from" or ";" in value:
                found = addresses(f'"{one.strip()}"' if "," in one and "@" not in one else one, 9)
            else:
                found = addresses(one, budget.addresses)
            people += [Address(role, *each) for each in found][: max(0, budget.addresses)]
            budget.addresses -= len(found)
    if budget.addresses < 0:
        marks.add("addresses_cut")
    if not (date and any(each.role == "from" for each in people)):
        marks.add("headers_missing")
    raw = reading.text.encode("utf-8")
    return Message(
        sha256=hashlib.sha256(raw).hexdigest(),
        size=len(raw),
        subject=reading.subject,
        text=reading.text,
        text_from=reading.text_from,
        sent=sent,
        date=date,
        addresses=tuple(people),
        spans=reading.spans,
        insights=reading.insights,
        inner=inner,
        marks=_in_order(marks),
        part=reading.part,
    )


def _in_order(marks: set[str]) -> tuple[str, ...]:
    return tuple(mark for mark in MARKS if mark in marks) if marks else ()
