"""Web pages as browsers and archives save them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from . import furniture
from .article import assemble
from .decoding import no_text, read_bytes
from .html_about import base_of, describe_page, saved_from
from .html_main import main_text
from .html_source import LARGEST, PageError, decode_page, parse_page
from .html_text import page_text
from .records import Document, Problem, SourceFile


class HtmlLoader:
    """HTML: the main text of a page, and what it says of itself. Nothing is run and none loaded.

    The kind is article where the page's JSON-LD says so, else web_page.
    """

    name = "html"
    suffixes: tuple[str, ...] = (".html", ".htm", ".xhtml")

    def load(self, path: Path) -> Iterator[Document | Problem]:
        """The page at ``path``. Raises OSError where the file cannot be read."""
        data = read_bytes(path, LARGEST)
        yield data if isinstance(data, Problem) else page_document(data, str(path))


def page_document(
    data: bytes,
    path: str,
    url: str | None = None,
    charset: str | None = None,
    media_type: str = "text/html",
) -> Document | Problem:
    """The document of a page's bytes, or why there is none. Never raises on content.

    ``path`` is what the file goes by. ``url`` and ``charset`` are what is known of the page from
    elsewhere: a ``url`` goes before the one that the page itself states.
    """
    try:
        source, encoding = decode_page(data, charset)
        tree = parse_page(source)
    except PageError as error:
        return Problem(path, "", error.found, "a web page", error.advice)
    if tree is None:
        return no_text(path, len(data))
    came_from = url or saved_from(source)
    stated, window_title = describe_page(tree, came_from)
    page = page_text(tree, base_of(tree, came_from or stated.url))
    plain, shown = main_text(tree, page)
    if not plain.text:
        return no_text(path, len(data))
    roles = [
        known or role
        for known, role in zip(furniture.classify(plain.text, plain.blocks), shown, strict=True)
    ]
    digest = hashlib.sha256(data).hexdigest()
    file = SourceFile(path, len(data), digest, media_type, encoding)
    stated = replace(stated, url=url or stated.url)
    return assemble(file, plain, stated, roles, window_title)
