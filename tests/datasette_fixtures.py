"""A small leaks database written by hand, for tests of how Datasette shows one.

Three sources on four claims: ``paid`` is asserted by HB2 and echoed by the Post, ``met`` is
asserted by two who depend on each other, ``knew`` is disputed (the denial is of the broader
``corrupt``), ``storm`` is an opinion.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from datasette.app import Datasette

import datasette_leaks

TEXT = "HB2 wrote that they paid three inspectors to look away. The firm denies it all."
SCHEMA = Path(datasette_leaks.__file__).parent / "store" / "schema"

ROWS: dict[str, list[dict[str, object]]] = {
    "documents": [
        {"id": 1, "slug": "article", "title": "Port firm paid", "kind": "article", "text": TEXT},
        {"id": 2, "slug": "letter-17", "title": "Re - inspection", "kind": "email"},
    ],
    "dossiers": [
        {"id": "d", "title": "The letters", "article_id": 1, "path": "d.yaml", "sha256": "00"}
    ],
    "sources": [
        {"id": "hb2", "name": "HB2", "kind": "coded_source", "protected": 1},
        {"id": "post", "name": "The Tidewater Post", "kind": "outlet"},
        {"id": "clerk", "name": "a clerk", "kind": "person", "named": 0},
        {"id": "firm", "name": "The port firm", "kind": "organisation"},
    ],
    "source_names": [{"source_id": "hb2", "position": 0, "name": "the dock manager"}],
    "source_relations": [
        {"source_id": "clerk", "kind": "dependent_on", "other_id": "hb2", "state": "accepted"}
    ],
    "claims": [
        {"id": "corrupt", "text": "The firm was corrupt."},
        {"id": "knew", "text": "The director knew of the bribes."},
        {"id": "met", "text": "They met at the harbour."},
        {"id": "paid", "text": "The firm paid inspectors.", "reported_corroboration": 1},
        {"id": "storm", "text": "It was a disgrace.", "kind": "opinion"},
    ],
    "claim_relations": [
        {"claim_id": "knew", "kind": "narrower_than", "other_id": "corrupt", "state": "accepted"}
    ],
    "assertions": [
        {"claim_id": "paid", "source_id": "hb2", "stance": "asserts", "cue": "wrote"},
        {"claim_id": "paid", "source_id": "post", "stance": "echoes"},
        {"claim_id": "met", "source_id": "hb2", "stance": "asserts"},
        {"claim_id": "met", "source_id": "clerk", "stance": "corroborates"},
        {"claim_id": "knew", "source_id": "hb2", "stance": "asserts"},
        {"claim_id": "corrupt", "source_id": "firm", "stance": "denies"},
    ],
    "derivations": [
        {"assertion_id": "paid--post", "derived_from_id": "paid--hb2", "state": "accepted"}
    ],
    "reported_by": [{"assertion_id": "paid--hb2", "position": 0, "source_id": "post"}],
    "assertion_origins": [
        {"assertion_id": a, "root_id": r, "origin_group": g, "identified": 1, "circular": 0}
        for a, r, g in [
            ("paid--hb2", "paid--hb2", "clerk"),
            ("paid--post", "paid--hb2", "clerk"),
            ("met--hb2", "met--hb2", "clerk"),
            ("met--clerk", "met--clerk", "clerk"),
            ("knew--hb2", "knew--hb2", "clerk"),
            ("corrupt--firm", "corrupt--firm", "firm"),
        ]
    ],
    "claims_by_status": [
        {"id": "corrupt", "status": "disputed", "against": 1, "origins": 1, "sources": 2},
        {"id": "knew", "status": "disputed", "against": 1, "origins": 1, "sources": 2},
        {"id": "met", "status": "single_source", "origins": 1, "sources": 2},
        {"id": "paid", "status": "echoed", "origins": 1, "echoes": 1, "sources": 2},
        {"id": "storm", "status": "not_assessed"},
    ],
}

# Of the columns that must not be empty; the others are 0 or "".
DEFAULTS: dict[str, object] = {
    "named": 1,
    "kind": "statement",
    "article_id": 1,
    "document_id": 1,
    "dossier_id": "d",
    "independence": "presumed",
    "basis": "first_hand",
    "state": "accepted",
    "scope": "accepted",
    "override": "none",
    "explanation": "Because.",
}


def schema_sql() -> str:
    """The SQL of all schema files, in order."""
    return "\n".join(path.read_text() for path in sorted(SCHEMA.glob("*.sql")))


def make_leaks_database(path: Path) -> Path:
    """Write the database to ``path`` and give the path back."""
    connection = sqlite3.connect(path)
    connection.executescript(schema_sql())
    connection.execute("PRAGMA foreign_keys = ON")
    for table, rows in ROWS.items():
        for position, row in enumerate(rows):
            insert(connection, table, complete(connection, table, row, position))
    connection.execute(
        """
        INSERT INTO claims_by_source
        SELECT a.claim_id, a.source_id, a.stance, b.status, b.article_id, a.said_in_id, a.said_on,
               1, a.stance = 'echoes', a.state, b.claim_number
          FROM assertions a JOIN claims_by_status b ON b.id = a.claim_id
        """
    )
    connection.commit()
    connection.close()
    return path


def complete(
    connection: sqlite3.Connection, table: str, row: dict[str, object], position: int
) -> dict[str, object]:
    """A row of ``ROWS`` with what every row of its table has."""
    columns = connection.execute(
        "SELECT name, type FROM pragma_table_info(?) WHERE \"notnull\" AND name <> 'id'", [table]
    )
    full: dict[str, object] = {
        name: DEFAULTS.get(name, 0 if kind == "INTEGER" else "") for name, kind in columns
    }
    full |= {name: position + 1 for name in ("number", "position") if name in full} | row
    if table == "assertions":
        said = {"document_id": 1, "start": 0, "end": 54, "said_in_id": 2, "said_on": "2020-11-09"}
        full |= said | {"id": f"{row['claim_id']}--{row['source_id']}"}
    if table == "claims_by_status":
        claim = connection.execute(
            "SELECT text, number, article_id, kind FROM claims WHERE id = ?", [row["id"]]
        )
        full["claim"], full["claim_number"], full["article_id"], full["kind"] = claim.fetchone()
        full |= {"computed_status": row["status"], "status_with_proposed": row["status"]}
    return full


def insert(connection: sqlite3.Connection, table: str, row: dict[str, object]) -> None:
    """Insert one row."""
    names = ", ".join(f'"{name}"' for name in row)
    marks = ", ".join("?" for _ in row)
    connection.execute(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', list(row.values()))


async def started(*paths: Path, **arguments: object) -> Datasette:
    """A Datasette that has started, over the given databases."""
    datasette = Datasette([str(path) for path in paths], **arguments)
    await datasette.invoke_startup()
    return datasette
