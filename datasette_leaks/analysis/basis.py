"""The basis of a result: a hash over the evidence it was computed from, and overrides tied to it.

An editor's override holds while the evidence is what the editor saw. Offsets, notes and texts are
no part of it: a corrected comma must not void a judgement.
"""

from __future__ import annotations

import json
from hashlib import sha256
from typing import NamedTuple

from datasette_leaks.analysis.model import ClaimRow, ReviewRow
from datasette_leaks.analysis.scope import Scope
from datasette_leaks.analysis.status import contrary_to, in_favour, tensions


class Basis:
    """Hashes over the accepted evidence of claims.

    Each assertion is a line: what it says of itself, its source with the relations of the source's
    group, and the retractions that hit it. Ids hold no blanks (docs/dossier.md), so blanks keep
    them apart. A derived one carries the hash of its ancestry, built from the roots outwards, so
    that every ancestor enters once however long the chain.
    """

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._sources = _source_facts(scope)
        self._lines = self._assertion_lines()

    def hash(self, claim: ClaimRow) -> str:
        """SHA-256 in hex over the lines of all evidence in the claim's closure.

        In order of their ids, so that the order in which rows were stored plays no part.
        """
        scope, lines = self._scope, self._lines
        id_, _, _, kind, _, independence, reported, exceeds, state, _ = claim
        voices = " ".join(sorted({scope.voice[same] or "" for same in scope.claims.equals(id_)}))
        found = [f"{id_} {kind} {state} {independence} {reported} {exceeds} {voices}"]
        if id_ in scope.claims.tension:
            found += [f"tension {other} {group}" for other, group in tensions(scope, claim)]
        if id_ in scope.claims.place:
            found += sorted(map(" ".join, scope.claims.relations(id_)))
        found += [lines[number] for number in in_favour(scope, id_)]
        found += [lines[number] for number in contrary_to(scope, id_)]
        return _digest(found)

    def _assertion_lines(self) -> list[str]:
        scope = self._scope
        rows, parents = scope.rows, scope.parents
        facts = self._sources
        lines = [
            f"{row[0]} {row[1]} {row[3]} {row[4]} {row[5]} {number in scope.voiced} {facts[row[2]]}"
            for number, row in enumerate(rows)
        ]
        for number, acts in scope.retracted.items():
            lines[number] += f" retracted {' '.join(rows[act][0] for act in sorted(acts))}"
        for number in scope.origins.order:
            lines[number] += _digest([lines[parent] for parent in sorted(parents[number])])
        for members in scope.origins.knots:
            within = set(members)
            ancestry = [lines[member] for member in members]
            for member in members:
                for parent in sorted(parents[member]):
                    ancestry.append(f"{rows[member][0]} {rows[parent][0]}")
                    if parent not in within:
                        ancestry.append(lines[parent])
            shared = _digest(ancestry)
            for member in members:
                lines[member] += shared
        return lines


def _digest(lines: list[str]) -> str:
    return sha256("\n".join(lines).encode()).hexdigest()


def _source_facts(scope: Scope) -> dict[str, str]:
    """For each source: its kind, whether it is named, and the relations within its group."""
    relations: dict[str, list[list[str]]] = {}
    for source, kind, other, _ in scope.source_relations:
        relations.setdefault(scope.group[source], []).append([source, kind, other])
    return {
        id_: json.dumps([id_, kind, named, sorted(relations.get(scope.group[id_], ()))])
        for id_, (_, _, kind, named) in scope.source_rows.items()
    }


class Editor(NamedTuple):
    """A status an editor set: ``override`` is in_force or stale, none when no editor set one."""

    status: str | None
    override: str

    def effective(self, computed: str) -> str:
        """The editor's status while it holds, else the computed one."""
        return self.status if self.status is not None and self.override == "in_force" else computed


NO_EDITOR = Editor(None, "none")


def overrides(reviews: list[ReviewRow]) -> dict[str, tuple[str, str]]:
    """The status an editor set for each claim, with the basis hash it was set on.

    The latest review that sets a status, unless another review of the claim withdraws it. A review
    before it stays superseded: an editor who takes back a status has not gone back to an older one.
    """
    gone = {(claim, supersedes) for _, _, claim, _, _, supersedes in reviews}
    latest = {
        claim: (id_, status, basis)
        for id_, _, claim, status, basis, _ in sorted(reviews)
        if status is not None and basis is not None
    }
    return {
        claim: (status, basis)
        for claim, (id_, status, basis) in latest.items()
        if (claim, id_) not in gone
    }


def editor_of(claim: str, basis_hash: str, found: dict[str, tuple[str, str]]) -> Editor:
    """What an editor's review means for the claim while its evidence hashes to ``basis_hash``."""
    if claim not in found:
        return NO_EDITOR
    status, seen = found[claim]
    return Editor(status, "in_force" if seen == basis_hash else "stale")
