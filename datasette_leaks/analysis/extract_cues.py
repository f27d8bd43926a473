"""Cues of one sentence: each verb that attributes, with who speaks and what is said."""

from __future__ import annotations

from dataclasses import dataclass

from datasette_leaks.analysis import extract_clauses as clauses
from datasette_leaks.analysis import extract_subjects as subjects
from datasette_leaks.analysis.extract_lexicon import (
    ADJECTIVES,
    DOCUMENTS,
    NOUNS,
    PARTICLES,
    PREPOSITIONAL,
    VERBS,
)
from datasette_leaks.analysis.extract_tags import Sentence

Span = tuple[int, int]


@dataclass(slots=True)
class Found:
    """A cue with its contents, as spans of words of one sentence."""

    cue: Span
    speaker: Span | None
    contents: list[Span]
    rule: str


def find(sentence: Sentence) -> list[Found]:
    """All attributions of a sentence, in the order of their cues."""
    found: list[Found] = []
    for number, tag in enumerate(sentence.tags):
        made: Found | None = None
        if tag == "K":
            made = _verb(sentence, number, found)
        elif sentence.lows[number] == "according":
            made = _according(sentence, number, found)
        elif tag == "N" and sentence.lows[number] in NOUNS:
            made = _noun(sentence, number)
        elif sentence.lows[number] in ADJECTIVES:
            made = _adjective(sentence, number)
        if made is not None:
            made.contents = [content for content in made.contents if content[1] > content[0]]
            if made.contents:
                found.append(made)
    return found


def _verb(sentence: Sentence, verb: int, found: list[Found]) -> Found | None:
    tags, lows = sentence.tags, sentence.lows
    lemma, form, flags = VERBS[lows[verb]]
    size = len(sentence)
    group = subjects.group_start(sentence, verb)
    passive = form == "d" and subjects.is_passive(sentence, verb)
    right = verb + 1
    if PARTICLES.get(lows[verb]) == (lows[right] if right < size else None):
        right += 1
        flags = flags + "qtzn"
    if passive:
        return _passive(sentence, verb, group, flags)
    speaker, how = _speaker(sentence, verb, group, form, found)
    if "q" in flags and (speaker is None or how == "shared" or tags[speaker[1] - 1] == "Q"):
        inverted = _inverted(sentence, verb, group, right, found)
        if inverted:
            return inverted
    start = right
    if "o" in flags:
        start = clauses.past_addressee(sentence, right)
    elif "q" in flags:
        start = clauses.past_phrases(sentence, right)
    cue = (group, right)
    if form == "d" and speaker is None and (group == 0 or (right < size and tags[right] == "Q" and tags[group - 1] in "NX")):
        return None  # a participle: "Asked about it, …", "a book called …"
    after = tags[start] if start < size else "."
    next_after = tags[start + 1] if start + 1 < size else "."
    stop = clauses.end_of(sentence, start)
    if "q" in flags or "t" in flags:
        if after == "Q" or (after in ",:-" and next_after == "Q"):
            first = start if after == "Q" else start + 1
            contents = [(first, clauses.end_of(sentence, first))]
            left = _left(sentence, speaker, found) if after == "," else None
            if left:
                contents.insert(0, left)
            return Found(cue, speaker, contents, "cue-quote")
        if after == ":" and start + 1 < size:
            return Found(
                cue, speaker, [(start + 1, clauses.end_of(sentence, start + 1))], "cue-colon"
            )
    if after == "T" and "t" in flags:
        return Found(cue, speaker, [(start, stop)], "cue-that")
    if "t" in flags and start != right and right < size and tags[right] == "T":
        return Found(cue, speaker, [(right, clauses.end_of(sentence, right))], "cue-that")
    if after in ".;" or start >= size or after in ",-":
        left = _left(sentence, speaker, found)
        if left and "q" in flags or (left and flags and "z" in flags):
            contents = [left]
            if after == "," and start + 1 < size and next_after not in "KG":
                contents.append((start + 1, clauses.end_of(sentence, start + 1)))
            elif after == ",":
                pass
            return Found(cue, speaker, contents, "parenthetical")
    if "w" in flags and (after == "W" or lows[start : start + 1] in (["if"], ["whether"])):
        return Found(cue, speaker, [(start, stop)], "cue-wh")
    if "i" in flags and after == "Z":
        return Found(cue, speaker, [(start, clauses.object_end(sentence, start))], "cue-infinitive")
    if lemma in PREPOSITIONAL and lows[right : right + 1] and lows[right] in PREPOSITIONAL[lemma]:
        return Found(
            (group, right + 1),
            speaker,
            [(right + 1, clauses.object_end(sentence, right + 1))],
            "cue-preposition",
        )
    if "z" in flags and after in "DNXR#BEGPTSM" and clauses.is_clause(sentence, start, stop):
        return Found(cue, speaker, [(start, stop)], "cue-clause")
    if "n" in flags or "a" in flags:
        after = tags[right] if right < size else "."
        if after in "DNXROQ#EGWTP" and after not in "P":
            return Found(cue, speaker, [(right, clauses.object_end(sentence, right))], "cue-object")
    return None


