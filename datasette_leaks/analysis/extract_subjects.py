"""Who does what a verb says: the noun phrase before it, after it, or the one it shares.

Spans here are word numbers of a sentence, ``end`` exclusive.
"""

from __future__ import annotations

from datasette_leaks.analysis.extract_lexicon import VERBS
from datasette_leaks.analysis.extract_tags import Sentence
from datasette_leaks.analysis.extract_words import REFLEXIVES, words

Span = tuple[int, int]

_BE = words("is was are were be been being") | {
    "isn't",
    "wasn't",
    "isn’t",
    "wasn’t",
    "got",
}
_TIMES = words(
    "week month year morning day night weekend hour evening afternoon summer fall spring"
    " winter weeks months years days hours decade time"
)
_LOOSE = words("in on at during after before since by until following")
_BINDING = words(
    "of for at from with in on to by against near within inside around about under over behind"
)
_LONGEST = 40  # words of a noun phrase
_CLAUSAL = words("like unlike despite after before since until")
_RELATIVE = words("who whom whose which that")


def group_start(sentence: Sentence, verb: int) -> int:
    """Where the verb's group begins: its auxiliaries and adverbs, "has repeatedly said"."""
    start = verb
    tags = sentence.tags
    while start > 0 and tags[start - 1] in "AB":
        start -= 1
    if start > 2 and tags[start - 1] == "#" and sentence.lows[start - 2] == "in":
        return start - 2
    if start > 1 and tags[start - 1] == "M":
        day = start - 1
        while day > 1 and (tags[day - 1] in "MB" or sentence.lows[day - 1] in ("on", "in", "last")):
            day -= 1
        if tags[day - 1] in "NXR)" and day > 0:
            start = day
    return start


def is_passive(sentence: Sentence, verb: int) -> bool:
    """Whether a form of "to be" carries the verb: "was told"."""
    number = verb - 1
    while number >= 0 and sentence.tags[number] in "AB":
        if sentence.lows[number] in _BE:
            return VERBS[sentence.lows[verb]][1] == "d" if sentence.lows[verb] in VERBS else True
        number -= 1
    return False


def before(sentence: Sentence, group: int) -> Span | None:
    """The subject that stands before the verb group beginning at ``group``; None if none does."""
    last = group - 1
    if last < 0:
        return None
    tag = sentence.tags[last]
    if tag == "R":
        return (last, last + 1)
    if tag == ",":
        return _across_comma(sentence, last)
    if tag == "-":
        return _across(sentence, last, "-")
    if tag == "W" or (tag == "T" and last and sentence.tags[last - 1] in "NX)"):
        return (last, last + 1)
    if tag == "C" or sentence.lows[last] == "then":
        return main(sentence, last)
    return ending(sentence, last)


def introduced(sentence: Sentence, group: int) -> Span | None:
    """What a participle tells of, also right before a comma: "The leak, first reported by"."""
    found = before(sentence, group)
    if found is None and group > 1 and sentence.tags[group - 1] == ",":
        return ending(sentence, group - 2)
    return found


def ending(sentence: Sentence, last: int) -> Span | None:
    """The noun phrase whose last word is ``last``."""
    tags, lows = sentence.tags, sentence.lows
    if last < 0:
        return None
    if tags[last] == "R":
        return (last, last + 1)
    if lows[last] in REFLEXIVES and last:
        found = ending(sentence, last - 1)
        return (found[0], last + 1) if found else None
    if tags[last] not in "NX#~M)QDG":
        return None
    number = last
    joined = False
    while number >= 0 and last - number < _LONGEST:
        tag = tags[number]
        if tag == ")":
            opened = number
            while opened > 0 and tags[opened] != "(":
                opened -= 1
            if tags[opened] != "(":
                break
            number = opened - 1
            continue
        if (
            tag in "NX#~DMG"
            or (tag == "Z" and number < last and tags[number + 1] in "DNX#")
            or (tag == "P" and number < last and lows[number] not in _CLAUSAL)
        ):
            number -= 1
        elif tag == "C" and 0 < number < last and tags[number - 1] in "NX#~)M":
            joined = True
            number -= 1
        elif (
            (tag == "Q" and number < last and sentence.nickname(number))
            or (tag == "Q" and number == last and number and tags[number - 1] in "NXD")
            or (
                tag in "EB"
                and number < last
                and tags[number + 1] in "NXEG#"
                and number
                and tags[number - 1] in "DPC#~Q,"
            )
        ):
            number -= 1
        elif tag in "AVKEOZ" and not joined:
            head = _relative_before(sentence, number)
            if head is None:
                break
            number = head
        else:
            break
    first = _trimmed(
        sentence, number + 1, last + 1, joined and number >= 0 and tags[number] in "AVKEZ"
    )
    return (first, last + 1) if first <= last else None


