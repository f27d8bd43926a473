"""What a web page says about itself: JSON-LD first, then its head, then marks in its text."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from html import unescape
from typing import Any
from urllib.parse import urljoin, urlsplit

from lxml import html

from .bylines import parse_date
from .records import Description

MOST_SCRIPTS = 50
LARGEST = 1_000_000  # code points of one JSON-LD script
LONGEST = 500  # code points of a value; what is longer is no title and no name

_ARTICLE = re.compile(r"(?:https?://schema\.org/)?(?:\w*NewsArticle|Article)")
_PAGE = re.compile(r"(?:https?://schema\.org/)?\w*(?:Article|BlogPosting|Report|WebPage)")
# What browsers ("Save as") and SingleFile write into the pages they save.
_SAVED = re.compile(
    r"<!--\s*saved from url=\(\d+\)(\S+?)\s*-->|<!--\s*Page saved with SingleFile\s+url:\s*(\S+)",
    re.IGNORECASE,
)
_META = {
    "title": ("og:title", "citation_title", "dc.title", "dcterms.title", "twitter:title"),
    "author": ("author", "citation_author", "dc.creator", "dcterms.creator", "parsely-author",
               "article:author"),
    "publisher": ("og:site_name", "application-name", "dc.publisher", "citation_publisher"),
    "published": ("article:published_time", "datepublished", "date", "pubdate", "publishdate",
                  "dc.date", "dc.date.issued", "dcterms.created", "dcterms.issued", "sailthru.date",
                  "parsely-pub-date", "citation_publication_date", "og:article:published_time"),
    "language": ("content-language", "og:locale", "dc.language"),
}  # fmt: skip
_Node = Mapping[str, Any]


def saved_from(source: str) -> str | None:
    """The URL that a browser noted in the page it saved."""
    found = _SAVED.search(source[:8192])
    return _web(found[1] or found[2], None) if found else None


def base_of(tree: html.HtmlElement, url: str | None) -> str | None:
    """The URL that the page's relative links count from: its ``base``, else its own."""
    for element in tree.iterfind(".//base[@href]"):
        return _web(element.get("href"), url) or url
    return url


def describe_page(tree: html.HtmlElement, url: str | None) -> tuple[Description, str | None]:
    """What the page says of itself, and its title as windows show it.

    ``url`` is where it came from, if known: relative URLs count from there. The kind is article
    where JSON-LD says so, else web_page. No value is guessed: a date that cannot be read is None.
    """
    node = _node(_json_ld(tree))
    meta = _meta(tree)
    types = _types(node)
    publisher = _name(node.get("publisher")) or meta.get("publisher")
    description = Description(
        kind="article" if any(_ARTICLE.fullmatch(each) for each in types) else "web_page",
        title=_text(node.get("headline")) or meta.get("title"),
        author=_name(node.get("author")) or _name(node.get("creator")) or _author(tree, meta),
        publisher=publisher,
        published=_published(tree, node, meta),
        url=_canonical(tree, node, url),
        language=_language(tree, node, meta),
    )
    window = _text("".join(tree.xpath("string((//head/title)[1])")))
    if window and publisher:
        window = re.sub(rf"\s*[|–—:·»-]+\s*{re.escape(publisher)}\s*$", "", window) or window
    return description, window


# --- JSON-LD


def _json_ld(tree: html.HtmlElement) -> list[_Node]:
    """All objects of the page's JSON-LD scripts, with those they name by ``@id`` put in."""
    found: list[_Node] = []
    scripts = tree.iterfind(".//script[@type]")
    texts = [s.text or "" for s in scripts if "ld+json" in s.get("type", "").lower()]
    for text in texts[:MOST_SCRIPTS]:
        text = re.sub(r"\A\s*(?://)?\s*<!\[CDATA\[|(?://)?\s*\]\]>\s*\Z", "", text)
        if len(text) > LARGEST:
            continue
        try:
            found += _objects(json.loads(text, strict=False))
        except (ValueError, RecursionError):
            continue
    known = {each["@id"]: each for each in found if isinstance(each.get("@id"), str)}
    return [{key: _resolved(value, known) for key, value in each.items()} for each in found]


def _objects(value: Any) -> Iterator[_Node]:
    """The objects of a script: itself, its members, those of its ``@graph``."""
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, dict):
            yield each
            if isinstance(each.get("@graph"), list):
                yield from (node for node in each["@graph"] if isinstance(node, dict))


