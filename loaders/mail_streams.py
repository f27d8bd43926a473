"""Compressed bytes, read forwards with a bound on memory: nothing is ever written to disk."""

from __future__ import annotations

import bz2
import gzip
import lzma
import struct
import zipfile
import zlib
from collections.abc import Callable
from typing import IO, cast

from .mail_heads import LARGEST

BLOCK = 1 << 20  # bytes read at once
RATIO = 100  # times its compressed size that a thing larger than LARGEST may expand to
_BEHIND = 2048  # bytes before a message that may be asked for again
# What the standard library raises on broken or hostile archives.
FAULTS = (
    EOFError, OSError, ValueError, RuntimeError, MemoryError, OverflowError, struct.error,
    zlib.error, lzma.LZMAError, zipfile.BadZipFile,
)  # fmt: skip
_OPENERS: tuple[
    tuple[bytes, Callable[[IO[bytes]], gzip.GzipFile | bz2.BZ2File | lzma.LZMAFile]], ...
] = (
    (b"\x1f\x8b", lambda file: gzip.GzipFile(fileobj=file, mode="rb")),
    (b"BZh", bz2.BZ2File),
    (b"\xfd7zXZ\0", lzma.LZMAFile),
)


class Stream:
    """Bytes that are pulled once. ``fault`` says why they ended before their end, else "".

    ``packed`` tells how many compressed bytes were used so far, ``before`` how many of them for
    something else; ``limit`` is after how many bytes to stop. What expands too much is cut off with
    a fault, and ``bomb`` is true.
    """

    def __init__(
        self,
        pull: Callable[[int], bytes],
        packed: Callable[[], int] | None = None,
        limit: int | None = None,
        before: int = 0,
    ) -> None:
        self._pull = pull
        self.packed = packed
        self._before = before
        self._left = limit
        self._ahead = b""
        self.taken = 0  # bytes pulled
        self.fault = ""
        self.bomb = False

    def _more(self, length: int) -> bytes:
        if self._left is not None:
            length = min(length, self._left)
        if self.fault or length <= 0:
            return b""
        try:
            data = self._pull(min(length, BLOCK))
        except FAULTS as error:
            self.fault = f"it is damaged or cut off: {error or type(error).__name__}"
            return b""
        self.taken += len(data)
        if self._left is not None:
            self._left -= len(data)
            if not data:
                self.fault = f"it ends {self._left:,} bytes too early"
        if self.taken > LARGEST and self.packed is not None:
            packed = self.packed() - self._before
            if self.taken > RATIO * max(packed, 1):
                self.bomb = True
                self.fault = (
                    f"{packed:,} compressed bytes expand to more than {RATIO} times as many"
                )
                return b""
        return data

    @property
    def position(self) -> int:
        """How many bytes were read."""
        return self.taken - len(self._ahead)

    def peek(self, length: int) -> bytes:
        """The next bytes, left in place; fewer than ``length`` only at the end."""
        while len(self._ahead) < length and (data := self._more(length - len(self._ahead))):
            self._ahead += data
        return self._ahead[:length]

    def read(self, length: int) -> bytes:
        """The next bytes, fewer than ``length`` only at the end."""
        pieces = [self._ahead[:length]]
        self._ahead = self._ahead[length:]
        length -= len(pieces[0])
        while length > 0 and (data := self._more(length)):
            pieces.append(data)
            length -= len(data)
        return b"".join(pieces)

    def skip(self, length: int | None = None) -> int:
        """Pass over bytes, all that are left by default; how many there were."""
        passed = 0
        while (length is None or passed < length) and (
            data := self.read(BLOCK if length is None else min(BLOCK, length - passed))
        ):
            passed += len(data)
        return passed


class Pulled:
    """A Stream as far as the decompressors need a file: read and tell."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream

    def read(self, length: int = -1) -> bytes:
        """The next bytes."""
        return self._stream.read(length)

    def tell(self) -> int:
        """How many bytes were read."""
        return self._stream.position


def inflated(file: IO[bytes] | Pulled, head: bytes) -> Stream | None:
    """What a gzip, bzip2 or xz file holds, known by its first bytes; None for any other file."""
    for magic, opener in _OPENERS:
        if head.startswith(magic):
            # read() would lose what came before a fault
            return Stream(opener(cast(IO[bytes], file)).read1, file.tell)
    return None


class StreamSource:
    """A Stream as a Source of an mbox: keeps no more than the message that is being read."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._buffer = bytearray()
        self._base = 0  # offset of the buffer
        self._held: int | None = None
        self._kept: bytes | None = None  # the first bytes of a message that is too large

    def at(self, offset: int, length: int) -> bytes:
        """The bytes at ``offset``; none where they are gone."""
        while self._base + len(self._buffer) < offset + length:
            if not (data := self._stream.read(BLOCK)):
                break
            self._buffer += data
            self._shed(offset)
        return self._slice(offset, length)

    def _shed(self, offset: int) -> None:
        if self._held is not None and self._kept is None:
            if offset - self._held < LARGEST + BLOCK:
                return
            self._kept = self._slice(self._held, LARGEST + 1)
        self._drop(offset)

    def _drop(self, before: int) -> None:
        if (gone := before - _BEHIND - self._base) > 0:
            del self._buffer[:gone]
            self._base += gone

    def _slice(self, offset: int, length: int) -> bytes:
        begin = offset - self._base
        if begin < 0:
            return b""
        with memoryview(self._buffer) as view:
            return bytes(view[begin : begin + length])

    def hold(self, start: int) -> None:
        """The message that is being read begins here."""
        self._held, self._kept = start, None
        if start - self._base > BLOCK:
            self._drop(start)

    def take(self, start: int, end: int) -> bytes:
        """The bytes of the message that is being read, at most one more than LARGEST."""
        length = min(end - start, LARGEST + 1)
        return self._slice(start, length) if self._kept is None else self._kept[:length]
