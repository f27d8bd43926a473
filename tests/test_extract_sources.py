"""Mentions resolved to sources."""

from __future__ import annotations

import pytest

from datasette_leaks.analysis.extract_entities import look
from datasette_leaks.analysis.extract_rules import Rules


def sources(text: str) -> list[str | None]:
    """The source of each attribution, in text order."""
    return [one.source for one in Rules().extract(text, (), ()).attributions]


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("A diver identified as Q7 said it sank. The diver said it was old.", ["q7", "q7"]),
        ("A clerk, dubbed LARK in the files, said it sank. He said it was old.", ["lark", "lark"]),
        ("A diver whom the firm called Q7 said it sank. Q7 said it was old.", ["q7", "q7"]),
        ("Ann Weil said it sank. Weil said it was old.", ["ann-weil", "ann-weil"]),
        ("Weil left. “It sank,” she said.", ["weil"]),
        (
            "The Port Safety Board (PSB) said it sank. PSB said it was old.",
            ["port-safety-board", "port-safety-board"],
        ),
        ("Divers said it sank. Divers said it was old.", ["divers", "divers-2"]),
        ("A diver said it sank. Another diver said it was old.", ["diver", "another-diver"]),
        (
            "A Chilean envoy said it sank. A Dutch envoy left. The Chilean envoy said it was old.",
            ["chilean-envoy", "chilean-envoy"],
        ),
        ("A memo from a diver said it sank. “It leaked,” the memo said.", ["diver", "diver"]),
        (
            "A memo from a harbour diver said it sank. “It leaked,” the memo claimed, citing the"
            " harbour diver identified as Q7.",
            ["q7", "q7", "q7"],
        ),
        ("Weil, who had dived, and who said it sank, left.", ["weil"]),
    ],
)
def test_resolution(text: str, ids: list[str]) -> None:
    assert [source for source in sources(text) if source][: len(ids)] == ids


def test_the_name_behind_a_code_is_no_alias() -> None:
    text = "“It sank,” wrote Q7, identified by the Observer as a retired diver named Ann Weil."
    [source] = [one for one in Rules().extract(text, (), ()).sources if one.coded]
    assert source.name == "Q7"
    assert not any("Weil" in alias for alias in source.aliases)
    assert any("diver" in alias for alias in source.aliases)


@pytest.mark.parametrize(
    ("mention", "kind"),
    [
        ("Ann Weil", "name"),
        ("Sen. Ann Weil", "name"),
        ("US714", "code"),
        ("the IHA", "body"),
        ("Norvik Shipping", "body"),
        ("the town hall", "body"),
        ("court filings made public this week", "document"),
        ("an e-mail", "document"),
        ("multiple sources", "people"),
        ("analysts who follow the port", "people"),
        ("a senior official", "somebody"),
        ("the Mexican diplomat", "somebody"),
        ("one of the officials", "somebody"),
    ],
)
def test_kinds_of_mentions(mention: str, kind: str) -> None:
    assert look(mention).kind == kind
