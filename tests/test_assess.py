"""One claim with every step that leads to its status, in either scope."""

from __future__ import annotations

from analysis_world import VOICE, World


def test_steps_are_shown() -> None:
    world = World()
    first = world.says("mx1")
    world.says("zambada", "narrow")
    world.related("narrow", "narrower_than", "c")
    world.says(VOICE, stance="echoes", after=(first,))
    world.says(VOICE)
    world.says("ice", stance="declines_to_comment")
    world.says("firm", stance="denies")
    world.says("firm", stance="retracts")
    counted = world.assess().counted
    assert {(step.source, step.role, step.through, step.derived) for step in counted} == {
        ("mx1", "for", "c", False),
        ("zambada", "for", "narrow", False),
        (VOICE, "for", "c", True),
        (VOICE, "voice", "c", False),
        ("ice", "no_weight", "c", False),
        ("firm", "retracted", "c", False),
        ("firm", "no_weight", "c", False),
    }
    assert {root.source for step in counted if step.derived for root in step.roots} == {"mx1"}


def test_proposed_rows_count_only_in_their_scope() -> None:
    world = World()
    world.says("mx1")
    world.says("us714", state="proposed")
    assert world.status() == "single_source"
    assert world.status(scope="with_proposed") == "corroborated"
