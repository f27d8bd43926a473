"""What stands behind a claim: origins, echoes and groups against, and the status they give.

A status says what stands behind a claim, never whether it is true.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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
    id_, voice = claim[0], voice_of(scope, claim)
    favour = side(scope, in_favour(scope, id_), voice, scope.retracted)
    origins, unidentified = favour.identified, favour.unidentified
    if unidentified:
        for group in origins.keys() & unidentified.keys():
            del unidentified[group]
    counted = favour.counted
    opposing: dict[str, list[int]] = {}
    both_sides: dict[str, list[int]] = {}
    if opposed := contrary_to(scope, id_):
        contrary = side(scope, opposed, voice, {})
        counted = counted + contrary.counted
        for groups in (contrary.identified, contrary.unidentified):
            for group, roots in groups.items():
                own = group in origins or group in unidentified
                (both_sides if own else opposing).setdefault(group, []).extend(roots)
    echoes = _repeating(scope, favour, voice)
    return Weights(
        _rule(claim, favour, len(echoes), len(opposing)),
        _leads(scope, origins),
        _leads(scope, unidentified),
        _leads(scope, echoes),
        _leads(scope, opposing),
        _leads(scope, both_sides),
        len(counted),
        len({scope.rows[number][2] for number in counted}),
        len(favour.voiced),
        len(favour.withdrawn) + len(favour.voiced_withdrawn),
        _rests_on_cycle(scope, origins) or _rests_on_cycle(scope, unidentified),
        bool(both_sides) or (id_ in scope.claims.tension and bool(tensions(scope, claim))),
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
    scope: Scope, assertions: Iterable[int], voice: str | None, retracted: Mapping[int, list[int]]
) -> Side:
    """Sort assertions by what they count as, and gather the groups of their roots."""
    identified: dict[str, list[int]] = {}
    unidentified: dict[str, list[int]] = {}
    found = Side(identified, unidentified, [], [], [], [])
    counted, voiced = found.counted, found.voiced
    root_group, is_identified, all_roots = scope.root_group, scope.identified, scope.origins.roots
    for number in assertions:
        roots: Sequence[int] = all_roots[number]
        if len(roots) > 1 or retracted or root_group[roots[0]] == voice:
            others = [root for root in roots if root_group[root] != voice]
            gone = bool(retracted) and _all_in(retracted, number, others or roots)
            if not others:
                (found.voiced_withdrawn if gone else voiced).append(number)
                continue
            if gone:
                found.withdrawn.append(number)
                continue
            roots = _one_a_group(scope, [root for root in others if root not in retracted])
        counted.append(number)
        for root in roots:
            into = identified if is_identified[root] else unidentified
            group = root_group[root]
            if group in into:
                into[group].append(root)
            else:
                into[group] = [root]
    return found


def _all_in(retracted: Mapping[int, list[int]], number: int, roots: Sequence[int]) -> bool:
    """Whether the assertion itself or every one of its roots is retracted."""
    return number in retracted or all(root in retracted for root in roots)


def _one_a_group(scope: Scope, roots: list[int]) -> list[int]:
    """An assertion rests on a group once, however many of the group's roots it goes back to."""
    kept = {(scope.root_group[root], scope.identified[root]): root for root in reversed(roots)}
    return list(kept.values())


def _groups_for(scope: Scope, claim: ClaimRow) -> set[str]:
    favour = side(scope, in_favour(scope, claim[0]), voice_of(scope, claim), scope.retracted)
    return {*favour.identified, *favour.unidentified}


def _repeating(scope: Scope, favour: Side, voice: str | None) -> dict[str, list[int]]:
    """Derived assertions of groups that are no origin here, without the members of a cycle."""
    found: dict[str, list[int]] = {}
    for number in favour.counted:
        if number in scope.parents and number not in scope.in_cycle:
            group = scope.group[scope.rows[number][2]]
            if group in favour.identified or group in favour.unidentified or group == voice:
                continue
            if group in found:
                found[group].append(number)
            else:
                found[group] = [number]
    return found


def _rests_on_cycle(scope: Scope, groups: dict[str, list[int]]) -> bool:
    cycles = scope.origins.cycles
    if not cycles:
        return False
    return any(root in cycles for roots in groups.values() for root in roots)


def _leads(scope: Scope, groups: dict[str, list[int]]) -> dict[str, tuple[str, int]]:
    if not groups:
        return {}
    rows = scope.rows
    return {group: (rows[min(roots)][2], len(roots)) for group, roots in groups.items()}


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
