"""The derived tables: which there are, and making those again that somebody has dropped."""

from __future__ import annotations

from sqlite_utils import Database

from .connection import open_database
from .rows import Row, select

DERIVED = ("assertion_origins", "claims_by_status", "claims_by_source", "claim_counts")


def missing_tables(db: Database) -> list[str]:
    """The loaded and judged tables that the database has not. Only reads."""
    there = {row["name"] for row in _schema(db)} | {*DERIVED}
    wanted = [row["name"] for row in _schema(_model()) if row["type"] == "table"]
    return [name for name in wanted if name not in there and "_fts" not in name]


def missing_derived(db: Database) -> list[str]:
    """The derived tables that the database has not. Only reads."""
    there = {row["name"] for row in _schema(db)}
    return [name for name in DERIVED if name not in there]


def restore_derived(db: Database) -> bool:
    """Make missing derived tables again, empty, in the caller's transaction; whether any was."""
    gone = missing_derived(db)
    if gone:
        for row in _schema(_model()):
            if row["tbl_name"] in gone and row["sql"]:
                db.conn.execute(row["sql"])
    return bool(gone)


def _model() -> Database:
    """An empty database as all migrations make it: the schema files alone may not say all."""
    return open_database(":memory:", create=True)


def _schema(db: Database) -> list[Row]:
    return select(db, "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY rowid")
