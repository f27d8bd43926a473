"""Which files a load is about, and how their paths are written down."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeGuard, cast

from datasette_leaks.loaders.mail import MAIL_LOADERS, choose_mail
from datasette_leaks.loaders.mail_tree import is_maildir
from datasette_leaks.loaders.records import Problem
from datasette_leaks.loaders.registry import Loader, MailLoader, choose, known_suffixes

_HEAD = 1 << 16  # bytes; some pages come to the point late
_OF_MAILDIRS = ("cur", "new", "tmp")  # whatever lies here was meant to be a message
_OF_TREES = ("eml", "mbox")  # loaders of what a folder of mail takes itself


@dataclass(frozen=True, slots=True)
class Found:
    """A file to load: ``path`` as named or found below a folder, ``size`` in bytes."""

    path: Path
    loader: Loader
    size: int


@dataclass(frozen=True, slots=True)
class Archive:
    """A file or a folder of mail, as Found. ``apart`` are files of it that go their own way.

    These are named as the members of the archive, with forward slashes.
    """

    path: Path
    loader: MailLoader
    size: int
    apart: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Files:
    """The files to load in order, the named ones that cannot be, the others left alone."""

    found: tuple[Found | Archive, ...]
    problems: tuple[Problem, ...]
    unsupported: tuple[str, ...]


def find_files(paths: Iterable[Path], loaders: Sequence[Loader | MailLoader]) -> Files:
    """Look up the named files, and in named folders all files, sorted by name.

    Hidden files and folders (".git") are passed over, and no link to a folder is followed. A README
    in a folder is about the folder: it is left alone unless it is named. A file named twice is
    taken once. A named folder of single messages is one archive; other files in it stand for
    themselves.
    """
    found: dict[str, Found | Archive] = {}
    problems: list[Problem] = []
    unsupported = []
    for named in paths:
        folder = os.path.isdir(named)  # unlike Path.is_dir() it raises nothing
        tree = _tree(named, loaders) if folder else None
        size = 0
        apart = set()
        for path in _below(named, problems) if folder else [named]:
            readme = folder and path.stem.upper() == "README"
            loader = None if readme else _choose(path, loaders)
            if tree and not readme and _belongs(path, loader):
                size += _size(path)
                continue
            if tree:
                apart.add(path.relative_to(named).as_posix())
            if folder and loader is None:
                unsupported.append(shown(path))
                continue
            file = _look_up(path, loader, loaders)
            if isinstance(file, Problem):
                problems.append(file)
            else:
                found.setdefault(os.path.abspath(path), file)
        if tree:
            archive = Archive(named, tree, size, frozenset(apart))
            found.setdefault(os.path.abspath(named), archive)
    return Files(
        tuple(found.values()),
        tuple(dict.fromkeys(problems)),
        tuple(dict.fromkeys(unsupported)),
    )


def is_mail(loader: Loader | MailLoader) -> TypeGuard[MailLoader]:
    """Whether a loader is one of mail archives."""
    return hasattr(loader, "parse")


def _choose(path: Path, loaders: Sequence[Loader | MailLoader]) -> Loader | MailLoader | None:
    """The loader of a file, by its suffix or, where that says little, by how it begins.

    What loaders of texts take too is mail only if it begins as mail does.
    """
    texts = [each for each in loaders if not is_mail(each)]
    mails = [each for each in loaders if is_mail(each)]
    text, mail = choose(path, texts), choose(path, mails)
    if mail is None or mail in MAIL_LOADERS:
        found = choose_mail(path)
        if found in mails:
            return found
    if mail is not None and (text is None or mail.recognises(_head(path))):
        return mail
    if text is None:
        head = _head(path)
        return next((each for each in mails if each.recognises(head)), None)
    return text


def _head(path: Path) -> bytes:
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return b""
        with path.open("rb") as file:
            return file.read(_HEAD)
    except OSError:
        return b""  # whoever loads it will say why


def _tree(folder: Path, loaders: Sequence[Loader | MailLoader]) -> MailLoader | None:
    """The loader that takes a folder of single messages as a whole, if it is one."""
    mail = choose_mail(folder)
    return mail if mail in loaders else None


def _belongs(path: Path, loader: Loader | MailLoader | None) -> bool:
    """Whether a file below a folder of messages is one of these."""
    if loader is None:
        return path.parent.name in _OF_MAILDIRS
    return loader.name in _OF_TREES


def _size(path: Path) -> int:
    try:
        return path.lstat().st_size
    except OSError:
        return 0


def shown(path: str | Path) -> str:
    """A path that can be printed and stored: bytes that are not UTF-8 as ``\\xff``."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def _below(folder: Path, problems: list[Problem]) -> Iterable[Path]:
    def refused(error: OSError) -> None:
        problems.append(_unreadable(error.filename or folder, error))

    for where, folders, names in os.walk(folder, onerror=refused):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith("."):
                yield Path(where, name)


