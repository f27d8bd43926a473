"""The claim page: what stands behind one claim, and why it has the status it has."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from datasette_leaks.analysis.assess import claim_evidence
from datasette_leaks.analysis.model import Assessment
from datasette_leaks.loaders.records import Drafted

from .refs import (
    DocumentRef,
    Place,
    SourceRef,
    document_refs,
    draft_columns,
    drafted,
    in_chunks,
    marks_for,
    place,
    source_refs,
)
from .vocabulary import STATUSES

EVIDENCE_SHOWN = 200  # assertions on one page; the rest is in the native table


@dataclass(frozen=True, slots=True)
class Origin:
    """A derivation of an assertion from another one of ``source``."""

    assertion: str
    source: SourceRef
    state: str


@dataclass(frozen=True, slots=True)
class AssertionView:
    """One assertion on the claim, or on another claim whose support or denial counts here.

    ``counts`` says how it counts: for, against, both_sides (against, by an origin that is also in
    favour), voice, no_weight, retracts, retracted, proposed or rejected; ``side`` is for,
    against or other. ``through`` is the text of the claim it was made on when that is another one.
    """

    id: str
    claim_id: str
    through: str | None
    source: SourceRef
    stance: str
    counts: str
    side: str
    cue: str | None
    hedge: str | None
    basis: str
    state: str
    drafted: Drafted | None
    said_on: str | None
    said_in: DocumentRef | None
    place: Place | None
    reported_by: tuple[SourceRef, ...]
    derives_from: tuple[Origin, ...]
    note: str | None

    @property
    def element(self) -> str:
        """Id of its mark in the reading view."""
        return f"said-{self.id}"


@dataclass(frozen=True, slots=True)
class OriginGroup:
    """Sources at the roots that count as one origin. ``side`` is for or against.

    ``both_sides``: it is against as well as in favour, and so not counted against.
    """

    id: str
    side: str
    identified: bool
    circular: bool
    both_sides: bool
    sources: tuple[SourceRef, ...]


@dataclass(frozen=True, slots=True)
class RelatedClaim:
    """``relation`` is a kind of claim relation; ``inverse`` true when the other claim states it.

    ``doubted``: it is corroborated, and an editor doubts that the origins are independent.
    """

    relation: str
    inverse: bool
    id: str
    claim: str
    status: str
    doubted: bool
    state: str
    note: str | None


@dataclass(frozen=True, slots=True)
class Review:
    """An editorial act on the claim."""

    at: str
    reviewer: str
    act: str
    set_status: str | None
    computed_status: str | None
    rationale: str


@dataclass(frozen=True, slots=True)
class ClaimPage:
    """The numbers are those of ``claims_by_status``; ``flags`` the keys of the flags that are set.

    ``reviews`` come newest first.
    """

    id: str
    claim: str
    kind: str
    state: str
    drafted: Drafted | None
    note: str | None
    article: DocumentRef
    publisher: str | None
    place: Place | None
    status: str
    computed_status: str
    override: str
    status_with_proposed: str
    origins_with_proposed: int
    explanation: str
    basis_hash: str
    assertions: int
    sources: int
    origins: int
    unidentified: int
    echoes: int
    against: int
    independence: str
    flags: tuple[str, ...]
    origin_groups: list[OriginGroup]
    evidence: list[AssertionView]
    evidence_total: int
    related: list[RelatedClaim]
    reviews: list[Review]

    @property
    def element(self) -> str:
        """Id of its mark in the reading view."""
        return f"claim-{self.id}"

    @property
    def doubted(self) -> bool:
        """Whether it is corroborated, and an editor doubts that the origins are independent."""
        return self.status == "corroborated" and self.independence == "not_established"

    @property
    def why(self) -> str:
        """The explanation without the status's name, which stands above it on the page."""
        label = f"{STATUSES[self.status].label}: "
        if not self.explanation.startswith(label):
            return self.explanation
        rest = self.explanation[len(label) :]
        return rest[:1].upper() + rest[1:]

    @property
    def heading(self) -> str:
        """What the page is about, for its title: a claim is somebody's, not the site's."""
        said = "proposed" if self.state == "proposed" else STATUSES[self.status].label.lower()
        return f"Claim, {said}: {self.claim}"


