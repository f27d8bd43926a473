"""Outlook's archives (.pst, .ost) through libpff, the extra ``pst``.

Every item of every folder in order, mail or not (an appointment's text counts as well); the ones
that lie in no folder any more come last. Only address-book entries hold no text to load.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .mail_heads import LARGEST
from .mail_mapi import (
    CLASS,
    DATA,
    METHOD,
    WANTED,
    Attached,
    Item,
    Properties,
    assembled,
    parse_assembled,
)
from .mail_records import Message, RawMessage
from .records import Problem

MAGIC = b"!BDN"
_REPAIR = "Repair a copy with Outlook's scanpst, or convert it with readpst"
_TOPS = ("Top of Personal Folders", "Top of Outlook data file", "Root - Mailbox", "IPM_SUBTREE")
_DEEPEST = 100  # folders in one another
_EMBEDDED = 5  # the method of an attachment that is a message
_CONTACTS = ("IPM.CONTACT", "IPM.DISTLIST")
# What libpff and what it gives may raise; AttributeError comes from items it knows no type for.
_BROKEN = (OSError, ValueError, AttributeError, TypeError, OverflowError, MemoryError, RuntimeError)


@dataclass(frozen=True, slots=True)
class _Folder:
    """Items of one folder: ``items`` of them, each fetched by its number."""

    name: str
    items: int
    get: Callable[[int], Any]


class Pst:
    """A PST or OST: ``offset`` is the number of the item in the whole file, from 0.

    The bytes of a message are made from its properties, the same every time.
    """

    name = "pst"
    suffixes = (".pst", ".ost")

    def recognises(self, head: bytes) -> bool:
        """Whether the file's signature comes first."""
        return head.startswith(MAGIC)

    def messages(self, path: Path) -> Iterator[RawMessage]:
        """Every item with its bytes, or why it has none. Raises OSError where there is no file."""
        with path.open("rb"):
            pass
        try:
            import pypff  # type: ignore[import-not-found]  # carries no types
        except ImportError:
            yield _refused(
                path, 0, "PST files need libpff", "", "pip install 'datasette-leaks[pst]'"
            )
            return
        file = pypff.file()
        try:
            file.open(str(path))
        except _BROKEN as error:
            found = f"it cannot be opened: {_first_line(error)}"
            yield _refused(path, 0, found, "a PST or OST", _REPAIR)
            return
        try:
            number = 0
            for folder in _folders(file):
                for index in range(folder.items):
                    yield _message(path, file, folder, index, number)
                    number += 1
        except _BROKEN as error:
            found = f"its folders cannot be read any further: {_first_line(error)}"
            yield _refused(path, number, found, "", _REPAIR)
        finally:
            file.close()

    def read(self, path: Path, member: str, offset: int, length: int) -> bytes:
        """The bytes of the item with this number. Raises OSError."""
        import pypff

        file = pypff.file()
        file.open(str(path))
        try:
            first = 0
            for folder in _folders(file):
                if offset < first + folder.items:
                    raw = _message(path, file, folder, offset - first, offset)
                    if raw.data is None:
                        raise OSError(str(raw.problem))
                    return raw.data
                first += folder.items
        finally:
            file.close()
        raise OSError(f"{path} has no item {offset}")

    def parse(self, data: bytes) -> Message:
        """The message, read from its bytes."""
        return parse_assembled(data)


def _folders(file: Any) -> Iterator[_Folder]:
    """The folders that hold items, each before those inside it, and the items in none."""
    waiting: list[tuple[tuple[str, ...], Any]] = [((), file.get_root_folder())]
    seen = set()
    while waiting:
        names, folder = waiting.pop()
        if folder.identifier in seen or len(names) > _DEEPEST:
            continue  # a broken file may hold a folder inside itself
        seen.add(folder.identifier)
        if folder.number_of_sub_messages:
            while names and names[0] in _TOPS:
                names = names[1:]
            yield _Folder("/".join(names), folder.number_of_sub_messages, folder.get_sub_message)
        for index in reversed(range(folder.number_of_sub_folders)):
            inner = folder.get_sub_folder(index)
            name = (inner.name or "").replace("/", "-").strip()
            waiting.append(((*names, name or f"({inner.identifier})"), inner))
    if file.number_of_orphan_items:
        yield _Folder("", file.number_of_orphan_items, file.get_orphan_item)


def _message(path: Path, file: Any, folder: _Folder, index: int, number: int) -> RawMessage:
    try:
        item = _item(folder.get(index), (file.ascii_codepage or b"cp1252").decode())
        kind = item.properties.line(CLASS)
        if kind.upper().startswith(_CONTACTS):
            found = f"an address-book entry ({kind}), no message"
            return _refused(path, number, found, "", "Export it from Outlook if it matters")
        data = assembled(item)
    except _BROKEN as error:
        return _refused(path, number, f"it cannot be read: {_first_line(error)}", "", _REPAIR)
    return RawMessage("", number, len(data), folder.name, data)


def _item(message: Any, codepage: str) -> Item:
    recipients = message.recipients if hasattr(message, "recipients") else None
    return Item(
        _properties(message.record_sets, codepage),
        [_properties([each], codepage) for each in recipients.record_sets] if recipients else [],
        _attachments(message, codepage),
    )


def _properties(sets: Any, codepage: str) -> Properties:
    return Properties(
        {
            entry.entry_type: (entry.value_type, entry.data or b"")
            for each in sets
            for entry in each.entries
            if entry.entry_type in WANTED and entry.entry_type != DATA
        },
        codepage,
    )


def _attachments(message: Any, codepage: str) -> Iterator[Attached]:
    for index in range(getattr(message, "number_of_attachments", 0)):
        attachment = message.get_attachment(index)
        properties = _properties(attachment.record_sets, codepage)
        if properties.number(METHOD) == _EMBEDDED and attachment.number_of_sub_items:
            item = _item(attachment.get_sub_item(0), codepage)
            yield Attached(properties, item=item)
        else:
            size = attachment.get_size()
            data = attachment.read_buffer(min(size, LARGEST)) if size else b""
            yield Attached(properties, data)


def _first_line(error: BaseException) -> str:
    """What an error of libpff says, without the trace of its functions."""
    return str(error).partition("\n")[0].strip() or type(error).__name__


def _refused(path: Path, number: int, found: str, expected: str, advice: str) -> RawMessage:
    problem = Problem(str(path), f"item {number}", found, expected, advice)
    return RawMessage("", number, 0, problem=problem)
