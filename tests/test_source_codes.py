"""A source's INSIGHT blocks in the archive, by the codes it goes by."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from datasette_leaks.store.connection import open_database
from datasette_leaks.store.source_codes import INSIGHTS, insights_of_source, source_keys

Values = dict[str, str | int | None]


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    db = open_database(tmp_path / "leaks.db", create=True)
    db.conn.executescript(
        """
        INSERT INTO dossiers (id, title, path, sha256) VALUES ('quay', 'The quay', 'quay.yaml', '');
        INSERT INTO sources (id, name, number, kind, named, protected, dossier_id, position) VALUES
          ('hb1', 'The manager', 1, 'coded_source', 1, 0, 'quay', 0),
          ('two', 'HB02', 2, 'coded_source', 1, 0, 'quay', 1),
          ('third', 'A third', 3, 'coded_source', 1, 0, 'quay', 2),
          ('post', 'The Post', 4, 'outlet', 1, 0, 'quay', 3);
        INSERT INTO source_names (source_id, position, name) VALUES
          ('third', 0, 'he of the port'), ('third', 1, 'HB-3'), ('third', 2, 'HB0004');
        """
    )
    yield db.conn
    db.conn.close()


def mail(connection: sqlite3.Connection, slug: str, *blocks: Values) -> None:
    """A mail with INSIGHT blocks, as the store writes them."""
    cursor = connection.execute(
        "INSERT INTO documents (slug, title, kind, text) VALUES (?, ?, 'email', 'text')",
        [slug, slug.upper()],
    )
    for position, block in enumerate(blocks):
        row = {"document_id": cursor.lastrowid, "position": position, "start": 1, "end": 9, **block}
        names = ", ".join(f'"{name}"' for name in row)
        values = ", ".join(f":{name}" for name in row)
        connection.execute(f"INSERT INTO insights ({names}) VALUES ({values})", row)


def slugs(connection: sqlite3.Connection, source: str) -> list[str]:
    return [found.slug for found in insights_of_source(connection, source)]


def test_the_codes_are_those_of_id_name_and_other_names(connection: sqlite3.Connection) -> None:
    assert source_keys(connection, "hb1") == ["HB1"]
    assert source_keys(connection, "two") == ["HB2"]
    assert source_keys(connection, "third") == ["HB3", "HB4"]
    assert source_keys(connection, "post") == []
    assert source_keys(connection, "nobody") == []


def test_blocks_come_oldest_first_those_without_a_date_last(connection: sqlite3.Connection) -> None:
    mail(connection, "undated", {"key": "HB1"})
    mail(connection, "new", {"key": "HB1", "sent": "2011-09-06T14:00:00Z"})
    mail(connection, "old", {"key": "HB1", "sent": "2011-08-05T14:00:00Z"})
    mail(connection, "other", {"key": "HB2", "sent": "2011-08-05T14:00:00Z"})
    mail(connection, "nobody", {"code": "a man", "sent": "2011-08-05T14:00:00Z"})
    assert slugs(connection, "hb1") == ["old", "new", "undated"]
    assert slugs(connection, "two") == ["other"]
    assert slugs(connection, "post") == []


def test_all_codes_of_a_source_count(connection: sqlite3.Connection) -> None:
    mail(connection, "b", {"key": "HB4", "sent": "2011-08-06T14:00:00Z"})
    mail(connection, "a", {"key": "HB3", "sent": "2011-08-05T14:00:00Z"}, {"key": "HB1"})
    assert slugs(connection, "third") == ["a", "b"]


def test_values_are_as_written(connection: sqlite3.Connection) -> None:
    written: Values = {
        "code": "HB01 via US714", "via": "US714", "attribution": "a source",
        "description": "deputy head", "publication": "ask first", "reliability": "A/B",
        "credibility": "2?", "special_handling": "none", "source_handler": "Ada",
        "distribution": "alpha", "sent": "2011-08-05T14:00:00Z", "start": 3, "end": 7,
    }  # fmt: skip
    mail(connection, "a", {**written, "key": "HB1"})
    (found,) = insights_of_source(connection, "hb1")
    assert {name: getattr(found, name) for name in written} == written
    assert (found.slug, found.title) == ("a", "A")


def test_rows_may_be_named(connection: sqlite3.Connection) -> None:
    mail(connection, "a", {"key": "HB1"})
    connection.row_factory = sqlite3.Row
    assert slugs(connection, "hb1") == ["a"]


def test_the_archive_is_not_read_through(connection: sqlite3.Connection) -> None:
    plan = connection.execute(f"EXPLAIN QUERY PLAN {INSIGHTS}", {"keys": '["HB1"]'}).fetchall()
    steps = [row[3] for row in plan]
    assert "SEARCH insights USING INDEX insights_key (key=?)" in steps
    assert "SEARCH documents USING INTEGER PRIMARY KEY (rowid=?)" in steps
    assert not any(step.startswith(("SCAN insights", "SCAN documents")) for step in steps)
