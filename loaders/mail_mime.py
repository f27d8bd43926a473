"""The bytes of a message: header blocks and their fields, parts between boundaries, encodings.

Nothing here recurses, and every function takes time and memory linear in the bytes it is given.
"""

from __future__ import annotations

import binascii
import re
import time
from dataclasses import dataclass
from itertools import chain

# A message with more bytes is read up to here.
MESSAGE_BYTES = 64 * 1024 * 1024
# Real header blocks stay below 64 KiB, even with a long way and many recipients.
HEADER_BYTES = 256 * 1024
# Fields of one header block; a message that went round in a loop has some 200.
HEADER_FIELDS = 1_000
# Addresses of a message, all its fields together.
ADDRESSES = 2_000
# Parts of a message, those of messages inside it included.
PARTS = 500
# Multiparts and messages inside each other. Chains of forwards as attachments reach about 10.
NESTING = 30
# Code points of all texts of a message together, those of attachments included.
TEXT = 10 * 1024 * 1024
# Seconds for a message; looked at before each part.
SECONDS = 2.5
# Characters of a boundary: RFC 2046 section 5.1.1 allows 70, mail in the wild has more.
BOUNDARY = 200
# Pieces that base64 with padding in its middle is read in; beyond them the padding is junk.
_BASE64_PIECES = 10_000
# Bytes of all messages inside a message, each counted with what is inside it: all are hashed.
INNER_BYTES = 4 * MESSAGE_BYTES
# Lines of an attachment in uuencode, of up to 45 bytes each.
_UU_LINES = 2_000_000
# Boundaries and lookalikes passed by between two looks at the clock.
_DELIMITERS = 4_096

Fields = dict[bytes, list[bytes]]


@dataclass(frozen=True, slots=True)
class Block:
    """A header block: its ``fields`` by lower-case name, values as written, folds included.

    ``body`` is the byte at which the body begins; ``cut`` says that a cap was met.
    """

    fields: Fields
    body: int
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Pieces:
    """A multipart's parts as (start, end), in bytes. ``whole``: all delimiters were as they ought.

    ``cut`` is "" or the mark of the cap that was met: parts_cut or time_cut.
    """

    parts: tuple[tuple[int, int], ...]
    whole: bool
    cut: str = ""


_EMPTY_LINE = re.compile(rb"\n\r?\n")
# Without a limit, re keeps some 30 bytes for each line: 2 GB for a message of empty lines.
_LEADING = re.compile(rb"(?:\xef\xbb\xbf)?(?:[ \t]{0,99}\r?\n){0,999}(?:>?From [^\n]*\n){0,99}")
_FIELD = re.compile(rb"^([!-9;-~]{1,100})[ \t]*:([^\n]*(?:\n[ \t][^\n]*)*)", re.MULTILINE)
_SNIFFED = re.compile(rb"\n--([^\s]{1,200})[ \t]*\r?\n(?i:content-)[a-z-]{1,40}:", re.IGNORECASE)
# A block is a header block if one of these is in it, or a Content- or X- field.
_KNOWN = frozenset(
    b"from sender reply-to to cc bcc subject date message-id in-reply-to references received "
    b"return-path delivered-to mime-version list-id resent-from resent-date organization status "
    b"keywords comments errors-to precedence importance priority user-agent thread-topic "
    b"thread-index sent apparently-to envelope-to dkim-signature authentication-results "
    b"newsgroups path lines".split()
)
_BASE64_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_WHITE = b" \t\r\n\v\f"
_QUOTED_BROKEN = re.compile(rb"=(?![0-9A-Fa-f]{2}|\r?\n|[ \t]+\r?\n|\Z)")
_PLAIN_ENCODINGS = frozenset(("", "7bit", "8bit", "binary"))
_UU_ENCODINGS = frozenset(("x-uuencode", "uuencode", "x-uue", "uue"))


def leading(data: bytes) -> int:
    """Where a message's header block begins: after a byte order mark, empty lines, From_ lines."""
    match = _LEADING.match(data)
    return match.end() if match else 0


def read_block(data: bytes, start: int, end: int) -> Block | None:
    """The header block at ``start``, or None where there is none (all is body then).

    Lines that are no field are passed over if known fields follow them; else the body begins
    there, as it does in messages whose empty line is missing.
    """
    if data.startswith((b"\n", b"\r\n"), start, end):
        return Block({}, start + (1 if data[start] == 0x0A else 2))
    empty = _EMPTY_LINE.search(data, start, end)
    stop, body = (empty.start(), empty.end()) if empty else (end, end)
    cut = stop - start > HEADER_BYTES
    block = data[start : min(stop, start + HEADER_BYTES)].rstrip(b"\r\n")
    found = _FIELD.findall(block)
    # Names, colons, values and the line ends between them are all there is, as a rule.
    known = sum(map(len, chain.from_iterable(found))) + 2 * len(found) - 1
    if known != len(block) and _lines(block) != len(found):
        last = _last_line(block)
        if last is not None and not cut:
            body = start + last
            found = _FIELD.findall(block, 0, last)
    if len(found) > HEADER_FIELDS:
        found, cut = found[:HEADER_FIELDS], True
    fields: Fields = {}
    for name, value in found:
        fields.setdefault(name.lower(), []).append(value)
    if b"from" not in fields and not any(_is_known(name) for name in fields):
        return None
    return Block(fields, body, cut)


