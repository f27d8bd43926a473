"""Dossiers that others refer to are loaded first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from graphlib import CycleError, TopologicalSorter

from datasette_leaks.loaders.dossier import references
from datasette_leaks.loaders.records import Dossier, Problem

from .dossier_check import own_ids
from .items import Item

Id = tuple[str, str]  # kind (source, claim, assertion, document) and id


def arrange(groups: Sequence[Sequence[Dossier]]) -> tuple[list[int], list[list[int]]]:
    """The order in which groups of dossiers (the files) can be loaded, and the circles left out.

    Both as positions in ``groups``. Where nothing decides, the order stays as it is.
    """
    defines = [{id for dossier in group for id in _defined(dossier)} for group in groups]
    definer = {id: number for number, ids in enumerate(defines) for id in ids}
    needs = {
        number: {
            definer[id]
            for dossier in group
            for id in _needed(dossier)
            if id in definer and id not in defines[number]
        }
        for number, group in enumerate(groups)
    }
    circles = []
    while True:
        sorter = TopologicalSorter(needs)
        try:
            sorter.prepare()
        except CycleError as error:
            circle = sorted(set(error.args[1]))
            circles.append(circle)
            left = set(needs) - set(circle)
            needs = {number: needs[number] & left for number in left}
            continue
        order = []
        while sorter.is_active():
            ready = sorted(sorter.get_ready())
            order.extend(ready)
            sorter.done(*ready)
        return order, circles


def circle_problem(dossier: Dossier, circle: Iterable[Dossier]) -> Problem:
    """What to tell about a dossier that can only be loaded after one that needs it first."""
    ids = " and ".join(sorted(each.id for each in circle))
    return Problem(
        dossier.path,
        "",
        f"the dossiers {ids} refer to one another in a circle, so none can be loaded first",
        "references that go one way",
        "Put what refers back into a third dossier",
    )


def refuse_repeated(dossiers: Iterable[Dossier], seen: dict[str, str]) -> list[Dossier | Problem]:
    """The dossiers, or a Problem in place of one whose id ``seen`` knows from another file.

    ``seen`` gives the path for each id, and is added to.
    """
    items: list[Dossier | Problem] = []
    for dossier in dossiers:
        if dossier.id in seen:
            items.append(
                Problem(
                    dossier.path,
                    "dossier",
                    f"the dossier {dossier.id} is in {seen[dossier.id]} as well",
                    "one dossier with this id",
                    "Load one of the two, or give this one another id",
                )
            )
        else:
            seen[dossier.id] = dossier.path
            items.append(dossier)
    return items


def other_file_problem(dossier: Dossier, path: str, other: str) -> Problem:
    """What to tell about a dossier in the file ``path`` when ``other`` holds it already."""
    return Problem(
        path,
        "dossier",
        f"dossier {dossier.id} is that of {other}, which is still there",
        "one dossier with this id",
        f"Give this one another id, or load {other}",
    )


def _defined(dossier: Dossier) -> Iterable[Id]:
    return ((kind, id) for kind, ids in own_ids(dossier).items() for id in ids)


def _needed(dossier: Dossier) -> Iterable[Id]:
    return ((ref.kind, ref.id) for ref in references(dossier))


def apart(items: Iterable[Item]) -> tuple[list[Item], list[Dossier]]:
    """Documents and problems, and dossiers."""
    others: list[Item] = []
    dossiers: list[Dossier] = []
    for item in items:
        if isinstance(item, Dossier):
            dossiers.append(item)
        else:
            others.append(item)
    return others, dossiers


def arranged(dossiers: list[Dossier]) -> list[Item]:
    """The dossiers of one file so that those others refer to come first."""
    order, circles = arrange([[dossier] for dossier in dossiers])
    items: list[Item] = [dossiers[position] for position in order]
    for circle in circles:
        members = [dossiers[position] for position in circle]
        items += [circle_problem(each, members) for each in members]
    return items
