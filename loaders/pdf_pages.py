"""The lines of a PDF's pages, and their links, as PDFium reads them.

PDFium is written in C++ and PDFs are hostile: pdf_worker.py runs this in a process of its own.
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

MOST_PAGES = 5_000
MOST_TEXT = 50 * 1024 * 1024  # code points
MOST_LINKS = 500  # of a page

_LONGEST_URL = 4096
_HYPHENS = "\ufffe\x02"  # what PDFium writes for a hyphen at a line's end, and no line end after it
_ROW = re.compile(f"[^\r\n\f\v{_HYPHENS}]+[{_HYPHENS}]?|[{_HYPHENS}]")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


class PdfError(ValueError):
    """The PDF cannot be read; the message says why, ``advice`` what to do about it."""

    def __init__(self, found: str, advice: str = "") -> None:
        super().__init__(found)
        self.found = found
        self.advice = advice


@dataclass(frozen=True, slots=True)
class PdfLine:
    """A line of text; ``x`` and ``y`` is where its baseline begins, ``height`` that of its letters.

    In points (1/72 inch) from the page's lower left corner.
    """

    text: str
    x: float
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class PdfLink:
    """A link to ``url``: from character ``start`` of line ``first`` to ``end`` of line ``last``."""

    first: int
    start: int
    last: int
    end: int
    url: str


@dataclass(frozen=True, slots=True)
class PdfPage:
    """A page's lines in reading order, and the links on them."""

    lines: tuple[PdfLine, ...]
    links: tuple[PdfLink, ...]


@dataclass(frozen=True, slots=True)
class PdfText:
    """The first pages, the number ``total`` of all, and what the file says of itself.

    ``images``: pages without text hold pictures. ``created`` is as in the file (D:20121005…).
    """

    pages: tuple[PdfPage, ...]
    total: int
    images: bool
    title: str
    author: str
    created: str


def read_pdf(data: bytes, most_pages: int = MOST_PAGES) -> PdfText:
    """Read a PDF with PDFium in this process. Raises PdfError, and ImportError without pypdfium2.

    Not more than ``most_pages``, and no further page after MOST_TEXT code points of text.
    """
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise _refusal(error.err_code == pypdfium2.raw.FPDF_ERR_PASSWORD) from error
    try:
        pages: list[PdfPage] = []
        images, size = False, 0
        total = len(document)
        for number in range(min(total, most_pages)):
            page, pictured = _read_page(pypdfium2, document, number)
            pages.append(page)
            images = images or (pictured and not page.lines)
            size += sum(len(line.text) for line in page.lines)
            if size > MOST_TEXT:
                break
        said = (_said(document, key) for key in ("Title", "Author", "CreationDate"))
        return PdfText(tuple(pages), total, images, *said)
    finally:
        document.close()


def _refusal(password: bool) -> PdfError:
    if password:
        return PdfError(
            "the PDF is encrypted and needs a password",
            "Save a copy without one (qpdf --decrypt --password=… in.pdf out.pdf) and load that",
        )
    return PdfError("PDFium finds no PDF in it: it is broken or cut off", "Fetch the file again")


def _read_page(pdfium: Any, document: Any, number: int) -> tuple[PdfPage, bool]:
    """A page, and whether it holds pictures. One that PDFium cannot read has no text."""
    try:
        page = document[number]
    except pdfium.PdfiumError:
        return PdfPage((), ()), False
    try:
        text = page.get_textpage()
        try:
            rows = list(_rows(pdfium.raw, text))
            lines = [_line(pdfium.raw, text, row) for row in rows]
            links = tuple(_links(pdfium.raw, page, text, rows, lines))
        finally:
            text.close()
        image = pdfium.raw.FPDF_PAGEOBJ_IMAGE
        pictured = not lines and any(True for _ in page.get_objects(filter=[image], max_depth=3))
        return PdfPage(tuple(lines), links), pictured
    except pdfium.PdfiumError:
        return PdfPage((), ()), False
    finally:
        page.close()


@dataclass(frozen=True, slots=True)
class _Row:
    """A line of characters, and PDFium's number of each of them."""

    text: str
    indexes: Sequence[int]


def _rows(raw: Any, text: Any) -> Iterator[_Row]:
    """The lines that hold any characters, without blanks at their ends."""
    whole, indexes = _characters(raw, text)
    for found in _ROW.finditer(whole):
        words, at = found[0], indexes[found.start() : found.end()]
        if words[-1] in _HYPHENS:
            words = f"{words[:-1]}-"
        if _CONTROLS.search(words):
            kept = [n for n, character in enumerate(words) if not _CONTROLS.match(character)]
            words, at = "".join(words[n] for n in kept), [at[n] for n in kept]
        start = len(words) - len(words.lstrip())
        end = len(words.rstrip())
        if start < end:
            yield _Row(words[start:end], at[start:end])


