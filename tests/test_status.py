"""The rules for a claim's status: worked examples, and what must hold for any evidence."""

from __future__ import annotations

import random
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from analysis_world import CLAIMS, SOURCES, VOICE, World, worlds
from hypothesis import assume, given
from hypothesis import strategies as st

from datasette_leaks.analysis.assess import assess
from datasette_leaks.analysis.model import STATUSES, Assessment
from datasette_leaks.analysis.tables import derive

# --- worked examples: who says what, the status, and P, U, E, N --------------------------------


def one_source_three_times(world: World) -> None:
    for _ in range(3):
        world.says("mx1")


def support_for_narrower_claims(world: World) -> None:
    world.says("mx1")
    world.says("zambada", "narrow")
    world.related("narrow", "narrower_than", "c")


def narrower_not_accepted(world: World) -> None:
    support_for_narrower_claims(world)
    world.related("narrow", "narrower_than", "c", "proposed")


def echoed_in_prose_but_separate(world: World) -> None:
    world.says("us714")
    world.says("mx1", stance="corroborates")
    world.source("reports", "collective")
    world.says("reports")


def analysts(world: World) -> None:
    world.source("analysts", "collective")
    world.says("analysts")


def unnamed_official(world: World) -> None:
    world.source("official", named=0)
    world.says("official")


def unresolved_link(world: World) -> None:
    world.source("link", "unresolved_link")
    world.says("link")


def second_hand(world: World) -> None:
    world.says("mx1", basis="second_hand")


def echo_of_nobody_recorded(world: World) -> None:
    world.says("outlet", stance="echoes")


def syndicated_copy(world: World) -> None:
    first = world.says("us714")
    world.says("outlet", stance="echoes", after=(first,))


def self_citation(world: World) -> None:
    first = world.says("narco-news")
    world.says("conroy", stance="echoes", after=(first,))
    world.joined("conroy", "dependent_on", "narco-news")


def filing_and_answer(world: World) -> None:
    world.says("zambada")
    world.says("government", stance="denies")


def denial_of_the_narrower(world: World) -> None:
    world.says("mx1")
    world.says("government", "narrow", "denies")
    world.related("narrow", "narrower_than", "c")


def denial_of_the_broader(world: World) -> None:
    world.says("mx1")
    world.says("government", "broad", "denies")
    world.related("c", "narrower_than", "broad")


def denial_only(world: World) -> None:
    world.says("government", stance="denies")


def own_voice(world: World) -> None:
    world.says(VOICE)


def echo_of_the_publisher(world: World) -> None:
    world.says("outlet", stance="echoes", after=(world.says(VOICE),))


def publisher_repeats_a_source(world: World) -> None:
    world.says(VOICE, stance="echoes", after=(world.says("mx1"),))


def publisher_denies(world: World) -> None:
    world.says("mx1")
    world.says(VOICE, stance="denies")


def opinion(world: World) -> None:
    world.claim("c", "opinion")
    world.says("mx1")


def no_comment(world: World) -> None:
    world.says("mx1")
    world.says("ice", stance="declines_to_comment")


def withdrawn(world: World) -> None:
    first = world.says("mx1")
    world.says("outlet", stance="echoes", after=(first,))
    world.says("mx1-alias", stance="retracts")
    world.joined("mx1-alias", "same_as", "mx1")


def one_of_two_withdrawn(world: World) -> None:
    world.says("mx1")
    world.says("us714")
    world.says("mx1", stance="retracts")


def echo_withdrawn(world: World) -> None:
    world.says("outlet", stance="echoes", after=(world.says("mx1"),))
    world.says("outlet", stance="retracts")


def first_and_second_hand(world: World) -> None:
    world.says("mx1", basis="first_hand")
    world.says("mx1", basis="second_hand")


def spokesman_cannot_withdraw(world: World) -> None:
    world.says("boss")
    world.says("spokesman", stance="retracts")
    world.joined("spokesman", "dependent_on", "boss")


def cycle(world: World) -> None:
    first = world.says("post")
    second = world.says("times", after=(first,))
    world.derivations[first, second] = "accepted"


def cycle_in_one_house(world: World) -> None:
    cycle(world)
    world.joined("post", "dependent_on", "times")


def cycle_with_a_collective(world: World) -> None:
    world.source("times", "collective")
    cycle_in_one_house(world)


def own_echo_of_the_unidentified(world: World) -> None:
    world.source("analysts", "collective")
    world.says("bureau", stance="echoes", after=(world.says("analysts"),))
    world.joined("bureau", "dependent_on", "analysts")


def cycle_with_a_way_out(world: World) -> None:
    cycle(world)
    first = min(world.assertions)
    world.derivations[first, world.says("mx1")] = "accepted"


def says_and_denies(world: World) -> None:
    world.says("mx1")
    world.says("mx1", stance="denies")


def same_claim_twice(world: World) -> None:
    world.says("mx1")
    world.says("us714", "again")
    world.related("c", "same_as", "again")


def support_in_another_claim_only(world: World) -> None:
    world.says("mx1")
    world.says("us714", "other")
    world.related("other", "supports", "c")
    world.related("other", "restates", "c")
    world.related("c", "narrower_than", "other")