def _resolved(value: Any, known: Mapping[str, _Node]) -> Any:
    if isinstance(value, list):
        return [_resolved(each, known) for each in value if not isinstance(each, list)]
    if isinstance(value, dict) and set(value) <= {"@id", "@type"}:
        id = value.get("@id")
        return known.get(id, value) if isinstance(id, str) else value
    return value


def _node(nodes: list[_Node]) -> _Node:
    """The object that is about the page: an article before any other kind of page."""
    for wanted in (_ARTICLE, _PAGE):
        for node in nodes:
            if any(wanted.fullmatch(each) for each in _types(node)):
                return node
    return {}


def _types(node: _Node) -> list[str]:
    types = node.get("@type")
    return [each for each in (types if isinstance(types, list) else [types]) if type(each) is str]


def _name(value: Any) -> str | None:
    """The names of one or several persons or organisations, joined by commas."""
    names = []
    for each in value if isinstance(value, list) else [value]:
        name = _text(each.get("name") if isinstance(each, dict) else each)
        if name and not re.match("https?:", name) and name not in names:
            names.append(name)
    return _text(", ".join(names))


def _text(value: Any) -> str | None:
    """A value as one line, None for what is none."""
    if isinstance(value, list) and value:
        value = value[0]
    if not isinstance(value, str):
        return None
    # JSON-LD is often written by tools that escape it for HTML.
    if "&" in value:
        value = unescape(value)
    line = " ".join(re.sub("[\x00-\x1f\x7f\ud800-\udfff]", " ", value).split())
    return line if line and len(line) <= LONGEST else None


# --- the head, and marks in the text


def _meta(tree: html.HtmlElement) -> dict[str, str]:
    """The page's meta elements by what they tell of it; the first of each kind, authors all."""
    given: dict[str, list[str]] = {}
    for element in tree.iterfind(".//meta[@content]"):
        value = _text(element.get("content"))
        for attribute in ("property", "name", "itemprop", "http-equiv"):
            name = (element.get(attribute) or "").strip().lower()
            if name and value:
                given.setdefault(name, []).append(value)
    found = {}
    for what, names in _META.items():
        for name in names:
            values = given.get(name, [])
            value = _name(values) if what == "author" else next(iter(values), None)
            if what == "published":
                value = next(filter(None, map(parse_date, values)), None)
            if value:
                found[what] = value
                break
    return found


def _author(tree: html.HtmlElement, meta: Mapping[str, str]) -> str | None:
    if "author" in meta:
        return meta["author"]
    marked = tree.xpath("//body//*[@itemprop='author' or @rel='author']")
    names = [_text(element.text_content()[: LONGEST + 1]) for element in marked[:5]]
    return _name([name for name in names if name])


def _published(tree: html.HtmlElement, node: _Node, meta: Mapping[str, str]) -> str | None:
    marked = tree.xpath("//*[@itemprop='datePublished']")
    times = tree.xpath("(//article//time[@datetime] | //main//time[@datetime])[1]")
    given = [
        _text(node.get("datePublished")),
        meta.get("published"),
        *(element.get("content") or element.get("datetime") for element in marked[:5]),
        *(element.get("datetime") for element in times),
    ]
    return next(filter(None, (parse_date(value) for value in given if value)), None)


def _canonical(tree: html.HtmlElement, node: _Node, url: str | None) -> str | None:
    """The page's own URL, as it states it: with scheme http or https, else ``url``."""
    page = node.get("mainEntityOfPage")
    given = [
        *(e.get("href") for e in tree.iterfind(".//link[@rel='canonical']")),
        *(e.get("content") for e in tree.iterfind(".//meta[@property='og:url']")),
        _text(node.get("url")),
        _text(page.get("@id") if isinstance(page, dict) else page),
    ]
    return next(filter(None, (_web(each, url) for each in given)), url)


def _web(url: Any, base: str | None) -> str | None:
    """``url`` as an absolute one of the web, else None."""
    if not isinstance(url, str) or not url.strip():
        return None
    try:
        joined = urljoin(base or "", url.strip())
        parts = urlsplit(joined)
        valid = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return None
    return joined if valid and len(joined) <= 4096 else None


def _language(tree: html.HtmlElement, node: _Node, meta: Mapping[str, str]) -> str | None:
    given = (
        tree.get("lang"),
        tree.get("xml:lang"),
        tree.get("{http://www.w3.org/XML/1998/namespace}lang"),
        _text(node.get("inLanguage")),
        meta.get("language"),
    )
    for each in given:
        tag = (each or "").strip().replace("_", "-")
        if re.fullmatch("[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}", tag):
            return tag
    return None
