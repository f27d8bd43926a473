"""PDF: reports, and the filings of courts."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

from . import furniture
from .article import assemble
from .bylines import parse_date
from .decoding import read_bytes
from .markdown import PlainText
from .pdf_layout import Laid, lay_out
from .pdf_pages import PdfError, PdfText, read_pdf
from .pdf_worker import read_apart
from .records import Description, Document, Problem, SourceFile

LARGEST = 200 * 1024 * 1024  # bytes
LARGEST_ATTACHMENT = 20 * 1024 * 1024  # bytes
MOST_ATTACHMENT_PAGES = 200

_COURT = re.compile(
    r"\b(?:UNITED\s+STATES\s+(?:DISTRICT|BANKRUPTCY)\s+COURT|UNITED\s+STATES\s+COURT\s+OF\s+APPEALS"
    r"|SUPREME\s+COURT\s+OF|SUPERIOR\s+COURT|CIRCUIT\s+COURT|HIGH\s+COURT\s+OF\s+JUSTICE"
    r"|CROWN\s+COURT|COURT\s+OF\s+APPEAL|DISTRICT\s+COURT\s+(?:OF|FOR))\b"
)
_NUMBER = re.compile(
    r"\b(?:Case|Claim|Docket|Civil\s+Action|Criminal|Cr\.|Index|File)\s*(?:No|Nos|Number)?\b[.:]*\s*"
    r"[\w.-]*\d[\w.:-]*\d|\b\d{1,2}:\d{2}-(?:cr|cv|mj|bk|mc)-\d+|\b\d{2}\s+(?:Cr|Civ|Mag)\.\s+\d+",
    re.IGNORECASE,
)
_PARTIES = re.compile(
    r"^\W*(?:-\s*)?(?:v|vs|against)\b\.?(?:\s*-)?\W*$|\b(?:plaintiff|defendant|petitioner|respondent"
    r"|appellant|claimant)s?\b|\w\s+v\.\s+\w",
    re.IGNORECASE | re.MULTILINE,
)
_CAPTION = 3000  # code points of the first page in which a caption stands
_CREATED = re.compile(
    r"(?:D:)?(\d{4})(\d\d)?(\d\d)?(?:(\d\d)(\d\d)(\d\d)?)?\s*([Zz+-])?(\d\d)?'?(\d\d)?'?"
)
_BY_A_PROGRAM = re.compile(
    r"(?:microsoft\s+(?:word|powerpoint|excel)\s*-\s*.*|untitled.*|document\s*\d*|\(?anonymous\)?"
    r"|[^ ]+\.(?:docx?|pdf|pptx?|xlsx?|rtf|odt|wpd|tiff?|indd|html?))",
    re.IGNORECASE,
)
_MISSING = "Reading PDF needs pypdfium2: pip install 'datasette-leaks[pdf]'"


class PdfLoader:
    """PDF, read by PDFium in a process of its own. Line ends and the hyphens before them stay.

    The kind is court_filing where the first page has a caption, else report.
    """

    name = "pdf"
    suffixes: tuple[str, ...] = (".pdf",)

    def load(self, path: Path) -> Iterator[Document | Problem]:
        """The document at ``path``. Raises OSError where the file cannot be read."""
        data = read_bytes(path, LARGEST)
        yield data if isinstance(data, Problem) else pdf_document(data, str(path))


def pdf_document(data: bytes, path: str, url: str | None = None) -> Document | Problem:
    """The document of a PDF's bytes, or why there is none. Never raises on content.

    ``path`` is what the file goes by, ``url`` where it came from, if known.
    """
    if find_spec("pypdfium2") is None:
        return Problem(path, "", "PDF cannot be read here", "the extra pdf", _MISSING)
    try:
        read = read_apart(data)
    except PdfError as error:
        return Problem(path, "", error.found, "a PDF with text", error.advice)
    laid = lay_out(read.pages)
    if not laid.text:
        return _without_text(path, read)
    plain = PlainText(laid.text, laid.blocks, laid.links, ())
    roles = [
        "other" if running else role
        for running, role in zip(
            laid.running, furniture.classify(plain.text, plain.blocks), strict=True
        )
    ]
    digest = hashlib.sha256(data).hexdigest()
    file = SourceFile(path, len(data), digest, "application/pdf", "binary")
    document = assemble(file, plain, _describe(read, laid, url), roles)
    return replace(document, pages=laid.pages)


def extract_text(data: bytes) -> str | None:
    """The text of an attached PDF, of its first 200 pages, read in this process.

    None where there is none, and where the PDF is broken or too large or pypdfium2 is missing.
    """
    if len(data) > LARGEST_ATTACHMENT or find_spec("pypdfium2") is None:
        return None
    try:
        return lay_out(read_pdf(data, MOST_ATTACHMENT_PAGES).pages).text or None
    except PdfError:
        return None


def _without_text(path: str, read: PdfText) -> Problem:
    pages = "1 page" if read.total == 1 else f"{read.total:,} pages"
    if not read.images:
        return Problem(path, "", f"no text on {pages}", "a PDF with text")
    return Problem(
        path,
        "",
        f"no text: {pages} of images",
        "a PDF with text",
        "Run OCR (ocrmypdf in.pdf out.pdf) and load the result",
    )


def _describe(read: PdfText, laid: Laid, url: str | None) -> Description:
    first = laid.pages[0]
    filing = _is_filing(laid.text[first.start : first.end])
    title = None if _BY_A_PROGRAM.fullmatch(read.title) else read.title
    return Description(
        kind="court_filing" if filing else "report",
        title=title or None,
        author=read.author or None,
        published=_date(read.created),
        url=url,
        note=_note(read),
    )


def _is_filing(page: str) -> bool:
    """Whether the page has a court's caption: two of the court, the number and the parties."""
    caption = page[:_CAPTION]
    marks = (_COURT, _NUMBER, _PARTIES)
    return sum(mark.search(caption) is not None for mark in marks) >= 2


def _date(created: str) -> str | None:
    """A PDF's date (``D:20121005110000+02'00'``) as ISO 8601, as precise as it is."""
    found = _CREATED.fullmatch(created.strip())
    if not found:
        return None
    year, month, day, hour, minute, second, sign, zone, zone_minutes = found.groups()
    if hour is None or sign is None:
        return parse_date("-".join(filter(None, (year, month, day))))
    offset = "Z" if sign in "Zz" else f"{sign}{zone or '00'}:{zone_minutes or '00'}"
    return parse_date(f"{year}-{month}-{day}T{hour}:{minute}:{second or '00'}{offset}")


def _note(read: PdfText) -> str | None:
    said = []
    empty = [number for number, page in enumerate(read.pages, 1) if not page.lines]
    if empty:
        plural = len(empty) > 1
        pages, have = ("pages", "have") if plural else ("page", "has")
        said.append(f"{pages} {_ranges(empty)} {have} no text")
    if len(read.pages) < read.total:
        said.append(f"only the first {len(read.pages):,} of {read.total:,} pages are loaded")
    return "; ".join(said) or None


def _ranges(numbers: Sequence[int]) -> str:
    """``3, 5 to 9`` of rising numbers."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1][1:] = [number]
        else:
            runs.append([number])
    shown = [" to ".join(map(str, run)) for run in runs[:20]]
    return ", ".join(shown) + (" and others" if len(runs) > 20 else "")
