"""The tables loads and load_problems: what was loaded when, and whether anything is left to do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime, timezone

from sqlite_utils import Database

from datasette_leaks.loaders.records import Problem

from .rows import select


@dataclass(frozen=True, slots=True)
class LastLoad:
    """A row of loads with its problems as (place, found, expected, advice)."""

    id: int
    loader: str
    version: str
    sha256: str
    items: int
    loaded: int
    duplicates: int
    refused: int
    problems: tuple[tuple[str, str, str, str], ...]

    def is_of(self, loader: str, version: str, sha256: str) -> bool:
        """Whether the same loader of the same version had the same bytes."""
        return (self.loader, self.version, self.sha256) == (loader, version, sha256)

    def balance(self, path: str) -> None:
        """Nothing is dropped silently: what the loader gave is what was taken and what was not."""
        if self.items != self.loaded + self.duplicates + self.refused:
            raise RuntimeError(
                f"internal error, please report it: {path} gave {self.items} items, {self.loaded} "
                f"of them loaded, {self.duplicates} duplicates and {self.refused} refused"
            )


def now() -> str:
    """The time, UTC, ISO 8601 to the millisecond."""
    return datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def last_load(db: Database, path: str) -> LastLoad | None:
    """The last load of a recorded path."""
    rows = select(
        db,
        """
        SELECT id, loader, version, sha256, items, loaded, duplicates, refused
        FROM loads WHERE path = :path ORDER BY id DESC LIMIT 1
        """,
        {"path": path},
    )
    if not rows:
        return None
    problems = select(
        db,
        """
        SELECT place, found, expected, advice FROM load_problems
        WHERE load_id = :id ORDER BY id
        """,
        rows[0],
    )
    return LastLoad(**rows[0], problems=tuple(tuple(each.values()) for each in problems))


def is_settled(db: Database, last: LastLoad, path: str) -> bool:
    """Whether loading the same bytes again could change nothing.

    All items were taken, what came of them still comes from this file, and no anchor of its
    dossiers lacks its place in a loaded text.
    """
    if last.duplicates or last.problems:
        return False
    parameters = {"id": last.id, "path": path, "sha256": last.sha256}
    held, open_ends = db.conn.execute(SETTLED, parameters).fetchone()
    return bool(held == last.loaded and not open_ends)


SETTLED = """
WITH own AS (SELECT id FROM dossiers WHERE path = :path AND sha256 = :sha256)
SELECT
  (SELECT count(*) FROM documents WHERE load_id = :id) + (SELECT count(*) FROM own),
  EXISTS (
    SELECT 1 FROM claims JOIN documents ON documents.id = document_id
    WHERE dossier_id IN own AND start IS NULL AND documents.text IS NOT NULL)
  OR EXISTS (
    SELECT 1 FROM assertions JOIN documents ON documents.id = document_id
    WHERE dossier_id IN own AND start IS NULL AND documents.text IS NOT NULL)
