"""Which statements a draft makes of attributions: one claim for each, with who says it and how."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from datasette_leaks.analysis.attribution import Attribution
from datasette_leaks.analysis.draft_words import plain
from datasette_leaks.analysis.extract_frame import quotations
from datasette_leaks.analysis.extract_sentences import sentences
from datasette_leaks.loaders.records import Passage

Span = tuple[int, int]

LEAST = 0.45  # rules below it are wrong more often than an editor has patience for
_SAME = 0.8  # of two spans' characters shared: it is one statement
_SHORT = 4  # words: a sentence of a quotation with fewer goes with the one before

_MARKS = re.compile("[“”„«»\"]|''|``")
_LEAD = re.compile(r"(?:that|whether)\s+", re.IGNORECASE)
_WORD = re.compile(r"\w+")
_NEGATED = re.compile(r"\b(?:not|never|neither|nor|no longer|cannot|declined to)\b|n['’]t\b")
_STANCES = (
    ("denies", re.compile(r"\b(?:den(?:y|ies|ied|ying))\b", re.IGNORECASE)),
    (
        "disputes",
        re.compile(r"\b(?:disput|contest|reject|refut|rebut|dismiss|challeng)\w*", re.IGNORECASE),
    ),
    ("retracts", re.compile(r"\b(?:retract\w*|withdrew|recant\w*)\b", re.IGNORECASE)),
)


@dataclass(eq=False, slots=True)
class Said:
    """That a source (an engine's id) takes a stance; ``place`` None is the statement's own."""

    source: str
    stance: str
    cue: str
    hedges: tuple[str, ...]
    rule: str
    confidence: float
    cue_span: Span | None = None
    place: Span | None = None
    link: str | None = None
    note: str | None = None
    derives_from: list[Said] = field(default_factory=list)


@dataclass(eq=False, slots=True)
class Statement:
    """Words of the text that are one claim, and who says so. ``span`` is in code points.

    ``confirmed``: the text calls it confirmed and says by nobody.
    """

    span: Span
    rule: str
    confidence: float
    said: list[Said] = field(default_factory=list)
    confirmed: bool = False


def statements(
    text: str,
    passages: Sequence[Passage],
    rows: Iterable[Attribution],
    least: float,
    left: Counter[str],
) -> list[Statement]:
    """The statements of ``rows`` in text order.

    A row within another's words is part of that statement: only where both are nearly the same
    words do they make one statement with two who say it. Rows of a confidence below ``least`` are
    left out, as are marks that quote nobody; ``left`` counts both kinds and the rows within others.
    """
    found: list[Statement] = []
    widest: list[tuple[Attribution, list[Statement]]] = []
    for row in sorted(rows, key=lambda row: (row.start, -row.end)):
        if row.kind == "scare":
            continue
        if row.confidence < least:
            left["unsure"] += 1
            continue
        widest = [each for each in widest if each[0].end > row.start]
        outer = next((each for each in widest if each[0].end >= row.end), None)
        if outer is not None:
            if _one(outer[0], row) and row.source and row.source != outer[0].source:
                for statement in outer[1]:
                    statement.said.append(_said(text, row))
            else:
                left["within another"] += 1
            continue
        made = [
            Statement(span, row.rule, row.confidence, [_said(text, row)] if row.source else [])
            for span in _spans(text, passages, row)
        ]
        made = [each for each in made if not any(_overlap(each, other) for other in found[-3:])]
        widest.append((row, made))
        found += made
    return found


def _one(outer: Attribution, inner: Attribution) -> bool:
    return inner.end - inner.start >= _SAME * (outer.end - outer.start)


def _overlap(one: Statement, other: Statement) -> bool:
    return one.span[0] < other.span[1] and other.span[0] < one.span[1]


def _said(text: str, row: Attribution) -> Said:
    stance, note = _stance(text, row)
    cue_span = (
        None if row.cue_start is None or row.cue_end is None else (row.cue_start, row.cue_end)
    )
    return Said(
        row.source or "",
        stance,
        row.cue,
        row.hedges,
        row.rule,
        row.confidence,
        cue_span,
        link=row.link,
        note=note,
    )


def _stance(text: str, row: Attribution) -> tuple[str, str | None]:
    """The stance by the cue; a negated denial stays a question for the editor."""
    if row.kind == "direct" or row.cue_start is None:
        return "asserts", None
    for stance, pattern in _STANCES:
        if pattern.search(row.cue):
            before = text[max(0, row.cue_start - 25) : row.cue_start]
            if _NEGATED.search(before) or _NEGATED.search(row.cue):
                return "asserts", f"The text negates “{row.cue}”. Decide on the stance."
            return stance, None
    return "asserts", None


# --- the words of a statement ------------------------------------------------------------------


def _spans(text: str, passages: Sequence[Passage], row: Attribution) -> Iterator[Span]:
    """The spans of the row's statements: a quotation's sentences, else the row's own words.

    Quoted words that are no statement, and less than four words, stand for their sentence.
    """
    if row.kind == "partial" or _size(text, (row.start, row.end)) < _SHORT:
        start, end = sentence_around(text, passages, row.start, row.end)
        yield (start, end) if row.kind == "direct" else trimmed(text, start, end)
    elif row.kind == "direct":
        yield from _sentences(text, *trimmed(text, row.start, row.end))
    else:
        start, end = trimmed(text, row.start, row.end)
        lead = _LEAD.match(text, start, end)
        yield lead.end() if lead else start, end


def _sentences(text: str, start: int, end: int) -> Iterator[Span]:
    spans: list[Span] = []
    for line in re.finditer(r"[^\n]+", text[start:end]):
        for each in sentences(text, start + line.start(), start + line.end(), []):
            span = trimmed(text, each.starts[0], each.ends[-1])
            if spans and min(_size(text, span), _size(text, spans[-1])) < _SHORT:
                spans[-1] = (spans[-1][0], span[1])
            else:
                spans.append(span)
    yield from spans


def _size(text: str, span: Span) -> int:
    return len(_WORD.findall(text, *span))


def sentence_around(text: str, passages: Sequence[Passage], start: int, end: int) -> Span:
    """The sentence of a passage that holds ``start`` to ``end``, or those words where none does."""
    around = next((each for each in passages if each.start <= start and end <= each.end), None)
    first, last = (around.start, around.end) if around else (0, len(text))
    first = max(first, text.rfind("\n", first, start) + 1)
    stop = text.find("\n", end, last)
    last = stop if stop >= 0 else last
    for each in sentences(text, first, last, quotations(text, first, last)):
        if each.starts[0] <= start and end <= each.ends[-1]:
            return each.starts[0], each.ends[-1]
    return start, end


def trimmed(text: str, start: int, end: int) -> Span:
    """The span without the marks of quotation, commas and space at its ends; never empty.

    Single marks go where both ends have one, or where one was left alone.
    """
    words = text[start:end]
    first, last = start + _head(_MARK, words), end - _head(_MARK_OR_COMMA, words[::-1])
    words = text[first:last]
    if len(words) > 2 and words[0] in "'‘" and words[-1] in "'’":
        first, last = first + 1, last - 1
    elif words[-2:] in (",'", ",’") and "‘" not in words:
        last -= 2
    return (first, last) if first < last else (start, end)


def _head(pattern: re.Pattern[str], words: str) -> int:
    found = pattern.match(words)
    return found.end() if found else 0


_MARK = re.compile(r"(?:[\s“”„«»\"`]|'')+")
_MARK_OR_COMMA = re.compile(r"(?:[\s“”„«»\"`,;:]|'')+")


def claim_text(text: str, span: Span) -> str:
    """The words of the span as a sentence: no double marks, single spaces, a full stop.

    A sentence that is there whole, with a quotation at its border, keeps its marks: without them
    the words of its writer would be the speaker's.
    """
    words = text[span[0] : span[1]]
    if not (_MARKS.match(words) or _MARKS.match(words[-1:])):
        words = _MARKS.sub("", words)
    words = plain(words).strip(" ,;:")
    words = words[:1].upper() + words[1:]
    if words.endswith(("”", '"', "»")):
        return words
    return words if words.endswith((".", "!", "?", "…")) else f"{words}."
