"""A parse by hand with what the engine reads of spaCy's Doc, so that tests need no spaCy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(eq=False)
class Word:
    """One token, as spacy.tokens.Token has it."""

    doc: Parsed
    i: int
    idx: int
    text: str
    pos_: str
    dep_: str
    above: int
    tag_: str = ""

    @property
    def head(self) -> Word:
        return self.doc[self.above]

    @property
    def is_punct(self) -> bool:
        return self.pos_ == "PUNCT"

    @property
    def children(self) -> list[Word]:
        return [each for each in self.doc if each.above == self.i != each.i]

    @property
    def rights(self) -> list[Word]:
        return [each for each in self.children if each.i > self.i]

    def subtree(self) -> Iterator[Word]:
        yield self
        for child in self.children:
            yield from child.subtree()

    @property
    def left_edge(self) -> Word:
        return min(self.subtree(), key=lambda each: each.i)

    @property
    def right_edge(self) -> Word:
        return max(self.subtree(), key=lambda each: each.i)


class Parsed(list[Word]):
    """The tokens of a text whose words stand apart by one space."""

    text: str

    def __init__(self, words: list[str], pos: list[str], deps: list[str], heads: list[int]) -> None:
        super().__init__()
        self.text = " ".join(words) + (" " if words else "")
        at = 0
        for number, (word, kind, dep, head) in enumerate(zip(words, pos, deps, heads, strict=True)):
            self.append(Word(self, number, at, word, kind, dep, head))
            at += len(word) + 1
