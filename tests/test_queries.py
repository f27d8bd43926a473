"""Canned queries and SQL functions, on both Datasettes."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from datasette_fixtures import TEXT, make_leaks_database, started
from hypothesis import given
from hypothesis import strategies as st

from datasette_leaks import compat
from datasette_leaks.site import sql_functions
from datasette_leaks.site.queries import QUERIES, runnable
from datasette_leaks.site.sql_functions import leaks_passage


@pytest.fixture
def leaks(tmp_path: Path) -> Path:
    return make_leaks_database(tmp_path / "leaks.db")


@pytest.fixture
def connection(leaks: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(leaks)
    connection.row_factory = sqlite3.Row
    sql_functions.register(connection)
    yield connection
    connection.close()


def run(connection: sqlite3.Connection, name: str, **params: str) -> list[dict[str, Any]]:
    return [dict(row) for row in connection.execute(QUERIES[name].sql, params)]


def test_echoed_claims(connection: sqlite3.Connection) -> None:
    assert run(connection, "echoed_claims") == [
        {
            "claim_id": "paid",
            "claim": "The firm paid inspectors.",
            "echoes": 1,
            "said_by": "HB2",
            "repeated_by": "The Tidewater Post",
        }
    ]


@pytest.mark.parametrize("source", ["hb2", "HB2", "The Dock Manager"])
def test_said_by_source(connection: sqlite3.Connection, source: str) -> None:
    rows = run(connection, "said_by_source", source=source)
    assert [(row["claim_id"], row["status"]) for row in rows] == [
        ("knew", "disputed"),
        ("met", "single_source"),
        ("paid", "echoed"),
    ]
    assert rows[2]["words"] == f"⟦{TEXT[:54]}⟧. The firm denies it all."
    assert (rows[2]["cue"], rows[2]["said_in"]) == ("wrote", "Re - inspection")


def test_shared_origins(connection: sqlite3.Connection) -> None:
    rows = run(connection, "shared_origins")
    assert {row["claim_id"]: set(row["who"].split(", ")) for row in rows} == {
        "met": {"HB2", "a clerk"},
        "paid": {"HB2", "The Tidewater Post"},
    }


def test_disputed_claims_show_both_sides(connection: sqlite3.Connection) -> None:
    rows = run(connection, "disputed_claims")
    found = [(row["claim_id"], row["side"], row["source"], row["said_of"]) for row in rows]
    corrupt, knew = "The firm was corrupt.", "The director knew of the bribes."
    assert found == [
        ("corrupt", "for", "HB2", knew),
        ("corrupt", "against", "The port firm", None),
        ("knew", "for", "HB2", None),
        ("knew", "against", "The port firm", corrupt),
    ]


def test_a_denial_of_the_narrower_does_not_reach_the_broader(
    connection: sqlite3.Connection,
) -> None:
    connection.execute("UPDATE assertions SET claim_id = 'knew' WHERE stance = 'denies'")
    rows = run(connection, "disputed_claims")
    against = [row["claim_id"] for row in rows if row["side"] == "against"]
    assert against == ["knew"]


def test_equal_claims_in_a_circle_end(connection: sqlite3.Connection) -> None:
    connection.execute(
        "INSERT INTO claim_relations (claim_id, kind, other_id, state, position) "
        "VALUES ('corrupt', 'same_as', 'knew', 'accepted', 0)"
    )
    assert len(run(connection, "disputed_claims")) == 4


def test_the_other_queries(connection: sqlite3.Connection) -> None:
    assert [row["claim_id"] for row in run(connection, "confirmed_by_nobody")] == ["paid"]
    assert run(connection, "what_proposals_change") == []
    connection.execute("UPDATE claims_by_status SET status_with_proposed = 'x' WHERE id = 'met'")
    assert [row["claim_id"] for row in run(connection, "what_proposals_change")] == ["met"]
    assert run(connection, "editors_overrides") == []
    connection.execute("UPDATE claims_by_status SET override = 'stale' WHERE id = 'met'")
    connection.execute(
        "INSERT INTO reviews (at, reviewer, act, claim_id, set_status, computed_status,"
        " basis_hash, rationale)"
        " VALUES ('2021', 'me', 'set_status', 'met', 'echoed', 'single_source', '0', 'Because.')"
    )
    assert [row["rationale"] for row in run(connection, "editors_overrides")] == ["Because."]
    assert run(connection, "carriers") == [
        {
            "source_id": "post",
            "name": "The Tidewater Post",
            "kind": "outlet",
            "assertions": 1,
            "claims": 1,
            "sources": 1,
        }
    ]


def test_two_runs_are_laid_side_by_side(connection: sqlite3.Connection) -> None:
    for run_id, engine, document in ((1, "rules", 1), (2, "fable", 1), (3, "rules", 2)):
        connection.execute(
            "INSERT INTO extractions VALUES (?, ?, ?, '1', '{}', '0', '2021', 0)",
            [run_id, document, engine],
        )
    spans = [(1, 0, 54, "cue"), (1, 60, 70, "cue"), (2, 10, 30, "guess"), (2, 72, 80, "guess")]
    for position, (run_id, start, end, rule) in enumerate(spans):
        connection.execute(
            'INSERT INTO attributions (extraction_id, position, start, "end", kind, speaker, cue,'
            " hedges, rule, confidence) VALUES (?, ?, ?, ?, 'indirect', 'HB2', '', '[]', ?, 0.5)",
            [run_id, position, start, end, rule],
        )
    rows = run(connection, "two_runs", first="1", second="2")
    found = [(row["found_by"], row["rule"], row["second_rule"], row["start"]) for row in rows]
    assert found == [
        ("both", "cue", "guess", 0),
        ("first", "cue", None, 60),
        ("second", None, "guess", 72),
    ]
    assert rows[0]["words"] == f"⟦{TEXT[:54]}⟧. The firm denies it all."
    assert run(connection, "two_runs", first="1", second="3") == []  # of another document


# Read whole: the rows a query is about, or a table that has a row a source or a review.
WHOLE = {
    "echoed_claims": {"b"},
    "shared_origins": {"o"},
    "said_by_source": {"sources", "source_names"},
    "confirmed_by_nobody": {"c"},
    "what_proposals_change": {"claims_by_status"},
    "editors_overrides": {"b"},
    "carriers": {"r", "s"},
}


@pytest.mark.parametrize("name", QUERIES)
def test_joins_use_indexes(connection: sqlite3.Connection, name: str) -> None:
    query = QUERIES[name]
    plan = connection.execute(
        f"EXPLAIN QUERY PLAN {query.sql}", dict.fromkeys(query.params, "hb2")
    ).fetchall()
    steps = [str(row["detail"]) for row in plan]
    tables = {*query.tables, "a", "b", "c", "o", "r", "s", "x", "y", "spoken", "said", "read"}
    scanned = {step.split()[1] for step in steps if step.startswith("SCAN")} & tables
    assert scanned <= WHOLE.get(name, set()), steps
    assert not any("AUTOMATIC" in step for step in steps), steps


@pytest.mark.parametrize("name", QUERIES)
def test_the_tables_of_a_query_are_all_named(leaks: Path, name: str) -> None:
    """Each query is checked against the tables it says it reads, so it must read no other."""
    read: set[str] = set()

    def authorise(action: int, table: str | None, *_: str | None) -> int:
        if action == sqlite3.SQLITE_READ and table:
            read.add(table)
        return sqlite3.SQLITE_OK

    connection = sqlite3.connect(leaks)
    sql_functions.register(connection)
    connection.set_authorizer(authorise)
    query = QUERIES[name]
    connection.execute(query.sql, dict.fromkeys(query.params, "hb2")).fetchall()
    connection.close()
    read -= {"above", "below", "disputed", "runs", "sides"}  # names of the query itself
    assert {table for table in read if not table.startswith("sqlite_")} == set(query.tables)


@pytest.mark.asyncio
@pytest.mark.parametrize("immutable", [False, True])
async def test_datasette_offers_and_runs_them(leaks: Path, immutable: bool) -> None:
    datasette = await started(*([] if immutable else [leaks]), immutables=[str(leaks)] * immutable)
    assert "/leaks/said_by_source" in (await datasette.client.get("/leaks")).text
    for name, query in QUERIES.items():
        params = "&source=hb2" if query.params else ""
        response = await datasette.client.get(f"/leaks/{name}.json?_shape=array{params}")
        assert response.status_code == 200
        html = await datasette.client.get(f"/leaks/{name}?{params}")
        assert html.status_code == 200
        assert query.description in html.text.replace("&#39;", "'")
    response = await datasette.client.get("/leaks/said_by_source.json?_shape=array&source=hb2")
    assert len(response.json()) == 3


@pytest.mark.asyncio
async def test_no_query_shows_a_private_table(leaks: Path) -> None:
    private = {"databases": {"leaks": {"tables": {"sources": {"allow": {"id": "editor"}}}}}}
    closed = {"databases": {"leaks": {"allow_sql": False}}}
    for locked in (private, closed):
        arguments: dict[str, Any] = {"metadata": private}
        datasette = await started(leaks, **arguments)
        if compat.is_v1(datasette):
            # There SQL itself reads private tables while it is allowed; a query is no wider.
            datasette = await started(leaks, metadata=private, config=locked | closed)
        for name, query in QUERIES.items():
            params = "&source=hb2" if query.params else ""
            response = await datasette.client.get(f"/leaks/{name}.json?_shape=array{params}")
            shown = response.status_code == 200
            assert shown <= (not compat.is_v1(datasette) and "sources" not in query.tables)
            assert "HB2" not in response.text


@pytest.mark.asyncio
async def test_a_users_query_of_the_same_name_wins(leaks: Path) -> None:
    theirs = {"databases": {"leaks": {"queries": {"carriers": {"sql": "select 1 as mine"}}}}}
    datasette = await started(leaks)
    if compat.is_v1(datasette):
        datasette = await started(leaks, config=theirs)
    else:
        datasette = await started(leaks, metadata=theirs)
    response = await datasette.client.get("/leaks/carriers.json?_shape=array")
    assert response.json() == [{"mine": 1}]


@pytest.mark.asyncio
async def test_other_databases_are_offered_none(tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    sqlite3.connect(other).close()
    datasette = await started(other)
    assert "carriers" not in (await datasette.client.get("/other")).text
    assert (await datasette.client.get("/other/carriers.json")).status_code == 404


def test_a_copy_without_some_tables_lacks_their_queries() -> None:
    present = dict.fromkeys(QUERIES["echoed_claims"].tables, ())
    assert set(runnable(present)) == {"echoed_claims", "what_proposals_change"}


@pytest.mark.parametrize(
    ("arguments", "shown"),
    [
        (("one two three four", 4, 7, 0), "… ⟦two⟧ …"),
        (("one two three four", 4, 7, 3), "… ⟦two⟧ …"),
        (("one two three four", 4, 7, 4), "one ⟦two⟧ …"),
        (("one two three four", 4, 7, 6), "one ⟦two⟧ three …"),
        (("one two three four", 4, 7, 99), "one ⟦two⟧ three four"),
        (("one  two\n\tthree", 0, 8, 99), "⟦one two⟧ three"),
        (("onetwothree x", 3, 6, 99), "one⟦two⟧three x"),
        (("héé 👩‍🚀 x", 4, 5, 9), "héé ⟦👩⟧‍🚀 x"),
        (("one", 0, 3, None), "⟦one⟧"),
        (("one", 0, 3, -5), "⟦one⟧"),
        ((None, 0, 3, 5), None),
        (("one", None, 3, 5), None),
        (("one", 0, None, 5), None),
        (("one", 2, 2, 5), None),
        (("one", -1, 2, 5), None),
        (("one", 0, 4, 5), None),
        ((b"one", 0, 3, 5), None),
        (("one", "0", "3", 5), None),
        (("one", 0.5, 3, 5), None),
    ],
)
def test_leaks_passage(arguments: tuple[Any, ...], shown: str | None) -> None:
    assert leaks_passage(*arguments) == shown


@given(st.text(), st.integers(0, 50), st.integers(1, 50), st.integers(-5, 5000))
def test_the_words_of_a_passage_are_whole_and_in_brackets(
    text: str, start: int, length: int, context: int
) -> None:
    end = start + length
    shown = leaks_passage(text, start, end, context)
    if end > len(text):
        assert shown is None
    else:
        assert shown is not None
        assert " ".join(text[start:end].split()) in " ".join(shown.split())
        assert len(shown) <= length + 2 * sql_functions.MAX_CONTEXT + 6
