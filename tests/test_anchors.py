"""Anchors point at one passage, in code points of the original text, or say why they do not."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from datasette_leaks.loaders.anchors import AnchorFinder, AnchorProblem, Span, find
from datasette_leaks.loaders.records import Anchor

TEXT = (
    "The firm paid three inspectors, HB2 wrote. “We saw to it,” he said,\n"
    "“that the three of them look away.” The firm’s lawyer calls it a well-worn tale."
)


def passage(text: str, start: str, *more: str | None) -> str:
    """What the anchor of start, end, prefix and suffix points at; fails where it does not."""
    found = find(text, Anchor(start, *more))
    assert isinstance(found, Span), found
    return text[found.start : found.end]


def problem(text: str, start: str, *more: str | None) -> AnchorProblem:
    found = find(text, Anchor(start, *more))
    assert isinstance(found, AnchorProblem), found
    return found


def test_first_and_last_words_make_a_passage() -> None:
    assert passage(TEXT, "paid three inspectors") == "paid three inspectors"
    assert passage(TEXT, "We saw", "look away") == (
        "We saw to it,” he said,\n“that the three of them look away"
    )


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("he said,\n  “that", 'he said, "that'),
        ("the firm’s lawyer", "the firm's lawyer"),
        ("a well‑worn tale", "a well-worn tale"),
        ("2010–2012", "2010-2012"),
        ("paid — three", "paid - three"),
        ("in\u00adspec\u200btors", "inspectors"),
        ("inspectors", "in\u00adspectors"),
        ("paid \u200b\n three", "paid three"),
        ("caf\u00e9", "cafe\u0301"),
        ("cafe\u0301", "caf\u00e9"),
        ("o\u0323\u0302", "\u1ed9"),
        ("한국", unicodedata.normalize("NFD", "한국")),
        ("❤️ paid", "❤ paid"),
    ],
)
def test_shapes_spaces_and_what_nobody_sees_do_not_matter(text: str, start: str) -> None:
    assert passage(f"before {text} after", f" {start} ") == text


def test_letters_and_capitals_matter() -> None:
    assert "nowhere" in problem(TEXT, "the firm paid").message
    assert "nowhere" in problem("a café", "a cafe").message


@pytest.mark.parametrize("start", ["aid three", "three inspector", "HB", "e"])
def test_words_are_matched_whole(start: str) -> None:
    assert "nowhere" in problem(TEXT, start).message


@pytest.mark.parametrize(
    ("text", "start", "whole"),
    [
        ("the firm's lawyer", "the firm", True),
        ("well-worn", "well", True),
        ("they don't", "don", False),
        ("they don't", "t", False),
        ("for 10,000 dollars", "10", False),
        ("for 10,000 dollars", "000", False),
        ("caf\u0301e", "caf", False),
        ("香港的码头", "港的", True),
        ("snake_case", "snake", False),
    ],
)
def test_where_a_word_ends(text: str, start: str, whole: bool) -> None:
    assert isinstance(find(text, Anchor(start)), Span) is whole


def test_offsets_are_code_points_of_the_original_text() -> None:
    text = "🙂 e\u0301\u00ad  “é”\u200b x"
    assert find(text, Anchor('"é"')) == Span(7, 10)
    assert find(text, Anchor("x")) == Span(12, 13)


def test_words_that_stand_twice_are_reported_with_their_places() -> None:
    text = "one man paid. " * 7
    found = problem(text, "man paid")
    assert "7 times" in found.message
    assert [each.offset for each in found.candidates] == [4, 18, 32, 46, 60]
    assert "man paid" in found.candidates[0].context
    assert "prefix" in found.advice
    assert "at 18" in str(found)


def test_prefix_and_suffix_tell_places_apart() -> None:
    text = "He said yes to Ada. She said yes, to Bo."
    assert find(text, Anchor("said yes", prefix="She")) == Span(24, 32)
    assert find(text, Anchor("said yes", suffix="to Ada")) == Span(3, 11)
    assert find(text, Anchor("said", end="yes", suffix=", to")) == Span(24, 32)
    assert "prefix" in problem(text, "said yes", None, "They").message
    assert "prefix" in problem(text, "said yes", None, "e").message
    assert "suffix" in problem(text, "said yes", None, None, "to B").message


def test_the_end_is_the_first_match_after_the_start() -> None:
    text = "an end. We begin, and go on to the end of it, the end"
    assert passage(text, "We begin", "end") == "We begin, and go on to the end"
    assert passage(text, "go on to the", "to the end") == "go on to the end"
    assert passage(text, "go on to the end", "the end") == "go on to the end"
    assert "only before" in problem(text, "We begin", "an end").message
    assert "nowhere" in problem(text, "We begin", "the very end").message
    for end in ("an end", "the very end"):
        assert problem(text, "We begin", end).expected == "words at or after its start"
    assert problem(text, "We never", "end").expected == "words that stand once in the text"


def test_the_nearest_places_are_given_where_nothing_matches() -> None:
    first = problem(TEXT, "paid three men")
    assert [each.offset for each in first.candidates] == [9]
    assert "paid three inspectors" in first.candidates[0].context
    last = problem(TEXT, "all of them look away")
    assert "of them look away" in last.candidates[0].context
    capitals = problem(TEXT, "we SAW to it")
    assert "We saw to it" in capitals.candidates[0].context
    assert problem(TEXT, "zebra").candidates == ()


@pytest.mark.parametrize("words", ["\u00ad", " ", "\u200b \u200b"])
def test_an_anchor_without_words_is_a_problem(words: str) -> None:
    assert "no words" in problem(TEXT, words).message
    assert "end holds no words" in problem(TEXT, "paid", words).message


words = st.lists(
    st.text(st.sampled_from("abAé’'\u0301\u00ad8,한字"), min_size=1, max_size=4).filter(
        lambda word: word[0] in "abAé8" and word[-1] in "abAé8"
    ),
    min_size=1,
    max_size=30,
)
gaps = st.sampled_from([" ", "  ", "\n\n", "\u00a0", " “", "” ", " — ", ", ", " \u200b"])


@given(words, st.data())
def test_any_run_of_words_that_stands_once_is_found(chosen: list[str], data: st.DataObject) -> None:
    text = chosen[0]
    spans = [Span(0, len(text))]
    for word in chosen[1:]:
        text += data.draw(gaps)
        spans.append(Span(len(text), len(text) + len(word)))
        text += word
    first = data.draw(st.integers(0, len(spans) - 1))
    last = data.draw(st.integers(first, len(spans) - 1))
    wanted = Span(spans[first].start, spans[last].end)
    finder = AnchorFinder(text)
    found = finder.find(Anchor(text[wanted.start : wanted.end]))
    if isinstance(found, AnchorProblem):
        assert "times" in found.message  # the words themselves are always found
    assume(isinstance(found, Span))
    assert found == wanted
    other = unicodedata.normalize("NFC", re.sub("’", "'", text[wanted.start : wanted.end]))
    assert finder.find(Anchor(other)) == wanted


@given(st.text(), st.text(min_size=1), st.none() | st.text(min_size=1))
def test_any_text_and_any_words_give_a_span_or_a_problem(
    text: str, start: str, end: str | None
) -> None:
    found = find(text, Anchor(start, end, prefix=end))
    if isinstance(found, Span):
        assert 0 <= found.start < found.end <= len(text)
    else:
        assert str(found)
