"""Archives of mail: every message is counted, every copy has its place, nothing is loaded twice."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from archive_world import LineMail, Told, load_lines, mails, state, write_lines
from click.testing import CliRunner
from sqlite_utils import Database

from datasette_leaks.cli import leaks
from datasette_leaks.loaders.mail_records import RawMessage
from datasette_leaks.loaders.records import Problem
from datasette_leaks.store import archive_reading, archives
from datasette_leaks.store.connection import BusyError, StoreError, open_database
from datasette_leaks.store.integrity import check


@pytest.fixture
def db(tmp_path: Path) -> Database:
    return open_database(tmp_path / "leaks.db", create=True)


def rows(db: Database, sql: str) -> list[tuple[Any, ...]]:
    """All rows of a query."""
    return list(db.conn.execute(sql).fetchall())


def test_every_message_is_loaded_a_duplicate_or_refused(tmp_path: Path, db: Database) -> None:
    source = write_lines(tmp_path / "a.lines", mails(40))
    (report,) = load_lines(db, source)
    lines = source.read_text().splitlines()
    inside = sum(len(json.loads(line).get("inner", ())) for line in lines if line != "broken")
    assert report.items == len(lines) + inside
    assert (report.refused, len(report.problems)) == (4, 4)
    assert report.loaded == rows(db, "SELECT count(*) FROM emails")[0][0]
    assert report.duplicates == rows(db, "SELECT count(*) FROM copies")[0][0] - report.loaded
    sql = "SELECT items, loaded, duplicates, refused, problems FROM loads"
    assert rows(db, sql) == [(report.items, report.loaded, report.duplicates, 4, 4)]
    assert check(db) == []


def test_a_second_run_writes_nothing(tmp_path: Path, db: Database) -> None:
    source = write_lines(tmp_path / "a.lines", mails(20))
    (first,) = load_lines(db, source)
    before = db.conn.total_changes
    (again,) = load_lines(db, source)
    assert db.conn.total_changes == before
    assert again == replace(first, unchanged=True, load=None)
    assert again.items == first.items > first.loaded


def test_a_message_goes_into_all_its_tables(tmp_path: Path, db: Database) -> None:
    sent = "2011-02-03T04:05:06Z"
    mail = {
        "id": "1@x", "subject": "Cranes", "text": "MX1 wrote\n> six", "sent": sent,
        "addresses": [["from", "Ada", "A@x"]], "references": ["0@x"], "folder": "Inbox",
        "attachments": [["a.txt", "The ledger"]], "marks": ["charset_guessed"],
    }  # fmt: skip
    source = write_lines(tmp_path / "a.lines", [mail])
    load_lines(db, source)
    size = source.stat().st_size
    columns = "slug, title, kind, author, published, text, path, media_type, size"
    document, attached = rows(db, f"SELECT {columns} FROM documents ORDER BY id")
    assert re.fullmatch("mail-[0-9a-f]{16}", document[0])
    assert document[1:] == (
        "Cranes", "email", "Ada", sent, mail["text"], None, "message/rfc822", size,
    )  # fmt: skip
    assert re.fullmatch("attachment-[0-9a-f]{16}", attached[0])
    assert attached[1:] == (
        "a.txt", "attachment", None, None, "The ledger", None, "text/plain", 10,
    )  # fmt: skip
    assert rows(db, "SELECT * FROM email_recipients") == [(1, 0, "from", "Ada", "a@x")]
    assert rows(db, "SELECT * FROM email_references ORDER BY 2") == [(1, 0, "1@x"), (1, 1, "0@x")]
    assert rows(db, "SELECT * FROM email_spans") == [(1, 0, "quoted", 1, 10, 15)]
    assert rows(db, "SELECT document_id, key, sent FROM insights") == [
        (1, "MX1", "2011-02-03T04:05:06Z")
    ]
    assert rows(db, "SELECT document_id, part, name, size, stored_id FROM attachments") == [
        (1, "2.0", "a.txt", 10, 1)
    ]
    assert rows(db, "SELECT size, data, document_id FROM attachment_contents") == [
        (10, b"The ledger", 2)
    ]
    assert rows(db, "SELECT document_id, file_id, member, offset, length, part FROM copies") == [
        (1, 1, "", 0, size, "")
    ]
    assert rows(db, "SELECT path, load_id FROM archive_files") == [("a.lines", 1)]
    assert rows(db, "SELECT thread_id, copies, marks, attachments FROM emails") == [
        (1, 1, "charset_guessed", 1)
    ]
    for word in ("cranes", "ledger"):
        sql = f"SELECT count(*) FROM documents_fts WHERE documents_fts MATCH '{word}'"
        assert rows(db, sql) == [(1,)]


def test_equal_bytes_are_one_document_with_all_its_places(tmp_path: Path, db: Database) -> None:
    mail = {"text": "Six cranes", "attachments": [["a.txt", "ledger"]]}
    other = {"text": "Seven cranes", "attachments": [["b.txt", "ledger"]]}
    one = write_lines(tmp_path / "a.lines", [mail, other, mail])
    two = write_lines(tmp_path / "b.lines", [mail])
    first, second = load_lines(db, one, two)
    assert (first.loaded, first.duplicates) == (2, 1)
    assert (second.loaded, second.duplicates) == (0, 1)
    assert rows(db, "SELECT document_id, copies FROM emails") == [(1, 3), (3, 1)]
    assert rows(db, "SELECT document_id, file_id FROM copies ORDER BY id") == [
        (1, 1), (3, 1), (1, 1), (1, 2),
    ]  # fmt: skip
    assert rows(db, "SELECT count(*) FROM attachment_contents") == [(1,)]
    assert check(db) == []


def test_messages_inside_have_the_outer_one_as_parent(tmp_path: Path, db: Database) -> None:
    inner = {"text": "in", "inner": [{"text": "deep"}]}
    source = write_lines(tmp_path / "a.lines", [{"text": "out", "inner": [inner]}])
    (report,) = load_lines(db, source)
    assert report.items == report.loaded == 3
    assert rows(db, "SELECT document_id, parent_id FROM emails") == [(1, None), (2, 1), (3, 2)]
    assert rows(db, "SELECT document_id, part FROM copies ORDER BY id") == [
        (1, ""), (2, "3.0"), (3, "3.0.0"),
    ]  # fmt: skip


def test_an_archive_that_has_grown_gives_what_is_new(tmp_path: Path, db: Database) -> None:
    source = write_lines(tmp_path / "a.lines", mails(10))
    (first,) = load_lines(db, source)
    documents = rows(db, "SELECT id, slug FROM documents ORDER BY id")
    write_lines(source, [*mails(10), {"text": "one more"}])
    (second,) = load_lines(db, source)
    assert (second.loaded, second.duplicates) == (1, first.loaded + first.duplicates)
    assert rows(db, "SELECT id, slug FROM documents ORDER BY id")[:-1] == documents
    assert rows(db, "SELECT count(*) FROM copies") == [(first.loaded + first.duplicates + 1,)]
    assert check(db) == []


def test_messages_that_have_moved_in_their_archive_are_where_they_are_now(
    tmp_path: Path, db: Database
) -> None:
    a, b, c = ({"text": f"mail {name}"} for name in "abc")
    source = write_lines(tmp_path / "x.lines", [a, b, c])
    load_lines(db, source)
    write_lines(source, [b, a, c])
    load_lines(db, source)
    places = dict(rows(db, "SELECT document_id, offset FROM copies"))
    assert places[2] < places[1] < places[3]
    assert rows(db, "SELECT copies FROM emails") == [(1,)] * 3
    assert check(db) == []


def test_a_changed_archive_is_not_gone_on_with(tmp_path: Path) -> None:
    path = tmp_path / "leaks.db"
    source = write_lines(tmp_path / "a.lines", mails(30))
    stopped(path, source, after=2)
    with source.open("a") as file:
        file.write('{"text": "later"}\n')
    db = open_database(path)
    before = state(db)
    (report,) = load_lines(db, source, batch=5)
    assert state(db) == before
    (problem,) = report.problems
    assert "has changed since its load was stopped after 10 messages" in problem.found
    assert "--again" in problem.advice
    renamed = source.rename(tmp_path / "b.lines")
    (report,) = load_lines(db, renamed)
    assert report.items == len(renamed.read_text().splitlines()) + 5
    assert any("has not ended" in each.found for each in check(db))


@pytest.mark.parametrize("stops", [False, True])
def test_a_changed_archive_is_begun_again_when_asked_for(tmp_path: Path, stops: bool) -> None:
    path = tmp_path / "leaks.db"
    source = write_lines(tmp_path / "a.lines", mails(30))
    stopped(path, source, after=2)
    write_lines(source, [*mails(30)[1:], {"text": "later"}])
    db = open_database(path)
    if stops:
        load_lines(db, source, batch=5, loader=Failing(10), again=True)
    (report,) = load_lines(db, source, again=not stops)
    assert report.items == report.loaded + report.duplicates + report.refused
    assert rows(db, "SELECT items FROM loads") == [(12,), (report.items,)]
    after = open_database(tmp_path / "after.db", create=True)
    load_lines(after, source)
    sql = "SELECT sum(copies) FROM emails"
    assert rows(db, sql) == rows(after, sql)
    assert check(db) == []


def test_the_command_begins_again(tmp_path: Path) -> None:
    source = tmp_path / "a.mbox"
    mail = "From a@x.example Thu Feb  3 04:05:06 2011\nFrom: a@x.example\nSubject: {}\n\nText\n\n"
    source.write_text(mail.format("One"))
    path = tmp_path / "leaks.db"
    command = ["load", str(path), str(source), "--jobs", "1"]
    assert CliRunner().invoke(leaks, command).exit_code == 0
    db = open_database(path)
    db.conn.execute("INSERT INTO load_progress VALUES (1, 1, 1, 1, 0, 0, 0)")
    db.conn.commit()
    source.write_text(mail.format("One") + mail.format("Two"))
    refused = CliRunner().invoke(leaks, command)
    assert refused.exit_code == 1
    assert "has changed since its load was stopped" in refused.output
    assert CliRunner().invoke(leaks, [*command, "--again"]).exit_code == 0
    assert rows(db, "SELECT subject, copies FROM emails") == [("One", 1), ("Two", 1)]
    assert check(db) == []


def test_another_version_loads_anew_what_one_had_begun(tmp_path: Path) -> None:
    path = tmp_path / "leaks.db"
    source = write_lines(tmp_path / "a.lines", mails(30))
    stopped(path, source, after=2)
    db = open_database(path)
    (report,) = load_lines(db, source, version="2")
    assert report.items > report.loaded > 0
    assert rows(db, "SELECT version, items FROM loads") == [("1", 12), ("2", report.items)]
    assert check(db) == []


def stopped(path: Path, source: Path, after: int) -> None:
    """Load until an archive can no longer be read: batches of 5, so many of them."""
    db = open_database(path, create=True)
    (report,) = load_lines(db, source, batch=5, loader=Failing(5 * after))
    assert report.problems[0].found == "cannot be read: the disk is gone"
    assert "go on" in report.problems[0].advice
    db.close()


class Failing(LineMail):
    """A loader whose archive goes away after so many messages."""

    def __init__(self, after: int) -> None:
        self.after = after

    def messages(self, path: Path) -> Iterator[RawMessage]:
        for number, raw in enumerate(super().messages(path)):
            if number == self.after:
                raise OSError(5, "the disk is gone")
            yield raw


def test_an_archive_that_went_away_is_gone_on_with(tmp_path: Path) -> None:
    source = write_lines(tmp_path / "a.lines", mails(30))
    whole = open_database(tmp_path / "whole.db", create=True)
    load_lines(whole, source, batch=5)
    stopped(tmp_path / "leaks.db", source, after=3)
    db = open_database(tmp_path / "leaks.db")
    told = Told()
    load_lines(db, source, batch=5, progress=told)
    assert state(db) == state(whole)
    assert told.bytes == source.stat().st_size
    assert told.phases == ["Reading mail", "Threads and counts"]


def test_a_message_that_goes_away_stops_the_load_and_is_no_problem_of_its_own(
    tmp_path: Path, db: Database
) -> None:
    class Vanishing(LineMail):
        def read(self, path: Path, member: str, offset: int, length: int) -> bytes:
            raise FileNotFoundError(2, "No such file or directory")

    (report,) = load_lines(db, write_lines(tmp_path / "a.lines", mails(3)), loader=Vanishing())
    assert "cannot be read: No such file" in report.problems[0].found
    assert rows(db, "SELECT count(*) FROM loads") == [(0,)]


def test_a_loader_that_fails_ends_its_archive_with_the_reason(tmp_path: Path, db: Database) -> None:
    class Wrong(LineMail):
        def messages(self, path: Path) -> Iterator[RawMessage]:
            yield from super().messages(path)
            raise KeyError("x")

    (report,) = load_lines(db, write_lines(tmp_path / "a.lines", mails(3)), loader=Wrong())
    assert (report.loaded, report.refused) == (4, 1)
    assert "the loader lines failed: KeyError" in report.problems[0].found


def test_names_that_cannot_be_stored_are_refused(tmp_path: Path, db: Database) -> None:
    class Odd(LineMail):
        def messages(self, path: Path) -> Iterator[RawMessage]:
            yield RawMessage("caf\udce9", 0, 3)

    (report,) = load_lines(db, write_lines(tmp_path / "a.lines", []), loader=Odd())
    assert (report.refused, report.problems[0].place) == (1, r"caf\udce9")


def test_an_archive_of_which_nothing_could_be_taken_is_tried_again(
    tmp_path: Path, db: Database
) -> None:
    source = write_lines(tmp_path / "a.lines", ["broken", "broken"])
    (first,) = load_lines(db, source)
    before = state(db)
    (again,) = load_lines(db, source)
    assert (again.unchanged, again.refused, again.problems) == (True, 2, first.problems)
    assert state(db) == before


def test_an_empty_archive_is_a_load_of_nothing(tmp_path: Path, db: Database) -> None:
    (report,) = load_lines(db, write_lines(tmp_path / "a.lines", []))
    assert report.items == 0
    assert rows(db, "SELECT items FROM loads") == [(0,)]
    assert check(db) == []


def test_an_archive_that_is_not_there_is_a_problem(tmp_path: Path, db: Database) -> None:
    (report,) = load_lines(db, tmp_path / "none.lines")
    assert report.problems[0].found == "cannot be read: No such file or directory"


def test_a_report_holds_no_end_of_problems(
    tmp_path: Path, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "SHOWN", 3)
    source = write_lines(tmp_path / "a.lines", [{"text": "x"}, *["broken"] * 9])
    for unchanged in (False, True):
        (report,) = load_lines(db, source)
        assert (report.unchanged, len(report.problems), report.further) == (unchanged, 3, 6)
        assert (report.items, report.refused, report.problem_count) == (10, 9, 9)


@pytest.mark.parametrize("jobs", [1, 2, 3])
def test_processes_change_nothing_but_the_time(
    tmp_path: Path, jobs: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive_reading, "SMALL", 0)
    monkeypatch.setattr(archive_reading, "CHUNK", 3)
    monkeypatch.setattr(archive_reading.Reader, "_ready", waited)
    source = write_lines(tmp_path / "a.lines", mails(60))
    alone, many = (
        open_database(tmp_path / f"{name}.db", create=True) for name in ("alone", "many")
    )
    load_lines(alone, source)
    load_lines(many, source, jobs=jobs, batch=7)
    assert state(many) == state(alone)


def test_a_message_that_kills_its_worker_is_a_problem_with_its_place(
    tmp_path: Path, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive_reading, "SMALL", -1)
    monkeypatch.setattr(archive_reading.Reader, "_ready", waited)
    source = write_lines(tmp_path / "a.lines", [{"text": "a"}, {"kill": True}, {"text": "b"}])
    (report,) = load_lines(db, source, jobs=2)
    assert (report.loaded, report.refused) == (2, 1)
    (problem,) = report.problems
    assert problem.place == f"byte {len(json.dumps({'text': 'a'})) + 1}"
    assert "SIGKILL" in problem.found
    assert check(db) == []


READY = archive_reading.Reader._ready


def waited(reader: archive_reading.Reader, size: int) -> Any:
    """The workers of a reader, when one has started."""
    while (workers := READY(reader, size)) is None and reader._jobs > 1:
        pass
    return workers


def test_a_loader_of_this_process_only_reads_here(
    tmp_path: Path, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Here(LineMail):
        pass

    monkeypatch.setattr(archive_reading, "SMALL", 0)
    (report,) = load_lines(db, write_lines(tmp_path / "a.lines", mails(9)), jobs=2, loader=Here())
    assert report.loaded > 9


def test_who_loads_what_another_program_is_loading_gives_way(tmp_path: Path) -> None:
    path = tmp_path / "leaks.db"
    source = write_lines(tmp_path / "a.lines", mails(20))
    db = open_database(path, create=True)

    class Overtaken(LineMail):
        def messages(self, path_: Path) -> Iterator[RawMessage]:
            for number, raw in enumerate(super().messages(path_)):
                if number == 10:
                    other = open_database(path, create=True)
                    assert load_lines(other, source, batch=5)[0].loaded
                    expected.append(state(other))
                    other.close()
                yield raw

    expected: list[dict[str, list[Any]]] = []
    monkey = pytest.MonkeyPatch()
    with monkey.context() as patch:
        # Between two transactions, as the other program would.
        patch.setattr(archives, "HOLD", -1.0)
        with pytest.raises(BusyError, match=r"loading a\.lines too"):
            load_lines(db, source, batch=5, loader=Overtaken())
    assert state(db) == expected[0]
    assert check(db) == []


def test_two_programs_may_load_different_archives(tmp_path: Path) -> None:
    path = tmp_path / "leaks.db"
    one = write_lines(tmp_path / "a.lines", mails(20))
    two = write_lines(tmp_path / "b.lines", [*mails(25)[10:], {"text": "of its own"}])
    db = open_database(path, create=True)

    class Between(LineMail):
        def messages(self, path_: Path) -> Iterator[RawMessage]:
            for number, raw in enumerate(super().messages(path_)):
                if number == 10:
                    other = open_database(path, create=True)
                    load_lines(other, two, batch=5)
                    other.close()
                yield raw

    monkey = pytest.MonkeyPatch()
    with monkey.context() as patch:
        patch.setattr(archives, "HOLD", -1.0)
        load_lines(db, one, batch=5, loader=Between())
    assert check(db) == []
    after = open_database(tmp_path / "after.db", create=True)
    load_lines(after, one, two)
    sql = "SELECT slug, copies FROM emails JOIN documents ON documents.id = document_id ORDER BY 1"
    assert rows(db, sql) == rows(after, sql)
    for table in ("correspondents", "folders", "mail_months"):
        columns = "name, messages" if table == "folders" else "*"
        sql = f"SELECT {columns} FROM {table} ORDER BY 1"
        assert rows(db, sql) == rows(after, sql)


def test_a_full_disk_keeps_what_was_loaded(tmp_path: Path, db: Database) -> None:
    long: list[dict[str, Any] | str] = [{"text": f"{n} cranes " * 2_000} for n in range(60)]
    source = write_lines(tmp_path / "a.lines", long)
    pages = db.conn.execute("PRAGMA page_count").fetchone()[0]
    db.conn.execute(f"PRAGMA max_page_count = {pages + 1}")
    with pytest.raises(StoreError, match="the disk is full"):
        load_lines(db, source, batch=5)
    done = rows(db, "SELECT taken FROM load_progress")[0][0]
    assert 0 < done < 60
    db.conn.execute("PRAGMA max_page_count = 1000000")
    load_lines(db, source, batch=5)
    whole = open_database(tmp_path / "whole.db", create=True)
    load_lines(whole, source, batch=5)
    assert state(db) == state(whole)


def test_settings_of_the_connection_are_as_before(tmp_path: Path, db: Database) -> None:
    names = ("foreign_keys", "cache_size", "synchronous", "journal_mode")
    before = [rows(db, f"PRAGMA {name}") for name in names]
    load_lines(db, write_lines(tmp_path / "a.lines", mails(3)))
    assert [rows(db, f"PRAGMA {name}") for name in names] == before
    with pytest.raises(sqlite3.IntegrityError):
        db.conn.execute("INSERT INTO insights (document_id, position, start, end) VALUES (9,0,0,1)")


def test_a_slug_that_is_taken_is_made_longer(tmp_path: Path, db: Database) -> None:
    digest = "ab" * 32
    db.conn.execute(
        "INSERT INTO documents (slug, title, kind, text) VALUES (?, 'x', 'other', 'y')",
        [f"mail-{digest[:16]}"],
    )
    db.conn.commit()
    twin = digest[:16] + "c" * 48
    mails = [{"text": "a", "sha256": digest}, {"text": "b", "sha256": twin}]
    load_lines(db, write_lines(tmp_path / "a.lines", mails))
    assert rows(db, "SELECT slug FROM documents ORDER BY id") == [
        (f"mail-{digest[:16]}",), (f"mail-{digest[:17]}",), (f"mail-{twin[:17]}",),
    ]  # fmt: skip


def test_of_two_that_begin_one_archive_together_one_gives_way(tmp_path: Path) -> None:
    path = tmp_path / "leaks.db"
    source = write_lines(tmp_path / "a.lines", mails(30))
    db = open_database(path, create=True)

    class Overtaken(LineMail):
        def messages(self, path_: Path) -> Iterator[RawMessage]:
            stopped(path, source, after=2)  # it has looked, and not begun to write
            yield from super().messages(path_)

    with pytest.raises(BusyError, match=r"loading a\.lines too"):
        load_lines(db, source, batch=5, loader=Overtaken())
    assert rows(db, "SELECT load_id, taken FROM load_progress") == [(1, 10)]
    load_lines(db, source)
    assert check(db) == []


def test_the_end_of_a_load_is_that_of_all_earlier_ones_of_its_archive(tmp_path: Path) -> None:
    path = tmp_path / "leaks.db"
    source = write_lines(tmp_path / "a.lines", mails(30))
    stopped(path, source, after=2)
    db = open_database(path)
    db.conn.executescript("""
        INSERT INTO loads SELECT 2, path, loader, version, sha256, started, finished, 0, 0, 0, 0, 0
        FROM loads;
        INSERT INTO load_progress VALUES (2, 0, 0, 0, 0, 0, 0);
    """)
    load_lines(db, source)
    assert rows(db, "SELECT items FROM loads WHERE id = 1") == [(12,)]
    assert check(db) == []


def where(db: Database) -> list[tuple[Any, ...]]:
    """Every mail's text, the number of its copies and its folder."""
    sql = """
    SELECT text, copies, name FROM documents JOIN emails ON document_id = documents.id
    LEFT JOIN folders ON folders.id = folder_id ORDER BY documents.id
    """
    assert check(db) == []
    return rows(db, sql)


