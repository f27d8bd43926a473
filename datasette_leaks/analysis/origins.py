"""Where assertions come from: the roots of derivations, and groups of sources that are one origin.

Assertions are integers here, in order of their ids, so that the smallest integer is the smallest
id. Nothing recurses: chains of derivations may be as long as an archive of mail.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Origins(NamedTuple):
    """``roots[a]`` are the roots of assertion ``a``, ascending.

    ``cycles`` maps each circular root (the smallest member) to all members of its cycle.
    ``order`` lists the derived assertions outside of any knot, each after what it derives from;
    ``knots`` the strongly connected components that remain, in the same order, to be read after.
    """

    roots: list[tuple[int, ...]]
    cycles: dict[int, tuple[int, ...]]
    order: list[int]
    knots: list[tuple[int, ...]]


def grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Map each source in ``pairs`` to the smallest id that it is joined to, directly or not."""
    parent: dict[str, str] = {}

    def top(item: str) -> str:
        while parent.setdefault(item, item) != item:
            parent[item] = item = parent[parent[item]]
        return item

    for one, other in pairs:
        low, high = sorted((top(one), top(other)))
        parent[high] = low
    return {item: top(item) for item in list(parent)}


def find_origins(count: int, parents: dict[int, list[int]]) -> Origins:
    """Follow derivations to their roots. ``parents`` holds an entry for each derived assertion.

    What no cycle holds up is settled in one pass from the roots outwards; only the rest is
    searched for strongly connected components. A component without a way out is one root.
    """
    roots: list[tuple[int, ...]] = [(number,) for number in range(count)]
    for child in parents:
        roots[child] = ()  # not settled
    waiting: dict[int, int] = {}
    children: dict[int, list[int]] = {}
    order: list[int] = []
    for child, above in parents.items():
        unsettled = [parent for parent in above if not roots[parent]]
        if unsettled:
            waiting[child] = len(unsettled)
            for parent in unsettled:
                children.setdefault(parent, []).append(child)
        else:
            roots[child] = _merged(roots, above)
            order.append(child)
    for settled in order:  # grows while it is read
        for child in children.get(settled, ()):
            waiting[child] -= 1
            if not waiting[child]:
                del waiting[child]
                roots[child] = _merged(roots, parents[child])
                order.append(child)
    cycles: dict[int, tuple[int, ...]] = {}
    knots = components(waiting, parents)
    for members in knots:
        inside = frozenset(members)
        above = sorted({up for member in members for up in parents[member]} - inside)
        if above:
            shared = _merged(roots, above)
        else:
            shared = (members[0],)
            cycles[members[0]] = members
        for member in members:
            roots[member] = shared
    return Origins(roots, cycles, order, knots)


def _merged(roots: list[tuple[int, ...]], above: list[int]) -> tuple[int, ...]:
    if len(above) == 1:
        return roots[above[0]]
    return tuple(sorted({root for parent in above for root in roots[parent]}))


def components(nodes: Iterable[int], parents: dict[int, list[int]]) -> list[tuple[int, ...]]:
    """Strongly connected components among ``nodes``, each ascending, parents first (Tarjan)."""
    within = frozenset(nodes)
    number: dict[int, int] = {}
    low: dict[int, int] = {}
    stack: list[int] = []
    on_stack: set[int] = set()
    found: list[tuple[int, ...]] = []
    for start in sorted(within):
        if start in number:
            continue
        number[start] = low[start] = len(number)
        stack.append(start)
        on_stack.add(start)
        work = [(start, iter(parents[start]))]
        while work:
            node, rest = work[-1]
            for parent in rest:
                if parent not in within:
                    continue
                if parent not in number:
                    number[parent] = low[parent] = len(number)
                    stack.append(parent)
                    on_stack.add(parent)
                    work.append((parent, iter(parents[parent])))
                    break
                if parent in on_stack:
                    low[node] = min(low[node], number[parent])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == number[node]:
                    members = [stack.pop()]
                    while members[-1] != node:
                        members.append(stack.pop())
                    on_stack.difference_update(members)
                    found.append(tuple(sorted(members)))
    return found
