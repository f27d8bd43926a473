"""A sentence as words, and the letter by which the rules read each word (see extract_words)."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from datasette_leaks.analysis.extract_frame import Quotation
from datasette_leaks.analysis.extract_lexicon import NOUN_VERBS, VERBS
from datasette_leaks.analysis.extract_words import (
    GROWN,
    LETTERS,
    NOT_ADVERBS,
    NOT_GOING,
    NOT_PASTS,
    REFLEXIVES,
    WORKS,
    words,
)

POSSESSIVES = ("'s", "’s", "s'", "s’")
_PRONOMINAL = words(
    "another some many several few most both all one neither either this that these those each"
)
_QUANTITIES = words("about around over nearly almost roughly")
_SETTLED = frozenset("NXDRACTWZBMEGVL#")
_PLURALS = words("people police men women media children staff public")
_NICKNAME = 25  # code points: the longest
_VERB_BEFORE = frozenset("RAZWO,()-Q:;.")
_CONTENT_AFTER = frozenset("TDRXQWS:,OMG#")


@dataclass(slots=True)
class Sentence:
    """Words of one sentence: where each stands, in small letters, and its letter.

    A quotation is one word (Q) of its sentence, whatever stands in it.
    """

    text: str
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    lows: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    quotes: dict[int, Quotation] = field(default_factory=dict)
    # The first verb with a subject from a word on, and the subject; None where none has one.
    opening: dict[int, tuple[int, tuple[int, int]] | None] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.starts)

    def capital(self, number: int) -> bool:
        """Whether the word begins with a capital letter."""
        return self.text[self.starts[number]].isupper()

    def possessive(self, number: int) -> bool:
        """Whether the word is "Smith's" or "officials'"."""
        return self.lows[number].endswith(POSSESSIVES) and len(self.lows[number]) > 2

    def titled(self, place: int) -> bool:
        """Whether the quotation at ``place`` is the title of a work, or a name ("Meet the Press").

        Its words have capitals, and it stands within a phrase rather than as one.
        """
        quote = self.quotes[place]
        words = self.text[quote.inner : min(quote.outer, quote.inner + 120)].split()
        capitals = sum(not word[:1].islower() for word in words)
        if not words or len(words) > 8 or capitals * 3 < len(words) * 2:
            return False
        if place == 0 or self.text[quote.outer - 1] in "!?":
            return False
        return (len(words) > 1 or self.tags[place - 1] == "P") and (
            self.tags[place - 1] == "P"
            or self.possessive(place - 1)
            or self.lows[place - 1] in WORKS
            or (self.tags[place - 1] == "," and self.lows[max(0, place - 2)] in WORKS)
        )

    def nickname(self, place: int) -> bool:
        """Whether the quotation stands within a name: Joe "Lefty" Smith."""
        quote = self.quotes[place]
        if not 0 < place < len(self.tags) - 1 or quote.outer - quote.inner > _NICKNAME:
            return False
        names = self.tags[place - 1] == self.tags[place + 1] == "X"
        return names and self.text[quote.outer - 1] not in ",.!?"

    def name_like(self, place: int) -> bool:
        """Whether the quotation is somebody's name that stands where a subject does."""
        quote = self.quotes[place]
        words = self.text[quote.inner : min(quote.outer, quote.inner + 40)].split()
        if not words or len(words) > 3 or not all(word[0].isupper() for word in words):
            return False
        return self.text[quote.outer - 1].isalnum() and (place == 0 or self.tags[place - 1] in ",B")

    def contracted(self, number: int) -> bool:
        """Whether a verb has grown onto the pronoun: "they're"."""
        return self.lows[number][-3:-2] in "'’" or self.lows[number][-2:-1] in "'’"

    def characters(self, span: tuple[int, int]) -> tuple[int, int]:
        """The code points of the text that a span of words covers."""
        return self.starts[span[0]], self.ends[span[1] - 1]


