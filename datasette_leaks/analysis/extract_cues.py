"""Cues of one sentence: each verb that attributes, with who speaks and what is said."""

from __future__ import annotations

from datasette_leaks.analysis import extract_clauses as clauses
from datasette_leaks.analysis import extract_speakers as speakers
from datasette_leaks.analysis import extract_subjects as subjects
from datasette_leaks.analysis.extract_lexicon import (
    ADJECTIVES,
    NOUNS,
    PARTICLES,
    PREPOSITIONAL,
    VERBS,
)
from datasette_leaks.analysis.extract_speakers import Found
from datasette_leaks.analysis.extract_tags import Sentence
from datasette_leaks.analysis.extract_words import words

Span = tuple[int, int]


_OTHER_CUES = NOUNS | ADJECTIVES | {"put", "puts", "according"}
_LOOKED_AT = 12  # attributions before one that may bound it
# Attributions that a larger statement may have inside it.
_WITHIN = words("cue-object cue-infinitive cue-preposition noun adjective passive")


def find(sentence: Sentence) -> list[Found]:
    """All attributions of a sentence, in the order of their cues."""
    found: list[Found] = []
    lows = sentence.lows
    for number, tag in enumerate(sentence.tags):
        if tag != "K" and lows[number] not in _OTHER_CUES:
            continue
        made: Found | None = None
        if tag == "K":
            made = _verb(sentence, number, found)
        elif sentence.lows[number] in ("put", "puts") and sentence.lows[
            number + 1 : number + 2
        ] == ["it"]:
            made = _put_it(sentence, number, found)
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
    group = subjects.group_start(sentence, verb)
    right = verb + 1
    if right < len(tags) and PARTICLES.get(lows[verb]) == lows[right]:
        right += 1
        flags += "qtzn"
    if form == "d" and lemma in ("dub", "call", "label", "brand") and _names(sentence, group):
        return None
    reduced = form == "d" and lows[right : right + 1] == ["by"]
    if reduced or (form == "d" and subjects.is_passive(sentence, verb)):
        return _passive(sentence, verb, group)
    speaker, shared = speakers.speaker(sentence, verb, group, found)
    if "q" in flags:
        quoted = _after_quote(sentence, verb, group, right, speaker, shared, found)
        if quoted:
            return quoted
    if form == "d" and speaker is None and _participle(sentence, group, right):
        return None
    if "o" in flags:
        start = clauses.past_addressee(sentence, right)
    elif "q" in flags:
        start = clauses.past_phrases(sentence, right)
    else:
        start = right
    cue = (group, right)
    for first in dict.fromkeys((start, right)):
        content = _content(sentence, lemma, flags, first, speaker, found)
        if content:
            rule, contents, cue_end = content
            return Found((group, cue_end if cue_end > right else right), speaker, contents, rule)
    if "n" in flags or "a" in flags:
        after = tags[right] if right < len(tags) else "."
        if after in "DNXROQ#EGWT":
            return Found(cue, speaker, [(right, clauses.object_end(sentence, right))], "cue-object")
    return None


def _names(sentence: Sentence, group: int) -> bool:
    """ "a clerk, dubbed LARK", "a firm called Blue Anchor": a name, and nobody's statement."""
    comma = sentence.tags[group - 1 : group] == [","]
    if "whom" in sentence.lows[max(0, group - 4) : group]:
        return True
    return comma or sentence.lows[max(0, group - 2) : group - 1] in (["a"], ["an"])


def _put_it(sentence: Sentence, verb: int, found: list[Found]) -> Found | None:
    """ "As X put it, …" and "…, as X put it"."""
    group = subjects.group_start(sentence, verb)
    speaker = subjects.before(sentence, group)
    start = clauses.past_phrases(sentence, verb + 2)
    tags = sentence.tags
    if start + 1 < len(tags) and tags[start] in ",:":
        contents = [(start + 1, clauses.end_of(sentence, start + 1))]
    else:
        left = _left(sentence, speaker, found)
        contents = [left] if left else []
    return Found((group, verb + 2), speaker, contents, "put-it")


def _participle(sentence: Sentence, group: int, right: int) -> bool:
    """ "Asked about it, …", "a book called …": nobody says anything there."""
    tags = sentence.tags
    return group == 0 or (tags[right : right + 1] == ["Q"] and tags[group - 1] in "NX")


