"""The rows of assertion_origins and claims_by_status, computed from evidence."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from datasette_leaks.analysis.basis import Basis, editor_of, overrides
from datasette_leaks.analysis.explain import explain
from datasette_leaks.analysis.model import Evidence
from datasette_leaks.analysis.scope import Scope
from datasette_leaks.analysis.status import weigh

#: assertion_id, root_id, origin_group, identified, circular, scope
OriginRow = tuple[str, str, str, int, int, str]
#: the columns of claims_by_status, in their order
StatusRow = tuple[
    str, str, str, int, str, int, int, int, int, int, int, str, int, int, int, int, str, str, str,
    int, str, str, int,
]  # fmt: skip


class Derived(NamedTuple):
    """The rows that need more than SQL, each table's in order of its primary key."""

    assertion_origins: list[OriginRow]
    claims_by_status: list[StatusRow]


def derive(evidence: Evidence) -> Derived:
    """Compute the derived rows. Rejected claims have none."""
    accepted = Scope(evidence, "accepted")
    proposed = accepted if _nothing_proposed(evidence) else Scope(evidence, "with_proposed")
    return Derived(
        list(_origin_rows(accepted, proposed)),
        list(_status_rows(evidence, accepted, proposed)),
    )


def _nothing_proposed(evidence: Evidence) -> bool:
    return not any(
        row[place] == "proposed"
        for rows, place in (
            (evidence.source_relations, 3),
            (evidence.claims, 8),
            (evidence.claim_relations, 3),
            (evidence.assertions, 5),
            (evidence.derivations, 2),
        )
        for row in rows
    )


def _status_rows(evidence: Evidence, accepted: Scope, proposed: Scope) -> Iterator[StatusRow]:
    basis = Basis(accepted)
    set_by_editors = overrides(evidence.reviews)
    names = {row[0]: row[1] for row in evidence.sources}
    for claim in evidence.claims:
        if claim[8] == "rejected":
            continue
        weights = weigh(accepted, claim)
        wider = weights if proposed is accepted else weigh(proposed, claim)
        hash_ = basis.hash(claim)
        editor = editor_of(claim[0], hash_, set_by_editors)
        id_, text, number, kind, article, independence, reported, exceeds, _, _ = claim
        yield (
            id_,
            text,
            editor.effective(weights.computed_status),
            article,
            kind,
            weights.assertions,
            weights.sources,
            len(weights.origins),
            len(weights.unidentified),
            len(weights.echoes),
            len(weights.against),
            independence,
            reported,
            int(weights.circular),
            int(weights.self_inconsistent),
            exceeds,
            weights.computed_status,
            editor.override,
            wider.computed_status,
            len(wider.origins),
            explain(claim, weights, names, editor),
            hash_,
            number,
        )


def _origin_rows(accepted: Scope, proposed: Scope) -> Iterator[OriginRow]:
    """The roots of each accepted assertion; once more where proposed rows change them."""
    for number, (id_, *_) in enumerate(accepted.rows):
        rows = _origins_of(accepted, number) if id_ in accepted.number else []
        yield from rows
        if proposed is not accepted and id_ in proposed.number:
            wider = _origins_of(proposed, number)
            if [row[1:5] for row in wider] != [row[1:5] for row in rows]:
                yield from wider


def _origins_of(scope: Scope, number: int) -> list[OriginRow]:
    id_ = scope.rows[number][0]
    return [
        (
            id_,
            scope.rows[root][0],
            scope.root_group[root],
            int(scope.identified[root]),
            int(root in scope.origins.cycles),
            scope.name,
        )
        for root in scope.origins.roots[number]
    ]
