"""The parts of a message: which are its text, which are attachments, which are messages inside.

The tree of parts is walked with a stack of work, never by recursion.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from . import mail_mime
from .mail_charset import clean, decode
from .mail_headers import file_name, media_type, parameters, unfold
from .mail_html import Quote, declared_charset, html_to_text
from .mail_mime import Fields
from .mail_records import Attachment
from .mail_text import unflow

_NO_FIELDS: Fields = {}
_MESSAGES = ("message/rfc822", "message/global", "message/news")
_TEXTS = ("text/plain", "text/html")
_LONGEST_NAME = 1_000  # characters of a declared file name


class Budget:
    """What a message and all in it may still take of the caps in mail_mime.py."""

    __slots__ = ("addresses", "deadline", "forwarded", "inner", "parts", "text")

    def __init__(self) -> None:
        self.deadline = time.monotonic() + mail_mime.SECONDS
        self.parts = mail_mime.PARTS
        self.addresses = mail_mime.ADDRESSES
        self.text = mail_mime.TEXT
        self.forwarded = mail_mime.TEXT
        self.inner = mail_mime.INNER_BYTES

    @property
    def late(self) -> bool:
        return time.monotonic() > self.deadline


@dataclass(frozen=True, slots=True)
class TextPiece:
    """A part of a message's text; ``kind`` is plain or html, ``quotes`` those of the HTML."""

    kind: str
    text: str
    quotes: tuple[Quote, ...] = ()


@dataclass(slots=True)
class Draft:
    """A message that is being read: bytes ``start`` to ``end`` of ``data``, and what was found.

    ``part`` is its IMAP part number, "" for the outermost. ``inner`` are those inside it.
    """

    data: bytes
    start: int
    end: int
    part: str
    depth: int
    fields: Fields = field(default_factory=dict)
    pieces: list[TextPiece] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    inner: list[Draft] = field(default_factory=list)
    marks: set[str] = field(default_factory=set)


@dataclass(slots=True)
class _Choice:
    """A multipart/alternative: its text parts, of which one kind becomes text at its end."""

    draft: Draft
    outer: _Choice | None
    plain: list[TextPiece] = field(default_factory=list)
    html: list[_Part] = field(default_factory=list)


@dataclass(slots=True)
class _Part:
    """A part still to be looked at: bytes ``start`` to ``end`` of ``data``, header block first.

    ``body`` is given where the block was read before.
    """

    draft: Draft
    data: bytes
    start: int
    end: int
    number: str
    depth: int
    default: str = "text/plain"
    choice: _Choice | None = None
    related: bool = False
    fields: Fields | None = None
    type: str = ""
    params: dict[str, str] = field(default_factory=dict)
    encoding: str = ""


def read_drafts(data: bytes, budget: Budget) -> list[Draft]:
    """The message that ``data`` is and those inside it, outer ones before inner ones."""
    root = Draft(data, 0, min(len(data), mail_mime.MESSAGE_BYTES), "", 0)
    if len(data) > root.end:
        root.marks.add("too_large")
    drafts = [root]
    waiting: list[_Part | _Choice] = []
    _open_message(root, waiting)
    while waiting:
        work = waiting.pop()
        if isinstance(work, _Choice):
            _choose(work, budget)
            continue
        if budget.late:
            work.draft.marks.add("time_cut")
            continue
        if budget.parts <= 0:
            work.draft.marks.add("parts_cut")
            continue
        budget.parts -= 1
        _open_part(work, waiting, drafts, budget)
    return drafts


def _open_message(draft: Draft, waiting: list[_Part | _Choice]) -> None:
    start = draft.start
    if not draft.part:
        start += mail_mime.leading(draft.data)
    block = mail_mime.read_block(draft.data, start, draft.end)
    number = f"{draft.part}.1" if draft.part else "1"
    if block is None or not block.fields:
        draft.marks.add("no_headers")
        part = _Part(draft, draft.data, draft.start, draft.end, number, draft.depth)
        part.fields = _NO_FIELDS
    else:
        draft.fields = block.fields
        if block.cut:
            draft.marks.add("headers_cut")
        part = _Part(draft, draft.data, block.body, draft.end, number, draft.depth)
        part.fields = block.fields
    waiting.append(part)


