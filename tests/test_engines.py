"""Which engines there are, with those that other plugins register."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pytest
from datasette import hookimpl
from datasette.plugins import pm

from datasette_leaks.analysis.attribution import Engine, Extraction
from datasette_leaks.analysis.extract_rules import Rules
from datasette_leaks.loaders.records import Link, Passage
from datasette_leaks.plugins import all_engines


@dataclass
class Silent:
    """An engine that finds nothing."""

    name: str
    version: str = "1"

    def available(self) -> str | None:
        return None

    def extract(self, text: str, passages: Sequence[Passage], links: Sequence[Link]) -> Extraction:
        return Extraction()


class Plugin:
    """Another plugin, with the engines it registers."""

    def __init__(self, *engines: Engine) -> None:
        self.engines = engines

    @hookimpl  # type: ignore[untyped-decorator]
    def register_leaks_engines(self) -> Sequence[Engine]:
        return self.engines


@pytest.fixture
def registered() -> Iterator[list[Plugin]]:
    """Plugins put here are taken out of Datasette's list after the test."""
    plugins: list[Plugin] = []
    yield plugins
    for plugin in plugins:
        pm.unregister(plugin)


def register(plugins: list[Plugin], *engines: Engine) -> None:
    plugins.append(Plugin(*engines))
    pm.register(plugins[-1])


def test_rules_is_always_there() -> None:
    assert isinstance(all_engines()["rules"], Rules)


def test_another_plugin_adds_an_engine(registered: list[Plugin]) -> None:
    mine = Silent("mine")
    register(registered, mine)
    assert all_engines()["mine"] is mine


def test_an_engine_of_our_name_replaces_ours(registered: list[Plugin]) -> None:
    mine = Silent("rules")
    register(registered, mine)
    assert all_engines()["rules"] is mine


def test_of_two_plugins_the_one_registered_last_wins(registered: list[Plugin]) -> None:
    first, last = Silent("mine", "1"), Silent("mine", "2")
    register(registered, first)
    register(registered, last)
    assert all_engines()["mine"] is last
