"""Which claims' assertions count for another claim: propagation along claim relations."""

from __future__ import annotations

from datasette_leaks.analysis.model import Evidence
from datasette_leaks.analysis.origins import grouped

#: claim, kind, other claim
Relation = tuple[str, str, str]


class ClaimGraph:
    """The claim relations of one scope.

    Support for a narrower claim counts for the broader one; a denial of the broader counts against
    the narrower; ``same_as`` goes both ways. Nothing else propagates. A relation counts when its
    own state and that of both its claims count.
    """

    def __init__(self, evidence: Evidence, states: frozenset[str]) -> None:
        counted = {claim[0] for claim in evidence.claims if claim[8] in states}
        self.has_narrower: dict[str, list[tuple[str, Relation]]] = {}
        self.has_broader: dict[str, list[tuple[str, Relation]]] = {}
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
                self.has_broader.setdefault(claim, []).append((other, used))
                self.has_narrower.setdefault(other, []).append((claim, used))
                if kind == "same_as":
                    self.has_narrower.setdefault(claim, []).append((other, used))
                    self.has_broader.setdefault(other, []).append((claim, used))
                    same.append((claim, other))
        self._same: dict[str, list[str]] = {}
        self._same_group = grouped(same)
        for claim, group in self._same_group.items():
            self._same.setdefault(group, []).append(claim)

    def same_as(self, claim: str) -> list[str]:
        """The claim and all that are the same, directly or through others."""
        return self._same[self._same_group[claim]] if claim in self._same_group else [claim]

    def narrower(self, claim: str) -> tuple[tuple[str, ...], frozenset[Relation]]:
        """The claim and those whose support counts for it, and the relations that say so."""
        return _reached(claim, self.has_narrower)

    def broader(self, claim: str) -> tuple[tuple[str, ...], frozenset[Relation]]:
        """The claim and those whose denial counts against it, and the relations that say so."""
        return _reached(claim, self.has_broader)


def _reached(
    claim: str, steps: dict[str, list[tuple[str, Relation]]]
) -> tuple[tuple[str, ...], frozenset[Relation]]:
    seen = {claim}
    used: set[Relation] = set()
    queue = [claim]
    for here in queue:  # grows while it is read
        for there, relation in steps.get(here, ()):
            used.add(relation)
            if there not in seen:
                seen.add(there)
                queue.append(there)
    return tuple(queue), frozenset(used)
