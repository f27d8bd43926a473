"""Mail in .gz, .zip and .tar files, read where it lies: nothing is ever unpacked to disk.

What is packed may be an mbox, single messages, a Maildir, a list's monthly text files (each of
them compressed once more, if so) or Outlook's .msg. Hidden members are passed over as hidden files
are in a folder, and what a Mac adds ("__MACOSX"); every other one gives messages or a problem.
"""

from __future__ import annotations

import re
import stat
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import IO, cast

from .mail_heads import HEAD, LARGEST, looks_like_mail, looks_like_mbox, shown
from .mail_mapi import RTF_TEXT, parse_assembled
from .mail_mbox import Mbox, mailbox, read_message, split, told
from .mail_msg import MAGIC as OLE
from .mail_msg import Msg, from_msg
from .mail_records import Message, RawMessage
from .mail_streams import FAULTS, Pulled, Stream, StreamSource, inflated
from .mail_tar import is_tar, tar_members
from .mail_tree import Eml, folder_name
from .records import Problem

_ZIPS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_PACKED = (*_ZIPS, b"\x1f\x8b", b"BZh", b"\xfd7zXZ\0")
_OTHERS = (b"!BDN", b"7z\xbc\xaf\x27\x1c", b"Rar!")  # PST, and archives nobody reads here
_ABSOLUTE = re.compile(r"[/\\]|[A-Za-z]:")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_INNER = re.compile(r"\.(?:gz|bz2|xz)$")
_UNPACK = "Unpack it, then load what is in it"
_BY_ITSELF = "Unpack it and load it by itself if it is mail"
_AGAIN = "Copy or download it again"
_ENCRYPTED = 0x1
_LOCAL_HEADER = 30  # bytes of a zip member's own header, before its name


@dataclass(frozen=True, slots=True)
class _Member:
    """A file in an archive: ``name`` as stored, ``at`` as addressed, or why it is refused."""

    name: str
    at: str = ""
    stream: Stream | None = None
    found: str = ""
    advice: str = ""


class PackedMail:
    """A compressed file or an archive: ``member`` is a file in it, ``offset`` after decompression.

    A name that an archive holds twice is addressed with " (2)" after it.
    """

    name = "packed_mail"
    suffixes = (
        ".gz", ".bz2", ".xz", ".zip", ".tar", ".tgz", ".tbz2", ".txz",
        ".tar.gz", ".tar.bz2", ".tar.xz",
    )  # fmt: skip

    def recognises(self, head: bytes) -> bool:
        """Whether this is a compressed file or an archive. What is in it shows only later."""
        return head.startswith(_PACKED) or is_tar(head)

    def messages(self, path: Path) -> Iterator[RawMessage]:
        """Every message with its bytes, in the archive's order. Raises OSError."""
        empty = True
        for member in _members(path):
            empty = False
            if member.stream is None:
                yield _refused(path, member, member.found, member.advice)
            else:
                yield from _messages(path, member, _unwrapped(member.stream))
        if empty:
            yield _refused(path, _Member(""), "the archive holds no files", "")

    def read(self, path: Path, member: str, offset: int, length: int) -> bytes:
        """The bytes of one message, decompressed once more. Raises OSError."""
        for found in _members(path):
            if found.at == member and found.stream is not None:
                stream = _unwrapped(found.stream)
                if _is_msg(found.name, stream.peek(HEAD)):
                    raw = from_msg(path, stream.read(LARGEST + 1))
                    return raw.data or b""
                stream.skip(offset)
                return stream.read(min(length, LARGEST + 1))
        raise FileNotFoundError(f"{path} has no member {member}")

    def parse(self, data: bytes) -> Message:
        """The message, read from its bytes."""
        return parse_assembled(data) if data.startswith(RTF_TEXT) else read_message(data)


def _members(path: Path) -> Iterator[_Member]:
    """The files of an archive, each to be read before the next; last what is wrong with it."""
    with path.open("rb") as file:
        head = file.read(HEAD)
        file.seek(0)
        if head.startswith(_ZIPS):
            yield from _addressed(_zip(file))
            return
        stream = inflated(file, head) or Stream(file.read)
        if not is_tar(stream.peek(HEAD)):
            yield _Member(path.absolute().as_posix(), "", stream)
            return
        yield from _addressed(
            _Member(
                one.name, "", None if one.found else one.stream, one.found and f"it is {one.found}"
            )
            for one in tar_members(stream)
        )
        if stream.fault:
            found = f"the archive cannot be read to its end: {stream.fault}"
            yield _Member("", "", None, found, _AGAIN)


