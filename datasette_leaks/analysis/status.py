"""What stands behind a claim: origins, echoes and groups against, and the status they give.

A status says what stands behind a claim, never whether it is true.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from typing import NamedTuple

from datasette_leaks.analysis.model import ClaimRow, Weights
from datasette_leaks.analysis.scope import Scope


class Side(NamedTuple):
    """Assertions on one side of a claim, sorted by what they count as.

    The groups map to one root for each counted assertion that rests on them. ``voiced`` are the
    assertions that go back to the publisher alone, ``withdrawn`` those that their source retracted
    or whose every root is retracted; ``voiced_withdrawn`` are both, and in neither.
    """

    identified: dict[str, list[int]]
    unidentified: dict[str, list[int]]
    counted: list[int]
    voiced: list[int]
    withdrawn: list[int]
    voiced_withdrawn: list[int]


def weigh(scope: Scope, claim: ClaimRow) -> Weights:
    """Count what stands behind a claim in one scope, and apply the rules in their order."""
    favour = side(scope, in_favour(scope, claim[0]), voice_of(scope, claim), scope.retracted)
    contrary = side(scope, contrary_to(scope, claim[0]), voice_of(scope, claim), ())
    origins, unidentified = favour.identified, favour.unidentified
    for group in origins.keys() & unidentified.keys():
        del unidentified[group]
    groups_for = origins.keys() | unidentified.keys()
    echoes = _repeating(scope, favour.counted, groups_for | {voice_of(scope, claim)})
    opposing = contrary.identified
    for group, roots in contrary.unidentified.items():
        opposing.setdefault(group, []).extend(roots)
    both_sides = {group: opposing.pop(group) for group in opposing.keys() & groups_for}
    counted = favour.counted + contrary.counted
    return Weights(
        computed_status=_rule(claim, favour, len(echoes), len(opposing)),
        origins=_leads(scope, origins),
        unidentified=_leads(scope, unidentified),
        echoes=_leads(scope, echoes),
        against=_leads(scope, opposing),
        both_sides=_leads(scope, both_sides),
        assertions=len(counted),
        sources=len({scope.rows[number][2] for number in counted}),
        voiced=len(favour.voiced),
        withdrawn=len(favour.withdrawn) + len(favour.voiced_withdrawn),
        circular=_rests_on_cycle(scope, origins) or _rests_on_cycle(scope, unidentified),
        self_inconsistent=bool(both_sides) or bool(tensions(scope, claim)),
    )


def voice_of(scope: Scope, claim: ClaimRow) -> str | None:
    """The origin group of the publisher's own voice in the claim's article, None when not known."""
    return scope.group[claim[9]] if claim[9] is not None else None


def in_favour(scope: Scope, claim: str) -> list[int]:
    """Assertions in favour of the claim, those on narrower claims with them."""
    if claim not in scope.claims.has_narrower:
        return scope.favour.get(claim, [])
    return [n for there in scope.claims.narrower(claim)[0] for n in scope.favour.get(there, ())]


def contrary_to(scope: Scope, claim: str) -> list[int]:
    """Assertions against the claim, those against broader claims with them."""
    if claim not in scope.claims.has_broader:
        return scope.against.get(claim, [])
    return [n for there in scope.claims.broader(claim)[0] for n in scope.against.get(there, ())]


def tensions(scope: Scope, claim: ClaimRow) -> list[tuple[str, str]]:
    """The claims in tension with this one that share an origin with it, and the group."""
    others = scope.claims.tension.get(claim[0])
    if not others:
        return []
    here = _groups_for(scope, claim)
    return sorted(
        {(other, g) for other in others for g in here & _groups_for(scope, scope.claim_rows[other])}
    )


def side(
    scope: Scope, assertions: Iterable[int], voice: str | None, retracted: Container[int]
) -> Side:
    """Sort assertions by what they count as, and gather the groups of their roots."""
    identified: dict[str, list[int]] = {}
    unidentified: dict[str, list[int]] = {}
    found = Side(identified, unidentified, [], [], [], [])
    for number in assertions:
        roots = scope.origins.roots[number]
        others = [root for root in roots if scope.root_group[root] != voice]
        if not others:
            gone = number in retracted or all(root in retracted for root in roots)
            (found.voiced_withdrawn if gone else found.voiced).append(number)
            continue
        live = [root for root in others if root not in retracted]
        if not live or number in retracted:
            found.withdrawn.append(number)
            continue
        found.counted.append(number)
        seen = set()
        for root in live:
            group = scope.root_group[root]
            into = identified if scope.identified[root] else unidentified
            if (group, into is identified) not in seen:
                seen.add((group, into is identified))
                into.setdefault(group, []).append(root)
    return found


def _groups_for(scope: Scope, claim: ClaimRow) -> set[str]:
    favour = side(scope, in_favour(scope, claim[0]), voice_of(scope, claim), scope.retracted)
    return {*favour.identified, *favour.unidentified}


def _repeating(
    scope: Scope, counted: list[int], others: Container[str | None]
) -> dict[str, list[int]]:
    """Derived assertions by their group, without ``others`` and the members of a cycle."""
    found: dict[str, list[int]] = {}
    for number in counted:
        if number in scope.parents and number not in scope.in_cycle:
            group = scope.group[scope.rows[number][2]]
            if group not in others:
                found.setdefault(group, []).append(number)
    return found


def _rests_on_cycle(scope: Scope, groups: dict[str, list[int]]) -> bool:
    cycles = scope.origins.cycles
    return bool(cycles) and any(root in cycles for roots in groups.values() for root in roots)


def _leads(scope: Scope, groups: dict[str, list[int]]) -> dict[str, tuple[str, int]]:
    return {group: (scope.rows[min(roots)][2], len(roots)) for group, roots in groups.items()}


def _rule(claim: ClaimRow, favour: Side, echoes: int, against: int) -> str:
    """The first rule that holds."""
    origins, unidentified = len(favour.identified), len(favour.unidentified)
    if claim[3] != "statement":
        return "not_assessed"
    gone = favour.withdrawn or (favour.voiced_withdrawn and not favour.voiced)
    if gone and not favour.counted:
        return "retracted"
    if against and origins + unidentified:
        return "disputed"
    if origins >= 2:
        return "corroborated"
    if origins == 1:
        return "echoed" if echoes else "single_source"
    return "unidentified_origin" if unidentified else "unsourced"
