"""Roots, cycles and groups of sources."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from datasette_leaks.analysis.origins import find_origins, grouped

COUNT = 8
GRAPHS = st.dictionaries(
    st.integers(0, COUNT - 1),
    st.lists(st.integers(0, COUNT - 1), min_size=1, max_size=4, unique=True),
)


def test_a_chain_goes_back_to_its_first() -> None:
    found = find_origins(3, {2: [1], 1: [0]})
    assert found.roots == [(0,), (0,), (0,)]
    assert found.order == [1, 2]


def test_an_assertion_may_have_several_roots() -> None:
    assert find_origins(4, {3: [2, 0], 2: [1]}).roots[3] == (0, 1)


def test_a_cycle_with_no_way_out_is_one_root() -> None:
    found = find_origins(4, {1: [2], 2: [1], 3: [2]})
    assert found.roots == [(0,), (1,), (1,), (1,)]
    assert found.cycles == {1: (1, 2)}


def test_an_assertion_that_derives_from_itself_is_a_cycle() -> None:
    assert find_origins(1, {0: [0]}).cycles == {0: (0,)}


def test_a_cycle_with_a_way_out_is_no_root() -> None:
    found = find_origins(3, {1: [2], 2: [1, 0]})
    assert found.roots == [(0,), (0,), (0,)]
    assert not found.cycles


def test_a_chain_longer_than_the_stack() -> None:
    long = 50_000
    assert find_origins(long, {n: [n - 1] for n in range(1, long)}).roots[-1] == (0,)
    ring = find_origins(long, {n: [(n + 1) % long] for n in range(long)})
    assert len(ring.cycles[0]) == long


@given(GRAPHS)
def test_roots_are_the_ends_that_can_be_reached(parents: dict[int, list[int]]) -> None:
    """Against a search from every assertion: an end is what reaches nothing that cannot return."""
    reach = {n: _reach(n, parents) for n in range(COUNT)}
    found = find_origins(COUNT, parents)
    for number in range(COUNT):
        ends = {n for n in reach[number] if all(n in reach[there] for there in reach[n])}
        assert found.roots[number] == tuple(sorted({min(reach[end]) for end in ends}))
    circular = {min(reach[n]) for n in parents if all(n in reach[there] for there in reach[n])}
    assert set(found.cycles) == circular


@given(GRAPHS)
def test_everything_derived_is_listed_once_after_what_it_derives_from(
    parents: dict[int, list[int]],
) -> None:
    found = find_origins(COUNT, parents)
    steps = [(number,) for number in found.order] + found.knots
    assert sorted(number for step in steps for number in step) == sorted(parents)
    done: set[int] = set(range(COUNT)) - set(parents)
    for step in steps:
        done.update(step)
        assert all(parent in done for member in step for parent in parents[member])


def _reach(start: int, parents: dict[int, list[int]]) -> set[int]:
    seen = {start}
    queue = [start]
    for here in queue:
        for there in parents.get(here, ()):
            if there not in seen:
                seen.add(there)
                queue.append(there)
    return seen


def test_groups_are_named_by_their_smallest_id() -> None:
    assert grouped([("d", "c"), ("b", "c"), ("x", "y")]) == {
        "b": "b", "c": "b", "d": "b", "x": "x", "y": "x",
    }  # fmt: skip


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from("abcdef"))))
def test_groups_do_not_depend_on_order(pairs: list[tuple[str, str]]) -> None:
    turned = [(other, one) for one, other in reversed(pairs)]
    assert grouped(pairs) == grouped(turned)
    assert all(grouped(pairs)[one] == grouped(pairs)[other] for one, other in pairs)