def _speaker(
    sentence: Sentence, verb: int, group: int, form: str, found: list[Found]
) -> tuple[Span | None, str]:
    """Who speaks, and whether the verb has a subject of its own or shares one."""
    tags = sentence.tags
    before = tags[group - 1] if group else ""
    if form == "g" and group == verb:
        if before in "NX" and before:
            near = subjects.near(sentence, group - 1)
            if near and sentence.lows[near[1] - 1] in DOCUMENTS:
                wider = subjects.main(sentence, near[0])
                return wider or near, "own"
            return near, "own"
        if not before or before in ",CPLS-QN":
            return _shared(sentence, verb, found), "shared"
    if before == "Z":
        return _shared(sentence, group - 1, found), "shared"
    if before == "Q" or not before:
        return None, "none"
    if before == "C":
        return _shared(sentence, group - 1, found), "shared"
    return subjects.before(sentence, group), "own"


def _shared(sentence: Sentence, limit: int, found: list[Found]) -> Span | None:
    if found and found[-1].speaker and found[-1].cue[0] < limit:
        return found[-1].speaker
    if limit == 0 or (sentence.tags[0] in "GKPE" and limit < 3):
        for number in range(limit, min(len(sentence), limit + 40)):
            if sentence.tags[number] == ",":
                return subjects.after(sentence, number + 1)
        return None
    return subjects.main(sentence, limit)


def _left(sentence: Sentence, speaker: Span | None, found: list[Found]) -> Span | None:
    """What stands before the speaker, as far back as the last attribution or the beginning."""
    if speaker is None:
        return None
    tags = sentence.tags
    end = speaker[0]
    while end > 0 and tags[end - 1] in "BCLP" and end > 1 and tags[end - 2] in ",Q":
        end -= 1
    if end == 0 or tags[end - 1] not in ",Q-.":
        return None
    while end > 0 and tags[end - 1] in ",-.":
        end -= 1
    return _from(sentence, end, found)


def _from(sentence: Sentence, end: int, found: list[Found]) -> Span | None:
    tags = sentence.tags
    first = 0
    for one in found:
        used = max([one.cue[1], *(content[1] for content in one.contents)])
        if used < end:
            first = max(first, used)
        else:
            first = max(first, one.cue[1]) if one.cue[1] < end else first
    while first < end and tags[first] in ",;-":
        first += 1
    return (first, end) if first < end else None


