"""Which loader takes which file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Protocol, TypeVar

from .mail_records import Message, RawMessage
from .records import Document, Dossier, Problem


class Loader(Protocol):
    """Turns one file into records. Never raises on content: what it cannot take is a Problem.

    ``name`` stands in the table ``loads``. ``suffixes`` are lower-case file name endings (".md").
    ``load`` gives every item of the file as a Document, a Dossier or a Problem, in file order; it
    raises OSError only where the file itself cannot be read.
    """

    @property
    def name(self) -> str: ...

    @property
    def suffixes(self) -> tuple[str, ...]: ...

    def load(self, path: Path) -> Iterator[Document | Dossier | Problem]: ...


class MailLoader(Protocol):
    """Turns an archive of messages into records, in two steps so that many processes can share it.

    ``messages`` gives where each message is, always in the same order; it reads little, never holds
    an archive in memory, and raises OSError only where the archive cannot be read. ``read`` gives
    the bytes of one of them again, from any process. ``parse`` is pure and never raises on content.
    ``recognises`` looks at the first 4,096 bytes of a file whose suffix does not settle the matter.
    """

    @property
    def name(self) -> str: ...

    @property
    def suffixes(self) -> tuple[str, ...]: ...

    def recognises(self, head: bytes) -> bool: ...

    def messages(self, path: Path) -> Iterator[RawMessage]: ...

    def read(self, path: Path, member: str, offset: int, length: int) -> bytes: ...

    def parse(self, data: bytes) -> Message: ...


class Suffixed(Protocol):
    """What a file is chosen by its name for: a Loader or a MailLoader."""

    @property
    def suffixes(self) -> tuple[str, ...]: ...


Chosen = TypeVar("Chosen", bound=Suffixed)


def choose(path: Path, loaders: Sequence[Chosen]) -> Chosen | None:
    """The loader whose longest suffix ends the file's name; of equals, the one registered last.

    The last wins so that a plugin can replace a built-in loader.
    """
    name = path.name.lower()
    best: tuple[int, int] | None = None
    chosen = None
    for order, loader in enumerate(loaders):
        for suffix in loader.suffixes:
            rank = (len(suffix), order)
            if name.endswith(suffix) and (best is None or rank > best):
                best, chosen = rank, loader
    return chosen


def known_suffixes(loaders: Iterable[Suffixed]) -> list[str]:
    """All suffixes that some loader takes, sorted."""
    return sorted({suffix for loader in loaders for suffix in loader.suffixes})
