"""The rules for a claim's status: what must hold for any evidence."""

from __future__ import annotations

import random
from copy import deepcopy
from typing import Any

from analysis_world import CLAIMS, SOURCES, VOICE, World, counts, worlds
from hypothesis import assume, given
from hypothesis import strategies as st

from datasette_leaks.analysis.assess import assess
from datasette_leaks.analysis.model import STATUSES, Assessment
from datasette_leaks.analysis.origins import grouped
from datasette_leaks.analysis.scope import Scope
from datasette_leaks.analysis.status import weigh_all
from datasette_leaks.analysis.tables import derive


def rows(world: World) -> dict[str, tuple[Any, ...]]:
    return {row[0]: row for row in derive(world.evidence()).claims_by_status}


def computed(world: World) -> dict[str, Assessment]:
    evidence = world.evidence()
    return {claim: assess(evidence, claim) for claim in CLAIMS}


@given(worlds())
def test_every_claim_gets_one_status(world: World) -> None:
    wanted = {id_ for id_, claim in world.claims.items() if claim["state"] != "rejected"}
    found = derive(world.evidence()).claims_by_status
    assert {row[0] for row in found} == wanted
    assert len(found) == len(wanted)
    assert all(row[2] in STATUSES and row[18] in STATUSES for row in found)


