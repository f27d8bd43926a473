"""Rewrite the derived tables from the judged ones, or say where they differ."""

from __future__ import annotations

import gc
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain

from sqlite_utils import Database

from datasette_leaks.analysis.aggregates import CLAIM_COUNTS, CLAIMS_BY_SOURCE
from datasette_leaks.analysis.read import all_evidence, tuple_cursor
from datasette_leaks.analysis.tables import derive
from datasette_leaks.store.connection import writing
from datasette_leaks.store.derived import missing_derived, restore_derived

_NAMED = 20  # differing rows that stale() names
_BATCH = 200  # rows a statement; 4,600 values at most, where SQLite takes 32,766
_CACHE = 64 * 1024  # KiB; with SQLite's usual 2,000 it writes pages out and reads them again

Row = tuple["str | int | None", ...]


@dataclass(frozen=True, slots=True)
class _Table:
    """A derived table: its columns, and the places of its primary key's in their order."""

    name: str
    columns: str
    key: tuple[int, ...]

    @property
    def select(self) -> str:
        """All rows in order of the primary key."""
        key = ", ".join(self.columns.split(", ")[place] for place in self.key)
        return f"SELECT {self.columns} FROM {self.name} ORDER BY {key}"  # noqa: S608, our names

    @property
    def insert(self) -> str:
        """The start of a statement that inserts rows."""
        return f"INSERT INTO {self.name} ({self.columns}) "


_ORIGINS = _Table(
    "assertion_origins",
    "assertion_id, scope, root_id, origin_group, identified, circular",
    (0, 1, 2),
)
_STATUS = _Table(
    "claims_by_status",
    "id, claim, status, article_id, kind, assertions, sources, origins, unidentified, echoes, "
    "against, independence, reported_corroboration, circular_reporting, self_inconsistent, "
    "paraphrase_exceeds_quote, computed_status, override, status_with_proposed, "
    "origins_with_proposed, explanation, claim_number, state",
    (0,),
)
_SOURCE = _Table(
    "claims_by_source",
    "claim_id, source_id, stance, status, article_id, said_in_id, said_on, assertions, derived, "
    "state, claim_number",
    (0, 1),
)
#: A claim that is itself proposed has no status yet, whatever the rules would say.
_TOTALS = """
SELECT iif(state = 'proposed', 'proposed', status), count(*) FROM claims_by_status GROUP BY 1
"""
_COUNTS = _Table("claim_counts", "subject, id, status, claims", (0, 1, 2))

#: In this order: each reads those before it.
_BY_SQL = ((_SOURCE, CLAIMS_BY_SOURCE), (_COUNTS, CLAIM_COUNTS))


@dataclass(frozen=True, slots=True)
class Summary:
    """What an analysis found: claims with a status, accepted assertions, claims by status.

    ``changed`` is false when the derived tables already said so and nothing was written.
    """

    claims: int
    assertions: int
    by_status: dict[str, int]
    changed: bool


def analyse(db: Database) -> Summary:
    """Bring the derived tables up to date in one transaction; write nothing if they are."""
    conn = db.conn
    with _quick(conn), writing(db), _no_collection():
        changed = restore_derived(db)
        evidence = all_evidence(conn)
        fresh = derive(evidence)
        for table, rows in ((_ORIGINS, fresh.assertion_origins), (_STATUS, fresh.claims_by_status)):
            if _rows(conn, table.select) != rows:
                changed = True
                _replace(conn, table, rows)
        for table, query in _BY_SQL:
            if changed or _differs(conn, table, query):
                _empty(conn, table)
                with _indexes_aside(conn, table):
                    conn.execute(table.insert + query)
                changed = True
        by_status = _rows(conn, _TOTALS)
    return Summary(
        claims=len(fresh.claims_by_status),
        assertions=sum(row[5] == "accepted" for row in evidence.assertions),
        by_status={str(status): int(count or 0) for status, count in by_status},
        changed=changed,
    )


