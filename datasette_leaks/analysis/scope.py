"""The evidence of one scope, indexed so that claims can be weighed."""

from __future__ import annotations

from collections import defaultdict
from itertools import chain

from datasette_leaks.analysis.model import AGAINST, IN_FAVOUR, SCOPES, AssertionRow, Evidence
from datasette_leaks.analysis.origins import find_origins, grouped
from datasette_leaks.analysis.reach import ClaimGraph

#: Kinds of source that name nobody in particular.
UNIDENTIFIED_KINDS = frozenset({"collective", "unresolved_link"})

#: Assertions on each claim, ascending.
ByClaim = dict[str, list[int]]


class Scope:
    """Evidence in one scope (``accepted`` or ``with_proposed``), indexed for weighing claims.

    ``rows`` are the assertions; everything else speaks of them by their place there. ``counts``
    says which of them the scope takes; ``favour``, ``against`` and ``no_weight`` hold those by
    claim. ``group`` maps every source to its origin group; ``speaker``, ``speaker_name`` and
    ``own_group`` give each assertion's source, its name and its group. ``root_group`` and
    ``identified`` are what an assertion is as a root. ``repeats`` says which derive from another,
    not counting members of a cycle with no way out. ``retracted`` holds those that their source
    withdrew, and by which.

    ``voice`` maps every claim to the origin group of its article's publisher (None: not known);
    ``voiced`` says which assertions are that publisher's own, as roots. Such a root is nobody's
    origin, whichever claim it is followed back from. ``rests`` gives the roots that an assertion
    counts for, one a group; none where it counts as something else, which ``instead`` names.
    ``disputed`` remembers which claims were found to be, for the broader ones.
    """

    def __init__(self, evidence: Evidence, name: str) -> None:
        states = SCOPES[name]
        rows = evidence.assertions
        related = [row for row in evidence.source_relations if row[3] in states]
        joined = grouped((row[0], row[2]) for row in related)
        named = {row[0] for row in evidence.sources if row[3] and row[2] not in UNIDENTIFIED_KINDS}
        self.name = name
        self.source_relations = related
        self.rows = rows
        self.group = group = {row[0]: joined.get(row[0], row[0]) for row in evidence.sources}
        self.claims = ClaimGraph(evidence, states)
        self.claim_rows = {row[0]: row for row in evidence.claims}
        self.source_rows = {row[0]: row for row in evidence.sources}
        self.counts = [row[5] in states for row in rows]
        self.speaker = [row[2] for row in rows]
        self.speaker_name = [self.source_rows[source][1] for source in self.speaker]
        self.own_group = [group[source] for source in self.speaker]
        self.root_group = self.own_group.copy()
        self.voice = {
            row[0]: group[row[9]] if row[9] is not None else None for row in evidence.claims
        }
        self.voiced = {
            number
            for number, (own, row) in enumerate(zip(self.own_group, rows, strict=True))
            if own == self.voice[row[1]]
        }
        self.identified = [
            source in named and basis != "second_hand" and stance != "echoes"
            for _, _, source, stance, basis, _, _ in rows
        ]
        self.favour, self.against, self.no_weight = _by_claim(rows, self.counts)
        self.parents = self._derivations(evidence, states)
        self.origins = find_origins(len(rows), self.parents)
        self.in_cycle: set[int] = set()
        for root, members in self.origins.cycles.items():
            self._settle_cycle(root, members, named)
        self.repeats = [False] * len(rows)
        for number in self.parents.keys() - self.in_cycle:
            self.repeats[number] = True
        same = grouped((row[0], row[2]) for row in related if row[1] == "same_as")
        self.retracted = self._retractions(same)
        self.disputed: dict[str, bool] = {}
        self.instead: dict[int, str] = {}
        self.rests = self._rests()

    def why_unidentified(self, root: int) -> str:
        """Words for after the source's name; none for a cycle, which has a sentence of its own."""
        _, _, source, _, basis, *_ = self.rows[root]
        _, _, kind, named = self.source_rows[source]
        if root in self.in_cycle:
            return ""
        if kind == "unresolved_link":
            return ", a link that leads nowhere"
        if kind == "collective":
            return ", a collective"
        if not named:
            return ", who is not named"
        if basis == "second_hand":
            return ", at second hand"
        return ", repeating somebody not recorded"

    def root_facts(self) -> list[tuple[str, str, bool, bool]]:
        """What each assertion is as a root: its id, group, whether identified, whether a cycle."""
        ids = [row[0] for row in self.rows]
        circular = [False] * len(ids)
        for root in self.origins.cycles:
            circular[root] = True
        return list(zip(ids, self.root_group, self.identified, circular, strict=True))

    def _derivations(self, evidence: Evidence, states: frozenset[str]) -> dict[int, list[int]]:
        number = {row[0]: n for n, row in enumerate(self.rows) if self.counts[n]}
        parents: dict[int, list[int]] = {}
        for child, parent, state in evidence.derivations:
            here, above = number.get(child), number.get(parent)
            if here is not None and above is not None and state in states:
                if here in parents:
                    parents[here].append(above)
                else:
                    parents[here] = [above]
        return parents

    def _settle_cycle(self, root: int, members: tuple[int, ...], named: set[str]) -> None:
        """A cycle is one root: identified only when one group of named sources is all of it."""
        sources = {self.speaker[member] for member in members}
        groups = {self.group[source] for source in sources}
        self.root_group[root] = min(groups)
        self.identified[root] = len(groups) == 1 and sources <= named
        if not self.voiced.issuperset(members):
            self.voiced.discard(root)
        self.in_cycle.update(members)

    def _rests(self) -> list[tuple[int, ...]]:
        rests = self.origins.roots.copy()
        reduced = self.voiced | self.retracted.keys()
        for number in chain(self.parents, reduced):  # all others rest on themselves
            roots = self.origins.roots[number]
            if len(roots) > 1 or roots[0] in reduced or number in reduced:
                rests[number] = self._kept(number, roots)
        return rests

    def _kept(self, number: int, roots: tuple[int, ...]) -> tuple[int, ...]:
        """The roots an assertion rests on, without voices and what is withdrawn, one a group."""
        others = [root for root in roots if root not in self.voiced]
        standing = [root for root in others or roots if root not in self.retracted]
        if number in self.retracted or not standing:
            self.instead[number] = "withdrawn" if others else "voiced_withdrawn"
            return ()
        if not others:
            self.instead[number] = "voiced"
            return ()
        group, identified = self.root_group, self.identified
        return tuple({(group[root], identified[root]): root for root in standing[::-1]}.values())

    def _retractions(self, same: dict[str, str]) -> dict[int, list[int]]:
        """Assertions that their own source has withdrawn, and by which assertions.

        On the claim of the retraction and those that are the same, for or against it.
        """
        acts: dict[str, dict[str, list[int]]] = {}
        for on in self.no_weight.values():
            for act in on:
                _, claim, source, stance, *_ = self.rows[act]
                if stance == "retracts":
                    here = acts.setdefault(self.claims.same_as(claim)[0], {})
                    here.setdefault(same.get(source, source), []).append(act)
        found: dict[int, list[int]] = {}
        for claim, by_source in acts.items():
            for there in self.claims.same_as(claim):
                for target in (*self.favour.get(there, ()), *self.against.get(there, ())):
                    speaker = self.speaker[target]
                    for act in by_source.get(same.get(speaker, speaker), ()):
                        if not _later(self.rows[target][6], self.rows[act][6]):
                            found.setdefault(target, []).append(act)
        return found


def _later(said: str | None, withdrawn: str | None) -> bool:
    """Whether something was said after it was withdrawn, as far as both dates tell."""
    if said is None or withdrawn is None:
        return False
    told = min(len(said), len(withdrawn))
    return said[:told] > withdrawn[:told]


def _by_claim(rows: list[AssertionRow], counts: list[bool]) -> tuple[ByClaim, ByClaim, ByClaim]:
    """The assertions that count by claim: in favour, against, of no weight."""
    favour: ByClaim = defaultdict(list)
    against: ByClaim = defaultdict(list)
    no_weight: ByClaim = defaultdict(list)
    side = dict.fromkeys(IN_FAVOUR, favour) | dict.fromkeys(AGAINST, against)
    for number, (_, claim, _, stance, _, _, _) in enumerate(rows):
        if counts[number]:
            side.get(stance, no_weight)[claim].append(number)
    return favour, against, no_weight
