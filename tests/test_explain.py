"""The sentence that explains a status."""

from __future__ import annotations

import pytest
from analysis_world import VOICE, World, worlds
from hypothesis import given

from datasette_leaks.analysis.explain import LABELS
from datasette_leaks.analysis.model import STATUSES


def test_one_source() -> None:
    world = World()
    for _ in range(3):
        world.says("mx1")
    assert world.assess().explanation == (
        "Single source: everything in favour goes back to one origin, MX1 (3 assertions). "
        "Nobody is recorded as denying this claim."
    )


def test_echoes_and_the_publishers_voice() -> None:
    world = World()
    world.says("outlet", stance="echoes", after=(world.says("mx1"),))
    world.says(VOICE)
    assert world.assess().explanation == (
        "Echoed: one origin, MX1 (behind 2 assertions), repeated by OUTLET (1 assertion). "
        "Nobody is recorded as denying this claim. The publisher's own voice is not counted."
    )


def test_an_assertion_rests_on_a_group_once() -> None:
    world = World()
    both = (world.says("mx1", "d"), world.says("mx1", "d"))
    world.says("outlet", "c", "echoes", after=both)
    assert world.assess("c").explanation.startswith(
        "Echoed: one origin, MX1 (behind 1 assertion), "
    )


def test_three_names_at_most() -> None:
    world = World()
    for source in ("a", "b", "c1", "d", "e"):
        world.says(source)
    world.says("e")
    assert world.assess().explanation.startswith(
        "Corroborated: 5 origins, taken as independent, not proven: E (2 assertions), "
        "A (1 assertion), B (1 assertion) and 2 more."
    )


@pytest.mark.parametrize(
    ("independence", "words"),
    [
        ("established", "established as independent of each other"),
        ("not_established", "not established as independent of each other"),
    ],
)
def test_independence(independence: str, words: str) -> None:
    world = World()
    world.says("a")
    world.says("b")
    world.claims["c"]["independence"] = independence
    assert f"2 origins, {words}: A" in world.assess().explanation


def test_disputed() -> None:
    world = World()
    world.says("a")
    world.says("b", stance="denies")
    assert world.assess().explanation == (
        "Disputed: in favour A (1 assertion). Against it: B (1 assertion)."
    )


def test_both_sides() -> None:
    world = World()
    world.says("a")
    world.says("a", stance="denies")
    assert world.assess().explanation.endswith(
        "On both sides, so not counted against it: A. "
        "Nobody else is recorded as denying this claim."
    )


def test_nothing_in_favour() -> None:
    world = World()
    world.says("b", stance="denies")
    assert world.assess().explanation == (
        "Unsourced: nothing is recorded in favour. Against it: B (1 assertion)."
    )
    world.says(VOICE)
    assert "only the publisher's own voice is in favour" in world.assess().explanation


def test_retracted() -> None:
    world = World()
    world.says("a")
    world.says("a", stance="retracts")
    assert world.assess().explanation == (
        "Retracted: everything in favour has been withdrawn by its source."
    )
    world.says("b")
    assert "Not counted, because retracted: 1 assertion." in world.assess().explanation


def test_a_cycle() -> None:
    world = World()
    first = world.says("post")
    world.derivations[first, world.says("times", after=(first,))] = "accepted"
    assert world.assess().explanation == (
        "Unidentified origin: no identified source stands behind it, only POST and TIMES, each "
        "from the other (2 assertions). "
        "Nobody is recorded as denying this claim. Part of the reporting goes round in a circle."
    )


def test_why_nobody_is_identified() -> None:
    world = World()
    world.source("analysts", "collective")
    world.source("link", "unresolved_link")
    world.source("official", named=0)
    for claim, source, stance, basis, words in (
        ("c", "analysts", "asserts", "unstated", "ANALYSTS, a collective"),
        ("d", "link", "asserts", "unstated", "LINK, a link that leads nowhere"),
        ("e", "official", "asserts", "second_hand", "OFFICIAL, who is not named"),
        ("f", "mx1", "asserts", "second_hand", "MX1, at second hand"),
        ("g", "outlet", "echoes", "unstated", "OUTLET, repeating somebody not recorded"),
    ):
        world.says(source, claim, stance, basis=basis)
        assert world.assess(claim).explanation == (
            "Unidentified origin: no identified source stands behind it, only "
            f"{words} (1 assertion). Nobody is recorded as denying this claim."
        )


def test_the_unidentified_are_not_left_out() -> None:
    world = World()
    world.says("mx1")
    world.source("analysts", "collective")
    world.says("analysts")
    assert world.assess().explanation == (
        "Single source: everything identified in favour goes back to one origin, MX1 (1 assertion)."
        " Also in favour, unidentified: ANALYSTS, a collective (1 assertion). "
        "Nobody is recorded as denying this claim."
    )