@given(worlds(), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(world: World, rng: random.Random) -> None:
    shuffled = world.evidence(lambda rows: rng.sample(rows, len(rows)))
    assert derive(shuffled) == derive(world.evidence())


@given(worlds())
def test_one_claim_alone_is_as_in_the_full_run(world: World) -> None:
    for id_, row in rows(world).items():
        found = world.assess(id_)
        w = found.weights
        assert row[2] == found.status
        assert row[5:11] == (w.assertions, w.sources, *counts(found))
        assert (row[13], row[14]) == (w.circular, w.self_inconsistent)
        assert row[20] == found.explanation
        wider = world.assess(id_, "with_proposed").weights
        assert (row[18], row[19]) == (wider.computed_status, len(wider.origins))


@given(worlds(), st.data())
def test_an_echo_never_makes_a_claim_corroborated(world: World, data: st.DataObject) -> None:
    before = computed(world)
    claim = data.draw(st.sampled_from(CLAIMS))
    of = [step.id for step in before[claim].counted if step.role == "for"]
    after = data.draw(st.lists(st.sampled_from(of), unique=True)) if of else []
    assume(claim not in {end for key in world.claim_relations for end in (key[0], key[2])})
    world.says(data.draw(st.sampled_from(SOURCES)), claim, "echoes", after=tuple(after), id_="z")
    found = world.assess(claim)
    assert len(found.weights.origins) <= len(before[claim].weights.origins)
    if found.status == "corroborated":
        assert before[claim].status == "corroborated"


@given(worlds(), st.sampled_from(SOURCES), st.sampled_from(SOURCES))
def test_two_sources_made_dependent_never_raise_origins(world: World, one: str, other: str) -> None:
    assume(one != other and {one, other}.isdisjoint({VOICE}))
    before = computed(world)
    assume(
        not any(
            step.roots and root.circular
            for found in before.values()
            for step in found.counted
            for root in step.roots
        )
    )
    world.joined(one, "dependent_on", other)
    for claim, found in computed(world).items():
        assert len(found.weights.origins) <= len(before[claim].weights.origins)


@given(worlds(), st.sampled_from(CLAIMS))
def test_an_independent_named_source_never_lowers_origins(world: World, claim: str) -> None:
    before = computed(world)
    world.says("newcomer", claim, id_="z")
    for id_, found in computed(world).items():
        assert len(found.weights.origins) >= len(before[id_].weights.origins)
    assert "newcomer" in world.assess(claim).weights.origins


@given(worlds())
def test_rejected_rows_change_nothing(world: World) -> None:
    without = deepcopy(world)
    for rows_ in (without.assertions, without.claims):
        for id_ in [id_ for id_, row in rows_.items() if row["state"] == "rejected"]:
            if rows_ is without.assertions:
                del rows_[id_]

    def kept(rows_: dict[Any, str]) -> dict[Any, str]:
        return {key: state for key, state in rows_.items() if state != "rejected"}

    without.source_relations = kept(without.source_relations)
    without.claim_relations = kept(without.claim_relations)
    without.derivations = {
        key: state
        for key, state in kept(without.derivations).items()
        if set(key) <= set(without.assertions)
    }
    assert derive(without.evidence()) == derive(world.evidence())


@given(worlds(), st.sampled_from(CLAIMS), st.sampled_from(CLAIMS))
def test_a_denial_goes_down_and_not_up(world: World, narrow: str, broad: str) -> None:
    assume(narrow != broad)
    for claim in (narrow, broad):
        world.claims[claim]["state"] = "accepted"
    world.claim_relations = {(narrow, "narrower_than", broad): "accepted"}
    before = computed(world)
    world.says("denier", narrow, "denies", id_="z")
    assert world.assess(broad).counted == before[broad].counted
    assert world.status(broad) == before[broad].status
    world.assertions["z"]["claim"] = broad
    assert "denier" in world.assess(narrow).weights.against


@given(worlds(), st.sampled_from(CLAIMS))
def test_a_cycle_loses_no_claim(world: World, claim: str) -> None:
    first, second = world.says("one", claim, id_="x"), world.says("two", claim, id_="y")
    world.derivations[first, second] = world.derivations[second, first] = "accepted"
    found = world.assess(claim)
    assert found.weights.circular
    assert {root.id for step in found.counted if step.id in "xy" for root in step.roots} == {"x"}
    if world.claims[claim]["kind"] == "statement":
        assert found.status != "unsourced"


def test_the_order_of_derivations_does_not_matter() -> None:
    world = World()
    world.says("outlet", "c", "echoes", after=(world.says("mx1"), world.says("us714")))
    turned = world.evidence(lambda rows: rows[::-1])
    assert derive(turned) == derive(world.evidence())


@given(worlds(), st.permutations(CLAIMS))
def test_claims_that_are_the_same_weigh_the_same(world: World, claims: list[str]) -> None:
    for claim in claims[:2]:
        world.claims[claim] |= {"state": "accepted", "kind": "statement"}
    world.related(claims[0], "same_as", claims[1])
    taken = {
        id_
        for id_, claim in world.claims.items()
        if (claim["state"], claim["kind"]) == ("accepted", "statement")
    }
    same = grouped(
        (one, other)
        for (one, kind, other), state in world.claim_relations.items()
        if kind == "same_as" and state == "accepted" and {one, other} <= taken
    )
    for claim, first in same.items():
        here, there = world.assess(claim), world.assess(first)
        assert (here.status, counts(here)) == (there.status, counts(there))


def test_a_publishers_own_voice_is_no_origin_of_the_same_claim_elsewhere() -> None:
    world = World()
    world.claim("a1", voice="pa")
    world.claim("b1", voice="pb")
    world.source("pa", "outlet")
    world.says("p1", "a1")
    world.says("pb", "b1")
    world.related("b1", "same_as", "a1")
    assert [world.status("a1"), world.status("b1")] == ["single_source"] * 2


def test_claims_that_are_the_same_are_weighed_once() -> None:
    world = World()
    for number in range(4):
        world.says(f"s{number}", f"c{number}")
        if number:
            world.related(f"c{number}", "same_as", f"c{number - 1}")
    world.says("elsewhere", "d")
    evidence = world.evidence()
    found = list(weigh_all(Scope(evidence, "accepted"), evidence.claims))
    assert sorted([claim[0] for claim, _ in alike] for alike in found) == [
        ["c0", "c1", "c2", "c3"],
        ["d"],
    ]
    assert len({id(weights) for alike in found for _, weights in alike}) == 2
