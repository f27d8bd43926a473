"""The rows an analysis needs, read from the tables: all of them, or the closure of one claim.

Both work on any connection that reads, as Datasette gives one.
"""

from __future__ import annotations

import sqlite3

from datasette_leaks.analysis.model import Evidence

_SOURCES = "SELECT id, name, kind, named FROM sources"
_SOURCE_RELATIONS = "SELECT source_id, kind, other_id, state FROM source_relations"
_CLAIMS = """
SELECT c.id, c.text, c.number, c.kind, c.article_id, c.independence, c.reported_corroboration,
       c.paraphrase_exceeds_quote, c.state, d.voice_id
FROM claims AS c JOIN documents AS d ON d.id = c.article_id
"""
_CLAIM_RELATIONS = "SELECT claim_id, kind, other_id, state FROM claim_relations"
_ASSERTIONS = """
SELECT id, claim_id, source_id, stance, basis, state, said_in_id, said_on, position FROM assertions
"""
_DERIVATIONS = "SELECT assertion_id, derived_from_id, state FROM derivations"
_REVIEWS = "SELECT id, act, claim_id, set_status, basis_hash, supersedes_id FROM reviews"


def all_evidence(conn: sqlite3.Connection) -> Evidence:
    """Every row of the judged tables that bears on a status."""
    read = tuple_cursor(conn)
    return Evidence(
        sources=read.execute(_SOURCES).fetchall(),
        source_relations=read.execute(_SOURCE_RELATIONS).fetchall(),
        claims=sorted(read.execute(_CLAIMS)),
        claim_relations=read.execute(_CLAIM_RELATIONS).fetchall(),
        assertions=sorted(read.execute(_ASSERTIONS)),
        derivations=read.execute(_DERIVATIONS).fetchall(),
        reviews=read.execute(_REVIEWS).fetchall(),
    )


def tuple_cursor(conn: sqlite3.Connection) -> sqlite3.Cursor:
    """A cursor that gives plain tuples, whatever the connection's row factory."""
    cursor = conn.cursor()
    cursor.row_factory = None
    return cursor