def test_a_disputed_narrower_claim() -> None:
    world = World()
    world.says("mx1", "narrow")
    world.says("firm", "also-broad", "denies")
    world.claim("c")
    world.related("narrow", "narrower_than", "c")
    assert world.assess("c").explanation.endswith("Nobody is recorded as denying this claim.")
    world.related("narrow", "narrower_than", "also-broad")
    assert world.assess("c").explanation.endswith(
        "Nobody is recorded as denying this claim. A narrower claim that counts here is disputed."
    )
    assert "narrower" not in world.assess("narrow").explanation


def test_the_publishers_own_denial() -> None:
    world = World()
    world.says("mx1")
    world.says(VOICE, stance="denies")
    assert world.assess().explanation.endswith(
        "MX1 (1 assertion). Only the publisher's own voice is against it, which is not counted."
    )
    world.says("firm", stance="denies")
    assert world.assess().explanation.endswith(
        "Against it: FIRM (1 assertion). The publisher's own voice is against it too, "
        "which is not counted."
    )


def test_another_publishers_voice() -> None:
    world = World()
    world.says("mx1")
    world.claim("b", voice="pb")
    world.says("pb", "b")
    world.related("b", "same_as", "c")
    assert "Another publisher's own voice is not counted." in world.assess("c").explanation
    assert "The publisher's own voice is not counted." in world.assess("b").explanation
    world.says(VOICE)
    assert "Publishers' own voices are not counted." in world.assess("b").explanation


def test_withdrawn_but_for_the_publishers_voice() -> None:
    world = World()
    world.says("a")
    world.says("a", stance="retracts")
    world.says(VOICE)
    assert world.assess().explanation == (
        "Retracted: everything in favour has been withdrawn by its source; only the publisher's "
        "own voice still says it."
    )


def test_a_withdrawn_denial() -> None:
    world = World()
    world.says("p1")
    world.says("p2", stance="denies")
    world.says("p2", stance="retracts")
    assert world.assess().explanation.endswith(
        "Nobody is recorded as still denying this claim. Not counted, because retracted: "
        "1 assertion."
    )


@pytest.mark.parametrize(
    ("kind", "stance", "words"),
    [
        ("person", "denies", "DEP, who counts as one origin with ONE, denies it"),
        ("organisation", "disputes", "DEP, which counts as one origin with ONE, disputes it"),
        ("collective", "denies", "DEP, who count as one origin with ONE, deny it"),
    ],
)
def test_a_denial_from_the_same_origin(kind: str, stance: str, words: str) -> None:
    world = World()
    world.source("dep", kind)
    world.says("one")
    world.says("dep", stance=stance)
    world.joined("dep", "dependent_on", "one")
    assert world.assess().explanation.endswith(
        f"{words}: not counted against it. Nobody else is recorded as denying this claim."
    )


def test_all_that_speak_for_an_origin_are_named() -> None:
    world = World()
    world.says("firm")
    world.says("firm")
    world.says("lawyer")
    world.joined("lawyer", "dependent_on", "firm")
    assert "one origin, FIRM and LAWYER (3 assertions)." in world.assess().explanation
    for clerk in ("clerk1", "clerk2"):
        world.says(clerk)
        world.joined(clerk, "dependent_on", "firm")
    assert "origin, CLERK1, CLERK2, FIRM and 1 more (5 assertions)." in world.assess().explanation


def test_a_circle_of_three_denies() -> None:
    world = World()
    one = world.says("x", stance="denies")
    two = world.says("y", stance="denies", after=(one,))
    three = world.says("z", stance="denies", after=(two,))
    world.derivations[one, three] = "accepted"
    assert world.assess().explanation == (
        "Unsourced: nothing is recorded in favour. Against it: X, Y and Z, each from another of "
        "them (3 assertions). Part of the reporting goes round in a circle."
    )


@pytest.mark.parametrize(
    ("kind", "why"),
    [
        ("opinion", "it is an opinion"),
        ("prediction", "it is a prediction"),
        ("not_checkable", "it cannot be checked"),
    ],
)
def test_not_assessed(kind: str, why: str) -> None:
    world = World()
    world.claim("c", kind)
    world.says("a")
    assert world.assess().explanation == f"Not assessed: {why}."


def test_an_override_stands_beside_what_was_computed() -> None:
    world = World()
    world.says("a")
    basis = world.assess().basis_hash
    world.reviews.append((1, "set_status", "c", "unsourced", basis, None))
    assert world.assess().explanation == (
        "An editor set unsourced; computed: single source: everything in favour goes back to one "
        "origin, A (1 assertion). Nobody is recorded as denying this claim."
    )
    world.says("a")
    assert world.assess().explanation.endswith(
        "An editor's unsourced rested on other evidence and no longer holds."
    )


def test_every_status_has_a_label() -> None:
    assert set(LABELS) == set(STATUSES)


@given(worlds())
def test_it_never_speaks_of_truth(world: World) -> None:
    for claim in world.claims:
        words = world.assess(claim).explanation.lower().split()
        assert {"true", "false", "truth", "lie", "verified"}.isdisjoint(words)
