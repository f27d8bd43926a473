"""mbox files in all their variants, cut into messages without ever holding one of them.

A separator is a line "From sender date" (see mail_heads.is_separator) that is the file's first or
follows a blank line, or comes before a line with a header of mails: some writers leave the blank
line out. It and the blank line belong to no message: every byte of the file is in one message, in
one separator or in a problem.

``Content-Length`` (mboxcl) decides where a message ends only if a separator or the file's end
follows there; a wrong one is as if it were not there.

The bytes of a message stay as they are in the file, escaped lines and all; only for reading the
text are they unescaped, and only where that is safe (see ``unescaped``).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, Protocol

from .mail_heads import HEAD, LARGEST, LONGEST_SEPARATOR, is_separator, looks_like_mbox
from .mail_message import parse_message
from .mail_records import Message, RawMessage
from .records import Problem

BLOCK = 1 << 20  # bytes read at once
_NULS = bytes(BLOCK)
_HEADERS = 1 << 14  # bytes of a message that Content-Length is looked for in
_PADDING = 64  # NUL bytes at a file's end that are no part of its last message
_LINE = b"\nFrom "
# The first line of a message whose separator follows no blank line.
_HEADER = re.compile(
    rb"(?:From|Return-Path|Received|Date|Message-ID|Delivered-To|X-[!-9;-~]{1,40}|Subject|To"
    rb"|MIME-Version)[ \t]{0,3}:",
    re.IGNORECASE,
)
_AHEAD = LONGEST_SEPARATOR + 64  # bytes of a separator and of the header's name after it
_BLANK = re.compile(rb"\n\r?\n")
_LENGTHS = (b"\nContent-Length:", b"\ncontent-length:", b"\nCONTENT-LENGTH:")
_NUMBER = re.compile(rb"[ \t]*([0-9]{1,12})[ \t\r]*\n")
_ESCAPED = re.compile(rb"\n>(?=From )")


class Source(Protocol):
    """Bytes read from front to back: ``at`` gives those at ``offset``, fewer only at the end.

    ``hold`` says where the message begins that is being read: all before is done with.
    """

    def at(self, offset: int, length: int) -> bytes: ...

    def hold(self, start: int) -> None: ...


class FileSource:
    """An open file as a Source."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def at(self, offset: int, length: int) -> bytes:
        """The bytes at ``offset``. Raises OSError where they cannot be read."""
        self._file.seek(offset)
        return self._file.read(length)

    def hold(self, start: int) -> None:
        """Nothing: a file keeps its bytes."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Bytes ``start`` to ``end`` of an mbox; ``found`` says why they are no message, else ""."""

    start: int
    end: int
    found: str = ""


def split(source: Source) -> Iterator[Stretch]:
    """The messages of an mbox in order, and what else stands in it. An empty one gives nothing."""
    finder = _Finder(source)
    start: int | None = finder.first()
    if start is None:
        cut = finder.find(0, anywhere=True)
        if cut is None:
            if finder.end:
                yield Stretch(0, finder.end, _no_separator(finder))
            return
        yield Stretch(0, cut.end, f'{cut.end:,} bytes before the first "From " line')
        start = cut.next
    while start is not None:
        source.hold(start)
        cut = finder.declared(start) or finder.find(start)
        if cut is None:
            yield from _last(finder, start)
            return
        yield _message(start, cut.end)
        start = cut.next


def _last(finder: _Finder, start: int) -> Iterator[Stretch]:
    padding = finder.end - finder.data_end
    end = finder.end if padding < _PADDING else max(finder.data_end, start)
    yield _message(start, end - finder.blank(start, end))
    if end < finder.end:
        yield Stretch(end, finder.end, f"{padding:,} NUL bytes after the last message")


def _message(start: int, end: int) -> Stretch:
    return Stretch(start, end, "" if start < end else 'a "From " line with no message after it')


def _no_separator(finder: _Finder) -> str:
    if not finder.data_end:
        return f"{finder.end:,} NUL bytes and nothing else"
    return 'no line "From sender date" that a message begins after'


@dataclass(frozen=True, slots=True)
class _Cut:
    """Where a message ends, and where the next one begins; None: it is the last."""

    end: int
    next: int | None


