"""Anchors that are made for spans point at these spans."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasette_leaks.analysis.anchoring import anchor_of
from datasette_leaks.loaders.anchors import AnchorFinder
from datasette_leaks.loaders.records import Anchor

LONG = "The pump failed twice in June, and the pump failed twice in July, says the letter."


def made(text: str, words: str, skip: int = 0) -> Anchor | None:
    start = text.index(words)
    for _ in range(skip):
        start = text.index(words, start + 1)
    return anchor_of(AnchorFinder(text), start, start + len(words))


def test_a_short_passage_is_its_own_anchor() -> None:
    assert made(LONG, "says the letter") == Anchor("says the letter")


def test_a_long_one_has_its_first_and_last_words() -> None:
    words = "pump failed twice in June, and the pump failed twice in July"
    assert made(LONG, words) == Anchor("pump failed twice in June,", "pump failed twice in July")


@pytest.mark.parametrize("skip", [0, 1])
def test_words_that_stand_twice_get_words_around_them(skip: int) -> None:
    words = "pump failed twice"
    anchor = made(LONG, words, skip)
    assert anchor is not None
    assert anchor.prefix or anchor.suffix
    start = (LONG.index(words), LONG.rindex(words))[skip]
    assert AnchorFinder(LONG).find(anchor) == (start, start + len(words))


def test_it_is_the_shortest_that_does() -> None:
    assert made("A pump failed in June, the pump failed in June", "pump failed", 1) == Anchor(
        "pump failed", prefix="the"
    )
    assert made("A pump failed in May, a pump failed in June", "pump failed") == Anchor(
        "pump failed", prefix="A"
    )


def test_where_all_words_around_are_the_same_there_is_none() -> None:
    assert made("no no no no no no no no no no no no no no", "no", 6) is None


def test_a_cut_word_has_none() -> None:
    assert made("The harbour", "harb") is None
    assert anchor_of(AnchorFinder("The harbour"), 3, 3) is None


@given(
    st.lists(st.sampled_from(["a", "b", "“c", "d”", "e's", "f,", "g.", "\n", "é"]), min_size=1),
    st.data(),
)
def test_an_anchor_always_points_at_its_span(words: list[str], data: st.DataObject) -> None:
    text = " ".join(words)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    finder = AnchorFinder(text)
    anchor = anchor_of(finder, start, end)
    assert anchor is None or finder.find(anchor) == (start, end)