_CLAIM = """
SELECT claims.text, claims.kind, claims.state, claims.note, claims.article_id,
  (SELECT publisher FROM documents WHERE documents.id = claims.article_id),
  claims.document_id, claims.start, claims."end",
  status, computed_status, override, status_with_proposed, origins_with_proposed,
  explanation, assertions, sources, origins, unidentified, echoes, against,
  claims_by_status.independence, claims_by_status.reported_corroboration, circular_reporting,
  self_inconsistent, claims_by_status.paraphrase_exceeds_quote, {drafted}
FROM claims JOIN claims_by_status ON claims_by_status.id = claims.id
WHERE claims.id = :claim
"""

_SIDES = {"for": "for", "against": "against", "both_sides": "against"}

_FLAGS = (
    "reported_corroboration", "circular_reporting", "self_inconsistent", "paraphrase_exceeds_quote",
)  # fmt: skip

_ASSERTIONS = """
SELECT id, claim_id, source_id, stance, cue, hedge, basis, state, said_on, said_in_id,
  document_id, start, "end", note, {drafted}
FROM assertions WHERE {where} ORDER BY dossier_id <> ?, dossier_id, position
"""

_REPORTED_BY = """
SELECT assertion_id, source_id FROM reported_by
WHERE assertion_id IN ({marks}) ORDER BY assertion_id, position
"""

_DERIVES_FROM = """
SELECT derivations.assertion_id, derived_from_id, assertions.source_id, derivations.state
FROM derivations JOIN assertions ON assertions.id = derived_from_id
WHERE derivations.assertion_id IN ({marks}) AND derivations.state <> 'rejected'
ORDER BY derivations.assertion_id, derivations.position
"""

_CLAIM_TEXTS = "SELECT id, text FROM claims WHERE id IN ({marks})"

_RELATED = """
SELECT claim_relations.kind, 0, claims.id, claims.text, status,
  status = 'corroborated' AND claims_by_status.independence = 'not_established',
  claim_relations.state, claim_relations.note
FROM claim_relations JOIN claims ON claims.id = other_id
JOIN claims_by_status ON claims_by_status.id = claims.id
WHERE claim_id = :claim AND claim_relations.state <> 'rejected'
UNION ALL
SELECT claim_relations.kind, 1, claims.id, claims.text, status,
  status = 'corroborated' AND claims_by_status.independence = 'not_established',
  claim_relations.state, claim_relations.note
FROM claim_relations JOIN claims ON claims.id = claim_id
JOIN claims_by_status ON claims_by_status.id = claims.id
WHERE other_id = :claim AND claim_relations.state <> 'rejected'
LIMIT 200
"""

_REVIEWS = """
SELECT at, reviewer, act, set_status, computed_status, rationale
FROM reviews WHERE claim_id = :claim ORDER BY id DESC LIMIT 100
"""


def claim_page(connection: sqlite3.Connection, claim_id: str) -> ClaimPage | None:
    """Everything the page of a claim shows, or None when there is no such claim."""
    sql = _CLAIM.format(drafted=draft_columns(connection, "claims"))
    row = connection.execute(sql, {"claim": claim_id}).fetchone()
    if row is None:
        return None
    text, kind, state, note, article, publisher, document, start, end, *numbers = row
    *numbers, reported, circular, inconsistent, exceeds, engine, rule, confidence = numbers
    assessment = claim_evidence(connection, claim_id)
    evidence, total = _evidence(connection, claim_id, assessment)
    documents = document_refs(connection, [key for key in (article, document) if key])
    names = (
        "status", "computed_status", "override", "status_with_proposed", "origins_with_proposed",
        "explanation", "assertions", "sources", "origins", "unidentified", "echoes", "against",
        "independence",
    )  # fmt: skip
    return ClaimPage(
        id=claim_id,
        claim=text,
        kind=kind,
        state=state,
        drafted=drafted(engine, rule, confidence),
        note=note,
        article=documents[article],
        publisher=publisher,
        place=(
            place(connection, (document, documents[document]), start, end)
            if start is not None
            else None
        ),
        **dict(zip(names, numbers, strict=True)),
        basis_hash=assessment.basis_hash,
        flags=tuple(
            flag
            for flag, is_set in zip(
                _FLAGS, (reported, circular, inconsistent, exceeds), strict=True
            )
            if is_set
        ),
        origin_groups=_origin_groups(connection, assessment),
        evidence=evidence,
        evidence_total=total,
        related=[
            RelatedClaim(relation, bool(inverse), other, text, status, bool(doubted), *rest)
            for relation, inverse, other, text, status, doubted, *rest in connection.execute(
                _RELATED, {"claim": claim_id}
            )
        ],
        reviews=[Review(*row) for row in connection.execute(_REVIEWS, {"claim": claim_id})],
    )


