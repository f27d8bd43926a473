"""What proposed rows change: each in a claim that they reach in one way only."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from analysis_world import VOICE, World

from datasette_leaks.analysis.proposals import touched_claims
from datasette_leaks.analysis.scope import Scope
from datasette_leaks.analysis.tables import derive


def assertion_on_a_narrower_claim(world: World) -> None:
    world.says("mx1")
    world.says("us714", "narrowest", state="proposed")
    world.claim("narrow")
    world.related("narrowest", "narrower_than", "narrow")
    world.related("narrow", "narrower_than", "c")


def denial_of_a_broader_claim(world: World) -> None:
    world.says("mx1")
    world.says("us714", "broad", "denies", state="proposed")
    world.related("c", "narrower_than", "broad")


def relation(world: World) -> None:
    world.says("mx1")
    world.says("us714", "narrow")
    world.related("narrow", "narrower_than", "c", "proposed")


def derivation(world: World) -> None:
    first = world.says("mx1")
    world.derivations[world.says("outlet"), first] = "proposed"


def cycle(world: World) -> None:
    first = world.says("mx1", id_="a")
    second = world.says("outlet", "d", after=(first,), id_="b")
    world.derivations[first, second] = "proposed"


def dependent_speaker(world: World) -> None:
    world.says("outlet", stance="echoes", after=(world.says("mx1"),))
    world.joined("outlet", "dependent_on", "mx1", "proposed")


def dependent_root_on_another_claim(world: World) -> None:
    world.says("mx1")
    world.says("outlet", stance="echoes", after=(world.says("us714", "d"),))
    world.joined("us714", "same_as", "mx1", "proposed")


def dependent_publisher(world: World) -> None:
    world.says("mx1")
    world.joined(VOICE, "dependent_on", "mx1", "proposed")


def retraction_of_an_echo(world: World) -> None:
    world.says("outlet", stance="echoes", after=(world.says("mx1"),))
    world.says("outlet", stance="retracts", state="proposed")


def retraction_by_one_perhaps_the_same(world: World) -> None:
    world.says("outlet", stance="echoes", after=(world.says("mx1"),))
    world.says("desk", stance="retracts")
    world.joined("desk", "dependent_on", "outlet")
    world.joined("desk", "same_as", "outlet", "proposed")


def retraction_of_a_root_on_another_claim(world: World) -> None:
    world.says("outlet", stance="echoes", after=(world.says("mx1", "d"),))
    world.says("mx1", "d", "retracts", state="proposed")


@pytest.mark.parametrize(
    ("build", "before", "after"),
    [
        (assertion_on_a_narrower_claim, "single_source", "corroborated"),
        (denial_of_a_broader_claim, "single_source", "disputed"),
        (relation, "single_source", "corroborated"),
        (derivation, "corroborated", "echoed"),
        (cycle, "single_source", "unidentified_origin"),
        (dependent_speaker, "echoed", "single_source"),
        (dependent_root_on_another_claim, "corroborated", "echoed"),
        (dependent_publisher, "single_source", "unsourced"),
        (retraction_of_an_echo, "echoed", "single_source"),
        (retraction_by_one_perhaps_the_same, "echoed", "single_source"),
        (retraction_of_a_root_on_another_claim, "echoed", "retracted"),
    ],
)
def test_a_proposal_is_seen(build: Callable[[World], None], before: str, after: str) -> None:
    world = World()
    build(world)
    found = {row[0]: (row[16], row[18]) for row in derive(world.evidence()).claims_by_status}
    assert found["c"] == (before, after)


def test_claims_that_no_proposal_reaches_are_left_alone() -> None:
    world = World()
    retraction_of_a_root_on_another_claim(world)
    world.says("us714", "elsewhere")
    world.says("mx1", "also")
    world.related("elsewhere", "narrower_than", "also")
    evidence = world.evidence()
    touched = touched_claims(Scope(evidence, "accepted"), Scope(evidence, "with_proposed"))
    assert {"c", "d"} <= touched
    assert touched.isdisjoint({"elsewhere", "also"})
