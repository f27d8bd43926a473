"""Opening databases, and what is said of those that cannot be used."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest
from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from datasette_leaks.store.connection import StoreError, open_database, plain_errors, writing
from datasette_leaks.store.migrations import migrations, statements


def test_a_new_database_has_the_schema_and_the_settings(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    open_database(path, create=True).close()
    db = open_database(path)
    assert {"documents", "claims", "reviews", "claims_fts"} <= set(db.table_names())
    pragmas = ("page_size", "foreign_keys", "journal_mode", "synchronous")
    values = [db.conn.execute(f"PRAGMA {name}").fetchone()[0] for name in pragmas]
    assert values == [16384, 1, "delete", 2]


def test_reviews_can_only_be_added(tmp_path: Path) -> None:
    db = open_database(tmp_path / "x.db", create=True)
    db.table("reviews").insert(
        {
            "at": "2026-01-01T00:00:00Z",
            "reviewer": "ed",
            "act": "set_status",
            "claim_id": "c",
            "set_status": "disputed",
            "computed_status": "echoed",
            "basis_hash": "00",
            "rationale": "because",
        }
    )
    for sql in ("UPDATE reviews SET reviewer = 'x'", "DELETE FROM reviews"):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            db.conn.execute(sql)


def test_what_is_no_database_of_ours_is_told(tmp_path: Path) -> None:
    text = tmp_path / "text.db"
    text.write_text("This is no database. " * 100)
    with pytest.raises(StoreError, match="not an SQLite database"):
        open_database(text, create=True)
    with pytest.raises(StoreError, match="no such database"):
        open_database(tmp_path / "absent.db")
    with pytest.raises(StoreError, match="cannot be opened"):
        open_database(tmp_path / "absent" / "x.db", create=True)
    other = tmp_path / "other.db"
    Database(other).table("birds").insert({"name": "wren"})
    with pytest.raises(StoreError, match="not a datasette-leaks database"):
        open_database(other)
    assert Database(other).table_names() == ["birds"]


def test_tables_of_the_same_name_are_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    Database(path).table("claims").insert({"name": "wren"})
    with pytest.raises(StoreError, match="did not make"):
        open_database(path, create=True)
    assert [row["name"] for row in Database(path)["claims"].rows] == ["wren"]
    assert "documents" not in Database(path).table_names()


def test_a_database_of_a_newer_version_is_told(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    db = open_database(path, create=True)
    db.table("_sqlite_migrations").insert(
        {"migration_set": "datasette-leaks", "name": "later", "applied_at": "2030"}
    )
    db.close()
    with pytest.raises(StoreError, match=r"newer datasette-leaks \(it has had later\)"):
        open_database(path)


def test_a_locked_and_a_read_only_database_are_told(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    first = open_database(path, create=True)
    second = open_database(path, wait=0)
    with writing(first), pytest.raises(StoreError, match="another program"), writing(second):
        pass
    reader = Database(sqlite3.connect(f"file:{path}?mode=ro", uri=True))
    with pytest.raises(StoreError, match="read-only"), writing(reader):
        reader.conn.execute("DELETE FROM loads")


def test_a_full_disk_is_told_and_leaves_what_was_there(tmp_path: Path) -> None:
    db = open_database(tmp_path / "x.db", create=True)
    pages = db.conn.execute("PRAGMA page_count").fetchone()[0]
    db.conn.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StoreError, match="disk is full"), writing(db):
        db.table("documents").insert(
            {"slug": "a", "title": "A", "kind": "other", "text": "x" * 99999}
        )
    assert not db.conn.in_transaction
    assert db["documents"].count == 0


def test_an_error_in_a_transaction_rolls_it_back(tmp_path: Path) -> None:
    db = open_database(tmp_path / "x.db", create=True)
    sql = "INSERT INTO documents (slug, title, kind) VALUES ('a', 'a', 'other'), ('b', 'b', '?')"
    with pytest.raises(sqlite3.IntegrityError, match="CHECK"), writing(db):
        db.conn.execute(sql)
    assert not db.conn.in_transaction
    assert db["documents"].count == 0


def test_other_errors_are_not_hidden() -> None:
    with pytest.raises(sqlite3.OperationalError, match="no such table"), plain_errors("x.db"):
        sqlite3.connect(":memory:").execute("SELECT * FROM birds")
    with pytest.raises(sqlite3.IntegrityError), plain_errors("x.db"):
        raise sqlite3.IntegrityError


def test_a_script_is_cut_into_statements() -> None:
    trigger = "CREATE TRIGGER t AFTER INSERT ON a BEGIN\n  SELECT 1; -- one;\n  SELECT 2;\nEND;"
    script = f"-- a; comment\nCREATE TABLE a (b);\n{trigger}\n"
    assert statements(script) == ["-- a; comment\nCREATE TABLE a (b);", trigger]


def test_a_path_that_is_not_utf8_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / os.fsdecode(b"caf\xe9")
    folder.mkdir()
    monkeypatch.chdir(folder)
    with pytest.raises(StoreError, match=r"caf\\xe9/x.db: its path is not UTF-8"):
        open_database("x.db", create=True)
    assert not Path("x.db").exists()


def test_the_journal_mode_of_a_file_is_its_own(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    db = open_database(path, create=True)
    db.conn.execute("PRAGMA journal_mode = WAL")
    reader = sqlite3.connect(path)  # as Datasette keeps one
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM loads").fetchall()
    again = open_database(path, wait=0)
    assert again.conn.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    with writing(again):
        again.conn.execute("DELETE FROM loads")


def test_a_database_opened_for_reading_cannot_be_changed(tmp_path: Path) -> None:
    path = tmp_path / "50% of #1?.db"
    with pytest.raises(StoreError, match="no such database"):
        open_database(path, read_only=True)
    open_database(path, create=True).close()
    before = path.read_bytes()
    db = open_database(path, read_only=True)
    with pytest.raises(StoreError, match="read-only"), writing(db):
        db.conn.execute("DELETE FROM loads")
    db.close()
    assert path.read_bytes() == before


def test_a_database_of_an_older_version_is_not_changed_for_reading(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x.db"
    open_database(path, create=True).close()
    before = path.read_bytes()
    later = Migrations._Migration("later", lambda db: db.execute("CREATE TABLE later (id)"))
    monkeypatch.setattr(migrations, "_migrations", [*migrations._migrations, later])
    with pytest.raises(StoreError, match=r"older datasette-leaks.*`datasette leaks analyse"):
        open_database(path, read_only=True)
    assert path.read_bytes() == before
    open_database(path).close()
    assert "later" in open_database(path, read_only=True).table_names()
