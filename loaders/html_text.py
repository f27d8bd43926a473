"""The tree of a web page to plain text, with its structure as spans.

Text is what a reader sees, word for word and in the page's order: scripts, forms' controls and what
the page hides are left out. White space is folded as browsers do. Blocks are separated by a blank
line; list items and table rows by a line end; cells by `` | ``. A line break is a line end, two of
them begin a new paragraph. An ordered item has its number. A table that only arranges the page is
no table: its cells are read as blocks.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urljoin

from lxml import etree, html

from .blocks import Block
from .html_tags import BLOCKS, CELLS, CHROME, CODE, HEADINGS, ITEMS, LISTS, MARKS, is_data, is_seen
from .markdown import PlainText
from .records import Emphasis, Link

LONGEST_URL = 4096  # code points; a longer one holds the data itself

_NOTE = re.compile(r"\[.{1,3}\]")
_BLANK = re.compile(r"\n\s*\n")
_SPACE = re.compile(r"[ \t\n\r]+")


@dataclass(frozen=True, slots=True)
class PageText:
    """The text of a page. ``chrome`` says of each block the furniture role that its place shows.

    navigation in a ``nav``, other in an ``aside`` or ``footer``, else None.
    """

    plain: PlainText
    chrome: tuple[str | None, ...]


@dataclass(slots=True)
class _Open:
    """A link or mark that is open. ``kind`` is a link's role or a mark's kind.

    ``start`` is where its first word stands in the present block, -1 before there is one.
    """

    element: html.HtmlElement
    kind: str
    url: str | None = None
    start: int = -1


@dataclass(slots=True)
class _Draft:
    """A block being written; positions count from the start of the whole text."""

    kind: str
    level: int
    start: int
    lead: str
    position: int
    chrome: str | None
    parts: list[str] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    emphases: list[Emphasis] = field(default_factory=list)
    unlinked: list[str] = field(default_factory=list)
    unmarked: list[str] = field(default_factory=list)


def page_text(tree: html.HtmlElement, base: str | None) -> PageText:
    """The text of the tree's body. ``base`` is the URL that relative links count from, if known."""
    body = tree.find("body")
    return _Writer(base).write(tree if body is None else body)


def absolute(url: str, base: str | None) -> str:
    """``url`` made absolute; as written where that is not possible or it is a mere fragment."""
    url = url.strip()
    if base is None or url.startswith("#"):
        return url
    try:
        return urljoin(base, url)
    except ValueError:
        return url


