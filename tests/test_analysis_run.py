"""The derived tables: written in one transaction, only when they differ, and read by index."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from analysis_world import World, worlds
from hypothesis import HealthCheck, given, settings
from sqlite_utils import Database

from datasette_leaks.analysis.assess import claim_evidence
from datasette_leaks.analysis.run import analyse, stale
from datasette_leaks.store.connection import open_database

DERIVED = ("assertion_origins", "claims_by_status", "claims_by_source", "claim_counts")


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    database = open_database(tmp_path / "leaks.db", create=True)
    yield database
    database.close()


def small() -> World:
    world = World()
    first = world.says("mx1")
    world.says("outlet", stance="echoes", after=(first,))
    world.says("outlet", stance="declines_to_comment")
    world.says("us714", "d")
    world.says("ice", "d", "denies", state="proposed")
    world.claim("e")
    world.related("d", "narrower_than", "c", "proposed")
    return world


def contents(db: Database) -> list[list[tuple[object, ...]]]:
    return [db.execute(f"SELECT * FROM {table}").fetchall() for table in DERIVED]


def test_the_tables_are_written(db: Database) -> None:
    small().store(db)
    found = analyse(db)
    assert found.changed
    assert (found.claims, found.assertions) == (3, 4)
    assert found.by_status == {"echoed": 1, "single_source": 1, "unsourced": 1}
    status = {row["id"]: row for row in db["claims_by_status"].rows}
    assert (status["c"]["status_with_proposed"], status["c"]["origins_with_proposed"]) == (
        "corroborated",
        2,
    )
    assert status["d"]["status_with_proposed"] == "disputed"
    assert list(db["assertion_origins"].rows_where("assertion_id LIKE 'd--%'")) == [
        {
            "assertion_id": id_,
            "root_id": id_,
            "origin_group": source,
            "identified": 1,
            "circular": 0,
            "scope": scope,
        }
        for id_, source, scope in (
            ("d--ice--04", "ice", "with_proposed"),
            ("d--us714--03", "us714", "accepted"),
        )
    ]


def test_a_source_has_one_row_a_claim(db: Database) -> None:
    world = small()
    world.store(db)
    db.execute("INSERT INTO documents (id, slug, title, kind) VALUES (7, 'm', 'M', 'email')")
    db.execute("INSERT INTO documents (id, slug, title, kind) VALUES (3, 'n', 'N', 'email')")
    db.execute(
        "UPDATE assertions SET said_in_id = 7, said_on = '2012', position = 4 "
        "WHERE source_id = 'outlet' AND stance = 'declines_to_comment'"
    )
    db.execute(
        "UPDATE assertions SET said_in_id = 3, said_on = '2011-05', position = 9 "
        "WHERE source_id = 'outlet' AND stance = 'echoes'"
    )
    db.conn.commit()
    analyse(db)
    rows = {(row["claim_id"], row["source_id"]): row for row in db["claims_by_source"].rows}
    outlet = rows["c", "outlet"]
    assert outlet["stance"] == "echoes, declines_to_comment"
    assert (outlet["said_in_id"], outlet["said_on"]) == (7, "2011-05")
    assert (outlet["assertions"], outlet["derived"], outlet["state"]) == (2, 0, "accepted")
    assert outlet["status"] == "echoed"
    assert (rows["d", "ice"]["state"], rows["d", "ice"]["stance"]) == ("proposed", "denies")


def test_counts_by_status(db: Database) -> None:
    small().store(db)
    analyse(db)
    counts = set(db.execute("SELECT subject, id, status, claims FROM claim_counts"))
    assert {
        ("database", "", "all", 3),
        ("database", "", "echoed", 1),
        ("article", "1", "unsourced", 1),
        ("source", "outlet", "all", 1),
        ("source", "ice", "single_source", 1),
    } <= counts


def test_a_second_run_writes_nothing(db: Database) -> None:
    small().store(db)
    analyse(db)
    changes = db.conn.total_changes
    assert not analyse(db).changed
    assert db.conn.total_changes == changes


def test_more_rows_than_one_statement_takes(db: Database) -> None:
    world = World()
    for number in range(1001):
        world.says(f"source-{number}", f"claim-{number % 450}")
    world.store(db)
    analyse(db)
    assert [len(rows) for rows in contents(db)[:3]] == [1001, 450, 1001]
    assert stale(db) == []


def test_foreign_keys_are_checked_again_after_a_run(db: Database) -> None:
    def kept() -> list[int]:
        names = ("foreign_keys", "cache_size")
        return [db.execute(f"PRAGMA {name}").fetchone()[0] for name in names]

    small().store(db)
    before = kept()
    analyse(db)
    db.execute(
        "CREATE TEMP TRIGGER t BEFORE INSERT ON claim_counts BEGIN SELECT RAISE(ABORT, 'no'); END"
    )
    db.execute("DELETE FROM claim_counts")
    db.conn.commit()
    with pytest.raises(sqlite3.IntegrityError, match="no"):
        analyse(db)
    assert kept() == before
    assert before[0] == 1
    assert db.execute("PRAGMA foreign_key_check").fetchall() == []


def test_derived_tables_that_went_wrong_are_named_and_mended(db: Database) -> None:
    small().store(db)
    analyse(db)
    assert stale(db) == []
    before = contents(db)
    db.execute("UPDATE claims_by_status SET status = 'retracted' WHERE id = 'c'")
    db.execute("DELETE FROM claims_by_source WHERE claim_id = 'd' AND source_id = 'ice'")
    db.execute("INSERT INTO claim_counts VALUES ('source', 'nobody', 'all', 4)")
    db.conn.commit()
    assert "claims_by_status, c: out of date" in stale(db)
    assert "claims_by_source, d / ice: missing" in stale(db)
    assert "claim_counts, source / nobody / all: left over" in stale(db)
    assert analyse(db).changed
    assert contents(db) == before


def test_a_failed_run_leaves_the_tables_as_they_were(db: Database) -> None:
    small().store(db)
    analyse(db)
    before = contents(db)
    db.execute("DELETE FROM assertions WHERE id LIKE 'c--mx1--%'")
    db.execute(
        "CREATE TEMP TRIGGER refuse BEFORE INSERT ON claim_counts "
        "BEGIN SELECT RAISE(ABORT, 'refused'); END"
    )
    db.conn.commit()
    changed = contents(db)
    with pytest.raises(sqlite3.IntegrityError, match="refused"):
        analyse(db)
    assert contents(db) == changed != before


def test_an_override_holds_until_the_evidence_changes(db: Database) -> None:
    small().store(db)
    analyse(db)
    found = claim_evidence(db.conn, "c")
    basis, computed = found.basis_hash, found.weights.computed_status

    def review(act: str, status: str | None, supersedes: int | None = None) -> None:
        row = [act, status, status and computed, status and basis, supersedes]
        db.execute(
            "INSERT INTO reviews (at, reviewer, claim_id, act, set_status, computed_status, "
            "basis_hash, rationale, supersedes_id) "
            "VALUES ('2020', 'ed', 'c', ?, ?, ?, ?, 'because', ?)",
            row,
        )
        db.conn.commit()

    def state() -> tuple[str, str, str]:
        analyse(db)
        found: tuple[str, str, str] = db.execute(
            "SELECT status, override, computed_status FROM claims_by_status WHERE id = 'c'"
        ).fetchone()
        return found

    review("set_status", "single_source")
    assert state() == ("single_source", "in_force", "echoed")
    review("set_status", "unsourced")
    assert state() == ("unsourced", "in_force", "echoed")
    review("withdraw", None, 2)
    assert state() == ("echoed", "none", "echoed")
    review("set_status", "single_source")
    assert state() == ("single_source", "in_force", "echoed")
    db.execute("UPDATE claims SET note = 'another', text = 'Reworded.' WHERE id = 'c'")
    db.conn.commit()
    assert state() == ("single_source", "in_force", "echoed")
    db.execute("UPDATE assertions SET basis = 'document' WHERE claim_id = 'c'")
    db.conn.commit()
    assert state() == ("echoed", "stale", "echoed")
    review("withdraw", None, 4)
    assert state() == ("echoed", "none", "echoed")


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(worlds())
def test_a_page_reads_what_a_run_writes(world: World) -> None:
    """On a connection as Datasette gives it: rows of sqlite3.Row, nothing may be written."""
    db = open_database(":memory:", create=True)
    world.store(db)
    analyse(db)
    assert stale(db) == []
    db.execute("PRAGMA query_only = ON")
    db.conn.row_factory = sqlite3.Row
    for row in db.conn.execute("SELECT * FROM claims_by_status").fetchall():
        found = claim_evidence(db.conn, row["id"])
        w = found.weights
        assert (row["status"], row["override"]) == (found.status, found.override)
        assert (row["origins"], row["unidentified"]) == (len(w.origins), len(w.unidentified))
        assert (row["echoes"], row["against"]) == (len(w.echoes), len(w.against))
        assert (row["circular_reporting"], row["self_inconsistent"]) == (
            w.circular,
            w.self_inconsistent,
        )
        assert row["explanation"] == found.explanation
        wider = claim_evidence(db.conn, row["id"], "with_proposed").weights
        assert row["status_with_proposed"] == wider.computed_status
    db.close()


def _derives(world: World, id_: str) -> bool:
    """An accepted assertion by accepted rows alone, a proposed one by proposed ones too."""
    taken = {"accepted", world.assertions[id_]["state"]}
    return any(
        child == id_ and state in taken and world.assertions[parent]["state"] in taken
        for (child, parent), state in world.derivations.items()
    )


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(worlds())
def test_derived_is_a_source_all_of_whose_assertions_derive(world: World) -> None:
    db = open_database(":memory:", create=True)
    world.store(db)
    analyse(db)
    for row in db["claims_by_source"].rows:
        said = [
            id_
            for id_, a in world.assertions.items()
            if (a["claim"], a["source"]) == (row["claim_id"], row["source_id"])
            and a["state"] != "rejected"
        ]
        assert row["assertions"] == len(said)
        assert row["derived"] == all(_derives(world, id_) for id_ in said)
    db.close()


def test_derived_in_a_circle_and_by_proposal(db: Database) -> None:
    world = World()
    first = world.says("post")
    world.derivations[first, world.says("times", after=(first,))] = "accepted"
    world.says("outlet", "d", "echoes", state="proposed", after=(world.says("mx1", "d"),))
    world.store(db)
    analyse(db)
    derived = dict(db.execute("SELECT source_id, derived FROM claims_by_source"))
    assert derived == {"post": 1, "times": 1, "outlet": 1, "mx1": 0}


def test_one_claim_is_read_by_index_alone(db: Database) -> None:
    world = small()
    world.joined("mx1", "dependent_on", "us714")
    world.store(db)
    asked: list[str] = []
    db.conn.set_trace_callback(asked.append)
    claim_evidence(db.conn, "c")
    db.conn.set_trace_callback(None)
    tables = {row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    aliases = {"c", "d", "r", "a", "p"}
    assert len(asked) == 14
    for query in asked:
        plan = [row[3].split() for row in db.execute(f"EXPLAIN QUERY PLAN {query}")]
        scanned = {step[1] for step in plan if step[0] == "SCAN"}
        assert not scanned & (tables | aliases), query


def test_no_such_claim(db: Database) -> None:
    with pytest.raises(LookupError, match="there is no claim 'nowhere'"):
        claim_evidence(db.conn, "nowhere")
