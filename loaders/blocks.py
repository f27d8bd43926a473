"""What the rules on articles look at: a block of text and how it was set."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Block:
    """A block of an article before anybody has said whether it is furniture.

    ``kind``, ``level``, ``start`` and ``end`` are those of a Passage (code points of the article's
    text). ``body`` is where its own words begin, after the number of a list item or footnote.
    ``broken``: a horizontal rule or form feed stands right before it. ``links`` counts the
    hyperlinks in it, ``unlinked`` is the text outside them; ``marked``: all of it is emphasised.
    ``image``: it holds a picture, whose alternative text is part of the text.
    """

    kind: str
    start: int
    end: int
    body: int
    level: int = 0
    broken: bool = False
    links: int = 0
    unlinked: str = ""
    marked: bool = False
    image: bool = False

    @property
    def beside_links(self) -> str:
        """The words outside its hyperlinks, without what separates those."""
        return self.unlinked.strip(" \t\n|·•,;/-–—>»<«")

    @property
    def linked(self) -> bool:
        """Nothing but hyperlinks, and what separates them."""
        return self.links > 0 and not self.beside_links