def _zip(file: IO[bytes]) -> Iterator[_Member]:
    try:
        archive = zipfile.ZipFile(file)
    except FAULTS as error:
        yield _Member("", "", None, f"no zip file that can be read: {error}", _AGAIN)
        return
    members = archive.infolist()
    overlapping = _overlapping(members)
    for number, info in enumerate(members):
        if info.is_dir() and not info.file_size:
            continue
        mode = info.external_attr >> 16
        found, advice = "", _UNPACK
        if number in overlapping:
            found, advice = "its bytes are those of another member too", "Distrust this archive"
        elif info.flag_bits & _ENCRYPTED:
            found, advice = (
                "it is encrypted",
                "Unpack it with its password, then load what is in it",
            )
        elif stat.S_IFMT(mode) and not stat.S_ISREG(mode):
            found = "it is a link" if stat.S_ISLNK(mode) else "it is no ordinary file"
        else:
            try:
                pull = cast(zipfile.ZipExtFile, archive.open(info)).read1
            except FAULTS as error:
                found = f"it cannot be read: {error}"
            else:
                yield _Member(info.filename, "", Stream(pull, _constant(info.compress_size)))
                continue
        yield _Member(info.filename, "", None, found, advice)


def _constant(size: int) -> Callable[[], int]:
    return lambda: size


def _overlapping(members: list[zipfile.ZipInfo]) -> set[int]:
    """The numbers of members whose bytes begin inside another one."""
    order = sorted(range(len(members)), key=lambda number: members[number].header_offset)
    overlapping, end = set(), 0
    for number in order:
        info = members[number]
        if info.header_offset < end:
            overlapping.add(number)
        size = _LOCAL_HEADER + len(info.orig_filename) + info.compress_size
        end = max(end, info.header_offset + size)
    return overlapping


def _addressed(members: Iterator[_Member]) -> Iterator[_Member]:
    """The members that are not hidden, each with an address of its own; unsafe names refused."""
    seen: set[str] = set()
    for member in members:
        name = member.name.replace("\\", "/")
        parts = PurePosixPath(name).parts
        if not member.found and _hidden(parts):
            continue
        at = base = _CONTROL.sub(lambda found: f"\\x{ord(found[0]):02x}", shown(member.name))
        times = 1
        while at in seen:
            times += 1
            at = f"{base} ({times})"
        seen.add(at)
        if _ABSOLUTE.match(name) or ".." in parts:
            yield _Member(member.name, at, None, "its name points out of the archive", _UNPACK)
        else:
            yield replace(member, at=at)


def _hidden(parts: tuple[str, ...]) -> bool:
    """Whether a file is one that folders hide, other than in a Maildir's own folders."""
    hidden = [number for number, part in enumerate(parts) if part.startswith(".") and part != ".."]
    return "__MACOSX" in parts or any(
        number == len(parts) - 1 or parts[number + 1] not in ("cur", "new") for number in hidden
    )


def _unwrapped(stream: Stream) -> Stream:
    """What a member holds that is itself compressed, else the member."""
    return inflated(Pulled(stream), stream.peek(HEAD)) or stream


def _is_msg(name: str, head: bytes) -> bool:
    return name.lower().endswith(Msg.suffixes) and head.startswith(OLE)


def _messages(path: Path, member: _Member, stream: Stream) -> Iterator[RawMessage]:
    """The messages of one file; what it cannot give is told."""
    head = stream.peek(HEAD)
    name = _INNER.sub("", member.name.replace("\\", "/").lower())
    parts = PurePosixPath(member.name.replace("\\", "/")).parts if member.at else ()
    folder = folder_name(parts[:-1])
    if not head:
        yield _refused(path, member, stream.fault or "the file is empty", _AGAIN)
    elif head.startswith((*_PACKED, *_OTHERS)) or is_tar(head):
        yield _refused(path, member, "it is an archive inside the archive", _UNPACK)
    elif _is_msg(name, head):
        yield replace(from_msg(path, stream.read(LARGEST + 1), member.at), folder=folder)
    elif name.endswith(Mbox.suffixes) or looks_like_mbox(head):
        levels = (folder, mailbox(member.name))
        yield from _mbox(path, member, stream, "/".join(filter(None, levels)))
    elif (
        name.endswith(Eml.suffixes) or looks_like_mail(head) or parts[-2:-1] in (("cur",), ("new",))
    ):
        yield from _single(path, member, stream, folder)
    else:
        yield _refused(path, member, "no mail: it does not begin with headers", _BY_ITSELF)


def _mbox(path: Path, member: _Member, stream: Stream, folder: str) -> Iterator[RawMessage]:
    source = StreamSource(stream)
    for stretch in split(source):
        start, end = stretch.start, stretch.end
        problem = told(path, member.at, stretch)
        data = None if problem else source.take(start, end)
        yield RawMessage(member.at, start, end - start, folder, data, problem)
    if stream.fault:
        yield _refused(path, member, stream.fault, _AGAIN, stream.position)


def _single(path: Path, member: _Member, stream: Stream, folder: str) -> Iterator[RawMessage]:
    data = stream.read(LARGEST + 1)
    length = len(data) + stream.skip()
    if data and not stream.bomb:
        yield RawMessage(member.at, 0, length, folder, data)
    if stream.fault:
        yield _refused(path, member, stream.fault, _AGAIN, length)


def _refused(path: Path, member: _Member, found: str, advice: str, offset: int = 0) -> RawMessage:
    place = f"byte {offset}"
    if member.at:
        place = f"member {member.at}, {place}"
    return RawMessage(
        member.at, offset, 0, problem=Problem(str(path), place, found, "mail", advice)
    )
