"""Which claims' assertions count for another claim: propagation along claim relations."""

from __future__ import annotations

from collections.abc import Iterable

from datasette_leaks.analysis.model import Evidence
from datasette_leaks.analysis.origins import components, grouped

#: claim, kind, other claim
Relation = tuple[str, str, str]
#: from each claim, the claims one step away, each with the relation that says so
Steps = dict[str, list[tuple[str, Relation]]]


class ClaimGraph:
    """The claim relations of one scope.

    Support for a narrower claim counts for the broader one; a denial of the broader counts against
    the narrower; ``same_as`` goes both ways. Nothing else propagates. What is no statement supports
    no other claim: that somebody holds an opinion says nothing of a fact. A relation counts when
    its own state and that of both its claims count.

    ``place`` tells claims that have such relations apart by what counts for and against them:
    those of the same place rest on the same assertions.
    """

    def __init__(self, evidence: Evidence, states: frozenset[str]) -> None:
        counted = {claim[0]: claim[3] for claim in evidence.claims if claim[8] in states}
        self.has_narrower: Steps = {}
        self.has_broader: Steps = {}
        self.tension: dict[str, list[str]] = {}
        same: list[tuple[str, str]] = []
        for claim, kind, other, state in evidence.claim_relations:
            if state not in states or claim not in counted or other not in counted:
                continue
            used = (claim, kind, other)
            if kind == "in_tension_with":
                self.tension.setdefault(claim, []).append(other)
                self.tension.setdefault(other, []).append(claim)
            elif kind in ("narrower_than", "same_as"):
                self._step(claim, other, used, supports=counted[claim] == "statement")
                if kind == "same_as":
                    self._step(other, claim, used, supports=counted[other] == "statement")
                    same.append((claim, other))
        self._same: dict[str, list[str]] = {}
        self._same_group = grouped(same)
        for claim, group in self._same_group.items():
            self._same.setdefault(group, []).append(claim)
        related = sorted(
            self.has_broader.keys()
            | {there for steps in self.has_broader.values() for there, _ in steps}
        )
        self._narrower = _Condensed(related, self.has_narrower)
        self._broader = _Condensed(related, self.has_broader)
        self.place = {
            claim: (self._narrower.component[claim], self._broader.component[claim])
            for claim in related
        }

    def _step(self, narrow: str, broad: str, used: Relation, *, supports: bool) -> None:
        self.has_broader.setdefault(narrow, []).append((broad, used))
        if supports:
            self.has_narrower.setdefault(broad, []).append((narrow, used))

    def same_as(self, claim: str) -> list[str]:
        """The claim and all that are the same, directly or through others."""
        return self._same[self._same_group[claim]] if claim in self._same_group else [claim]

    def equals(self, claim: str) -> tuple[str, ...]:
        """The claim and those that the same support counts for."""
        if claim not in self.place:
            return (claim,)
        return self._narrower.members[self._narrower.component[claim]]

    def narrower(self, claim: str) -> Iterable[str]:
        """The claim and those whose support counts for it."""
        return self._narrower.reached(claim) if claim in self.place else (claim,)

    def broader(self, claim: str) -> Iterable[str]:
        """The claim and those whose denial counts against it."""
        return self._broader.reached(claim) if claim in self.place else (claim,)

    def relations(self, claim: str) -> set[Relation]:
        """The relations by which anything counts for or against the claim."""
        return _used(claim, self.has_narrower) | _used(claim, self.has_broader)


class _Condensed:
    """Claims that reach one another by these steps, each such set one component.

    Any number of claims that are the same are walked over as one.
    """

    def __init__(self, claims: list[str], steps: Steps) -> None:
        number = {claim: place for place, claim in enumerate(claims)}
        ahead = {
            number[claim]: [number[there] for there, _ in steps.get(claim, ())] for claim in claims
        }
        found = components(ahead, ahead)
        component = {member: at for at, members in enumerate(found) for member in members}
        self.component = {claim: component[place] for claim, place in number.items()}
        self.members = [tuple(claims[member] for member in members) for members in found]
        self._ahead = [
            sorted({component[there] for member in members for there in ahead[member]})
            for members in found
        ]

    def reached(self, claim: str) -> Iterable[str]:
        """All claims that steps lead to from the claim, itself among them."""
        queue = [self.component[claim]]
        seen = set(queue)
        for here in queue:  # grows while it is read
            for there in self._ahead[here]:
                if there not in seen:
                    seen.add(there)
                    queue.append(there)
        return (member for component in queue for member in self.members[component])


def _used(claim: str, steps: Steps) -> set[Relation]:
    seen = {claim}
    used: set[Relation] = set()
    queue = [claim]
    for here in queue:  # grows while it is read
        for there, relation in steps.get(here, ()):
            used.add(relation)
            if there not in seen:
                seen.add(there)
                queue.append(there)
    return used