def _inverted(
    sentence: Sentence, verb: int, group: int, right: int, found: list[Found]
) -> Found | None:
    """'"…," said Smith' and '"…," wrote in a mail Smith'."""
    tags, lows = sentence.tags, sentence.lows
    if verb != group or group == 0 or tags[group - 1] not in ",Q-." or VERBS[lows[verb]][1] == "g":
        return None
    speaker = subjects.after(sentence, right)
    if speaker is None:
        return None
    end = group
    while end > 0 and tags[end - 1] in ",-.":
        end -= 1
    left = _from(sentence, end, found)
    if left is None:
        return None
    contents = [left]
    number = clauses.past_phrases(sentence, speaker[1])
    if number + 1 < len(tags) and tags[number] in ",:" and tags[number + 1] == "Q":
        contents.append((number + 1, clauses.end_of(sentence, number + 1)))
    return Found((verb, right), speaker, contents, "inverted")


def _passive(sentence: Sentence, verb: int, group: int, flags: str) -> Found | None:
    """ "was described by X as Y": the agent speaks; without one nobody is named."""
    tags, lows = sentence.tags, sentence.lows
    by = _agent(sentence, verb + 1)
    if by is None:
        return None
    agent = subjects.after(sentence, by + 1)
    if agent is None:
        return None
    if agent[1] < len(sentence) and lows[agent[1]] == "as":
        return Found(
            (verb, agent[1] + 1),
            agent,
            [(agent[1] + 1, clauses.end_of(sentence, agent[1] + 1))],
            "passive-as",
        )
    subject = subjects.before(sentence, group)
    return Found((group, by + 1), agent, [subject] if subject else [], "passive")


def _agent(sentence: Sentence, first: int) -> int | None:
    for number in range(first, min(len(sentence), first + 6)):
        if sentence.lows[number] == "by":
            return number
        if sentence.tags[number] in "TQ.;,KA":
            return None
    return None


def _according(sentence: Sentence, number: int, found: list[Found]) -> Found | None:
    tags, lows = sentence.tags, sentence.lows
    if lows[number + 1 : number + 2] != ["to"]:
        return None
    speaker = subjects.after(sentence, number + 2)
    if speaker is None:
        return None
    end = number
    while end > 0 and tags[end - 1] in ",-":
        end -= 1
    left = _from(sentence, end, found) if end else None
    if left and clauses.has_verb(sentence, left[0], left[1]):
        return Found((number, number + 2), speaker, [left], "according-to")
    first = speaker[1]
    while first < len(tags) and tags[first] != ",":
        first += 1
    return Found(
        (number, number + 2),
        speaker,
        [(first + 1, clauses.end_of(sentence, first + 1))],
        "according-to",
    )


def _noun(sentence: Sentence, number: int) -> Found | None:
    """ "his claim that …", "the suggestion by X that …"."""
    tags, lows = sentence.tags, sentence.lows
    place = number + 1
    speaker: Span | None = None
    if place < len(tags) and lows[place] in ("by", "from"):
        speaker = subjects.after(sentence, place + 1)
        place = speaker[1] if speaker else place
    if place >= len(tags) or tags[place] != "T":
        return None
    if speaker is None and number:
        first = number
        while first > 0 and tags[first - 1] in "NXE" and not _possessive(lows[first - 1]):
            first -= 1
        if first and (
            _possessive(lows[first - 1])
            or lows[first - 1] in ("his", "her", "their", "its", "my", "our")
        ):
            if tags[first - 1] == "D":
                speaker = (first - 1, first)
            else:
                speaker = subjects.ending(sentence, first - 1)
    if speaker is None:
        return None
    return Found((number, number + 1), speaker, [(place, clauses.end_of(sentence, place))], "noun")


def _possessive(low: str) -> bool:
    return low.endswith(("'s", "’s", "s'", "s’"))


def _adjective(sentence: Sentence, number: int) -> Found | None:
    tags = sentence.tags
    if number + 1 >= len(tags) or tags[number + 1] not in "TW":
        return None
    group = subjects.group_start(sentence, number)
    if group == number or tags[number - 1] not in "AB":
        return None
    speaker = subjects.before(sentence, group)
    if speaker is None:
        return None
    return Found(
        (group, number + 1),
        speaker,
        [(number + 1, clauses.end_of(sentence, number + 1))],
        "adjective",
    )
