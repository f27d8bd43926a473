"""Facets, labels, search and descriptions in a database opened without any configuration."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from datasette_fixtures import make_leaks_database, schema_sql, started

from datasette_leaks.site import descriptions, tables
from datasette_leaks.site.detect import known_columns, leaks_columns


@pytest.fixture
def leaks(tmp_path: Path) -> Path:
    return make_leaks_database(tmp_path / "leaks.db")


@pytest.fixture
def schema() -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(":memory:")
    connection.executescript(schema_sql())
    yield connection
    connection.close()


def columns(connection: sqlite3.Connection) -> dict[str, list[str]]:
    """Tables and columns of the schema, without the insides of the search indexes."""
    names = [
        row[0]
        for row in connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND instr(name, '_fts') = 0"
        )
    ]
    return {
        name: [
            row[0] for row in connection.execute("SELECT name FROM pragma_table_info(?)", [name])
        ]
        for name in names
    }


def test_every_table_and_column_is_described(schema: sqlite3.Connection) -> None:
    present = columns(schema)
    assert sorted(descriptions.TABLES) == sorted(present)
    missing = [
        f"{table}.{name}"
        for table, names in present.items()
        for name in names
        if not descriptions.column(table, name)
    ]
    assert missing == []


def test_nothing_is_described_that_is_not_there(schema: sqlite3.Connection) -> None:
    present = columns(schema)
    described = {(t, name) for t, names in descriptions.COLUMNS.items() for name in names}
    assert {(t, name) for t, name in described if name not in present.get(t, ())} == set()
    used = {name for t, names in present.items() for name in names if (t, name) not in described}
    assert set(descriptions.COMMON) - used == set()


def test_settings_name_only_what_is_there(schema: sqlite3.Connection) -> None:
    present = columns(schema)
    for table, wanted in tables.SETTINGS.items():
        if table == "_sqlite_migrations":
            continue
        named = [wanted[key] for key in tables.COLUMN_KEYS if key in wanted]
        assert set(named) | set(wanted.get("facets", ())) <= set(present[table])


@pytest.mark.parametrize("table", ["claims_by_status", "claims_by_source", "claim_counts"])
def test_whatever_shows_a_status_says_that_it_is_no_verdict(table: str) -> None:
    assert descriptions.NOT_TRUTH in descriptions.TABLES[table]
    assert descriptions.NOT_TRUTH in descriptions.COLUMNS[table]["status"]


def test_what_is_missing_is_left_out() -> None:
    made = tables.settings({"claims_by_status": ("id", "status", "theirs"), "other": ("id",)})
    assert made == {
        "claims_by_status": {
            "facets": ["status"],
            "description": descriptions.TABLES["claims_by_status"],
            "columns": {
                name: descriptions.column("claims_by_status", name) for name in ("id", "status")
            },
        }
    }


FACETS = {
    "claims_by_status": {"status", "article_id", "kind"},
    "claims_by_source": {"source_id", "stance", "status", "article_id"},
    "assertions": {"stance", "source_id"},
    "documents": {"kind"},
}


def facets(answer: dict[str, Any]) -> dict[str, Any]:
    results: dict[str, Any] = answer["facet_results"]
    nested: dict[str, Any] = results.get("results", results)  # as Datasette 1.0 has it
    return nested


@pytest.mark.asyncio
@pytest.mark.parametrize("table", FACETS)
@pytest.mark.parametrize("immutable", [False, True])
async def test_facets_need_no_configuration(leaks: Path, table: str, immutable: bool) -> None:
    datasette = await started(*([] if immutable else [leaks]), immutables=[str(leaks)] * immutable)
    response = await datasette.client.get(f"/leaks/{table}.json?_extra=facet_results")
    assert set(facets(response.json())) == FACETS[table]


@pytest.mark.parametrize("column", sorted(FACETS["claims_by_status"]))
def test_facets_of_the_largest_page_start_behind_the_nulls(
    schema: sqlite3.Connection, column: str
) -> None:
    """Datasette's query of a facet searches its index; a scan tests every row for NULL again."""
    plan = schema.execute(
        f"EXPLAIN QUERY PLAN SELECT {column}, count(*) AS count FROM (SELECT * FROM"
        f" claims_by_status) WHERE {column} IS NOT NULL GROUP BY {column} ORDER BY count DESC"
    ).fetchone()
    assert plan[3].startswith("SEARCH claims_by_status USING COVERING INDEX")


