"""The derived tables that SQL can say: claims_by_source, and the counts over both."""

from __future__ import annotations

#: What each source says on each claim. Stances come in the order of the design. The first document
#: is that of the smallest position: position and document travel through min() as one number. An
#: accepted assertion is derived only by accepted rows, a proposed one by proposed rows too.
CLAIMS_BY_SOURCE = """
SELECT
  a.claim_id,
  a.source_id,
  substr(
    CASE WHEN max(a.stance = 'asserts') THEN ', asserts' ELSE '' END
    || CASE WHEN max(a.stance = 'corroborates') THEN ', corroborates' ELSE '' END
    || CASE WHEN max(a.stance = 'echoes') THEN ', echoes' ELSE '' END
    || CASE WHEN max(a.stance = 'disputes') THEN ', disputes' ELSE '' END
    || CASE WHEN max(a.stance = 'denies') THEN ', denies' ELSE '' END
    || CASE WHEN max(a.stance = 'declines_to_comment') THEN ', declines_to_comment' ELSE '' END
    || CASE WHEN max(a.stance = 'retracts') THEN ', retracts' ELSE '' END,
    3
  ) AS stance,
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
  min(a.state) AS state,             -- accepted sorts before proposed
  c.claim_number
FROM assertions AS a JOIN claims_by_status AS c ON c.id = a.claim_id
WHERE a.state <> 'rejected'
GROUP BY a.claim_id, a.source_id
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
