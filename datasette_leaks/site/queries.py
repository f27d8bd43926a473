"""Canned queries of every leaks database: questions that the table pages do not answer alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

from datasette_leaks import compat
from datasette_leaks.compat import Actor, Query
from datasette_leaks.site.detect import leaks_columns

if TYPE_CHECKING:
    from datasette.app import Datasette

NOT_TRUTH = " A status says what stands behind a claim, never whether it is true."

QUERIES: Mapping[str, Query] = {
    "echoed_claims": Query(
        title="One origin, repeated",
        description="Claims that rest on a single origin and are repeated by others: the 1,000 "
        "most repeated." + NOT_TRUTH,
        tables=("claims_by_status", "claims_by_source", "sources"),
        sql="""
SELECT b.id AS claim_id, b.claim, b.echoes,
       (SELECT group_concat(s.name, ', ')
          FROM claims_by_source c JOIN sources s ON s.id = c.source_id
         WHERE c.claim_id = b.id AND c.derived = 0 AND c.state = 'accepted') AS said_by,
       (SELECT group_concat(s.name, ', ')
          FROM claims_by_source c JOIN sources s ON s.id = c.source_id
         WHERE c.claim_id = b.id AND c.derived = 1 AND c.state = 'accepted') AS repeated_by
  FROM (SELECT * FROM claims_by_status WHERE status = 'echoed'
         ORDER BY echoes DESC, claim_number LIMIT 1000) b
 ORDER BY b.echoes DESC, b.claim_number
""",
    ),
    "said_by_source": Query(
        title="All a source said",
        description="Every stance a source takes, with the words in which we read it. Give the "
        "source's id, name or alias.",
        params=("source",),
        tables=(
            "assertions",
            "claims",
            "claims_by_status",
            "documents",
            "source_names",
            "sources",
        ),
        sql="""
SELECT a.claim_id, c.text AS claim, b.status, a.stance, a.cue, a.state, a.said_on,
       said.title AS said_in, read.title AS read_in,
       leaks_passage(read.text, a.start, a."end", 60) AS words
  FROM assertions a
  JOIN claims c ON c.id = a.claim_id
  LEFT JOIN claims_by_status b ON b.id = a.claim_id
  LEFT JOIN documents said ON said.id = a.said_in_id
  LEFT JOIN documents read ON read.id = a.document_id
 WHERE a.source_id IN (
         SELECT id FROM sources WHERE id = :source OR name = :source COLLATE NOCASE
         UNION
         SELECT source_id FROM source_names WHERE name = :source COLLATE NOCASE)
 ORDER BY c.number, a.position
""",
    ),
    "shared_origins": Query(
        title="Several sources, one origin",
        description="Claims on which two or more sources go back to the same origin: they count "
        "once.",
        tables=("assertion_origins", "assertions", "claims", "sources"),
        sql="""
SELECT a.claim_id, c.text AS claim, o.origin_group,
       count(DISTINCT a.source_id) AS sources,
       (SELECT group_concat(name, ', ') FROM sources
         WHERE id IN (SELECT x.source_id
                        FROM assertions x JOIN assertion_origins y ON y.assertion_id = x.id
                       WHERE x.claim_id = a.claim_id AND y.scope = o.scope
                         AND y.origin_group = o.origin_group)) AS who
  FROM assertion_origins o
  JOIN assertions a ON a.id = o.assertion_id
  JOIN claims c ON c.id = a.claim_id
 WHERE o.scope = 'accepted'
 GROUP BY a.claim_id, o.origin_group
HAVING count(DISTINCT a.source_id) > 1
 ORDER BY sources DESC, c.number
""",
    ),
    "disputed_claims": Query(
        title="Disputed claims, both sides",
        description="Who is for and who is against, for the first 1,000 disputed claims. Support "
        "for a narrower claim counts for it, a denial of a broader one against it; said_of then "
        "names that claim. All that is recorded is listed; what does not count, such as what was "
        "withdrawn, is on the claim's page." + NOT_TRUTH,
        tables=("assertions", "claim_relations", "claims", "claims_by_status", "sources"),
        sql="""
WITH RECURSIVE
disputed (id) AS (
  SELECT id FROM claims_by_status WHERE status = 'disputed' ORDER BY claim_number LIMIT 1000
),
below (claim_id, id) AS (
  SELECT id, id FROM disputed
  UNION
  SELECT below.claim_id, r.claim_id
    FROM below JOIN claim_relations r ON r.other_id = below.id
   WHERE r.kind IN ('narrower_than', 'same_as') AND r.state = 'accepted'
  UNION
  SELECT below.claim_id, r.other_id
    FROM below JOIN claim_relations r ON r.claim_id = below.id
   WHERE r.kind = 'same_as' AND r.state = 'accepted'
),
above (claim_id, id) AS (
  SELECT id, id FROM disputed
  UNION
  SELECT above.claim_id, r.other_id
    FROM above JOIN claim_relations r ON r.claim_id = above.id
   WHERE r.kind IN ('narrower_than', 'same_as') AND r.state = 'accepted'
  UNION
  SELECT above.claim_id, r.claim_id
    FROM above JOIN claim_relations r ON r.other_id = above.id
   WHERE r.kind = 'same_as' AND r.state = 'accepted'
),
sides (claim_id, side, assertion_id) AS (
  SELECT below.claim_id, 'for', a.id
    FROM below JOIN assertions a ON a.claim_id = below.id JOIN claims m ON m.id = below.id
   WHERE +a.stance IN ('asserts', 'corroborates', 'echoes') AND a.state = 'accepted'
     AND (m.id = below.claim_id OR m.kind = 'statement') -- an opinion supports no other claim
  UNION ALL
  SELECT above.claim_id, 'against', a.id
    FROM above JOIN assertions a ON a.claim_id = above.id
   WHERE +a.stance IN ('disputes', 'denies') AND a.state = 'accepted'
)
SELECT sides.claim_id, c.text AS claim, sides.side, s.name AS source, a.stance, a.cue,
       CASE WHEN a.claim_id <> sides.claim_id THEN spoken.text END AS said_of
  FROM sides
  JOIN claims c ON c.id = sides.claim_id
  JOIN assertions a ON a.id = sides.assertion_id
  JOIN claims spoken ON spoken.id = a.claim_id
  JOIN sources s ON s.id = a.source_id
 ORDER BY c.number, sides.side DESC, a.position
