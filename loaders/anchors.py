"""Finding the passage that an anchor points at by its first and last words.

Text and anchor are folded alike and compared exactly: runs of white space become one space, the
shapes of quotation marks, apostrophes and dashes become one each, canonically equivalent letters
become the same code points (Unicode NFD), and characters that nobody sees are left out. The text is
folded once, with a map back to its own code points, so that many anchors in one text are cheap.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import NamedTuple

from .records import Anchor

MAX_CANDIDATES = 5
CONTEXT = 30  # code points either side of a candidate
STARTS = "words that stand once in the text"
ENDS = "words at or after its start"


class Span(NamedTuple):
    """A part of a text: code points, ``end`` exclusive."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place that an anchor might have meant: its offset in code points, and words around it."""

    offset: int
    context: str


@dataclass(frozen=True, slots=True)
class AnchorProblem:
    """Why an anchor points at no single passage, what to do, and up to five places to look at.

    ``expected`` says which words would have been right.
    """

    message: str
    advice: str
    candidates: tuple[Candidate, ...] = ()
    expected: str = STARTS

    def __str__(self) -> str:
        """The message, the candidates with their offsets, and the advice, on one line."""
        places = "; ".join(f"at {each.offset}: “{each.context}”" for each in self.candidates)
        return f"{self.message}{f' ({places})' if places else ''}. {self.advice}"


def find(text: str, anchor: Anchor) -> Span | AnchorProblem:
    """The passage of ``text`` that ``anchor`` points at. For several anchors, see AnchorFinder."""
    return AnchorFinder(text).find(anchor)


