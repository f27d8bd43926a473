"""Saved pages of an e-mail archive as WikiLeaks publishes them: one message a page."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from .mail_charset import decode
from .mail_html import declared_charset
from .mail_mbox import read_at
from .mail_message import parse_message
from .mail_records import MARKS, Message, RawMessage
from .records import Problem
from .wikileaks_page import Page, own_place, read_page

LARGEST = 8 * 1024 * 1024  # bytes of a page that are read; libxml2 takes no longer texts
_HEADERS = {
    "from": "From", "reply_to": "Reply-To", "to": "To", "cc": "Cc", "bcc": "Bcc", "date": "Date",
    "subject": "Subject", "message_id": "Message-ID", "in_reply_to": "In-Reply-To",
    "references": "References",
}  # fmt: skip

_HTML = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!|html|head|title|meta)", re.IGNORECASE)
_TITLE = re.compile(r"<title[^>]{0,100}>([^<]{0,500})", re.IGNORECASE)
_SITE = re.compile(r"\bwikileaks\b|\bglobal intelligence files\b", re.IGNORECASE)
_GAP = r"(?:[\s|]|<[^>]{1,200}>){0,20}"
_SIGNS = (
    # The number of the mail, in a table or in lines; then another field.
    re.compile(
        rf"\bemail-?\s?id\b\s{{0,3}}(?:[:|\t]|</t[hd]>){_GAP}[0-9]{{1,12}}{_GAP}"
        r"(?:date|from|to|subject)\b",
        re.IGNORECASE,
    ),
    # The element of the text.
    re.compile(
        r"<div\b[^>]{0,300}\b(?:id\s{0,9}=\s{0,9}[\"']?doc-description\b"
        r"|class\s{0,9}=\s{0,9}[\"']?(?:[^\"'>]{0,100}\s)?email-content\b)",
        re.IGNORECASE,
    ),
)


class WikiLeaksLoader:
    """A saved page of an e-mail archive; ``parse`` says what becomes of it."""

    name = "wikileaks"
    suffixes: tuple[str, ...] = (".html", ".htm")

    def recognises(self, head: bytes) -> bool:
        """Whether a file's first bytes are those of such a page; more than 4,096 are welcome.

        The name of the site is not enough, as pages about it have it too. Either the page gives
        its own address as that of a message in an archive (canonical link, ``og:url``, ``base``, or
        ``saved from url``), or its title names the site and its fields, or the element of its text,
        are there.
        """
        if not _HTML.match(head):
            return False  # a mail or another text that has a page in it
        start = head.decode("latin-1")
        if own_place(start):
            return True
        title = _TITLE.search(start)
        if title is None or not _SITE.search(title[1]):
            return False
        return any(sign.search(start) for sign in _SIGNS)

    def messages(self, path: Path) -> Iterator[RawMessage]:
        """The one message of the page. Raises OSError where it cannot be looked at."""
        size = path.stat().st_size
        problem = None if size else Problem(str(path), "", "the file is empty", "a saved page")
        yield RawMessage("", 0, size, problem=problem)

    def read(self, path: Path, member: str, offset: int, length: int) -> bytes:
        """The bytes of the page. Raises OSError."""
        return read_at(path, offset, length)

    def parse(self, data: bytes) -> Message:
        """The message on a page; never raises.

        ``message_id`` is that of the mail where the page gives one. Else it is the page's place in
        the archive, ``wikileaks-<collection>-<number>`` (``wikileaks-gifiles-12``): so two saved
        copies of a page are known to be one mail, and a dossier can cite it. Without the ``@`` of a
        true one it cannot be taken for it. A page that does not say its collection has none.

        A date without a zone counts as UTC. ``text`` has neither the archive's own words nor its
        PGP key. A page without a message gives an empty text, marked headers_missing, as a message
        without sender or date is.
        """
        html, charset = decode(data[:LARGEST], declared_charset(data))
        page = read_page(html)
        message = parse_message(_as_mail(page))
        marks = {
            "too_large": len(data) > LARGEST,
            "nesting_cut": page.cut,
            charset: charset is not None,
            "mojibake_repaired": page.repaired,
            "headers_missing": not (page.fields.get("date") and page.fields.get("from")),
        }
        marked = {mark for mark, holds in marks.items() if holds}.union(message.marks)
        return replace(
            message,
            sha256=hashlib.sha256(data).hexdigest(),
            size=len(data),
            text_from="html" if message.text.strip() else "none",
            message_id=message.message_id or _archive_id(page),
            marks=tuple(mark for mark in MARKS if mark in marked),
        )


def _as_mail(page: Page) -> bytes:
    """The page's message as a mail, so that all that holds for mails holds for it."""
    fields = {**page.fields, "subject": page.subject}
    head = [f"{name}: {fields[field]}" for field, name in _HEADERS.items() if fields.get(field)]
    kind = "html" if page.is_html else "plain"
    head.append(f"Content-Type: text/{kind}; charset=utf-8\nContent-Transfer-Encoding: 8bit")
    return "\n".join([*head, "", page.body]).encode("utf-8")


def _archive_id(page: Page) -> str | None:
    if page.collection is None or page.number is None:
        return None
    return f"wikileaks-{page.collection}-{page.number}"