""",
    ),
    "confirmed_by_nobody": Query(
        title="Said to be confirmed, by nobody named",
        description="Claims of which the text says that they were confirmed, without naming who "
        "did." + NOT_TRUTH,
        tables=("claims", "claims_by_status"),
        sql="""
SELECT c.id AS claim_id, c.text AS claim, b.status, b.origins, b.unidentified, b.explanation
  FROM claims c
  JOIN claims_by_status b ON b.id = c.id
 WHERE c.reported_corroboration = 1
 ORDER BY c.number
""",
    ),
    "what_proposals_change": Query(
        title="What the proposals would change",
        description="Claims whose status would be another one if all proposed rows were accepted."
        + NOT_TRUTH,
        tables=("claims_by_status",),
        sql="""
SELECT id AS claim_id, claim, computed_status, status_with_proposed, origins,
       origins_with_proposed
  FROM claims_by_status
 WHERE status_with_proposed <> computed_status
 ORDER BY claim_number
""",
    ),
    "two_runs": Query(
        title="What two engines read",
        description="Two runs over one document, side by side: attributions that both have, where "
        "their words overlap, and those that one alone has. Give the ids of two rows of "
        "extractions. Nobody has checked them.",
        params=("first", "second"),
        tables=("attributions", "documents", "extractions"),
        sql="""
WITH runs (first, second, text) AS (
  SELECT x.id, y.id, d.text
    FROM extractions x
    JOIN extractions y ON y.id = :second AND y.document_id = x.document_id
    JOIN documents d ON d.id = x.document_id
   WHERE x.id = :first
)
SELECT CASE WHEN b.id IS NULL THEN 'first' ELSE 'both' END AS found_by,
       a.kind, b.kind AS second_kind, a.speaker, b.speaker AS second_speaker, a.rule,
       b.rule AS second_rule, leaks_passage(runs.text, a.start, a."end", 60) AS words, a.start
  FROM runs
  JOIN attributions a ON a.extraction_id = runs.first
  LEFT JOIN attributions b
    ON b.extraction_id = runs.second AND b.start < a."end" AND b."end" > a.start
 UNION ALL
SELECT 'second', NULL, b.kind, NULL, b.speaker, NULL, b.rule,
       leaks_passage(runs.text, b.start, b."end", 60), b.start
  FROM runs
  JOIN attributions b ON b.extraction_id = runs.second
 WHERE NOT EXISTS (
         SELECT 1 FROM attributions a
          WHERE a.extraction_id = runs.first AND a.start < b."end" AND a."end" > b.start)
 ORDER BY start
""",
    ),
    "editors_overrides": Query(
        title="Where an editor set the status",
        description="Claims with an editor's status, in force or gone stale because the evidence "
        "has changed, beside the one the rules give." + NOT_TRUTH,
        tables=("claims_by_status", "reviews"),
        sql="""
SELECT b.id AS claim_id, b.claim, b.override, r.set_status, b.computed_status, r.reviewer, r.at,
       r.rationale
  FROM claims_by_status b
  JOIN reviews r ON r.id = (
         SELECT max(id) FROM reviews WHERE claim_id = b.id AND act = 'set_status')
 WHERE b.override <> 'none'
 ORDER BY b.claim_number
""",
    ),
    "carriers": Query(
        title="Who carried what to us",
        description="Sources that passed on what others said, with the number of assertions and "
        "claims they carried.",
        tables=("assertions", "reported_by", "sources"),
        sql="""
SELECT s.id AS source_id, s.name, s.kind, count(*) AS assertions,
       count(DISTINCT a.claim_id) AS claims, count(DISTINCT a.source_id) AS sources
  FROM reported_by r
  JOIN assertions a ON a.id = r.assertion_id
  JOIN sources s ON s.id = r.source_id
 GROUP BY s.id
 ORDER BY claims DESC, s.name
""",
    ),
}


def runnable(present: Mapping[str, Any]) -> dict[str, Query]:
    """The queries whose tables are all among ``present``; a published copy may lack some."""
    return {name: query for name, query in QUERIES.items() if present.keys() >= set(query.tables)}


async def offered(datasette: Datasette, database: str) -> dict[str, dict[str, Any]]:
    """Answer to Datasette 0.65's hook ``canned_queries``."""
    present = await leaks_columns(datasette.databases[database])
    return compat.canned_queries(datasette, database, runnable(present))


async def closed(
    datasette: Datasette, actor: Actor, action: str, resource: Any
) -> Literal[False] | None:
    """Answer to Datasette 0.65's hook ``permission_allowed``, for our queries only."""
    if action != "view-query":
        return None
    database, name = resource
    if name not in await offered(datasette, database):
        return None
    return await compat.closed_query(datasette, actor, database, QUERIES[name])


async def store(datasette: Datasette) -> None:
    """At start-up: add the queries to the leaks databases of Datasette 1.0."""
    for name, db in datasette.databases.items():
        if present := await leaks_columns(db):
            await compat.add_queries(datasette, name, runnable(present))
