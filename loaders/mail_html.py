"""The text of an HTML mail: blocks on lines of their own, nothing that a reader would not see."""

from __future__ import annotations

import re
import time
from html import unescape
from typing import Any, NamedTuple, cast

from lxml import etree

from .mail_charset import clean

# Bytes given to the parser between two looks at the clock.
_CHUNK = 64 * 1024
# Elements open at once. libxml2 searches them at each end tag, so without an end it is quadratic.
DEPTH = 500
# Quotations of a text; one with more is told by mail_text.SPANS to be cut.
QUOTES = 10_000
# Nested quotations told apart.
QUOTE_DEPTH = 50

_UNSEEN = frozenset(
    ("script", "style", "head", "title", "template", "noembed", "noframes", "object", "applet",
     "iframe", "svg", "math", "select", "textarea", "xml", "o:p-data", "canvas", "audio", "video")
)  # fmt: skip
_PARAGRAPHS = frozenset(
    ("p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "table", "blockquote", "pre", "hr")
)
_LINES = frozenset(
    ("div", "li", "tr", "dt", "dd", "address", "article", "section", "header", "footer", "center",
     "form", "fieldset", "main", "nav", "aside", "figure", "figcaption", "caption", "body")
)  # fmt: skip
_CELLS = frozenset(("td", "th"))
_VOID = frozenset(
    ("br", "hr", "img", "input", "meta", "link", "area", "base", "col", "embed", "param", "source",
     "track", "wbr", "basefont", "frame", "bgsound", "keygen")
)  # fmt: skip
_HIDDEN = re.compile(
    r"display\s{0,9}:\s{0,9}none|visibility\s{0,9}:\s{0,9}hidden|mso-hide\s{0,9}:\s{0,9}all",
    re.IGNORECASE,
)
_TAG = re.compile(r"<[^<>]*>")
_LONG_NUMBER = re.compile(r"&#[0-9a-fA-FxX]{9,};?")  # would be no character, and slow to read
_CHARSET = re.compile(
    rb"<meta[^>]{0,200}?charset\s{0,9}=\s{0,9}[\"']?([A-Za-z0-9_.:-]{1,40})", re.I
)


class Quote(NamedTuple):
    """A quotation (blockquote) of the text: ``start`` and ``end`` in code points, its depth."""

    start: int
    end: int
    depth: int


class HtmlText(NamedTuple):
    """The text, the quotations in it by start, and whether all of the HTML was read."""

    text: str
    quotes: tuple[Quote, ...]
    whole: bool


def declared_charset(data: bytes) -> str | None:
    """The charset that the first 4,096 bytes of an HTML page declare, None where they do not."""
    found = _CHARSET.search(data, 0, 4096)
    return found[1].decode("ascii") if found else None


def html_to_text(html: str, deadline: float = float("inf")) -> HtmlText:
    """The visible text of ``html`` (clean text, as mail_charset gives it). Never raises.

    Reading stops at ``deadline`` (of time.monotonic); what was read until then is given. Where
    elements are nested deeper than DEPTH, the rest only has its tags taken out.
    """
    target = _Target("&#" in html)
    parser = etree.HTMLParser(
        target=cast(Any, target),  # the stubs want bytes too, which lxml never gives
        encoding="utf-8",
        remove_comments=True,
        huge_tree=True,
    )
    data = html.encode("utf-8")
    whole, rest = True, ""
    try:
        for at in range(0, len(data), _CHUNK):
            parser.feed(data[at : at + _CHUNK])
            if target.depth > DEPTH:
                rest = data[at + _CHUNK :].decode("utf-8", "replace")
                break
            if time.monotonic() > deadline:
                whole = at + _CHUNK >= len(data)
                break
        parser.close()
    except etree.XMLSyntaxError:  # an empty document, for libxml2
        pass
    if rest:
        target.rest(_without_tags(rest))
    text = "".join(target.pieces)
    quotes = sorted(target.quotes, key=lambda quote: (quote.start, -quote.end))
    return HtmlText(text, tuple(quotes), whole)


class _Target:
    """What lxml calls for each tag and text; collects lines as it goes, without a tree."""

    def __init__(self, referring: bool) -> None:
        self.referring = referring  # a character reference can be to a control character
        self.pieces: list[str] = []
        self.length = 0
        self.breaks = 0  # line ends due before the next text
        self.space = ""  # white space due before it on the same line
        self.unseen = 0  # elements open since the first that is not seen
        self.preserved = 0
        self.depth = 0
        self.open_quotes: list[int | None] = []  # where each began, None before its first text
        self.quotes: list[Quote] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag in _VOID:
            if not self.unseen and tag in ("br", "hr"):
                self._break(2 if tag == "hr" else self.breaks + 1 if self.breaks else 1)
            return
        self.depth += 1
        if self.unseen or tag in _UNSEEN or (attributes and _is_hidden(attributes)):
            self.unseen += 1
        elif tag in _PARAGRAPHS:
            self._break(2)
            if tag == "blockquote":
                self.open_quotes.append(None)
            elif tag == "pre":
                self.preserved += 1
        elif tag in _LINES:
            self._break(1)
        elif tag in _CELLS and not self.breaks and self.length:
            self.space = "\t"

    def end(self, tag: str) -> None:
        if tag in _VOID:
            return
        self.depth -= 1
        if self.unseen:
            self.unseen -= 1
        elif tag in _PARAGRAPHS:
            self._break(2)
            if tag == "blockquote" and self.open_quotes:
                self._close_quote()
            elif tag == "pre" and self.preserved:
                self.preserved -= 1
        elif tag in _LINES:
            self._break(1)

    def data(self, text: str) -> None:
        if self.referring:
            text = clean(text)
        if self.unseen or not text:
            return
        if self.preserved:
            self._write(text.replace("\xa0", " "))
            return
        words = " ".join(text.split())
        if not words:
            self.space = self.space or " "
            return
        if not self.space and text[0].isspace():
            self.space = " "
        self._write(words)
        self.space = " " if text[-1].isspace() else ""

    def close(self) -> None:
        while self.open_quotes:
            self._close_quote()

    def rest(self, text: str) -> None:
        """Add ``text`` as it is, after all else."""
        self.unseen = 0
        self._break(1)
        self._write(clean(text))

    def _break(self, lines: int) -> None:
        if lines > self.breaks:
            self.breaks = min(lines, 2) if self.length else 0
        self.space = ""

    def _write(self, text: str) -> None:
        if not text:
            return
        before = "\n" * self.breaks or (self.space if self.length else "")
        self.breaks, self.space = 0, ""
        self.pieces += (before, text)
        self.length += len(before) + len(text)
        if self.open_quotes and self.open_quotes[-1] is None:
            self._begin_quotes(self.length - len(text))

    def _begin_quotes(self, start: int) -> None:
        at = len(self.open_quotes)
        while at and self.open_quotes[at - 1] is None:
            at -= 1
            self.open_quotes[at] = start

    def _close_quote(self) -> None:
        depth = len(self.open_quotes)
        start = self.open_quotes.pop()
        if start is not None and depth <= QUOTE_DEPTH and len(self.quotes) < QUOTES:
            self.quotes.append(Quote(start, self.length, depth))


def _is_hidden(attributes: dict[str, str]) -> bool:
    style = attributes.get("style")
    return "hidden" in attributes or bool(style and _HIDDEN.search(style[:2000]))


def _without_tags(html: str) -> str:
    lines = (line.strip() for line in _TAG.sub("\n", html).split("\n"))
    return unescape(_LONG_NUMBER.sub("", "\n".join(filter(None, lines))))
