"""The gold set in tests/gold: short invented passages with their attributions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from datasette_leaks.analysis.score import Row

FOLDER = Path(__file__).parent / "gold"
STYLES = ("wire", "investigation", "magazine", "blog")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A gold row: what the scorer sees, the source's name as the text has it, and the cue."""

    row: Row
    source: str | None
    cue: str


@dataclass(frozen=True, slots=True)
class Piece:
    """One passage of the gold set."""

    id: str
    style: str
    text: str
    wanted: tuple[Wanted, ...]


def pieces() -> Iterator[Piece]:
    """All passages. Raises ValueError where words do not stand exactly once in their text."""
    for style in STYLES:
        for given in yaml.safe_load((FOLDER / f"{style}.yaml").read_text(encoding="utf-8")):
            text = given["text"]
            wanted = tuple(_wanted(given["id"], text, row) for row in given["attributions"])
            yield Piece(given["id"], style, text, wanted)


def _wanted(where: str, text: str, given: dict[str, str]) -> Wanted:
    first, dots, last = given["words"].partition(" … ")
    start = text.find(first)
    if start < 0 or (not dots and text.count(first) > 1 and len(first) > 6):
        raise ValueError(f"{where}: {first!r} stands {text.count(first)} times")
    end = text.index(last, start) + len(last) if dots else start + len(first)
    speaker = given.get("speaker", "")
    if speaker not in text:
        raise ValueError(f"{where}: no {speaker!r} in the text")
    row = Row(start, end, given["kind"], speaker, given.get("type"))
    return Wanted(row, given.get("source"), given.get("cue", ""))
