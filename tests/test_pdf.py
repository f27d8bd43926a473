"""PDFs: text by pages and paragraphs, links, captions of courts, and files that do harm."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pdf_files import Sheet, make_pdf

from datasette_leaks.loaders import pdf, pdf_pages, pdf_worker
from datasette_leaks.loaders.pdf import PdfLoader, extract_text, pdf_document
from datasette_leaks.loaders.pdf_layout import lay_out
from datasette_leaks.loaders.pdf_pages import PdfError, PdfLine, PdfLink, PdfPage
from datasette_leaks.loaders.pdf_worker import read_apart
from datasette_leaks.loaders.records import Document, Problem

HEAD = "Case 1:12-cr-00042 Document 7 Filed 05/03/12 Page {} of 2"
CAPTION = [
    HEAD.format(1), "", "UNITED STATES DISTRICT COURT", "NORTHERN DISTRICT OF QUAYSIDE", "",
    "UNITED STATES OF AMERICA", "v.", "THE HARBOUR BOARD,", "Defendant.", "",
]  # fmt: skip
FIRST = [
    "The board paid twice for the same crane in the year 2011, and neither",
    "of the members who signed the orders asked why the second payment, to a multi-",
    "purpose account abroad, was made in June, a month after the first one had",
    "been made in full, as the letter shows.",
    "",
    "In the second year the account was closed, and what was left of the money",
]
SECOND = [
    HEAD.format(2), "",
    "was sent back to the quay.",
    "   The members have not been asked about it since then, and nobody on the",
    "board has said a word.",
]  # fmt: skip
LETTER = (206, 720 - 14 * 13 - 3, 235, 720 - 14 * 13 + 9)
FILING = make_pdf(
    Sheet([*CAPTION, *FIRST], [(LETTER, "https://q.example/l/17")]),
    Sheet(SECOND),
    info="/Title (The crane) /Author (Ada Quill) /CreationDate (D:20120503110000+02'00')",
)


def read(data: bytes) -> Document:
    document = pdf_document(data, "filing.pdf")
    assert isinstance(document, Document), document
    return document


def refused(data: bytes) -> Problem:
    problem = pdf_document(data, "filing.pdf")
    assert isinstance(problem, Problem)
    return problem


def test_paragraphs_keep_their_lines_and_go_on_over_pages() -> None:
    document = read(FILING)
    found = [
        (document.text[each.start : each.end], each.continues)
        for each in document.passages
        if each.role is None
    ]
    assert found == [
        ("UNITED STATES DISTRICT COURT\nNORTHERN DISTRICT OF QUAYSIDE", False),
        ("UNITED STATES OF AMERICA\nv.\nTHE HARBOUR BOARD,\nDefendant.", False),
        ("\n".join(FIRST[:4]), False),
        (FIRST[5], False),
        (SECOND[2], True),
        ("\n".join(line.strip() for line in SECOND[3:]), False),
    ]


def test_what_stands_on_most_pages_is_furniture() -> None:
    document = read(FILING)
    assert [
        (each.role, document.text[each.start : each.end]) for each in document.passages if each.role
    ] == [("other", HEAD.format(1)), ("other", HEAD.format(2))]


def test_pages_are_spans() -> None:
    document = read(FILING)
    assert [each.number for each in document.pages] == [1, 2]
    first, second = (document.text[each.start : each.end] for each in document.pages)
    assert first.startswith(HEAD.format(1))
    assert first.endswith(FIRST[5])
    assert second.startswith(HEAD.format(2))
    assert second.endswith("said a word.")


def test_a_link_is_the_words_under_it() -> None:
    document = read(FILING)
    (link,) = document.links
    assert document.text[link.start : link.end] == "letter"
    assert (link.url, link.role) == ("https://q.example/l/17", "citation")


def test_links_that_lead_nowhere_on_the_web_are_left_out() -> None:
    data = FILING.replace(
        b"/S /URI /URI (https://q.example/l/17)", b"/S /GoTo /D [3 0 R /Fit]       "
    )
    assert read(data).links == ()


def test_the_file_tells_of_itself() -> None:
    said = read(FILING).description
    assert (said.kind, said.title, said.author) == ("court_filing", "The crane", "Ada Quill")
    assert (said.published, said.note) == ("2012-05-03T09:00:00Z", None)


@pytest.mark.parametrize(
    ("info", "field", "value"),
    [
        ("/Title (Microsoft Word - crane 3.doc)", "title", None),
        ("/Title (crane_final.pdf)", "title", None),
        ("/Title (untitled)", "title", None),
        ("/Title <FEFF0051007500610079D83D>", "title", None),
        ("/CreationDate (D:201205)", "published", "2012-05"),
        ("/CreationDate (D:20120503)", "published", "2012-05-03"),
        ("/CreationDate (D:20120503110000)", "published", "2012-05-03"),
        ("/CreationDate (D:20120503110000Z00'00')", "published", "2012-05-03T11:00:00Z"),
        ("/CreationDate (D:20121399)", "published", None),
        ("/CreationDate (last week)", "published", None),
    ],
)
def test_what_metadata_say(info: str, field: str, value: str | None) -> None:
    said = read(make_pdf(Sheet(FIRST), info=info)).description
    assert getattr(said, field) == value


@pytest.mark.parametrize(
    ("caption", "kind"),
    [
        (["IN THE CROWN COURT AT QUAYSIDE", "Claim No. T2012/0042"], "court_filing"),
        (
            ["SUPERIOR COURT OF QUAYSIDE", "Ada Quill, Plaintiff,", "v.", "The board"],
            "court_filing",
        ),
        (["Case No. 12-cv-0042", "Quill v. Harbour Board"], "court_filing"),
        (["The board and its crane", "A case study of 2012"], "report"),
        (["The board v. the quay"], "report"),
    ],
)
def test_a_caption_makes_a_filing(caption: list[str], kind: str) -> None:
    assert read(make_pdf(Sheet([*caption, "", *FIRST]))).description.kind == kind


def test_a_scan_is_a_problem_that_says_what_to_do() -> None:
    problem = refused(make_pdf(Sheet(picture=True), Sheet(picture=True)))
    assert problem.found == "no text: 2 pages of images"
    assert "ocrmypdf" in problem.advice


def test_empty_pages_are_noted() -> None:
    sheets = [
        Sheet(picture=True),
        Sheet(FIRST),
        Sheet(),
        Sheet(picture=True),
        Sheet(),
        Sheet(FIRST),
    ]
    document = read(make_pdf(*sheets))
    assert document.description.note == "pages 1, 3 to 5 have no text"
    assert [page.end > page.start for page in document.pages] == [
        False, True, False, False, False, True,
    ]  # fmt: skip
    assert "no text on 1 page" in refused(make_pdf(Sheet())).found


def test_a_long_file_is_cut_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    data = make_pdf(*[Sheet(FIRST)] * 5)
    assert len(pdf_pages.read_pdf(data, most_pages=3).pages) == 3
    monkeypatch.setattr(pdf_pages, "MOST_TEXT", 2 * len("".join(FIRST)) - 1)
    monkeypatch.setattr(pdf, "read_apart", pdf_pages.read_pdf)
    document = read(data)
    assert len(document.pages) == 2
    assert document.description.note == "only the first 2 of 5 pages are loaded"


ENCRYPT = (
    "/Encrypt << /Filter /Standard /V 1 /R 2 /Length 40 /P -4 "
    f"/O <{'5a' * 32}> /U <{'a5' * 32}> >> /ID [<{'00' * 16}> <{'00' * 16}>]"
)


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (make_pdf(Sheet(FIRST), trailer=ENCRYPT), "password"),
        (b"%PDF-1.7\n" + b"\0" * 200, "no PDF"),
        (b"", "no PDF"),
        (b"<html>Not found</html>", "no PDF"),
        (FILING[:300], "no PDF"),
        (make_pdf(), "no"),
    ],
)
def test_what_cannot_be_read_is_a_problem(data: bytes, found: str) -> None:
    problem = refused(data)
    assert found in problem.found
    assert extract_text(data) is None


def test_a_damaged_file_is_read_as_far_as_it_goes() -> None:
    for cut in range(300, len(FILING), 97):
        item = pdf_document(FILING[:cut], "filing.pdf")
        assert isinstance(item, (Document, Problem))


def test_a_crash_and_a_hang_cost_the_other_process_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_worker, "_CHILD", "import os, signal; os.kill(os.getpid(), 11)")
    with pytest.raises(PdfError, match="SIGSEGV"):
        read_apart(FILING)
    monkeypatch.setattr(pdf_worker, "_CHILD", "while True: pass")
    with pytest.raises(PdfError, match="did not end"):
        read_apart(FILING, seconds=0.1)


def test_the_other_process_has_limited_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    greedy = "pdf_worker.read_pdf = lambda data: bytearray(pdf_worker.MEMORY)\npdf_worker.main()"
    monkeypatch.setattr(
        pdf_worker, "_CHILD", pdf_worker._CHILD.replace("pdf_worker.main()", greedy)
    )
    with pytest.raises(PdfError, match="2 GB"):
        read_apart(FILING)


def test_modules_in_the_working_directory_are_not_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("json", "pypdfium2", "ctypes", "signal"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit(9)")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [each for each in sys.path if each])
    assert len(read_apart(FILING).pages) == 2


def test_without_pypdfium2_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "find_spec", lambda name: None)
    assert "datasette-leaks[pdf]" in refused(FILING).advice
    assert extract_text(FILING) is None


def test_attachments_have_text(monkeypatch: pytest.MonkeyPatch) -> None:
    assert extract_text(FILING) == read(FILING).text
    monkeypatch.setattr(pdf, "LARGEST_ATTACHMENT", len(FILING) - 1)
    assert extract_text(FILING) is None


def test_the_loader_reads_a_file(tmp_path: Path) -> None:
    path = tmp_path / "crane.pdf"
    path.write_bytes(FILING)
    (document,) = PdfLoader().load(path)
    assert isinstance(document, Document)
    assert (document.slug, document.file.path) == ("the-crane", str(path))
    assert document.file.media_type == "application/pdf"


def lines(*rows: tuple[str, float, float, float]) -> PdfPage:
    return PdfPage(tuple(PdfLine(*row) for row in rows), ())


def test_larger_letters_are_headings() -> None:
    page = lines(
        ("The crane", 72, 720, 24), ("What was paid", 72, 690, 16),
        *((f"Line {n} of the text", 72, 670 - 14 * n, 12.0) for n in range(9)),
    )  # fmt: skip
    assert [(b.kind, b.level) for b in lay_out([page]).blocks] == [
        ("heading", 1), ("heading", 2), ("paragraph", 0),
    ]  # fmt: skip


def test_a_title_is_no_running_head() -> None:
    pages = [
        lines(
            ("The crane", 72, 720, 10 if page else 24),
            *((f"{chr(97 + page)}{chr(97 + n)}", 72, 690 - 14 * n, 12) for n in range(9)),
        )
        for page in range(4)
    ]
    laid = lay_out(pages)
    heads = [
        laid.text[b.start : b.end] for b, r in zip(laid.blocks, laid.running, strict=True) if r
    ]
    assert heads == ["The crane"] * 3
    assert laid.blocks[0].kind == "heading"


def test_bullets_are_paragraphs() -> None:
    page = lines(
        ("• A first point that is", 72, 700, 12), ("made here", 90, 686, 12),
        ("• and a second one", 72, 672, 12), ("made there", 90, 658, 12),
    )  # fmt: skip
    laid = lay_out([page])
    assert [laid.text[b.start : b.end] for b in laid.blocks] == [
        "• A first point that is\nmade here", "• and a second one\nmade there",
    ]  # fmt: skip


def test_columns_and_hanging_indents() -> None:
    page = lines(
        ("1. A list's first", 72, 700, 12), ("line goes on", 90, 686, 12), ("left", 90, 672, 12),
        ("Another column", 320, 700, 12), ("of text", 320, 686, 12), ("beside", 400, 686, 12),
    )  # fmt: skip
    laid = lay_out([page])
    assert [laid.text[b.start : b.end] for b in laid.blocks] == [
        "1. A list's first\nline goes on\nleft",
        "Another column\nof text\nbeside",
    ]


LINE = st.builds(
    PdfLine,
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Z"]), min_size=1, max_size=9),
    st.floats(0, 600),
    st.floats(-100, 800),
    st.floats(0, 50),
)


@given(st.lists(st.lists(LINE, max_size=9), max_size=6))
def test_every_line_is_in_the_text_once_and_in_order(sheets: list[list[PdfLine]]) -> None:
    pages = [PdfPage(tuple(sheet), ()) for sheet in sheets]
    linked = [
        replace(p, links=tuple(PdfLink(n, 0, n, len(x.text), "u") for n, x in enumerate(p.lines)))
        for p in pages
    ]
    laid = lay_out(linked)
    every = [line.text for sheet in sheets for line in sheet]
    assert laid.text.split() == every
    assert [laid.text[link.start : link.end] for link in laid.links] == every
    assert [page.number for page in laid.pages] == list(range(1, len(sheets) + 1))
    for page, sheet in zip(laid.pages, sheets, strict=True):
        assert laid.text[page.start : page.end].split() == [line.text for line in sheet]
    assert len(laid.running) == len(laid.blocks)
