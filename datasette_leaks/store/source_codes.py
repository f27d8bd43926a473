"""What an archive has of a source, found by the code it goes by."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass

from datasette_leaks.loaders.stratfor import code_key


@dataclass(frozen=True, slots=True)
class SourceInsight:
    """An INSIGHT block that names a source: its document, and its values as written.

    ``sent`` is when the mail was sent, ISO 8601 UTC, None where that is not known. ``start`` and
    ``end`` are code points of the document's text. Grades (``reliability``, ``credibility``) are of
    no known scale. Where ``via`` has the source's own code, the source only passed it on.
    """

    document_id: int
    slug: str
    title: str
    sent: str | None
    start: int
    end: int
    code: str | None
    via: str | None
    attribution: str | None
    description: str | None
    publication: str | None
    reliability: str | None
    credibility: str | None
    special_handling: str | None
    source_handler: str | None
    distribution: str | None


def source_keys(connection: sqlite3.Connection, source_id: str) -> list[str]:
    """The codes that a source's id, name and other names are, in the form that compares, sorted.

    Empty for a source that goes by no code, and for one that is not there.
    """
    names = connection.execute(NAMES, {"source": source_id}).fetchall()
    return sorted({key for (name,) in names if (key := code_key(name))})


def insights_of_source(connection: sqlite3.Connection, source_id: str) -> list[SourceInsight]:
    """The INSIGHT blocks of the loaded mails that have a code of this source, oldest first.

    Those of unknown date come last. A forwarded block is there once for each mail it is in.
    """
    keys = json.dumps(source_keys(connection, source_id))
    rows = connection.execute(INSIGHTS, {"keys": keys})
    return [SourceInsight(*row) for row in rows]


NAMES = """
SELECT id FROM sources WHERE id = :source
UNION ALL
SELECT name FROM sources WHERE id = :source
UNION ALL
SELECT name FROM source_names WHERE source_id = :source
"""
INSIGHTS = """
SELECT
  insights.document_id, documents.slug, documents.title, insights.sent,
  insights.start, insights."end", insights.code, insights.via,
  insights.attribution, insights.description, insights.publication,
  insights.reliability, insights.credibility,
  insights.special_handling, insights.source_handler, insights.distribution
FROM insights
JOIN documents ON documents.id = insights.document_id
WHERE insights."key" IN (SELECT value FROM json_each(:keys))
ORDER BY insights.sent IS NULL, insights.sent, insights.document_id, insights.position
"""
