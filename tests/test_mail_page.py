"""The page of an e-mail, and its attachments as files to keep."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from email.message import EmailMessage
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest
from datasette_fixtures import started
from hypothesis import given
from hypothesis import strategies as st
from mail_world import (
    BLOCK,
    MESSAGES,
    PDF,
    insert,
    make_mail_database,
    message,
    reading,
    scanned,
    tables_read,
)

from datasette_leaks.loaders.mail_records import MARKS
from datasette_leaks.site import vocabulary
from datasette_leaks.site.article import article_page
from datasette_leaks.site.download import disposition, file_name
from datasette_leaks.site.mail import INSIGHT_VALUES, MailPage, mail_page
from datasette_leaks.site.routes import ALSO, TABLES

SLUGS = [f"mail-{item.sha256[:16]}" for _, item in MESSAGES]
INNER = f"mail-{MESSAGES[3][1].inner[0].sha256[:16]}"


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_mail_database(tmp_path_factory.mktemp("mail") / "mails.db")


@pytest.fixture
def conn(database: Path) -> Iterator[sqlite3.Connection]:
    with reading(database) as opened:
        yield opened


def page_of(conn: sqlite3.Connection, slug: str) -> MailPage:
    page = mail_page(conn, slug)
    assert page is not None
    return page


def test_headers_are_as_the_message_has_them(conn: sqlite3.Connection) -> None:
    page = page_of(conn, SLUGS[2])
    assert (page.subject, page.sent, page.date_header, page.message_id, page.folder) == (
        "Re: Inspection",
        "2011-04-04T10:00:00Z",
        "as it was written",
        "3@q.example",
        "Sent/2011",
    )
    assert [tuple(one) for one in page.addresses] == [
        ("from", "Cy", "cy@q.example"),
        ("to", "", "all@q.example"),
    ]
    assert page.marks == ["charset_guessed", "date_unreadable"]


def test_a_message_without_anything_has_a_page(conn: sqlite3.Connection) -> None:
    page = page_of(conn, SLUGS[6])
    assert (page.heading, page.sent, page.message_id, page.thread, page.rows) == (
        "(no subject)",
        None,
        None,
        None,
        [],
    )


def test_copies_and_what_is_the_same(conn: sqlite3.Connection) -> None:
    page = page_of(conn, SLUGS[0])
    assert [(copy.file, copy.folder, copy.part) for copy in page.copies] == [
        ("mail.mbox", "Inbox", "")
    ]
    assert [other.slug for other in page.same_id] == [SLUGS[5]]
    assert page.same_content == []  # it has the same Message-ID already
    assert page.copies_total == 1


def test_its_place_in_the_thread(conn: sqlite3.Connection) -> None:
    place = page_of(conn, SLUGS[1]).thread
    assert place is not None
    assert place.previous is not None
    assert place.next is not None
    assert (place.slug, place.position, place.messages) == (SLUGS[0], 2, 5)
    assert (place.previous.slug, place.next.slug) == (SLUGS[0], SLUGS[2])


def test_a_thread_too_large_to_order_is_only_named(
    conn: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("datasette_leaks.site.thread.TREE", 3)
    place = page_of(conn, SLUGS[1]).thread
    assert place is not None
    assert (place.position, place.previous, place.next) == (None, None, None)


def test_messages_inside_it_and_around_it(conn: sqlite3.Connection) -> None:
    outer = page_of(conn, SLUGS[3])
    assert [(inner.part, inner.message.slug) for inner in outer.inner] == [("forward:1", INNER)]
    [fold] = [fold for row in outer.rows for segment in row.segments for fold in segment.folds]
    assert (fold.kind, fold.number) == ("forwarded", 1)
    inner = page_of(conn, INNER)
    assert inner.container is not None
    assert inner.container.slug == SLUGS[3]
    assert inner.copies[0].part == "forward:1"


def test_only_what_is_directly_inside_is_listed(tmp_path: Path) -> None:
    def inside(part: str) -> object:
        return message(1, part, part, part=part)

    parts = ["2", "2.1", "21", "forward:1", "forward:1/forward:1", "forward:12"]
    outer = message(2, "outer", "x", inner=tuple(inside(part) for part in parts))
    path = make_mail_database(tmp_path / "mails.db", [("", outer)])
    with reading(path) as conn:
        page = page_of(conn, f"mail-{outer.sha256[:16]}")
        assert [inner.part for inner in page.inner] == ["2", "21", "forward:1", "forward:12"]
        slug = page.inner[0].message.slug
        assert [inner.part for inner in page_of(conn, slug).inner] == ["2.1"]


def test_a_claim_is_marked_where_it_rests(conn: sqlite3.Connection) -> None:
    page = page_of(conn, SLUGS[2])
    assert page.statuses == {"single_source": 1}
    [row] = [row for row in page.rows if row.notes]
    marked = [piece for segment in row.segments for piece in segment.pieces if piece.claims]
    assert [piece.text for piece in marked] == ["told to say nothing"]
    first = page_of(conn, SLUGS[0])
    assert [note.claim_id for note in first.unplaced] == ["paid"]


def test_an_insight_block_stands_beside_its_text(conn: sqlite3.Connection) -> None:
    page = page_of(conn, SLUGS[4])
    [block] = page.insights
    assert block.values == {
        "code": "HB2",
        "attribution": "Source in the harbour",
        "reliability": "B",
        "credibility": "2",
    }
    [row] = [row for row in page.rows if row.insights == [0]]
    words = "".join(piece.text for segment in row.segments for piece in segment.pieces)
    assert words.strip() == BLOCK


def test_attachments_say_who_else_holds_them(conn: sqlite3.Connection) -> None:
    page = page_of(conn, SLUGS[4])
    inline, pdf = page.attachments
    assert (inline.part, inline.name, inline.inline, inline.holders_total) == ("1.3", None, True, 0)
    assert (pdf.part, pdf.name, pdf.size) == ("2", PDF.name, len(PDF.data))
    assert [other.slug for other in pdf.holders] == [SLUGS[6]]
    assert pdf.text is not None
    text = article_page(conn, pdf.text, ALSO["article"])
    assert text is not None
    assert {holder.message.slug for holder in text.held_by} == {SLUGS[4], SLUGS[6]}
    assert text.blocks[0].items[0][0].text == "Paid 3"


def test_every_mark_and_value_has_words() -> None:
    assert set(vocabulary.MARKS) == set(MARKS)
    assert list(vocabulary.INSIGHT_VALUES) == list(INSIGHT_VALUES)


def test_no_large_table_is_read_whole(conn: sqlite3.Connection) -> None:
    for slug in SLUGS:
        assert scanned(conn, partial(mail_page, conn, slug)) == []


def test_the_tables_of_the_page_are_those_it_reads(conn: sqlite3.Connection) -> None:
    read = set()
    for slug in (*SLUGS, INNER):
        read |= tables_read(conn, partial(mail_page, conn, slug))
    assert read == set(TABLES["mail"])


def test_a_long_text_is_shown_in_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("datasette_leaks.site.mail.TEXT_SHOWN", 50)
    with reading(make_mail_database(tmp_path / "mails.db")) as conn:
        page = page_of(conn, SLUGS[2])
    assert (page.length, page.shown) == (len(MESSAGES[2][1].text), 50)
    drawn = [
        piece.text for row in page.rows for segment in row.segments for piece in segment.pieces
    ]
    assert "".join(drawn) == MESSAGES[2][1].text[:50]


def test_pages_of_a_document_stand_where_they_begin(tmp_path: Path) -> None:
    path = make_mail_database(tmp_path / "mails.db")
    text = "First page, one.\n\nOne that goes\nover to page two.\n\nPage four, after an empty one."
    borders = [0, text.index("over"), text.index("Page four"), text.index("Page four"), len(text)]
    with sqlite3.connect(path) as conn:
        document = insert(
            conn, "documents", slug="filing", title="Filing", kind="court_filing", text=text
        )
        for number, (start, end) in enumerate(pairwise(borders), start=1):
            insert(
                conn, "document_pages", document_id=document, number=number, start=start, end=end
            )
    with reading(path) as conn:
        page = article_page(conn, "filing", ALSO["article"])
    assert page is not None
    assert page.pages == 4
    assert [(block.pages, block.items[0][0].text) for block in page.blocks] == [
        ([1], "First page, one."),
        ([], "One that goes\n"),
        ([2], "over to page two."),
        ([3, 4], "Page four, after an empty one."),
    ]


@pytest.mark.asyncio
async def test_pages_answer_as_html_and_json(database: Path) -> None:
    datasette = await started(database)
    for slug in SLUGS:
        html = await datasette.client.get(f"/mails/-/leaks/mail/{slug}")
        assert html.status_code == 200
        assert vocabulary.DISCLAIMER in html.text
        data = (await datasette.client.get(f"/mails/-/leaks/mail/{slug}.json")).json()
        assert (data["page"], data["slug"]) == ("mail", slug)
    html = (await datasette.client.get(f"/mails/-/leaks/mail/{SLUGS[2]}")).text
    assert "the character set was guessed" in html
    assert html.count("<details") == html.count("</details>") == 2
    assert '<a href="http' not in html[: html.index("</main>")]


@pytest.mark.asyncio
async def test_the_reading_view_of_an_e_mail_is_its_page(database: Path) -> None:
    datasette = await started(database)
    for end in ("", ".json"):
        response = await datasette.client.get(f"/mails/-/leaks/articles/{SLUGS[0]}{end}")
        assert response.status_code == 302
        assert response.headers["location"] == f"/mails/-/leaks/mail/{SLUGS[0]}{end}"
    assert (await datasette.client.get("/mails/-/leaks/articles/letter")).status_code == 200
    hidden = {"databases": {"mails": {"tables": {"emails": {"allow": False}}}}}
    datasette = await started(database, metadata=hidden)
    response = await datasette.client.get(f"/mails/-/leaks/articles/{SLUGS[0]}")
    assert response.status_code == 200  # as plain text, for who may view documents


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "path",
    [
        "mail/nobody",
        "mail/letter",
        f"mail/{SLUGS[4]}/attachments/9",
        "mail/nobody/attachments/2",
        f"threads/{SLUGS[1]}",
        f"threads/{SLUGS[0]}?after=nobody",
    ],
)
async def test_what_is_not_there_is_404(database: Path, path: str) -> None:
    datasette = await started(database)
    assert (await datasette.client.get(f"/mails/-/leaks/{path}")).status_code == 404


@pytest.mark.asyncio
@pytest.mark.parametrize("kind", ["mail", "attachment", "thread", "archive"])
async def test_who_may_not_view_a_table_may_not_view_the_pages(database: Path, kind: str) -> None:
    paths = {
        "mail": f"mail/{SLUGS[4]}",
        "attachment": f"mail/{SLUGS[4]}/attachments/2",
        "thread": f"threads/{SLUGS[0]}",
        "archive": "archive",
    }
    for table in TABLES[kind]:
        metadata = {"databases": {"mails": {"tables": {table: {"allow": False}}}}}
        datasette = await started(database, metadata=metadata)
        assert (await datasette.client.get(f"/mails/-/leaks/{paths[kind]}")).status_code == 403


@pytest.mark.asyncio
async def test_an_attachment_is_a_file_that_never_runs(database: Path) -> None:
    datasette = await started(database)
    for part, data, name in [("1~2E3", b"<b>x</b>", "attachment-1.3"), ("2", PDF.data, PDF.name)]:
        path = f"/mails/-/leaks/mail/{SLUGS[4]}/attachments/{part}"
        response = await datasette.client.get(path)
        assert response.content == data
        assert response.headers["content-type"] == "application/octet-stream"
        assert response.headers["content-length"] == str(len(data))
        assert response.headers["x-content-type-options"] == "nosniff"
        assert "sandbox" in response.headers["content-security-policy"]
        assert response.headers["cross-origin-resource-policy"] == "same-origin"
        assert response.headers["content-disposition"].startswith(f'attachment; filename="{name}"')
        head = await datasette.client.request("HEAD", path)
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["content-length"] == str(len(data))
        again = await datasette.client.get(
            path, headers={"if-none-match": response.headers["etag"]}
        )
        assert (again.status_code, again.content) == (304, b"")
        post = await datasette.client.request("POST", path)
        assert post.status_code in (403, 405)


@pytest.mark.asyncio
async def test_cors_opens_no_attachment(database: Path) -> None:
    datasette = await started(database, cors=True)
    response = await datasette.client.get(f"/mails/-/leaks/mail/{SLUGS[4]}/attachments/2")
    assert "access-control-allow-origin" not in response.headers
    assert response.headers["cross-origin-resource-policy"] == "same-origin"


@pytest.mark.parametrize(
    ("declared", "safe"),
    [
        ("list of payments.pdf", "list of payments.pdf"),
        (None, "attachment-2"),
        ("", "attachment-2"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\x\\run.exe", "run.exe"),
        ("..", "attachment-2"),
        (".bashrc", "bashrc"),
        ("con.txt", "_con.txt"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie x.pdf"),
        ("\u202egpj.exe", "gpj.exe"),
        ("Zahlungen für März.pdf", "Zahlungen für März.pdf"),
        ("x" * 500 + ".pdf", "x" * 116 + ".pdf"),
    ],
)
def test_file_names_are_safe_to_save_under(declared: str | None, safe: str) -> None:
    assert file_name(declared, "2") == safe


@given(st.text(max_size=300))
def test_any_name_gives_a_header_that_reads_back_as_one_file(declared: str) -> None:
    name = file_name(declared, "1.2")
    header = disposition(name)
    assert re.fullmatch(r"[ -~]+", header)
    assert 0 < len(name) <= 121
    assert not set(name) & set('/\\<>:"|?*\0')
    mail = EmailMessage()
    mail["Content-Disposition"] = header.partition("; filename*")[0]
    assert mail.get_content_disposition() == "attachment"
    assert mail.get_filename()


def test_a_name_beyond_ascii_is_given_twice() -> None:
    assert disposition("ü.pdf") == "attachment; filename=\"u_.pdf\"; filename*=UTF-8''%C3%BC.pdf"