EXAMPLES: list[tuple[Callable[[World], None], str, tuple[int, int, int, int]]] = [
    (one_source_three_times, "single_source", (1, 0, 0, 0)),
    (support_for_narrower_claims, "corroborated", (2, 0, 0, 0)),
    (narrower_not_accepted, "single_source", (1, 0, 0, 0)),
    (echoed_in_prose_but_separate, "corroborated", (2, 1, 0, 0)),
    (analysts, "unidentified_origin", (0, 1, 0, 0)),
    (unnamed_official, "unidentified_origin", (0, 1, 0, 0)),
    (unresolved_link, "unidentified_origin", (0, 1, 0, 0)),
    (second_hand, "unidentified_origin", (0, 1, 0, 0)),
    (echo_of_nobody_recorded, "unidentified_origin", (0, 1, 0, 0)),
    (syndicated_copy, "echoed", (1, 0, 1, 0)),
    (self_citation, "single_source", (1, 0, 0, 0)),
    (filing_and_answer, "disputed", (1, 0, 0, 1)),
    (denial_of_the_narrower, "single_source", (1, 0, 0, 0)),
    (denial_of_the_broader, "disputed", (1, 0, 0, 1)),
    (denial_only, "unsourced", (0, 0, 0, 1)),
    (own_voice, "unsourced", (0, 0, 0, 0)),
    (echo_of_the_publisher, "unsourced", (0, 0, 0, 0)),
    (publisher_repeats_a_source, "single_source", (1, 0, 0, 0)),
    (publisher_denies, "single_source", (1, 0, 0, 0)),
    (opinion, "not_assessed", (1, 0, 0, 0)),
    (no_comment, "single_source", (1, 0, 0, 0)),
    (withdrawn, "retracted", (0, 0, 0, 0)),
    (one_of_two_withdrawn, "single_source", (1, 0, 0, 0)),
    (echo_withdrawn, "single_source", (1, 0, 0, 0)),
    (first_and_second_hand, "single_source", (1, 0, 0, 0)),
    (spokesman_cannot_withdraw, "single_source", (1, 0, 0, 0)),
    (cycle, "unidentified_origin", (0, 1, 0, 0)),
    (cycle_in_one_house, "single_source", (1, 0, 0, 0)),
    (cycle_with_a_collective, "unidentified_origin", (0, 1, 0, 0)),
    (own_echo_of_the_unidentified, "unidentified_origin", (0, 1, 0, 0)),
    (cycle_with_a_way_out, "echoed", (1, 0, 2, 0)),
    (says_and_denies, "single_source", (1, 0, 0, 0)),
    (same_claim_twice, "corroborated", (2, 0, 0, 0)),
    (support_in_another_claim_only, "single_source", (1, 0, 0, 0)),
]


@pytest.mark.parametrize(
    ("build", "status", "numbers"), EXAMPLES, ids=[build.__name__ for build, *_ in EXAMPLES]
)
def test_example(
    build: Callable[[World], None], status: str, numbers: tuple[int, int, int, int]
) -> None:
    world = World()
    build(world)
    found = world.assess()
    assert (found.status, counts(found)) == (status, numbers)


def counts(found: Assessment) -> tuple[int, int, int, int]:
    w = found.weights
    return len(w.origins), len(w.unidentified), len(w.echoes), len(w.against)


def test_every_status_has_an_example() -> None:
    assert {status for _, status, _ in EXAMPLES} == set(STATUSES)


def test_flags() -> None:
    for build, circular, inconsistent in (
        (cycle, True, False),
        (cycle_with_a_way_out, False, False),
        (says_and_denies, False, True),
        (filing_and_answer, False, False),
    ):
        world = World()
        build(world)
        weights = world.assess().weights
        assert (weights.circular, weights.self_inconsistent) == (circular, inconsistent), build


def test_one_group_on_both_of_two_claims_in_tension() -> None:
    world = World()
    world.says("mx1", "c")
    world.says("mx1", "d")
    world.says("us714", "e")
    world.related("d", "in_tension_with", "c")
    world.related("e", "in_tension_with", "c")
    assert world.assess("c").weights.self_inconsistent
    assert world.assess("d").weights.self_inconsistent
    assert not world.assess("e").weights.self_inconsistent


def test_steps_are_shown() -> None:
    world = World()
    support_for_narrower_claims(world)
    publisher_repeats_a_source(world)
    own_voice(world)
    no_comment(world)
    shown = {
        (step.source, step.role, step.through, step.derived) for step in world.assess().counted
    }
    assert shown == {
        ("mx1", "for", "c", False),
        ("zambada", "for", "narrow", False),
        (VOICE, "for", "c", True),
        (VOICE, "voice", "c", False),
        ("ice", "no_weight", "c", False),
    }
    assert {
        root.source for step in world.assess().counted if step.derived for root in step.roots
    } == {"mx1"}


def test_proposed_rows_count_only_in_their_scope() -> None:
    world = World()
    world.says("mx1")
    world.says("us714", state="proposed")
    assert world.status() == "single_source"
    assert world.status(scope="with_proposed") == "corroborated"


# --- what must hold for any evidence -------------------------------------------------------------


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
        assert (row[20], row[21]) == (found.explanation, found.basis_hash)
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
    assert world.assess(broad) == before[broad]
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
