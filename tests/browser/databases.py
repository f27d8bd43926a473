"""The databases that the browser visits beside the invented example."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlite_utils import Database

from datasette_leaks.analysis.assess import claim_evidence
from datasette_leaks.analysis.run import analyse
from datasette_leaks.plugins import all_loaders
from datasette_leaks.store.connection import open_database
from datasette_leaks.store.loading import load_paths

STRATFOR = Path(__file__).parents[2] / "examples" / "stratfor-2012" / "dossier.yaml"


def build(path: Path, *files: Path) -> Path:
    """A new database at ``path`` of the files, analysed. Every one must load without a problem."""
    db = open_database(path, create=True)
    report = load_paths(db, files, all_loaders())
    problems = [problem for file in report.files for problem in file.problems]
    assert problems == []
    analyse(db)
    db.close()
    return path


def stratfor_without_text(folder: Path) -> Path:
    """The first case's claims, as everybody has them who has not got the article's text."""
    return build(folder / "stratfor-2012.db", STRATFOR)


def reviewed(folder: Path, example: Path) -> Path:
    """The example with an editor's status on two claims, one in force and one gone stale."""
    path = folder / "reviewed.db"
    shutil.copy(example, path)
    db = Database(path)
    seen = claim_evidence(db.conn, "six-cranes").basis_hash
    for claim, evidence in (("six-cranes", seen), ("hush-order", "of other evidence")):
        db.execute(
            """
            INSERT INTO reviews
              (at, reviewer, act, claim_id, set_status, computed_status, basis_hash, rationale)
            SELECT '2021-04-01T10:00:00Z', 'Ada Quill', 'set_status', id, 'disputed',
              computed_status, :evidence, 'A reader showed us the roster.'
            FROM claims_by_status WHERE id = :claim
            """,
            {"claim": claim, "evidence": evidence},
        )
    db.conn.commit()
    analyse(db)
    db.close()
    return path


def stranger(folder: Path) -> Path:
    """A database of somebody else's, whose columns have names of ours."""
    path = folder / "other.db"
    with closing(sqlite3.connect(path)) as conn:
        conn.executescript(
            """
            CREATE TABLE sources (id TEXT PRIMARY KEY, name TEXT);
            CREATE TABLE claims (id TEXT PRIMARY KEY, text TEXT, status TEXT,
              source_id TEXT REFERENCES sources (id));
            INSERT INTO sources VALUES ('a', 'An insurer');
            INSERT INTO claims VALUES ('1', 'A dented bumper', 'disputed', 'a');
            """
        )
    return path
