"""Opening a database, and saying in plain words why it cannot be used."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from sqlite_utils import Database

from .files import shown
from .migrations import migrations, unknown_migrations

PAGE_SIZE = 16384  # bytes; texts are long, and fewer overflow pages make reading them cheaper
WAIT = 5.0  # seconds for another writer to finish


class StoreError(Exception):
    """The database cannot be used; the message says why and what to do."""


class BusyError(StoreError):
    """Another program is writing to the database, and did not finish in time."""


def open_database(
    path: str | Path, *, create: bool = False, read_only: bool = False, wait: float = WAIT
) -> Database:
    """Open the database at ``path`` (or ``":memory:"``) and bring its schema up to date.

    With ``create`` a missing file is made; without it the file must be there and have been made
    by datasette-leaks. With ``read_only`` nothing of it can be changed, so its schema must be up to
    date. ``wait`` is in seconds. Raises StoreError.
    """
    name = str(path)
    new = name == ":memory:" or not Path(name).exists() or Path(name).stat().st_size == 0
    if new and not create:
        raise StoreError(f"{name}: there is no such database. Make one with `datasette leaks load`")
    where = os.path.abspath(name)
    if shown(where) != where:  # SQLite gives the names of its files back as UTF-8
        raise StoreError(f"{shown(where)}: its path is not UTF-8. Rename the file or its folder")
    with plain_errors(name):
        # sqlite3 closes the connection when the variable goes, so no error leaves a file locked.
        if read_only:
            uri = f"{Path(name).absolute().as_uri()}?mode=ro"
            connection = sqlite3.connect(uri, timeout=wait, uri=True)
        else:
            connection = sqlite3.connect(name, timeout=wait)
        if new:  # of an old file, page size and journal mode are its owner's choice
            connection.execute(f"PRAGMA page_size = {PAGE_SIZE}")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        db = Database(connection)
        unknown = unknown_migrations(db)
        if unknown:
            raise StoreError(
                f"{name}: made by a newer datasette-leaks (it has had {', '.join(unknown)}). "
                "Upgrade with `pip install -U datasette-leaks`"
            )
        if not create and not migrations.applied(db):
            raise StoreError(
                f"{name}: is not a datasette-leaks database. Make one with `datasette leaks load`"
            )
        if migrations.pending(db):
            if read_only:
                raise StoreError(
                    f"{name}: made by an older datasette-leaks. Bring it up to date: load or "
                    f"analyse it once (`datasette leaks analyse {name}`)"
                )
            with writing(db):  # apply() looks again: another program may have been quicker
                migrations.apply(db)
    return db


@contextmanager
def writing(db: Database) -> Iterator[None]:
    """One transaction that takes the write lock at its start; rolls back on any error.

    Inside another one it only goes along. Raises StoreError when the database is locked by
    another writer, read-only or full.
    """
    if db.conn.in_transaction:
        yield
        return
    with plain_errors(file_name(db)):
        db.conn.execute("BEGIN IMMEDIATE")
        try:
            yield
            db.conn.execute("COMMIT")
        finally:
            if db.conn.in_transaction:
                db.conn.execute("ROLLBACK")


@contextmanager
def only_when_loaded(path: Path) -> Iterator[None]:
    """Delete a file made inside again when an error comes before anything was loaded into it.

    Half a schema would look like somebody's database to whoever finds it.
    """
    new = not path.exists()
    try:
        yield
    except BusyError:
        raise  # the other program may have made the file too, and needs it
    except BaseException:
        if new and path.exists() and not _has_loads(path):
            with suppress(OSError):  # the error that brought us here says more
                path.unlink()
        raise


def _has_loads(path: Path) -> bool:
    try:
        with closing(sqlite3.connect(path, timeout=WAIT)) as connection:
            connection.execute("BEGIN EXCLUSIVE")
            row = connection.execute("SELECT EXISTS (SELECT 1 FROM loads)").fetchone()
        return bool(row[0])
    except sqlite3.Error as error:
        return "no such table" not in str(error)  # who knows: another program may be at it


def file_name(db: Database) -> str:
    """The file of the database, ``":memory:"`` when it has none."""
    row = db.conn.execute("SELECT file FROM pragma_database_list WHERE name = 'main'").fetchone()
    return str(row[0]) if row and row[0] else ":memory:"


@contextmanager
def plain_errors(name: str) -> Iterator[None]:
    """Turn what SQLite says about the file into a StoreError that says what to do."""
    try:
        yield
    except sqlite3.OperationalError as error:
        said = str(error)
        for words, meaning in MEANINGS:
            if words in said:
                kind = BusyError if words == "locked" else StoreError
                raise kind(f"{name}: {meaning}") from error
        raise
    except sqlite3.DatabaseError as error:
        if type(error) is not sqlite3.DatabaseError:  # its subclasses are about what we wrote
            raise
        raise StoreError(f"{name}: is not an SQLite database, or is damaged ({error})") from error


MEANINGS = (
    ("locked", "another program is writing to it. Wait until it has finished, then run this again"),
    ("readonly", "is read-only. Make the file and its folder writable, or use a copy"),
    ("disk is full", "the disk is full. Make room and run this again; what was written stays"),
    ("disk I/O error", "the disk has failed, or refuses to be written. Look at it, or use another"),
    ("unable to open", "cannot be opened. Check that its folder exists and is writable"),
    (
        "already exists",
        "has tables of the same names that datasette-leaks did not make. Use a new file",
    ),
)
