"""Cutting a text at every span border."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from datasette_leaks.site.marks import Run, Span, by_passage, cut

TEXT = "Größe 🐟 e\u0301tude, said the pilot of the harbour launch."


@st.composite
def spans(draw: st.DrawFn) -> list[Span]:
    found = []
    for key in range(draw(st.integers(0, 8))):
        start = draw(st.integers(0, len(TEXT) - 1))
        found.append(Span(start, draw(st.integers(start + 1, len(TEXT))), key))
    return found


def test_overlapping_spans_are_cut_at_every_border() -> None:
    assert cut(0, 10, [Span(2, 6, 0), Span(4, 8, 1)]) == [
        Run(0, 2),
        Run(2, 4, (0,), (0,)),
        Run(4, 6, (0, 1), (1,)),
        Run(6, 8, (1,)),
        Run(8, 10),
    ]


def test_a_span_from_an_earlier_passage_covers_but_does_not_begin() -> None:
    assert cut(5, 9, [Span(2, 7, 3)]) == [Run(5, 7, (3,)), Run(7, 9)]


def test_no_text_gives_no_run() -> None:
    assert cut(4, 4, [Span(0, 9, 0)]) == []
    assert cut(4, 4, []) == []


@given(spans())
def test_runs_joined_are_the_text(found: list[Span]) -> None:
    runs = cut(0, len(TEXT), found)
    assert "".join(TEXT[run.start : run.end] for run in runs) == TEXT


@given(spans())
def test_the_runs_of_a_span_joined_are_its_words(found: list[Span]) -> None:
    runs = cut(0, len(TEXT), found)
    for span in found:
        words = "".join(TEXT[run.start : run.end] for run in runs if span.key in run.covering)
        assert words == TEXT[span.start : span.end]
        assert sum(span.key in run.beginning for run in runs) == 1


@given(spans(), st.sets(st.integers(1, len(TEXT) - 1), max_size=5))
def test_every_passage_gets_the_spans_that_touch_it(found: list[Span], borders: set[int]) -> None:
    starts = [0, *sorted(borders)]
    ends = [*starts[1:], len(TEXT)]
    for start, end, given_ in zip(starts, ends, by_passage(starts, found, len(TEXT)), strict=True):
        touching = {span.key for span in found if span.start < end and span.end > start}
        assert {span.key for span in given_} == touching