def _look_up(
    path: Path, loader: Loader | MailLoader | None, loaders: Sequence[Loader | MailLoader]
) -> Found | Archive | Problem:
    name = shown(path)
    try:
        status = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return Problem(name, "", "there is no such file", advice="Check the spelling")
    except OSError as error:
        return _unreadable(path, error)
    if not stat.S_ISREG(status.st_mode):
        return Problem(name, "", "is no ordinary file", "a file or a folder")
    if name != str(path):
        return Problem(name, "", "its name is not UTF-8", advice="Rename the file or its folder")
    if loader is None:
        return Problem(
            name,
            "",
            f"no loader takes {path.suffix or 'files without a suffix'}",
            f"one of {', '.join(known_suffixes(loaders))}",
            "Rename or convert the file, or install a plugin with a loader for it",
        )
    if is_mail(loader):
        return Archive(path, loader, status.st_size)
    return Found(path, cast(Loader, loader), status.st_size)


def _unreadable(path: str | Path, error: OSError) -> Problem:
    return Problem(shown(path), "", f"cannot be read: {error.strerror or error}")


def sha256(path: Path) -> str:
    """The SHA-256 of a file's bytes, in hex. Raises OSError."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def listing_sha256(folder: Path, without: Collection[str]) -> str:
    """A SHA-256 over the files below a folder: names, sizes and times, not their bytes.

    Of links their own, and hidden files do not count, as the loaders of folders take neither.
    ``without`` are absolute paths that do not count. Raises OSError, whose text names the folder
    that cannot be read.
    """

    def fail(error: OSError) -> None:
        if not isinstance(error, FileNotFoundError) or error.filename == os.fspath(folder):
            raise OSError(error.errno, f"{shown(error.filename)}: {error.strerror}") from error

    digest = hashlib.sha256()
    for where, folders, names in os.walk(folder, onerror=fail):
        folders[:] = sorted(
            name for name in folders if name[0] != "." or is_maildir(Path(where, name))
        )
        names += [name for name in folders if os.path.islink(os.path.join(where, name))]
        for name in sorted(names):
            path = os.path.join(where, name)
            if name[0] == "." or os.path.abspath(path) in without:
                continue
            try:
                status = os.lstat(path)
            except FileNotFoundError:
                continue  # it has gone since the folder was listed
            entry = (os.path.relpath(path, folder), status.st_size, status.st_mtime_ns)
            digest.update(ascii(entry).encode())
            if not os.access(path, os.R_OK):
                digest.update(b"unreadable")  # else it would not be read when it can be
    return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class Names:
    """Paths as the database records them: from its own folder, so that a file is known again.

    As named on the command line they would mean another file in another working directory, and
    absolute ones would publish the names of somebody's folders.
    """

    folder: Path | None  # of the database; None: it is in memory, and paths stay as they are

    def recorded(self, path: str | Path) -> str:
        """A path of the working directory as the database records it, with forward slashes.

        Links to folders make no other name; a link to a file has its own.
        """
        if self.folder is None:
            return Path(os.path.normpath(path)).as_posix()
        path = os.path.abspath(path)
        if os.path.isdir(path):
            path = os.path.realpath(path)
        else:
            path = os.path.join(os.path.realpath(os.path.dirname(path)), os.path.basename(path))
        with suppress(ValueError):  # another drive, on Windows: it stays absolute
            path = os.path.relpath(path, os.path.realpath(self.folder))
        return shown(Path(path).as_posix())  # the way to it may lead through any folder

    def shown(self, recorded: str) -> str:
        """A recorded path as seen from the working directory."""
        if self.folder is None:
            return recorded
        try:
            return os.path.relpath(os.path.join(os.path.realpath(self.folder), recorded))
        except ValueError:
            return recorded
