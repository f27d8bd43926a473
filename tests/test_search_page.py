"""Search over all documents: what is found, how a query is read, and how long it may take."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest
from datasette_fixtures import started
from hypothesis import given
from hypothesis import strategies as st
from mail_world import MESSAGES, make_mail_database, message, reading, scanned, tables_read

from datasette_leaks.site.routes import ALSO, TABLES
from datasette_leaks.site.search import CLOSE, COUNTED, HITS, OPEN, search_page, words_of


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_mail_database(tmp_path_factory.mktemp("search") / "mails.db")


@pytest.fixture
def conn(database: Path) -> Iterator[sqlite3.Connection]:
    with reading(database) as opened:
        yield opened


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """More than are counted."""
    mails = [
        ("", message(number, f"Quay {number}", "crane " * (number % 5 + 1)))
        for number in range(COUNTED + 50)
    ]
    return make_mail_database(tmp_path_factory.mktemp("many") / "mails.db", mails)


def test_hits_show_the_words_in_their_place(conn: sqlite3.Connection) -> None:
    page = search_page(conn, "inspectors")
    assert (page.total, page.more, page.ranked, page.plain) == (3, False, True, False)
    for hit in page.hits:
        assert [words.text for words in hit.snippet if words.hit] == ["inspectors"]
    assert page.hits[0].mail
    assert page.hits[0].slug == f"mail-{MESSAGES[0][1].sha256[:16]}"
    assert (page.hits[0].sender, page.hits[0].date) == ("Ada Quill", "2011-02-02T10:00:00Z")


def test_titles_are_searched_too(conn: sqlite3.Connection) -> None:
    page = search_page(conn, "payments")
    assert [hit.kind for hit in page.hits] == ["attachment"]
    assert [words.text for words in page.hits[0].title if words.hit] == ["payments"]
    assert not page.hits[0].mail


@pytest.mark.parametrize("kind", ["email", "attachment", "court_filing"])
def test_a_kind_narrows_it(conn: sqlite3.Connection, kind: str) -> None:
    page = search_page(conn, "paid OR payments OR cranes", kind)
    assert {hit.kind for hit in page.hits} <= {kind}
    everything = search_page(conn, "paid OR payments OR cranes")
    assert page.total == sum(hit.kind == kind for hit in everything.hits)
    assert search_page(conn, "cranes", "nonsense") == search_page(conn, "cranes")


@pytest.mark.parametrize(
    ("query", "found", "plain"),
    [
        ("three inspectors", 3, False),
        ('"inspectors three"', 0, False),
        ("inspect*", 4, False),
        ("title:inspection", 4, False),
        ("inspectors NOT monday", 2, False),
        ('"three inspectors', 3, True),  # a quotation mark too few
        ("hb2: harbour (", 1, True),
        ("say-nothing", 1, True),
        ("nowhere:inspectors", 0, True),
        ("AND", 0, True),
        ("*", 0, True),
        ("", 0, False),
        ("  ", 0, False),
        ("\0", 0, False),
    ],
)
def test_what_is_no_query_is_searched_as_words(
    conn: sqlite3.Connection, query: str, found: int, plain: bool
) -> None:
    page = search_page(conn, query)
    assert (page.total, page.plain) == (found, plain)


@given(query=st.text(max_size=40) | st.text(alphabet='"*^():{}+-,ab NEAROT', max_size=40))
def test_no_query_is_an_error(query: str, database: Path) -> None:
    with reading(database) as conn:
        assert not search_page(conn, query).stopped


def test_a_long_query_is_cut(conn: sqlite3.Connection) -> None:
    assert len(search_page(conn, "inspectors " * 1000).query) <= 500


def test_pages_hold_each_hit_once_and_the_count_stops(many: Path) -> None:
    with reading(many) as conn:
        first = search_page(conn, "crane")
        assert (first.total, first.more, first.pages) == (COUNTED, True, COUNTED // HITS)
        pages = [search_page(conn, "crane", page=number) for number in (1, 2, first.pages)]
        slugs = [hit.slug for page in pages for hit in page.hits]
        assert len(set(slugs)) == 3 * HITS
        beyond = search_page(conn, "crane", page=10**6)
        assert (beyond.page, beyond.hits) == (first.pages, pages[-1].hits)


@pytest.mark.parametrize(
    ("slow", "ranked", "stopped"),
    [((), True, False), ((2,), False, False), ((1,), False, True), ((2, 3), False, True)],
)
def test_what_takes_too_long_is_shown_unranked_or_told(
    many: Path, monkeypatch: pytest.MonkeyPatch, slow: tuple[int, ...], ranked: bool, stopped: bool
) -> None:
    steps = count(1)

    @contextmanager
    def limited(connection: sqlite3.Connection, milliseconds: int) -> Iterator[None]:
        late = next(steps) in slow
        connection.set_progress_handler((lambda: 1) if late else None, 1)
        yield
        connection.set_progress_handler(None, 1)

    monkeypatch.setattr("datasette_leaks.site.search.sqlite_timelimit", limited)
    with reading(many) as conn:
        page = search_page(conn, "crane")
        conn.set_progress_handler(None, 1)
    assert (page.stopped, len(page.hits)) == (stopped, 0 if stopped else HITS)
    assert page.ranked == ranked


@pytest.mark.parametrize("kind", [None, "email"])
def test_no_large_table_is_read_whole(conn: sqlite3.Connection, kind: str | None) -> None:
    assert scanned(conn, lambda: search_page(conn, "inspectors", kind)) == []


def test_the_tables_of_the_page_are_those_it_reads(conn: sqlite3.Connection) -> None:
    read = tables_read(conn, lambda: search_page(conn, "inspectors", "email"))
    assert read == {*TABLES["search"], *ALSO["search"]}
    assert "emails" not in tables_read(conn, lambda: search_page(conn, "paid", emails=False))


@given(st.text(alphabet=f"ab {OPEN}{CLOSE}"))
def test_stray_marks_in_a_text_are_no_hits_without_an_end(text: str) -> None:
    words = words_of(text)
    joined = "".join(run.text for run in words)
    assert joined == text.replace(OPEN, "").replace(CLOSE, "")
    assert all(f"{OPEN}{run.text}{CLOSE}" in text for run in words if run.hit)


@pytest.mark.asyncio
async def test_the_page_answers(database: Path) -> None:
    datasette = await started(database)
    html = (await datasette.client.get("/mails/-/leaks/search?q=inspectors")).text
    assert "<mark>inspectors</mark>" in html
    assert f'href="/mails/-/leaks/mail/mail-{MESSAGES[0][1].sha256[:16]}"' in html
    assert "/mails/-/leaks/search.json?q=inspectors" in html
    data = (await datasette.client.get("/mails/-/leaks/search.json?q=inspectors&kind=email")).json()
    assert data["total"] == 3
    nothing = (await datasette.client.get("/mails/-/leaks/search?q=<script>nothing")).text
    assert "Nothing was found" in nothing
    assert "<script>" not in nothing
    odd = await datasette.client.get("/mails/-/leaks/search?q=crane&page=²&kind=%00")
    assert odd.status_code == 200


@pytest.mark.asyncio
async def test_who_may_not_view_the_mails_searches_what_else_there_is(database: Path) -> None:
    hidden = {"databases": {"mails": {"tables": {"emails": {"allow": False}}}}}
    datasette = await started(database, metadata=hidden)
    response = await datasette.client.get("/mails/-/leaks/search.json?q=inspectors")
    assert [hit["mail"] for hit in response.json()["hits"]] == [False] * 3
    shut = {"databases": {"mails": {"tables": {"documents": {"allow": False}}}}}
    datasette = await started(database, metadata=shut)
    assert (await datasette.client.get("/mails/-/leaks/search?q=a")).status_code == 403
