"""Which blocks of a web page are its main text.

trafilatura decides what the main text is; its words are taken from the page itself. For
trafilatura's own text is not fit to be quoted: it puts the words of a ``<q>`` elsewhere in the
sentence and cuts paragraphs in two at a link.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from lxml import etree, html

from .blocks import Block
from .html_text import PageText
from .markdown import PlainText

# trafilatura takes up to 75 µs an element and 2 µs more for each it is inside of: some 5 s at most.
MOST_ELEMENTS = 50_000
MOST_CLIMBING = 1_000_000
LARGEST = 5_000_000  # code points of text

_RUN = 3  # words in a row that make a block known again
_SHARE = 0.4  # of its runs
_PROSE = 15  # words; a block of more is no furniture unless most of it is links
_ABOVE = 12  # blocks that may stand between a headline and its text
_FAULTS = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, etree.LxmlError)
_WORD = re.compile(r"\w+")
# Without a handler of its own, what trafilatura logs of a page without text would be printed.
logging.getLogger("trafilatura").addHandler(logging.NullHandler())


def main_text(tree: html.HtmlElement, page: PageText) -> tuple[PlainText, list[str | None]]:
    """The part of the page from the first to the last block of its main text.

    With the furniture role of each block: None for those of the main text, and for prose, captions
    and headings among them. The whole page where trafilatura finds no main text.
    """
    blocks = page.plain.blocks
    kept = _kept(tree, page)
    if not any(kept):
        return page.plain, list(page.chrome)
    first, last = _bounds(blocks, kept)
    roles = [
        None if kept[n] or _is_body(page.plain.text, blocks[n]) else page.chrome[n] or "other"
        for n in range(first, last + 1)
    ]
    return _part(page.plain, first, last), roles


def _kept(tree: html.HtmlElement, page: PageText) -> list[bool]:
    """Of each block, whether trafilatura has it in the main text."""
    found = _extracted(tree) if len(page.plain.text) <= LARGEST else None
    if found is None:
        return [False] * len(page.plain.blocks)
    runs = set(_runs(_words(" ".join(str(each) for each in found.itertext()))))
    short = {tuple(_words(each.text or "")) for each in found.iter()}
    kept, sure = [], []
    for block in page.plain.blocks:
        text = page.plain.text[block.body : block.end]
        own = _words(text)
        sure.append(len(own) >= _RUN)
        if sure[-1]:
            hits = [run in runs for run in _runs(own)]
            kept.append(_SHARE * len(hits) <= sum(hits))
        else:
            kept.append(any(tuple(_words(each) or "?") in short for each in text.split(" | ")))
    # A few words alone may be those of a menu: they count beside a block that is sure.
    if any(k and s for k, s in zip(kept, sure, strict=True)):
        first, last = _reach(kept, sure)
        kept = [k and first <= n <= last for n, k in enumerate(kept)]
    return kept


def _reach(kept: Sequence[bool], sure: Sequence[bool]) -> tuple[int, int]:
    """From the first to the last sure block, and the short ones that adjoin them."""
    numbers = [n for n, (k, s) in enumerate(zip(kept, sure, strict=True)) if k and s]
    first, last = numbers[0], numbers[-1]
    while first > 0 and kept[first - 1]:
        first -= 1
    while last + 1 < len(kept) and kept[last + 1]:
        last += 1
    return first, last


def _bounds(blocks: Sequence[Block], kept: Sequence[bool]) -> tuple[int, int]:
    """The first and last block of the main text; a headline shortly above it is the first."""
    numbers = [n for n, each in enumerate(kept) if each]
    first = numbers[0]
    for n in range(first, max(-1, first - _ABOVE), -1):
        if blocks[n].kind == "heading" and blocks[n].level == 1:
            first = n
            break
    return first, numbers[-1]


def _is_body(text: str, block: Block) -> bool:
    if block.linked:
        return False
    if block.kind in ("heading", "caption"):
        return True
    words = len(_words(text[block.body : block.end]))
    return words >= _PROSE and 2 * len(_words(block.unlinked)) > words


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _runs(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    return (tuple(words[n : n + _RUN]) for n in range(len(words) - _RUN + 1))


def _part(plain: PlainText, first: int, last: int) -> PlainText:
    start, end = plain.blocks[first].start, plain.blocks[last].end
    blocks = [
        replace(b, start=b.start - start, end=b.end - start, body=b.body - start)
        for b in plain.blocks[first : last + 1]
    ]
    links = [
        replace(each, start=each.start - start, end=each.end - start)
        for each in plain.links
        if start <= each.start and each.end <= end
    ]
    emphases = [
        replace(each, start=each.start - start, end=each.end - start)
        for each in plain.emphases
        if start <= each.start and each.end <= end
    ]
    return PlainText(plain.text[start:end], tuple(blocks), tuple(links), tuple(emphases))


def _extracted(tree: html.HtmlElement) -> etree._Element | None:
    """The main text as trafilatura sees it; None where it finds none or would take too long."""
    elements = depth = climbing = 0
    for event, _ in etree.iterwalk(tree, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if event == "start":
            elements += 1
            climbing += depth
            if elements > MOST_ELEMENTS or climbing > MOST_CLIMBING:
                return None
    # Takes half a second to import, which every start of Datasette would pay.
    from trafilatura import bare_extraction

    try:
        found = bare_extraction(
            tree, fast=True, favor_recall=True, include_comments=False, include_formatting=True
        )
    except _FAULTS:  # a page on which trafilatura trips is read whole
        return None
    return None if found is None or isinstance(found, dict) else found.body
