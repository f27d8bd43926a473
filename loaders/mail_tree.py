"""Folders of messages, one a file: Maildir, trees of .eml, numbered files (MH, Enron's mail).

An mbox among them (a Thunderbird profile, an export of several accounts) is taken too. Hidden
files and folders are passed over, but for Maildir's own (".Sent.2004"); no link is followed: one
that points out of the folder would publish a file that nobody leaked.
"""

from __future__ import annotations

import base64
import binascii
import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from .mail_heads import HEAD, is_numbered, looks_like_mail, looks_like_mbox, shown
from .mail_mbox import FileSource, Mbox, mailbox, read_at, read_message, split, told
from .mail_records import Message, RawMessage
from .records import Problem

_DELIVERED = ("cur", "new")
# What mail servers keep in a Maildir beside the messages.
_NOTES = re.compile(r"dovecot|courier|maildir|subscriptions$|cyrus\.")
_ENCODED = re.compile(r"&([A-Za-z0-9+,]*)-")
_PROBED = 5  # files without a suffix that a folder is known by


def folder_name(parts: tuple[str, ...]) -> str:
    """The mailbox of the files in a folder, "/" between its levels: "Inbox", "Sent/2004".

    Maildir++ writes the levels of a mailbox with dots in front and between, in IMAP's UTF-7
    (RFC 3501 section 5.1.3); the folder that holds "cur" itself is the inbox. Thunderbird writes
    "Inbox.sbd" for what lies below Inbox.
    """
    delivered = bool(parts) and parts[-1] in _DELIVERED
    levels = parts[:-1] if delivered else parts
    if delivered and not levels:
        return "Inbox"
    names = [
        name[1:].replace(".", "/") if name.startswith(".") else name.removesuffix(".sbd")
        for name in levels
    ]
    return _ENCODED.sub(_decoded, "/".join(names))


def _decoded(found: re.Match[str]) -> str:
    if not found[1]:
        return "&"
    padded = found[1].replace(",", "/") + "=" * (-len(found[1]) % 4)
    try:
        return base64.b64decode(padded).decode("utf-16-be")
    except (binascii.Error, UnicodeDecodeError):
        return found[0]


def is_maildir(path: Path) -> bool:
    """Whether a folder is a Maildir: messages lie in its "cur" and "new"."""
    return os.path.isdir(path / "cur")


def holds_mail(path: Path) -> bool:
    """Whether a folder is an archive of single messages, somewhere in it.

    That is so if it holds an .eml, a Maildir, or numbered files that begin as mails do.
    """
    for where, folders, names in os.walk(path):
        if "cur" in folders:
            return True
        folders[:] = sorted(
            name for name in folders if not name.startswith(".") or is_maildir(Path(where, name))
        )
        if any(name.lower().endswith(Eml.suffixes) and name[0] != "." for name in names):
            return True
        numbered = sorted(filter(is_numbered, names))[:_PROBED]
        if any(looks_like_mail(_head(os.path.join(where, name))) for name in numbered):
            return True
    return False


def _head(path: str) -> bytes:
    """The first bytes of an ordinary file, none where it is another thing or cannot be read."""
    try:
        if not stat.S_ISREG(os.lstat(path).st_mode):
            return b""
        with open(path, "rb") as file:
            return file.read(HEAD)
    except OSError:
        return b""


class _Single:
    """Reading what lies in files of its own."""

    def parse(self, data: bytes) -> Message:
        """The message, read from its bytes."""
        return read_message(data)


class Eml(_Single):
    """One message in a file."""

    name = "eml"
    suffixes = (".eml",)

    def recognises(self, head: bytes) -> bool:
        """Whether the headers of a message come first."""
        return looks_like_mail(head) and not looks_like_mbox(head)

    def messages(self, path: Path) -> Iterator[RawMessage]:
        """The message; several if the file is an mbox under a wrong name. Raises OSError."""
        with path.open("rb") as file:
            head = file.read(HEAD)
        if looks_like_mbox(head):
            yield from Mbox().messages(path)
            return
        found = ""
        if not head:
            found = "the file is empty"
        elif not head.strip(b"\0"):
            found = "it begins with NUL bytes"
        problem = Problem(str(path), "byte 0", found, "a message") if found else None
        yield RawMessage("", 0, path.stat().st_size, problem=problem)

    def read(self, path: Path, member: str, offset: int, length: int) -> bytes:
        """The bytes of the message. Raises OSError."""
        return read_at(path, offset, length)


