"""A paragraph as sentences of words, each word with the letter that the rules read it by.

A quotation is one word (Q) of its sentence, whatever stands in it: cues inside quoted words are
thereby no cues of the article.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from datasette_leaks.analysis.extract_frame import Quotation
from datasette_leaks.analysis.extract_lexicon import VERBS
from datasette_leaks.analysis.extract_words import (
    ENDINGS,
    GROWN,
    LETTERS,
    NOT_ADVERBS,
    NOT_GOING,
    NOT_PASTS,
    TITLES,
)

_WORD = re.compile(r"[^\W_]+(?:[-'’.&@/_][^\W_]+)*['’]?|\.{2,}|…|--+|[^\w\s]|_+")
_TRAILING = "'’"
_PUNCTUATION = {
    ",": ",", ";": ";", ":": ":", ".": ".", "!": ".", "?": ".", "…": ".", "(": "(", ")": ")",
    "[": "(", "]": ")", "–": "-", "—": "-", "-": "-", "―": "-",
}  # fmt: skip
LONGEST = 400  # words: a longer stretch without a full stop is cut, so that time stays linear


@dataclass(slots=True)
class Sentence:
    """Words of one sentence: where each stands, in small letters, and its letter."""

    text: str
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    lows: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    quotes: dict[int, Quotation] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.starts)

    def words(self, first: int, end: int) -> str:
        """The text from word ``first`` to before word ``end``."""
        return self.text[self.starts[first] : self.ends[end - 1]]

    def capital(self, number: int) -> bool:
        """Whether the word begins with a capital letter."""
        return self.text[self.starts[number]].isupper()


def sentences(text: str, start: int, end: int, quotes: list[Quotation]) -> Iterator[Sentence]:
    """The sentences of the paragraph ``text[start:end]``, whose quotations are ``quotes``."""
    sentence = Sentence(text)
    position = start
    for quote in [*quotes, None]:
        stop = quote.start if quote else end
        for found in _WORD.finditer(text, position, stop):
            sentence = yield from _word(sentence, found, end)
        if quote is None:
            break
        if _over_before_quote(sentence):
            yield _tagged(sentence)
            sentence = Sentence(text)
        sentence.quotes[len(sentence)] = quote
        _add(sentence, quote.start, quote.end, "”", "Q")
        position = quote.end
        if _over_after_quote(text, quote, end):
            yield _tagged(sentence)
            sentence = Sentence(text)
    if sentence.starts:
        yield _tagged(sentence)


def _add(sentence: Sentence, start: int, end: int, low: str, tag: str) -> None:
    sentence.starts.append(start)
    sentence.ends.append(end)
    sentence.lows.append(low)
    sentence.tags.append(tag)


def _word(sentence: Sentence, found: re.Match[str], end: int) -> Iterator[Sentence]:
    """Add a word; gives the sentence before it where that is over. Returns the one to go on with."""
    text, at, after, word = sentence.text, found.start(), found.end(), found[0]
    tag = _PUNCTUATION.get(word[0]) if not word[0].isalnum() else "w"
    if tag == ".":
        if sentence.starts and _abbreviation(sentence, at, after, end):
            sentence.ends[-1] = after
            return sentence
        _add(sentence, at, after, word, ".")
        return sentence
    if sentence.tags and sentence.tags[-1] == "." and tag != ")":
        closed = sentence.lows[-1] not in ("…", "...") and not sentence.lows[-1].startswith("..")
        if closed or text[at].isupper():
            yield _tagged(sentence)
            sentence = Sentence(text)
    elif len(sentence) >= LONGEST:
        yield _tagged(sentence)
        sentence = Sentence(text)
    if tag == "w" and word[-1] in _TRAILING and word[-2] not in "sSxz":
        after -= 1
        word = word[:-1]
    _add(sentence, at, after, word.lower(), tag or "~")
    return sentence


def _abbreviation(sentence: Sentence, at: int, after: int, end: int) -> bool:
    """Whether the full stop at ``at`` belongs to the word before it and ends no sentence."""
    text, last = sentence.text, sentence.lows[-1]
    if sentence.ends[-1] != at or sentence.tags[-1] != "w" or text[at] != ".":
        return False
    following = text[after : after + 2].strip()
    if last in TITLES or last.rpartition("-")[2] in (
        "va",
        "calif",
        "conn",
        "vt",
        "mo",
        "ariz",
        "fla",
    ):
        return True
    initials = len(last) == 1 and sentence.capital(len(sentence) - 1)
    if initials:
        return last != "i"
    if last in ENDINGS or ("." in last and len(last.replace(".", "")) * 2 - 1 == len(last)):
        if not following or after >= end:
            return False
        rest = _WORD.search(text, after, min(end, after + 40))
        if rest is None:
            return False
        return rest[0].lower() not in _OPENERS or not rest[0][0].isupper()
    return False


_OPENERS = frozenset(
    "the a an he she it they we but in on this that these those his her its their and at for as if"
    " when after before while there some many i you".split()
)


def _over_before_quote(sentence: Sentence) -> bool:
    return bool(sentence.tags) and sentence.tags[-1] == "."


_FOLLOW = re.compile(
    r"\s*([^\W\d_][\w'’.-]*)?(?:\s+([\w'’.-]+))?(?:\s+([\w'’.-]+))?(?:\s+([\w'’.-]+))?"
)


def _over_after_quote(text: str, quote: Quotation, end: int) -> bool:
    """Whether a sentence ends with the quotation: it ends itself, and no cue follows it."""
    if quote.outer <= quote.inner:
        return False
    last = text[quote.outer - 1]
    if last in "'’”\"" and quote.outer - 2 >= quote.inner:
        last = text[quote.outer - 2]
    if last == "." and text[quote.outer - 3 : quote.outer] != "...":
        found = _FOLLOW.match(text, quote.end, min(end, quote.end + 60))
        return not (
            found and found[1] and found[1][0].islower() and found[1] not in ("said",) and False
        )
    if last not in "?!…." and last not in "-—":
        return False
    found = _FOLLOW.match(text, quote.end, min(end, quote.end + 80))
    if not found or not found[1]:
        return last in "?!." and quote.end < end and text[quote.end : quote.end + 1].isspace()
    if found[1][0].islower():
        return False
    follow = [word.lower() for word in found.groups() if word]
    return not any("q" in VERBS[word][2] for word in follow if word in VERBS)


def _tagged(sentence: Sentence) -> Sentence:
    """The sentence with a letter for each of its words."""
    tags, lows = sentence.tags, sentence.lows
    words = [number for number, tag in enumerate(tags) if tag == "w"]
    capitals = sum(sentence.capital(number) for number in words)
    headline = len(words) > 3 and capitals * 10 >= len(words) * 6
    first = words[0] if words else -1
    for number in words:
        tags[number] = _letter(sentence, number, headline or number == first)
    for number, tag in enumerate(tags):
        if tag == "K":
            tags[number] = _verb_or_noun(sentence, number)
        elif tag == "-" and 0 < number < len(tags) - 1 and lows[number] == "-":
            if sentence.starts[number] == sentence.ends[number - 1]:
                tags[number] = "~"
    return sentence


def _letter(sentence: Sentence, number: int, any_case: bool) -> str:
    low = sentence.lows[number]
    if not any_case and sentence.capital(number) and low != "i":
        return "M" if LETTERS.get(low) == "M" else "X"
    letter = LETTERS.get(low)
    if letter:
        return letter
    if low in VERBS:
        return "K"
    if low[0].isdigit():
        return "#"
    for grown in GROWN:
        if low.endswith(grown):
            base = LETTERS.get(low[: -len(grown)])
            if base in ("R", "W"):
                return base
    if sentence.capital(number):
        return "X"
    if low.endswith("ly") and low not in NOT_ADVERBS:
        return "B"
    if low.endswith("ed") and len(low) > 4 and low not in NOT_PASTS:
        return "E"
    if low.endswith("ing") and len(low) > 4 and low not in NOT_GOING:
        return "G"
    return "N"


_VERB_BEFORE = frozenset("RAZWC,")
_CONTENT_AFTER = frozenset("TDRXQWS:,OM")


def _verb_or_noun(sentence: Sentence, number: int) -> str:
    """K where a word of the lexicon is a verb here, N where it is a noun ("the claims")."""
    tags = sentence.tags
    verb, form, flags = VERBS[sentence.lows[number]]
    before = tags[number - 1] if number else ""
    while before == "B" and number > 1:
        number -= 1
        before = tags[number - 1]
    after = tags[number + 1] if number + 1 < len(tags) else "."
    if before in ("D", "#") or (form in "bs" and before == "P"):
        return "N"
    if form in "dg":
        if (
            before in ("N",)
            and number > 1
            and tags[number - 2] == "D"
            and form == "g"
            and after != "T"
        ):
            return "K"
        return "K"
    possessive = (
        before in "XN" and before and sentence.lows[number - 1].endswith(("'s", "’s", "s'", "s’"))
    )
    if possessive:
        return "N"
    if before in _VERB_BEFORE or before in ("", "(", ")", "-", "Q", "~"):
        return "K" if before != "C" or after in _CONTENT_AFTER else "N"
    if form == "b":
        last = sentence.lows[number - 1]
        plural = last.endswith("s") or last in (
            "people",
            "police",
            "men",
            "women",
            "media",
            "officials",
        )
        return (
            "K"
            if plural
            and (
                after in _CONTENT_AFTER or after == "Z" or "q" in flags and verb in ("say", "tell")
            )
            else "N"
        )
    if verb in (
        "say",
        "tell",
        "write",
        "add",
        "argue",
        "insist",
        "describe",
        "believe",
        "think",
        "explain",
    ):
        return "K"
    return (
        "K"
        if after in _CONTENT_AFTER or after in ("Z", "B", "A", "P") and "v" not in flags
        else "N"
    )
