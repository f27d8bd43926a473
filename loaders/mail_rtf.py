"""Outlook's rich text: decompressed (MS-OXRTFCP), and read as plain text, tolerantly."""

from __future__ import annotations

import codecs
import re
import struct
from dataclasses import dataclass, replace

from .mail_heads import LARGEST

_HEADER = struct.Struct("<IIII")
_COMPRESSED, _STORED = 0x75465A4C, 0x414C454D  # "LZFu", "MELA"
_WINDOW = 4096
# What every decompressor begins with: MS-OXRTFCP section 2.1.2.1.
_PRELOADED = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript "
    rb"\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0"
    b"\r\n"
    rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)
_TOKEN = re.compile(
    rb"\\([A-Za-z]{1,32})(-?[0-9]{1,9})? ?|\\'([0-9A-Fa-f]{2})|\\([^A-Za-z])|([{}])|[\r\n]+"
    rb"|([^\\{}\r\n]+)|\\",
    re.DOTALL,
)
_NOT_TEXT = frozenset(
    b"fonttbl colortbl stylesheet info pict object objdata header headerl headerr headerf footer "
    b"footerl footerr footerf fldinst listtable listoverridetable revtbl rsidtbl themedata "
    b"datastore latentstyles generator xe tc".split()
)
_SIGNS = {
    b"par": "\n", b"line": "\n", b"sect": "\n", b"page": "\n", b"row": "\n", b"tab": "\t",
    b"cell": "\t", b"emdash": "\u2014", b"endash": "\u2013", b"lquote": "\u2018",
    b"rquote": "\u2019", b"ldblquote": "\u201c", b"rdblquote": "\u201d", b"bullet": "\u2022",
    b"emspace": " ", b"enspace": " ", b"~": "\u00a0", b"_": "\u2011", b"\\": "\\", b"{": "{",
    b"}": "}", b"\n": "\n", b"\r": "\n",
}  # fmt: skip
_FONT_CODECS = {
    77: "mac-roman", 128: "cp932", 129: "cp949", 134: "gbk", 136: "cp950", 161: "cp1253",
    162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251",
    222: "cp874", 238: "cp1250",
}  # fmt: skip


def decompressed(data: bytes) -> bytes:
    """The RTF in the bytes of PidTagRtfCompressed, as far as they go. Raises ValueError."""
    if len(data) < _HEADER.size:
        raise ValueError("compressed RTF without its header")
    _, size, kind, _ = _HEADER.unpack_from(data)
    if kind == _STORED:
        return data[_HEADER.size :][:size]
    if kind != _COMPRESSED:
        raise ValueError("neither compressed nor stored RTF")
    out = bytearray(_PRELOADED)  # the window is what was written last
    start = len(out)
    at, end = _HEADER.size, len(data)
    while at < end:
        flags = data[at]
        at += 1
        for bit in range(8):
            if not flags >> bit & 1:
                if at >= end:
                    break
                out.append(data[at])
                at += 1
                continue
            if at + 2 > end:
                return bytes(out[start:][:size])
            pair = data[at] << 8 | data[at + 1]
            at += 2
            back = (len(out) - (pair >> 4)) % _WINDOW
            if not back or len(out) > LARGEST:  # a reference to here is the end
                return bytes(out[start:][:size])
            length = (pair & 15) + 2
            if back > len(out):  # never written: hostile
                out += bytes(length)
                continue
            piece = out[-back:][:length]
            out += (piece * (length // len(piece) + 1))[:length]
    return bytes(out[start:][:size])


@dataclass(frozen=True, slots=True)
class _Group:
    hidden: bool = False  # no text: a table of fonts, a picture
    fonts: bool = False  # the table of fonts
    codec: str = "cp1252"
    skip: int = 1  # how many characters stand in for one of Unicode


def rtf_text(data: bytes) -> str:
    """The text of an RTF document: lines as its paragraphs, no formatting. Never raises."""
    reader = _Reader()
    at = 0
    while at < len(data) and (token := _TOKEN.match(data, at)):
        at = token.end()
        word, number, code, sign, brace, text = token.groups()
        if text is not None:
            reader.take(text)
        elif code is not None:
            reader.take(bytes.fromhex(code.decode()))
        elif brace == b"{":
            reader.flush()
            reader.stack.append(reader.group)
        elif brace:
            reader.flush()
            reader.group = reader.stack.pop() if reader.stack else _Group()
        elif word == b"bin":
            at += max(int(number or 0), 0)
        elif word or sign:
            reader.control(word or sign, int(number) if number else None)
    reader.flush()
    return "".join(reader.text)


class _Reader:
    def __init__(self) -> None:
        self.text: list[str] = []
        self.group = _Group()
        self.stack: list[_Group] = []
        self._pending = bytearray()
        self._unicode: list[int] = []  # UTF-16 code units
        self._skip = 0  # stand-ins still to pass over
        self._plain = "cp1252"
        self._fonts: dict[int, str] = {}
        self._font = 0

    def take(self, data: bytes) -> None:
        if self._skip:
            passed = min(self._skip, len(data))
            self._skip -= passed
            data = data[passed:]
        if data and not self.group.hidden:
            self._flush_unicode()
            self._pending += data

    def flush(self) -> None:
        self._flush_unicode()
        self._skip = 0
        if self._pending:
            self.text.append(self._pending.decode(self.group.codec, "replace"))
            self._pending.clear()

    def _flush_unicode(self) -> None:
        if self._unicode:
            units = b"".join(unit.to_bytes(2, "little") for unit in self._unicode)
            self.text.append(units.decode("utf-16-le", "replace"))
            self._unicode.clear()

    def control(self, word: bytes, number: int | None) -> None:
        if word == b"u" and number is not None:
            if self._pending:
                self.flush()
            if not self.group.hidden:
                self._unicode.append(number & 0xFFFF)
            self._skip = self.group.skip
            return
        self.flush()
        if word == b"uc":
            self.group = replace(self.group, skip=max(0, min(number or 0, 16)))
        elif word == b"*" or word in _NOT_TEXT:
            fonts = self.group.fonts or word == b"fonttbl"
            self.group = replace(self.group, hidden=True, fonts=fonts)
        elif word == b"ansicpg" and number is not None:
            self._plain = _known(f"cp{number}", self._plain)
            self.group = replace(self.group, codec=self._plain)
        elif word == b"f" and number is not None:
            self._font = number
            self.group = replace(self.group, codec=self._fonts.get(number, self._plain))
        elif word == b"fcharset" and self.group.fonts:
            self._fonts[self._font] = _FONT_CODECS.get(number or 0, self._plain)
        elif word == b"plain":
            self.group = replace(self.group, codec=self._plain)
        elif word in _SIGNS and not self.group.hidden:
            self.text.append(_SIGNS[word])


def _known(codec: str, otherwise: str) -> str:
    try:
        return codecs.lookup("utf-8" if codec == "cp65001" else codec).name
    except LookupError:
        return otherwise