def _open_part(
    part: _Part, waiting: list[_Part | _Choice], drafts: list[Draft], budget: Budget
) -> None:
    fields = part.fields
    top = fields is not None
    if fields is None:
        block = mail_mime.read_block(part.data, part.start, part.end)
        fields = _NO_FIELDS
        if block is not None:
            fields, part.start = block.fields, block.body
            if block.cut:
                part.draft.marks.add("headers_cut")
        part.fields = fields
    _read_type(part, fields)
    part.encoding = _first(fields, b"content-transfer-encoding").strip("\"' .;").lower()
    if " " in part.encoding or ";" in part.encoding:
        part.encoding = part.encoding.split(";")[0].split(" ")[0]
    if part.type.startswith("multipart/"):
        if part.depth >= mail_mime.NESTING:
            part.draft.marks.add("nesting_cut")
        elif _open_multipart(part, top, waiting, budget):
            return
        else:
            part.type = "text/plain"
    elif part.type in _MESSAGES:
        size = part.end - part.start
        if part.depth >= mail_mime.NESTING or size > budget.inner:
            part.draft.marks.add("nesting_cut")
        else:
            budget.inner -= size
            _open_inner(part, waiting, drafts)
            return
    _take_leaf(part, fields, budget)


def _read_type(part: _Part, fields: Fields) -> None:
    value = _first(fields, b"content-type")
    part.type = media_type(value)
    if not part.type:
        named = b"content-disposition" in fields and ";" in value
        part.type = "application/octet-stream" if named else part.default
    elif ";" in value:
        part.params = parameters(value)


def _open_multipart(part: _Part, top: bool, waiting: list[_Part | _Choice], budget: Budget) -> bool:
    """Put a multipart's parts on the stack. False where no boundary parts it."""
    draft = part.draft
    data, start, end = part.data, part.start, part.end
    name = part.params.get("boundary", "").rstrip()
    boundary = name.encode("utf-8")[: mail_mime.BOUNDARY]
    encoded = part.encoding in ("base64", "quoted-printable")
    if encoded and boundary and data.find(b"--" + boundary, start, end) < 0:
        data, _ = mail_mime.decode_transfer(data[start:end], part.encoding)
        start, end = 0, len(data)
        draft.marks.add("transfer_encoding_broken")
    pieces = mail_mime.Pieces((), False)
    if boundary:
        pieces = mail_mime.split_parts(data, start, end, boundary, budget.parts, budget.deadline)
    if not pieces.parts and not pieces.cut:
        sniffed = mail_mime.sniff_boundary(data, start, end)
        if sniffed is not None:
            pieces = mail_mime.split_parts(data, start, end, sniffed, budget.parts, budget.deadline)
        draft.marks.add("boundary_broken")
    if pieces.cut:
        draft.marks.add(pieces.cut)
    elif not pieces.whole:
        draft.marks.add("boundary_broken")
    if not pieces.parts:
        return False
    prefix = part.number.rpartition(".")[0] if top else part.number
    choice = part.choice
    if part.type == "multipart/alternative":
        choice = _Choice(draft, choice)
        waiting.append(choice)
    default = "message/rfc822" if part.type == "multipart/digest" else "text/plain"
    related = part.type == "multipart/related"
    for number in range(len(pieces.parts), 0, -1):
        begin, stop = pieces.parts[number - 1]
        waiting.append(
            _Part(
                draft, data, begin, stop, f"{prefix}.{number}" if prefix else str(number),
                part.depth + 1, default, choice, related,
            )
        )  # fmt: skip
    return True


def _open_inner(part: _Part, waiting: list[_Part | _Choice], drafts: list[Draft]) -> None:
    data, start, end = part.data, part.start, part.end
    inner = Draft(data, start, end, part.number, part.depth + 1)
    if part.encoding in ("base64", "quoted-printable"):
        inner.data, sound = mail_mime.decode_transfer(data[start:end], part.encoding)
        inner.start, inner.end = 0, len(inner.data)
        if not sound:
            inner.marks.add("transfer_encoding_broken")
    part.draft.inner.append(inner)
    drafts.append(inner)
    _open_message(inner, waiting)


