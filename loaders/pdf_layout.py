"""Lines of a PDF's pages to the text of a document: paragraphs, pages, links, running heads.

Lines stay lines: a line end inside a paragraph is a line end in the text, and a hyphen before it
stays. Paragraphs, and pages, are separated by a blank line.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from .blocks import Block
from .pdf_pages import PdfLine, PdfPage
from .records import Link, Page

_EDGE = 3  # lines at the top and bottom of a page in which running heads are looked for
_GAP = 1.35  # lines further apart than this many usual distances are two paragraphs
_FEW = 8  # distances; a page with fewer has no usual one of its own
_BESIDE = 0.4  # lines less apart than this many heights are side by side
_INDENT = 9  # points; a line that begins so much further right begins a paragraph
_LARGER = 1.25  # letters so much higher than usual are a heading's
_LARGEST = 1.6  # and the title's
_HEADING = 200  # code points; what is longer is no heading
_MARKER = re.compile(r"(?:[•·▪◦*–-]|\(?\w{1,4}[.)])\s")
_BULLET = re.compile(r"[•·▪◦]\s")
_NUMBER = re.compile(
    r"[-–—\s]*(?:page\s*)?\d{1,4}(?:\s*(?:/|of)\s*\d{1,4})?[-–—\s]*", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Laid:
    """The text and what stands where. ``running``: of each block, whether it is a running head."""

    text: str
    blocks: tuple[Block, ...]
    running: tuple[bool, ...]
    pages: tuple[Page, ...]
    links: tuple[Link, ...]


def lay_out(pages: Sequence[PdfPage]) -> Laid:
    """The text of the pages. Pages count from 1; one without text has an empty span."""
    heads = _running_heads(pages)
    heights = [line.height for page in pages for line in page.lines]
    usual = median(heights) if heights else 0.0
    distance = _distance([gap for page in pages for gap in _gaps(page.lines)])
    parts: list[str] = []
    blocks: list[Block] = []
    running: list[bool] = []
    spans: list[Page] = []
    links: list[Link] = []
    position = 0
    for number, page in enumerate(pages, 1):
        top = len(blocks)
        starts: list[int] = []
        for group, repeated in _groups(page.lines, heads, distance, usual):
            gap = "\n\n" if blocks else ""
            words = "\n".join(line.text for line in group)
            start = position + len(gap)
            for line in group:
                starts.append(start)
                start += len(line.text) + 1
            start, position = position + len(gap), position + len(gap) + len(words)
            parts += [gap, words]
            broken = len(blocks) == top and number > 1
            kind, level = _kind(words, group, usual)
            blocks.append(Block(kind, start, position, start, level, broken, unlinked=words))
            running.append(repeated)
        spans.append(Page(number, blocks[top].start if len(blocks) > top else position, position))
        links += [
            Link(
                starts[each.first] + each.start, starts[each.last] + each.end, each.url, "citation"
            )
            for each in page.links
        ]
    links.sort(key=lambda link: (link.start, -link.end))
    return Laid("".join(parts), tuple(blocks), tuple(running), tuple(spans), tuple(links))


def _kind(words: str, group: Sequence[PdfLine], usual: float) -> tuple[str, int]:
    height = min(line.height for line in group)
    if len(words) > _HEADING or height < _LARGER * usual:
        return "paragraph", 0
    return "heading", 1 if height >= _LARGEST * usual else 2


# --- running heads


def _running_heads(pages: Sequence[PdfPage]) -> set[str]:
    """What stands at the top or bottom of most pages, but for its numbers."""
    texts = [page for page in pages if page.lines]
    counts = Counter(
        key
        for page in texts
        for key in {_key(page.lines[n]) for n in range(len(page.lines)) if _at_edge(page.lines, n)}
    )
    return {key for key, count in counts.items() if count > 1 and 2 * count > len(texts)}


def _key(line: PdfLine) -> str:
    return re.sub(r"\d+", "#", " ".join(line.text.split())).casefold()


def _at_edge(lines: Sequence[PdfLine], number: int) -> bool:
    return number < _EDGE or number >= len(lines) - _EDGE


# --- paragraphs


def _gaps(lines: Sequence[PdfLine]) -> list[float]:
    """How far each line is below the one before it, in points; not where they are side by side."""
    return [a.y - b.y for a, b in pairwise(lines) if a.y - b.y > _BESIDE * b.height]


def _distance(gaps: Sequence[float]) -> float:
    return median(gaps) if gaps else 0.0


def _groups(
    lines: Sequence[PdfLine], heads: set[str], distance: float, height: float
) -> Iterator[tuple[Sequence[PdfLine], bool]]:
    """The lines of a page by paragraphs, and whether each is a running head.

    ``distance`` is the usual one between the document's lines, for a page of few lines, and
    ``height`` that of its letters: what is larger is no running head, but the title.
    """
    gaps = _gaps(lines)
    usual = _distance(gaps) if len(gaps) >= _FEW else distance
    start = 0
    before = ""
    for number, line in enumerate(lines):
        apart = ""
        if _at_edge(lines, number):
            running = _key(line) in heads and line.height < _LARGER * height
            apart = "running" if running else "number" * bool(_NUMBER.fullmatch(line.text))
        if number > start and (
            apart or before or _begins(lines[number - 1], line, usual, number - 1 == start)
        ):
            yield lines[start:number], before == "running"
            start = number
        before = apart
    if lines:
        yield lines[start:], before == "running"


def _begins(last: PdfLine, line: PdfLine, usual: float, second: bool) -> bool:
    """Whether the line begins a paragraph; ``second``: the last one began one itself."""
    gap = last.y - line.y
    if abs(gap) <= _BESIDE * line.height:
        return False
    if gap < 0 or gap > _GAP * max(usual, 0.9 * line.height):
        return True
    if max(last.height, line.height) > _LARGER * min(last.height, line.height):
        return True
    hanging = _BULLET.match(last.text) or (second and _MARKER.match(last.text))
    return _BULLET.match(line.text) is not None or (line.x - last.x >= _INDENT and not hanging)
