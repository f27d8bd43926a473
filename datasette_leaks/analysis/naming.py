"""Origins in words: who speaks for them, and how many assertions rest on them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from heapq import nsmallest

from datasette_leaks.analysis.model import Roots
from datasette_leaks.analysis.scope import Scope

SHOWN = 3  # names in a list; the rest is a number


def listed(groups: Roots, counted: Collection[int], scope: Scope, *, why: bool = False) -> str:
    """Origin groups by the names of who speaks for them, those with most assertions first.

    ``counted`` are the assertions that bear on the claim: where others than the origin's own are
    among those that rest on it, the number is of what it is behind. With ``why`` each name is
    followed by what makes it unidentified.
    """
    names = scope.speaker_name
    ranked = nsmallest(
        SHOWN,
        [(-len(roots), names[min(roots)], min(roots), group) for group, roots in groups.items()],
    )
    shown = [_origin(groups[group], counted, scope, why=why) for *_, group in ranked]
    return _joined(shown, len(groups))


def speakers(roots: Iterable[int], scope: Scope) -> dict[str, int]:
    """The sources that speak at these roots, each with its first assertion, in their order."""
    found: dict[str, int] = {}
    for member in sorted(_members(roots, scope)):
        found.setdefault(scope.speaker[member], member)
    return found


def named(sources: Sequence[str], scope: Scope) -> str:
    """The sources' names, three at most."""
    return _joined([scope.source_rows[source][1] for source in sources[:SHOWN]], len(sources))


def number(count: int, thing: str) -> str:
    """A number of things, in the singular or plural."""
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"


def _origin(roots: list[int], counted: Collection[int], scope: Scope, *, why: bool) -> str:
    members = _members(roots, scope)
    firsts = list(speakers(roots, scope).values())
    names = _joined(
        [
            scope.speaker_name[first] + (scope.why_unidentified(first) if why else "")
            for first in firsts[:SHOWN]
        ],
        len(firsts),
    )
    if len(firsts) > 1 and scope.origins.cycles.keys() >= set(roots):
        names += ", each from the other" if len(firsts) == 2 else ", each from another of them"
    behind = "" if len(members.intersection(counted)) == len(roots) else "behind "
    return f"{names} ({behind}{number(len(roots), 'assertion')})"


def _members(roots: Iterable[int], scope: Scope) -> set[int]:
    """The assertions at these roots, a cycle's all of them."""
    cycles = scope.origins.cycles
    return {member for root in roots for member in cycles.get(root, (root,))}


def _joined(shown: list[str], count: int) -> str:
    if count > len(shown):
        shown = [*shown, f"{count - len(shown)} more"]
    return f"{', '.join(shown[:-1])} and {shown[-1]}" if len(shown) > 1 else shown[0]
