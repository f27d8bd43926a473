"""Proposals, each with what an editor needs to judge it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from datasette_leaks.loaders.records import Drafted

from .refs import (
    DocumentRef,
    Place,
    SourceRef,
    document_refs,
    drafted,
    in_chunks,
    marks_for,
    place,
    source_refs,
)


class Written(NamedTuple):
    """The dossier that holds a row; ``line`` of its file, where that is known."""

    dossier: str
    path: str
    line: int | None


class ClaimRef(NamedTuple):
    """A claim as a proposal names it. ``state``: accepted, proposed or rejected."""

    id: str
    claim: str
    state: str


@dataclass(frozen=True, slots=True)
class ProposedAssertion:
    """A stance that ``source`` may take. ``marked``: the reading view marks its place."""

    id: str
    claim: ClaimRef
    source: SourceRef
    stance: str
    cue: str | None
    hedge: str | None
    note: str | None
    drafted: Drafted | None
    place: Place | None
    marked: bool
    written: Written

    @property
    def element(self) -> str:
        """Id of its mark in the reading view."""
        return f"said-{self.id}"


@dataclass(frozen=True, slots=True)
class ProposedClaim:
    """A claim that ``article`` may make, of ``kind`` statement, opinion and so on."""

    id: str
    claim: str
    kind: str
    article: DocumentRef
    note: str | None
    drafted: Drafted | None
    place: Place | None
    written: Written

    @property
    def element(self) -> str:
        """Id of its mark in the reading view."""
        return f"claim-{self.id}"


@dataclass(frozen=True, slots=True)
class ProposedDerivation:
    """What ``source`` says on ``claim`` may derive from what ``from_source`` says."""

    id: int
    source: SourceRef
    claim: ClaimRef
    from_source: SourceRef
    from_claim: ClaimRef
    note: str | None
    written: Written


@dataclass(frozen=True, slots=True)
class ProposedClaimRelation:
    """``relation`` is a kind of claim relation between ``claim`` and ``other``."""

    id: int
    relation: str
    claim: ClaimRef
    other: ClaimRef
    note: str | None
    written: Written


@dataclass(frozen=True, slots=True)
class ProposedSourceRelation:
    """``relation`` is same_as or dependent_on."""

    id: int
    relation: str
    source: SourceRef
    other: SourceRef
    note: str | None
    written: Written


Proposal = (
    ProposedAssertion
    | ProposedClaim
    | ProposedDerivation
    | ProposedClaimRelation
    | ProposedSourceRelation
)


def _rows(
    connection: sqlite3.Connection, sql: str, keys: Iterable[str | int]
) -> list[tuple[Any, ...]]:
    """The rows whose first column is one of the keys, in the order of the keys."""
    found = {}
    wanted = list(keys)
    for chunk in in_chunks(wanted):
        for row in connection.execute(sql.format(marks=marks_for(chunk)), chunk):
            found[row[0]] = row
    return [found[key] for key in wanted if key in found]


_ASSERTIONS = """
SELECT assertions.id, claims.id, claims.text, claims.state, source_id, stance, cue, hedge,
  assertions.note, assertions.engine, assertions.rule, assertions.confidence,
  assertions.document_id, assertions.start, assertions."end", dossiers.id, path, assertions.line
FROM assertions JOIN claims ON claims.id = claim_id
JOIN dossiers ON dossiers.id = assertions.dossier_id
WHERE assertions.id IN ({marks})
"""

_CLAIMS = """
SELECT claims.id, text, kind, claims.article_id, claims.note, engine, rule, confidence, document_id,
  start, "end", dossiers.id, path, line
FROM claims JOIN dossiers ON dossiers.id = dossier_id WHERE claims.id IN ({marks})
"""

_DERIVATIONS = """
SELECT derivations.id, own.source_id, c.id, c.text, c.state, other.source_id, d.id, d.text, d.state,
  derivations.note, dossiers.id, path, own.line
FROM derivations JOIN assertions AS own ON own.id = assertion_id
JOIN claims AS c ON c.id = own.claim_id
JOIN assertions AS other ON other.id = derived_from_id
JOIN claims AS d ON d.id = other.claim_id
JOIN dossiers ON dossiers.id = own.dossier_id
WHERE derivations.id IN ({marks})
"""

_CLAIM_RELATIONS = """
SELECT claim_relations.id, claim_relations.kind, c.id, c.text, c.state, d.id, d.text, d.state,
  claim_relations.note, dossiers.id, path, c.line