class _Writer:
    """Walks the tree once and writes text, blocks and spans."""

    def __init__(self, base: str | None) -> None:
        self.base = base
        self.parts: list[str] = []
        self.position = 0
        self.blocks: list[Block] = []
        self.chromes: list[str | None] = []
        self.links: list[Link] = []
        self.emphases: list[Emphasis] = []
        self.draft: _Draft | None = None
        self.space = ""  # what is due before the next word
        self.separators = 0  # between cells, that are due too
        self.open: list[_Open] = []
        self.containers: list[str] = []
        self.counters: list[int | None] = []
        self.chrome: list[str] = []
        self.lead = ""
        self.heading = 0
        self.pre: list[bool] = []  # whether it is code
        self.captions = 0
        self.rule = False
        self.row: html.HtmlElement | None = None
        self.rows = 0

    def write(self, body: html.HtmlElement) -> PageText:
        walker = etree.iterwalk(body, events=("start", "end"))
        for event, element in walker:
            seen = element is body or is_seen(element)
            if event == "start":
                if seen:
                    self._start(element)
                    self._text(element.text)
                else:
                    walker.skip_subtree()
            else:
                if seen:
                    self._end(element)
                if element is not body:
                    self._text(element.tail)
        self._finish()
        self.links.sort(key=lambda link: (link.start, -link.end))
        self.emphases.sort(key=lambda mark: (mark.start, -mark.end))
        plain = PlainText(
            "".join(self.parts), tuple(self.blocks), tuple(self.links), tuple(self.emphases)
        )
        return PageText(plain, tuple(self.chromes))

    # --- elements

    def _start(self, element: html.HtmlElement) -> None:
        tag = element.tag
        if tag in BLOCKS or "-" in tag:
            self._boundary()
        handler = _STARTS.get(tag)
        if handler:
            handler(self, element)
        if tag in CHROME:
            self.chrome.append(CHROME[tag])
        url = element.get("href") if tag == "a" else None
        if url is not None and url.strip() and len(url) <= LONGEST_URL:
            self.open.append(_Open(element, _role(element, url), absolute(url, self.base)))
        elif tag in MARKS and not self.pre:
            self.open.append(_Open(element, MARKS[tag]))

    def _end(self, element: html.HtmlElement) -> None:
        tag = element.tag
        if self.open and self.open[-1].element is element:
            self._close(self.open.pop())
        if tag in BLOCKS or "-" in tag:
            self._boundary()
        handler = _ENDS.get(tag)
        if handler:
            handler(self, element)
        if tag in CHROME:
            self.chrome.pop()

    def _boundary(self) -> None:
        if self.row is None:
            self._finish()
        else:
            self.space = " "

    def _heading_start(self, element: html.HtmlElement) -> None:
        self.heading = HEADINGS[element.tag]

    def _heading_end(self, element: html.HtmlElement) -> None:
        self.heading = 0

    def _list_start(self, element: html.HtmlElement) -> None:
        first = element.get("start", "1")
        number = int(first) if re.fullmatch("[0-9]{1,6}", first) else 1
        self.counters.append(number if element.tag == "ol" else None)

    def _list_end(self, element: html.HtmlElement) -> None:
        self.counters.pop()

    def _item_start(self, element: html.HtmlElement) -> None:
        self.containers.append("list_item")
        number = self.counters[-1] if self.counters else None
        self.lead = ""
        if number is not None:
            self.lead = f"{number}. "
            self.counters[-1] = number + 1

    def _quote_start(self, element: html.HtmlElement) -> None:
        self.containers.append("quote")

    def _container_end(self, element: html.HtmlElement) -> None:
        self.containers.pop()
        self.lead = ""

    def _pre_start(self, element: html.HtmlElement) -> None:
        code = element.find("code") is not None or CODE.search(element.get("class", ""))
        self.pre.append(bool(code))

    def _pre_end(self, element: html.HtmlElement) -> None:
        self.pre.pop()

    def _row_start(self, element: html.HtmlElement) -> None:
        if self.row is None and is_data(element):
            self.row = element
            self.separators = -1

    def _row_end(self, element: html.HtmlElement) -> None:
        if self.row is element:
            self.row = None
            self.separators = 0
            before = len(self.blocks)
            self._finish()
            self.rows += len(self.blocks) - before

    def _cell_start(self, element: html.HtmlElement) -> None:
        if self.row is not None and element.getparent() is self.row:
            self.separators += 1

    def _table_end(self, element: html.HtmlElement) -> None:
        self.rows = 0

    def _break(self, element: html.HtmlElement | None = None) -> None:
        self.space = f"{self.space.rstrip(' ')[:1]}\n"  # more than two say no more

    def _rule(self, element: html.HtmlElement) -> None:
        self.rule = True

    def _caption_start(self, element: html.HtmlElement) -> None:
        self.captions += 1

    def _caption_end(self, element: html.HtmlElement) -> None:
        self.captions -= 1

    # --- words

    def _text(self, text: str | None) -> None:
        if not text:
            return
        if self.pre:
            self._kept(text)
            return
        folded = _SPACE.sub(" ", text)
        self.space = self.space or folded[: folded[0] == " "]
        words = folded.strip(" ")
        if words:
            self._words(words)
            self.space = folded[-1:] if folded[-1] == " " else ""

    def _kept(self, text: str) -> None:
        """Text of a ``pre``: its spaces stay, and its line ends are line ends."""
        lines = [text] if self._in_code() else _BLANK.sub("\n\n", text).split("\n")
        for number, line in enumerate(lines):
            if number:
                self._break()
            words = line.strip()
            if words:
                self.space += line[: len(line) - len(line.lstrip())]
                self._words(words)
                self.space = line[len(line.rstrip()) :]
            else:
                self.space += line

    def _words(self, words: str) -> None:
        """Add words, after the space that is due before them."""
        draft = self.draft
        if draft and self.row is None and self.space.count("\n") > 1 and not self._in_code():
            self._finish()
            draft = None
        if draft is None:
            draft = self._begin()
        elif self.separators > 0:
            self._add(draft, " | " * self.separators)
        elif self.space:
            self._add(draft, self.space if self.row is None else " ")
        self.space = ""
        self.separators = min(self.separators, 0)
        for each in self.open:
            if each.start < 0:
                each.start = draft.position
        self._add(draft, words)

    def _in_code(self) -> bool:
        return bool(self.pre) and self.pre[-1]

    def _add(self, draft: _Draft, text: str) -> None:
        draft.parts.append(text)
        draft.position += len(text)
        if not any(each.kind == "citation" for each in self.open):
            draft.unlinked.append(text)
        if not any(each.url is None for each in self.open):
            draft.unmarked.append(text)

    # --- blocks

    def _begin(self) -> _Draft:
        kind, level = self._kind()
        gap = 0
        if self.blocks:
            listed = kind == "list_item" and self.blocks[-1].kind == kind
            gap = 1 if listed or self.rows else 2
        lead, self.lead = self.lead, ""
        start = self.position + gap
        chrome = self.chrome[-1] if self.chrome else None
        draft = _Draft(kind, level, start, lead, start + len(lead), chrome)
        self.draft = draft
        return draft

    def _kind(self) -> tuple[str, int]:
        if self.heading:
            return "heading", self.heading
        if self._in_code():
            return "code", 0
        if self.captions:
            return "caption", 0
        if not self.containers:
            return "paragraph", 0
        inner = self.containers[-1]
        return inner, min(self.containers.count(inner), 99)

    def _close(self, closed: _Open) -> None:
        """Write the span of a link or mark down, as far as it is in the present block."""
        if self.draft is None or closed.start < 0:
            return
        start, end = closed.start, self.draft.position
        if closed.url is None:
            self.draft.emphases.append(Emphasis(start, end, closed.kind))
        else:
            self.draft.links.append(Link(start, end, closed.url, closed.kind))

    def _finish(self) -> None:
        self.space = ""
        for each in self.open:
            self._close(each)
            each.start = -1
        draft, self.draft = self.draft, None
        if draft is None:
            return
        self.parts.append("\n" * (draft.start - self.position))
        self.parts.append(draft.lead)
        self.parts += draft.parts
        self.position = draft.position
        self.links += draft.links
        self.emphases += draft.emphases
        self.chromes.append(draft.chrome)
        self.blocks.append(
            Block(
                draft.kind,
                draft.start,
                draft.position,
                body=draft.start + len(draft.lead),
                level=draft.level,
                broken=self.rule,
                links=sum(link.role == "citation" for link in draft.links),
                unlinked="".join(draft.unlinked).strip(),
                marked=bool(draft.emphases) and not "".join(draft.unmarked).strip(" \n.:"),
            )
        )
        self.rule = False


