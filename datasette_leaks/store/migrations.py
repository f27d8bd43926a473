"""The schema's history, as migrations of sqlite-utils."""

from __future__ import annotations

import sqlite3
from importlib.resources import files

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

migrations = Migrations("datasette-leaks")


def statements(script: str) -> list[str]:
    """The SQL statements of a script, in order; a trigger's body stays in one piece."""
    found = []
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            found.append(statement.strip())
            statement = ""
    return found


def run_script(db: Database, name: str) -> None:
    """Run a file of schema/ statement by statement.

    Not executescript(): it commits first, and a migration must be all or nothing.
    """
    script = files(__package__).joinpath("schema", name).read_text(encoding="utf-8")
    for statement in statements(script):
        db.conn.execute(statement)


@migrations()
def first(db: Database) -> None:
    run_script(db, "0001_first.sql")


@migrations()
def archives(db: Database) -> None:
    run_script(db, "0002_archives.sql")


@migrations()
def drafts(db: Database) -> None:
    run_script(db, "0003_drafts.sql")


def unknown_migrations(db: Database) -> list[str]:
    """Names of migrations the database has had and this version does not know."""
    known = {migration.name for migration in migrations._migrations}
    return [done.name for done in migrations.applied(db) if done.name not in known]