FROM claim_relations JOIN claims AS c ON c.id = claim_id
JOIN claims AS d ON d.id = other_id JOIN dossiers ON dossiers.id = c.dossier_id
WHERE claim_relations.id IN ({marks})
"""

_SOURCE_RELATIONS = """
SELECT source_relations.id, source_relations.kind, source_id, other_id, source_relations.note,
  dossiers.id, path, NULL
FROM source_relations JOIN sources ON sources.id = source_id
JOIN dossiers ON dossiers.id = dossier_id WHERE source_relations.id IN ({marks})
"""


def _assertions(connection: sqlite3.Connection, keys: Collection[str | int]) -> list[Proposal]:
    rows = _rows(connection, _ASSERTIONS, keys)
    sources = source_refs(connection, (row[4] for row in rows))
    documents = document_refs(connection, (row[12] for row in rows if row[13] is not None))
    found: list[Proposal] = []
    for key, *row in rows:
        claim = ClaimRef(*row[:3])
        source, stance, cue, hedge, note, *engine = row[3:11]
        found.append(
            ProposedAssertion(
                id=key,
                claim=claim,
                source=sources[source],
                stance=stance,
                cue=cue,
                hedge=hedge,
                note=note,
                drafted=drafted(*engine),
                place=_place(connection, documents, *row[11:14]),
                marked=claim.state != "rejected",
                written=Written(*row[14:]),
            )
        )
    return found


def _claims(connection: sqlite3.Connection, keys: Collection[str | int]) -> list[Proposal]:
    rows = _rows(connection, _CLAIMS, keys)
    documents = document_refs(
        connection, (key for row in rows for key in (row[3], row[8]) if key is not None)
    )
    return [
        ProposedClaim(
            id=row[0],
            claim=row[1],
            kind=row[2],
            article=documents[row[3]],
            note=row[4],
            drafted=drafted(*row[5:8]),
            place=_place(connection, documents, *row[8:11]),
            written=Written(*row[11:]),
        )
        for row in rows
    ]


def _derivations(connection: sqlite3.Connection, keys: Collection[str | int]) -> list[Proposal]:
    rows = _rows(connection, _DERIVATIONS, keys)
    sources = source_refs(connection, (key for row in rows for key in (row[1], row[5])))
    return [
        ProposedDerivation(
            id=row[0],
            source=sources[row[1]],
            claim=ClaimRef(*row[2:5]),
            from_source=sources[row[5]],
            from_claim=ClaimRef(*row[6:9]),
            note=row[9],
            written=Written(*row[10:]),
        )
        for row in rows
    ]


def _claim_relations(connection: sqlite3.Connection, keys: Collection[str | int]) -> list[Proposal]:
    return [
        ProposedClaimRelation(
            row[0], row[1], ClaimRef(*row[2:5]), ClaimRef(*row[5:8]), row[8], Written(*row[9:])
        )
        for row in _rows(connection, _CLAIM_RELATIONS, keys)
    ]


def _source_relations(
    connection: sqlite3.Connection, keys: Collection[str | int]
) -> list[Proposal]:
    rows = _rows(connection, _SOURCE_RELATIONS, keys)
    sources = source_refs(connection, (key for row in rows for key in (row[2], row[3])))
    return [
        ProposedSourceRelation(
            row[0], row[1], sources[row[2]], sources[row[3]], row[4], Written(*row[5:])
        )
        for row in rows
    ]


def _place(
    connection: sqlite3.Connection,
    documents: Mapping[int, DocumentRef],
    document: int | None,
    start: int | None,
    end: int | None,
) -> Place | None:
    if document is None or start is None or end is None:
        return None
    return place(connection, (document, documents[document]), start, end)


#: By kind of the queue: what reads the proposals with these ids, in their order.
READERS: Mapping[str, Callable[[sqlite3.Connection, Collection[str | int]], list[Proposal]]] = {
    "assertions": _assertions,
    "claims": _claims,
    "derivations": _derivations,
    "claim-relations": _claim_relations,
    "source-relations": _source_relations,
}
