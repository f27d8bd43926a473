"""Other names that a text gives somebody: "identified as US714", "dubbed MX1", "X (IHA)"."""

from __future__ import annotations

from datasette_leaks.analysis import extract_subjects as subjects
from datasette_leaks.analysis.extract_lexicon import DOCUMENTS
from datasette_leaks.analysis.extract_tags import Sentence
from datasette_leaks.analysis.extract_words import words

Span = tuple[int, int]

_NAMING = words(
    "identified dubbed known nicknamed code-named codenamed called designated labelled"
    " labeled referred described"
)
_REACH = 8  # words between such a verb and the name


def aliases(sentence: Sentence) -> list[tuple[Span, Span]]:
    """Pairs of spans of code points that name the same: the one introduced, and its other name."""
    found = []
    for number, low in enumerate(sentence.lows):
        if low in _NAMING and number:
            pair = _named(sentence, number)
        elif sentence.tags[number] == "(" and number:
            pair = _abbreviated(sentence, number)
        else:
            pair = None
        if pair:
            found.append((sentence.characters(pair[0]), sentence.characters(pair[1])))
    return found


def _named(sentence: Sentence, verb: int) -> tuple[Span, Span] | None:
    other = _other_name(sentence, verb)
    owner = _owner(sentence, verb) if other else None
    return (owner, other) if owner and other else None


def _other_name(sentence: Sentence, verb: int) -> Span | None:
    """The name after the verb; after "as" also a description, "described by Y as a lawyer"."""
    tags, lows = sentence.tags, sentence.lows
    stop = min(len(tags), verb + _REACH)
    for number in range(verb + 1, stop):
        if lows[number] == "as":
            if tags[number + 1 : number + 2] == ["Q"]:
                return (number + 1, number + 2)
            return subjects.after(sentence, number + 1)
        if tags[number] in ",.;:-TWSKVA":
            return None
        if number == verb + 1 and tags[number] in "XQ":
            return subjects.after(sentence, number) if tags[number] == "X" else (number, number + 1)
    return None


def _owner(sentence: Sentence, verb: int) -> Span | None:
    """Who gets the name: before "whom Y identified", before a comma, or right before the verb."""
    tags, lows = sentence.tags, sentence.lows
    for number in range(verb - 1, max(-1, verb - 6), -1):
        if lows[number] in ("whom", "who", "which"):
            last = number - 1
            last -= tags[last] == ","
            return subjects.ending(sentence, last) or subjects.near(sentence, last)
        if tags[number] in ",.;:":
            break
    last = subjects.group_start(sentence, verb) - 1
    if last < 0:
        return None
    last -= tags[last] == ","
    owner = subjects.ending(sentence, last) or subjects.near(sentence, last)
    if owner and any(word in DOCUMENTS for word in lows[owner[0] : owner[1]]):
        return subjects.near(sentence, last)
    return owner


def _abbreviated(sentence: Sentence, bracket: int) -> tuple[Span, Span] | None:
    """ "International Harbour Authority (IHA)": the letters are those of the words before."""
    tags = sentence.tags
    if tags[bracket + 1 : bracket + 3] not in (["X", ")"], ["N", ")"]):
        return None
    start, end = sentence.starts[bracket + 1], sentence.ends[bracket + 1]
    letters = sentence.text[start:end]
    if not letters.isupper() or len(letters) < 2:
        return None
    owner = subjects.ending(sentence, bracket - 1)
    if owner is None or initials(sentence.text[slice(*sentence.characters(owner))]) != letters:
        return None
    return owner, (bracket + 1, bracket + 2)


def initials(name: str) -> str:
    """The capitals that the words of a name begin with."""
    return "".join(word[0] for word in name.split() if word[0].isupper() and word != "The")