def _take_leaf(part: _Part, fields: Fields, budget: Budget) -> None:
    disposition = _first(fields, b"content-disposition")
    attached = disposition[:10].lower() == "attachment"
    if part.type in _TEXTS and not attached:
        named = "name" in part.params or (";" in disposition and "filename" in disposition)
        draft, choice = part.draft, part.choice
        first = not draft.pieces and not (choice and (choice.plain or choice.html))
        if first or choice or not named:
            if choice and part.type == "text/html":
                choice.html.append(part)
            else:
                piece = _read_piece(part, budget)
                (choice.plain if choice else draft.pieces).append(piece)
            return
    part.draft.attachments.append(_attachment(part, fields, disposition, budget))


def _choose(choice: _Choice, budget: Budget) -> None:
    """End a multipart/alternative: its plain text, or its HTML where that is empty."""
    pieces = choice.plain
    if choice.html and not any(piece.text.strip() for piece in pieces):
        pieces = []
        for part in choice.html:
            if budget.late:
                choice.draft.marks.add("time_cut")
                break
            pieces.append(_read_piece(part, budget))
    (choice.outer.plain if choice.outer else choice.draft.pieces).extend(pieces)


def _read_piece(part: _Part, budget: Budget) -> TextPiece:
    data, sound = mail_mime.decode_transfer(part.data[part.start : part.end], part.encoding)
    if not sound:
        part.draft.marks.add("transfer_encoding_broken")
    return _text_of(data, part, budget)


def _text_of(data: bytes, part: _Part, budget: Budget) -> TextPiece:
    """The text of a text part, within what is left of the budget."""
    marks = part.draft.marks
    charset = part.params.get("charset")
    html = part.type == "text/html"
    if html and not charset:
        charset = declared_charset(data)
    # No code point takes more than four bytes, in any charset but a few that switch often.
    limit = 4 * budget.text
    if len(data) > limit:
        marks.add("text_cut")
        data = data[:limit]
    text, mark = decode(data, charset)
    if mark:
        marks.add(mark)
    if len(text) > budget.text:
        marks.add("text_cut")
        text = text[: budget.text]
    quotes: tuple[Quote, ...] = ()
    if html:
        read = html_to_text(text, budget.deadline)
        text, quotes = read.text, read.quotes
        if not read.whole:
            marks.add("time_cut")
    elif part.params.get("format", "").lower() == "flowed":
        text = unflow(text, part.params.get("delsp", "").lower() == "yes")
    budget.text -= len(text)
    return TextPiece("html" if html else "plain", text, quotes)


def _attachment(part: _Part, fields: Fields, disposition: str, budget: Budget) -> Attachment:
    data, sound = mail_mime.decode_transfer(part.data[part.start : part.end], part.encoding)
    if not sound:
        part.draft.marks.add("transfer_encoding_broken")
    name = parameters(disposition).get("filename") or part.params.get("name") or ""
    content_id = _first(fields, b"content-id").strip().strip("<>") or None
    inline = disposition[:6].lower() == "inline"
    text = None
    if part.type in _TEXTS:
        text = _text_of(data, part, budget).text
    elif data.startswith(b"%PDF-") and not budget.late:
        text = _pdf_text(data)
        if text is not None and len(text) > budget.text:
            part.draft.marks.add("text_cut")
            text = text[: budget.text]
        budget.text -= len(text or "")
    return Attachment(
        part=part.number,
        name=file_name(name[:_LONGEST_NAME]),
        media_type=part.type,
        data=data,
        inline=inline or (part.related and content_id is not None and not disposition),
        content_id=content_id,
        text=text,
    )


def _pdf_text(data: bytes) -> str | None:
    """The text of a PDF; None where it has none, is broken, or the extra ``pdf`` is missing."""
    try:
        from .pdf import extract_text

        text = extract_text(data)
    except (ImportError, ValueError, RuntimeError, OSError):
        return None
    return None if text is None else clean(text)


def _first(fields: Fields, name: bytes) -> str:
    values = fields.get(name)
    return unfold(values[0])[0] if values else ""
