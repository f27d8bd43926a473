"""One claim: its status, with every step that leads to it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator

from datasette_leaks.analysis.basis import Basis, editor_of, overrides
from datasette_leaks.analysis.explain import explain, with_editor
from datasette_leaks.analysis.model import Assessment, ClaimRow, Counted, Evidence, Root
from datasette_leaks.analysis.read import claim_closure
from datasette_leaks.analysis.scope import Scope
from datasette_leaks.analysis.status import sides, weigh


def claim_evidence(conn: sqlite3.Connection, claim_id: str, scope: str = "accepted") -> Assessment:
    """The status of one claim as the tables stand, read from its closure by index.

    ``scope`` is accepted or with_proposed. Only reads. Raises LookupError when there is no such
    claim.
    """
    return assess(claim_closure(conn, claim_id), claim_id, scope)


def assess(evidence: Evidence, claim_id: str, scope: str = "accepted") -> Assessment:
    """The status of one claim from evidence that holds its closure.

    Raises LookupError when the claim is not in the evidence.
    """
    accepted = Scope(evidence, "accepted")
    if claim_id not in accepted.claim_rows:
        raise LookupError(f"there is no claim {claim_id!r}")
    chosen = accepted if scope == accepted.name else Scope(evidence, scope)
    claim = accepted.claim_rows[claim_id]
    weights = weigh(chosen, claim)
    basis_hash = Basis(accepted).hash(claim)
    editor = editor_of(claim_id, basis_hash, overrides(evidence.reviews))
    return Assessment(
        claim=claim_id,
        scope=scope,
        status=editor.effective(weights.computed_status),
        override=editor.override,
        weights=weights,
        explanation=with_editor(explain(claim, weights, chosen), editor),
        basis_hash=basis_hash,
        counted=tuple(_counted(chosen, claim)),
    )


def _counted(scope: Scope, claim: ClaimRow) -> Iterator[Counted]:
    favour, contrary = sides(scope, claim[0])
    for role, numbers in (
        ("for", favour.counted),
        ("voice", favour.voiced),
        ("retracted", sorted(favour.withdrawn + favour.voiced_withdrawn)),
        ("retracted", sorted(contrary.withdrawn + contrary.voiced_withdrawn)),
        ("against", contrary.counted),
        ("voice", contrary.voiced),
        ("no_weight", scope.no_weight.get(claim[0], [])),
    ):
        yield from _steps(scope, role, numbers)


def _steps(scope: Scope, role: str, numbers: Iterable[int]) -> Iterator[Counted]:
    for number in numbers:
        id_, through, source, stance, *_ = scope.rows[number]
        yield Counted(
            id=id_,
            source=source,
            stance=stance,
            role=role,
            through=through,
            derived=number in scope.parents,
            roots=tuple(
                Root(
                    id=scope.rows[root][0],
                    source=scope.rows[root][2],
                    group=scope.root_group[root],
                    identified=scope.identified[root],
                    circular=root in scope.origins.cycles,
                    retracted=root in scope.retracted,
                )
                for root in scope.origins.roots[number]
            ),
        )
