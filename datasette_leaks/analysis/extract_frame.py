"""Where quotations begin and end, paragraph by paragraph.

Curly marks and ``…'' are paired by shape, straight ones by turn with the help of what stands
beside them. A quotation left open runs to its paragraph's end, or to where the next one opens.
Marks of another kind inside a quotation are part of it, and so are editorial brackets. Single marks
count where a paragraph has no double ones.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import zip_longest

_MARK = re.compile("[“”„«»\"]|'{2,3}|``")
# Where a quotation that nothing closes must have ended: ", the mayor said".
_SAID = re.compile(
    r",\s(?:he|she|they|(?:the|[A-Z][\w-]{0,30})\s[\w-]{1,30}|[A-Z][\w-]{0,30})\s(?:said|says|wrote|added)\b"
)
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
    within = 0  # curly quotations open inside a straight one
    curly = text.rfind("”", start, end)
    marks = list(_MARK.finditer(text, start, end))
    for mark, after_it in zip_longest(marks, marks[1:]):
        following = after_it[0] if after_it else ""
        at, after, shape = mark.start(), mark.end(), mark[0][:2]
        if opened is None:
            if shape == "”" and at == start and curly > at:
                opened = (at, after, "“")
            elif _opens(text, at, after, shape, start, end):
                opened = (at, after, shape)
            within = 0
        elif opened[2] == '"' and (shape == "“" or (shape == "”" and within)):
            within += 1 if shape == "“" else -1
        elif _closes(text, at, after, shape, opened[2], end, following):
            if at > opened[1]:
                found.append(Quotation(opened[0], after, opened[1], at, closed=True))
            opened = None
        elif shape == opened[2] and (at == start or text[at - 1].isspace()):
            stop = at
            while stop > opened[1] and text[stop - 1].isspace():
                stop -= 1
            found.append(Quotation(opened[0], stop, opened[1], stop, closed=False))
            opened = (at, after, shape)
    if opened is not None and text[opened[1] : end].strip():
        said = _SAID.search(text, opened[1], end)
        stop = said.start() + 1 if said else end
        found.append(Quotation(opened[0], stop, opened[1], stop, closed=False))
    return found or _singles(text, start, end)


def _opens(text: str, at: int, after: int, shape: str, start: int, end: int) -> bool:
    """Whether the mark can open: one of no shape needs a word after it and none before."""
    if shape in _CLOSING:
        return True
    if shape not in "\"''" or after >= end or text[after].isspace():
        return False
    return at == start or not (text[at - 1].isalnum() or text[at - 1] in ".,!?=")


def _closes(
    text: str,
    at: int,
    after: int,
    shape: str,
    opened: str,
    end: int,
    following: str,
) -> bool:
    """Whether the mark ends a quotation that ``opened`` began.

    A mark of the wrong shape does where it stands like a closing one, right after a word, and (for
    a straight one) the mark that follows is no closing curly one.
    """
    if shape == _CLOSING.get(opened, opened):
        return shape != '"' or not (
            text[at - 1].isspace() and after < end and text[after].isalnum()
        )
    stands = not text[at - 1].isspace() and (after >= end or not text[after].isalnum())
    if opened == '"':
        return shape == "”"
    return stands and (
        (opened == "“" and (shape == "“" or (shape == '"' and following != "”")))
        or (opened == "„" and shape in "“")
    )


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
