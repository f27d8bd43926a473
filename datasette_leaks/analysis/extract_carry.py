"""Quotations without a cue of their own: whom they are carried over from."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from datasette_leaks.analysis import extract_clauses as clauses
from datasette_leaks.analysis import extract_subjects as subjects
from datasette_leaks.analysis.extract_frame import Quotation
from datasette_leaks.analysis.extract_speakers import Found
from datasette_leaks.analysis.extract_tags import Sentence
from datasette_leaks.analysis.extract_words import words

Span = tuple[int, int]
_ALONE = frozenset("Q.,-")
SCARE_WORDS = 2  # at most: so few quoted words without any cue quote nobody


@dataclass(frozen=True, slots=True)
class Carried:
    """A quotation with the span of code points of the speaker it was given, if any."""

    quote: Quotation
    speaker: Span | None
    kind: str
    rule: str
    sentence: int = 0


@dataclass(slots=True)
class State:
    """What the paragraphs so far leave behind for the next one."""

    speaker: Span | None = None
    colon: Span | None = None
    open: bool = False
    quoting: bool = False


@dataclass(slots=True)
class Paragraph:
    """One paragraph: its sentences, each with its attributions.

    ``alone`` says of each whether it is quotations and nothing else.
    """

    start: int
    end: int
    sentences: list[Sentence] = field(default_factory=list)
    found: list[list[Found]] = field(default_factory=list)
    alone: list[bool] = field(default_factory=list)


def carry(text: str, paragraph: Paragraph, state: State) -> list[Carried]:
    """Speakers for the quotations that no cue took; moves ``state`` on past the paragraph."""
    carried: list[Carried] = []
    speaker: Span | None = None
    last_quote: Quotation | None = None
    attributed = False
    paragraph.alone = [_ALONE.issuperset(sentence.tags) for sentence in paragraph.sentences]
    for number, sentence in enumerate(paragraph.sentences):
        found = paragraph.found[number]
        covered = [span for one in found for span in one.contents]
        for place in sorted(sentence.quotes):
            quote = sentence.quotes[place]
            last_quote = quote
            if any(first <= place < end for first, end in covered):
                attributed = True
                continue
            if sentence.nickname(place) or sentence.titled(place):
                carried.append(Carried(quote, None, "scare", "title", number))
                continue
            made = _one(text, paragraph, number, place, quote, speaker, state)
            carried.append(replace(made, sentence=number))
            if made.speaker:
                attributed = True
                speaker = made.speaker
        for one in found:
            if one.speaker and one.rule not in (
                "cue-infinitive",
                "cue-object",
                "cue-preposition",
                "noun",
            ):
                speaker = sentence.characters(one.speaker)
    _move_on(text, paragraph, state, speaker, last_quote, attributed)
    return carried


def _one(
    text: str,
    paragraph: Paragraph,
    number: int,
    place: int,
    quote: Quotation,
    speaker: Span | None,
    state: State,
) -> Carried:
    sentence = paragraph.sentences[number]
    credited = _credit(sentence, place)
    if credited:
        return credited
    words = len(text[quote.inner : quote.outer].split())
    if paragraph.alone[number]:
        if speaker:
            return Carried(quote, speaker, "direct", "carried")
        if quote.start <= paragraph.start + 1:
            if state.colon:
                return Carried(quote, state.colon, "direct", "after-colon")
            if state.open and state.speaker:
                return Carried(quote, state.speaker, "direct", "goes-on")
        later = _next_speaker(paragraph, number)
        if later:
            return Carried(quote, later, "direct", "before-cue")
        if state.speaker:
            return Carried(quote, state.speaker, "direct", "carried-paragraph")
        return Carried(quote, None, "direct" if words > SCARE_WORDS else "scare", "nobody")
    own = [one for one in paragraph.found[number] if one.speaker]
    if words <= SCARE_WORDS:
        return Carried(quote, None, "scare", "scare")
    if own and own[-1].speaker:
        return Carried(quote, sentence.characters(own[-1].speaker), "partial", "same-sentence")
    if speaker:
        return Carried(quote, speaker, "partial", "same-paragraph")
    before = subjects.main(sentence, place) if place else None
    if before:
        return Carried(quote, sentence.characters(before), "partial", "sentence-subject")
    return Carried(quote, None, "partial", "nobody")


def _credit(sentence: Sentence, place: int) -> Carried | None:
    """'"…" — Ann Lee', 'the word "…"' and '"…," Ann Lee' with a verb that is not in the lexicon."""
    tags, quote = sentence.tags, sentence.quotes[place]
    label = _LABEL.match(sentence.text, quote.inner, quote.outer)
    if label:
        said = Quotation(label.end(), quote.end, label.end(), quote.outer, quote.closed)
        return Carried(said, label.span(1), "direct", "label")
    following = tags[place + 1] if place + 1 < len(tags) else ""
    if following and following in "-~":
        named = subjects.after(sentence, place + 2)
        if named and tags[named[0]] == "X" and set(tags[named[1] :]) <= set(".,XNPD#~"):
            return Carried(quote, sentence.characters(named), "direct", "credit")
    if place > 1 and tags[place - 1] == ":" and tags[place - 2] == "X":
        named = subjects.near(sentence, place - 2)
        if named and (named[0] == 0 or tags[named[0] - 1] in "-P~."):
            return Carried(quote, sentence.characters(named), "direct", "label")
    if following and following in "XRDE" and clauses.ends_in_comma(sentence, place):
        named = subjects.after(sentence, place + 1 + (following == "E"))
        if named and named[1] < len(tags) and tags[named[1]] in "NVKEA,":
            return Carried(quote, sentence.characters(named), "direct", "before-name")
    if place and sentence.lows[place - 1] in _WORDS:
        named = subjects.main(sentence, place)
        if named:
            return Carried(quote, sentence.characters(named), "partial", "words")
    return None


_LABEL = re.compile(r"([A-Z][A-Z.\x27’-]+(?: [A-Z][A-Z.\x27’-]+){0,3}): (?=\S)")
_WORDS = words("phrase word words term terms slogan expression headline motto")


def _next_speaker(paragraph: Paragraph, number: int) -> Span | None:
    """The speaker of the next sentence, where that one has a quotation with a cue."""
    for later in range(number + 1, min(number + 4, len(paragraph.sentences))):
        for one in paragraph.found[later]:
            if one.speaker and one.rule in ("cue-quote", "inverted", "parenthetical", "quote-cue"):
                return paragraph.sentences[later].characters(one.speaker)
        if not paragraph.alone[later]:
            return None
    return None


def _move_on(
    text: str,
    paragraph: Paragraph,
    state: State,
    speaker: Span | None,
    last_quote: Quotation | None,
    attributed: bool,
) -> None:
    state.colon = None
    last = paragraph.sentences[-1] if paragraph.sentences else None
    if last is not None and last.tags[-1] == ":":
        subject = None
        for one in paragraph.found[-1]:
            subject = one.speaker or subject
        subject = subject or subjects.main(last, len(last))
        state.colon = last.characters(subject) if subject else speaker
    ends_open = last_quote is not None and not last_quote.closed
    if attributed and speaker:
        state.speaker, state.open = speaker, ends_open
    elif ends_open:
        state.open = True
    elif last_quote is None:
        state.speaker = state.colon
        state.open = False