def _content(
    sentence: Sentence, lemma: str, flags: str, start: int, speaker: Span | None, found: list[Found]
) -> tuple[str, list[Span], int] | None:
    """The rule, the contents and the cue's end where they begin at ``start``; None if none does."""
    tags, lows = sentence.tags, sentence.lows
    after = tags[start] if start < len(tags) else "."
    then = tags[start + 1] if start + 1 < len(tags) else "."
    speaks = "q" in flags or "t" in flags
    if speaks and (after == "Q" or (after in ",:-" and then == "Q")):
        first = start if after == "Q" else start + 1
        end = clauses.end_of if "q" in flags else clauses.object_end
        contents = [(first, end(sentence, first))]
        left = _left(sentence, speaker, found) if after == "," else None
        return "cue-quote", [left, *contents] if left else contents, 0
    if speaks and after == ":" and start + 1 < len(tags):
        return "cue-colon", [(start + 1, clauses.end_of(sentence, start + 1))], 0
    if after == "T" and "t" in flags:
        return "cue-that", [(start, clauses.end_of(sentence, start))], 0
    if after == "," and "t" in flags:
        for number in range(start + 1, min(start + 12, len(tags) - 1)):
            if tags[number] == "," and tags[number + 1] == "T":
                return "cue-that", [(number + 1, clauses.end_of(sentence, number + 1))], 0
            if tags[number] in "KVAQ":
                break
    if after in ".;,-" and ("q" in flags or "z" in flags):
        left = _left(sentence, speaker, found)
        if left:
            contents = [left]
            if after == "," and then not in "KG.":
                contents.append((start + 1, clauses.end_of(sentence, start + 1)))
            return "parenthetical", contents, 0
    if "w" in flags and (after == "W" or lows[start : start + 1] in (["if"], ["whether"])):
        return "cue-wh", [(start, clauses.end_of(sentence, start))], 0
    if "i" in flags and after in "DNXRO#":
        named = subjects.after(sentence, start) or (start, start + 1)
        if tags[named[1] : named[1] + 1] == ["Z"]:
            return "cue-infinitive", [(start, clauses.object_end(sentence, start))], 0
    if "i" in flags and after == "Z":
        return "cue-infinitive", [(start, clauses.object_end(sentence, start))], 0
    if lows[start : start + 1] and lows[start] in PREPOSITIONAL.get(lemma, ()):
        return "cue-preposition", [(start + 1, clauses.object_end(sentence, start + 1))], start + 1
    if "z" in flags and after in "DNXR#BEGPTSM":
        stop = clauses.end_of(sentence, start)
        if clauses.is_clause(sentence, start, stop):
            return "cue-clause", [(start, stop)], 0
    return None


def _after_quote(
    sentence: Sentence,
    verb: int,
    group: int,
    right: int,
    speaker: Span | None,
    shared: bool,
    found: list[Found],
) -> Found | None:
    """'"…," said Smith', '"…," Smith said …', 'Continued Smith: …'."""
    tags = sentence.tags
    form = VERBS[sentence.lows[verb]][1]
    if group == 0 and verb == 0 and form in "ds":
        named = subjects.after(sentence, right)
        if named and named[1] < len(tags) and tags[named[1]] == ":":
            return Found((verb, right), named, [(named[1] + 1, len(tags))], "inverted")
    if speaker is None or shared or tags[speaker[1] - 1] == "Q":
        return _inverted(sentence, verb, group, right, found)
    first = speaker[0]
    if first == 0 or "Q" not in tags[max(0, first - 2) : first] or form == "g":
        return None
    quote = first - 1 if tags[first - 1] == "Q" else first - 2
    if tags[quote] != "Q" or not _ends_in_comma(sentence, quote, first):
        return None
    left = _from(sentence, quote + 1, found)
    if left is None:
        return None
    contents = [left]
    for number in range(right, len(tags) - 1):
        if tags[number] in ",:-" and tags[number + 1] == "Q":
            contents.append((number + 1, clauses.end_of(sentence, number + 1)))
            break
        if tags[number] in "KV;":
            break
    return Found((group, right), speaker, contents, "quote-cue")


def _ends_in_comma(sentence: Sentence, quote: int, following: int) -> bool:
    """Whether the quotation ends as one does before "he said"."""
    if sentence.tags[quote + 1 : following] not in ([], [","], ["-"]):
        return False
    if sentence.titled(quote):
        return False
    return following > quote + 1 or clauses.ends_in_comma(sentence, quote, ",?!—-…")


def _left(sentence: Sentence, speaker: Span | None, found: list[Found]) -> Span | None:
    """What stands before the speaker, as far back as the last attribution or the beginning."""
    if speaker is None:
        return None
    tags = sentence.tags
    end = speaker[0]
    while end > 1 and tags[end - 1] in "BCLPS" and tags[end - 2] in ",Q":
        end -= 1
    if end == 0 or tags[end - 1] not in ",Q-.":
        return None
    while end > 0 and tags[end - 1] in ",-.":
        end -= 1
    return _from(sentence, end, found)


def _from(sentence: Sentence, end: int, found: list[Found]) -> Span | None:
    tags = sentence.tags
    first = 0
    for one in found[-_LOOKED_AT:]:
        if one.rule in _WITHIN:
            continue
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
    if speaker is None or (speaker[1] < len(tags) and tags[speaker[1]] in "AVK"):
        return None
    if tags[group - 1] == "Q" and sentence.titled(group - 1):
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


def _passive(sentence: Sentence, verb: int, group: int) -> Found | None:
    """ "was described by X as Y": the agent speaks; without one nobody is named."""
    lows = sentence.lows
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
            [(agent[1] + 1, clauses.object_end(sentence, agent[1] + 1))],
            "passive-as",
        )
    subject = subjects.introduced(sentence, group)
    return Found((group, by + 1), agent, [subject] if subject else [], "passive")


def _agent(sentence: Sentence, first: int) -> int | None:
    for number in range(first, min(len(sentence), first + 6)):
        if sentence.lows[number] == "by":
            return number
        low = sentence.lows[number]
        if sentence.tags[number] in "TQ.;,A" or (low in VERBS and VERBS[low][1] != "d"):
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
    if left:
        right = (first + 1, clauses.end_of(sentence, first + 1))
        return Found((number, number + 2), speaker, [left, right], "according-to")
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
