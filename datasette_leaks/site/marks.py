"""Cuts a passage of plain text at every span border, so that marks stay flat.

The W3C annotation model lets spans overlap; HTML elements cannot. So the text is cut into *runs*:
stretches over which the set of covering spans is the same. One ``<mark>`` is drawn a run, never one
inside another.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple


class Span(NamedTuple):
    """``start`` to ``end`` (exclusive, code points of the document), known by its ``key``."""

    start: int
    end: int
    key: int


class Run(NamedTuple):
    """A stretch of text with the keys of the spans that cover it and of those that begin at it.

    Both tuples are sorted.
    """

    start: int
    end: int
    covering: tuple[int, ...] = ()
    beginning: tuple[int, ...] = ()


def cut(start: int, end: int, spans: Iterable[Span]) -> list[Run]:
    """Runs that tile ``[start, end)``; parts of spans outside are ignored.

    A span that began before ``start`` covers its runs here but does not begin here. Takes
    O(n log n + k) for n spans and k the covering keys given.
    """
    begin: dict[int, list[int]] = {}
    finish: dict[int, list[int]] = {}
    points = {start, end}
    covering: set[int] = set()
    for left, right, key in spans:
        if left >= end or right <= start:
            continue
        if left < start:
            covering.add(key)
        else:
            begin.setdefault(left, []).append(key)
            points.add(left)
        if right < end:
            finish.setdefault(right, []).append(key)
            points.add(right)
    runs: list[Run] = []
    for left, right in pairwise(sorted(points)):
        covering.difference_update(finish.get(left, ()))
        beginning = begin.get(left, ())
        covering.update(beginning)
        runs.append(Run(left, right, tuple(sorted(covering)), tuple(sorted(beginning))))
    return runs


def by_passage(starts: Sequence[int], spans: Iterable[Span], text_end: int) -> list[list[Span]]:
    """Which spans touch which passage, for passages that begin at the sorted ``starts``.

    A passage is taken to reach to the next one's start, the last to ``text_end``.
    """
    found: list[list[Span]] = [[] for _ in starts]
    for span in spans:
        index = max(bisect_right(starts, span.start) - 1, 0)
        while index < len(starts) and starts[index] < min(span.end, text_end):
            found[index].append(span)
            index += 1
    return found
