"""The overview of a leaks database: its articles, what is disputed, and who says what."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from dataclasses import dataclass

from .queue import TABLES as PROPOSALS
from .queue import waiting
from .refs import has_drafts
from .vocabulary import STATUSES

ARTICLES_SHOWN = 20
MATRIX_SOURCES = 30  # rows of the source × status matrix; the rest is in the native table
SHORT_LIST = 6  # claims listed under "disputed" and "rests on one source"


@dataclass(frozen=True, slots=True)
class ArticleLine:
    """An article that is loaded or has claims (others only cite it), with its claims by status."""

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
    """A claim in a short list, with the numbers behind its status.

    ``doubted``: it is corroborated, and an editor doubts that the origins are independent.
    """

    id: str
    claim: str
    status: str
    origins: int
    unidentified: int
    against: int
    doubted: bool
    article: str


@dataclass(frozen=True, slots=True)
class OverviewPage:
    """``statuses`` are the columns in use, in the order of the glossary; ``sources`` counts all.

    ``emails`` is 0, too, where the reader may not see how many there are; ``proposals``, by kind
    and up to 2,001 each, is empty then.
    """

    articles: list[ArticleLine]
    articles_total: int
    claims: int
    sources: int
    documents: int
    documents_loaded: int
    emails: int
    problems: int
    proposals: dict[str, int]
    totals: dict[str, int]
    statuses: list[str]
    matrix: list[MatrixRow]
    disputed: list[ClaimLine]
    single_source: list[ClaimLine]

    @property
    def heading(self) -> str:
        """What the page is about, for its title."""
        return "Claims"


_ARTICLES = """
SELECT documents.id, slug, title, publisher, published, text IS NOT NULL, coalesce(claims, 0)
FROM documents LEFT JOIN claim_counts
  ON subject = 'article' AND claim_counts.id = CAST(documents.id AS TEXT) AND status = 'all'
WHERE kind = 'article' AND (sha256 IS NOT NULL OR claims > 0)
ORDER BY claims DESC, published DESC, title LIMIT :limit
"""

_COUNTS = """
SELECT status, claims FROM claim_counts
WHERE subject = :subject AND id = :id AND status <> 'all'
"""

_MATRIX = """
SELECT sources.id, sources.name, sources.kind, claims
FROM claim_counts JOIN sources ON sources.id = claim_counts.id
WHERE subject = 'source' AND status = 'all' ORDER BY claims DESC LIMIT :limit
"""

_SHORT_LIST = """
SELECT first.id, claim, status, origins, unidentified, against, doubted, documents.title
FROM (
  SELECT id, claim, status, origins, unidentified, against, article_id, claim_number,
    status = 'corroborated' AND independence = 'not_established' AS doubted
  FROM claims_by_status WHERE status = :status ORDER BY claim_number LIMIT 200
) AS first JOIN documents ON documents.id = article_id
ORDER BY against + origins + unidentified DESC, claim_number LIMIT :limit
"""

_SIZES = """
SELECT (SELECT count(*) FROM sources), (SELECT count(*) FROM documents),
  (SELECT count(*) FROM documents LEFT JOIN claim_counts
    ON subject = 'article' AND claim_counts.id = CAST(documents.id AS TEXT) AND status = 'all'
    WHERE kind = 'article' AND (sha256 IS NOT NULL OR claims > 0)),
  (SELECT count(*) FROM documents WHERE sha256 IS NULL), (SELECT count(*) FROM load_problems)
"""


_EMAILS = "SELECT coalesce(sum(messages), 0) FROM mail_months"


def overview_page(connection: sqlite3.Connection, also: Collection[str] = ()) -> OverviewPage:
    """Everything the overview shows. Reads counts from ``claim_counts``, never all the claims.

    ``also``: which of the tables of e-mails and of proposals may be read.
    """
    totals = _counts(connection, "database", "")
    articles = [
        ArticleLine(
            slug=slug,
            title=title,
            publisher=publisher,
            published=published,
            loaded=bool(loaded),
            claims=claims,
            statuses=_counts(connection, "article", str(key)),
        )
        for key, slug, title, publisher, published, loaded, claims in connection.execute(
            _ARTICLES, {"limit": ARTICLES_SHOWN}
        ).fetchall()
    ]
    matrix = [
        MatrixRow(source, name, kind, claims, _counts(connection, "source", source))
        for source, name, kind, claims in connection.execute(
            _MATRIX, {"limit": MATRIX_SOURCES}
        ).fetchall()
    ]
    sources, documents, all_articles, cited, problems = connection.execute(_SIZES).fetchone()
    return OverviewPage(
        articles=articles,
        articles_total=all_articles,
        claims=sum(totals.values()),
        sources=sources,
        documents=documents,
        documents_loaded=documents - cited,
        emails=connection.execute(_EMAILS).fetchone()[0] if "mail_months" in also else 0,
        problems=problems,
        proposals=_proposals(connection, also),
        totals=totals,
        statuses=[status for status in STATUSES if status in totals],
        matrix=matrix,
        disputed=_short_list(connection, "disputed"),
        single_source=_short_list(connection, "single_source"),
    )


def _proposals(connection: sqlite3.Connection, also: Collection[str]) -> dict[str, int]:
    """How many proposals there are by kind; none in a database of before the queue."""
    if set(PROPOSALS.values()) <= set(also) and has_drafts(connection):
        return waiting(connection)
    return {}


def _counts(connection: sqlite3.Connection, subject: str, key: str) -> dict[str, int]:
    """Claims by status of the database, an article or a source."""
    return dict(connection.execute(_COUNTS, {"subject": subject, "id": key}).fetchall())


def _short_list(connection: sqlite3.Connection, status: str) -> list[ClaimLine]:
    rows = connection.execute(_SHORT_LIST, {"status": status, "limit": SHORT_LIST})
    return [
        ClaimLine(claim, text, status, origins, unidentified, against, bool(doubted), article)
        for claim, text, status, origins, unidentified, against, doubted, article in rows
    ]
