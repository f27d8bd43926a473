"""Cuts a passage of plain text at every span border, so that marks stay flat.

The W3C annotation model lets spans overlap; HTML elements cannot. So the text is cut into *runs*:
stretches over which the set of covering spans is the same. One ``<mark>`` is drawn a run, never one
inside another.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Span:
    """``start`` to ``end`` (exclusive, code points of the document), known by its ``key``."""

    start: int
    end: int
    key: int


@dataclass(frozen=True, slots=True)
class Run:
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
    inside = sorted(
        (span for span in spans if span.start < end and span.end > start),
        key=lambda span: span.start,
    )
    if not inside:
        return [Run(start, end)] if start < end else []
    points = sorted(
        {start, end}
        | {max(span.start, start) for span in inside}
        | {min(span.end, end) for span in inside}
    )
    runs: list[Run] = []
    covering: set[int] = set()
    ends: list[tuple[int, int]] = []
    following = 0
    for left, right in pairwise(points):
        while ends and ends[0][0] <= left:
            covering.discard(heappop(ends)[1])
        beginning = []
        while following < len(inside) and inside[following].start <= left:
            span = inside[following]
            covering.add(span.key)
            heappush(ends, (span.end, span.key))
            if span.start == left:
                beginning.append(span.key)
            following += 1
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
