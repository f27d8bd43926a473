"""What the text's "echoed", "confirmed" and "denied" add to a draft: further stances."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from datasette_leaks.analysis.attribution import Relation
from datasette_leaks.analysis.draft_statements import (
    Said,
    Span,
    Statement,
    sentence_around,
    trimmed,
)
from datasette_leaks.loaders.records import Passage

STANCES = {
    "corroborates": "corroborates",
    "echoes": "echoes",
    "disputes": "disputes",
    "denies": "denies",
    "doubts": "disputes",
}
CONFIDENCE = 0.5  # the cues are found, but which statement they are about is a guess
_HEDGED = "The text weakens this word itself."


def relate(
    text: str, passages: Sequence[Passage], relations: Iterable[Relation], made: list[Statement]
) -> list[Statement]:
    """Add to the statements what relations say of them; those left, in text order.

    A relation is about the last statement of its target before it, else the first after it. A
    target that says nothing itself supports what the other one says beside it. Rows that were read
    from the very same words go.
    """
    used: list[Span] = []
    kept: set[int] = set()
    for relation in relations:
        if relation.kind not in STANCES:
            continue
        touched = _apply(text, passages, relation, made)
        if touched is not None:
            used.append((relation.start, relation.end))
            kept.add(id(touched))
    return [
        each
        for each in made
        if id(each) in kept
        or not any(
            said.cue_span and _meet(said.cue_span, cue) for said in each.said for cue in used
        )
    ]


def carriers(relations: Iterable[Relation]) -> dict[str, str]:
    """Sources of which the text says that they were first to report, each with those words."""
    return {
        each.from_source: each.cue
        for each in relations
        if each.kind == "provenance" and each.from_source
    }


def _apply(
    text: str, passages: Sequence[Passage], relation: Relation, made: list[Statement]
) -> Statement | None:
    one, other = relation.from_source, relation.to_source
    stance = STANCES[relation.kind]
    at = (relation.start, relation.end)
    target = _nearest(made, other, at) if other else None
    if target is not None and one is None and stance == "corroborates":
        target[0].confirmed = True
        return target[0]
    if one is None or one == other:
        return None
    place = _place(text, passages, relation)
    if target is not None:
        statement, said = target
        if any(each.source == one and each.stance == stance for each in statement.said):
            return None
        derived = [said] if stance == "echoes" else []
        statement.said.append(_said(relation, one, stance, place, derived))
        return statement
    own = _nearest(made, one, at)
    if own is None or other is None or stance in ("disputes", "denies"):
        return None
    statement, said = own
    if any(each.source == other for each in statement.said):
        return None
    added = _said(relation, other, "asserts", place, [])
    statement.said.append(added)
    if stance == "echoes":
        said.derives_from.append(added)
    return statement


def _place(text: str, passages: Sequence[Passage], relation: Relation) -> Span:
    """From the first of the cue and its two sides to the last, within the cue's sentence."""
    first, last = sentence_around(text, passages, relation.start, relation.end)
    starts = [each for each in (relation.from_start, relation.to_start) if each is not None]
    ends = [each for each in (relation.from_end, relation.to_end) if each is not None]
    start, end = min([relation.start, *starts]), max([relation.end, *ends])
    return trimmed(text, max(first, start), min(last, end))


def _said(relation: Relation, source: str, stance: str, place: Span, derived: list[Said]) -> Said:
    return Said(
        source,
        stance,
        relation.cue,
        (),
        f"relation-{relation.kind}",
        CONFIDENCE,
        (relation.start, relation.end),
        place,
        note=_HEDGED if relation.hedged else None,
        derives_from=derived,
    )


def _nearest(made: list[Statement], source: str, at: Span) -> tuple[Statement, Said] | None:
    """A statement that the source asserts: the last that begins before ``at``, else the next."""
    theirs = [
        (each, said)
        for each in made
        for said in each.said
        if said.source == source
        and said.stance == "asserts"
        and not (said.cue_span and _meet(said.cue_span, at))
    ]
    before = [each for each in theirs if each[0].span[0] < at[0]]
    return before[-1] if before else next(iter(theirs), None)


def _meet(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]
