"""Rows whose words do not stand in the text are dropped and counted, whatever the engine."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from draft_world import document, found
from hypothesis import given
from hypothesis import strategies as st

from datasette_leaks.analysis.attribution import (
    KINDS,
    RELATION_KINDS,
    SOURCE_TYPES,
    Attribution,
    DraftSource,
    Extraction,
    Mention,
    Relation,
)
from datasette_leaks.analysis.draft_check import checked


def test_what_is_right_is_kept(tmp_path: Path) -> None:
    text = document(tmp_path).text
    assert checked(text, found(text)) == (found(text), 0)


@pytest.mark.parametrize(
    "wrong",
    [
        {"start": -1},
        {"end": 100_000},
        {"start": 300, "end": 300},
        {"kind": "sung"},
        {"confidence": 1.2},
        {"cue": "shouted"},
        {"cue_start": None},
        {"cue_start": None, "cue_end": None},
        {"speaker": "Somebody"},
        {"speaker_start": None, "speaker_end": None},
    ],
)
def test_a_row_that_the_text_does_not_bear_is_dropped(
    tmp_path: Path, wrong: dict[str, Any]
) -> None:
    text = document(tmp_path).text
    good = found(text)
    bad = replace(good.attributions[1], **wrong)
    kept, dropped = checked(text, replace(good, attributions=(bad, good.attributions[2])))
    assert (kept.attributions, dropped) == ((good.attributions[2],), 1)


def test_relations_mentions_and_sources_are_checked_too(tmp_path: Path) -> None:
    text = document(tmp_path).text
    good = found(text)
    mixed = Extraction(
        (),
        (replace(good.relations[0], cue="denied by"), replace(good.relations[0], to_end=None)),
        (Mention(0, 5, "nobody", "x"), Mention(5, 5, "fx2", "x")),
        (*good.sources, DraftSource("x", "X", "ghost"), DraftSource("y", " ", "named")),
    )
    kept, dropped = checked(text, mixed)
    assert (kept, dropped) == (Extraction(sources=good.sources), 6)


def test_a_source_that_is_not_given_is_left_open(tmp_path: Path) -> None:
    text = document(tmp_path).text
    good = replace(found(text), sources=(), mentions=())
    kept, dropped = checked(text, good)
    assert dropped == 0
    assert {row.source for row in kept.attributions} == {None}
    assert (kept.relations[0].from_source, kept.relations[0].to_source) == (None, None)


ends = st.none() | st.integers(-2, 8)
words = st.text("ab ", max_size=3)
sources = st.sampled_from(["a", "b"])
rows = st.builds(
    Attribution,
    start=st.integers(-2, 8), end=st.integers(-2, 8), kind=st.sampled_from([*KINDS, "x"]),
    speaker_start=ends, speaker_end=ends, speaker=words, source=st.none() | sources, cue=words,
    cue_start=ends, cue_end=ends, hedges=st.just(()), rule=words, confidence=st.floats(-1, 2),
    engine=words,
)  # fmt: skip
relations = st.builds(
    Relation,
    kind=st.sampled_from([*RELATION_KINDS, "x"]), start=st.integers(-2, 8),
    end=st.integers(-2, 8), cue=words, from_source=st.none() | sources, from_start=ends,
    from_end=ends, to_source=st.none() | sources, to_start=ends, to_end=ends, hedged=st.booleans(),
)  # fmt: skip
extractions = st.builds(
    Extraction,
    st.lists(rows, max_size=4).map(tuple),
    st.lists(relations, max_size=3).map(tuple),
    st.lists(
        st.builds(Mention, st.integers(-2, 8), st.integers(-2, 8), sources, words), max_size=3
    ).map(tuple),
    st.lists(
        st.builds(DraftSource, sources, words, st.sampled_from([*SOURCE_TYPES, "x"])), max_size=2
    ).map(tuple),
)


@given(words.map(lambda text: text * 2), extractions)
def test_all_spans_that_are_left_stand_in_the_text(text: str, extraction: Extraction) -> None:
    kept, dropped = checked(text, extraction)
    for row in kept.attributions:
        assert 0 <= row.start < row.end <= len(text)
        for start, end, said in (
            (row.speaker_start, row.speaker_end, row.speaker),
            (row.cue_start, row.cue_end, row.cue),
        ):
            assert (text[start:end] if start is not None else "") == said
    for relation in kept.relations:
        assert text[relation.start : relation.end] == relation.cue
    assert checked(text, kept) == (kept, 0)
    assert dropped >= len(extraction.attributions) - len(kept.attributions)
