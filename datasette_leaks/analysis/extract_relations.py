"""Cues that set one statement against another, with their direction.

"X echoed Y" and "Y was echoed by X" both go from X to Y; what was "first reported by X" has X as
its provenance, which corroborates nothing. Cues inside quoted words are not the article's and are
left out, but for one: "X has already documented …", by which a quoted speaker cites another.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from datasette_leaks.analysis import extract_speakers as speakers
from datasette_leaks.analysis import extract_subjects as subjects
from datasette_leaks.analysis.extract_lexicon import inflections
from datasette_leaks.analysis.extract_speakers import Found
from datasette_leaks.analysis.extract_tags import Sentence
from datasette_leaks.analysis.extract_words import words

Span = tuple[int, int]

_KINDS = {
    "echoes": "echo parrot mirror",
    "corroborates": "confirm re-confirm reconfirm corroborate verify substantiate",
    "denies": "deny refute rebut",
    "disputes": "dispute contradict contest challenge criticize criticise ridicule question reject",
    "doubts": "doubt",
}
_VERBS = {
    form: kind
    for kind, verbs in _KINDS.items()
    for verb in verbs.split()
    for form, _ in inflections(verb)
}
_FIRST = words("reported published revealed disclosed")
_HEDGES = words(
    "would may might could appear appears appeared seem seems seemed allegedly reportedly"
    " apparently"
)
_CUES = {*_VERBS, *_FIRST, "”"}  # and the mark that stands for a quotation
# What can be confirmed or disputed as somebody's statement.
_STATEMENTS = re.compile(
    r"(?:account|accusation|allegation|claim|report|revelation|statement|stor(?:y|ie)|suspicion"
    r"|version|testimon(?:y|ie)|rumou?r|finding|quality|evidence|charge|suggestion)s?$"
)
_PARTICIPLES = words("made put told given raised levelled leveled")
_EARLIER = re.compile(
    r"(?<![\w.&'’-])((?:[A-Z][\w.&'’-]{0,40}\s{1,3}){1,4})(?:has|have|had)\s{1,3}already\s{1,3}"
    r"(documented|reported|confirmed|shown|established|revealed)\b"
)
_SOMEBODYS = re.compile(
    r"\b([A-Z][\w-]{0,40})['’]s\s{1,3}(?:revelation|claim|account|allegation|statement)s?\b"
)


@dataclass(frozen=True, slots=True)
class Cue:
    """A relation in code points, before anybody is resolved."""

    kind: str
    cue: Span
    origin: Span | None
    target: Span | None
    hedged: bool


def relations(sentence: Sentence, found: list[Found]) -> list[Cue]:
    """All relations of a sentence, in text order."""
    made = []
    for number, low in enumerate(sentence.lows):
        if low not in _CUES:
            continue
        if low in _VERBS and not (number and sentence.tags[number - 1] in "D#"):
            cue = _relation(sentence, number, found)
        elif low in _FIRST and number and sentence.lows[number - 1] == "first":
            cue = _provenance(sentence, number)
        elif sentence.tags[number] == "Q":
            cue = _quoted(sentence, number)
        else:
            cue = None
        if cue:
            made.append(cue)
    return made


def _relation(sentence: Sentence, verb: int, found: list[Found]) -> Cue | None:
    tags, lows = sentence.tags, sentence.lows
    kind = _VERBS[lows[verb]]
    group = subjects.group_start(sentence, verb)
    hedged = any(low in _HEDGES for low in lows[max(0, verb - 4) : verb])
    by = _by(sentence, verb)
    if by is not None and (
        subjects.is_passive(sentence, verb) or by == verb + 1 or tags[group - 1] in "C"
    ):
        origin, target = subjects.after(sentence, by + 1), subjects.before(sentence, group)
        if tags[group - 1 : group] == ["C"] and group > 1:
            target = subjects.before(sentence, subjects.group_start(sentence, group - 2))
    else:
        target = _object(sentence, verb + 1)
        if target is None or (
            kind not in ("echoes", "denies") and not _statement(sentence, verb + 1)
        ):
            return None
        origin, _ = speakers.speaker(sentence, verb, group, found)
    return Cue(
        kind,
        sentence.characters((verb, verb + 1)),
        sentence.characters(origin) if origin else None,
        sentence.characters(target) if target else None,
        hedged,
    )


def _by(sentence: Sentence, verb: int) -> int | None:
    """The "by" of the verb, also across a second verb: "criticized and ridiculed by"."""
    for number in range(verb + 1, min(len(sentence), verb + 6)):
        if sentence.lows[number] == "by":
            return number
        if sentence.tags[number] not in "CBEK":
            return None
    return None


def _object(sentence: Sentence, first: int) -> Span | None:
    """Whose statement the object is: X in "allegations made by X" and "what X said"."""
    tags, lows = sentence.tags, sentence.lows
    first = _past_adverbs(sentence, first)
    if first < len(tags) and lows[first] in ("what", "how"):
        return subjects.after(sentence, first + 1)
    if first < len(tags) and tags[first] == "O":
        return (first, first + 1)
    thing = subjects.after(sentence, first)
    if thing is None:
        return None
    for number in range(thing[1], min(len(tags), thing[1] + 6)):
        if lows[number] == "by":
            return subjects.after(sentence, number + 1) or thing
        if lows[number] not in _PARTICIPLES and tags[number] not in "MNE":
            break
    return thing


def _past_adverbs(sentence: Sentence, first: int) -> int:
    while first < len(sentence) and sentence.tags[first] == "B":
        first += 1
    return first


def _statement(sentence: Sentence, first: int) -> bool:
    """Whether the object is something said: a report, a claim, "what they suspected"."""
    first = _past_adverbs(sentence, first)
    if first < len(sentence) and sentence.lows[first] == "what":
        return True
    thing = subjects.after(sentence, first)
    if thing is None:
        return False
    return any(_STATEMENTS.match(low) for low in sentence.lows[thing[0] : thing[1]])


def _provenance(sentence: Sentence, verb: int) -> Cue | None:
    if sentence.lows[verb + 1 : verb + 2] != ["by"]:
        return None
    origin = subjects.after(sentence, verb + 2)
    target = subjects.introduced(sentence, subjects.group_start(sentence, verb))
    if origin is None:
        return None
    return Cue(
        "provenance",
        sentence.characters((verb - 1, verb + 2)),
        sentence.characters(origin),
        sentence.characters(target) if target else None,
        False,
    )


def _quoted(sentence: Sentence, place: int) -> Cue | None:
    quote = sentence.quotes[place]
    found = _EARLIER.search(sentence.text, quote.inner, quote.outer)
    if not found:
        return None
    whose = _SOMEBODYS.search(sentence.text, quote.inner, quote.outer)
    origin = (found.start(1), found.start(1) + len(found[1].rstrip()))
    return Cue("corroborates", found.span(2), origin, whose.span(1) if whose else None, False)
