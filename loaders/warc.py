"""Archived web pages: WARC files, alone or in a WACZ, read without unpacking them to disk."""

from __future__ import annotations

import gzip
import io
import os
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import redirect_stderr
from dataclasses import dataclass, replace
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import IO, Any

from .article import text_document
from .decoding import text_of
from .pdf import pdf_document
from .records import Description, Document, Problem
from .webpage import page_document

LARGEST = 50 * 1024 * 1024  # bytes of a record
# What a compressed file may become: this many bytes, or this many times its own size.
LARGEST_UNPACKED = 200 * 1024 * 1024
MOST_TIMES = 100
LONGEST_HEAD = 1024 * 1024  # bytes of a record before its content

_MISSING = "Reading web archives needs warcio: pip install 'datasette-leaks[warc]'"
_ZIP = b"PK\x03\x04"
_GZIP = b"\x1f\x8b"
_PAGES = ("text/html", "application/xhtml+xml")
_PDF = "application/pdf"
_PLAIN = "text/plain"
_WEB = re.compile(r"https?://", re.IGNORECASE)
_MEMBER = re.compile(r"archive/[^\x00]+\.warc(?:\.gz)?", re.IGNORECASE)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_UNREADABLE = (zlib.error, gzip.BadGzipFile, zipfile.BadZipFile, EOFError)
_PACKED = ("br", "zstd", "compress")


class WarcLoader:
    """WARC and WACZ: every page, PDF and plain text that a server answered with is a document.

    What else is in them (pictures, styles, requests, redirects, revisits) is no item; an error
    page, and a record that cannot be read, is a Problem.
    """

    name = "warc"
    suffixes: tuple[str, ...] = (".warc", ".warc.gz", ".wacz")

    def load(self, path: Path) -> Iterator[Document | Problem]:
        """The documents of the archive at ``path``. Raises OSError where it cannot be read."""
        if find_spec("warcio") is None:
            yield Problem(str(path), "", "web archives cannot be read here", "warcio", _MISSING)
            return
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            budget = _Budget(max(LARGEST_UNPACKED, MOST_TIMES * size))
            if file.peek(4)[:4] == _ZIP:
                items = _wacz(file, str(path), budget)
            else:
                items = _warc(file, str(path), "", budget)
            empty = True
            for item in items:
                empty = False
                yield item
        if empty:
            yield Problem(str(path), "", "no page, PDF or text in it", "a WARC with pages")


class _BrokenError(Exception):
    """The archive cannot be read on; the message says why."""


@dataclass(slots=True)
class _Budget:
    """What may still come out of a compressed file, in bytes."""

    left: int

    def take(self, size: int) -> None:
        self.left -= size
        if self.left < 0:
            raise _BrokenError(
                f"it unpacks to more than {LARGEST_UNPACKED:,} bytes, {MOST_TIMES} times its size"
            )


@dataclass(slots=True)
class _Stream:
    """Bytes for warcio; ``head`` is how many more it may ask for before a record's content."""

    source: io.BufferedIOBase
    budget: _Budget | None
    head: int | None = None
    position: int = 0

    def tell(self) -> int:
        return self.position

    def read(self, size: int = -1) -> bytes:
        try:
            # read() would lose what stands before the place where a file is cut off.
            data = self.source.read1(size if size >= 0 else 1 << 16)
        except _UNREADABLE as error:
            raise _BrokenError(f"it is broken or cut off ({error})") from error
        self.position += len(data)
        if self.budget is not None:
            self.budget.take(len(data))
        if self.head is not None:
            self.head -= len(data)
            if self.head < 0:
                raise _BrokenError(f"the head of a record is longer than {LONGEST_HEAD:,} bytes")
        return data


@dataclass(frozen=True, slots=True)
class _Record:
    """What a server answered. ``data`` is without transfer and content encodings.

    ``missing`` is how many bytes the file lacks of it; ``altered``: its digest is another one.
    """

    number: int
    uri: str
    date: str
    status: int
    content_type: str
    packing: str
    data: bytes
    missing: int
    altered: bool


def _wacz(file: IO[bytes], path: str, budget: _Budget) -> Iterator[Document | Problem]:
    try:
        with zipfile.ZipFile(file) as packed:
            for member in packed.infolist():
                if _MEMBER.fullmatch(member.filename):
                    with packed.open(member) as inner:
                        yield from _warc(inner, path, f"{member.filename}#", budget)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError) as error:
        yield Problem(path, "", f"the archive is broken: {error}", "a WACZ (a ZIP of WARCs)")


def _warc(file: Any, path: str, member: str, budget: _Budget) -> Iterator[Document | Problem]:
    """The items of one WARC, a buffered file; ``member`` is its name in a WACZ, and ``#``."""
    packed = file.peek(2)[:2] == _GZIP
    stream = _Stream(
        gzip.GzipFile(fileobj=file) if packed else file, budget if packed or member else None
    )
    number = 0
    try:
        for record in _records(stream):
            number = record.number
            item = _item(record, f"{path}#{member}{number}")
            if isinstance(item, Problem):
                item = replace(item, path=path, place=f"record {member}{number}, {record.uri}")
            if item is not None:
                yield item
    except _BrokenError as error:
        after = f"after record {member}{number}" if number else member.rstrip("#")
        yield Problem(
            path,
            after,
            f"the rest cannot be read: {error}",
            "a WARC record",
            "Fetch the file again; what stands before is loaded",
        )


