"""The text of an e-mail as it is drawn: quotations folded, claims and INSIGHT blocks marked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import NamedTuple

from .marks import Run, Span, by_passage, cut
from .notes import Note, Piece, Place, marked

# The empty lines at the start of a stretch.
_BLANK = re.compile(r"\s*\n|\s+\Z")
_GAP = re.compile(r"\n[ \t]*\n\s*")
DEEPEST = 6  # quotations within quotations that are folded one by one


class TextSpan(NamedTuple):
    """A row of ``email_spans``, or an INSIGHT block with the kind ``insight``."""

    kind: str
    start: int
    end: int
    depth: int = 0


class Fold(NamedTuple):
    """What can be folded away and begins here. ``kind`` is quoted or forwarded.

    ``lines`` counts those within that are not empty. ``unfolded``: a claim is marked in it, so it
    is open when the page is. ``number`` counts the forwarded messages from 1; 0 for a quotation.
    """

    kind: str
    lines: int
    unfolded: bool
    number: int = 0


@dataclass(slots=True)
class Segment:
    """A stretch of text of one kind: text, attribution, signature or insight.

    ``depth`` is how deep it is quoted. ``folds`` begin with it, outermost first, and ``closes`` of
    those that are open end after it.
    """

    kind: str
    depth: int
    pieces: list[Piece]
    folds: list[Fold] = field(default_factory=list)
    closes: int = 0


@dataclass(slots=True)
class TextRow:
    """What is drawn side by side: segments, and the notes and INSIGHT blocks that begin in them.

    ``insights`` are indexes of the page's list.
    """

    segments: list[Segment] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    insights: list[int] = field(default_factory=list)


class _Stretch(NamedTuple):
    """Text of one kind, within these folds: ("forwarded", number) and ("quoted", level)."""

    start: int
    end: int
    kind: str
    depth: int
    within: tuple[tuple[str, int], ...]


def text_rows(
    text: str, spans: Sequence[TextSpan], notes: Sequence[Note], places: Sequence[Place]
) -> list[TextRow]:
    """The text in rows; all its pieces one after another are the text, to the last code point."""
    stretches = _stretches(text, spans)
    if places:
        stretches = [part for whole in stretches for part in _paragraphs(text, whole)]
    begun: set[int] = set()
    noted: set[int] = set()
    insights = [span.start for span in spans if span.kind == "insight"]
    marks = [Span(place.start, place.end, key) for key, place in enumerate(places)]
    touching = by_passage([stretch.start for stretch in stretches], marks, len(text))
    rows: list[TextRow] = []
    open_folds: tuple[tuple[str, int], ...] = ()
    for index, (stretch, nearby) in enumerate(zip(stretches, touching, strict=True)):
        pieces = [
            marked(text, run, notes, places, begun)
            for run in cut(stretch.start, stretch.end, nearby)
        ]
        following = stretches[index + 1].within if index + 1 < len(stretches) else ()
        kept = _common(open_folds, stretch.within)
        if not kept or not rows:
            rows.append(TextRow())
        row = rows[-1]
        segment = Segment(stretch.kind, stretch.depth, pieces)
        for level in range(kept, len(stretch.within)):
            segment.folds.append(_fold(text, stretches, index, level, places))
        segment.closes = len(stretch.within) - _common(stretch.within, following)
        open_folds = stretch.within[: len(stretch.within) - segment.closes]
        row.segments.append(segment)
        row.insights += [n for n, at in enumerate(insights) if stretch.start <= at < stretch.end]
        for piece in pieces:
            for number in piece.begins:
                if number not in noted:
                    noted.add(number)
                    row.notes.append(notes[number - 1])
    return rows


def own_words(text: str, spans: Sequence[TextSpan], length: int) -> str:
    """The first ``length`` code points that the writer wrote himself, white space folded."""
    words = ""
    for stretch in _stretches(text, spans):
        if stretch.kind == "text" and not stretch.within:
            words += text[stretch.start : stretch.end]
    words = " ".join(words.split())
    if len(words) <= length:
        return words
    cut_off = words[:length]
    return (cut_off.rpartition(" ")[0] or cut_off) + " …"


def _stretches(text: str, spans: Sequence[TextSpan]) -> list[_Stretch]:
    numbers: dict[int, int] = {}
    for key, span in enumerate(spans):
        if span.kind == "forwarded":
            numbers[key] = len(numbers) + 1

    def stretch(run: Run) -> _Stretch:
        covering = [spans[key] for key in run.covering]
        depth = max((span.depth for span in covering if span.kind == "quoted"), default=0)
        kinds = {span.kind for span in covering}
        kind = next((k for k in ("insight", "signature", "attribution") if k in kinds), "text")
        within = [("forwarded", numbers[key]) for key in run.covering if key in numbers]
        within += [("quoted", level) for level in range(1, min(depth, DEEPEST) + 1)]
        return _Stretch(run.start, run.end, kind, depth, tuple(within))

    if not text:
        return []
    whole = [Span(span.start, span.end, key) for key, span in enumerate(spans)]
    found = [stretch(run) for run in cut(0, len(text), whole)]
    found = _without_gaps(text, found)
    return [
        group[0]._replace(end=group[-1].end)
        for _, same in groupby(found, key=lambda part: part[2:])
        for group in [list(same)]
    ]


def _without_gaps(text: str, found: list[_Stretch]) -> list[_Stretch]:
    """The stretches, each with the empty lines after it, so that none is or begins with them."""
    kept: list[_Stretch] = []
    for part in found:
        words = _BLANK.match(text, part.start, part.end)
        start = words.end() if words and kept else part.start
        if start > part.start:
            kept[-1] = kept[-1]._replace(end=start)
        if start < part.end:
            kept.append(part._replace(start=start))
    return kept


def _paragraphs(text: str, whole: _Stretch) -> list[_Stretch]:
    """Own text in its paragraphs, so that a note stands beside the one it is about."""
    if whole.within or whole.kind != "text":
        return [whole]
    starts = [whole.start]
    for gap in _GAP.finditer(text, whole.start, whole.end):
        if gap.end() < whole.end:
            starts.append(gap.end())
    ends = [*starts[1:], whole.end]
    return [whole._replace(start=start, end=end) for start, end in zip(starts, ends, strict=True)]


def _common(one: tuple[tuple[str, int], ...], other: tuple[tuple[str, int], ...]) -> int:
    """How many folds, from the outermost, are the same."""
    for index, (left, right) in enumerate(zip(one, other, strict=False)):
        if left != right:
            return index
    return min(len(one), len(other))


def _fold(
    text: str, stretches: Sequence[_Stretch], first: int, level: int, places: Sequence[Place]
) -> Fold:
    """The fold at ``level`` that begins with the stretch ``first``."""
    within = stretches[first].within[: level + 1]
    last = first
    while last + 1 < len(stretches) and stretches[last + 1].within[: level + 1] == within:
        last += 1
    start, end = stretches[first].start, stretches[last].end
    kind, number = within[-1]
    return Fold(
        kind,
        sum(1 for line in text[start:end].splitlines() if line.strip()),
        any(place.start < end and place.end > start for place in places),
        number if kind == "forwarded" else 0,
    )
