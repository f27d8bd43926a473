"""The rows an analysis needs, read from the tables: all of them, or the closure of one claim.

Both work on any connection that reads, as Datasette gives one.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from typing import Any

from datasette_leaks.analysis.model import Evidence

_SOURCES = "SELECT id, name, kind, named FROM sources"
_SOURCE_RELATIONS = "SELECT source_id, kind, other_id, state FROM source_relations"
_CLAIMS = """
SELECT c.id, c.text, c.number, c.kind, c.article_id, c.independence, c.reported_corroboration,
       c.paraphrase_exceeds_quote, c.state, d.voice_id
FROM claims AS c JOIN documents AS d ON d.id = c.article_id
"""
_CLAIM_RELATIONS = "SELECT claim_id, kind, other_id, state FROM claim_relations"
_ASSERTIONS = "SELECT id, claim_id, source_id, stance, basis, state, said_on FROM assertions"
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


def claim_closure(conn: sqlite3.Connection, claim: str) -> Evidence:
    """The rows that bear on one claim, found by index alone; no claims when there is none.

    Those are the claims whose support or denial reaches it, the claims in tension with it and the
    support of those, what is against any of these, the assertions on all of them, their ancestry,
    what retracts any of it, and the sources of all that with their relations.
    """
    read = tuple_cursor(conn)

    def ids(query: str, start: Iterable[str]) -> set[str]:
        return {row[0] for row in read.execute(query, {"ids": json.dumps(sorted(start))})}

    def rows(query: str, column: str, wanted: Iterable[str]) -> list[Any]:
        where = f"{query} WHERE {column} IN (SELECT value FROM json_each(:ids))"  # noqa: S608
        return read.execute(where, {"ids": json.dumps(sorted(wanted))}).fetchall()

    related = ids(_IN_TENSION, [claim])
    reached = ids(_NARROWER, {claim, *related})
    reached |= ids(_BROADER, reached)
    own = ids(_ASSERTIONS_ON, reached)
    ancestry = ids(_ANCESTRY, own)
    acts = ids(_RETRACTIONS, ancestry)
    assertions = sorted(rows(_ASSERTIONS, "id", ancestry | acts))
    claims = sorted(rows(_CLAIMS, "c.id", reached | {row[1] for row in assertions}))
    speakers = {row[2] for row in assertions} | {row[9] for row in claims if row[9] is not None}
    speakers = ids(_JOINED_SOURCES, speakers)
    return Evidence(
        sources=rows(_SOURCES, "id", speakers),
        source_relations=rows(_SOURCE_RELATIONS, "source_id", speakers),
        claims=claims,
        claim_relations=rows(_CLAIM_RELATIONS, "claim_id", [row[0] for row in claims]),
        assertions=assertions,
        derivations=rows(_DERIVATIONS, "assertion_id", ancestry),
        reviews=rows(_REVIEWS, "claim_id", [claim]),
    )


# CROSS JOIN keeps SQLite to the order written, so that every step is a search by index.
_IN_TENSION = """
SELECT r.other_id FROM json_each(:ids) AS i CROSS JOIN claim_relations AS r ON r.claim_id = i.value
WHERE r.kind = 'in_tension_with'
UNION
SELECT r.claim_id FROM json_each(:ids) AS i CROSS JOIN claim_relations AS r ON r.other_id = i.value
WHERE r.kind = 'in_tension_with'
"""
_NARROWER = """
WITH RECURSIVE reached (id) AS (
  SELECT value FROM json_each(:ids)
  UNION
  SELECT r.claim_id FROM reached CROSS JOIN claim_relations AS r ON r.other_id = reached.id
  WHERE r.kind IN ('narrower_than', 'same_as') AND r.state <> 'rejected'
  UNION
  SELECT r.other_id FROM reached CROSS JOIN claim_relations AS r ON r.claim_id = reached.id
  WHERE r.kind = 'same_as' AND r.state <> 'rejected'
)
SELECT id FROM reached
"""
_BROADER = """
WITH RECURSIVE reached (id) AS (
  SELECT value FROM json_each(:ids)
  UNION
  SELECT r.other_id FROM reached CROSS JOIN claim_relations AS r ON r.claim_id = reached.id
  WHERE r.kind IN ('narrower_than', 'same_as') AND r.state <> 'rejected'
  UNION
  SELECT r.claim_id FROM reached CROSS JOIN claim_relations AS r ON r.other_id = reached.id
  WHERE r.kind = 'same_as' AND r.state <> 'rejected'
)
SELECT id FROM reached
"""
_ASSERTIONS_ON = """
SELECT a.id FROM json_each(:ids) AS i CROSS JOIN assertions AS a ON a.claim_id = i.value
"""
_ANCESTRY = """
WITH RECURSIVE reached (id) AS (
  SELECT value FROM json_each(:ids)
  UNION
  SELECT d.derived_from_id FROM reached CROSS JOIN derivations AS d ON d.assertion_id = reached.id
  WHERE d.state <> 'rejected'
)
SELECT id FROM reached
"""
# On the claims of these assertions and those that are the same.
_RETRACTIONS = """
WITH RECURSIVE reached (id) AS (
  SELECT a.claim_id FROM json_each(:ids) AS i CROSS JOIN assertions AS a ON a.id = i.value
  UNION
  SELECT r.other_id FROM reached CROSS JOIN claim_relations AS r ON r.claim_id = reached.id
  WHERE r.kind = 'same_as' AND r.state <> 'rejected'
  UNION
  SELECT r.claim_id FROM reached CROSS JOIN claim_relations AS r ON r.other_id = reached.id
  WHERE r.kind = 'same_as' AND r.state <> 'rejected'
)
SELECT a.id FROM reached CROSS JOIN assertions AS a ON a.claim_id = reached.id
WHERE +a.stance = 'retracts'
"""
_JOINED_SOURCES = """
WITH RECURSIVE reached (id) AS (
  SELECT value FROM json_each(:ids)
  UNION
  SELECT r.other_id FROM reached CROSS JOIN source_relations AS r ON r.source_id = reached.id
  WHERE r.state <> 'rejected'
  UNION
  SELECT r.source_id FROM reached CROSS JOIN source_relations AS r ON r.other_id = reached.id
  WHERE r.state <> 'rejected'
)
SELECT id FROM reached
"""
