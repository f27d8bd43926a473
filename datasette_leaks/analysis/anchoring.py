"""Anchors for spans: the first and last words that point at a passage and at no other."""

from __future__ import annotations

import re
from collections.abc import Iterator

from datasette_leaks.analysis.draft_words import writable
from datasette_leaks.loaders.anchors import AnchorFinder
from datasette_leaks.loaders.records import Anchor

_WORD = re.compile(r"\S+")
_WHOLE = 6  # words: a passage no longer than this is its own anchor
_FEWEST, _MOST = 3, 8  # words of a start or an end
_AROUND = 4  # words of a prefix or suffix, at most


def anchor_of(finder: AnchorFinder, start: int, end: int) -> Anchor | None:
    """The shortest anchor tried that ``finder`` resolves to exactly ``start`` to ``end``.

    The span is in code points of the finder's text. None where no anchor does: it is empty, or it
    begins or ends inside a word, it has control characters, or the same words stand around the
    same words elsewhere.
    """
    words = _WORD.findall(finder.text, start, end)
    for anchor in _tries(finder.text, words, start, end):
        if _writable(anchor) and finder.find(anchor) == (start, end):
            return anchor
    return None


def _writable(anchor: Anchor) -> bool:
    parts = (anchor.start, anchor.end, anchor.prefix, anchor.suffix)
    return all(writable(each) for each in parts if each is not None)


def _tries(text: str, words: list[str], start: int, end: int) -> Iterator[Anchor]:
    if not words:
        return
    plain: list[tuple[str, str | None]] = []
    if len(words) > _WHOLE:
        plain = [
            (" ".join(words[:count]), " ".join(words[-count:]))
            for count in range(_FEWEST, min(_MOST, len(words)) + 1)
        ]
    else:
        plain = [(" ".join(words), None)]
    for first, last in plain:
        yield Anchor(first, last)
    before = _WORD.findall(text, max(0, start - 200), start)
    after = _WORD.findall(text, end, end + 200)
    for count in range(1, _AROUND + 1):
        prefix = " ".join(before[-count:]) or None
        suffix = " ".join(after[:count]) or None
        for first, last in (plain[0], plain[-1]):
            yield Anchor(first, last, prefix)
            yield Anchor(first, last, None, suffix)
            yield Anchor(first, last, prefix, suffix)