def _role(link: html.HtmlElement, url: str) -> str:
    """The role of a link: one within the page is no citation."""
    if not url.startswith("#"):
        return "citation"
    return "footnote" if _NOTE.fullmatch("".join(link.itertext()).strip()) else "navigation"


_Handler = Callable[[_Writer, html.HtmlElement], None]
_STARTS: dict[str, _Handler] = {
    **dict.fromkeys(HEADINGS, _Writer._heading_start),
    **dict.fromkeys(LISTS, _Writer._list_start),
    **dict.fromkeys(ITEMS, _Writer._item_start),
    **dict.fromkeys(CELLS, _Writer._cell_start),
    "blockquote": _Writer._quote_start,
    "pre": _Writer._pre_start,
    "tr": _Writer._row_start,
    "br": _Writer._break,
    "hr": _Writer._rule,
    "figcaption": _Writer._caption_start,
    "caption": _Writer._caption_start,
}
_ENDS: dict[str, _Handler] = {
    **dict.fromkeys(HEADINGS, _Writer._heading_end),
    **dict.fromkeys(LISTS, _Writer._list_end),
    **dict.fromkeys(ITEMS, _Writer._container_end),
    "blockquote": _Writer._container_end,
    "pre": _Writer._pre_end,
    "tr": _Writer._row_end,
    "table": _Writer._table_end,
    "figcaption": _Writer._caption_end,
    "caption": _Writer._caption_end,
}