def _lines(block: bytes) -> int:
    """How many lines a block has that do not go on with another."""
    return 1 + block.count(b"\n") - block.count(b"\n ") - block.count(b"\n\t")


def _last_line(block: bytes) -> int | None:
    """Where the fields of a block end, if lines that are none follow the last known one."""
    end = gap = 0
    for match in _FIELD.finditer(block):
        if match.start() > end + 1 and not gap:
            gap = end
        end = match.end()
        if _is_known(match[1].lower()):
            gap = 0
    if not gap and end < len(block):
        gap = end
    return gap + 1 if gap else None


def _is_known(name: bytes) -> bool:
    return name in _KNOWN or name.startswith((b"content-", b"x-"))


def split_parts(
    data: bytes, start: int, end: int, boundary: bytes, most: int, deadline: float
) -> Pieces:
    """The parts of a multipart body between ``start`` and ``end`` (bytes), at most ``most``.

    Parts after a closing delimiter are taken too, and the last part may lack it; ``whole`` is
    then false. The line end before a delimiter belongs to the delimiter (RFC 2046 section 5.1.1).
    """
    needle = b"\n--" + boundary
    size = len(needle)
    parts: list[tuple[int, int]] = []
    opened: int | None = None
    closed, whole, cut, passed = False, True, "", 0
    first = data.startswith(needle[1:], start, end)
    at = start - 1 if first else data.find(needle, start, end)
    while at >= 0 or first:
        first = False
        after = at + size
        line_end = data.find(b"\n", after, end)
        tail = data[after : min(end if line_end < 0 else line_end, after + 99)].rstrip(b" \t\r")
        passed += 1
        if passed % _DELIMITERS == 0 and time.monotonic() > deadline:
            cut = "time_cut"
            break
        if tail in (b"", b"--"):
            if opened is not None:
                stop = max(at, opened)
                parts.append((opened, stop - 1 if data[stop - 1 : stop] == b"\r" else stop))
                if parts[-1][1] < opened:
                    parts[-1] = (opened, opened)
            if closed and not tail:
                whole = False
            opened = None
            if tail:
                closed = True
            elif len(parts) >= most:
                cut = "parts_cut"
                break
            else:
                opened = end if line_end < 0 else line_end + 1
        # The next delimiter may begin with the line end of this one.
        at = data.find(needle, after, end)
    if opened is not None and not cut and (not closed or data[opened:end].strip()):
        parts.append((opened, end))
    return Pieces(tuple(parts), whole and closed, cut)


def sniff_boundary(data: bytes, start: int, end: int) -> bytes | None:
    """A boundary that the body itself shows: the first ``--line`` that a Content- field follows."""
    match = _SNIFFED.search(data, max(start - 1, 0), end)
    return match[1] if match else None


def decode_transfer(data: bytes, encoding: str) -> tuple[bytes, bool]:
    """``data`` with its Content-Transfer-Encoding undone, and whether it was sound.

    An encoding nobody knows leaves the bytes as they are. Never raises.
    """
    if encoding in _PLAIN_ENCODINGS:
        return data, True
    if encoding == "base64":
        return decode_base64(data)
    if encoding == "quoted-printable":
        return binascii.a2b_qp(data), _QUOTED_BROKEN.search(data) is None
    if encoding in _UU_ENCODINGS:
        return _decode_uu(data)
    return data, False


def decode_base64(data: bytes) -> tuple[bytes, bool]:
    """The bytes behind base64 and whether it was sound; junk is passed over, padding mended.

    What follows padding and is no base64 (the footer of a mailing list) ends the data.
    """
    packed = data.translate(None, _WHITE)
    rest = packed.translate(None, _BASE64_ALPHABET)
    if len(packed) % 4 == 0 and rest in (b"", b"=", b"==") and packed.endswith(rest):
        return binascii.a2b_base64(packed), True
    padding = packed.find(b"=")
    if padding >= 0:
        after = packed[padding:].lstrip(b"=")
        if after.translate(None, _BASE64_ALPHABET + b"="):
            packed = packed[:padding]
    kept = packed.translate(None, rest.replace(b"=", b"")) if rest else packed
    pieces = kept.split(b"=", _BASE64_PIECES)
    pieces[-1] = pieces[-1].translate(None, b"=")
    return b"".join(map(_decode_piece, pieces)), False


def _decode_piece(piece: bytes) -> bytes:
    """Base64 without padding; a last single character carries no byte."""
    if len(piece) % 4 == 1:
        piece = piece[:-1]
    return binascii.a2b_base64(piece + b"=" * (-len(piece) % 4))


def _decode_uu(data: bytes) -> tuple[bytes, bool]:
    if data.count(b"\n") > _UU_LINES:
        return data, False
    lines = data.splitlines()
    begin = next((i for i, line in enumerate(lines) if line.startswith(b"begin ")), None)
    if begin is None:
        return data, False
    decoded: list[bytes] = []
    for line in lines[begin + 1 :]:
        if line.strip() == b"end":
            return b"".join(decoded), True
        try:
            decoded.append(binascii.a2b_uu(line))
        except binascii.Error:
            break
    return b"".join(decoded), False
