"""Each kind of damage is found, and named."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from sqlite_utils import Database
from store_world import ARTICLE, DOSSIER, load, new, write

from datasette_leaks.store.integrity import check


@pytest.fixture
def db(tmp_path: Path) -> Database:
    db = new(tmp_path)
    assert load(db, *write(tmp_path, a__md=ARTICLE, quay__yaml=DOSSIER).values()).problems == ()
    assert check(db) == []
    return db


DAMAGE = {
    "a span outside": ("UPDATE passages SET \"end\" = 9999 WHERE position = 1", "outside the text"),
    "a link's text": ("UPDATE links SET text = 'sees' WHERE position = 0", "'sees'"),
    "a place outside": ("UPDATE claims SET \"end\" = 9999 WHERE id = 'paid'", "outside the text"),
    "a place moved": ("UPDATE claims SET start = start + 1 WHERE id = 'paid'", "at its place is"),
    "no place": ("UPDATE claims SET start = NULL, \"end\" = NULL WHERE id = 'paid'", "no place"),
    "another place": ("UPDATE assertions SET start = 1 WHERE id = 'paid--hb2'", "not the place"),
    "another title": ("UPDATE documents SET title = 'X' WHERE slug = 'letter'", "are not what"),
    "a link unresolved": ("UPDATE links SET resolution = 'external', target_id = NULL", "resolved"),
    "a lost row": ("DELETE FROM sources WHERE id = 'post'", "refers to a row of sources"),
    "a lost trigger": ("DROP TRIGGER reviews_no_delete", "reviews_no_delete"),
    "another trigger": (
        "DROP TRIGGER reviews_no_delete; CREATE TRIGGER reviews_no_delete BEFORE DELETE ON reviews "
        "BEGIN SELECT 1; END",
        "reviews_no_delete",
    ),
    "a search index behind": (
        "DROP TRIGGER claims_fts_update; UPDATE claims SET text = 'Otters.' WHERE id = 'corrupt'",
        "search index",
    ),
    "a wrong count": ("UPDATE loads SET problems = 1 WHERE id = 1", "counts 1 problems"),
}  # fmt: skip


@pytest.mark.parametrize("name", DAMAGE)
def test_damage_is_found(db: Database, name: str) -> None:
    sql, words = DAMAGE[name]
    db.conn.executescript(f"PRAGMA foreign_keys = OFF; {sql}")
    found = check(db)
    assert any(words in problem.found for problem in found), found
    assert all(problem.path.endswith("leaks.db") for problem in found)


def test_checking_changes_nothing(db: Database, tmp_path: Path) -> None:
    before = (tmp_path / "leaks.db").read_bytes()
    check(db)
    assert not db.conn.in_transaction
    assert (tmp_path / "leaks.db").read_bytes() == before


def test_a_read_only_database_is_checked_too(db: Database, tmp_path: Path) -> None:
    reader = Database(sqlite3.connect(f"file:{tmp_path / 'leaks.db'}?mode=ro", uri=True))
    assert check(reader) == []
    sql, words = DAMAGE["a search index behind"]
    db.conn.executescript(sql)
    assert [problem.place for problem in check(reader) if words in problem.found] == ["claims_fts"]
    db.conn.execute("DROP TABLE sources_fts")
    places = [problem.place for problem in check(reader) if words in problem.found]
    assert places == ["sources_fts", "claims_fts"]


def test_a_damaged_file_is_told_as_such(db: Database, tmp_path: Path) -> None:
    index = db.conn.execute(
        "SELECT rootpage FROM sqlite_master WHERE name = 'claims_article'"
    ).fetchone()[0]
    db.close()
    path = tmp_path / "leaks.db"
    data = bytearray(path.read_bytes())
    page = 16384
    data[index * page - 40 : index * page] = b"\0" * 40
    path.write_bytes(data)
    found = check(Database(path))
    assert found
    assert all(problem.advice.startswith("Restore") for problem in found)
