"""Where a statement begins and ends around its cue. Spans are word numbers, ``end`` exclusive."""

from __future__ import annotations

from datasette_leaks.analysis.extract_lexicon import VERBS
from datasette_leaks.analysis.extract_tags import Sentence
from datasette_leaks.analysis.extract_words import words

Span = tuple[int, int]

_SKIPPED = words("in on at during after before to from via through of about over following by with")
_STATEMENT_ENDS = frozenset(".;")


def past_phrases(sentence: Sentence, first: int) -> int:
    """The first word after the adverbs, days and phrases that may stand after a cue.

    "said *Friday in a statement to reporters* that …"
    """
    tags, lows = sentence.tags, sentence.lows
    size = len(tags)
    number = first
    while number < size:
        tag = tags[number]
        if tag in "MB" or lows[number] in ("last", "ago"):
            number += 1
        elif (tag == "P" and lows[number] in _SKIPPED) or (
            tag == "Z" and number + 1 < size and tags[number + 1] in "DNXO"
        ):
            stop = _phrase_end(sentence, number + 1)
            if stop == number + 1:
                break
            number = stop
        elif tag == "," and number + 1 < size and tags[number + 1] == "M":
            number += 1
        else:
            break
    return number


def _phrase_end(sentence: Sentence, first: int) -> int:
    tags = sentence.tags
    size = len(tags)
    number = first
    while number < size:
        tag = tags[number]
        if (
            tag in "NX#~M"
            or (tag == "O" and number == first)
            or (tag == "D" and (number == first or tags[number - 1] == "D"))
            or (tag == "C" and number > first and number + 1 < size and tags[number + 1] in "NX")
            or (tag in "EG" and number + 1 < size and tags[number + 1] in "NX")
            or (tag == "Q" and number > first and sentence.titled(number))
        ):
            number += 1
        else:
            break
    return number


def past_addressee(sentence: Sentence, first: int) -> int:
    """The first word after the one spoken to: "told *reporters in Boston* that …"."""
    tags = sentence.tags
    size = len(tags)
    if first < size and tags[first] in "RO":
        return past_phrases(sentence, first + 1)
    stop = _phrase_end(sentence, first)
    if stop == first:
        return first
    return past_phrases(sentence, stop)


def has_verb(sentence: Sentence, first: int, end: int) -> bool:
    """Whether a clause of its own stands there."""
    return any(sentence.tags[number] in "AVKE" for number in range(first + 1, end))


def is_clause(sentence: Sentence, first: int, end: int) -> bool:
    """Whether a subject and a finite verb begin at ``first``."""
    tags, lows = sentence.tags, sentence.lows
    for number in range(first, end):
        tag = tags[number]
        if tag in "AVK" or (tag == "R" and sentence.contracted(number)):
            return number > first or tag == "R"
        if tag == "E" and number > first and lows[number + 1 : number + 2] != ["by"]:
            return tags[number - 1] in "NXRB)Q"
        if tag in ",;:.-TSWZL":
            return False
    return False


def lead_end(sentence: Sentence) -> int:
    """The comma (or quotation with one) that ends a leading clause, "Though he denied it, …".

    0 where there is none.
    """
    tags = sentence.tags
    first = 0
    while first < len(tags) and tags[first] in "BCL" and sentence.lows[first] != "though":
        first += 1
    if first < len(tags) and (
        tags[first] in "SG"
        or (tags[first] == "P" and "G" in tags[first + 1 : first + 3])
        or (tags[first] == "P" and "R" in tags[first + 1 : first + 2])
        or (tags[first] == "K" and VERBS[sentence.lows[first]][1] == "g")
        or sentence.lows[first] in ("after", "before", "since", "though")
    ):
        for number in range(first, min(len(tags), 40)):
            if tags[number] == ",":
                return number
            if tags[number] == "Q" and ends_in_comma(sentence, number):
                return number
    return 0


def ends_in_comma(sentence: Sentence, place: int, marks: str = ",") -> bool:
    """Whether the quotation at ``place`` ends in one of ``marks``, inside its own."""
    quote = sentence.quotes[place]
    last = quote.outer - 1
    while last > max(quote.inner, quote.outer - 8) and sentence.text[last] in "'’”\" ":
        last -= 1
    return last >= quote.inner and sentence.text[last] in marks


def end_of(sentence: Sentence, first: int) -> int:
    """Where the statement that begins at ``first`` ends."""
    tags, lows = sentence.tags, sentence.lows
    size = len(tags)
    lead = lead_end(sentence)
    if lead > first:
        return lead + (tags[lead] == "Q")
    for number in range(first, size):
        tag = tags[number]
        if tag in _STATEMENT_ENDS:
            if tag == "." and number + 1 < size and number > first:
                continue
            return number
        if tag in ",-" and number > first and _breaks(sentence, number):
            return number
        if tag == "Q" and number > first and number + 1 < size and tags[number + 1] in "L":
            return number + 1
        if lows[number] == "according" and number + 1 < size and lows[number + 1] == "to":
            return number
    return size


def object_end(sentence: Sentence, first: int) -> int:
    """Where a content that is a noun phrase or "to" and a verb ends: no further than its clause."""
    tags = sentence.tags
    stop = end_of(sentence, first)
    if tags[first : first + 1] == ["Q"] and (
        ends_in_comma(sentence, first) or (first + 1 < stop and tags[first + 1] in "KVA")
    ):
        return first + 1
    for number in range(first + 1, stop):
        if tags[number] == "-" or (tags[number] == "S" and sentence.lows[number] in _OBJECT_STOPS):
            return number
        if (
            tags[number] == "Q"
            and number + 2 < stop
            and tags[number + 1 : number + 3] == ["P", "N"]
        ):
            return number + 1
        if tags[number] == "C" and number + 1 < stop and tags[number + 1] in "KVA":
            return number
        if tags[number] == ",":
            following = tags[number + 1] if number + 1 < stop else "."
            if following in "SWLGRKVATDPZB" or (
                following == "C"
                and tags[number + 2 : number + 3] != []
                and tags[number + 2] in "KVAERDG"
            ):
                return number
    return stop


_OBJECT_STOPS = words("while whereas although though until unless")


def _breaks(sentence: Sentence, comma: int) -> bool:
    """Whether what follows the comma is no longer part of the statement."""
    tags, lows = sentence.tags, sentence.lows
    size = len(tags)
    following = comma + 1
    if following >= size:
        return True
    while following < size and tags[following] in "BCL":
        following += 1
    if following >= size:
        return True
    tag = tags[following]
    if tag == "K":
        form = VERBS[lows[following]][1]
        return form == "g" or (form == "d" and tags[following - 1] in "CL")
    if lows[following] in ("according", "while", "whereas"):
        return True
    if lows[comma + 1] == "and" and tags[following] in "RDXN":
        return is_clause(sentence, following, size)
    return tags[comma + 1] in "CL" and _cue_clause(sentence, following)


def _cue_clause(sentence: Sentence, first: int) -> bool:
    """Whether a subject and a cue verb with a content of its own begin at ``first``."""
    tags = sentence.tags
    number = first
    while number < len(tags) and number - first < 8 and tags[number] in "DNXR#ABM":
        number += 1
    return (
        first < number < len(tags)
        and tags[number] == "K"
        and "q" in VERBS[sentence.lows[number]][2]
    )
