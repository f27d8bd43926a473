"""Bytes of a text file to text, without a guess that cannot be explained."""

from __future__ import annotations

import codecs
import hashlib
from dataclasses import dataclass
from pathlib import Path

from .records import Problem, SourceFile

LARGEST = 50 * 1024 * 1024

# UTF-32 first: its little-endian mark begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Windows-1252 leaves five bytes undefined; those stay what Latin-1 makes of them.
_WINDOWS_1252 = {
    byte: bytes([byte]).decode("cp1252")
    for byte in range(0x80, 0xA0)
    if byte not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)
}
_CONTROLS = bytes(byte for byte in range(0x20) if chr(byte) not in "\t\n\v\f\r\x1a\x1b")


class UndecodableError(ValueError):
    """The bytes are no text; the message says why, ``advice`` what to do about it."""

    def __init__(self, found: str, place: str = "", advice: str = "") -> None:
        super().__init__(found)
        self.found = found
        self.place = place
        self.advice = advice


@dataclass(frozen=True, slots=True)
class TextFile:
    """A file's text, its byte order mark taken off and its line ends made LF."""

    text: str
    file: SourceFile


def decode(data: bytes) -> tuple[str, str]:
    """The text of ``data`` and the encoding it was in, line ends untouched.

    A byte order mark decides (UTF-8, UTF-16, UTF-32) and is taken off; else strict UTF-8, else
    Windows-1252. The text is not normalised: decomposed characters stay decomposed. Raises
    UndecodableError for binary data and for bytes that their mark's encoding does not allow.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            codec = encoding.removesuffix("-sig")
            try:
                text = data[len(mark) :].decode(codec)
            except UnicodeDecodeError as error:
                raise UndecodableError(
                    f"the file says by its first bytes that it is {codec}, and is not",
                    f"byte {error.start + len(mark)}",
                    "Save it again as UTF-8",
                ) from error
            if "\0" in text:
                raise _binary(f"character {text.index(chr(0))}")
            return text, encoding
    if b"\0" in data:
        raise _binary(f"byte {data.index(0)}")
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        if (len(data) - len(data.translate(None, _CONTROLS))) * 100 > len(data):
            raise _binary("") from None
        return data.decode("latin-1").translate(_WINDOWS_1252), "windows-1252"


def read_text(path: Path, media_type: str, largest: int = LARGEST) -> TextFile | Problem:
    """The text of the file at ``path``, or why it has none. ``largest`` is in bytes.

    Raises OSError where the file cannot be read.
    """
    data = read_bytes(path, largest)
    return data if isinstance(data, Problem) else text_of(data, str(path), media_type)


def read_bytes(path: Path, largest: int = LARGEST) -> bytes | Problem:
    """The bytes of the file at ``path``, or that they are more than ``largest``. Raises OSError."""
    with path.open("rb") as stream:
        data = stream.read(largest + 1)
    if len(data) <= largest:
        return data
    return Problem(
        str(path),
        "",
        f"the file is larger than {largest:,} bytes",
        "an article",
        "Cut it into its articles",
    )


def text_of(data: bytes, path: str, media_type: str) -> TextFile | Problem:
    """The text of a file's bytes, or why it has none; ``path`` is what the file goes by."""
    try:
        text, encoding = decode(data)
    except UndecodableError as error:
        return Problem(path, error.place, error.found, "a text file", error.advice)
    if not text.strip():
        return no_text(path, len(data))
    digest = hashlib.sha256(data).hexdigest()
    return TextFile(
        text.replace("\r\n", "\n").replace("\r", "\n"),
        SourceFile(path, len(data), digest, media_type, encoding),
    )


def no_text(path: str | Path, size: int) -> Problem:
    """The problem of a file of ``size`` bytes that holds no text."""
    return Problem(str(path), "", f"{size:,} bytes in, no text", "an article's text")


def _binary(place: str) -> UndecodableError:
    return UndecodableError(
        "this is binary data, not text", place, "If it is a text file, save it again as UTF-8"
    )
