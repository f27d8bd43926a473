"""The members of a tar archive, read forwards.

``tarfile`` reads headers of any size into memory and takes a broken header for the end of the
archive; here both are told. Its TarInfo still reads the header blocks (POSIX.1-2001, GNU).
"""

from __future__ import annotations

import re
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass

from .mail_streams import BLOCK, Stream

_SIZE = 512  # bytes of a block
_NULS = bytes(BLOCK)
_LARGEST_HEADER = 1 << 20  # bytes of a name or of pax records
_FIELD = re.compile(rb"([0-9]{1,7}) ([^=\n]{1,100})=")
_NUMBER = re.compile("[0-9]{1,15}")
_KINDS = {
    tarfile.LNKTYPE: "a link",
    tarfile.SYMTYPE: "a link",
    tarfile.CHRTYPE: "a device",
    tarfile.BLKTYPE: "a device",
    tarfile.FIFOTYPE: "a pipe",
    tarfile.GNUTYPE_SPARSE: "a sparse file",
}


def is_tar(head: bytes) -> bool:
    """Whether a file's first bytes are the header of a tar archive's first member."""
    return head[257:262] == b"ustar" or _header(head[:_SIZE]) is not None


@dataclass(frozen=True, slots=True)
class TarMember:
    """A file in a tar archive: its bytes, or in ``found`` why it has none to read."""

    name: str
    size: int
    stream: Stream
    found: str = ""


def tar_members(archive: Stream) -> Iterator[TarMember]:
    """The files of a tar archive in order, folders left out.

    What the reader does not take of a member is passed over. Afterwards ``archive.fault`` says why
    the archive could not be read to its end, if so.
    """
    fields: dict[str, str] = {}
    while True:
        offset = archive.position
        block = archive.read(_SIZE)
        if not block.strip(b"\0"):
            archive.fault = archive.fault or _after_the_end(archive, block)
            return
        header = _header(block)
        if header is None:
            archive.fault = archive.fault or f"no header at byte {offset} of the archive"
            return
        padding = -header.size % _SIZE
        kind = header.type
        if kind in (tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.GNUTYPE_LONGNAME, b"K", b"X"):
            if header.size > _LARGEST_HEADER:
                archive.fault = f"a header of {header.size:,} bytes at byte {offset}"
                return
            data = archive.read(header.size)
            archive.skip(padding)
            if kind == tarfile.GNUTYPE_LONGNAME:
                fields["path"] = _text(data.rstrip(b"\0"))
            elif kind in (tarfile.XHDTYPE, b"X"):
                fields.update(_records(data))
            continue
        name = fields.get("path", header.name)
        size = int(fields["size"]) if _NUMBER.fullmatch(fields.get("size", "")) else header.size
        found = _KINDS.get(kind, "")
        if any(field.startswith("GNU.sparse.") for field in fields):
            found = "a sparse file"
        fields = {}
        if kind in (tarfile.LNKTYPE, tarfile.SYMTYPE, tarfile.DIRTYPE):
            size = 0
        if kind == tarfile.DIRTYPE or (not found and name.endswith("/")):
            archive.skip(size + -size % _SIZE)
            continue
        used = archive.packed() if archive.packed else 0
        member = Stream(archive.read, archive.packed, size, used)
        yield TarMember(name, size, member, found)
        if not member.fault:
            member.skip()
        if member.fault:
            archive.fault = archive.fault or member.fault
            return
        archive.skip(-size % _SIZE)


def _after_the_end(archive: Stream, block: bytes) -> str:
    """What is wrong with the end of an archive, by its last block and what follows."""
    if len(block) < _SIZE:
        return "it ends without an end mark"
    while data := archive.read(BLOCK):
        if not _NULS.startswith(data):  # strip() takes seconds for a gigabyte
            return "something stands after its end mark"
    return ""


def _header(block: bytes) -> tarfile.TarInfo | None:
    try:
        header = tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
    except (tarfile.HeaderError, ValueError, OverflowError):
        return None
    return header if header.size >= 0 else None


def _records(data: bytes) -> dict[str, str]:
    """The records "length key=value" of a pax header, as far as they can be read."""
    fields = {}
    at = 0
    while match := _FIELD.match(data, at):
        end = at + int(match[1])
        if end <= match.end() or end > len(data):
            break
        fields[_text(match[2])] = _text(data[match.end() : end - 1])
        at = end
    return fields


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")
