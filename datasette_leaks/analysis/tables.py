"""The rows of the derived tables, computed from evidence."""

from __future__ import annotations

from collections import Counter
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
#: the columns of claims_by_source, in their order
SourceStatusRow = tuple[
    str, str, str, str, int, "int | None", "str | None", int, int, str, int
]  # fmt: skip
#: subject (database, article or source), its id, status or 'all', claims
CountRow = tuple[str, str, str, int]

_STANCES = (
    "asserts", "corroborates", "echoes", "disputes", "denies", "declines_to_comment", "retracts",
)  # fmt: skip


class Derived(NamedTuple):
    """The rows of the derived tables, each in order of its primary key."""

    assertion_origins: list[OriginRow]
    claims_by_status: list[StatusRow]
    claims_by_source: list[SourceStatusRow]
    claim_counts: list[CountRow]


def derive(evidence: Evidence) -> Derived:
    """Compute every derived row. Rejected claims have none."""
    accepted = Scope(evidence, "accepted")
    proposed = accepted if _nothing_proposed(evidence) else Scope(evidence, "with_proposed")
    status = list(_status_rows(evidence, accepted, proposed))
    by_source = list(_source_rows(accepted, proposed, {row[0]: row[2] for row in status}))
    return Derived(
        sorted(_origin_rows(accepted, proposed)),
        status,
        by_source,
        list(_count_rows(status, by_source)),
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
    for number in accepted.number.values():
        yield from _origins_of(accepted, number)
    if proposed is accepted:
        return
    for id_, number in proposed.number.items():
        rows = [row[1:5] for row in _origins_of(proposed, number)]
        before = (
            [row[1:5] for row in _origins_of(accepted, number)] if id_ in accepted.number else None
        )
        if rows != before:
            yield from _origins_of(proposed, number)


def _origins_of(scope: Scope, number: int) -> Iterator[OriginRow]:
    id_ = scope.rows[number][0]
    for root in scope.origins.roots[number]:
        yield (
            id_,
            scope.rows[root][0],
            scope.root_group[root],
            int(scope.identified[root]),
            int(root in scope.origins.cycles),
            scope.name,
        )


def _source_rows(
    accepted: Scope, proposed: Scope, statuses: dict[str, str]
) -> Iterator[SourceStatusRow]:
    pairs: dict[tuple[str, str], list[int]] = {}
    for number in proposed.number.values():
        _, claim, source, *_ = proposed.rows[number]
        pairs.setdefault((claim, source), []).append(number)
    for (claim, source), numbers in sorted(pairs.items()):
        if claim not in statuses:
            continue
        rows = [proposed.rows[number] for number in numbers]
        rows.sort(key=lambda row: (row[8], row[0]))
        stances = {row[3] for row in rows}
        _, _, claim_number, _, article, *_ = proposed.claim_rows[claim]
        yield (
            claim,
            source,
            ", ".join(stance for stance in _STANCES if stance in stances),
            statuses[claim],
            article,
            next((row[6] for row in rows if row[6] is not None), None),
            min((row[7] for row in rows if row[7] is not None), default=None),
            len(rows),
            int(all(number in proposed.parents for number in numbers)),
            "accepted" if any(row[5] == "accepted" for row in rows) else "proposed",
            claim_number,
        )


def _count_rows(status: list[StatusRow], by_source: list[SourceStatusRow]) -> Iterator[CountRow]:
    for subject, counts in (
        ("article", Counter((row[3], row[2]) for row in status)),
        ("database", Counter(("", row[2]) for row in status)),
        ("source", Counter((row[1], row[3]) for row in by_source)),
    ):
        totals: Counter[str | int] = Counter()
        for (id_, _), claims in counts.items():
            totals[id_] += claims
        rows = [(subject, str(id_), name, claims) for (id_, name), claims in counts.items()]
        yield from sorted(rows + [(subject, str(id_), "all", n) for id_, n in totals.items()])
