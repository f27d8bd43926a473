"""Paths of the plugin's pages and of Datasette's native ones, ``base_url`` included."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode, urlsplit

from datasette.utils import tilde_encode

if TYPE_CHECKING:
    from datasette.app import Datasette


@dataclass(frozen=True)
class Links:
    """Builds every path a page of one database needs. Arguments are plain, unencoded ids."""

    datasette: Datasette
    database: str

    @cached_property
    def _root(self) -> str:
        return str(self.datasette.urls.path(f"/{tilde_encode(self.database)}"))

    def _path(self, rest: str) -> str:
        return self._root + rest

    def overview(self) -> str:
        return self._path("/-/leaks")

    def claim(self, claim_id: str) -> str:
        return self._path(f"/-/leaks/claims/{_encode(claim_id)}")

    def source(self, source_id: str) -> str:
        return self._path(f"/-/leaks/sources/{_encode(source_id)}")

    def article(self, slug: str, fragment: str = "") -> str:
        path = self._path(f"/-/leaks/articles/{_encode(slug)}")
        return f"{path}#{quote(fragment)}" if fragment else path

    def mail(self, slug: str, fragment: str = "") -> str:
        path = self._path(f"/-/leaks/mail/{_encode(slug)}")
        return f"{path}#{quote(fragment)}" if fragment else path

    def attachment(self, slug: str, part: str) -> str:
        """The bytes of a part of an e-mail, as a file to keep."""
        return self._path(f"/-/leaks/mail/{_encode(slug)}/attachments/{_encode(part)}")

    def thread(self, slug: str, after: str | None = None) -> str:
        """By the slug of its first message; ``after`` is that of the last one already shown."""
        path = self._path(f"/-/leaks/threads/{_encode(slug)}")
        return f"{path}?{urlencode({'after': after})}" if after else path

    def archive(self) -> str:
        return self._path("/-/leaks/archive")

    def search(self, **query: str | int | None) -> str:
        """The search page, with ``q``, ``kind`` and ``page``; those that are None are left out."""
        given = urlencode({name: value for name, value in query.items() if value is not None})
        path = self._path("/-/leaks/search")
        return f"{path}?{given}" if given else path

    def queue(self, **query: str | None) -> str:
        """The queue of proposals, with its parameters; those that are None are left out."""
        given = urlencode({name: value for name, value in query.items() if value is not None})
        path = self._path("/-/leaks/queue")
        return f"{path}?{given}" if given else path

    def document(self, key: str) -> str:
        """By the integer key, for cells that know no slug; answers with the reading view."""
        return self._path(f"/-/leaks/documents/{tilde_encode(key)}")

    def thread_of(self, key: str) -> str:
        """The thread that begins with the document of this integer key."""
        return self._path(f"/-/leaks/documents/{tilde_encode(key)}/thread")

    def table(self, table: str, **filters: str | int | None) -> str:
        """A native table page, with ``column=value`` filters; those that are None are left out."""
        query = urlencode({name: value for name, value in filters.items() if value is not None})
        path = self._path(f"/{tilde_encode(table)}")
        return f"{path}?{query}" if query else path

    def row(self, table: str, *keys: str | int) -> str:
        """A native row page by its primary key."""
        return self._path(
            f"/{tilde_encode(table)}/{','.join(tilde_encode(str(key)) for key in keys)}"
        )


def _encode(key: str) -> str:
    """``tilde_encode``, which looks at every character, only where there is something to encode."""
    return key if _PLAIN.fullmatch(key) else str(tilde_encode(key))


_PLAIN = re.compile(r"[a-z0-9_-]+")
_WEB = re.compile(r"https?://[^\s/]", re.IGNORECASE)


def web_address(url: str | None) -> str | None:
    """The URL when a reader may be sent there (http or https, with a host), else None.

    Loaded text is hostile until proven tame: ``javascript:``, ``data:`` and addresses with
    control characters or credentials in them are shown as text, never as a link.
    """
    if not url or not _WEB.match(url) or any(ord(char) < 33 for char in url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.hostname and not parts.username else None


def text_fragment(start: str, end: str | None, prefix: str | None, suffix: str | None) -> str:
    """``:~:text=prefix-,start,end,-suffix`` as the WICG URL Fragment Text Directives define it.

    Inside a term ``-``, ``&`` and ``,`` are always percent-encoded; ``quote`` leaves ``-`` alone.
    """

    def term(words: str) -> str:
        return quote(words, safe="").replace("-", "%2D")

    terms = []
    if prefix:
        terms.append(term(prefix) + "-")
    terms.append(term(start))
    if end:
        terms.append(term(end))
    if suffix:
        terms.append("-" + term(suffix))
    return ":~:text=" + ",".join(terms)
