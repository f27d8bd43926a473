"""Outlook's single messages (.msg, MS-OXMSG) through python-oxmsg, the extra ``msg``."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from .mail_heads import LARGEST
from .mail_mapi import (
    DATA,
    METHOD,
    NESTING,
    WANTED,
    Attached,
    Item,
    Properties,
    assembled,
    parse_assembled,
)
from .mail_records import Message, RawMessage
from .records import Problem

if TYPE_CHECKING:
    from oxmsg.storage import Storage

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OF_MESSAGES = "__properties_version1.0".encode("utf-16-le")
_ROOT, _EMBEDDED, _PART = 32, 24, 8  # bytes before the properties of each kind of object
_MESSAGE = 5  # the method of an attachment that is a message
_PROPERTY = struct.Struct("<HHI8s")
_FIXED = (0x2, 0x3, 0xB, 0x14, 0x40)  # types whose value stands in the table itself
# What olefile and python-oxmsg raise on files that are broken or hostile.
_BROKEN = (
    OSError, ValueError, KeyError, IndexError, TypeError, AttributeError, OverflowError,
    RecursionError, MemoryError, struct.error,
)  # fmt: skip


class Msg:
    """One message as Outlook saves it. Its bytes are made from its properties, always the same."""

    name = "msg"
    suffixes = (".msg",)

    def recognises(self, head: bytes) -> bool:
        """Whether an OLE file comes first that says it holds a message."""
        return head.startswith(MAGIC) and _OF_MESSAGES in head

    def messages(self, path: Path) -> Iterator[RawMessage]:
        """The message with its bytes, or why it has none. Raises OSError."""
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
        yield from_msg(path, data)

    def read(self, path: Path, member: str, offset: int, length: int) -> bytes:
        """The bytes of the message. Raises OSError."""
        [raw] = self.messages(path)
        if raw.data is None:
            raise OSError(str(raw.problem))
        return raw.data

    def parse(self, data: bytes) -> Message:
        """The message, read from its bytes."""
        return parse_assembled(data)


def from_msg(path: Path, data: bytes, member: str = "") -> RawMessage:
    """The message in the bytes of a .msg, or why it has none. ``member``: in an archive."""
    try:
        from olefile import OleFileIO  # type: ignore[import-untyped]  # carries no types
        from oxmsg.storage import Storage
    except ImportError:
        return _refused(
            path, member, ".msg files need python-oxmsg", "", "pip install 'datasette-leaks[msg]'"
        )
    if len(data) > LARGEST:
        found = f"it is larger than {LARGEST:,} bytes"
        return _refused(path, member, found, "", "Save it again without its attachments")
    if not data.startswith(MAGIC):
        found = "it does not begin as Outlook's files do"
        advice = "If it is a message in plain text, rename it to end in .eml"
        return _refused(path, member, found, "a .msg", advice)
    try:
        with OleFileIO(data) as ole:
            sizes = sum(entry.size for entry in ole.direntries if entry is not None)
            if sizes > 2 * len(data):
                raise ValueError("its streams share their bytes")
            raw = assembled(_item(Storage.from_ole(ole), _ROOT))
    except _BROKEN as error:
        found = f"it cannot be read: {error or type(error).__name__}"
        return _refused(path, member, found, "a .msg", "Save it again from Outlook")
    return RawMessage(member, 0, len(raw), data=raw)


def _item(storage: Storage, header: int, depth: int = 0) -> Item:
    properties = _properties(storage, header)
    codepage = properties.codepage
    return Item(
        properties,
        [_properties(each, _PART, codepage) for each in storage.iter_recipient_storages()],
        _attachments(storage, codepage, depth),
    )


def _attachments(storage: Storage, codepage: str, depth: int) -> Iterator[Attached]:
    for each in storage.iter_attachment_storages():
        properties = _properties(each, _PART, codepage)
        if properties.number(METHOD) == _MESSAGE and depth < NESTING and each.storages:
            yield Attached(properties, item=_item(each.storages[0], _EMBEDDED, depth + 1))
        else:
            yield Attached(properties, properties.binary(DATA))


def _properties(storage: Storage, header: int, codepage: str = "cp1252") -> Properties:
    """The properties of an object: a table of them, and a stream for each value that is longer.

    oxmsg's own reading stops at the first string that cannot be decoded.
    """
    streams = {stream.name: stream.bytes_ for stream in storage.streams}
    table = streams["__properties_version1.0"][header:]
    values: dict[int, tuple[int, bytes]] = {}
    for kind, name, _, value in _PROPERTY.iter_unpack(table[: len(table) // 16 * 16]):
        if name in WANTED:
            stream = streams.get(f"__substg1.0_{name:04X}{kind:04X}")
            if stream is not None or kind in _FIXED:
                values[name] = (kind, value if stream is None else stream)
    return Properties(values, codepage)


def _refused(path: Path, member: str, found: str, expected: str, advice: str) -> RawMessage:
    place = f"member {member}, byte 0" if member else "byte 0"
    return RawMessage(member, 0, 0, problem=Problem(str(path), place, found, expected, advice))
