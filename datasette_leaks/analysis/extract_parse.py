"""What a dependency parse knows of a sentence: its subjects, and whether a word is a verb.

The labels are those of spaCy's English models (ClearNLP's). A parse is asked for word numbers of
our sentences and answers in them; it never sees quotations as one word.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from datasette_leaks.analysis.extract_lexicon import CONTROL
from datasette_leaks.analysis.extract_tags import Sentence
from datasette_leaks.analysis.extract_words import words

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

Span = tuple[int, int]

SUBJECTS = ("nsubj", "nsubjpass", "csubj")
_VERBAL = ("VERB", "AUX")
_TAIL = words("prep flat compound nummod conj cc poss case appos nmod")  # after a noun's head
_DEPTH = 5  # verbs on the way to one with a subject


class Parse:
    """The parse of the paragraph that begins at ``start``, seen from one of its sentences."""

    def __init__(self, doc: Doc, start: int, offsets: list[int], sentence: Sentence) -> None:
        """``offsets``: where each token begins, in code points of the text."""
        self.sentence = sentence
        self._doc = doc
        self._tokens: dict[int, int] = {}
        self._words: dict[int, int] = {}
        first = bisect_left(offsets, sentence.starts[0])
        for number, end in enumerate(sentence.ends):
            last = bisect_left(offsets, end, first)
            if last > first and offsets[first] >= sentence.starts[number]:
                self._tokens[number] = first
                self._words.update(dict.fromkeys(range(first, last), number))
            first = last

    def token(self, number: int) -> Token | None:
        """The (first) token of the word; None where the paragraph was not parsed."""
        place = self._tokens.get(number)
        return None if place is None else self._doc[place]

    def word(self, token: Token) -> int | None:
        """The word that the token is of; None where it is outside of the sentence."""
        return self._words.get(token.i)

    def inside(self, place: int) -> list[Token]:
        """The tokens of the quotation at ``place`` that depend on something outside of it."""
        return [
            self._doc[number]
            for number, word in self._words.items()
            if word == place
            and self._words.get(self._doc[number].head.i) != place
            and not self._doc[number].is_punct
        ]

    def subject(self, verb: Token) -> Span | None:
        """The phrase of who does what the verb says, also where another verb has it."""
        head = _subject(verb)
        return self.phrase(head) if head is not None else None

    def head(self, verb: Token) -> int | None:
        """The word that is the head of the verb's subject."""
        found = _subject(verb)
        return None if found is None else self.word(found)

    def phrase(self, head: Token) -> Span | None:
        """The noun phrase of ``head``, up to the first comma after it."""
        first, last = head.left_edge.i, head.i
        while first < head.i and (self._doc[first].is_punct or first not in self._words):
            first += 1
        for child in head.rights:
            between = self._doc[last + 1 : child.right_edge.i + 1]
            if child.dep_ not in _TAIL or any(each.text in ",;—–" for each in between):
                break
            last = child.right_edge.i
        if first not in self._words or last not in self._words:
            return None
        return self._words[first], self._words[last] + 1

    def around(self, token: Token, place: int) -> Span:
        """The words of the clause of ``token``, with the one at ``place``."""
        first = self._words.get(token.left_edge.i, place)
        last = self._words.get(token.right_edge.i, place)
        return min(first, place), max(last, place) + 1


def own_subject(verb: Token) -> Token | None:
    """The subject that is the verb's own."""
    return next((child for child in verb.children if child.dep_ in SUBJECTS), None)


def is_passive(verb: Token) -> bool:
    """Whether a passive auxiliary carries the verb."""
    return any(child.dep_ == "auxpass" for child in verb.children)


def _subject(verb: Token) -> Token | None:
    for _ in range(_DEPTH):
        own = own_subject(verb)
        if own is not None:
            return own
        head = verb.head
        if verb.dep_ == "acl":
            return head
        if verb.dep_ == "xcomp" and head.text.lower() in CONTROL:
            asked = next((c for c in head.children if c.dep_ == "dobj" and c.i < verb.i), None)
            if asked is not None:
                return asked
        shared = verb.dep_ in ("conj", "xcomp", "advcl") or (
            verb.dep_ == "ccomp" and verb.tag_ == "VBG"
        )
        if verb.dep_ == "pcomp":
            head = head.head
        elif not shared:
            return None
        if head.pos_ not in _VERBAL or head.i == verb.i:
            return None
        verb = head
    return None
