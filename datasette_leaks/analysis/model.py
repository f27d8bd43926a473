"""What the analysis reads and what it finds, as plain records.

The rows read are plain tuples: a run takes hundreds of thousands of them, and building an object
for each would cost more than the analysis itself. Their shapes have names here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

#: id, name, kind, named (0 or 1)
SourceRow = tuple[str, str, str, int]
#: source, kind, other source, state
SourceRelationRow = tuple[str, str, str, str]
#: id, text, number, kind, article id, independence, reported_corroboration,
#: paraphrase_exceeds_quote, state, voice of the article (a source's id or None)
ClaimRow = tuple[str, str, int, str, int, str, int, int, str, "str | None"]
#: claim, kind, other claim, state
ClaimRelationRow = tuple[str, str, str, str]
#: id, claim, source, stance, basis, state, said_on (a date, which may be a year or a month alone)
AssertionRow = tuple[str, str, str, str, str, str, "str | None"]
#: assertion, the assertion it derives from, state
DerivationRow = tuple[str, str, str]
#: id, act, claim, set_status, basis_hash, supersedes_id
ReviewRow = tuple[int, str, str, "str | None", "str | None", "int | None"]
#: origin groups, each with one number for every assertion that rests on it: its root's there, or
#: that of the assertion itself where it repeats
Roots = dict[str, list[int]]

IN_FAVOUR = frozenset({"asserts", "corroborates", "echoes"})
AGAINST = frozenset({"disputes", "denies"})

STATUSES = (
    "not_assessed", "retracted", "disputed", "corroborated", "echoed", "single_source",
    "unidentified_origin", "unsourced",
)  # fmt: skip

#: The rows that count in each scope. A rejected row never counts.
SCOPES: dict[str, frozenset[str]] = {
    "accepted": frozenset({"accepted"}),
    "with_proposed": frozenset({"accepted", "proposed"}),
}


@dataclass(frozen=True, slots=True)
class Evidence:
    """The rows a result is computed from: a whole database's, or the closure of one claim.

    ``assertions`` and ``claims`` are in order of their ids, which makes every result independent
    of the order in which rows were stored.
    """

    sources: list[SourceRow]
    source_relations: list[SourceRelationRow]
    claims: list[ClaimRow]
    claim_relations: list[ClaimRelationRow]
    assertions: list[AssertionRow]
    derivations: list[DerivationRow]
    reviews: list[ReviewRow]


class Weights(NamedTuple):
    """What stands behind one claim, in numbers, in one scope.

    ``origins`` (P) and ``unidentified`` (U) hold the groups in favour, ``echoes`` (E) the other
    groups that repeat them, ``against`` (N) those against; ``both_sides`` those both for and
    against, which are not in ``against``. Numbers are places in the scope's rows.
    ``counted`` is what counts for or against, ``sources`` the number of its sources. ``voiced`` are
    the assertions in favour in a publisher's own voice, ``withdrawn`` is the number of those that
    are retracted; ``voiced_against`` and ``withdrawn_against`` are the same of what is against.
    ``narrower_disputed`` says that nobody is against the claim, but somebody is against a narrower
    one whose support counts for it.
    """

    computed_status: str
    origins: Roots
    unidentified: Roots
    echoes: Roots
    against: Roots
    both_sides: Roots
    counted: list[int]
    sources: int
    voiced: list[int]
    withdrawn: int
    voiced_against: list[int]
    withdrawn_against: int
    circular: bool
    self_inconsistent: bool
    narrower_disputed: bool

    @property
    def assertions(self) -> int:
        """How many assertions count for or against."""
        return len(self.counted)


class Root(NamedTuple):
    """An assertion where a chain of derivations ends, or a cycle with no way out."""

    id: str
    source: str
    group: str
    identified: bool
    circular: bool
    retracted: bool


class Counted(NamedTuple):
    """An assertion that bears on a claim, and what it counts as.

    ``role`` is ``for``, ``against``, ``voice`` (the publisher's own, shown but not counted),
    ``retracted`` or ``no_weight``. ``through`` is the claim on which it was made: the claim itself,
    or a narrower (for) or broader (against) one.
    """

    id: str
    source: str
    stance: str
    role: str
    through: str
    derived: bool
    roots: tuple[Root, ...]


@dataclass(frozen=True, slots=True)
class Assessment:
    """The status of one claim in one scope, with the steps that lead to it.

    ``status`` is the override while it holds, else ``weights.computed_status``. ``override`` is
    none, in_force or stale. ``basis_hash`` is over accepted rows, whatever the scope.
    """

    claim: str
    scope: str
    status: str
    override: str
    weights: Weights
    explanation: str
    basis_hash: str
    counted: tuple[Counted, ...]
