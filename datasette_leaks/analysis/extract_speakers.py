"""Whose verb a cue is: its own subject, or one that it shares with a verb before or after it."""

from __future__ import annotations

from dataclasses import dataclass

from datasette_leaks.analysis import extract_clauses as clauses
from datasette_leaks.analysis import extract_subjects as subjects
from datasette_leaks.analysis.extract_lexicon import CONTROL, DOCUMENTS
from datasette_leaks.analysis.extract_tags import Sentence

Span = tuple[int, int]

_LOOKED_AT = 12  # attributions before one whose subject it may share


@dataclass(slots=True)
class Found:
    """A cue with its contents, as spans of words of one sentence."""

    cue: Span
    speaker: Span | None
    contents: list[Span]
    rule: str


def speaker(
    sentence: Sentence, verb: int, group: int, found: list[Found]
) -> tuple[Span | None, bool]:
    """Who speaks, and whether the verb shares its subject with another."""
    tags = sentence.tags
    going = sentence.lows[verb].endswith("ing")
    before = tags[group - 1] if group else ""
    if going and group == verb:
        if before and before in "NX":
            return _with_participle(sentence, group - 1), False
        if not before or before in ",CPLS-QKVE":
            return _shared(sentence, verb, found), True
    if before == "Z":
        return _infinitive(sentence, group - 1, found), True
    if before == "Q" and sentence.name_like(group - 1):
        return (group - 1, group), False
    if before == "Q" and sentence.lows[group - 2 : group - 1] == ["as"]:
        return subjects.main(sentence, group), False
    if before == "Q" or not before:
        return None, False
    if before and before in "CL":
        return _shared(sentence, group - 1, found), True
    found_before = subjects.before(sentence, group)
    if found_before is None and before == ",":
        return subjects.main(sentence, group - 1), True
    return found_before, False


def _with_participle(sentence: Sentence, last: int) -> Span | None:
    """ "polls showing …"; of "issued a statement saying …" the one who issued it."""
    near = subjects.near(sentence, last)
    if near and sentence.lows[near[1] - 1] in DOCUMENTS:
        return subjects.main(sentence, near[0]) or near
    return near


def _infinitive(sentence: Sentence, to: int, found: list[Found]) -> Span | None:
    """ "for X to say", "asked X to say": X; otherwise the subject of the verb before."""
    near = subjects.near(sentence, to - 1) if to and sentence.tags[to - 1] in "NXRO#" else None
    if near and near[0] and sentence.lows[near[0] - 1] in CONTROL:
        return near
    return _shared(sentence, to, found)


def _shared(sentence: Sentence, limit: int, found: list[Found]) -> Span | None:
    lead = clauses.lead_end(sentence)
    if limit < lead and (limit <= 2 or sentence.tags[limit - 1] in "SP"):
        return subjects.after(sentence, lead + 1)
    near = found[-_LOOKED_AT:]
    for one in reversed(near):
        if one.rule.startswith("passive"):
            continue
        nested = any(
            first <= one.cue[0] < end
            for other in near
            if other is not one
            for first, end in other.contents
        )
        if one.speaker and not nested and lead <= one.cue[0] < limit:
            return one.speaker
    return subjects.main(sentence, limit)