@pytest.mark.parametrize("stops", [False, True])
def test_places_that_are_gone_are_copies_no_more(tmp_path: Path, stops: bool) -> None:
    path = tmp_path / "leaks.db"
    source = write_lines(tmp_path / "a.lines", mails(30))
    other = write_lines(tmp_path / "b.lines", mails(2))
    db = open_database(path, create=True)
    load_lines(db, source, other)
    write_lines(source, mails(30)[1:])
    if stops:
        stopped(path, source, after=3)
    load_lines(db, source)
    after = open_database(tmp_path / "after.db", create=True)
    load_lines(after, source, other)
    sql = """
    SELECT archive_files.path, offset, part, sha256 FROM copies
    JOIN archive_files ON archive_files.id = file_id
    JOIN documents ON documents.id = document_id ORDER BY 1, 2, 3
    """
    assert rows(db, sql) == rows(after, sql)
    for table in ("folders", "correspondents"):
        sql = f"SELECT name, {'messages' if table == 'folders' else 'sent'} FROM {table} ORDER BY 1"
        assert rows(db, sql) == rows(after, sql)
    assert check(db) == []


def test_a_mail_whose_last_copy_is_gone_stays(tmp_path: Path, db: Database) -> None:
    source = write_lines(tmp_path / "a.lines", [{"text": "a", "folder": "Inbox"}, {"text": "b"}])
    load_lines(db, source)
    write_lines(source, [{"text": "b"}])
    load_lines(db, source)
    assert where(db) == [("a", 0, "Inbox"), ("b", 1, None)]
    assert rows(db, "SELECT messages FROM folders") == [(0,)]