@pytest.mark.asyncio
async def test_facets_show_labels(leaks: Path) -> None:
    datasette = await started(leaks)
    response = await datasette.client.get("/leaks/claims_by_source.json?_extra=facet_results")
    found = {item["label"] for item in facets(response.json())["source_id"]["results"]}
    assert found == {"HB2", "The Tidewater Post", "a clerk", "The port firm"}


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("claims_by_status.json?_search=bribes", ["knew"]),
        ("claims_by_source.json?_search=bribes", ["knew"]),
        ("claims_by_source.json?_search=inspectors", ["paid", "paid"]),
        ("claims.json?_search=inspectors", ["paid"]),
        ("sources.json?_search=clerk", ["clerk"]),
        ("documents.json?_search=inspectors", [1]),
        ("claims_by_status.json", ["corrupt", "knew", "met", "paid", "storm"]),
        ("claims_by_status.json?_size=2&_next=2%2Cknew", ["met", "paid"]),
    ],
)
async def test_search_and_order(leaks: Path, path: str, found: list[object]) -> None:
    datasette = await started(leaks)
    separator = "&" if "?" in path else "?"
    response = await datasette.client.get(f"/leaks/{path}{separator}_shape=objects")
    rows = response.json()["rows"]
    assert [row.get("claim_id", row.get("id")) for row in rows] == found


@pytest.mark.asyncio
async def test_table_pages_show_descriptions(leaks: Path) -> None:
    datasette = await started(leaks)
    for table, description in descriptions.TABLES.items():
        response = await datasette.client.get(f"/leaks/{table}")
        assert response.status_code == 200
        page = unescape(response.text)
        assert description in page
        for name in known_columns(datasette.databases["leaks"])[table]:
            assert str(descriptions.column(table, name)) in page


@pytest.mark.asyncio
async def test_the_insides_are_hidden(leaks: Path) -> None:
    with sqlite3.connect(leaks) as connection:
        connection.execute("CREATE TABLE _sqlite_migrations (id INTEGER PRIMARY KEY)")
    datasette = await started(leaks)
    shown = (await datasette.client.get("/leaks.json")).json()["tables"]
    names = {table["name"] for table in shown if not table["hidden"]}
    hidden = {name for name, how in tables.SETTINGS.items() if how.get("hidden")}
    assert names == set(descriptions.TABLES) - hidden


USER = {
    "databases": {
        "leaks": {
            "tables": {
                "claims_by_status": {
                    "facets": ["independence"],
                    "sort_desc": "against",
                    "description_html": "<b>Ours</b>",
                    "columns": {"status": "What we think of it"},
                }
            }
        }
    }
}


@pytest.mark.asyncio
async def test_what_users_write_wins(leaks: Path) -> None:
    datasette = await started(leaks, metadata=USER)
    response = await datasette.client.get("/leaks/claims_by_status.json?_extra=facet_results")
    assert set(facets(response.json())) == {"independence"}
    page = (await datasette.client.get("/leaks/claims_by_status")).text
    assert "<b>Ours</b>" in page
    assert "What we think of it" in page
    assert descriptions.COLUMNS["claims_by_status"]["status"] not in unescape(page)
    assert descriptions.COLUMNS["claims_by_status"]["against"] in unescape(page)
    rows = await datasette.client.get("/leaks/claims_by_status.json?_shape=objects&_size=1")
    assert rows.json()["rows"][0]["against"] == 1
    assert (await datasette.client.get("/leaks/claims_by_status?_sort=claim")).status_code == 200


@pytest.mark.asyncio
async def test_other_databases_carry_no_traces(leaks: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    with sqlite3.connect(other) as connection:
        connection.execute("CREATE TABLE claims (id TEXT PRIMARY KEY, kind TEXT)")
        connection.execute("INSERT INTO claims VALUES ('a', 'b')")
    datasette = await started(leaks, other)
    page = (await datasette.client.get("/other/claims")).text
    assert descriptions.TABLES["claims"] not in unescape(page)
    assert not await leaks_columns(datasette.databases["other"])


@pytest.mark.asyncio
async def test_a_change_of_the_schema_is_seen(tmp_path: Path) -> None:
    empty = tmp_path / "leaks.db"
    sqlite3.connect(empty).close()
    datasette = await started(empty)
    db = datasette.databases["leaks"]
    assert not await leaks_columns(db)
    with sqlite3.connect(empty) as connection:
        connection.executescript(schema_sql())
    assert "claims" in await leaks_columns(db)


@pytest.mark.asyncio
async def test_a_damaged_database_does_not_stop_the_start(tmp_path: Path, leaks: Path) -> None:
    damaged = tmp_path / "damaged.db"
    damaged.write_bytes(b"SQLite format 3\0" + b"x" * 5000)
    datasette = await started(leaks)
    db = type(datasette.databases["leaks"])(datasette, path=str(damaged))
    datasette.add_database(db, name="damaged")
    assert not await leaks_columns(db)
