"""The hash of what a claim rests on: it changes with the evidence and with nothing else."""

from __future__ import annotations

from analysis_world import CLAIMS, VOICE, World, worlds
from hypothesis import given
from hypothesis import strategies as st

from datasette_leaks.analysis.assess import assess
from datasette_leaks.analysis.model import Assessment


def _computed(world: World) -> dict[str, Assessment]:
    evidence = world.evidence()
    return {claim: assess(evidence, claim) for claim in CLAIMS}


@given(worlds(), st.sampled_from(CLAIMS), st.sampled_from(["asserts", "echoes", "denies"]))
def test_the_basis_changes_with_the_evidence(world: World, claim: str, stance: str) -> None:
    """A new assertion changes the basis of the claims that it reaches, and of no other."""
    before = _computed(world)
    world.says("newcomer", claim, stance, id_="z")
    for id_, found in _computed(world).items():
        reached = any(step.id == "z" for step in found.counted)
        assert reached or id_ != claim
        if reached:
            assert found.basis_hash != before[id_].basis_hash
        elif not any("in_tension_with" in key and id_ in key for key in world.claim_relations):
            assert found.basis_hash == before[id_].basis_hash


@given(worlds(), st.sampled_from(CLAIMS), st.sampled_from(CLAIMS))
def test_the_basis_changes_with_the_ancestry(world: World, claim: str, other: str) -> None:
    child, parent = world.says("one", claim, id_="y"), world.says("two", other, id_="z")
    before = world.assess(claim).basis_hash
    world.derivations[child, parent] = "accepted"
    derived = world.assess(claim).basis_hash
    world.assertions[parent]["basis"] = "document"
    assert len({before, derived, world.assess(claim).basis_hash}) == 3


def test_the_basis_changes_with_a_source() -> None:
    world = World()
    world.says("mx1")
    before = world.assess().basis_hash
    world.sources["mx1"]["named"] = 0
    unnamed = world.assess().basis_hash
    world.joined("mx1", "dependent_on", VOICE)
    assert len({before, unnamed, world.assess().basis_hash}) == 3


def test_the_basis_changes_with_a_retraction_of_a_root() -> None:
    world = World()
    world.says("outlet", "c", "echoes", after=(world.says("mx1", "d"),))
    before = world.assess("c").basis_hash
    world.says("mx1", "d", "retracts")
    assert world.assess("c").basis_hash != before


def test_the_basis_changes_with_a_tension() -> None:
    world = World()
    world.says("mx1", "c")
    world.says("mx1", "d")
    before = world.assess("c").basis_hash
    world.related("c", "in_tension_with", "d")
    assert world.assess("c").basis_hash != before


def test_the_basis_changes_with_what_a_cycle_derives_from() -> None:
    world = World()
    first = world.says("post")
    world.derivations[first, world.says("times", after=(first,))] = "accepted"
    root = world.says("mx1", "d")
    world.derivations[first, root] = "accepted"
    before = world.assess("c").basis_hash
    world.assertions[root]["basis"] = "document"
    assert world.assess("c").basis_hash != before
