"""Telling how a load gets on."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Told how a load gets on, in bytes of the files, and when it comes to its next phase."""

    def begin(self, total: int) -> None: ...

    def advance(self, size: int, path: str) -> None: ...

    def phase(self, name: str) -> None: ...

    def end(self) -> None: ...


class Silent:
    """Tells nobody."""

    def begin(self, total: int) -> None:
        pass

    def advance(self, size: int, path: str) -> None:
        pass

    def phase(self, name: str) -> None:
        pass

    def end(self) -> None:
        pass
