"""What stands behind a claim: origins, echoes and groups against, and the status they give.

A status says what stands behind a claim, never whether it is true.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

from datasette_leaks.analysis.model import ClaimRow, Roots, Weights
from datasette_leaks.analysis.scope import Scope


class Side(NamedTuple):
    """Assertions on one side of a claim, sorted by what they count as.

    ``voiced`` are the
    assertions that go back to the publisher alone, ``withdrawn`` those that their source retracted
    or whose every root is retracted; ``voiced_withdrawn`` are both, and in neither.
    """

    identified: Roots
    unidentified: Roots
    counted: list[int]
    voiced: list[int]
    withdrawn: list[int]
    voiced_withdrawn: list[int]


def weigh(scope: Scope, claim: ClaimRow) -> Weights:
    """Count what stands behind a claim in one scope, and apply the rules in their order."""
    id_, voice, speaker = claim[0], voice_of(scope, claim), scope.speaker
    favour = side(scope, in_favour(scope, id_), voice, scope.retracted)
    origins, unidentified, counted = favour.identified, favour.unidentified, favour.counted
    if origins and unidentified:
        for group in origins.keys() & unidentified.keys():
            del unidentified[group]
    opposing: Roots = {}
    both_sides: Roots = {}
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
        origins,
        unidentified,
        echoes,
        opposing,
        both_sides,
        len(counted),
        len({speaker[number] for number in counted}),
        len(favour.voiced),
        len(favour.withdrawn) + len(favour.voiced_withdrawn),
        not scope.in_cycle.isdisjoint(chain(*origins.values(), *unidentified.values())),
        bool(both_sides) or (id_ in scope.claims.tension and bool(tensions(scope, claim))),
    )


def voice_of(scope: Scope, claim: ClaimRow) -> str | None:
    """The origin group of the publisher's own voice in the claim's article, None when not known."""
    return scope.group[claim[9]] if claim[9] is not None else None


def in_favour(scope: Scope, claim: str) -> list[int]:
    """Assertions in favour of the claim, those on narrower claims with them, ascending."""
    if claim not in scope.claims.has_narrower:
        return scope.favour.get(claim, [])
    return sorted(
        n for there in scope.claims.narrower(claim)[0] for n in scope.favour.get(there, ())
    )


def contrary_to(scope: Scope, claim: str) -> list[int]:
    """Assertions against the claim, those against broader claims with them, ascending."""
    if claim not in scope.claims.has_broader:
        return scope.against.get(claim, [])
    return sorted(
        n for there in scope.claims.broader(claim)[0] for n in scope.against.get(there, ())
    )


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
    identified: Roots = {}
    unidentified: Roots = {}
    counted: list[int] = []
    found = Side(identified, unidentified, counted, [], [], [])
    root_group, is_identified, all_roots = scope.root_group, scope.identified, scope.origins.roots
    for number in assertions:
        roots: Sequence[int] = all_roots[number]
        if len(roots) > 1 or retracted or root_group[roots[0]] == voice:
            roots = _rests_on(scope, number, voice, retracted, found)
            if not roots:
                continue
        counted.append(number)
        for root in roots:
            into = identified if is_identified[root] else unidentified
            group = root_group[root]
            if group in into:
                into[group].append(root)
            else:
                into[group] = [root]
    return found


def _rests_on(
    scope: Scope, number: int, voice: str | None, retracted: Mapping[int, list[int]], found: Side
) -> Sequence[int]:
    """The roots that an assertion rests on, one a group; none when it counts as something else.

    It is then in one of the other lists of ``found``.
    """
    roots, root_group = scope.origins.roots[number], scope.root_group
    others = [root for root in roots if root_group[root] != voice]
    if retracted:
        standing = [root for root in others or roots if root not in retracted]
        if number in retracted or not standing:
            (found.withdrawn if others else found.voiced_withdrawn).append(number)
            return ()
        others = standing if others else others
    if not others:
        found.voiced.append(number)
    if len(others) < 2:
        return others
    kept = {(root_group[root], scope.identified[root]): root for root in reversed(others)}
    return list(kept.values())


def _groups_for(scope: Scope, claim: ClaimRow) -> set[str]:
    favour = side(scope, in_favour(scope, claim[0]), voice_of(scope, claim), scope.retracted)
    return {*favour.identified, *favour.unidentified}


def _repeating(scope: Scope, favour: Side, voice: str | None) -> Roots:
    """Derived assertions of groups that are no origin here, without the members of a cycle."""
    repeats, own_group = scope.repeats, scope.own_group
    found: Roots = {}
    for number in favour.counted:
        if repeats[number]:
            group = own_group[number]
            if group in favour.identified or group in favour.unidentified or group == voice:
                continue
            if group in found:
                found[group].append(number)
            else:
                found[group] = [number]
    return found


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
