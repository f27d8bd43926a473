"""Origins in words: who speaks for them, and how many assertions rest on them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from datasette_leaks.analysis.model import Roots
from datasette_leaks.analysis.scope import Scope

SHOWN = 3  # names in a list; the rest is a number


def listed(groups: Roots, counted: Collection[int], scope: Scope, *, why: bool = False) -> str:
    """Origin groups by the names of who speaks for them, those with most assertions first.

    ``counted`` are the assertions that bear on the claim: where others than the origin's own are
    among those that rest on it, the number is of what it is behind. With ``why`` each name is
    followed by what makes it unidentified.
    """
    ranked = list(groups.values())
    if len(ranked) > 1:
        names = scope.speaker_name
        first = [(-len(roots), names[low := min(roots)], low, roots) for roots in ranked]
        first.sort()
        ranked = [roots for *_, roots in first[:SHOWN]]
    return _joined([_origin(roots, counted, scope, why=why) for roots in ranked], len(groups))


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
    root = roots[0]
    if root not in scope.in_cycle and roots.count(root) == len(roots):  # one voice, as most are
        names = scope.speaker_name[root]
        if why:
            names += scope.why_unidentified(root)
        if len(roots) == 1:
            return f"{names} (1 assertion)" if root in counted else f"{names} (behind 1 assertion)"
        own = int(root in counted)
    else:
        firsts = list(speakers(roots, scope).values())
        shown = [
            scope.speaker_name[first] + (scope.why_unidentified(first) if why else "")
            for first in firsts[:SHOWN]
        ]
        names = _joined(shown, len(firsts))
        if len(firsts) > 1 and scope.origins.cycles.keys() >= set(roots):
            names += ", each from the other" if len(firsts) == 2 else ", each from another of them"
        own = len(_members(roots, scope).intersection(counted))
    behind = "" if own == len(roots) else "behind "
    return f"{names} ({behind}{number(len(roots), 'assertion')})"


def _members(roots: Iterable[int], scope: Scope) -> set[int]:
    """The assertions at these roots, a cycle's all of them."""
    members = set(roots)
    for root in members & scope.origins.cycles.keys():
        members.update(scope.origins.cycles[root])
    return members


def _joined(shown: list[str], count: int) -> str:
    if count > len(shown):
        shown = [*shown, f"{count - len(shown)} more"]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"
