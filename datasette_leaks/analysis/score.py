"""How near a draft's attributions are to a gold set: precision, recall, F1.

Two tracks. *Quotes*: the quoted stretches inside attributed spans, matched one to one where they
share 0.8 of their characters (intersection over union). *Statements*: the attributed spans
themselves, direct and indirect, at 0.5, and once more where they are exactly equal. Each is counted
twice: the span alone, and the span with the right speaker. Rows of kind ``scare`` attribute
nothing and are left out.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

QUOTE_OVERLAP = 0.8
STATEMENT_OVERLAP = 0.5


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_MARK = re.compile("[“”„«»\"]|''|``|\n")
_WORD = re.compile(r"[^\W_]+(?:[-.&][^\W_]+)*")
_PRONOUNS = _set("i he she it we they you who")
_EMPTY = _set("a an the s of in at for to and his her its their this that these those")


@dataclass(frozen=True, slots=True)
class Row:
    """One attribution: a span in code points, its kind, the speaker's words ("" for nobody).

    ``type`` is the type of source (named, anonymous, document, organisation, collective) where a
    gold set says it.
    """

    start: int
    end: int
    kind: str
    speaker: str = ""
    type: str | None = None


@dataclass(frozen=True, slots=True)
class Pair:
    """A text with the rows drafted for it and those a person wrote."""

    text: str
    draft: Sequence[Row]
    gold: Sequence[Row]


@dataclass(slots=True)
class Figures:
    """Counts of rows: ``found`` in both, ``drafted`` in all, ``wanted`` by the gold."""

    found: int = 0
    drafted: int = 0
    wanted: int = 0

    @property
    def precision(self) -> float:
        """The share of drafted rows that are right; 0 where nothing was drafted."""
        return self.found / self.drafted if self.drafted else 0.0

    @property
    def recall(self) -> float:
        """The share of wanted rows that were found; 0 where nothing is wanted."""
        return self.found / self.wanted if self.wanted else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of the two."""
        both = self.drafted + self.wanted
        return 2 * self.found / both if both else 0.0


@dataclass(slots=True)
class Track:
    """One track: the span alone, and with the right speaker."""

    span: Figures = field(default_factory=Figures)
    speaker: Figures = field(default_factory=Figures)

    def add(self, drafted: int, wanted: int, matched: int, right: int) -> None:
        """Count the matches of one text."""
        for figures, found in ((self.span, matched), (self.speaker, right)):
            figures.found += found
            figures.drafted += drafted
            figures.wanted += wanted


@dataclass(slots=True)
class Report:
    """The figures over all texts. ``kinds`` and ``types`` split the statements.

    By kind, a draft's row counts under its own kind and a gold row under its own; found is one
    whose kind is right too. Types are the
    gold's: ``drafted`` counts the drafted rows that match a row of that type, and precision then
    says how often the speaker of a matched row is right.
    """

    quotes: Track = field(default_factory=Track)
    statements: Track = field(default_factory=Track)
    exact: Track = field(default_factory=Track)
    kinds: dict[str, Figures] = field(default_factory=dict)
    types: dict[str, Figures] = field(default_factory=dict)


def score(pairs: Iterable[Pair]) -> Report:
    """The figures of all texts together (counts are summed, not averaged by text)."""
    report = Report()
    for pair in pairs:
        draft = [row for row in pair.draft if row.kind != "scare"]
        gold = [row for row in pair.gold if row.kind != "scare"]
        _add(report.quotes, stretches(pair.text, draft), stretches(pair.text, gold), QUOTE_OVERLAP)
        _add(report.exact, draft, gold, 1.0)
        _split(report, draft, gold, _add(report.statements, draft, gold, STATEMENT_OVERLAP))
    return report


def _add(
    track: Track, draft: Sequence[Row], gold: Sequence[Row], overlap: float
) -> list[tuple[Row, Row]]:
    matched = match(draft, gold, overlap)
    right = sum(same_speaker(a.speaker, b.speaker) for a, b in matched)
    track.add(len(draft), len(gold), len(matched), right)
    return matched


