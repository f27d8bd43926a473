"""Where quotations begin and end, paragraph by paragraph.

Curly marks and ``…'' are paired by shape, straight ones by turn with the help of what stands
beside them. A quotation left open runs to its paragraph's end, or to where the next one opens.
Marks of another kind inside a quotation are part of it, and so are editorial brackets. Single marks
count where a paragraph has no double ones.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_MARK = re.compile("[“”„«»\"]|''|``")
_SINGLE = re.compile("[‘’']")
_CLOSING = {"“": "”", "„": "”", "«": "»", "``": "''"}
_LONGEST_SINGLE = 1500  # code points: more in single marks is two apostrophes


@dataclass(frozen=True, slots=True)
class Quotation:
    """A stretch between marks: ``start`` and ``end`` with them, ``inner`` and ``outer`` without.

    ``closed`` is false where the paragraph, or the next quotation, comes first.
    """

    start: int
    end: int
    inner: int
    outer: int
    closed: bool


def quotations(text: str, start: int, end: int) -> list[Quotation]:
    """The outermost quotations of the paragraph ``text[start:end]``, in text order."""
    found: list[Quotation] = []
    opened: tuple[int, int, str] | None = None
    for mark in _MARK.finditer(text, start, end):
        at, after, shape = mark.start(), mark.end(), mark[0]
        if opened is None:
            if shape in _CLOSING or (shape in "\"''" and _opens(text, at, after, start, end)):
                opened = (at, after, shape)
            continue
        close = _CLOSING.get(opened[2], opened[2])
        reopened = shape == opened[2] and (
            shape != close
            or (shape == '"' and text[at - 1] == " " and _opens(text, at, after, start, end))
        )
        if reopened:
            stop = at - len(text[opened[1] : at]) + len(text[opened[1] : at].rstrip())
            found.append(Quotation(opened[0], stop, opened[1], stop, closed=False))
            opened = (at, after, shape)
        elif shape == close or (opened[2] == "„" and shape == "“"):
            found.append(Quotation(opened[0], after, opened[1], at, closed=True))
            opened = None
    if opened is not None and text[opened[1] : end].strip():
        found.append(Quotation(opened[0], end, opened[1], end, closed=False))
    return found or _singles(text, start, end)


def _opens(text: str, at: int, after: int, start: int, end: int) -> bool:
    """Whether a mark of no shape can open: a word follows, and none ends before it."""
    if after >= end or text[after].isspace():
        return False
    return at == start or not (text[at - 1].isalnum() or text[at - 1] in ".,!?")


def _singles(text: str, start: int, end: int) -> list[Quotation]:
    """Quotations in single marks: ‘…’ or '…', told from apostrophes by the letters beside them."""
    found: list[Quotation] = []
    marks = [(mark.start(), mark[0]) for mark in _SINGLE.finditer(text, start, end)]
    last = {shape: at for at, shape in marks}
    opened: tuple[int, str] | None = None
    for at, shape in marks:
        after = at + 1
        if opened and at - opened[0] > _LONGEST_SINGLE:
            opened = None
        if opened is None:
            begins = at == start or not (text[at - 1].isalnum() or text[at - 1] in "’'.,")
            if shape != "’" and begins and after < end and text[after].isalpha():
                opened = (at, "’" if shape == "‘" else "'")
        elif shape == opened[1] and not (after < end and text[after].isalnum()):
            plural = text[at - 1] in "sS" and after < end and text[after] == " "
            if not plural or last[shape] == at:
                found.append(Quotation(opened[0], after, opened[0] + 1, at, closed=True))
                opened = None
    return found
