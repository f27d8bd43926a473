"""The derived tables that SQL can say: claims_by_source, and the counts over both."""

from __future__ import annotations

#: What each source says on each claim. Stances come in the order of the design. The first document
#: is that of the smallest position: position and document travel through min() as one number. An
#: accepted assertion is derived only by accepted rows, a proposed one by proposed rows too.
#: CROSS JOIN lets the index on (claim_id, source_id) do the grouping.
CLAIMS_BY_SOURCE = """
SELECT
  c.id AS claim_id,
  a.source_id,
  CASE WHEN min(a.stance) = max(a.stance) THEN a.stance ELSE (
    SELECT group_concat(stance, ', ') FROM (
      SELECT DISTINCT b.stance FROM assertions AS b
      WHERE b.claim_id = c.id AND b.source_id = a.source_id AND b.state <> 'rejected'
      ORDER BY instr(
        'asserts corroborates echoes disputes denies declines_to_comment retracts', b.stance
      )
    )
  ) END AS stance,
  c.status,
  c.article_id,
  min((a.position << 32) | a.said_in_id) & 0xffffffff AS said_in_id,
  min(a.said_on) AS said_on,
  count(*) AS assertions,
  min(EXISTS (
    SELECT 1 FROM derivations AS d JOIN assertions AS p ON p.id = d.derived_from_id
    WHERE d.assertion_id = a.id
      AND d.state IN ('accepted', a.state) AND p.state IN ('accepted', a.state)
  )) AS derived,
  min(a.state) AS state, -- accepted sorts before proposed
  c.claim_number
FROM claims_by_status AS c CROSS JOIN assertions AS a ON a.claim_id = c.id
WHERE a.state <> 'rejected'
GROUP BY c.id, a.source_id
"""

#: Claims by status, and all of them: in the database, an article, and where a source speaks.
CLAIM_COUNTS = """
WITH counts (subject, id, status, claims) AS (
  SELECT 'database', '', status, count(*) FROM claims_by_status GROUP BY status
  UNION ALL
  SELECT 'article', CAST(article_id AS TEXT), status, count(*) FROM claims_by_status
  GROUP BY article_id, status
  UNION ALL
  SELECT 'source', source_id, status, count(*) FROM claims_by_source GROUP BY source_id, status
)
SELECT subject, id, status, claims FROM counts
UNION ALL
SELECT subject, id, 'all', sum(claims) FROM counts GROUP BY subject, id
"""
