"""What a saved page of WikiLeaks' e-mail archives says: its fields, its text, its place there.

Two layouts are known from programs that read these pages: a table of fields and an element
``#doc-description`` (the Global Intelligence Files), and a ``<header>`` of lines and an element
``.email-content`` (``/emailid/5``). Mirrors and copies made by hand have fields as lines and the
text in ``<pre>``. So fields are read from the page's lines before the text, however they were set.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice

from lxml import etree

from .mail_html import html_to_text
from .mojibake import repair
from .slugs import slugify

_FIELDS = {
    "email-id": "id", "email id": "id", "emailid": "id", "date": "date", "from": "from", "to": "to",
    "cc": "cc", "bcc": "bcc", "reply-to": "reply_to", "subject": "subject",
    "message-id": "message_id", "messageid": "message_id", "in-reply-to": "in_reply_to",
    "inreplyto": "in_reply_to", "references": "references", "list-name": "list", "listname": "list",
    "others": "others",
}  # fmt: skip
_ADDRESSES = ("from", "to", "cc", "bcc", "reply_to")
_FIELD = re.compile(
    rf"\s{{0,40}}({'|'.join(map(re.escape, _FIELDS))})[^\S\t]{{0,9}}(?:[:|\t](.*))?", re.IGNORECASE
)
_SOURCE_FIELD = re.compile(
    r"^(message-id|in-reply-to|references):[ \t]*(\S.{0,2000}(?:\n[ \t].{0,1000}){0,20})",
    re.IGNORECASE | re.MULTILINE,
)
_GAP = 3  # lines between two fields, at most
_LONGEST_TITLE = 250  # code points of a line that is taken as the subject
_PRES = 20  # <pre> elements that are looked at
_SOURCE = 20_000  # code points of a mail's source that are looked at

_KEY_BEGIN = "-----BEGIN PGP PUBLIC KEY BLOCK-----"
_KEY_END = "-----END PGP PUBLIC KEY BLOCK-----"
_KEY = re.compile(rf"Key fingerprint [0-9A-F ]{{20,90}}\s{{0,9}}{_KEY_BEGIN}")
_BOILERPLATE = re.compile(
    r"(?:wikileaks|search|released on [0-9-]{10})\b.*|view [a-z]+"
    r"|the \S.{0,60} (?:files|emails|archive)",
    re.IGNORECASE | re.DOTALL,
)
_COLLECTION = re.compile(r"\bThe (\S.{0,60}? (?:Files|Emails|Archive))\b")
_BREAKS = ("br", "p", "div", "pre", "table", "blockquote", "ul", "ol")
_HERE = "\ue000here\ue000"  # stands for the text's element; private characters, so in no page

_HOST = re.compile(r"https?://[a-z0-9.-]{0,60}wikileaks[a-z0-9.-]{1,60}(?=/)", re.IGNORECASE)
_PATH = re.compile(
    r"/([a-z0-9_-]{1,40}(?:/emails)?)/+(?:emailid/+|docs/+(?:[0-9]{1,9}/+)?)([0-9]{1,12})(?![0-9])",
    re.IGNORECASE,
)
_OWN_ADDRESS = re.compile(
    r"<(?:link\b(?=[^>]{0,300}\brel\s{0,9}=\s{0,9}[\"']?canonical)|base\b"
    r"|meta\b(?=[^>]{0,300}\bproperty\s{0,9}=\s{0,9}[\"']?og:url))[^>]{0,500}>"
    r"|<!--\s{0,9}saved from url=.{0,300}",
    re.IGNORECASE,
)


@dataclass
class Page:
    """A page, certain mojibake ``repaired``. ``fields`` go by the values of _FIELDS; none is empty.

    ``body`` is the message's text, as HTML if ``is_html``. ``collection`` and ``number`` are its
    place in the archive. ``cut``: elements are nested deeper than can be read.
    """

    subject: str = ""
    body: str = ""
    is_html: bool = False
    fields: dict[str, str] = field(default_factory=dict)
    collection: str | None = None
    number: str | None = None
    cut: bool = False
    repaired: bool = False


def own_place(html: str) -> tuple[str, str] | None:
    """The collection and number of a page that gives its own address in such an archive.

    By its canonical link, ``og:url``, ``base`` or the comment that browsers put first on saving.
    """
    for own in _OWN_ADDRESS.finditer(html):
        host = _HOST.search(own[0])
        place = _PATH.match(own[0], host.end()) if host else None
        if place:
            return place[1].lower().replace("/", "-"), place[2]
    return None


def read_page(html: str) -> Page:
    """What the page says. Never raises; a page without a message has neither fields nor text."""
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(html.encode("utf-8"), parser)
    except etree.XMLSyntaxError:  # an empty document, for libxml2
        root = None
    if root is None:
        return Page()
    page = Page(cut=any("depth" in error.message for error in parser.error_log))
    page.repaired = _repair(root)
    element = _text_element(root)
    heading = _heading(root, element)
    title = next((_string(each) for each in root.iter("title")), "")
    page.collection, page.number = own_place(html) or (None, None)
    source: dict[str, str] = {}
    lines: list[str] = []
    if element is not None:
        page.body, page.is_html = _body(element), True
        element.clear()
        element.text = _HERE
        source = _source_fields(root)
        before = html_to_text(_html(root)).text.partition(_HERE)[0]
        lines = _without_key(before).split("\n")
    fields, first, _ = _fields(lines)
    if not fields:
        # The whole message is in one stretch of lines: of that element, or of the page.
        text = html_to_text(page.body if page.is_html else _html(root)).text
        lines = _without_key(text).split("\n")
        fields, first, end = _fields(lines)
        if fields:
            page.body, page.is_html = "\n".join(lines[end:]).strip("\n"), False
    if heading is None and fields:
        heading = _line_before(lines[:first])
    page.fields = {name: value for name, value in {**source, **fields}.items() if value}
    page.subject = page.fields.get("subject") or heading or _last_of_title(title)
    if page.number is None:
        page.number = page.fields.get("id")
        page.collection = _collection(root, page.number, title)
    return page


def _repair(root: etree._Element) -> bool:
    repaired = False
    for element in root.iter():
        if element.text and element.tag not in ("script", "style"):
            fixed = repair(element.text)
            repaired |= fixed != element.text
            element.text = fixed
        if element.tail:
            fixed = repair(element.tail)
            repaired |= fixed != element.tail
            element.tail = fixed
    return repaired


# --- the text -----------------------------------------------------------------------------------


def _text_element(root: etree._Element) -> etree._Element | None:
    """The element that holds the message's text."""
    known = [
        element
        for element in root.iter()
        if element.get("id") == "doc-description"
        or "email-content" in (element.get("class") or "").split()
    ]
    for element in known:
        if any(text.strip() for text in element.itertext()):
            return element
    texts = [(len(text), element) for element, text in _pres(root) if _KEY_BEGIN not in text[:400]]
    return max(texts, key=lambda each: each[0])[1] if texts else next(iter(known), None)


