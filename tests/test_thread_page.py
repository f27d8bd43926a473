"""A thread: who answers whom, whatever the headers say."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mail_world import MESSAGES, make_mail_database, message, reading, scanned, tables_read

from datasette_leaks.site.routes import TABLES
from datasette_leaks.site.thread import Entry, ThreadPage, answers, thread_page

FIRST = f"mail-{MESSAGES[0][1].sha256[:16]}"


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_mail_database(tmp_path_factory.mktemp("thread") / "mails.db")


def page_of(database: Path, after: str | None = None, slug: str = FIRST) -> ThreadPage:
    with reading(database) as conn:
        page = thread_page(conn, slug, after)
    assert page is not None
    return page


def all_pages(database: Path) -> Iterator[ThreadPage]:
    page = page_of(database)
    yield page
    while page.after:
        page = page_of(database, page.after)
        yield page


NAMES = st.sampled_from("abcdefgh")


@given(st.lists(st.tuples(st.none() | NAMES, st.lists(NAMES, max_size=4)), max_size=9))
def test_every_message_stands_once_whatever_they_refer_to(
    drawn: list[tuple[str | None, list[str]]],
) -> None:
    messages = [(number, name) for number, (name, _) in enumerate(drawn)]
    order = answers(messages, {number: named for number, (_, named) in enumerate(drawn)})
    assert sorted(entry.document for entry in order) == list(range(len(drawn)))
    depths = [entry.depth for entry in order]
    assert depths[:1] in ([], [0])
    assert all(later <= earlier + 1 for earlier, later in pairwise(depths))


def test_an_answer_stands_below_what_it_answers() -> None:
    messages = [(1, "a"), (2, "b"), (3, "c"), (4, "d")]
    references = {2: ["a"], 3: ["a", "b"], 4: ["a", "missing"]}
    assert answers(messages, references) == [Entry(1, 0), Entry(2, 1), Entry(3, 2), Entry(4, 1)]


def test_in_reply_to_first_or_references_first_is_the_same() -> None:
    messages = [(1, "a"), (2, "b"), (3, "c")]
    for named in (["a", "b"], ["b", "a"]):
        assert answers(messages, {2: ["a"], 3: named})[2] == Entry(3, 2)


def test_a_circle_begins_with_its_earliest_message() -> None:
    order = answers([(1, "a"), (2, "b"), (3, "c")], {1: ["c"], 2: ["a"], 3: ["b"]})
    assert order == [Entry(1, 0), Entry(2, 1), Entry(3, 2)]


def test_a_thousand_answers_deep() -> None:
    messages = [(number, str(number)) for number in range(5000)]
    order = answers(messages, {number: [str(number - 1)] for number in range(1, 5000)})
    assert order[-1] == Entry(4999, 4999)


def test_the_page_shows_what_each_wrote_himself(database: Path) -> None:
    page = page_of(database)
    assert (page.messages, page.tree, page.first, page.after) == (5, True, 1, None)
    assert [(line.sender, line.depth, line.claims) for line in page.lines] == [
        ("Ada Quill", 0, 1),
        ("Bo", 1, 0),
        ("Cy", 2, 1),
        ("Ada Quill", 1, 0),
        ("Ada Quill", 0, 0),
    ]
    assert page.lines[2].words == "I was told to say nothing. Cy"
    assert page.lines[3].words == "See below."


def test_insights_and_attachments_are_told(database: Path) -> None:
    page = page_of(database, slug=f"mail-{MESSAGES[4][1].sha256[:16]}")
    assert [(line.insights, line.attachments) for line in page.lines] == [(1, 2)]


@pytest.mark.parametrize("tree", [2000, 1])
def test_pages_of_a_thread_hold_every_message_once(
    database: Path, monkeypatch: pytest.MonkeyPatch, tree: int
) -> None:
    monkeypatch.setattr("datasette_leaks.site.thread.SHOWN", 2)
    monkeypatch.setattr("datasette_leaks.site.thread.TREE", tree)
    pages = list(all_pages(database))
    assert [len(page.lines) for page in pages] == [2, 2, 1]
    assert {page.tree for page in pages} == {tree > 1}
    slugs = [line.slug for page in pages for line in page.lines]
    assert len(set(slugs)) == 5


def test_undated_messages_of_a_large_thread_come_first_and_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("datasette_leaks.site.thread.SHOWN", 2)
    monkeypatch.setattr("datasette_leaks.site.thread.TREE", 1)
    mails = [message(1, "Inspection", MESSAGES[0][1].text)]
    mails += [
        message(number, f"Re {number}", "x", references=("1@q.example",), sent=sent)
        for number, sent in [(2, None), (3, None), (4, None), (5, "2010-01-01T00:00:00Z")]
    ]
    path = make_mail_database(tmp_path / "mails.db", [("", mail) for mail in mails])
    slug = f"mail-{mails[0].sha256[:16]}"
    page, sent = page_of(path, slug=slug), []
    while True:
        sent += [line.sent for line in page.lines]
        if page.after is None:
            break
        page = page_of(path, page.after, slug)
    assert len(sent) == page.messages == 5
    assert sent == sorted(sent, key=lambda date: date or "")


def test_no_thread_begins_with_another_message(database: Path) -> None:
    with reading(database) as conn:
        assert thread_page(conn, f"mail-{MESSAGES[1][1].sha256[:16]}") is None
        assert thread_page(conn, "nobody") is None
        assert thread_page(conn, FIRST, after="nobody") is None
        assert thread_page(conn, FIRST, after=f"mail-{MESSAGES[4][1].sha256[:16]}") is None


@pytest.mark.parametrize("tree", [2000, 1])
def test_no_large_table_is_read_whole(
    database: Path, monkeypatch: pytest.MonkeyPatch, tree: int
) -> None:
    monkeypatch.setattr("datasette_leaks.site.thread.SHOWN", 2)
    monkeypatch.setattr("datasette_leaks.site.thread.TREE", tree)
    after = page_of(database).after
    with reading(database) as conn:
        assert scanned(conn, lambda: thread_page(conn, FIRST, after)) == []


def test_the_tables_of_the_page_are_those_it_reads(database: Path) -> None:
    with reading(database) as conn:
        assert tables_read(conn, lambda: thread_page(conn, FIRST, None)) == set(TABLES["thread"])