class Folder(LineMail):
    """Every file below a folder is a message, and its first folder its mailbox."""

    def messages(self, path: Path) -> Iterator[RawMessage]:
        for file in sorted(each for each in path.rglob("*") if each.is_file()):
            member = file.relative_to(path).as_posix()
            yield RawMessage(member, 0, file.stat().st_size, member.split("/")[0])

    def read(self, path: Path, member: str, offset: int, length: int) -> bytes:
        return (path / member).read_bytes()


def test_a_message_that_was_renamed_and_moved_is_there_once(tmp_path: Path) -> None:
    db = open_database(":memory:", create=True)
    inbox, read = tmp_path / "mail" / "Inbox", tmp_path / "mail" / "Read"
    inbox.mkdir(parents=True)
    read.mkdir()
    write_lines(inbox / "1", [{"text": "a"}])
    write_lines(inbox / "2", [{"text": "b"}])
    load_lines(db, inbox.parent, loader=Folder())
    (inbox / "1").rename(read / "1:2,S")
    load_lines(db, inbox.parent, loader=Folder())
    assert where(db) == [("a", 1, "Read"), ("b", 1, "Inbox")]


def test_what_cannot_be_read_any_more_is_not_taken_for_gone(tmp_path: Path) -> None:
    db = open_database(":memory:", create=True)
    folder = tmp_path / "mail"
    for name in ("bad/1", "bad/2", "bad.", "good/1", "good/2"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        write_lines(folder / name, [{"text": name}])

    class Damaged(Folder):
        def messages(self, path: Path) -> Iterator[RawMessage]:
            yield RawMessage("bad", 0, 0, problem=Problem(str(path), "bad", "is damaged"))
            yield from (raw for raw in super().messages(path) if raw.member == "good/1")

    load_lines(db, folder, loader=Folder())
    (folder / "new").touch()
    load_lines(db, folder, loader=Damaged())
    assert rows(db, "SELECT member FROM copies ORDER BY 1") == [("bad/1",), ("bad/2",), ("good/1",)]
    assert check(db) == []


def test_a_loader_that_fails_halfway_takes_nothing_for_gone(tmp_path: Path, db: Database) -> None:
    class Wrong(LineMail):
        def messages(self, path: Path) -> Iterator[RawMessage]:
            yield next(super().messages(path))
            raise KeyError("x")

    source = write_lines(tmp_path / "a.lines", mails(9))
    load_lines(db, source)
    before = rows(db, "SELECT id, document_id FROM copies")
    with source.open("a") as file:
        file.write("broken\n")
    load_lines(db, source, loader=Wrong())
    assert rows(db, "SELECT id, document_id FROM copies") == before
