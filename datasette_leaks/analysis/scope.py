"""The evidence of one scope, indexed so that claims can be weighed."""

from __future__ import annotations

from datasette_leaks.analysis.model import AGAINST, IN_FAVOUR, SCOPES, Evidence
from datasette_leaks.analysis.origins import find_origins, grouped
from datasette_leaks.analysis.reach import ClaimGraph

#: Kinds of source that name nobody in particular.
UNIDENTIFIED_KINDS = frozenset({"collective", "unresolved_link"})


class Scope:
    """Evidence in one scope (``accepted`` or ``with_proposed``), indexed for weighing claims.

    ``rows`` are the assertions; everything else speaks of them by their place there. ``group`` maps
    every source to its origin group, ``root_group`` and ``identified`` say so for each assertion as
    a root, ``retracted`` holds the assertions that their source has withdrawn and by which.
    """

    def __init__(self, evidence: Evidence, name: str) -> None:
        states = SCOPES[name]
        rows = evidence.assertions
        related = [row for row in evidence.source_relations if row[3] in states]
        joined = grouped((row[0], row[2]) for row in related)
        self.name = name
        self.source_relations = related
        self.rows = rows
        self.group = {row[0]: joined.get(row[0], row[0]) for row in evidence.sources}
        self._named = {
            row[0] for row in evidence.sources if row[3] and row[2] not in UNIDENTIFIED_KINDS
        }
        self.claims = ClaimGraph(evidence, states)
        self.claim_rows = {row[0]: row for row in evidence.claims}
        self.source_rows = {row[0]: row for row in evidence.sources}
        self.favour: dict[str, list[int]] = {}
        self.against: dict[str, list[int]] = {}
        self.no_weight: dict[str, list[int]] = {}
        self.root_group: list[str] = []
        self.identified: list[bool] = []
        self.number = self._read(evidence, states)
        self.parents = self._derivations(evidence, states)
        self.origins = find_origins(len(rows), self.parents)
        self.in_cycle: set[int] = set()
        for root, members in self.origins.cycles.items():
            self._settle_cycle(root, members)
        same = grouped((row[0], row[2]) for row in related if row[1] == "same_as")
        self.retracted = self._retractions(same)

    def _read(self, evidence: Evidence, states: frozenset[str]) -> dict[str, int]:
        named = self._named
        group, root_group, identified = self.group, self.root_group, self.identified
        favour, against = self.favour, self.against
        number: dict[str, int] = {}
        for here, (id_, claim, source, stance, basis, state, *_) in enumerate(self.rows):
            root_group.append(group[source])
            identified.append(source in named and basis != "second_hand" and stance != "echoes")
            if state not in states:
                continue
            number[id_] = here
            if stance in IN_FAVOUR:
                on = favour
            elif stance in AGAINST:
                on = against
            else:
                on = self.no_weight
            if claim in on:
                on[claim].append(here)
            else:
                on[claim] = [here]
        return number

    def _derivations(self, evidence: Evidence, states: frozenset[str]) -> dict[int, list[int]]:
        number = self.number
        parents: dict[int, list[int]] = {}
        for child, parent, state in evidence.derivations:
            if state in states and child in number and parent in number:
                here = number[child]
                if here in parents:
                    parents[here].append(number[parent])
                else:
                    parents[here] = [number[parent]]
        return parents

    def _settle_cycle(self, root: int, members: tuple[int, ...]) -> None:
        """A cycle is one root: identified only when one group of named sources is all of it."""
        sources = {self.rows[member][2] for member in members}
        groups = {self.group[source] for source in sources}
        self.root_group[root] = min(groups)
        self.identified[root] = len(groups) == 1 and sources <= self._named
        self.in_cycle.update(members)

    def _retractions(self, same: dict[str, str]) -> dict[int, list[int]]:
        """Assertions in favour that their own source has withdrawn, and by which assertions."""
        found: dict[int, list[int]] = {}
        for on in self.no_weight.values():
            for act in on:
                _, claim, source, stance, *_ = self.rows[act]
                if stance != "retracts":
                    continue
                for there in self.claims.same_as(claim):
                    for target in self.favour.get(there, ()):
                        other = self.rows[target][2]
                        if same.get(source, source) == same.get(other, other):
                            found.setdefault(target, []).append(act)
        return found
