"""Outlook's messages, which are tables of properties, written as mail (MS-OXCMAIL).

The same item gives the same bytes every time. The headers it came with are kept, but for those of
its MIME structure, which Outlook takes apart; what they lack is made from the properties. A text
that is there only as RTF becomes plain text, and the RTF an attachment "body.rtf".
"""

from __future__ import annotations

import base64
import codecs
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from email.header import Header
from email.utils import format_datetime
from urllib.parse import quote

from .mail_heads import LARGEST
from .mail_message import parse_message
from .mail_records import Message
from .mail_rtf import decompressed, rtf_text

RTF_TEXT = b"X-Text-From: rtf\n"  # first line of a message whose text was RTF
NESTING = 20  # messages attached to one another

# Identifiers of properties: MS-OXPROPS.
CLASS, SUBJECT, SUBMITTED, DELIVERED, HEADERS = 0x001A, 0x0037, 0x0039, 0x0E06, 0x007D
FROM_NAME, FROM_TYPE, FROM_ADDRESS, FROM_SMTP = 0x0042, 0x0064, 0x0065, 0x5D02
SENDER_NAME, SENDER_TYPE, SENDER_ADDRESS, SENDER_SMTP = 0x0C1A, 0x0C1E, 0x0C1F, 0x5D01
DISPLAY_BCC, DISPLAY_CC, DISPLAY_TO = 0x0E02, 0x0E03, 0x0E04
BODY, RTF, HTML, MESSAGE_ID, REFERENCES, IN_REPLY_TO = (
    0x1000,
    0x1009,
    0x1013,
    0x1035,
    0x1039,
    0x1042,
)
HTML_CODEPAGE, CODEPAGE = 0x3FDE, 0x3FFD
ROLE, NAME, TYPE, ADDRESS, SMTP = 0x0C15, 0x3001, 0x3002, 0x3003, 0x39FE
DATA, METHOD, LONG_FILE, FILE, MEDIA_TYPE, CONTENT_ID, FLAGS = (
    0x3701, 0x3705, 0x3707, 0x3704, 0x370E, 0x3712, 0x3714,
)  # fmt: skip
WANTED = frozenset(
    value for name, value in globals().items() if name.isupper() and type(value) is int
) - {LARGEST, NESTING}

_INTEGER, _STRING8, _UNICODE, _TIME = 0x3, 0x1E, 0x1F, 0x40
_PART_OF_HTML = 4  # a flag of an attachment
_CODECS = {
    1200: "utf-16-le", 10000: "mac-roman", 20127: "ascii", 20866: "koi8-r", 21866: "koi8-u",
    20932: "euc-jp", 50220: "iso-2022-jp", 50221: "iso-2022-jp", 50222: "iso-2022-jp",
    50225: "iso-2022-kr", 51932: "euc-jp", 51949: "euc-kr", 52936: "hz", 54936: "gb18030",
    65001: "utf-8",
}  # fmt: skip
_CODECS |= {28590 + part: f"iso-8859-{part}" for part in (*range(1, 12), 13, 14, 15, 16)}
_FIELD = re.compile(r"([!-9;-~]{1,200})[ \t]*:")
_OURS = re.compile(
    "mime-version|content-(?:type|transfer-encoding|disposition|id|length|description)|lines$"
)
_PREAMBLE = "Microsoft Mail Internet Headers"
_MEDIA_TYPE = re.compile(r"[A-Za-z0-9.+_-]{1,100}/[A-Za-z0-9.+_-]{1,100}")
_SPACES = re.compile(r"[\x00-\x20\x7f\u2028\u2029\x85]+")
_EPOCH = datetime(1601, 1, 1, tzinfo=timezone.utc)


def codec(codepage: int | None) -> str | None:
    """Python's name of a Windows code page, None where it has none."""
    try:
        return codecs.lookup(_CODECS.get(codepage or 0, f"cp{codepage}")).name
    except LookupError:
        return None


