"""The tables loads and load_problems: what was loaded when, and whether anything is left to do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timezone

from sqlite_utils import Database

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