def near(sentence: Sentence, last: int) -> Span | None:
    """The noun phrase that ends with ``last``, without what stands before its preposition."""
    found = ending(sentence, last)
    first = last
    while first > 0 and sentence.tags[first - 1] in "DNX#~":
        first -= 1
    if found is None or sentence.tags[last] == "N":
        return (first, last + 1)
    return found


def _relative_before(sentence: Sentence, number: int) -> int | None:
    """The word before the relative pronoun (or reduced clause) of the verb at ``number``."""
    tags, lows = sentence.tags, sentence.lows
    place = number
    while place > 0 and number - place < 15:
        if lows[place] in _RELATIVE and tags[place] in "WT" and tags[place - 1] in "NX)O#D":
            return place - 1 if tags[place] == "W" or tags[place + 1] in "AVEKB" else None
        if tags[place] in ",;:-QLST":
            break
        place -= 1
    by = lows[number + 1] == "by"
    reduced = (
        tags[number] == "E"
        or (tags[number] == "V" and by)
        or (tags[number] == "K" and VERBS[lows[number]][1] in "dg")
    )
    if reduced and number > 0 and tags[number - 1] in "NX" and tags[number + 1] in "PZBM":
        return number - 1
    return None


def _trimmed(sentence: Sentence, first: int, end: int, object_before: bool) -> int:
    """Where the phrase really begins: without leading adverbials and objects of a verb before."""
    tags, lows = sentence.tags, sentence.lows
    if object_before:
        # "attacked A and B said": B alone is the subject.
        for number in range(end - 1, first, -1):
            if tags[number] == "C":
                return number + 1
    while first < end and tags[first] in "BCLM,E":
        first += 1
    if first < end and lows[first] in ("after", "before", "since", "until"):
        begun = _begun(sentence, first, end)
        return begun if begun < end else first + 1
    if first < end and (tags[first] == "P" or _is_time(sentence, first, end)):
        begun = _begun(sentence, first, end)
        return begun
    return first


def _is_time(sentence: Sentence, first: int, end: int) -> bool:
    if sentence.tags[first] not in "D#" or first + 1 >= end:
        return False
    return sentence.lows[first + 1] in _TIMES and not sentence.capital(first + 1)


def _begun(sentence: Sentence, first: int, end: int) -> int:
    """The start of the noun phrase after a leading one: "In a statement Smith"."""
    tags, lows = sentence.tags, sentence.lows
    for number in range(first + 1, end):
        previous = tags[number - 1]
        if previous in "PDC#":
            continue
        if tags[number] == "D" or (
            tags[number] == "X"
            and previous in "NM)"
            and not lows[number - 1].endswith(("'s", "’s"))
        ):
            return number
        if tags[number] == "N" and (previous == "M" or lows[number - 1] in _TIMES):
            return number
    return end


def _across(sentence: Sentence, last: int, mark: str) -> Span | None:
    """The subject before an insertion between two marks, the later one at ``last``."""
    for number in range(last - 1, 0, -1):
        if sentence.tags[number] == mark:
            return ending(sentence, number - 1)
    return None


def _across_comma(sentence: Sentence, last: int) -> Span | None:
    """The subject before an insertion between commas: "X, the Y," and "X, who …,"."""
    tags, lows = sentence.tags, sentence.lows
    commas = [number for number in range(max(0, last - 40), last) if tags[number] == ","]
    for number in commas:
        if tags[number + 1] == "B" and tags[number + 2] == ",":
            continue
        if lows[number + 1] in ("who", "whose", "which", "whom", "where") and not _speaks(
            sentence, number + 2, last
        ):
            found = ending(sentence, number - 1)
            if found:
                return found
    if commas and tags[commas[0] + 1] in "GE" and commas[0] + 1 < last:
        found = ending(sentence, commas[0] - 1)
        if found and found[0] <= 1:
            return found
    for place in range(len(commas) - 1, -1, -1):
        number = commas[place]
        if number + 1 == last:
            continue
        found = ending(sentence, number - 1)
        if found is None or tags[number + 1] in "LS":
            return None
        if (
            place
            and found[0] == commas[place - 1] + 1
            and tags[found[0]] in "DNXC"
            and place == len(commas) - 1
        ):
            # Perhaps the second half of a longer insertion: "X, a lawyer in Bonn, Germany, said".
            earlier = ending(sentence, commas[place - 1] - 1)
            if (
                earlier
                and tags[found[0]] == "D"
                and tags[earlier[0]] in "XDN"
                and earlier[0] in (0, 1)
            ):
                return _with_name(sentence, earlier, commas[place - 1])
        return _with_name(sentence, found, number)
    return None


