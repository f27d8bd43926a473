"""The rows of assertion_origins and claims_by_status, computed from evidence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from datasette_leaks.analysis.basis import Basis, editor_of, overrides
from datasette_leaks.analysis.explain import explain
from datasette_leaks.analysis.model import Evidence, Weights
from datasette_leaks.analysis.proposals import has_proposals, other_origins, touched_claims
from datasette_leaks.analysis.scope import Scope
from datasette_leaks.analysis.status import weigh

#: the columns of assertion_origins, in their order
OriginRow = tuple[str, str, str, str, bool, bool]
#: the columns of claims_by_status, in their order
StatusRow = tuple[
    str, str, str, int, str, int, int, int, int, int, int, str, int, bool, bool, int, str, str, str,
    int, str, str, int,
]  # fmt: skip


class Derived(NamedTuple):
    """The rows that need more than SQL, each table's in order of its primary key."""

    assertion_origins: list[OriginRow]
    claims_by_status: list[StatusRow]


def derive(evidence: Evidence) -> Derived:
    """Compute the derived rows. Rejected claims have none."""
    accepted = Scope(evidence, "accepted")
    origins = _origin_rows(accepted, range(len(accepted.rows)))
    wider: dict[str, Weights] = {}
    if has_proposals(evidence):
        proposed = Scope(evidence, "with_proposed")
        origins = sorted(origins + _origin_rows(proposed, other_origins(accepted, proposed)))
        wider = {
            id_: weigh(proposed, proposed.claim_rows[id_])
            for id_ in touched_claims(accepted, proposed)
        }
    return Derived(origins, list(_status_rows(evidence, accepted, wider)))


def _origin_rows(scope: Scope, numbers: Iterable[int]) -> list[OriginRow]:
    """The roots of these assertions, as far as they count."""
    name, facts, roots, counts = scope.name, scope.root_facts(), scope.origins.roots, scope.counts
    return [
        (facts[number][0], name, *facts[root])
        for number in numbers
        if counts[number]
        for root in roots[number]
    ]


def _status_rows(
    evidence: Evidence, accepted: Scope, wider: Mapping[str, Weights]
) -> Iterator[StatusRow]:
    """A row for each claim; ``wider`` holds the weights in which proposed rows count too."""
    basis = Basis(accepted)
    set_by_editors = overrides(evidence.reviews)
    for claim in evidence.claims:
        id_, text, number, kind, article, independence, reported, exceeds, state, _ = claim
        if state == "rejected":
            continue
        weights = weigh(accepted, claim)
        with_proposed = wider.get(id_, weights)
        hash_ = basis.hash(claim)
        editor = editor_of(id_, hash_, set_by_editors)
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
            weights.circular,
            weights.self_inconsistent,
            exceeds,
            weights.computed_status,
            editor.override,
            with_proposed.computed_status,
            len(with_proposed.origins),
            explain(claim, weights, accepted, editor),
            hash_,
            number,
        )
