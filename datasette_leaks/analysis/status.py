"""What stands behind a claim: origins, echoes and groups against, and the status they give.

A status says what stands behind a claim, never whether it is true.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import NamedTuple

from datasette_leaks.analysis.model import ClaimRow, Roots, Weights
from datasette_leaks.analysis.scope import ByClaim, Scope


class Side(NamedTuple):
    """Assertions on one side of a claim, sorted by what they count as.

    ``voiced`` are those that go back to a publisher's own voice alone, ``withdrawn`` those that
    their source retracted or whose every root is retracted; ``voiced_withdrawn`` are both, and in
    neither.
    """

    identified: Roots
    unidentified: Roots
    counted: list[int]
    voiced: list[int]
    withdrawn: list[int]
    voiced_withdrawn: list[int]


#: shared by all claims, so nobody may add to it
_NOTHING = Side({}, {}, [], [], [], [])


def weigh(scope: Scope, claim: ClaimRow) -> Weights:
    """Count what stands behind a claim in one scope, and apply the rules in their order."""
    return _own(scope, claim, _shared(scope, claim[0]))


def weigh_all(scope: Scope, claims: Iterable[ClaimRow]) -> Iterator[list[tuple[ClaimRow, Weights]]]:
    """Weigh many claims; those that rest on the same assertions are weighed once, and together."""
    place = scope.claims.place
    related: dict[tuple[int, int], list[ClaimRow]] = {}
    for claim in claims:
        if claim[0] in place:
            related.setdefault(place[claim[0]], []).append(claim)
        else:
            yield [(claim, weigh(scope, claim))]
    for members in related.values():
        shared = _shared(scope, members[0][0])
        yield [(claim, _own(scope, claim, shared)) for claim in members]


def sides(scope: Scope, claim: str) -> tuple[Side, Side]:
    """What counts for the claim, and what counts against it."""
    return _side(scope, in_favour(scope, claim)), _side(scope, contrary_to(scope, claim))


def in_favour(scope: Scope, claim: str) -> list[int]:
    """Assertions in favour of the claim, those on narrower claims with them, ascending."""
    if claim not in scope.claims.place:
        return scope.favour.get(claim, [])
    return _on(scope.favour, scope.claims.narrower(claim))


def contrary_to(scope: Scope, claim: str) -> list[int]:
    """Assertions against the claim, those against broader claims with them, ascending."""
    if claim not in scope.claims.place:
        return scope.against.get(claim, [])
    return _on(scope.against, scope.claims.broader(claim))


def _on(assertions: ByClaim, claims: Iterable[str]) -> list[int]:
    return sorted(chain.from_iterable(assertions[there] for there in claims if there in assertions))


def tensions(scope: Scope, claim: ClaimRow) -> list[tuple[str, str]]:
    """The claims in tension with this one that share an origin with it, and the group."""
    others = scope.claims.tension.get(claim[0])
    if not others:
        return []
    here = _groups_for(scope, claim[0])
    return sorted(
        {(other, group) for other in others for group in here & _groups_for(scope, other)}
    )


def _shared(scope: Scope, claim: str) -> Weights:
    """The weights that a claim has in common with all that rest on the same assertions.

    They are those of a statement without tensions.
    """
    weights = _weights(scope, claim)
    if weights.against or claim not in scope.claims.place:
        return weights
    return weights._replace(narrower_disputed=_narrower_disputed(scope, claim))


def _weights(scope: Scope, claim: str) -> Weights:
    favour, contrary = sides(scope, claim)
    origins, unidentified, counted = favour.identified, favour.unidentified, favour.counted
    if origins and unidentified:
        for group in origins.keys() & unidentified.keys():
            del unidentified[group]
    opposing: Roots = {}
    both_sides: Roots = {}
    circular = not scope.in_cycle.isdisjoint(chain(*origins.values(), *unidentified.values()))
    if contrary.counted:
        counted = counted + contrary.counted
        for groups in (contrary.identified, contrary.unidentified):
            for group, roots in groups.items():
                own = group in origins or group in unidentified
                (both_sides if own else opposing).setdefault(group, []).extend(roots)
                circular = circular or not scope.in_cycle.isdisjoint(roots)
    echoes = _repeating(scope, favour, claim)
    speaker = scope.speaker
    return Weights(
        computed_status=_rule(favour, len(echoes), len(opposing)),
        origins=origins,
        unidentified=unidentified,
        echoes=echoes,
        against=opposing,
        both_sides=both_sides,
        counted=counted,
        sources=len({speaker[number] for number in counted}),
        voiced=favour.voiced,
        withdrawn=len(favour.withdrawn) + len(favour.voiced_withdrawn),
        voiced_against=contrary.voiced,
        withdrawn_against=len(contrary.withdrawn) + len(contrary.voiced_withdrawn),
        circular=circular,
        self_inconsistent=bool(both_sides),
        narrower_disputed=False,
    )


def _narrower_disputed(scope: Scope, claim: str) -> bool:
    if not scope.against:
        return False
    equal = set(scope.claims.equals(claim))
    known = scope.disputed
    for there in scope.claims.narrower(claim):
        if there in equal:
            continue
        if there not in known:
            known[there] = there in scope.favour and bool(
                contrary_to(scope, there) and _weights(scope, there).computed_status == "disputed"
            )
        if known[there]:
            return True
    return False


def _own(scope: Scope, claim: ClaimRow, shared: Weights) -> Weights:
    """The weights of one claim: what its kind and its tensions make of the shared ones."""
    if claim[3] != "statement":
        shared = shared._replace(computed_status="not_assessed")
    if claim[0] in scope.claims.tension and not shared.self_inconsistent:
        return shared._replace(self_inconsistent=bool(tensions(scope, claim)))
    return shared


def _side(scope: Scope, assertions: list[int]) -> Side:
    """Sort assertions by what they count as, and gather the groups of their roots."""
    if not assertions:
        return _NOTHING
    identified: Roots = {}
    unidentified: Roots = {}
    counted: list[int] = []
    found = Side(identified, unidentified, counted, [], [], [])
    root_group, is_identified, rests = scope.root_group, scope.identified, scope.rests
    for number in assertions:
        roots = rests[number]
        if not roots:
            others: list[int] = getattr(found, scope.instead[number])
            others.append(number)
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


def _groups_for(scope: Scope, claim: str) -> set[str]:
    favour = _side(scope, in_favour(scope, claim))
    return {*favour.identified, *favour.unidentified}


def _repeating(scope: Scope, favour: Side, claim: str) -> Roots:
    """Derived assertions of groups that are no origin here, without the members of a cycle.

    Where one publisher alone makes the claim, its repeating a source is no echo.
    """
    repeats, own_group = scope.repeats, scope.own_group
    found: Roots = {}
    for number in favour.counted:
        if repeats[number]:
            group = own_group[number]
            if group in favour.identified or group in favour.unidentified:
                continue
            if group in found:
                found[group].append(number)
            else:
                found[group] = [number]
    if found:
        voices = {scope.voice[same] for same in scope.claims.equals(claim)}
        if len(voices) == 1:
            found.pop(voices.pop() or "", None)
    return found


def _rule(favour: Side, echoes: int, against: int) -> str:
    """The first rule that holds for a statement."""
    origins, unidentified = len(favour.identified), len(favour.unidentified)
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
