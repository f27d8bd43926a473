"""What an engine says it found, held against the text: no engine is trusted with a span."""

from __future__ import annotations

from dataclasses import replace

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


def checked(text: str, extraction: Extraction) -> tuple[Extraction, int]:
    """The rows whose words stand in ``text`` where they say, and how many do not.

    A row goes where a span is outside the text or empty, a kind or type is none, a confidence is
    not between 0 and 1, or its speaker's or cue's words are not those of their span. A row that
    names a source which the engine does not give is kept without it. Order stays.
    """
    sources = tuple(each for each in extraction.sources if _sound_source(each))
    known = {each.id for each in sources}
    attributions = tuple(
        _known(each, known) for each in extraction.attributions if _sound(text, each)
    )
    relations = tuple(
        replace(
            each,
            from_source=each.from_source if each.from_source in known else None,
            to_source=each.to_source if each.to_source in known else None,
        )
        for each in extraction.relations
        if _sound_relation(text, each)
    )
    mentions = tuple(each for each in extraction.mentions if _sound_mention(text, each, known))
    kept = Extraction(attributions, relations, mentions, sources)
    return kept, _size(extraction) - _size(kept)


def _size(extraction: Extraction) -> int:
    return sum(
        map(
            len,
            (
                extraction.attributions,
                extraction.relations,
                extraction.mentions,
                extraction.sources,
            ),
        )
    )


def _known(row: Attribution, known: set[str]) -> Attribution:
    return row if row.source is None or row.source in known else replace(row, source=None)


def _sound(text: str, row: Attribution) -> bool:
    return (
        _inside(text, row.start, row.end)
        and row.kind in KINDS
        and 0 <= row.confidence <= 1
        and _stands(text, row.speaker_start, row.speaker_end, row.speaker)
        and _stands(text, row.cue_start, row.cue_end, row.cue)
    )


def _sound_relation(text: str, row: Relation) -> bool:
    return (
        row.kind in RELATION_KINDS
        and _stands(text, row.start, row.end, row.cue)
        and _maybe(text, row.from_start, row.from_end)
        and _maybe(text, row.to_start, row.to_end)
    )


def _sound_mention(text: str, row: Mention, known: set[str]) -> bool:
    return _inside(text, row.start, row.end) and row.source in known


def _sound_source(source: DraftSource) -> bool:
    return source.type in SOURCE_TYPES and bool(source.id.strip() and source.name.strip())


def _inside(text: str, start: int, end: int) -> bool:
    return 0 <= start < end <= len(text)


def _maybe(text: str, start: int | None, end: int | None) -> bool:
    if start is None or end is None:
        return start is end
    return _inside(text, start, end)


def _stands(text: str, start: int | None, end: int | None, words: str) -> bool:
    """Whether the words are those of the span; without a span there must be none."""
    if start is None or end is None:
        return start is end and not words
    return _inside(text, start, end) and text[start:end] == words
