"""The source page: who it is, how it was graded, what it says, and who repeats it."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from dataclasses import dataclass

from datasette_leaks.store.source_codes import SourceInsight, insights_of_source

from .refs import SourceRef

CLAIMS_SHOWN = 100  # the rest is in the native table, where it can be filtered and paged
INSIGHTS_SHOWN = 200


@dataclass(frozen=True, slots=True)
class GradeLine:
    """A grade as it was given: the raw value on its scale."""

    value: str
    scale: str
    aspect: str
    date: str | None
    given_by: str | None
    document: str | None
    document_slug: str | None
    note: str | None


@dataclass(frozen=True, slots=True)
class Relation:
    """``kind`` is same_as or dependent_on; ``inverse`` true when the other source states it."""

    kind: str
    inverse: bool
    source: SourceRef
    state: str
    note: str | None


@dataclass(frozen=True, slots=True)
class ClaimOfSource:
    """A row of ``claims_by_source`` with the claim's text."""

    claim_id: str
    claim: str
    stance: str
    status: str
    derived: bool
    state: str
    said_on: str | None
    said_in: str | None
    said_in_slug: str | None


@dataclass(frozen=True, slots=True)
class Echo:
    """``claims``: on how many claims the two sources' assertions derive from one another."""

    source: SourceRef
    claims: int


@dataclass(frozen=True, slots=True)
class SourcePage:
    """``echoed_by`` derive from this source, ``echoes`` are those it derives from.

    ``insights`` are the first blocks of the archive's mails that name its code, oldest first.
    """

    id: str
    name: str
    kind: str
    named: bool
    protected: bool
    description: str | None
    aliases: list[str]
    grades: list[GradeLine]
    relations: list[Relation]
    claims_total: int
    statuses: dict[str, int]
    claims: list[ClaimOfSource]
    echoed_by: list[Echo]
    echoes: list[Echo]
    carried: int
    insights: list[SourceInsight]
    insights_total: int

    @property
    def heading(self) -> str:
        """What the page is about, for its title."""
        return self.name


_SOURCE = "SELECT id, name, kind, named, protected, description FROM sources WHERE id = :source"

_ALIASES = "SELECT name FROM source_names WHERE source_id = :source ORDER BY position"

_GRADES = """
SELECT value, scale, aspect, date, given_by, documents.title, documents.slug, source_grades.note
FROM source_grades LEFT JOIN documents ON documents.id = source_grades.document_id
WHERE source_id = :source ORDER BY date, position
"""

_RELATIONS = """
SELECT source_relations.kind, 0, sources.id, sources.name, sources.kind, state, note
FROM source_relations JOIN sources ON sources.id = other_id
WHERE source_id = :source AND state <> 'rejected'
UNION ALL
SELECT source_relations.kind, 1, sources.id, sources.name, sources.kind, state, note
FROM source_relations JOIN sources ON sources.id = source_id
WHERE other_id = :source AND state <> 'rejected'
"""

_STATUSES = """
SELECT status, claims FROM claim_counts
WHERE subject = 'source' AND id = :source AND status <> 'all'
"""

_CLAIMS = """
SELECT claims.id, claims.text, stance, status, derived, claims_by_source.state, said_on,
  documents.title, documents.slug
FROM claims_by_source JOIN claims ON claims.id = claims_by_source.claim_id
LEFT JOIN documents ON documents.id = claims_by_source.said_in_id
WHERE claims_by_source.source_id = :source
ORDER BY claims_by_source.status LIMIT :limit
"""

_ECHOED_BY = """
SELECT sources.id, sources.name, sources.kind, count(DISTINCT later.claim_id) AS n
FROM assertions AS origin
JOIN derivations ON derivations.derived_from_id = origin.id AND derivations.state <> 'rejected'
JOIN assertions AS later ON later.id = derivations.assertion_id AND later.state <> 'rejected'
JOIN sources ON sources.id = later.source_id
WHERE origin.source_id = :source AND later.source_id <> :source
GROUP BY sources.id ORDER BY n DESC, sources.name LIMIT 50
"""

_ECHOES = """
SELECT sources.id, sources.name, sources.kind, count(DISTINCT later.claim_id) AS n
FROM assertions AS later
JOIN derivations ON derivations.assertion_id = later.id AND derivations.state <> 'rejected'
JOIN assertions AS origin ON origin.id = derivations.derived_from_id
JOIN sources ON sources.id = origin.source_id
WHERE later.source_id = :source AND later.state <> 'rejected' AND origin.source_id <> :source
GROUP BY sources.id ORDER BY n DESC, sources.name LIMIT 50
"""

_CARRIED = "SELECT count(DISTINCT assertion_id) FROM reported_by WHERE source_id = :source"


def source_page(
    connection: sqlite3.Connection, source_id: str, also: Collection[str] = ()
) -> SourcePage | None:
    """Everything the page of a source shows, or None when there is no such source.

    ``also``: which of the tables of the archive may be read.
    """
    at = {"source": source_id}
    row = connection.execute(_SOURCE, at).fetchone()
    if row is None:
        return None
    insights = insights_of_source(connection, source_id) if "insights" in also else []
    identifier, name, kind, named, protected, description = row
    statuses = dict(connection.execute(_STATUSES, at))
    return SourcePage(
        id=identifier,
        name=name,
        kind=kind,
        named=bool(named),
        protected=bool(protected),
        description=description,
        aliases=[alias for (alias,) in connection.execute(_ALIASES, at)],
        grades=[GradeLine(*grade) for grade in connection.execute(_GRADES, at)],
        relations=[
            Relation(relation, bool(inverse), SourceRef(other, other_name, other_kind), state, note)
            for relation, inverse, other, other_name, other_kind, state, note in connection.execute(
                _RELATIONS, at
            )
        ],
        claims_total=sum(statuses.values()),
        statuses=statuses,
        claims=[
            ClaimOfSource(claim, text, stance, status, bool(derived), *rest)
            for claim, text, stance, status, derived, *rest in connection.execute(
                _CLAIMS, {**at, "limit": CLAIMS_SHOWN}
            )
        ],
        echoed_by=_echoes(connection, _ECHOED_BY, source_id),
        echoes=_echoes(connection, _ECHOES, source_id),
        carried=connection.execute(_CARRIED, at).fetchone()[0],
        insights=insights[:INSIGHTS_SHOWN],
        insights_total=len(insights),
    )


def _echoes(connection: sqlite3.Connection, sql: str, source_id: str) -> list[Echo]:
    rows = connection.execute(sql, {"source": source_id})
    return [Echo(SourceRef(other, name, kind), n) for other, name, kind, n in rows]
