"""Pages asked for without a browser: their headers, their elements, and where they lead."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from typing import NamedTuple
from urllib.error import HTTPError
from urllib.parse import unquote, urldefrag, urljoin, urlsplit
from urllib.request import urlopen

from playwright.sync_api import Page


class Answer(NamedTuple):
    """What a server answered; ``url`` is where redirects ended, names of headers are lower case."""

    url: str
    status: int
    headers: Mapping[str, str]
    text: str


class Element(NamedTuple):
    """A start tag: lower-case names, values as a browser reads them."""

    tag: str
    attributes: dict[str, str]


class _Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Element] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append(Element(tag, {name: value or "" for name, value in attrs}))


def get(url: str) -> Answer:
    """Ask for a page, whatever its status."""
    try:
        with urlopen(url) as response:
            body, status, headers, url = response.read(), 200, response.headers, response.url
    except HTTPError as error:
        body, status, headers = error.read(), error.code, error.headers
    return Answer(
        url, status, {key.lower(): value for key, value in headers.items()}, body.decode()
    )


def elements(html: str) -> list[Element]:
    """The elements of a page in order."""
    parser = _Elements()
    parser.feed(html)
    return parser.found


def links(answer: Answer) -> Iterator[str]:
    """Where the page's links lead: whole addresses, fragments included."""
    for element in elements(answer.text):
        if element.tag in ("a", "link") and "href" in element.attributes:
            yield urljoin(answer.url, element.attributes["href"])


def is_ours(answer: Answer) -> bool:
    """Whether it is a page that the plugin draws."""
    return "/-/leaks" in urlsplit(answer.url).path and answer.headers["content-type"].startswith(
        "text/html"
    )


def crawl(address: str, start: str) -> dict[str, Answer]:
    """All that can be reached from the path ``start`` over the plugin's pages, by its address.

    Datasette's own pages are asked for and not searched for links.
    """
    found: dict[str, Answer] = {}
    waiting = [address + start]
    while waiting:
        url = waiting.pop()
        if url in found or not url.startswith(f"{address}/"):
            continue
        found[url] = answer = get(url)
        if is_ours(answer):
            waiting += [urldefrag(link).url for link in links(answer)]
    return found


def broken_fragments(found: Mapping[str, Answer]) -> list[str]:
    """Links between the plugin's crawled pages whose fragment is no element's id there."""
    ids = {
        url: {element.attributes.get("id") for element in elements(answer.text)}
        for url, answer in found.items()
        if is_ours(answer)
    }
    return [
        f"{answer.url} -> {link}"
        for answer in found.values()
        if is_ours(answer)
        for link in links(answer)
        for url, fragment in [urldefrag(link)]
        if fragment and url in ids and unquote(fragment) not in ids[url]
    ]


def squeezed(text: str) -> str:
    """Without white space, which a page may draw otherwise than the text has it."""
    return re.sub(r"\s+", "", text)


_MARKS = """
wanted => wanted.map(([element, note]) => {
  const number = document.querySelector(note).id.slice("note-".length);
  const at = document.getElementById(element);
  return Array.from(document.querySelectorAll(`mark[data-claims~="${number}"]`))
    .filter(mark => at.compareDocumentPosition(mark) & Node.DOCUMENT_POSITION_FOLLOWING)
    .map(mark => mark.textContent);
})
"""


def marked(page: Page, places: list[tuple[str, str]]) -> list[list[str]]:
    """The marked words at and after each place, cut where marks are, of the place's claim only.

    A place is the id of an element of a reading view, and the id of the claim.
    """
    notes = [
        [element, f'li.leaks-note:has(.leaks-note-claim[href$="/claims/{claim}"])']
        for element, claim in places
    ]
    return list(page.evaluate(_MARKS, notes))


def makes_up(marks: list[str], words: str) -> bool:
    """Whether the first of the marks, as many as it takes, are exactly the words."""
    whole = ""
    for mark in marks:
        whole += squeezed(mark)
        if len(whole) >= len(squeezed(words)):
            break
    return whole == squeezed(words)