def _evidence(
    connection: sqlite3.Connection, claim_id: str, assessment: Assessment
) -> tuple[list[AssertionView], int]:
    """The assertions to show, those on the claim itself first, and how many there are in all."""
    roles = {
        item.id: "both_sides"
        if item.role == "against"
        and all(root.group in assessment.weights.both_sides for root in item.roots)
        else item.role
        for item in assessment.counted
    }
    (own,) = connection.execute("SELECT dossier_id FROM claims WHERE id = ?", [claim_id]).fetchone()
    columns = draft_columns(connection, "assertions")
    sql = _ASSERTIONS.format(where="claim_id = ?", drafted=columns)
    rows = connection.execute(sql, [claim_id, own]).fetchall()
    here = {row[0] for row in rows}
    elsewhere = [key for key in roles if key not in here]
    total = len(rows) + len(elsewhere)
    rows = rows[:EVIDENCE_SHOWN]
    for chunk in in_chunks(elsewhere[: EVIDENCE_SHOWN - len(rows)]):
        sql = _ASSERTIONS.format(where=f"id IN ({marks_for(chunk)})", drafted=columns)
        rows += connection.execute(sql, [*chunk, own]).fetchall()
    ids = [row[0] for row in rows]
    carriers: dict[str, list[str]] = defaultdict(list)
    for assertion, source in _for_each(connection, _REPORTED_BY, ids):
        carriers[assertion].append(source)
    derivations: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    for assertion, *derivation in _for_each(connection, _DERIVES_FROM, ids):
        derivations[assertion].append((derivation[0], derivation[1], derivation[2]))
    claims: dict[str, str] = {}
    for claim, text in _for_each(connection, _CLAIM_TEXTS, (row[1] for row in rows)):
        claims[claim] = text
    sources = source_refs(
        connection,
        [
            *(row[2] for row in rows),
            *(source for chain in carriers.values() for source in chain),
            *(source for found in derivations.values() for _, source, _ in found),
        ],
    )
    documents = document_refs(
        connection, (key for row in rows for key in (row[9], row[10]) if key is not None)
    )
    shown = []
    for row in rows:
        key, claim, source, stance, cue, hedge, basis, state, said_on, said_in = row[:10]
        document, start, end, note, *engine = row[10:]
        counts = roles.get(key, "no_weight") if state == "accepted" else state
        if counts == "no_weight" and stance == "retracts":
            counts = "retracts"
        shown.append(
            AssertionView(
                id=key,
                claim_id=claim,
                through=None if claim == claim_id else claims[claim],
                source=sources[source],
                stance=stance,
                counts=counts,
                side=_SIDES.get(counts, "other"),
                cue=cue,
                hedge=hedge,
                basis=basis,
                state=state,
                drafted=drafted(*engine),
                said_on=said_on,
                said_in=documents[said_in] if said_in is not None else None,
                place=(
                    place(connection, (document, documents[document]), start, end)
                    if start is not None
                    else None
                ),
                reported_by=tuple(sources[carrier] for carrier in carriers[key]),
                derives_from=tuple(
                    Origin(parent, sources[origin], how) for parent, origin, how in derivations[key]
                ),
                note=note,
            )
        )
    return shown, total


def _origin_groups(connection: sqlite3.Connection, assessment: Assessment) -> list[OriginGroup]:
    """The groups at the roots of what counts, those in favour first, then by their size."""
    members: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
    facts: dict[tuple[str, str], tuple[bool, bool]] = {}
    for item in assessment.counted:
        if item.role not in ("for", "against"):
            continue
        for root in item.roots:
            if root.retracted:
                continue
            key = (item.role, root.group)
            members[key][root.source] = None
            identified, circular = facts.get(key, (False, False))
            facts[key] = (identified or root.identified, circular or root.circular)
    sources = source_refs(connection, (source for group in members.values() for source in group))
    groups = [
        OriginGroup(
            group,
            side,
            *facts[side, group],
            side == "against" and group in assessment.weights.both_sides,
            tuple(sources[source] for source in found),
        )
        for (side, group), found in members.items()
    ]
    return sorted(groups, key=lambda group: (group.side != "for", not group.identified, group.id))


def _for_each(
    connection: sqlite3.Connection, sql: str, ids: Iterable[str]
) -> Iterable[tuple[str, ...]]:
    """The rows of ``sql`` for all the ids, whose ``{marks}`` stand in an IN list."""
    for chunk in in_chunks(ids):
        yield from connection.execute(sql.format(marks=marks_for(chunk)), chunk)