def _speaks(sentence: Sentence, first: int, end: int) -> bool:
    return any(sentence.tags[number] == "Q" for number in range(first, end))


def _with_name(sentence: Sentence, span: Span, comma: int) -> Span:
    """The phrase, with the name after the comma where it is only a description of it."""
    tags = sentence.tags
    if all(tags[number] != "X" for number in range(span[1] - 1, span[1])):
        number = comma + 1
        while number < len(tags) and tags[number] == "X":
            number += 1
        if number - comma > 1 and number < len(tags) and tags[number] in ",.":
            return (span[0], number)
    return span


def antecedent(sentence: Sentence, speaker: Span) -> Span | None:
    """What a relative pronoun that speaks stands for; None for any other speaker."""
    if sentence.tags[speaker[0]] not in "WT" or speaker[1] != speaker[0] + 1:
        return None
    return _head(sentence, speaker[0]) or main(sentence, speaker[0])


def _head(sentence: Sentence, pronoun: int) -> Span | None:
    """What a relative pronoun stands for: the noun phrase before it, with or without a comma."""
    last = pronoun - 1
    while last >= 0 and sentence.tags[last] in ",B":
        last -= 1
    return ending(sentence, last)


def main(sentence: Sentence, limit: int) -> Span | None:
    """The subject of the first verb before word ``limit``, past a leading clause or phrase."""
    tags = sentence.tags
    first = 0
    if tags and tags[0] in "SGPEWK":
        for number in range(min(limit, 40)):
            if tags[number] == ",":
                first = number + 1
                break
    if first not in sentence.opening:
        sentence.opening[first] = _opening(sentence, first)
    opening = sentence.opening[first]
    if opening and opening[0] < limit:
        return opening[1]
    for number in range(first, min(limit, first + 12)):
        if tags[number] == ",":
            return ending(sentence, number - 1)
    return None


def _opening(sentence: Sentence, first: int) -> tuple[int, Span] | None:
    """The first verb from ``first`` on that has a subject, with it; None where none has.

    Looked for once a sentence, as every cue that has no subject of its own asks for it.
    """
    tags = sentence.tags
    for number in range(first, len(tags)):
        if tags[number] == "R" and number + 1 < len(tags) and sentence.contracted(number):
            return number, (number, number + 1)
        if tags[number] in "AVKE" and number > first:
            group = group_start(sentence, number)
            previous = tags[group - 1] if group else ""
            if not previous or previous not in "NX#R)~,":
                continue
            if previous == ",":
                found = _across_comma(sentence, group - 1)
            else:
                found = ending(sentence, group - 1)
            if found and found[0] >= first:
                return number, found
    return None


def after(sentence: Sentence, first: int) -> Span | None:
    """The noun phrase that begins at ``first``, with a name beside it: "her aide, Ann Lee"."""
    tags, lows = sentence.tags, sentence.lows
    size = len(tags)
    if first >= size:
        return None
    if tags[first] == "R":
        return (first, first + 1)
    if tags[first] not in "DNX#" and not (
        tags[first] == "E" and first + 1 < size and tags[first + 1] in "NX"
    ):
        return None
    number = first + 1
    while number < size:
        tag = tags[number]
        if (
            tag in "NX#~"
            or (tag == "D" and tags[number - 1] in "PCD")
            or (
                tag in "EBG"
                and number + 1 < size
                and tags[number + 1] in "NX"
                and tags[number - 1] in "DPN"
            )
        ):
            number += 1
        elif tag == "(" and ")" in tags[number : number + 6]:
            number = tags.index(")", number) + 1
        elif (
            (tag == "G" and tags[number - 1] == "D")
            or (
                tag == "C"
                and number + 1 < size
                and tags[number + 1] in "NXD"
                and tags[number - 1] in "NX)"
            )
            or (
                tag == "Q"
                and tags[number - 1] == "X"
                and number + 1 < size
                and tags[number + 1] == "X"
            )
        ):
            number += 1
        elif (
            tag == "P"
            and lows[number] in _BINDING
            and number + 1 < size
            and tags[number + 1] in "DNX#"
        ):
            if lows[number] in _LOOSE and (tags[number + 1] != "X" or tags[number - 1] == "X"):
                break
            number += 1
        else:
            break
    while number > first and tags[number - 1] in "CPD(":
        number -= 1
    if number == first:
        return None
    return (
        _with_name(sentence, (first, number), number)
        if number < size and tags[number] == ","
        else (first, number)
    )
