"""Which databases are leaks databases, and which of our tables and columns each holds."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from datasette.database import Database

REQUIRED = frozenset(
    {"documents", "sources", "claims", "assertions", "claims_by_status", "claims_by_source"}
)

Columns = Mapping[str, tuple[str, ...]]

# Schema version (None: immutable, so never read again) and tables, as last seen.
_seen: WeakKeyDictionary[Database, tuple[int | None, Columns]] = WeakKeyDictionary()


def _schema_version(conn: sqlite3.Connection) -> int:
    return int(conn.execute("PRAGMA schema_version").fetchone()[0])


def _columns(conn: sqlite3.Connection) -> tuple[int, Columns]:
    version = _schema_version(conn)
    names = {row[0] for row in conn.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if not names >= REQUIRED:
        return version, {}
    columns = {
        name: tuple(row[0] for row in conn.execute("SELECT name FROM pragma_table_info(?)", [name]))
        for name in sorted(names)
    }
    # Others may well have tables of these names, but not one with this column.
    return version, columns if "status_with_proposed" in columns["claims_by_status"] else {}


async def leaks_columns(db: Database) -> Columns:
    """The columns of every table of a leaks database; empty for any other database.

    A published copy may lack tables and columns, hence this look at what is there. The answer is
    kept per database until its schema changes.
    """
    seen = _seen.get(db)
    if seen is not None:
        version, columns = seen
        if version is None or version == await db.execute_fn(_schema_version):
            return columns
    try:
        found: tuple[int, Columns] = await db.execute_fn(_columns)
    except sqlite3.DatabaseError:  # locked or damaged: Datasette says so on that database's page
        return {}
    _seen[db] = (found[0] if db.is_mutable else None, found[1])
    return found[1]


async def is_leaks_database(db: Database) -> bool:
    """Whether the database holds the tables that claims by source and by status are read from."""
    return bool(await leaks_columns(db))


def known_columns(db: Database) -> Columns:
    """What ``leaks_columns`` last found, for hooks that cannot wait; empty before."""
    seen = _seen.get(db)
    return seen[1] if seen is not None else {}