"""


def begin_load(db: Database, path: str, loader: str, version: str, sha256: str) -> int:
    """A new row of loads, so that the documents can refer to it; gives its id."""
    cursor = db.conn.execute(
        """
        INSERT INTO loads
          (path, loader, version, sha256, started, finished,
           items, loaded, duplicates, refused, problems)
        VALUES (:path, :loader, :version, :sha256, :now, :now, 0, 0, 0, 0, 0)
        """,
        {"path": path, "loader": loader, "version": version, "sha256": sha256, "now": now()},
    )
    return int(cursor.lastrowid or 0)


def end_load(db: Database, load: LastLoad) -> None:
    """Fill in the counts of a load, and its problems."""
    db.conn.execute(
        """
        UPDATE loads SET finished = :now, items = :items, loaded = :loaded,
          duplicates = :duplicates, refused = :refused, problems = :problems
        WHERE id = :id
        """,
        {
            "id": load.id,
            "now": now(),
            "items": load.items,
            "loaded": load.loaded,
            "duplicates": load.duplicates,
            "refused": load.refused,
            "problems": len(load.problems),
        },
    )
    db.conn.executemany(
        """
        INSERT INTO load_problems (load_id, place, found, expected, advice)
        VALUES (:load_id, :place, :found, :expected, :advice)
        """,
        [
            dict(
                zip(("load_id", "place", "found", "expected", "advice"), (load.id, *p), strict=True)
            )
            for p in load.problems
        ],
    )


# --- archives, of which a load is many transactions ---------------------------------------------


@dataclass(slots=True)
class Counts:
    """What became of an archive's messages so far: ``items`` = loaded + duplicates + refused.

    ``taken`` are the messages that the loader gave; items are these and those inside them.
    """

    taken: int = 0
    items: int = 0
    loaded: int = 0
    duplicates: int = 0
    refused: int = 0


def unfinished(db: Database, load_id: int) -> Counts | None:
    """What a load that has not read its archive to the end has done; None when it has."""
    sql = """
    SELECT taken, items, loaded, duplicates, refused FROM load_progress
    WHERE load_id = :id AND NOT read
    """
    rows = select(db, sql, {"id": load_id})
    return Counts(**rows[0]) if rows else None


def begin_progress(db: Database, load_id: int) -> None:
    """The load has begun and has done nothing."""
    sql = """
    INSERT INTO load_progress (load_id, taken, items, loaded, duplicates, refused, read)
    VALUES (:id, 0, 0, 0, 0, 0, 0)
    """
    db.conn.execute(sql, {"id": load_id})


def note_progress(db: Database, load_id: int, counts: Counts, before: int) -> bool:
    """Write down how far a load is, in the transaction of its rows. ``before``: taken until then.

    False when another program has gone on with the load: this one's rows must not stay.
    """
    sql = """
    UPDATE load_progress SET taken = :taken, items = :items, loaded = :loaded,
      duplicates = :duplicates, refused = :refused
    WHERE load_id = :id AND taken = :before AND NOT read
    """
    values = {"id": load_id, "before": before, **asdict(counts)}
    return db.conn.execute(sql, values).rowcount == 1


def archive_file(db: Database, path: str, load_id: int) -> int:
    """The id of an archive's row of archive_files, which says by which load it was read last."""
    sql = """
    INSERT INTO archive_files (path, load_id) VALUES (:path, :load)
    ON CONFLICT (path) DO UPDATE SET load_id = excluded.load_id WHERE load_id <> excluded.load_id
    """
    db.conn.execute(sql, {"path": path, "load": load_id})
    row = db.conn.execute("SELECT id FROM archive_files WHERE path = :path", {"path": path})
    return int(row.fetchone()[0])


def known_file(db: Database, path: str, load_id: int) -> int | None:
    """The id of an archive's row of archive_files, when an earlier load may have copies there."""
    sql = """
    SELECT archive_files.id FROM archive_files
    WHERE path = :path
      AND EXISTS (SELECT 1 FROM loads WHERE loads.path = :path AND loads.id < :load)
    """
    row = db.conn.execute(sql, {"path": path, "load": load_id}).fetchone()
    return int(row[0]) if row else None


def add_problems(db: Database, load_id: int, problems: Iterable[Problem]) -> None:
    """Record messages that could not be taken."""
    db.conn.executemany(
        """
        INSERT INTO load_problems (load_id, place, found, expected, advice)
        VALUES (?, ?, ?, ?, ?)
        """,
        [(load_id, each.place, each.found, each.expected, each.advice) for each in problems],
    )


def end_reading(db: Database, load_id: int) -> None:
    """All messages are dealt with: the counts go where those of other files are.

    Raises RuntimeError when they do not add up.
    """
    values = {"id": load_id, "now": now()}
    counts = unfinished(db, load_id)
    if counts is None or counts.items != counts.loaded + counts.duplicates + counts.refused:
        raise RuntimeError(f"internal error, please report it: load {load_id} counts {counts}")
    db.conn.execute(
        """
        UPDATE loads SET finished = :now,
          (items, loaded, duplicates, refused) = (
            SELECT items, loaded, duplicates, refused FROM load_progress WHERE load_id = :id),
          problems = (SELECT count(*) FROM load_problems WHERE load_id = :id)
        WHERE id = :id
        """,
        values,
    )
    db.conn.execute("UPDATE load_progress SET read = 1 WHERE load_id = :id", values)


def end_others(db: Database, path: str, load_id: int) -> None:
    """End the other loads of an archive that were stopped, with the counts they have come to.

    Nobody goes on with them: only the last one is looked at, and a program that still writes one
    finds it gone.
    """
    sql = """
    SELECT load_id FROM load_progress JOIN loads ON loads.id = load_id
    WHERE path = :path AND load_id <> :id AND NOT read
    """
    for row in select(db, sql, {"path": path, "id": load_id}):
        end_reading(db, row["load_id"])


def forget_load(db: Database, load_id: int) -> None:
    """Drop the record of a load that came to nothing new."""
    db.conn.execute("DELETE FROM loads WHERE id = :id", {"id": load_id})
