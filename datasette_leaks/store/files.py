"""Which files a load is about, and how their paths are written down."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from datasette_leaks.loaders.records import Problem
from datasette_leaks.loaders.registry import Loader, choose, known_suffixes


@dataclass(frozen=True, slots=True)
class Found:
    """A file to load: ``path`` as named or found below a folder, ``size`` in bytes."""

    path: Path
    loader: Loader
    size: int


@dataclass(frozen=True, slots=True)
class Files:
    """The files to load in order, the named ones that cannot be, the others left alone."""

    found: tuple[Found, ...]
    problems: tuple[Problem, ...]
    unsupported: tuple[str, ...]


def find_files(paths: Iterable[Path], loaders: Sequence[Loader]) -> Files:
    """Look up the named files, and in named folders all files, sorted by name.

    Hidden files and folders (".git") are passed over, and no link to a folder is followed. A README
    in a folder is about the folder: it is left alone unless it is named. A file named twice is
    taken once.
    """
    found: dict[str, Found] = {}
    problems: list[Problem] = []
    unsupported = []
    for named in paths:
        folder = os.path.isdir(named)  # unlike Path.is_dir() it raises nothing
        for path in _below(named, problems) if folder else [named]:
            if folder and (choose(path, loaders) is None or path.stem.upper() == "README"):
                unsupported.append(shown(path))
                continue
            file = _look_up(path, loaders)
            if isinstance(file, Found):
                found.setdefault(os.path.abspath(path), file)
            else:
                problems.append(file)
    return Files(
        tuple(found.values()),
        tuple(dict.fromkeys(problems)),
        tuple(dict.fromkeys(unsupported)),
    )


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


def _look_up(path: Path, loaders: Sequence[Loader]) -> Found | Problem:
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
    loader = choose(path, loaders)
    if loader is None:
        return Problem(
            name,
            "",
            f"no loader takes {path.suffix or 'files without a suffix'}",
            f"one of {', '.join(known_suffixes(loaders))}",
            "Rename or convert the file, or install a plugin with a loader for it",
        )
    return Found(path, loader, status.st_size)


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
    """A SHA-256 over the files below a folder: names, sizes and times, not their bytes. OSError.

    ``without`` are absolute paths that do not count.
    """

    def fail(error: OSError) -> None:
        raise error

    digest = hashlib.sha256()
    for where, folders, names in os.walk(folder, onerror=fail):
        folders.sort()
        for name in sorted(names):
            path = os.path.join(where, name)
            if os.path.abspath(path) not in without:
                status = os.stat(path)
                entry = (os.path.relpath(path, folder), status.st_size, status.st_mtime_ns)
                digest.update(ascii(entry).encode())
    return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class Names:
    """Paths as the database records them: from its own folder, so that a file is known again.

    As named on the command line they would mean another file in another working directory, and
    absolute ones would publish the names of somebody's folders.
    """

    folder: Path | None  # of the database; None: it is in memory, and paths stay as they are

    def recorded(self, path: str | Path) -> str:
        """A path of the working directory as the database records it, with forward slashes."""
        if self.folder is None:
            return Path(os.path.normpath(path)).as_posix()
        try:
            path = os.path.relpath(path, self.folder)
        except ValueError:  # another drive, on Windows
            path = os.path.abspath(path)
        return shown(Path(path).as_posix())  # the way to it may lead through any folder

    def shown(self, recorded: str) -> str:
        """A recorded path as seen from the working directory."""
        if self.folder is None:
            return recorded
        try:
            return os.path.relpath(self.folder / recorded)
        except ValueError:
            return recorded
