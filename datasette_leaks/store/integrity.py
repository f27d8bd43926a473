"""Whether a database still holds together; nothing is changed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from tempfile import TemporaryDirectory

from sqlite_utils import Database

from datasette_leaks.loaders.anchors import AnchorFinder
from datasette_leaks.loaders.records import Problem

from .archive_finish import missing_indexes, wrong_threads
from .catalogue import Catalogue
from .connection import WAIT, file_name, open_database
from .derived import missing_tables
from .descriptions import wanted
from .links import link_resolutions
from .places import anchor
from .rows import Row, difference, select

RESTORE = "Restore a copy, or load the files into a new database"
RELOAD = "Load the document's file again; if that does not help, the database is damaged"


def check(db: Database) -> list[Problem]:
    """All that is wrong, each with its table and row as ``place``; the ``path`` is the database."""
    if damage := list(_damage(db)):
        return damage  # what a broken file says about the rest is worth nothing
    if gone := missing_tables(db):
        return [_problem(db, name, "the table is missing", advice=RESTORE) for name in gone]
    return [
        *_foreign_keys(db),
        *_search(db),
        *_triggers(db),
        *_documents(db),
        *_unplaced(db),
        *_descriptions(db),
        *_links(db),
        *_loads(db),
        *_archives(db),
    ]


def _problem(db: Database, place: str, found: str, expected: str = "", advice: str = "") -> Problem:
    return Problem(file_name(db), place, found, expected, advice)


def _damage(db: Database) -> Iterator[Problem]:
    for (said,) in db.conn.execute("PRAGMA integrity_check"):
        if said != "ok":
            yield _problem(db, "", said, "a sound SQLite file", "Restore a copy, or load anew")


def _foreign_keys(db: Database) -> Iterator[Problem]:
    for table, rowid, parent, _ in db.conn.execute("PRAGMA foreign_key_check"):
        place = table if rowid is None else f"{table}, rowid {rowid}"
        yield _problem(db, place, f"refers to a row of {parent} that is not there")


def _search(db: Database) -> Iterator[Problem]:
    # The check is written as an insertion, which who may only read is refused. It is undone.
    name = file_name(db)
    found = _broken_indexes(db.conn)
    if _refused(found) and name != ":memory:":
        with closing(sqlite3.connect(name, timeout=WAIT)) as other:
            found = _broken_indexes(other)
    if _refused(found):  # the file is read-only, or another program writes to it
        with TemporaryDirectory() as folder, closing(sqlite3.connect(f"{folder}/copy.db")) as copy:
            db.conn.backup(copy)
            found = _broken_indexes(copy)
    for table, error in found:
        yield _problem(
            db,
            table,
            f"the search index is not that of its table ({error})",
            advice=f"Run INSERT INTO {table} ({table}) VALUES ('rebuild')",  # noqa: S608
        )


def _refused(found: Iterable[tuple[str, sqlite3.DatabaseError]]) -> bool:
    return any(isinstance(error, sqlite3.OperationalError) for _, error in found)


def _broken_indexes(connection: sqlite3.Connection) -> list[tuple[str, sqlite3.DatabaseError]]:
    found = []
    for table in ("documents_fts", "sources_fts", "claims_fts"):
        connection.execute("SAVEPOINT search")
        try:
            # Rank 1 compares with the rows themselves.
            connection.execute(f"INSERT INTO {table} ({table}, rank) VALUES ('integrity-check', 1)")  # noqa: S608
        except sqlite3.DatabaseError as error:
            found.append((table, error))
        finally:
            connection.execute("ROLLBACK TO search")
            connection.execute("RELEASE search")
    return found


def _triggers(db: Database) -> Iterator[Problem]:
    sql = "SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger'"
    there = {row["name"]: row for row in select(db, sql)}
    for row in select(open_database(":memory:", create=True), sql):
        if there.get(row["name"]) != row:
            yield _problem(
                db,
                row["tbl_name"],
                f"the trigger {row['name']} is missing or another one",
                advice="Another tool has rebuilt the table. Load the files into a new database",
            )


def _documents(db: Database) -> Iterator[Problem]:
    for row in db.conn.execute("SELECT id, slug, coalesce(text, '') FROM documents"):
        id, slug, text = row
        yield from _spans(db, id, slug, text)
        yield from _places(db, id, text)


def _spans(db: Database, id: int, slug: str, text: str) -> Iterator[Problem]:
    for table, sql in SPANS.items():
        for row in select(db, sql, {"id": id}):
            place = f"{table}, id {row['id']} (document {slug})"
            if row["end"] > len(text):
                found = f"the span {row['start']} to {row['end']} is outside the text"
                yield _problem(db, place, found, f"at most {len(text)}", RELOAD)
            elif "text" in row and row["text"] != text[row["start"] : row["end"]]:
                there = text[row["start"] : row["end"]]
                yield _problem(
                    db, place, f"the link's text is {row['text']!r}", repr(there), RELOAD
                )


def _places(db: Database, id: int, text: str) -> Iterator[Problem]:
    finder = None
    for table, sql in PLACES.items():
        for row in select(db, sql, {"id": id}):
            place = f"{table}, id {row['id']}"
            at = anchor(row)
            if row["end"] > len(text):
                found = f"the place {row['start']} to {row['end']} is outside the text"
                yield _problem(db, place, found, f"at most {len(text)}", RELOAD)
            elif at is not None:
                finder = finder or AnchorFinder(text)
                if finder.find(at) != (row["start"], row["end"]):
                    there = text[row["start"] : row["end"]]
                    yield _problem(
                        db, place, f"the text at its place is {there[:80]!r}", at.start, RELOAD
                    )


def _unplaced(db: Database) -> Iterator[Problem]:
    for row in select(db, UNPLACED):
        yield _problem(
            db,
            f"{row['kind']}, id {row['id']}",
            f"has no place in {row['slug']}, though its text is loaded",
            "words that stand in the text once",
            f"Correct `at` in dossier {row['dossier_id']} and load it again",
        )
    for row in select(db, ELSEWHERE):
        yield _problem(
            db,
            f"assertions, id {row['id']}",
            "has no anchor of its own, and not the place that it takes from its claim",
            f"the place of {row['claim_id']}, or none where another dossier defines that claim",
            f"Load dossier {row['dossier_id']} again",
        )


def _descriptions(db: Database) -> Iterator[Problem]:
    existing, merged = wanted(db)
    for row in _differing("documents", existing, merged):
        yield _problem(
            db,
            f"documents, id {row['id']}",
            "its columns are not what the file and the dossiers say",
            "what document_descriptions gives",
            "Somebody has changed the row: change the dossier instead, and load it again",
        )


def _links(db: Database) -> Iterator[Problem]:
    for row in _differing("links", *link_resolutions(db, Catalogue(db))):
        yield _problem(
            db,
            f"links, id {row['id']}",
            f"{row['url']!r} is not resolved as the documents are now",
            row["resolution"],
            "Run `datasette leaks load` once more: a load was interrupted",
        )


def _differing(table: str, existing: list[Row], right: Iterable[Row]) -> list[Row]:
    return difference(table, ("id",), existing, right).changed


def _loads(db: Database) -> Iterator[Problem]:
    for row in select(db, MISCOUNTED):
        found = f"counts {row['problems']} problems, and {row['recorded']} are recorded"
        yield _problem(db, f"loads, id {row['id']}", found)


def _archives(db: Database) -> Iterator[Problem]:
    advice = "Run `datasette leaks load` once more, with the archive: a load was interrupted"
    if db.conn.execute("SELECT EXISTS (SELECT 1 FROM load_progress)").fetchone()[0]:
        sql = "SELECT path FROM load_progress JOIN loads ON id = load_id ORDER BY id"
        for (path,) in db.conn.execute(sql):
            yield _problem(db, "load_progress", f"the load of {path} has not ended", advice=advice)
        return  # threads and counts come at the end
    for name in missing_indexes(db):
        yield _problem(db, name, "the index is missing", advice=advice)
    for id, thread in wrong_threads(db):
        found = "is not in the thread that its headers give"
        yield _problem(db, f"emails, document_id {id}", found, str(thread), advice)
    for id, copies, counted in db.conn.execute(MISCOPIED):
        found = f"counts {copies} copies, and {counted} are recorded"
        yield _problem(db, f"emails, document_id {id}", found, advice=RESTORE)


SPANS = {
    "passages": 'SELECT id, start, "end" FROM passages WHERE document_id = :id',
    "links": 'SELECT id, start, "end", text FROM links WHERE document_id = :id',
    "emphases": 'SELECT id, start, "end" FROM emphases WHERE document_id = :id',
    "document_pages": """
    SELECT number AS id, start, "end" FROM document_pages WHERE document_id = :id
    """,
}
SPANS["attributions"] = """
SELECT attributions.id, start, "end" FROM attributions
JOIN extractions ON extractions.id = extraction_id WHERE document_id = :id
"""
SPANS |= {
    table: f'SELECT position AS id, start, "end" FROM {table} WHERE document_id = :id'  # noqa: S608
    for table in ("email_spans", "insights")
}
PLACES = {
    table: f"""
    SELECT id, start, "end",
      anchor_start, anchor_end, anchor_prefix, anchor_suffix, anchor_document
    FROM {table} WHERE document_id = :id AND start IS NOT NULL
    """  # noqa: S608
    for table in ("claims", "assertions")
}
UNPLACED = """
SELECT 'claims' AS kind, claims.id, slug, claims.dossier_id
FROM claims JOIN documents ON documents.id = claims.document_id
WHERE claims.start IS NULL AND documents.text IS NOT NULL
UNION ALL
SELECT 'assertions', assertions.id, slug, assertions.dossier_id
FROM assertions JOIN documents ON documents.id = assertions.document_id
WHERE assertions.start IS NULL AND documents.text IS NOT NULL
  AND assertions.anchor_start IS NOT NULL
"""
ELSEWHERE = """
SELECT assertions.id, claim_id, assertions.dossier_id
FROM assertions
LEFT JOIN claims AS own ON own.id = claim_id AND own.dossier_id = assertions.dossier_id
WHERE assertions.anchor_start IS NULL
  AND (assertions.document_id, assertions.start, assertions."end")
    IS NOT (own.document_id, own.start, own."end")
"""
MISCOPIED = """
SELECT document_id, copies, counted FROM (
  SELECT emails.document_id, copies,
    (SELECT count(*) FROM copies WHERE copies.document_id = emails.document_id) AS counted
  FROM emails)
WHERE copies <> counted
"""
MISCOUNTED = """
SELECT loads.id, problems, count(load_problems.id) AS recorded
FROM loads LEFT JOIN load_problems ON load_id = loads.id
WHERE loads.id NOT IN (SELECT load_progress.load_id FROM load_progress WHERE NOT read)
GROUP BY loads.id HAVING problems <> recorded
"""