def stale(db: Database) -> list[str]:
    """Rows of the derived tables that differ from what the judged tables give, 20 at most.

    Each as ``table, key: missing``, ``…: out of date`` or ``…: left over``. Where somebody has
    dropped a whole table, that is all that is said: ``table is missing``. Only reads.
    """
    if gone := missing_derived(db):
        return [f"{name} is missing" for name in gone]
    conn = db.conn
    fresh = derive(all_evidence(conn))
    found = _differences(conn, _ORIGINS, fresh.assertion_origins)
    found += _differences(conn, _STATUS, fresh.claims_by_status)
    for table, query in _BY_SQL:
        found += _differences(conn, table, _rows(conn, query))
    return found[:_NAMED]


def _differences(conn: sqlite3.Connection, table: _Table, rows: Sequence[Row]) -> list[str]:
    stored, wanted = set(_rows(conn, table.select)), set(rows)
    old = {tuple(str(row[place]) for place in table.key) for row in stored - wanted}
    new = {tuple(str(row[place]) for place in table.key) for row in wanted - stored}
    return [
        f"{table.name}, {' / '.join(key)}: "
        + ("missing" if key not in old else "left over" if key not in new else "out of date")
        for key in sorted(old | new)
    ]


@contextmanager
def _quick(conn: sqlite3.Connection) -> Iterator[None]:
    """Write without checking foreign keys, and with room for what is written.

    Every derived row is made from rows read in the same transaction, so what it refers to is there.
    SQLite takes neither setting back or on inside a transaction; a caller's own keeps its.
    """
    read = tuple_cursor(conn)
    before = {
        name: read.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("foreign_keys", "cache_size")
    }
    conn.execute("PRAGMA foreign_keys = OFF")
    conn.execute(f"PRAGMA cache_size = {-_CACHE}")
    try:
        yield
    finally:
        for name, value in before.items():
            conn.execute(f"PRAGMA {name} = {value}")


@contextmanager
def _no_collection() -> Iterator[None]:
    """Hold the cyclic collector: hundreds of thousands of tuples, and no cycle among them."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


@contextmanager
def _indexes_aside(conn: sqlite3.Connection, table: _Table) -> Iterator[None]:
    """Drop the table's indexes and make them again: sorting once is cheaper than keeping order.

    Inside the transaction, so that a failure brings them back as well.
    """
    query = "SELECT name, sql FROM sqlite_master WHERE tbl_name = ? AND sql LIKE 'CREATE INDEX%'"
    found = tuple_cursor(conn).execute(query, [table.name]).fetchall()
    for name, _ in found:
        conn.execute(f"DROP INDEX {name}")
    yield
    for _, sql in found:
        conn.execute(sql)


def _rows(conn: sqlite3.Connection, query: str) -> list[Row]:
    return tuple_cursor(conn).execute(query).fetchall()


def _differs(conn: sqlite3.Connection, table: _Table, query: str) -> bool:
    """Whether the table holds other rows than the query gives."""
    stored = f"SELECT {table.columns} FROM {table.name}"  # noqa: S608, our names
    wanted = f"SELECT * FROM ({query})"  # noqa: S608
    return bool(
        _rows(conn, f"{wanted} EXCEPT {stored} LIMIT 1")
        or _rows(conn, f"{stored} EXCEPT {wanted} LIMIT 1")
    )


def _empty(conn: sqlite3.Connection, table: _Table) -> None:
    conn.execute(f"DELETE FROM {table.name}")  # noqa: S608, our names


def _replace(conn: sqlite3.Connection, table: _Table, rows: Sequence[Row]) -> None:
    """Write all rows, many a statement: starting a statement costs more than writing a row."""
    row = f"({', '.join('?' * (table.columns.count(',') + 1))})"
    _empty(conn, table)
    with _indexes_aside(conn, table):
        full = len(rows) - len(rows) % _BATCH
        conn.executemany(
            f"{table.insert} VALUES {', '.join([row] * _BATCH)}",
            (tuple(chain(*rows[at : at + _BATCH])) for at in range(0, full, _BATCH)),
        )
        conn.executemany(f"{table.insert} VALUES {row}", rows[full:])
