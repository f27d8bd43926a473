"""Markdown to plain text, with its structure as spans.

Text is what a reader sees: marks, URLs and horizontal rules are gone, everything else is kept.
Blocks are separated by a blank line; list items and table rows by a line end; table cells by
`` | ``. A soft line break is one space, which anchors and reads best; a hard one is a line end. An
ordered item keeps its number, a footnote and its reference their label as ``[label]``, an image
its alternative text. HTML is not interpreted: its tags are text like any other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

from .blocks import Block
from .records import Emphasis, Link

DEEPEST = 90
# Of brackets within brackets: beyond it they are taken as they stand. Each level costs a look at
# the whole paragraph, and no text is lost.
_DEEPEST_BRACKETS = 20
_MARKS = {"em": "emphasis", "strong": "strong", "s": "strikethrough"}


class NestingError(ValueError):
    """The Markdown is nested deeper than can be followed. ``line`` is from 1, or 0 if not known."""

    def __init__(self, line: int = 0) -> None:
        super().__init__(f"blocks or brackets are nested more than {DEEPEST} deep")
        self.line = line


@dataclass(frozen=True, slots=True)
class PlainText:
    """The text and what stands where in it, all in text order.

    Links have the role citation or footnote; which of them are furniture is not known here. A
    link or mark around nothing has no words to point at and is left out.
    """

    text: str
    blocks: tuple[Block, ...]
    links: tuple[Link, ...]
    emphases: tuple[Emphasis, ...]


class _Markdown(MarkdownIt):
    """Keeps every URL as written: to judge it is up to whoever would follow it."""

    def normalizeLink(self, url: str) -> str:
        return url

    def normalizeLinkText(self, link: str) -> str:
        return link

    def validateLink(self, url: str) -> bool:
        return True


def _refuse_nesting(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    # At its own limit markdown-it drops the block without a word.
    if state.level >= DEEPEST:
        raise NestingError(start + 1)
    return False


def _limit_brackets(state: StateCore) -> None:
    state.md.options["maxNesting"] = _DEEPEST_BRACKETS


def _parser() -> MarkdownIt:
    parser = _Markdown("commonmark", {"html": False, "maxNesting": DEEPEST + 10})
    parser.enable(["table", "strikethrough"])
    parser.use(footnote_plugin, inline=False, move_to_end=False)
    parser.block.ruler.before("table", "nesting", _refuse_nesting)
    parser.core.ruler.before("inline", "brackets", _limit_brackets)
    return parser


def parse(source: str) -> PlainText:
    """The plain text of the Markdown ``source`` (line ends LF, no front matter, no NUL).

    Raises NestingError.
    """
    try:
        tokens = _parser().parse(source)
        return _Writer().write(tokens)
    except RecursionError as error:
        raise NestingError from error


@dataclass(slots=True)
class _Draft:
    """A block being written; positions count from the start of the whole text."""

    kind: str
    level: int
    start: int
    lead: str
    position: int
    parts: list[str] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    emphases: list[Emphasis] = field(default_factory=list)
    unlinked: list[str] = field(default_factory=list)
    unmarked: list[str] = field(default_factory=list)
    open_links: list[tuple[int, str]] = field(default_factory=list)
    open_marks: list[tuple[int, str]] = field(default_factory=list)
    images: int = 0

    def add(self, text: str, image: bool = False) -> None:
        self.parts.append(text)
        self.position += len(text)
        if not self.open_links:
            self.unlinked.append(text)
        if not self.open_marks and not image:
            self.unmarked.append(text)

    def link(self, start: int, url: str, role: str) -> None:
        if start < self.position:
            self.links.append(Link(start, self.position, url, role))

    def mark(self, start: int, kind: str) -> None:
        if start < self.position:
            self.emphases.append(Emphasis(start, self.position, kind))

    def inline(self, tokens: Sequence[Token]) -> None:
        for token in tokens:
            start = self.position
            if token.type == "softbreak":
                self.add(" ")
            elif token.type == "hardbreak":
                self.add("\n")
            elif token.type == "code_inline":
                self.add(token.content)
                self.mark(start, "code")
            elif token.type == "link_open":
                self.open_links.append((start, str(token.attrs.get("href", ""))))
            elif token.type == "link_close":
                opened, url = self.open_links.pop()
                self.link(opened, url, "citation")
            elif token.type == "image":
                self.images += 1
                self.add(_as_text(token.children or ()), image=True)
            elif token.type == "footnote_ref":
                label = token.meta["label"]
                self.add(f"[{label}]")
                self.link(start, f"#fn-{label}", "footnote")
            elif token.nesting == 1 and token.tag in _MARKS:
                self.open_marks.append((start, _MARKS[token.tag]))
            elif token.nesting == -1 and token.tag in _MARKS:
                self.mark(*self.open_marks.pop())
            else:
                self.add(token.content)


def _as_text(tokens: Sequence[Token]) -> str:
    parts = []
    for token in tokens:
        if token.type == "image":
            parts.append(_as_text(token.children or ()))
        elif token.type in ("softbreak", "hardbreak"):
            parts.append(" ")
        else:
            parts.append(token.content)
    return "".join(parts)


class _Writer:
    """Walks the tokens of a document once and writes text, blocks and spans."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.position = 0
        self.blocks: list[Block] = []
        self.links: list[Link] = []
        self.emphases: list[Emphasis] = []
        self.containers: list[str] = []
        self.heading = 0
        self.lead = ""
        self.broken = False
        self.pictured = False
        self.row: _Draft | None = None
        self.cells = 0
        self.rows = 0

    def write(self, tokens: Sequence[Token]) -> PlainText:
        handlers: dict[str, Callable[[Token], None]] = {
            "inline": self._inline,
            "fence": self._code,
            "code_block": self._code,
            "hr": self._rule,
            "heading_open": self._heading_open,
            "heading_close": self._heading_close,
            "blockquote_open": self._container_open,
            "blockquote_close": self._container_close,
            "bullet_list_open": self._container_open,
            "bullet_list_close": self._container_close,
            "ordered_list_open": self._container_open,
            "ordered_list_close": self._container_close,
            "list_item_open": self._item_open,
            "list_item_close": self._item_close,
            "footnote_reference_open": self._footnote_open,
            "footnote_reference_close": self._item_close,
            "tr_open": self._row_open,
            "tr_close": self._row_close,
            "table_close": self._table_close,
        }
        for token in tokens:
            handler = handlers.get(token.type)
            if handler:
                handler(token)
        self.links.sort(key=lambda link: (link.start, -link.end))
        self.emphases.sort(key=lambda mark: (mark.start, -mark.end))
        return PlainText(
            "".join(self.parts), tuple(self.blocks), tuple(self.links), tuple(self.emphases)
        )

    # --- blocks

    def _draft(self, kind: str, level: int) -> _Draft:
        gap = 0
        if self.blocks:
            listed = kind == "list_item" and self.blocks[-1].kind == kind
            gap = 1 if listed or self.rows else 2
        lead, self.lead = self.lead, ""
        start = self.position + gap
        return _Draft(kind, level, start, lead, start + len(lead))

    def _finish(self, draft: _Draft) -> None:
        words = "".join(draft.parts)
        unmarked = "".join(draft.unmarked).strip(" \n.:")
        marked = bool(draft.emphases) and not unmarked
        pictured, self.pictured = self.pictured, draft.images > 0 and not unmarked
        if not words.strip():
            return
        kind = draft.kind
        if kind == "paragraph" and (self.pictured or (pictured and marked)):
            kind = "caption"
        self.parts.append("\n" * (draft.start - self.position))
        self.parts.append(draft.lead)
        self.parts.append(words)
        self.position = draft.position
        self.links += draft.links
        self.emphases += draft.emphases
        self.blocks.append(
            Block(
                kind,
                draft.start,
                draft.position,
                body=draft.start + len(draft.lead),
                level=draft.level,
                broken=self.broken,
                links=len(draft.links),
                unlinked="".join(draft.unlinked).strip(),
                marked=marked,
                image=draft.images > 0,
            )
        )
        self.broken = False

    def _kind(self) -> tuple[str, int]:
        if self.heading:
            return "heading", self.heading
        if not self.containers:
            return "paragraph", 0
        inner = self.containers[-1]
        return inner, self.containers.count(inner)

    def _inline(self, token: Token) -> None:
        if self.row:
            if self.cells:
                self.row.add(" | ")
            self.cells += 1
            self.row.inline(token.children or ())
            return
        draft = self._draft(*self._kind())
        draft.inline(token.children or ())
        self._finish(draft)

    def _code(self, token: Token) -> None:
        draft = self._draft("code", 0)
        draft.add(token.content.removesuffix("\n"))
        self._finish(draft)

    def _rule(self, token: Token) -> None:
        self.broken = True

    def _heading_open(self, token: Token) -> None:
        self.heading = int(token.tag[1])

    def _heading_close(self, token: Token) -> None:
        self.heading = 0

    def _container_open(self, token: Token) -> None:
        self.containers.append("quote" if token.type == "blockquote_open" else "list_item")

    def _container_close(self, token: Token) -> None:
        self.containers.pop()

    def _item_open(self, token: Token) -> None:
        self.lead = f"{token.info}{token.markup} " if token.info else ""

    def _item_close(self, token: Token) -> None:
        self.lead = ""

    def _footnote_open(self, token: Token) -> None:
        self.lead = f"[{token.meta['label']}] "

    def _row_open(self, token: Token) -> None:
        self.row = self._draft("paragraph", 0)
        self.cells = 0

    def _row_close(self, token: Token) -> None:
        if self.row:
            before = len(self.blocks)
            self._finish(self.row)
            self.rows += len(self.blocks) - before
        self.row = None

    def _table_close(self, token: Token) -> None:
        self.rows = 0
