"""A paragraph cut into sentences of words, with each quotation as one word."""

from __future__ import annotations

import re
from collections.abc import Iterator

from datasette_leaks.analysis.extract_frame import Quotation
from datasette_leaks.analysis.extract_lexicon import VERBS
from datasette_leaks.analysis.extract_tags import Sentence, tag
from datasette_leaks.analysis.extract_words import ENDINGS, TITLES, words

_INSIDE = frozenset("w,;:()-~Q")
LONGEST = 120  # words: a longer stretch without a full stop is cut, so that time stays linear
_AHEAD = 90  # code points after a quotation in which its cue must come

_WORD = re.compile(
    r"(?:[^\W\d_]\.){2,}(?:-[^\W_]+)+|[^\W_]+(?:[-'’.&@/_][^\W_]+)*['’]?|\.{2,}|--+|[^\w\s]|_+"
)
_NEXT = re.compile(r"[^\W_]+(?:[-'’.][^\W_]+)*|[^\w\s]")
_PUNCTUATION = {
    ",": ",", ";": ";", ":": ":", ".": ".", "!": ".", "?": ".", "…": ".", "(": "(", ")": ")",
    "[": "(", "]": ")", "–": "-", "—": "-", "-": "-", "―": "-",
}  # fmt: skip
_OPENERS = words(
    "the a an he she it they we but in on this that these those his her its their and at"
    " for as if when after before while there some many i you"
)


def sentences(text: str, start: int, end: int, quotes: list[Quotation]) -> Iterator[Sentence]:
    """The sentences of the paragraph ``text[start:end]``, whose quotations are ``quotes``."""
    sentence = Sentence(text)
    position = start
    for quote in [*quotes, None]:
        for found in _WORD.finditer(text, position, quote.start if quote else end):
            word = found[0]
            tags = sentence.tags
            if tags and tags[-1] in _INSIDE and len(tags) < LONGEST and word[-1].isalnum():
                sentence.starts.append(found.start())  # the usual case, without a call
                sentence.ends.append(found.end())
                sentence.lows.append(word.lower())
                tags.append("w")
                continue
            over = _add_word(sentence, found, end)
            if over:
                yield tag(over)
                sentence = Sentence(text)
                _add_word(sentence, found, end)
        if quote is None:
            break
        if sentence.tags and (sentence.tags[-1] == "." or len(sentence) >= LONGEST):
            yield tag(sentence)
            sentence = Sentence(text)
        sentence.quotes[len(sentence)] = quote
        _add(sentence, quote.start, quote.end, "”", "Q")
        position = quote.end
        if _over(text, quote, end):
            yield tag(sentence)
            sentence = Sentence(text)
    if sentence.starts:
        yield tag(sentence)


def _add(sentence: Sentence, start: int, end: int, low: str, letter: str) -> None:
    sentence.starts.append(start)
    sentence.ends.append(end)
    sentence.lows.append(low)
    sentence.tags.append(letter)


def _add_word(sentence: Sentence, found: re.Match[str], end: int) -> Sentence | None:
    """Add the word; where the sentence is over before it, give it back without the word."""
    text, at, after, word = sentence.text, found.start(), found.end(), found[0]
    letter = "w" if word[0].isalnum() else _PUNCTUATION.get(word[0], "~")
    if letter == ".":
        if sentence.starts and _abbreviation(sentence, at, after, end):
            sentence.ends[-1] = after
        else:
            _add(sentence, at, after, word, ".")
        return None
    if sentence.tags and sentence.tags[-1] == "." and letter != ")":
        if sentence.lows[-1] not in ("…", "...") or text[at].isupper():
            return sentence
    elif len(sentence) >= LONGEST:
        return sentence
    if letter == "w" and word[-1] in "'’" and word[-2] not in "sSxz":
        after -= 1
        word = word[:-1]
    if letter == "-" and len(word) == 1 and word == "-" and sentence.ends[-1:] == [at]:
        letter = "~"
    _add(sentence, at, after, word.lower(), letter)
    return None


def _abbreviation(sentence: Sentence, at: int, after: int, end: int) -> bool:
    """Whether the full stop at ``at`` belongs to the word before it and ends no sentence."""
    text, last = sentence.text, sentence.lows[-1]
    if sentence.ends[-1] != at or sentence.tags[-1] != "w" or text[at] != ".":
        return False
    if last == "no":
        return text[after : after + 2].strip()[:1].isdigit()
    if (
        (last in TITLES and text[sentence.starts[-1]].isupper())
        or last in ("vs", "v")
        or ("-" in last and last.rpartition("-")[2] in ENDINGS)
    ):
        return True
    if len(last) == 1:
        return last != "i" and text[at - 1].isupper()
    if last in ENDINGS or ("." in last and len(last) == 2 * last.count(".") + 1):
        rest = _NEXT.search(text, after, min(end, after + 40))
        return rest is not None and (rest[0].lower() not in _OPENERS or rest[0][0].islower())
    return False


def _over(text: str, quote: Quotation, end: int) -> bool:
    """Whether a sentence ends with the quotation: it ends itself, and no cue follows it."""
    last = quote.outer - 1
    while last > quote.inner and text[last] in "'’”\"] ":
        last -= 1
    if last < quote.inner or text[last] not in ".?!…-—":
        return False
    words = _NEXT.findall(text, quote.end, min(end, quote.end + _AHEAD))
    if not words or not words[0][0].isalnum():
        return text[last] == "." and (not words or words[0] in "([")
    if words[0][0].islower():
        return False
    if text[last] == "." and text[last - 1] != ".":
        return True
    for number, word in enumerate(words[:8]):
        if word == "." and words[number - 1].lower() in TITLES:
            continue
        if word in '.,;:“"':
            break
        low = word.lower()
        if low in VERBS and "q" in VERBS[low][2] and (number == 0 or word[0].islower()):
            return False
    return True