def _pres(root: etree._Element) -> list[tuple[etree._Element, str]]:
    return [(element, _string(element)) for element in islice(root.iter("pre"), _PRES)]


def _body(element: etree._Element) -> str:
    if next(element.iterdescendants(*_BREAKS), None) is None:
        element.tag = "pre"  # nothing else breaks its lines
    for pre in element.iter("pre"):  # the first line end is none, HTML says
        pre.text = (pre.text or "").removeprefix("\n")
    return _html(element)


def _html(element: etree._Element) -> str:
    return str(etree.tostring(element, encoding="unicode", method="html", with_tail=False))


def _string(element: etree._Element) -> str:
    return "".join(map(str, element.itertext()))


def _without_key(text: str) -> str:
    """The text without the archive's own PGP key."""
    begin = _KEY.search(text)
    end = text.find(_KEY_END, begin.end()) if begin else -1
    return text[: begin.start()] + text[end + len(_KEY_END) :] if begin and end > 0 else text


# --- the fields ---------------------------------------------------------------------------------


def _fields(lines: Sequence[str]) -> tuple[dict[str, str], int, int]:
    """The message's fields, and the lines from the first of them to the one after the last.

    They are the first two labels or more near each other that have a date or a number; a form for
    searching has none.
    """
    run: dict[str, str] = {}
    first = end = 0
    for number, line in enumerate(lines):
        name, value = _field(line)
        if number - end >= _GAP or name in run:
            if _is_header(run):
                break
            run = {}
        if name is None:
            last = next(reversed(run), None)
            if last in _ADDRESSES and number == end and run[last].endswith((",", ";")):
                run[last] += f" {line.strip()}"
                end = number + 1
            continue
        if not run:
            first = number
        run[name] = value
        end = number + 1
    return (run, first, end) if _is_header(run) else ({}, 0, 0)


def _field(line: str) -> tuple[str | None, str]:
    match = _FIELD.fullmatch(line)
    if match is None:
        return None, ""
    name, value = _FIELDS[match[1].lower()], (match[2] or "").strip(" \t|")
    nested = _FIELD.fullmatch(value) if name == "others" else None
    return _field(value) if nested else (name, value)


def _is_header(run: dict[str, str]) -> bool:
    return len(run) > 1 and bool(run.get("id") or run.get("date"))


def _source_fields(root: etree._Element) -> dict[str, str]:
    """What names the message and others, where the page shows the mail's source beside its text."""
    found: dict[str, str] = {}
    for _, source in _pres(root):
        for match in _SOURCE_FIELD.finditer(source[:_SOURCE]):
            found.setdefault(_FIELDS[match[1].lower()], match[2])
    return found


# --- the subject and the place ------------------------------------------------------------------


def _heading(root: etree._Element, text: etree._Element | None) -> str | None:
    """The last heading before the text that is not the site's; "" where that is empty."""
    last = None
    for element in root.iter():
        if element is text:
            break
        if element.tag in ("h1", "h2", "h3", "h4"):
            heading = " ".join(_string(element).split())
            if not _BOILERPLATE.fullmatch(heading):
                last = heading
    return last


def _line_before(lines: Iterable[str]) -> str | None:
    titles = (line.strip() for line in lines)
    titles = (line for line in titles if line and not _BOILERPLATE.fullmatch(line))
    last = next(iter(list(titles)[-1:]), None)
    return last if last and len(last) <= _LONGEST_TITLE else None


def _last_of_title(title: str) -> str:
    """The title of the page without the names of the site and the collection before it."""
    parts = " ".join(title.split()).split(" - ")
    while parts and _BOILERPLATE.fullmatch(parts[0]):
        parts.pop(0)
    return " - ".join(parts)


def _collection(root: etree._Element, number: str | None, title: str) -> str | None:
    """The collection of a page that does not give its address: by a link to it, or its title."""
    for link in root.iter("a"):
        place = _PATH.search(link.get("href", "")[:500])
        if place and place[2] == number:
            return place[1].lower().replace("/", "-")
    named = _COLLECTION.search(title)
    if named is None:
        return None
    return {"Global Intelligence Files": "gifiles"}.get(named[1], slugify(named[1]))
