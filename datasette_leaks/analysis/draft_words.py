"""Words of an article as a dossier can hold them."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

from datasette_leaks.loaders.dossier_yaml import BARRED
from datasette_leaks.loaders.records import Description


def writable(words: str) -> bool:
    """Whether a dossier may hold the words: they have no control characters."""
    return words.isprintable() or not any(_barred(each) for each in words)


def plain(words: str) -> str:
    """The words with single spaces and without what a dossier may not hold."""
    if not writable(words):
        words = "".join(" " if _barred(each) else each for each in words)
    return " ".join(words.split())


def plainly(said: Description) -> Description:
    """What is said about a document, in plain words; what holds none is left out."""
    return replace(
        said,
        title=plain(said.title or "") or None,
        author=plain(said.author or "") or None,
        publisher=plain(said.publisher or "") or None,
        url=plain(said.url or "") or None,
        note=plain(said.note or "") or None,
    )


def _barred(character: str) -> bool:
    return unicodedata.category(character) in BARRED and character not in "\n\t"
