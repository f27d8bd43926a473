"""Threads, counts and cited mails: what comes after the last message of an archive."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from archive_world import load_lines, mails, write_lines
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlite_utils import Database
from store_world import content, load, write

from datasette_leaks.store.archive_finish import (
    finish_archives,
    missing_indexes,
    threads,
    write_threads,
)
from datasette_leaks.store.connection import open_database
from datasette_leaks.store.integrity import check
from datasette_leaks.store.load_log import begin_load, begin_progress

DOSSIER = """
dossier: quay
title: The mails
article: {id: quay-article, title: The Quay mails}
documents:
  - {id: letter, title: The first mail, kind: email, CITED}
sources:
  - {id: hb2, name: HB2, kind: coded_source}
claims:
  - id: paid
    text: The firm paid inspectors.
    assertions:
      - source: hb2
        stance: asserts
        said_in: letter
        at: {start: paid, end: inspectors, document: letter}
"""
MAIL = {
    "id": "1@x",
    "subject": "Re: quay",
    "text": "We paid three inspectors.",
    "sent": "2011-02-03T04:05:06Z",
}
CITED = {
    "its Message-ID": "message_id: 1@x",
    "its Message-ID in brackets": 'message_id: "<1@x>"',
    "a mid: URL": 'url: "mid:1%40x"',
}


@pytest.fixture
def db(tmp_path: Path) -> Database:
    return open_database(tmp_path / "leaks.db", create=True)


def rows(db: Database, sql: str) -> list[tuple[Any, ...]]:
    """All rows of a query."""
    return list(db.conn.execute(sql).fetchall())


def test_threads_are_by_message_ids_and_never_by_subject(tmp_path: Path, db: Database) -> None:
    source = write_lines(
        tmp_path / "a.lines",
        [
            {"subject": "Cranes", "text": "a", "id": "a@x", "sent": "2011-01-02T00:00:00Z"},
            {"subject": "Cranes", "text": "b", "id": "b@x"},
            {"subject": "Other", "text": "c", "id": "c@x", "reply": ["a@x"]},
            {"subject": "Lost", "text": "d", "references": ["gone@x"]},
            {"subject": "Lost", "text": "e", "references": ["gone@x", "f@x"]},
            {"subject": "Last", "text": "f", "id": "f@x", "sent": "2011-01-01T00:00:00Z"},
            {"subject": "Cranes", "text": "g"},
            {"subject": "Twin", "text": "h", "id": "b@x"},
        ],
    )
    load_lines(db, source)
    assert rows(db, "SELECT document_id, thread_id FROM emails ORDER BY 1") == [
        (1, 1), (2, 2), (3, 1), (4, 4), (5, 4), (6, 4), (7, 7), (8, 2),
    ]  # fmt: skip
    assert rows(db, "SELECT * FROM threads") == [
        (1, "Cranes", 2, "2011-01-02T00:00:00Z", "2011-01-02T00:00:00Z"),
        (2, "Cranes", 2, None, None),
        (4, "Lost", 3, "2011-01-01T00:00:00Z", "2011-01-01T00:00:00Z"),
        (7, "Cranes", 1, None, None),
    ]


def test_a_mail_that_comes_later_joins_two_threads(tmp_path: Path, db: Database) -> None:
    one = write_lines(
        tmp_path / "a.lines", [{"text": "a", "id": "a@x"}, {"text": "b", "id": "b@x"}]
    )
    two = write_lines(tmp_path / "b.lines", [{"text": "c", "references": ["b@x", "a@x"]}])
    load_lines(db, one)
    assert rows(db, "SELECT id, messages FROM threads") == [(1, 1), (2, 1)]
    load_lines(db, two)
    assert rows(db, "SELECT id, messages FROM threads") == [(1, 3)]
    assert check(db) == []


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.integers(0, 12), max_size=4), max_size=14))
def test_threads_are_the_connected_parts(references: list[list[int]]) -> None:
    db = open_database(":memory:", create=True)
    for number, ids in enumerate(references, start=1):
        db.conn.execute(
            "INSERT INTO documents (id, slug, title, kind) VALUES (:id, :id, '', 'email')",
            {"id": number},
        )
        db.conn.executemany(
            "INSERT INTO email_references VALUES (?, ?, ?)",
            [(number, position, str(id)) for position, id in enumerate(ids)],
        )
    parts = [({number}, set(ids)) for number, ids in enumerate(references, start=1)]
    joined = True
    while joined:
        joined = False
        for part in parts:
            for other in parts:
                if part is not other and part[1] & other[1]:
                    parts = [each for each in parts if each is not part and each is not other]
                    parts.append((part[0] | other[0], part[1] | other[1]))
                    joined = True
                    break
            if joined:
                break
    expected = {number: min(members) for members, _ in parts for number in members}
    found = threads(db)
    assert {number: found[number] for number in expected} == expected


def test_a_long_chain_of_answers_is_one_thread(tmp_path: Path, db: Database) -> None:
    chain = [{"text": str(n), "id": f"{n}@x", "reply": [f"{n + 1}@x"]} for n in range(2_000)]
    load_lines(db, write_lines(tmp_path / "a.lines", chain))
    assert rows(db, "SELECT DISTINCT thread_id FROM emails") == [(1,)]


def test_a_thread_that_is_recorded_wrongly_is_found_and_mended(
    tmp_path: Path, db: Database
) -> None:
    load_lines(db, write_lines(tmp_path / "a.lines", mails(9)))
    db.conn.execute("UPDATE emails SET thread_id = 1")
    assert any("thread" in problem.found for problem in check(db))
    write_threads(db)
    db.conn.commit()
    assert check(db) == []


DAMAGE = {
    "a lost copy": ("DELETE FROM copies WHERE id = 1", "are recorded"),
    "a span outside": ('UPDATE email_spans SET "end" = 999 WHERE document_id = 1', "outside"),
    "a block outside": ('UPDATE insights SET "end" = 999', "outside"),
    "a lost index": ("DROP INDEX emails_thread", "the index is missing"),
    "the search index": ("DELETE FROM documents_fts_data WHERE id > 10", "documents_fts"),
}


@pytest.mark.parametrize("kind", DAMAGE)
def test_check_finds(kind: str, tmp_path: Path, db: Database) -> None:
    load_lines(db, write_lines(tmp_path / "a.lines", mails(20)))
    sql, words = DAMAGE[kind]
    db.conn.execute(sql)
    db.conn.commit()
    assert any(words in f"{each.place} {each.found}" for each in check(db))


def test_correspondents_are_counted_by_message_and_called_as_most_often(
    tmp_path: Path, db: Database
) -> None:
    people = [
        [["from", "A. Quill", "a@x"], ["to", "Bo", "b@x"], ["cc", "Bo", "B@x"], ["to", "", ""]],
        [["from", "Ada Quill", "a@x"], ["bcc", "a@x", "b@x"], ["reply_to", "R", "r@x"]],
        [["from", "Ada Quill", "A@X"], ["to", "", "a@x"]],
        [["from", "", "c@x"], ["to", "Zed", "d@x"], ["to", "Yan", "e@x"]],
        [["from", "", "c@x"], ["to", "Abe", "d@x"]],
    ]
    source = [{"text": str(n), "addresses": each} for n, each in enumerate(people)]
    load_lines(db, write_lines(tmp_path / "a.lines", source))
    assert rows(db, "SELECT * FROM correspondents") == [
        ("a@x", "Ada Quill", 3, 1),
        ("b@x", "Bo", 0, 2),
        ("c@x", "", 2, 0),
        ("d@x", "Abe", 0, 2),
        ("e@x", "Yan", 0, 1),
    ]


def test_only_addresses_of_a_small_load_are_counted_again(tmp_path: Path, db: Database) -> None:
    load_lines(db, write_lines(tmp_path / "a.lines", mails(20)))
    db.conn.execute("UPDATE correspondents SET sent = 99")
    db.conn.execute("INSERT INTO correspondents VALUES ('y@x', '', 1, 1), ('z@x', '', 1, 1)")
    db.conn.commit()
    people = [["from", "Yan", "p0@x.example"], ["reply_to", "", "z@x"]]
    load_lines(db, write_lines(tmp_path / "b.lines", [{"text": "x", "addresses": people}]))
    assert rows(db, "SELECT address, name, sent FROM correspondents") == [
        ("p0@x.example", "Person 0", 8),
        ("p1@x.example", "Person 1", 99),
        ("p2@x.example", "Person 2", 99),
        ("y@x", "", 1),
    ]


MAILED = st.lists(
    st.tuples(
        st.sampled_from(["from", "to", "cc", "reply_to"]),
        st.sampled_from(["", "Abe", "Bo"]),
        st.sampled_from(["", "a@x", "b@x", "c@x", "d@x"]),
    ),
    max_size=4,
)
WAITING = [([[("from", "Bo", "a@x")]], False), ([[("from", "Bo", "b@x")]], True)]
LOADS = st.lists(st.tuples(st.lists(MAILED, max_size=8), st.booleans()), max_size=5)


@settings(max_examples=80, deadline=None)
@given(LOADS)
@example([([[("to", "Abe", "a@x"), ("cc", "", "b@x")]] * 8, True), *WAITING])
def test_correspondents_are_those_of_a_full_count(
    loads: list[tuple[list[list[tuple[str, str, str]]], bool]],
) -> None:
    """Loads of some mails each, of which some wait for a later one to be finished."""
    db = open_database(":memory:", create=True)
    last = 0
    for number, (messages, read) in enumerate(loads, start=1):
        begin_progress(db, begin_load(db, f"{number}.lines", "lines", "1", ""))
        for people in messages:
            last += 1
            sql = "INSERT INTO documents (id, slug, title, kind, load_id) VALUES (?, ?, '', ?, ?)"
            db.conn.execute(sql, (last, str(last), "email", number))
            sql = """
            INSERT INTO emails (document_id, subject, text_from, content_sha256, attachments)
            VALUES (?, '', 'plain', '', 0)
            """
            db.conn.execute(sql, [last])
            values = [(last, position, *person) for position, person in enumerate(people)]
            db.conn.executemany("INSERT INTO email_recipients VALUES (?, ?, ?, ?, ?)", values)
        if read:
            db.conn.execute("UPDATE load_progress SET read = 1")
        db.conn.commit()
        finish_archives(db)
        found = rows(db, "SELECT * FROM correspondents")
        if read:
            assert found == full_count(db)


def full_count(db: Database) -> list[tuple[str, str, int, int]]:
    """What the table correspondents should hold."""
    called: dict[str, Counter[str]] = {}
    totals: dict[str, list[int]] = {}
    ids = {id for (id,) in rows(db, "SELECT document_id FROM emails")}
    for id in ids:
        people = rows(
            db, f"SELECT address, name, role FROM email_recipients WHERE document_id = {id}"
        )
        for address in {person[0] for person in people} - {""}:
            own = [person for person in people if person[0] == address]
            sent = int(any(role == "from" for _, _, role in own))
            received = int(any(role in ("to", "cc", "bcc") for _, _, role in own))
            if sent or received:
                total = totals.setdefault(address, [0, 0])
                total[0] += sent
                total[1] += received
                names = called.setdefault(address, Counter())
                names[max(name for _, name, _ in own)] += sent + received
    found = []
    for address, (sent, received) in sorted(totals.items()):
        best = [(-count, name) for name, count in called[address].items() if name]
        found.append((address, min(best)[1] if best else "", sent, received))
    return found


def test_counts_are_brought_up_to_date_and_written_only_where_they_differ(
    tmp_path: Path, db: Database
) -> None:
    load_lines(db, write_lines(tmp_path / "a.lines", mails(20)))
    tables = ("threads", "correspondents", "mail_months", "folders")
    before = {table: rows(db, f"SELECT * FROM {table}") for table in tables}
    for table in ("threads", "mail_months", "folders"):
        db.conn.execute(f"UPDATE {table} SET messages = 99")
    db.conn.execute("UPDATE correspondents SET sent = 99")
    db.conn.execute("INSERT INTO mail_months VALUES ('1999-01', 1)")
    db.conn.execute("INSERT INTO threads VALUES (999, '', 1, NULL, NULL)")
    db.conn.execute("INSERT INTO correspondents VALUES ('z@x', '', 1, 1)")
    db.conn.execute("INSERT INTO load_progress VALUES (1, 0, 0, 0, 0, 0, 1)")
    db.conn.commit()
    finish_archives(db)
    assert {table: rows(db, f"SELECT * FROM {table}") for table in tables} == before
    db.conn.execute("INSERT INTO load_progress VALUES (1, 0, 0, 0, 0, 0, 1)")
    db.conn.commit()
    changes = db.conn.total_changes
    finish_archives(db)
    progress, counted = 1, 3
    assert db.conn.total_changes == changes + progress + counted


def test_indexes_are_there_at_the_end_and_those_of_full_tables_stay(
    tmp_path: Path, db: Database
) -> None:
    load_lines(db, write_lines(tmp_path / "a.lines", mails(5)))
    assert missing_indexes(db) == []
    db.conn.execute("DROP INDEX emails_thread")
    assert missing_indexes(db) == ["emails_thread"]
    finish_archives(db)
    assert missing_indexes(db) == []


@pytest.mark.parametrize("how", CITED)
def test_a_cited_mail_is_the_loaded_one_in_either_order(how: str, tmp_path: Path) -> None:
    files = write(tmp_path, quay__yaml=DOSSIER.replace("CITED", CITED[how]))
    source = write_lines(
        tmp_path / "a.lines", [{"text": "x"}, MAIL, {**MAIL, "text": "y", "reply": ["1@x"]}]
    )
    first = open_database(tmp_path / "first.db", create=True)
    load_lines(first, source)
    assert load(first, *files.values()).problems == ()
    last = open_database(tmp_path / "last.db", create=True)
    assert load(last, *files.values()).problems == ()
    load_lines(last, source)
    assert content(first) == content(last)
    for db in (first, last):
        assert check(db) == []
        sql = """
        SELECT substr(text, start + 1, "end" - start), slug, emails.subject, copies
        FROM assertions JOIN documents ON documents.id = assertions.document_id
        JOIN emails ON emails.document_id = documents.id
        """
        (found,) = rows(db, sql)
        assert found == ("paid three inspectors", "letter", "Re: quay", 1)
        assert rows(db, "SELECT count(*) FROM documents WHERE kind = 'email'") == [(3,)]
        assert rows(db, "SELECT messages FROM threads ORDER BY 1") == [(1,), (2,)]
        hits = "SELECT count(*) FROM documents_fts WHERE documents_fts MATCH 'inspectors'"
        assert rows(db, hits) == [(1,)]


def test_a_mail_cited_by_its_slug_is_that_mail_in_either_order(tmp_path: Path) -> None:
    source = write_lines(tmp_path / "a.lines", [MAIL])
    first = open_database(tmp_path / "first.db", create=True)
    load_lines(first, source)
    ((slug,),) = rows(first, "SELECT slug FROM documents")
    text = DOSSIER.replace("letter", slug).replace(", CITED", "")
    files = write(tmp_path, quay__yaml=text)
    assert load(first, *files.values()).problems == ()
    last = open_database(tmp_path / "last.db", create=True)
    load(last, *files.values())
    load_lines(last, source)
    assert content(first) == content(last)
    assert rows(last, "SELECT title FROM documents WHERE text IS NOT NULL") == [("The first mail",)]
    assert check(first) == check(last) == []


def test_a_mail_that_a_dossier_no_longer_cites_says_of_itself_what_it_did(tmp_path: Path) -> None:
    db = open_database(tmp_path / "a.db", create=True)
    load_lines(db, write_lines(tmp_path / "a.lines", [MAIL]))
    before = rows(db, "SELECT title, kind, author, published FROM documents")
    files = write(tmp_path, quay__yaml=DOSSIER.replace("CITED", CITED["its Message-ID"]))
    load(db, *files.values())
    assert rows(db, "SELECT title FROM documents WHERE slug = 'letter'") == [("The first mail",)]
    files["quay__yaml"].write_text("dossier: quay\ntitle: Nothing\n")
    assert load(db, *files.values()).problems == ()
    assert rows(db, "SELECT title, kind, author, published FROM documents") == before
    assert check(db) == []


def test_words_that_a_cited_mail_does_not_have_are_told_when_it_comes(tmp_path: Path) -> None:
    text = DOSSIER.replace("CITED", CITED["its Message-ID"]).replace("start: paid", "start: bribed")
    db = open_database(tmp_path / "a.db", create=True)
    files = write(tmp_path, quay__yaml=text)
    assert load(db, *files.values()).problems == ()
    source = write_lines(tmp_path / "a.lines", [MAIL])
    (report,) = load_lines(db, source)
    (problem,) = report.problems
    assert problem.path == "quay.yaml"
    assert problem.place.startswith("line ")
    # It is the dossier's: the archive is as it was, and who looks at the dossier is told again.
    (again,) = load_lines(db, source)
    assert (again.unchanged, again.problems, again.problem_count) == (True, (), 0)
    assert len(load(db, *files.values()).problems) == 1
    assert any("has no place in letter" in problem.found for problem in check(db))
    files["quay__yaml"].write_text(text.replace("start: bribed", "start: paid"))
    assert load(db, *files.values()).problems == ()
    assert check(db) == []


def test_of_several_mails_with_one_message_id_the_first_is_meant(tmp_path: Path) -> None:
    db = open_database(tmp_path / "a.db", create=True)
    load(db, *write(tmp_path, q__yaml=DOSSIER.replace("CITED", CITED["its Message-ID"])).values())
    load_lines(
        db, write_lines(tmp_path / "a.lines", [MAIL, {**MAIL, "text": "We paid no inspectors"}])
    )
    assert rows(db, "SELECT text FROM documents WHERE slug = 'letter'") == [(MAIL["text"],)]
