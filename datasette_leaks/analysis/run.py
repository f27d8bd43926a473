"""Rewrite the derived tables from the judged ones, or say where they differ."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlite_utils import Database

from datasette_leaks.analysis.read import all_evidence, tuple_cursor
from datasette_leaks.analysis.tables import derive
from datasette_leaks.store.connection import writing

_NAMED = 20  # differing rows that stale() names

_COLUMNS = {
    "assertion_origins": "assertion_id, root_id, origin_group, identified, circular, scope",
    "claims_by_status": (
        "id, claim, status, article_id, kind, assertions, sources, origins, unidentified, echoes, "
        "against, independence, reported_corroboration, circular_reporting, self_inconsistent, "
        "paraphrase_exceeds_quote, computed_status, override, status_with_proposed, "
        "origins_with_proposed, explanation, basis_hash, claim_number"
    ),
    "claims_by_source": (
        "claim_id, source_id, stance, status, article_id, said_in_id, said_on, assertions, "
        "derived, state, claim_number"
    ),
    "claim_counts": "subject, id, status, claims",
}


@dataclass(frozen=True, slots=True)
class Summary:
    """What an analysis found: numbers of claims and counted assertions, claims by status.

    ``changed`` is false when the derived tables already said so and nothing was written.
    """

    claims: int
    assertions: int
    by_status: dict[str, int]
    changed: bool


def analyse(db: Database) -> Summary:
    """Bring the derived tables up to date in one transaction; write nothing if they are."""
    changed = False
    with writing(db):
        fresh = derive(all_evidence(db.conn))
        for table, rows in fresh._asdict().items():
            if _stored(db.conn, table) != set(rows):
                changed = True
                _rewrite(db.conn, table, rows)
    return Summary(
        claims=len(fresh.claims_by_status),
        assertions=len({row[0] for row in fresh.assertion_origins if row[5] == "accepted"}),
        by_status=dict(Counter(str(row[2]) for row in fresh.claims_by_status)),
        changed=changed,
    )


def stale(db: Database) -> list[str]:
    """Rows of the derived tables that differ from what the judged tables give, 20 at most.

    Each as ``table, key: missing``, ``… : out of date`` or ``… : left over``.
    """
    fresh = derive(all_evidence(db.conn))
    found: list[str] = []
    for table, rows in fresh._asdict().items():
        stored, wanted = _stored(db.conn, table), set(rows)
        keys = _KEYS[table]
        old = {tuple(row[place] for place in keys) for row in stored - wanted}
        new = {tuple(row[place] for place in keys) for row in wanted - stored}
        for key in sorted(old | new):
            what = "missing" if key not in old else "left over" if key not in new else "out of date"
            found.append(f"{table}, {' / '.join(map(str, key))}: {what}")
    return found[:_NAMED]


_KEYS = {
    "assertion_origins": (0, 5, 1),
    "claims_by_status": (0,),
    "claims_by_source": (0, 1),
    "claim_counts": (0, 1, 2),
}


def _rewrite(
    conn: sqlite3.Connection, table: str, rows: Sequence[tuple[str | int | None, ...]]
) -> None:
    columns = _COLUMNS[table]
    places = ", ".join("?" * (columns.count(",") + 1))
    conn.execute(f"DELETE FROM {table}")  # noqa: S608, a table of ours
    conn.executemany(f"INSERT INTO {table} ({columns}) VALUES ({places})", rows)  # noqa: S608


def _stored(conn: sqlite3.Connection, table: str) -> set[tuple[str | int | None, ...]]:
    query = f"SELECT {_COLUMNS[table]} FROM {table}"  # noqa: S608, both are ours
    return set(tuple_cursor(conn).execute(query))
