"""The derived tables that SQL can say: claims_by_source, and the counts over both."""

from __future__ import annotations

#: Derived is what does not rest on itself, or on itself only as part of a cycle. An accepted
#: assertion is derived only by accepted rows, a proposed one by proposed rows too.
_DERIVED = """NOT EXISTS (
    SELECT 1 FROM assertion_origins AS o
    WHERE o.assertion_id = a.id AND o.root_id = a.id AND o.circular = 0
      AND o.scope = iif(a.state = 'accepted', 'accepted', 'with_proposed')
  )"""

#: What each source says on each claim. Most pairs have one assertion and need no gathering; taking
#: those apart saves a third of the time. Of several, stances come in the order of the design, and
#: the first document is that of the smallest position: position and document travel through min()
#: as one number. CROSS JOIN keeps SQLite to the order written, which is that of the primary key.
CLAIMS_BY_SOURCE = f"""
WITH repeated (claim_id, source_id) AS MATERIALIZED (
  SELECT claim_id, source_id FROM assertions GROUP BY claim_id, source_id HAVING count(*) > 1
)
SELECT
  c.id AS claim_id,
  a.source_id,
  a.stance,
  c.status,
  c.article_id,
  a.said_in_id,
  a.said_on,
  1 AS assertions,
  {_DERIVED} AS derived,
  a.state,
  c.claim_number
FROM claims_by_status AS c CROSS JOIN assertions AS a ON a.claim_id = c.id
LEFT JOIN repeated AS r ON r.claim_id = a.claim_id AND r.source_id = a.source_id
WHERE a.state <> 'rejected' AND r.claim_id IS NULL
UNION ALL
SELECT
  c.id,
  a.source_id,
  CASE WHEN min(a.stance) = max(a.stance) THEN a.stance ELSE (
    SELECT group_concat(stance, ', ') FROM (
      SELECT DISTINCT b.stance FROM assertions AS b
      WHERE b.claim_id = c.id AND b.source_id = a.source_id AND b.state <> 'rejected'
      ORDER BY instr(
        'asserts corroborates echoes disputes denies declines_to_comment retracts', b.stance
      )
    )
  ) END,
  c.status,
  c.article_id,
  min((a.position << 32) | a.said_in_id) & 0xffffffff,
  min(a.said_on),
  count(*),
  min({_DERIVED}),
  min(a.state), -- accepted sorts before proposed
  c.claim_number
FROM repeated AS r
CROSS JOIN claims_by_status AS c ON c.id = r.claim_id
CROSS JOIN assertions AS a ON a.claim_id = r.claim_id AND a.source_id = r.source_id
WHERE a.state <> 'rejected'
GROUP BY c.id, a.source_id
"""  # noqa: S608, no values in it

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
