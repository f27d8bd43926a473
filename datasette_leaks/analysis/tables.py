"""The rows of assertion_origins and claims_by_status, computed from evidence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from datasette_leaks.analysis.basis import NO_EDITOR, Basis, editor_of, overrides
from datasette_leaks.analysis.explain import explain, with_editor
from datasette_leaks.analysis.model import Evidence
from datasette_leaks.analysis.proposals import has_proposals, other_origins, touched_claims
from datasette_leaks.analysis.scope import Scope
from datasette_leaks.analysis.status import weigh_all

#: the columns of assertion_origins, in their order
OriginRow = tuple[str, str, str, str, bool, bool]
#: the columns of claims_by_status, in their order
StatusRow = tuple[
    str, str, str, int, str, int, int, int, int, int, int, str, int, bool, bool, int, str, str, str,
    int, str, int, str,
]  # fmt: skip


class Derived(NamedTuple):
    """The rows that need more than SQL, each table's in order of its primary key."""

    assertion_origins: list[OriginRow]
    claims_by_status: list[StatusRow]


def derive(evidence: Evidence) -> Derived:
    """Compute the derived rows. Rejected claims have none."""
    accepted = Scope(evidence, "accepted")
    origins = _origin_rows(accepted, range(len(accepted.rows)))
    wider: dict[str, tuple[str, int]] = {}
    if has_proposals(evidence):
        proposed = Scope(evidence, "with_proposed")
        origins = sorted(origins + _origin_rows(proposed, other_origins(accepted, proposed)))
        touched = (proposed.claim_rows[id_] for id_ in touched_claims(accepted, proposed))
        wider = {
            claim[0]: (weights.computed_status, len(weights.origins))
            for alike in weigh_all(proposed, touched)
            for claim, weights in alike
        }
    return Derived(origins, sorted(_status_rows(evidence, accepted, wider)))


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
    evidence: Evidence, accepted: Scope, wider: Mapping[str, tuple[str, int]]
) -> Iterator[StatusRow]:
    """A row for each claim; ``wider`` holds status and origins where proposed rows change them."""
    edited = overrides(evidence.reviews)
    basis = Basis(accepted) if edited else None
    claims = (claim for claim in evidence.claims if claim[8] != "rejected")
    for alike in weigh_all(accepted, claims):
        told: dict[tuple[str, str, str | None], str] = {}
        for claim, weights in alike:
            id_, text, number, kind, article, independence, reported, exceeds, state, _ = claim
            computed, origins = weights.computed_status, len(weights.origins)
            alike_in = kind, independence, accepted.voice[id_]
            if alike_in not in told:
                told[alike_in] = explain(claim, weights, accepted)
            editor = NO_EDITOR
            if basis is not None and id_ in edited:
                editor = editor_of(id_, basis.hash(claim), edited)
            yield (
                id_,
                text,
                editor.effective(computed),
                article,
                kind,
                weights.assertions,
                weights.sources,
                origins,
                len(weights.unidentified),
                len(weights.echoes),
                len(weights.against),
                independence,
                reported,
                weights.circular,
                weights.self_inconsistent,
                exceeds,
                computed,
                editor.override,
                *wider.get(id_, (computed, origins)),
                with_editor(told[alike_in], editor),
                number,
                state,
            )
