"""Bytes of a web page to a tree: charset, hostile nesting, and what parsers would spoil.

The tree is lxml's, parsed as HTML even where the page says XHTML: the HTML parser expands no
entities of a document type, loads nothing and gives up on nothing.
"""

from __future__ import annotations

import codecs
import re

from lxml import etree, html

from .decoding import UndecodableError, decode
from .mail_charset import codec_of

LARGEST = 20 * 1024 * 1024  # bytes
MOST_TAGS = 200_000  # each takes up to 50 µs
# Of elements within elements: lxml stops at 2,048, and what looks at a tree climbs it.
DEEPEST = 250
_FLAT = 100

_HEAD = 4096  # bytes in which browsers, too, look for the charset
_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_CHARSET = re.compile(
    rb"<\?xml[^>]{0,100}?encoding\s*=\s*[\"']?([\w.:-]{1,40})"
    rb"|<meta[^>]{0,400}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})",
    re.IGNORECASE,
)
_SEVEN_BIT = ("iso2022_jp", "iso2022_jp_ext", "iso2022_kr", "hz")
_WIDE = {
    "utf_16", "utf_32", "utf_7", "cp037", "cp500", "cp875", "cp1026", "cp1140", "cp273", "cp424",
}  # fmt: skip
_SUBSET = re.compile(r"<!DOCTYPE[^<>\[]{0,500}\[", re.IGNORECASE)
_SUBSET_END = re.compile(r"\]\s*>")
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)\b[^<>]*>")
_BREAKS = re.compile(r"(?:<br>\s*){3,}")
# What no reader sees, and neither lxml nor trafilatura nor SQLite wants in a text.
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_REFERENCE = re.compile(r"&#(?:x([0-9a-f]{1,8})|([0-9]{1,8}));?", re.IGNORECASE)
_VOID = {
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
    "track", "wbr",
}  # fmt: skip
_INLINE = {
    "a", "abbr", "b", "big", "em", "font", "i", "s", "small", "span", "strike", "strong", "sub",
    "sup", "tt", "u",
}  # fmt: skip


class PageError(ValueError):
    """The page cannot be taken; the message says why, ``advice`` what to do about it."""

    def __init__(self, found: str, advice: str = "") -> None:
        super().__init__(found)
        self.found = found
        self.advice = advice


def decode_page(data: bytes, charset: str | None = None) -> tuple[str, str]:
    """The text of a page's bytes and the encoding used. ``charset`` is what HTTP declared.

    A byte order mark decides. Else what is valid UTF-8 is UTF-8, for browsers save pages as UTF-8
    and leave the old declaration in; else the charset that HTTP, XML or the page's head declares;
    else Windows-1252. Stray NULs are left out, as browsers do. Raises PageError for binary data.
    """
    try:
        if data.startswith(_MARKS):
            return decode(data)
        if b"\0" in data:
            if data.count(b"\0") * 100 > len(data):
                raise PageError("this is binary data, not a page", "Save the page again as UTF-8")
            data = data.replace(b"\0", b"")
        declared = codec_of(charset) or _declared(data)
        if declared in _SEVEN_BIT and (b"\x1b" in data or b"~{" in data):
            return data.decode(declared, "replace"), declared
        if declared is None or declared in {*_SEVEN_BIT, *_WIDE, "utf_8", "cp1252"}:
            return decode(data)
        try:
            return data.decode("utf-8"), "utf-8"
        except UnicodeDecodeError:
            return data.decode(declared, "replace"), declared.replace("_", "-")
    except UndecodableError as error:
        raise PageError(error.found, error.advice) from error


def _declared(data: bytes) -> str | None:
    found = _CHARSET.search(data[:_HEAD])
    return codec_of((found[1] or found[2]).decode("ascii", "ignore")) if found else None


def parse_page(text: str) -> html.HtmlElement | None:
    """The tree of a page's text, None where there is nothing in it. Raises PageError.

    Nested deeper than DEEPEST, tags are left out and their text stays. What ``<q>`` draws around
    its words is in the tree as text, and a footnote's number has its brackets.
    """
    if text.count("<") > MOST_TAGS:
        raise PageError(f"the page has more than {MOST_TAGS:,} tags", "Cut it into its articles")
    text = _CONTROLS.sub("", text.replace("\f", " ").replace("\v", " "))
    text = _REFERENCE.sub(_allowed, text)
    text = _without_subset(text)
    tree = _parse(text)
    if tree is None or _depth(tree) > DEEPEST:
        tree = _parse(_flattened(text))
    if tree is not None:
        _draw_quotes(tree)
        _draw_footnotes(tree)
    return tree


def _without_subset(text: str) -> str:
    """The source without the declarations in its document type, which HTML would take as text."""
    begin = _SUBSET.search(text, 0, 2000)
    end = _SUBSET_END.search(text, begin.end(), begin.end() + 70_000) if begin else None
    return text[: begin.start()] + text[end.end() :] if begin and end else text


def _parse(text: str) -> html.HtmlElement | None:
    """The tree; None when it is nested too deep to be had, or empty."""
    parser = html.HTMLParser(
        encoding="utf-8",
        remove_comments=True,
        remove_pis=True,
        no_network=True,
        collect_ids=False,
        huge_tree=True,  # else a text of 10 MB is cut
    )
    try:
        tree = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except etree.ParserError:  # nothing but comments and blanks
        return None
    too_deep = any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log)
    return None if too_deep else tree


def _depth(tree: html.HtmlElement) -> int:
    deepest = depth = 0
    for event, _ in etree.iterwalk(tree, events=("start", "end")):
        depth += 1 if event == "start" else -1
        deepest = max(deepest, depth)
    return deepest


def _flattened(text: str) -> str:
    """The source without the tags that open deeper than _FLAT."""
    depth = 0

    def keep(tag: re.Match[str]) -> str:
        nonlocal depth
        name = tag[2].lower()
        if name in _VOID:
            return tag[0]
        if tag[1]:
            depth = max(0, depth - 1)
            kept = depth < _FLAT
        else:
            kept = depth < _FLAT
            depth += 1
        return tag[0] if kept else "" if name in _INLINE else "<br><br>"

    return _BREAKS.sub("<br><br>", _TAG.sub(keep, text))


def _allowed(reference: re.Match[str]) -> str:
    """A character reference, unless it is one to a control character."""
    code = int(reference[1], 16) if reference[1] else int(reference[2])
    wanted = code <= 0x10FFFF and not _CONTROLS.match(chr(code))
    return reference[0] if wanted else ""


def _draw_quotes(tree: html.HtmlElement) -> None:
    inner = set(tree.iterfind(".//q//q"))
    for quote in list(tree.iter("q")):
        left, right = "‘’" if quote in inner else "“”"
        quote.tag = "span"
        quote.text = left + (quote.text or "")
        if len(quote):
            quote[-1].tail = (quote[-1].tail or "") + right
        else:
            quote.text += right


def _draw_footnotes(tree: html.HtmlElement) -> None:
    """A number that links within the page would else be the end of the word before it."""
    for link in tree.iter("a"):
        if not (link.get("href") or "").startswith("#"):
            continue
        words = "".join(link.itertext()).strip()
        if re.fullmatch(r"\d{1,3}|[*†‡§]{1,3}", words):
            for child in list(link):
                link.remove(child)
            link.text = f"[{words}]"