def _split(
    report: Report, draft: Sequence[Row], gold: Sequence[Row], matched: list[tuple[Row, Row]]
) -> None:
    for row in draft:
        report.kinds.setdefault(row.kind, Figures()).drafted += 1
    for row in gold:
        report.kinds.setdefault(row.kind, Figures()).wanted += 1
        if row.type:
            report.types.setdefault(row.type, Figures()).wanted += 1
    for drafted, wanted in matched:
        right = same_speaker(drafted.speaker, wanted.speaker)
        if drafted.kind == wanted.kind:
            report.kinds[wanted.kind].found += right
        if wanted.type:
            report.types[wanted.type].drafted += 1
            report.types[wanted.type].found += right


def match(draft: Sequence[Row], gold: Sequence[Row], overlap: float) -> list[tuple[Row, Row]]:
    """Pairs (drafted, gold) that share at least ``overlap``, one to one, best first.

    Of equal overlaps the one with the right speaker goes first, then text order.
    """
    order = sorted(range(len(draft)), key=lambda number: draft[number].start)
    starts = [draft[number].start for number in order]
    longest = max((row.end - row.start for row in draft), default=0)
    found = []
    for wanted, row in enumerate(gold):
        first = bisect_left(starts, row.start - longest)
        for place in range(first, bisect_left(starts, row.end)):
            other = draft[order[place]]
            share = _share(other, row)
            if share >= overlap:
                wrong = not same_speaker(other.speaker, row.speaker)
                found.append((-share, wrong, order[place], wanted))
    taken_draft: set[int] = set()
    taken_gold: set[int] = set()
    pairs = []
    for _, _, drafted, wanted in sorted(found):
        if drafted not in taken_draft and wanted not in taken_gold:
            taken_draft.add(drafted)
            taken_gold.add(wanted)
            pairs.append((draft[drafted], gold[wanted]))
    return pairs


def _share(one: Row, other: Row) -> float:
    common = min(one.end, other.end) - max(one.start, other.start)
    if common <= 0:
        return 0.0
    return common / (max(one.end, other.end) - min(one.start, other.start))


def same_speaker(guess: str, gold: str) -> bool:
    """Whether two speakers are the same by their words.

    Either holds all words of the other (the guess at most four more), or they share half of them
    (F1). A pronoun is only equal to itself, nobody ("") only to nobody.
    """
    ours, theirs = _words(guess), _words(gold)
    if not ours or not theirs:
        return not ours and not theirs
    if any(len(words) == 1 and words <= _PRONOUNS for words in (ours, theirs)):
        return ours == theirs
    if ours <= theirs or (theirs <= ours and len(ours) <= len(theirs) + 4):
        return True
    return 2 * len(ours & theirs) / (len(ours) + len(theirs)) >= 0.5


def _words(speaker: str) -> set[str]:
    words = {word.lower() for word in _WORD.findall(speaker)}
    return words - _EMPTY or words


def stretches(text: str, rows: Iterable[Row]) -> list[Row]:
    """The quoted stretches inside the rows, marks included, each once.

    The speaker is that of the smallest row around it.
    """
    found: dict[tuple[int, int], Row] = {}
    for row in sorted(rows, key=lambda row: row.end - row.start):
        for start, end in _quoted(text, row.start, row.end):
            found.setdefault((start, end), Row(start, end, row.kind, row.speaker, row.type))
    return sorted(found.values(), key=lambda row: (row.start, row.end))


def _quoted(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Stretches between marks, by the marks' shapes; an open one runs to the paragraph's end."""
    found = []
    opened: int | None = None
    paragraph = start
    for mark in [*_MARK.finditer(text, start, end), None]:
        at, after, shape = (mark.start(), mark.end(), mark[0]) if mark else (end, end, "\n")
        if shape == "\n":
            if opened is not None:
                found.append((opened, at))
            opened, paragraph = None, after
        elif shape in "“„«``" or (shape in "\"''" and opened is None and _opens(text, at, start)):
            opened = at if opened is None else opened
        else:
            found.append((paragraph if opened is None else opened, after))
            opened, paragraph = None, after
    return [(left, right) for left, right in found if any(c.isalnum() for c in text[left:right])]


def _opens(text: str, at: int, start: int) -> bool:
    return at == start or not (text[at - 1].isalnum() or text[at - 1] in ".,!?;:…)]")