@dataclass(frozen=True, slots=True)
class MailTree(_Single):
    """A folder of messages: ``member`` is a file below it, with "/" between folders.

    ``name`` is "maildir" or "mail_tree", for people; both are read alike.
    """

    name: str
    suffixes: tuple[str, ...] = ()

    def recognises(self, head: bytes) -> bool:
        """Never: this is a folder."""
        return False

    def messages(self, path: Path) -> Iterator[RawMessage]:
        """Every message, files before folders, by name. Raises OSError for the folder itself."""
        waiting: list[tuple[str, ...]] = [()]
        while waiting:
            parts = waiting.pop()
            try:
                with os.scandir(path.joinpath(*parts)) as entries:
                    found = sorted(
                        (entry.name, entry.is_dir(follow_symlinks=False)) for entry in entries
                    )
            except OSError as error:
                if not parts:
                    raise
                yield _refused(path, "/".join(parts), _unreadable(error))
                continue
            folders = [name for name, is_folder in found if is_folder]
            for name, is_folder in found:
                if not is_folder and not name.startswith("."):
                    yield from _file(path, parts, name, "cur" in folders)
            waiting.extend(
                (*parts, name)
                for name in reversed(folders)
                if not name.startswith(".") or is_maildir(path.joinpath(*parts, name))
            )

    def read(self, path: Path, member: str, offset: int, length: int) -> bytes:
        """The bytes of one message. Raises OSError, also for a member outside the folder."""
        inside = PurePosixPath(member)
        if inside.is_absolute() or ".." in inside.parts:
            raise PermissionError(f"{member} does not lie in {path}")
        return read_at(path / inside, offset, length)


def _file(path: Path, parts: tuple[str, ...], name: str, notes: bool) -> Iterator[RawMessage]:
    """What a file of the tree gives. ``notes``: a mail server's own files may lie beside it."""
    member = "/".join((*parts, name))
    folder = folder_name(parts)
    full = os.path.join(path, *parts, name)
    try:
        status = os.lstat(full)
    except OSError as error:
        yield _refused(path, member, _unreadable(error))
        return
    size = status.st_size
    single = name.lower().endswith(Eml.suffixes) or (bool(parts) and parts[-1] in _DELIVERED)
    if notes and not single and _NOTES.match(name):
        return
    if shown(member) != member:
        found, advice = "its name is not UTF-8", "Rename the file or its folder"
    elif stat.S_ISLNK(status.st_mode):
        found, advice = "it is a link", "Put a copy of the file it points to in its place"
    elif not stat.S_ISREG(status.st_mode):
        found, advice = "it is no ordinary file", "Leave it out"
    elif not os.access(full, os.R_OK):
        found, advice = (
            "it cannot be read: permission denied",
            "Let yourself read it, then load again",
        )
    elif not size:
        found, advice = "the file is empty", "Copy it again if it should hold a message"
    elif parts and parts[-1] == "tmp" and is_maildir(path.joinpath(*parts[:-1])):
        found, advice = "it was never delivered: it lies in tmp", "Move it to cur to have it loaded"
    elif single:
        yield RawMessage(member, 0, size, folder)
        return
    elif name.lower().endswith(Mbox.suffixes) or looks_like_mbox(head := _head(full)):
        yield from _mbox(path, member, "/".join(filter(None, (folder, mailbox(name)))))
        return
    elif looks_like_mail(head):
        yield RawMessage(member, 0, size, folder)
        return
    else:
        found, advice = "no mail: it does not begin with headers", "Load it by its own name"
    yield _refused(path, member, found, advice, size)


def _mbox(path: Path, member: str, folder: str) -> Iterator[RawMessage]:
    try:
        with open(path / member, "rb") as file:
            for stretch in split(FileSource(file)):
                problem = told(path, member, stretch)
                length = stretch.end - stretch.start
                yield RawMessage(member, stretch.start, length, folder, problem=problem)
    except OSError as error:
        yield _refused(path, member, _unreadable(error))


def _unreadable(error: OSError) -> str:
    return f"it cannot be read: {error.strerror or error}"


def _refused(path: Path, member: str, found: str, advice: str = "", size: int = 0) -> RawMessage:
    member = shown(member)
    problem = Problem(str(path), f"member {member}, byte 0", found, "a message", advice)
    return RawMessage(member, 0, size, problem=problem)