class _Finder:
    """Looks for separators, a block at a time. ``end`` is known once ``find`` gave None."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._block = b""
        self._base = 0
        self._last = False  # the block reaches the end
        self.end = 0
        self.data_end = 0  # after the last byte that is not NUL

    def _load(self, offset: int) -> None:
        self._block, self._base = self._source.at(offset, BLOCK), offset
        self._last = len(self._block) < BLOCK
        if self._block == _NULS:  # a hole in the file: nothing to look for, and much faster so
            return
        if data := len(self._block.rstrip(b"\0")):
            self.data_end = max(self.data_end, offset + data)

    def _at(self, offset: int, length: int) -> bytes:
        begin = offset - self._base
        if begin >= 0 and (self._last or begin + length <= len(self._block)):
            return self._block[begin : begin + length]
        return self._source.at(offset, length)

    def first(self) -> int | None:
        """Where the first message begins, if only blank lines stand before its separator."""
        head = self._source.at(0, HEAD)
        if not looks_like_mbox(head):
            return None
        return head.find(b"\n", head.index(b"From ")) + 1 or len(head)

    def find(self, start: int, *, anywhere: bool = False) -> _Cut | None:
        """The end of the message that begins at ``start``, by the next separator; None: no more.

        ``anywhere``: whatever the lines before and after the separator are.
        """
        scan = max(0, start - 1)  # the line end before ``start`` may be the first of the two
        while True:
            ahead = self._base + len(self._block) - scan
            if scan < self._base or ahead < (0 if self._last else _AHEAD):
                self._load(scan)
            found = -1
            if self._block != _NULS:
                found = self._block.find(_LINE, scan - self._base)
            if found < 0:
                if self._last:
                    self.end = self._base + len(self._block)
                    return None
                scan = self._base + len(self._block) - LONGEST_SEPARATOR
                continue
            begin = found + 1
            if begin + _AHEAD > len(self._block) and not self._last:
                scan = max(scan, self._base + found - 2)  # with the line end of a blank line
                self._load(scan)
                continue
            stop = self._block.find(b"\n", begin, begin + LONGEST_SEPARATOR) + 1
            line = self._block[begin : stop or begin + LONGEST_SEPARATOR + 1]
            before = self._block[max(found - 2, 0) : begin]
            blank = 1 if before.endswith(b"\n\n") else 2 if before.endswith(b"\n\r\n") else 0
            place = self._base + begin
            # Some messages begin with a second such line: it is none of an empty message before.
            header = stop and place > start and _HEADER.match(self._block, stop)
            if (blank or anywhere or header) and is_separator(line):
                return _Cut(place - blank, place + len(line))
            scan = place

    def declared(self, start: int) -> _Cut | None:
        """The end of the message by its Content-Length, where that can be true."""
        headers = self._at(start - 1, _HEADERS)
        blank = _BLANK.search(headers)
        if blank is None:
            return None
        for name in _LENGTHS:
            if (at := headers.find(name, 0, blank.end())) >= 0:
                break
        else:
            return None
        number = _NUMBER.match(headers, at + len(name))
        if number is None or int(number[1]) > LARGEST:
            return None
        end = start - 1 + blank.end() + int(number[1])
        around = self._at(end - 1, LONGEST_SEPARATOR + 8)
        line = around[1:].lstrip(b"\r\n")
        if around[:1] != b"\n" and around[1:3] != b"\r\n" and around[1:2] != b"\n":
            return None  # not the end of a line, or beyond the file
        if not line:
            return _Cut(end, None)
        begin = end + len(around) - 1 - len(line)
        line = line[: line.find(b"\n") + 1 or None]
        return _Cut(end, begin + len(line)) if is_separator(line) else None

    def blank(self, start: int, end: int) -> int:
        """How many bytes the blank line at the end of a message has."""
        tail = self._at(max(start - 1, end - 3), min(3, end - start + 1))
        return 1 if tail.endswith(b"\n\n") else 2 if tail.endswith(b"\n\r\n") else 0


def unescaped(data: bytes) -> bytes:
    """A message with ">From " at the start of a line of its body turned back into "From ".

    Writers of mbox put the ">" there (mboxo, mboxrd). A reply that quotes a line beginning with
    "From " may look the same, and one writer's words must not become another's: so not where a
    line beside it is quoted too, nor after a line that ends in a colon. ">>From " stays: only
    mboxrd would take one ">" off, and no file says that it is mboxrd.
    """
    body = _BLANK.search(data)
    if body is None or data.find(b"\n>From ", body.end() - 1) < 0:
        return data
    pieces, done = [], 0
    for found in _ESCAPED.finditer(data, body.end() - 1):
        if not _is_quoted(data, found.start(), found.end()):
            pieces.append(data[done : found.start() + 1])
            done = found.end()
    return b"".join((*pieces, data[done:]))


def _is_quoted(data: bytes, end: int, start: int) -> bool:
    """Whether the lines around one say that it is quoted: that before ends at ``end``."""
    before = data[data.rfind(b"\n", 0, end) + 1 : end].strip()
    if not before:  # an attribution may stand before a blank line
        end = max(data.rfind(b"\n", 0, end), 0)
        before = data[data.rfind(b"\n", 0, end) + 1 : end].strip()
    after = data.find(b"\n", start) + 1
    neighbours = (before, data[after : after + 7] if after else b"")
    return before.endswith(b":") or any(
        line.startswith(b">") and not line.startswith(b">From ") for line in neighbours
    )


def read_message(data: bytes) -> Message:
    """The message in the bytes of a file: its hash and size are of these bytes as they are."""
    text = unescaped(data)
    message = parse_message(text)
    if text is not data:
        message = replace(message, sha256=hashlib.sha256(data).hexdigest(), size=len(data))
    return message


def read_at(path: Path, offset: int, length: int) -> bytes:
    """The bytes of a message in a file, at most one more than LARGEST. Raises OSError."""
    with path.open("rb") as file:
        file.seek(offset)
        return file.read(min(length, LARGEST + 1))


def mailbox(name: str) -> str:
    """The mailbox that an mbox file of this name (with "/" between folders) holds: "Inbox".

    Apple Mail calls all of them "mbox", in a folder "Name.mbox".
    """
    *folders, last = name.split("/")
    if last == "mbox" and folders:
        last = folders[-1]
    for ending in (".gz", ".bz2", ".xz", *Mbox.suffixes, ".txt"):
        if last.lower().endswith(ending) and len(last) > len(ending):
            last = last[: -len(ending)]
    return last


def told(path: Path | str, member: str, stretch: Stretch) -> Problem | None:
    """The problem of a stretch that is no message. ``member`` is "" for the file itself."""
    if not stretch.found:
        return None
    place = f"byte {stretch.start}"
    expected = advice = ""
    if stretch.found.startswith("no line"):
        expected = "an mbox"
        advice = "If it is one message, rename it to end in .eml"
    return Problem(
        str(path), f"member {member}, {place}" if member else place, stretch.found, expected, advice
    )


class Mbox:
    """One mbox file: ``offset`` and ``length`` of a message are bytes of it."""

    name = "mbox"
    suffixes = (".mbox", ".mbx")

    def recognises(self, head: bytes) -> bool:
        """Whether a "From " line comes first."""
        return looks_like_mbox(head)

    def messages(self, path: Path) -> Iterator[RawMessage]:
        """Every message in file order. Raises OSError where the file cannot be read."""
        folder = mailbox(path.absolute().as_posix())
        empty = True
        with path.open("rb") as file:
            for stretch in split(FileSource(file)):
                empty = False
                length = stretch.end - stretch.start
                problem = told(path, "", stretch)
                yield RawMessage("", stretch.start, length, folder, problem=problem)
        if empty:
            problem = Problem(str(path), "", "the file is empty", "an mbox")
            yield RawMessage("", 0, 0, folder, problem=problem)

    def read(self, path: Path, member: str, offset: int, length: int) -> bytes:
        """The bytes of one message. Raises OSError."""
        return read_at(path, offset, length)

    def parse(self, data: bytes) -> Message:
        """The message, read from its bytes."""
        return read_message(data)