def tag(sentence: Sentence) -> Sentence:
    """The sentence with the letter of each word; words come in as "w", marks as themselves."""
    tags, lows = sentence.tags, sentence.lows
    words = [number for number, letter in enumerate(tags) if letter == "w"]
    if not words:
        return sentence
    text, starts = sentence.text, sentence.starts
    capitals = {number for number in words if text[starts[number]].isupper()}
    headline = len(words) > 3 and len(capitals) * 10 >= len(words) * 6
    opening = -1 if "Q" in tags[: words[0]] else words[0]
    for number in words:
        tags[number] = _letter(lows[number], number in capitals, headline or number == opening)
    following = [letter for letter in tags[words[0] + 1 : words[0] + 3] if letter != "B"][:1]
    if tags[words[0]] == "K" and following in (["K"], ["V"], ["A"]):
        tags[words[0]] = "X"
    for number in words:
        letter = tags[number]
        if letter in _SETTLED:
            continue
        if lows[number] == "since" and number and tags[number - 1] == "A":
            tags[number] = "B"
        elif letter == "K":
            tags[number] = _verb_or_noun(sentence, number)
        elif letter == "O" and number and lows[number] in REFLEXIVES and tags[number - 1] in "NXR":
            tags[number] = "B"
        elif (
            letter == "P" and lows[number] in _QUANTITIES and tags[number + 1 : number + 2] == ["#"]
        ):
            tags[number] = "D"
    return sentence


@lru_cache(maxsize=1 << 15)
def _letter(low: str, capital: bool, any_case: bool) -> str:
    if capital and not any_case and low != "i":
        return "M" if LETTERS.get(low) == "M" else "X"
    letter = LETTERS.get(low)
    if letter:
        return letter
    if low in VERBS:
        return "K"
    if low[0].isdigit():
        return "#"
    for mark in "'’":
        base, found, grown = low.rpartition(mark)
        if found and grown in GROWN and LETTERS.get(base) in ("R", "W"):
            return LETTERS[base]
    if capital:
        return "X"
    if low.endswith("ly"):
        return "N" if low in NOT_ADVERBS else "B"
    if low.endswith("ed") and len(low) > 3 and low not in NOT_PASTS:
        return "E"
    if low.endswith("ing") and len(low) > 4 and low not in NOT_GOING:
        return "G"
    return "N"


def _verb_or_noun(sentence: Sentence, number: int) -> str:
    """K where a word of the lexicon is a verb here, N where it is a noun ("the claims")."""
    tags, lows = sentence.tags, sentence.lows
    verb, form, _ = VERBS[lows[number]]
    after = tags[number + 1] if number + 1 < len(tags) else "."
    place = number - 1
    while place >= 0 and tags[place] == "B":
        place -= 1
    before = tags[place] if place >= 0 else "."
    if before == "~":
        return "N"  # "<tweet …>"
    if before == "D":
        pronominal = lows[place] in _PRONOMINAL and form in "bsd"
        return "K" if pronominal and (after in _CONTENT_AFTER or verb == "say") else "N"
    if form in "dg":
        return "N" if before == "#" and after not in _CONTENT_AFTER else "K"
    if verb not in NOUN_VERBS:
        return "N" if before == "P" and form == "b" else "K"
    if before in "P#" or (before in "XN" and sentence.possessive(place)):
        return "N"
    if before in _VERB_BEFORE:
        return "K"
    if before in "CL":
        return "K" if after in _CONTENT_AFTER else "N"
    if form == "b" and not (lows[place].endswith("s") or lows[place] in _PLURALS):
        joined = "C" in tags[max(0, place - 4) : place]
        return "K" if after in "RO" and joined else "N"
    if after in ".," and "Q" in tags[max(0, number - 6) : number]:
        return "K"  # '"…," Weil notes.'
    if form == "s" and after in "NXD" and not _verb_follows(tags, number + 1):
        return "K"
    if verb == "call" and "Q" in tags[number : number + 5]:
        return "K"
    return "K" if after in _CONTENT_AFTER or after == "Z" else "N"


def _verb_follows(tags: list[str], first: int) -> bool:
    """Whether another finite verb comes before the clause ends: then the word was a noun."""
    for letter in tags[first : first + 12]:
        if letter in ",.;:-":
            return False
        if letter in "AVKE":
            return True
    return False
