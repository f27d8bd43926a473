"""What the elements of a web page mean for its text."""

from __future__ import annotations

import re

from lxml import html

HEADINGS = {f"h{level}": level for level in range(1, 7)}
LISTS = ("ul", "ol", "dl", "menu", "dir")
ITEMS = ("li", "dt", "dd")
CELLS = ("td", "th")
BLOCKS = {
    "address", "article", "aside", "blockquote", "body", "caption", "center", "details", "div",
    "fieldset", "figcaption", "figure", "footer", "form", "header", "hgroup", "hr", "legend",
    "main", "nav", "p", "pre", "section", "summary", "table", "tbody", "tfoot", "thead", "tr",
    *HEADINGS, *LISTS, *ITEMS, *CELLS,
}  # fmt: skip
#: kinds of emphasis
MARKS = {
    "em": "emphasis", "i": "emphasis", "cite": "emphasis", "dfn": "emphasis", "var": "emphasis",
    "strong": "strong", "b": "strong", "code": "code", "kbd": "code", "samp": "code", "tt": "code",
    "del": "strikethrough", "s": "strikethrough", "strike": "strikethrough",
}  # fmt: skip
#: roles of the furniture in them
CHROME = {"nav": "navigation", "menu": "navigation", "footer": "other", "aside": "other"}
#: the class of a ``pre`` that holds code, rather than an old page's text
CODE = re.compile(r"\b(?:code|highlight|prettyprint|language-\w+)\b")

_UNSEEN = {
    "audio", "button", "canvas", "datalist", "head", "iframe", "img", "input", "map", "noscript",
    "object", "script", "select", "style", "svg", "template", "textarea", "title", "video",
}  # fmt: skip
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


def is_seen(element: html.HtmlElement) -> bool:
    """Whether a reader sees what is in the element, as far as the element itself says."""
    if not isinstance(element.tag, str) or element.tag in _UNSEEN:
        return False
    if element.get("hidden") is not None:
        return False
    return not _HIDDEN.search(element.get("style") or "")


def is_data(row: html.HtmlElement) -> bool:
    """Whether a table's row holds data, rather than columns of the page."""
    cells = sum(child.tag in CELLS for child in row)
    if cells < 2:
        return False
    for within, each in enumerate(row.iterdescendants(*BLOCKS, "br"), 1):
        if each.tag in ("table", *LISTS) or within > 3 * cells:
            return False
    return True