class Properties:
    """The properties of a message, a recipient or an attachment: identifier to type and bytes."""

    def __init__(self, values: Mapping[int, tuple[int, bytes]], codepage: str = "cp1252") -> None:
        self._values = values
        self.codepage = codec(self.number(CODEPAGE)) or codepage

    def text(self, name: int) -> str:
        """A string, "" where there is none; what cannot be decoded is replaced."""
        kind, data = self._values.get(name, (_UNICODE, b""))
        if kind == _UNICODE:
            return data.decode("utf-16-le", "replace").rstrip("\0")
        return data.decode(self.codepage, "replace").rstrip("\0") if kind == _STRING8 else ""

    def line(self, name: int) -> str:
        """A string on one line."""
        return _SPACES.sub(" ", self.text(name)).strip()

    def number(self, name: int) -> int | None:
        """An integer."""
        kind, data = self._values.get(name, (0, b""))
        return int.from_bytes(data[:4], "little") if kind == _INTEGER and len(data) >= 4 else None

    def binary(self, name: int) -> bytes:
        """The bytes of a property that is no string, b"" where there is none."""
        kind, data = self._values.get(name, (0, b""))
        return b"" if kind in (_STRING8, _UNICODE) else data

    def time(self, name: int) -> datetime | None:
        """A time in UTC, to the second."""
        kind, data = self._values.get(name, (0, b""))
        ticks = int.from_bytes(data[:8], "little") if kind == _TIME and len(data) >= 8 else 0
        try:
            return _EPOCH + timedelta(seconds=ticks // 10_000_000) if ticks else None
        except OverflowError:
            return None


@dataclass(frozen=True, slots=True)
class Attached:
    """An attachment: its bytes, or the message it is."""

    properties: Properties
    data: bytes = b""
    item: Item | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """A message as Outlook keeps it. ``attachments`` may be read one after the other."""

    properties: Properties
    recipients: Sequence[Properties] = ()
    attachments: Iterable[Attached] = ()


def assembled(item: Item, depth: int = 0) -> bytes:
    """The message as bytes of RFC 5322, at most one more than LARGEST."""
    properties = item.properties
    texts, rtf = _texts(properties)
    parts = [_alternatives(texts)]
    if rtf:
        parts.append(_file_part("body.rtf", "application/rtf", rtf))
    size = sum(map(len, parts))
    for attached in item.attachments:
        if size > LARGEST:
            break
        parts.append(_attachment(attached, depth))
        size += len(parts[-1])
    lines = [*_headers(item), "MIME-Version: 1.0"]
    head = "\n".join(lines).encode("utf-8", "replace") + b"\n"
    body = parts[0] if len(parts) == 1 else _multipart("mixed", parts)
    marked = RTF_TEXT if rtf else b""
    return (marked + head + body)[: LARGEST + 1]


def parse_assembled(data: bytes) -> Message:
    """The message in bytes made by ``assembled``, its text marked where it was RTF."""
    message = parse_message(data)
    if data.startswith(RTF_TEXT) and message.text_from == "plain":
        return replace(message, text_from="rtf")
    return message


def _texts(properties: Properties) -> tuple[list[bytes], bytes]:
    """The texts of a message as parts, and its RTF where that is its only text."""
    plain = properties.text(BODY)
    html = properties.binary(HTML)
    charset = codec(properties.number(HTML_CODEPAGE))
    if not html and (unicode := properties.text(HTML)):
        html, charset = unicode.encode("utf-8", "replace"), "utf-8"
    rtf = b""
    if not plain.strip() and not html.strip():
        try:
            rtf = decompressed(properties.binary(RTF))
        except ValueError:
            rtf = b""
        text = rtf_text(rtf)
        if not text.strip() and b"\\pict" not in rtf:
            rtf = b""
        plain = text or plain
    texts = []
    if plain.strip() or not html.strip():
        data = plain.replace("\r\n", "\n").encode("utf-8", "replace")
        texts.append(_part("text/plain; charset=utf-8", "8bit", data))
    if html.strip():
        kind = f"text/html; charset={charset}" if charset else "text/html"
        texts.append(_part(kind, "8bit", html))
    return texts, rtf


def _headers(item: Item) -> Iterator[str]:
    """The headers a message came with, and those it lacks."""
    properties = item.properties
    names = set()
    for name, lines in _transported(properties.text(HEADERS)):
        names.add(name)
        yield lines
    for name, value in _made(item):
        if value and name.lower() not in names:
            yield f"{name}: {value}"
    kind = properties.line(CLASS)
    if kind and not kind.upper().startswith("IPM.NOTE"):
        yield f"X-Outlook-Item: {_word(kind)}"


def _transported(block: str) -> Iterator[tuple[str, str]]:
    """Each header of a block, its name in lower case; lines that are none as "X-Unreadable"."""
    name, lines = "", []
    for line in re.split(r"\r\n|\r|\n", block.replace("\0", "")):
        if line[:1] in (" ", "\t") and line.strip():
            lines.append(line)
            continue
        field = _FIELD.match(line)
        if line.strip() and (field or not line.startswith(_PREAMBLE)):
            if lines and not _OURS.match(name):
                yield name, "\n".join(lines)
            name = field[1].lower() if field else "x-unreadable"
            lines = [line if field else f"X-Unreadable: {line}"]
    if lines and not _OURS.match(name):
        yield name, "\n".join(lines)


def _made(item: Item) -> Iterator[tuple[str, str]]:
    properties = item.properties
    sender = _mailbox(properties, SENDER_NAME, SENDER_TYPE, SENDER_ADDRESS, SENDER_SMTP)
    writer = _mailbox(properties, FROM_NAME, FROM_TYPE, FROM_ADDRESS, FROM_SMTP)
    yield "From", writer or sender
    if writer and sender != writer:
        yield "Sender", sender
    shown = ((1, "To", DISPLAY_TO), (2, "Cc", DISPLAY_CC), (3, "Bcc", DISPLAY_BCC))
    for role, name, display in shown:
        people = [
            _mailbox(each, NAME, TYPE, ADDRESS, SMTP)
            for each in item.recipients
            if (each.number(ROLE) or 0) & 0xFF == role
        ]
        if not any(people):
            people = [_word(each.strip()) for each in properties.line(display).split(";")]
        yield name, ",\n ".join(filter(None, people))
    subject = properties.text(SUBJECT)
    if subject[:1] == "\1":  # a sign, then how long the "Re: " is
        subject = subject[2:]
    yield "Subject", _encoded(_SPACES.sub(" ", subject).strip())
    when = properties.time(SUBMITTED) or properties.time(DELIVERED)
    yield "Date", format_datetime(when) if when else ""
    yield "Message-ID", _encoded(properties.line(MESSAGE_ID))
    yield "In-Reply-To", _encoded(properties.line(IN_REPLY_TO))
    yield "References", _encoded(properties.line(REFERENCES))


def _mailbox(properties: Properties, name: int, kind: int, address: int, smtp: int) -> str:
    """A person of a header. Exchange's own addresses ("/O=…/CN=…") stay as they are."""
    shown = properties.line(name)
    where = properties.line(smtp)
    if not where and properties.line(kind).upper() in ("SMTP", "EX", ""):
        where = properties.line(address)
    where = re.sub(r"[<>\s]", "", where)
    if not where or shown.strip("'\"").lower() == where.lower():
        return f"<{where}>" if where else _word(shown)
    return f"{_word(shown)} <{where}>".strip()


def _word(text: str) -> str:
    """A name as one word of a header."""
    if not text.isascii():
        return _encoded(text)
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"' if text else ""


def _encoded(text: str) -> str:
    return text if text.isascii() else Header(text, "utf-8", 70).encode(linesep="\n")


def _attachment(attached: Attached, depth: int) -> bytes:
    properties = attached.properties
    name = properties.line(LONG_FILE) or properties.line(FILE) or properties.line(NAME)
    if attached.item is not None and depth < NESTING:
        return _part("message/rfc822", "8bit", assembled(attached.item, depth + 1))
    kind = properties.line(MEDIA_TYPE)
    if not _MEDIA_TYPE.fullmatch(kind):
        kind = "application/octet-stream"
    content_id = re.sub(r"[<>\s]", "", properties.line(CONTENT_ID))
    inline = bool((properties.number(FLAGS) or 0) & _PART_OF_HTML)
    return _file_part(name, kind, attached.data, content_id, inline)


def _file_part(
    name: str, kind: str, data: bytes, content_id: str = "", inline: bool = False
) -> bytes:
    disposition = "inline" if inline else "attachment"
    more = f"Content-Disposition: {disposition}"
    if name:
        more += f"; filename*=utf-8''{quote(name, safe='', errors='replace')}"
    if content_id:
        more += f"\nContent-ID: <{_encoded(content_id)}>"
    return _part(kind, "base64", base64.encodebytes(data), more + "\n")


def _part(kind: str, encoding: str, data: bytes, more: str = "") -> bytes:
    head = f"Content-Type: {kind}\nContent-Transfer-Encoding: {encoding}\n{more}\n"
    return head.encode() + data


def _alternatives(texts: list[bytes]) -> bytes:
    return texts[0] if len(texts) == 1 else _multipart("alternative", texts)


def _multipart(kind: str, parts: list[bytes]) -> bytes:
    """Parts under one boundary, which is made of what they hold so that it is always the same."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    boundary = f"={kind}={digest.hexdigest()[:40]}"
    pieces = [f'Content-Type: multipart/{kind}; boundary="{boundary}"\n\n'.encode()]
    for part in parts:
        pieces += (f"--{boundary}\n".encode(), part, b"\n")
    pieces.append(f"--{boundary}--\n".encode())
    return b"".join(pieces)
