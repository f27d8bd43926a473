"""The overview of a leaks database: its articles, what is disputed, and who says what."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from dataclasses import dataclass

from .vocabulary import STATUSES

MATRIX_SOURCES = 40  # rows of the source × status matrix; the rest is in the native table
SHORT_LIST = 6  # claims listed under "disputed" and "rests on one source"


@dataclass(frozen=True, slots=True)
class ArticleLine:
    """An article with the number of its claims by status."""

    slug: str
    title: str
    publisher: str | None
    published: str | None
    loaded: bool
    claims: int
    statuses: dict[str, int]


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """A source with the number of claims it speaks on, by their status."""

    source_id: str
    source: str
    kind: str
    claims: int
    statuses: dict[str, int]


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """A claim in a short list, with the numbers behind its status."""

    id: str
    claim: str
    status: str
    origins: int
    unidentified: int
    against: int
    article: str


@dataclass(frozen=True, slots=True)
class OverviewPage:
    """``statuses`` are the columns in use, in the order of the glossary; ``sources`` counts all."""

    articles: list[ArticleLine]
    claims: int
    sources: int
    documents: int
    documents_loaded: int
    problems: int
    totals: dict[str, int]
    statuses: list[str]
    matrix: list[MatrixRow]
    disputed: list[ClaimLine]
    single_source: list[ClaimLine]


_ARTICLES = """
SELECT id, slug, title, publisher, published, text IS NOT NULL
FROM documents WHERE kind = 'article' ORDER BY published DESC, title
"""

# claim_counts is derived: a few rows an article and source, whatever the number of claims.
_BY_ARTICLE = "SELECT article_id, status, claims FROM claim_counts WHERE source_id = ''"

_MATRIX = """
SELECT claim_counts.source_id, sources.name, sources.kind, sum(claim_counts.claims) AS total
FROM claim_counts JOIN sources ON sources.id = claim_counts.source_id
GROUP BY claim_counts.source_id ORDER BY total DESC, sources.name LIMIT :limit
"""

_CELLS = """
SELECT status, sum(claims) FROM claim_counts WHERE source_id = :source GROUP BY status
"""

_SHORT_LIST = """
SELECT claims_by_status.id, claim, status, origins, unidentified, against, documents.title
FROM claims_by_status JOIN documents ON documents.id = claims_by_status.article_id
WHERE status = :status LIMIT :limit
"""

_COUNTS = """
SELECT (SELECT count(*) FROM sources), (SELECT count(*) FROM documents),
  (SELECT count(*) FROM documents WHERE sha256 IS NOT NULL), (SELECT count(*) FROM load_problems)
"""


def overview_page(connection: sqlite3.Connection) -> OverviewPage:
    """Everything the overview shows. Reads counts from ``claim_counts``, never all the claims."""
    by_article: dict[int, dict[str, int]] = defaultdict(dict)
    totals: dict[str, int] = defaultdict(int)
    for article, status, claims in connection.execute(_BY_ARTICLE):
        by_article[article][status] = claims
        totals[status] += claims
    articles = [
        ArticleLine(
            slug=slug,
            title=title,
            publisher=publisher,
            published=published,
            loaded=bool(loaded),
            claims=sum(by_article[document].values()),
            statuses=by_article[document],
        )
        for document, slug, title, publisher, published, loaded in connection.execute(_ARTICLES)
    ]
    matrix = []
    for source, name, kind, claims in connection.execute(_MATRIX, {"limit": MATRIX_SOURCES}):
        cells = dict(connection.execute(_CELLS, {"source": source}))
        matrix.append(MatrixRow(source, name, kind, claims, cells))
    sources, documents, loaded_documents, problems = connection.execute(_COUNTS).fetchone()
    return OverviewPage(
        articles=articles,
        claims=sum(totals.values()),
        sources=sources,
        documents=documents,
        documents_loaded=loaded_documents,
        problems=problems,
        totals=dict(totals),
        statuses=[status for status in STATUSES if totals.get(status)],
        matrix=matrix,
        disputed=_short_list(connection, "disputed"),
        single_source=_short_list(connection, "single_source"),
    )


def _short_list(connection: sqlite3.Connection, status: str) -> list[ClaimLine]:
    rows = connection.execute(_SHORT_LIST, {"status": status, "limit": SHORT_LIST})
    return [ClaimLine(*row) for row in rows]