def _characters(raw: Any, text: Any) -> tuple[str, Sequence[int]]:
    """The page's characters as one text, and PDFium's number of each."""
    number = text.count_chars()
    whole = text.get_text_range(0, number) if number else ""
    if len(whole) == number:
        return whole, range(number)
    # Characters beyond U+FFFF are two to PDFium, and some have no code at all.
    characters, indexes = [], []
    high = 0
    for index in range(number):
        code = raw.FPDFText_GetUnicode(text, index)
        if 0xD800 <= code < 0xDC00:
            high = code
            continue
        if 0xDC00 <= code < 0xE000:
            code = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00) if high else 0
        high = 0
        if 0 < code <= 0x10FFFF:
            characters.append(chr(code))
            indexes.append(index)
    return "".join(characters), indexes


def _line(raw: Any, text: Any, row: _Row) -> PdfLine:
    x, y = ctypes.c_double(), ctypes.c_double()
    raw.FPDFText_GetCharOrigin(text, row.indexes[0], x, y)
    _, bottom, _, top = text.get_charbox(row.indexes[0], loose=True)
    return PdfLine(row.text, x.value, y.value, top - bottom)


_Box = tuple[float, float, float, float]  # left, bottom, right, top


def _links(
    raw: Any, page: Any, text: Any, rows: list[_Row], lines: list[PdfLine]
) -> Iterator[PdfLink]:
    position, link = ctypes.c_int(0), raw.FPDF_LINK()
    middles: dict[int, list[tuple[float, float]]] = {}
    for _ in range(MOST_LINKS):
        if not raw.FPDFLink_Enumerate(page, position, link):
            return
        url = _url(raw, page, link)
        hits = []
        for left, bottom, right, top in _boxes(raw, link) if url else ():
            for number, line in enumerate(lines):
                if not bottom - line.height <= line.y <= top:
                    continue
                if number not in middles:
                    middles[number] = [_middle(text, index) for index in rows[number].indexes]
                hits += [
                    (number, column)
                    for column, (x, y) in enumerate(middles[number])
                    if left <= x <= right and bottom <= y <= top and not line.text[column].isspace()
                ]
        if hits:
            (first, start), (last, end) = min(hits), max(hits)
            yield PdfLink(first, start, last, end + 1, url)


def _middle(text: Any, index: int) -> tuple[float, float]:
    left, bottom, right, top = text.get_charbox(index)
    return (left + right) / 2, (bottom + top) / 2


def _boxes(raw: Any, link: Any) -> Iterator[_Box]:
    """The boxes of a link: one a line where the file gives them, else one around all."""
    points = raw.FS_QUADPOINTSF()
    number = raw.FPDFLink_CountQuadPoints(link)
    for index in range(min(number, 50)):
        if raw.FPDFLink_GetQuadPoints(link, index, points):
            xs = (points.x1, points.x2, points.x3, points.x4)
            ys = (points.y1, points.y2, points.y3, points.y4)
            yield min(xs), min(ys), max(xs), max(ys)
    rect = raw.FS_RECTF()
    if number <= 0 and raw.FPDFLink_GetAnnotRect(link, rect):
        yield (
            min(rect.left, rect.right),
            min(rect.bottom, rect.top),
            max(rect.left, rect.right),
            max(rect.bottom, rect.top),
        )


def _url(raw: Any, page: Any, link: Any) -> str:
    """Where the link leads on the web; empty for one inside the file, or to a program."""
    action = raw.FPDFLink_GetAction(link)
    if not action or raw.FPDFAction_GetType(action) != raw.PDFACTION_URI:
        return ""
    size = raw.FPDFAction_GetURIPath(page.pdf, action, None, 0)
    if not 1 < size <= _LONGEST_URL:
        return ""
    buffer = ctypes.create_string_buffer(size)
    raw.FPDFAction_GetURIPath(page.pdf, action, buffer, size)
    return _clean(buffer.value.decode("utf-8", "replace"))


def _said(document: Any, key: str) -> str:
    try:
        return _clean(document.get_metadata_value(key))
    except UnicodeDecodeError:
        return ""


def _clean(value: str) -> str:
    return " ".join(_CONTROLS.sub("", value).split())[:1000]