def _records(stream: _Stream) -> Iterator[_Record]:
    """The records that may hold a text. Raises _BrokenError."""
    from warcio.archiveiterator import WARCIterator
    from warcio.exceptions import ArchiveLoadFailed
    from warcio.statusandheaders import StatusAndHeadersParserException

    # What warcio raises at records it was not written for.
    faults = (
        ArchiveLoadFailed, StatusAndHeadersParserException, AttributeError, EOFError, LookupError,
        TypeError, ValueError, *_UNREADABLE,
    )  # fmt: skip
    try:
        records = WARCIterator(stream, check_digests=True)
        for number in count(1):
            stream.head = LONGEST_HEAD
            with redirect_stderr(io.StringIO()):  # where warcio complains of what it can read
                record = next(records, None)
            stream.head = None
            if record is None:
                return
            found = _read_record(record, number)
            while record.raw_stream.read(1 << 16):
                pass
            if found is not None:
                altered = any(
                    each.startswith("block digest failed")
                    for each in record.digest_checker.problems
                )
                yield replace(found, altered=altered)
    except faults as error:
        raise _BrokenError(str(error).strip() or type(error).__name__) from error


def _read_record(record: Any, number: int) -> _Record | None:
    """The record, None where it is none that may hold a text."""
    uri = record.rec_headers.get_header("WARC-Target-URI") or ""
    if record.rec_type not in ("response", "resource") or not _WEB.match(uri):
        return None
    if uri.endswith("/robots.txt"):
        return None
    content_type, status, packing = record.content_type or "", 200, ""
    if record.http_headers is not None:
        content_type = record.http_headers.get_header("Content-Type") or ""
        code = record.http_headers.get_statuscode() or ""
        status = int(code) if re.fullmatch("[0-9]{3}", code) else 0
        packing = (record.http_headers.get_header("Content-Encoding") or "").strip().lower()
    stream = record.content_stream()
    parts: list[bytes] = []
    size = 0
    while size <= LARGEST:
        part = stream.read(1 << 16)
        if not part:
            break
        if not parts and not _may_be_text(content_type, part):
            return None
        parts.append(part)
        size += len(part)
    missing = int(record.raw_stream.limit) if size <= LARGEST else 0
    date = record.rec_headers.get_header("WARC-Date") or ""
    data = b"".join(parts)
    return _Record(number, uri, date, status, content_type, packing, data, missing, False)


def _may_be_text(content_type: str, start: bytes) -> bool:
    return _kind(content_type, start) is not None


def _kind(content_type: str, start: bytes) -> str | None:
    """The media type of a text that we read, by its declaration, else by its first bytes."""
    declared = content_type.partition(";")[0].strip().lower()
    if declared in (*_PAGES, _PDF, _PLAIN):
        return declared
    if declared in ("", "application/octet-stream", "unknown/unknown"):
        if start.startswith(b"%PDF-"):
            return _PDF
        if re.match(rb"\s*<(?:!doctype\s+html|html|head|body)\b", start, re.IGNORECASE):
            return _PAGES[0]
    return None


def _item(record: _Record, name: str) -> Document | Problem | None:
    """The document of a record; None for a redirect and an answer without content."""
    if record.status >= 400 or record.status < 200:
        return Problem(
            name, "", f"the server answered {record.status or 'without a status'}", "status 200"
        )
    if record.status >= 300 or not record.data:
        return None
    if record.missing:
        return Problem(
            name, "", f"the record lacks its last {record.missing:,} bytes", "a whole record"
        )
    if len(record.data) > LARGEST:
        return Problem(name, "", f"the record is larger than {LARGEST:,} bytes", "a page")
    if record.packing in _PACKED and record.data[:1] != b"<":
        return Problem(name, "", f"it is compressed with {record.packing}", "gzip, or none")
    item = _document(record, name)
    if isinstance(item, Problem):
        return item
    said = item.description
    notes = [said.note, f"archived {record.date}" if record.date else None]
    if record.altered:
        notes.append("its content is not that of which the archive gives the digest")
    note = "; ".join(each for each in notes if each)
    return replace(item, description=replace(said, note=note or None))


def _document(record: _Record, name: str) -> Document | Problem:
    kind = _kind(record.content_type, record.data)
    if kind == _PDF:
        return pdf_document(record.data, name, record.uri)
    charset = _CHARSET.search(record.content_type)
    if kind == _PLAIN:
        read = text_of(record.data, name, _PLAIN)
        if isinstance(read, Problem):
            return read
        return text_document(read, Description("web_page", url=record.uri))
    return page_document(
        record.data, name, record.uri, charset[1] if charset else None, kind or _PAGES[0]
    )
