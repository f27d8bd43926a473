"""The rules for a claim's status, in worked examples: who says what, the status, P, U, E and N.

What must hold for any evidence is in test_status_rules.py.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from analysis_world import VOICE, World, counts

from datasette_leaks.analysis.model import STATUSES


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


def denial_withdrawn(world: World) -> None:
    world.says("p1")
    world.says("p2", stance="denies")
    world.says("p2", stance="retracts")


def said_and_denied_and_withdrawn(world: World) -> None:
    world.says("p2")
    denial_withdrawn(world)


def echo_of_a_withdrawn_denial(world: World) -> None:
    denial_withdrawn(world)
    denial = next(id_ for id_, row in world.assertions.items() if row["stance"] == "denies")
    world.says("outlet", stance="denies", after=(denial,))


def withdrawn_and_said_again(world: World) -> None:
    world.says("mx1", on="2012-10-05")
    world.says("us714", on="2012-10-07", stance="denies")
    world.says("mx1", stance="retracts", on="2012-10-06")
    world.says("mx1", on="2012-10-07")


def withdrawn_with_dates_that_tell_no_order(world: World) -> None:
    world.says("mx1", on="2012-10-05")
    world.says("mx1")
    world.says("mx1", stance="retracts", on="2012-10")


def withdrawn_before_it_was_said(world: World) -> None:
    world.says("mx1", on="2013-01")
    world.says("mx1", stance="retracts", on="2012-10-06")


def opinion_that_is_narrower(world: World) -> None:
    world.says("mx1")
    world.claim("view", "opinion")
    world.says("pundit", "view")
    world.says("us714", "fact")
    world.related("view", "narrower_than", "c")
    world.related("fact", "narrower_than", "view")


def opinion_that_is_broader(world: World) -> None:
    world.says("mx1")
    world.claim("view", "opinion")
    world.says("pundit", "view", "denies")
    world.related("c", "narrower_than", "view")


def opinion_said_to_be_the_same(world: World) -> None:
    world.says("mx1")
    world.claim("view", "opinion")
    world.says("pundit", "view")
    world.related("view", "same_as", "c")


def another_outlets_own_voice(world: World) -> None:
    world.says("p1")
    world.claim("b", voice="pb")
    world.says("pb", "b")
    world.related("b", "same_as", "c")


def another_outlets_own_voice_on_a_narrower_claim(world: World) -> None:
    another_outlets_own_voice(world)
    world.claim_relations = {("b", "narrower_than", "c"): "accepted"}


def repeats_another_outlets_own_voice(world: World) -> None:
    world.claim("b", voice="pb")
    world.says("outlet", "c", "echoes", after=(world.says("pb", "b"),))


def another_outlet_repeats_a_source(world: World) -> None:
    world.claim("b", voice="pb")
    world.says("pb", "b", after=(world.says("p1"),))
    world.related("b", "same_as", "c")


def outlet_as_a_source_of_another(world: World) -> None:
    world.claim("c", voice="pb")
    world.says(VOICE)


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
    (denial_withdrawn, "single_source", (1, 0, 0, 0)),
    (said_and_denied_and_withdrawn, "single_source", (1, 0, 0, 0)),
    (echo_of_a_withdrawn_denial, "single_source", (1, 0, 0, 0)),
    (withdrawn_and_said_again, "disputed", (1, 0, 0, 1)),
    (withdrawn_with_dates_that_tell_no_order, "retracted", (0, 0, 0, 0)),
    (withdrawn_before_it_was_said, "single_source", (1, 0, 0, 0)),
    (opinion_that_is_narrower, "single_source", (1, 0, 0, 0)),
    (opinion_that_is_broader, "disputed", (1, 0, 0, 1)),
    (opinion_said_to_be_the_same, "single_source", (1, 0, 0, 0)),
    (another_outlets_own_voice, "single_source", (1, 0, 0, 0)),
    (another_outlets_own_voice_on_a_narrower_claim, "single_source", (1, 0, 0, 0)),
    (repeats_another_outlets_own_voice, "unsourced", (0, 0, 0, 0)),
    (another_outlet_repeats_a_source, "echoed", (1, 0, 1, 0)),
    (outlet_as_a_source_of_another, "single_source", (1, 0, 0, 0)),
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


def test_every_status_has_an_example() -> None:
    assert {status for _, status, _ in EXAMPLES} == set(STATUSES)


def circular_denial(world: World) -> None:
    first = world.says("post", stance="denies")
    second = world.says("times", stance="denies", after=(first,))
    world.derivations[first, second] = "accepted"


def test_flags() -> None:
    for build, circular, inconsistent in (
        (cycle, True, False),
        (cycle_with_a_way_out, False, False),
        (circular_denial, True, False),
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