class AnchorFinder:
    """Finds anchors in one text, which is folded once."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._folded = _fold(text)

    def find(self, anchor: Anchor) -> Span | AnchorProblem:
        """The passage that ``anchor`` points at, or why there is no single one.

        The start's words must stand once, in whole words, directly after ``prefix`` where one is
        given. The passage ends with the first match of the end's words that lies at or after the
        start and does not end before it does; ``suffix`` must stand directly after that.
        """
        parts = {
            name: _needle(words)
            for name in ("start", "end", "prefix", "suffix")
            if (words := getattr(anchor, name)) is not None
        }
        for name, needle in parts.items():
            if not needle:
                return AnchorProblem(f"{name} holds no words", "Write the words as in the text")
        starts = self._matches(parts["start"])
        if not starts:
            return self._not_found("start", anchor.start, parts["start"])
        found = starts
        if "prefix" in parts:
            found = [span for span in found if self._follows(parts["prefix"], span.start)]
            if not found:
                return self._none(starts, f"“{anchor.start}” stands nowhere directly after "
                                  f"the prefix “{anchor.prefix}”", "Mend the prefix")  # fmt: skip
        if anchor.end is not None:
            begun, found = found, self._to_end(found, parts["end"])
            if not found:
                if not self._matches(parts["end"]):
                    return self._not_found("end", anchor.end, parts["end"])
                return self._none(begun, f"the end “{anchor.end}” stands only before "
                                  f"the start “{anchor.start}”", "Mend the end", ENDS)  # fmt: skip
        if "suffix" in parts:
            ended = found
            found = [span for span in found if self._precedes(parts["suffix"], span.end)]
            if not found:
                width = len(parts.get("end", parts["start"]))
                return self._none(
                    [Span(span.end - width, span.end) for span in ended],
                    f"the suffix “{anchor.suffix}” stands nowhere directly "
                    f"after “{anchor.end or anchor.start}”",
                    "Mend the suffix or lengthen the end",
                )
        if len(found) > 1:
            return AnchorProblem(
                f"“{anchor.start}” stands {len(found)} times in the text",
                "Lengthen it, or add the words before as prefix or the words after as suffix",
                self._candidates([Span(n, n + len(parts["start"])) for n, _ in found]),
            )
        return self._folded.span(found[0])

    def _matches(self, needle: str) -> list[Span]:
        """All places of ``needle`` in whole words, in the folded text."""
        text = self._folded.text
        found = []
        start = text.find(needle)
        while start >= 0:
            end = start + len(needle)
            if not (_inside_word(text, start) or _inside_word(text, end)):
                found.append(Span(start, end))
            start = text.find(needle, start + 1)
        return found

    def _to_end(self, starts: list[Span], needle: str) -> list[Span]:
        ends = self._matches(needle)
        spans = []
        for start, least in starts:
            # All ends are equally long, so both conditions are one on where they begin.
            first = bisect_left(ends, (max(start, least - len(needle)),))
            if first < len(ends):
                spans.append(Span(start, ends[first].end))
        return spans

    def _follows(self, needle: str, end: int) -> bool:
        text = self._folded.text
        end -= text.endswith(" ", 0, end)
        start = end - len(needle)
        return text.endswith(needle, 0, end) and not _inside_word(text, start)

    def _precedes(self, needle: str, start: int) -> bool:
        text = self._folded.text
        start += text.startswith(" ", start)
        return text.startswith(needle, start) and not _inside_word(text, start + len(needle))

    def _none(
        self, places: list[Span], message: str, advice: str, expected: str = STARTS
    ) -> AnchorProblem:
        return AnchorProblem(message, advice, self._candidates(places), expected)

    def _not_found(self, name: str, words: str, needle: str) -> AnchorProblem:
        message = f"the {name} “{words}” stands nowhere in the text"
        near = self._nearest(needle)
        advice = "Copy the words from the text, with their capitals"
        expected = ENDS if name == "end" else STARTS
        return AnchorProblem(message, advice, self._candidates(near), expected)

    def _nearest(self, needle: str) -> list[Span]:
        """Where the words stand with other capitals, or the most of them, from first or last on."""
        other = re.finditer(re.escape(needle), self._folded.text, re.IGNORECASE)
        if found := [Span(*match.span()) for match in other]:
            return found
        words = needle.split(" ")
        best: list[Span] = []
        low = 1
        for last in (False, True):
            high = len(words) - 1
            while low <= high:  # the more words, the fewer places: halve what is left to try
                count = (low + high) // 2
                if places := self._matches(" ".join(words[-count:] if last else words[:count])):
                    low, best = count + 1, places
                else:
                    high = count - 1
        return best

    def _candidates(self, places: list[Span]) -> tuple[Candidate, ...]:
        candidates = []
        for place in places[:MAX_CANDIDATES]:
            start, end = self._folded.span(place)
            before = max(0, start - CONTEXT)
            around = " ".join(self.text[before : end + CONTEXT].split())
            head = "…" if before else ""
            tail = "…" if end + CONTEXT < len(self.text) else ""
            candidates.append(Candidate(start, head + around + tail))
        return tuple(candidates)


# --- folding -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Folded:
    """A folded text and the pieces it was made of: where each begins here, and in the original."""

    text: str
    here: list[int]
    original: list[Span]

    def span(self, folded: Span) -> Span:
        """The span of the original text that became ``folded``, which is not empty."""
        start, _ = self._original(folded.start)
        _, end = self._original(folded.end - 1)
        return Span(start, end)

    def _original(self, index: int) -> Span:
        piece = bisect_right(self.here, index) - 1
        start, end = self.original[piece]
        here = self.here[piece]
        after = self.here[piece + 1] if piece + 1 < len(self.here) else len(self.text)
        if after - here != end - start:  # not one to one: the piece is one character to a reader
            return Span(start, end)
        return Span(start + index - here, start + index - here + 1)


SHAPES = {
    "'": "‘’‚‛′´`ʼ‹›＇",
    '"': "“”„‟″«»＂",
    "-": "‐‑‒–—―−﹘﹣－",
}
_SHAPES = {ord(char): shape for shape, chars in SHAPES.items() for char in chars}
# Soft hyphen, zero-width space, (non-)joiners and no-break space, word joiner, marks of direction,
# and selectors of a character's variant.
UNSEEN = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u202a-\u202e\u2066-\u2069\ufe0e\ufe0f"
_PIECES = re.compile(
    r"(?P<plain>[!-~]+(?: [!-~]+)*)"  # most of a text in few pieces
    rf"|(?P<space>(?:[{UNSEEN}]*\s)+[{UNSEEN}]*)|(?P<unseen>[{UNSEEN}]+)|(?P<rest>[^\s{UNSEEN}]+)"
)


def _fold(text: str) -> _Folded:
    pieces: list[str] = []
    here: list[int] = []
    original: list[Span] = []
    length = 0

    def add(piece: str, start: int, end: int) -> None:
        nonlocal length
        pieces.append(piece)
        here.append(length)
        original.append(Span(start, end))
        length += len(piece)

    for match in _PIECES.finditer(text):
        if match.lastgroup == "space":
            add(" ", match.start(), match.end())
        elif match.lastgroup in ("plain", "rest"):
            word = match[0].translate(_SHAPES)
            if word.isascii() or unicodedata.is_normalized("NFD", word):
                add(word, match.start(), match.end())
            else:
                for start, end in _clusters(word):
                    piece = unicodedata.normalize("NFD", word[start:end])
                    add(piece, match.start() + start, match.start() + end)
    return _Folded("".join(pieces), here, original)


def _clusters(word: str) -> list[Span]:
    """The characters of a word, each with the combining marks after it."""
    starts = [n for n, char in enumerate(word) if n == 0 or not unicodedata.combining(char)]
    return [Span(*pair) for pair in zip(starts, [*starts[1:], len(word)], strict=True)]


def _needle(words: str) -> str:
    return _fold(words).text.strip(" ")


# Scripts that put no spaces between words: Thai, Lao, Burmese, Khmer, kana, ideographs.
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")


def _inside_word(text: str, index: int) -> bool:
    """Whether a cut before ``index`` of a folded text would fall inside a word."""
    if not 0 < index < len(text):
        return False
    before, after = text[index - 1], text[index]
    if unicodedata.category(after)[0] == "M":
        return True
    if _UNSPACED.match(before) and _UNSPACED.match(after):
        return False
    if _in_word(before) and _in_word(after):
        return True
    if _POSSESSIVE.match(text, index):
        return False
    # don't, 10,000: the mark is part of the word, so a cut on either side of it is inside.
    return any(_JOINED.match(text, max(0, at)) for at in (index - 2, index - 1))


_POSSESSIVE = re.compile(
    r"'s(?!\w)"
)  # whoever points at a firm may leave out that it is the firm's
_JOINED = re.compile(r"[^\W\d_]'[^\W\d_]|\d[.,]\d")


def _in_word(char: str) -> bool:
    return char.isalnum() or char == "_" or unicodedata.category(char)[0] == "M"
