"""Which loader takes which file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from datasette_leaks.loaders.article import MarkdownLoader, TextLoader
from datasette_leaks.loaders.records import Problem
from datasette_leaks.loaders.registry import Loader, choose, known_suffixes


@dataclass
class Named:
    name: str
    suffixes: tuple[str, ...]
    description: str = "made for the test"

    def load(self, path: Path) -> Iterator[Problem]:
        yield Problem(str(path), "", "made for the test")


YAML = Named("yaml", (".yaml",))
DOSSIER = Named("dossier", (".dossier.yaml", ".yml"))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a.yaml", "yaml"),
        ("a.dossier.yaml", "dossier"),
        ("A.DOSSIER.YAML", "dossier"),
        ("a.yml", "dossier"),
        ("a.pdf", None),
        ("yaml", None),
    ],
)
def test_longest_suffix_wins(name: str, expected: str | None) -> None:
    orders: list[list[Loader]] = [[YAML, DOSSIER], [DOSSIER, YAML]]
    for order in orders:
        chosen = choose(Path("folder.yml") / name, order)
        assert (chosen.name if chosen else None) == expected


def test_of_equal_suffixes_the_last_registered_wins() -> None:
    mine = Named("mine", (".md",))
    loaders: list[Loader] = [MarkdownLoader(), mine]
    assert choose(Path("a.md"), loaders) is mine


def test_articles_are_taken_by_their_loaders() -> None:
    loaders: list[Loader] = [MarkdownLoader(), TextLoader()]
    chosen = [choose(Path(name), loaders) for name in ("a.MD", "a.markdown", "a.txt")]
    assert chosen == [loaders[0], loaders[0], loaders[1]]


def test_known_suffixes_are_sorted_and_named_once() -> None:
    both: list[Loader] = [TextLoader(), MarkdownLoader(), Named("more", (".txt", ".a"))]
    assert known_suffixes(both) == [".a", ".markdown", ".md", ".txt"]
