"""What proposed rows change: the assertions and claims for which the two scopes differ.

A proposal touches few claims, and the others need not be weighed a second time.
"""

from __future__ import annotations

from collections.abc import Iterable
from operator import itemgetter

from datasette_leaks.analysis.model import Evidence
from datasette_leaks.analysis.scope import Scope


def has_proposals(evidence: Evidence) -> bool:
    """Whether any row is proposed."""
    return any(
        "proposed" in map(itemgetter(place), rows)
        for rows, place in (
            (evidence.source_relations, 3),
            (evidence.claims, 8),
            (evidence.claim_relations, 3),
            (evidence.assertions, 5),
            (evidence.derivations, 2),
        )
    )


def other_origins(accepted: Scope, wider: Scope) -> list[int]:
    """The assertions whose roots differ, or what is said of those roots; ascending."""
    changed = _differing(accepted.root_facts(), wider.root_facts())
    found = _differing(accepted.counts, wider.counts)
    for number, (before, after) in enumerate(
        zip(accepted.origins.roots, wider.origins.roots, strict=True)
    ):
        if before != after or (changed and not changed.isdisjoint(after)):
            found.add(number)
    return sorted(number for number in found if wider.counts[number])


def touched_claims(accepted: Scope, wider: Scope) -> set[str]:
    """The claims that may weigh differently in the two scopes, at least.

    Those with an assertion that counts as something else, or whose publisher is in another group,
    or that a proposed relation reaches; and all that support or denial leads to from there.
    """
    assertions = _differing(accepted.own_group, wider.own_group)
    assertions |= _differing(accepted.rests, wider.rests)
    assertions.update(other_origins(accepted, wider))
    assertions.update(
        number
        for number in accepted.instead.keys() | wider.instead.keys()
        if accepted.instead.get(number) != wider.instead.get(number)
    )
    claims = {wider.rows[number][1] for number in assertions}
    claims |= {id_ for id_ in wider.claim_rows if accepted.voice[id_] != wider.voice[id_]}
    for before, after in (
        (accepted.claims.has_narrower, wider.claims.has_narrower),
        (accepted.claims.has_broader, wider.claims.has_broader),
    ):
        claims |= {id_ for id_, steps in after.items() if before.get(id_) != steps}
    queue = list(claims)
    for here in queue:  # grows while it is read
        for steps in (wider.claims.has_narrower, wider.claims.has_broader):
            for there, _ in steps.get(here, ()):
                if there not in claims:
                    claims.add(there)
                    queue.append(there)
    return claims


def _differing(before: Iterable[object], after: Iterable[object]) -> set[int]:
    return {n for n, (a, b) in enumerate(zip(before, after, strict=True)) if a != b}
