"""The engine ``rules`` on the seed article, against the dossier that people wrote of it.

Passages are named by the dossier's claims, whose anchors are resolved in the article; the article
itself is not part of this repository.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from datasette_leaks.analysis.attribution import Attribution, Extraction
from datasette_leaks.analysis.extract_rules import Rules
from datasette_leaks.loaders.anchors import Span, find
from datasette_leaks.loaders.article import MarkdownLoader
from datasette_leaks.loaders.dossier import DossierLoader
from datasette_leaks.loaders.records import Claim, Document, Dossier

ROOT = Path(__file__).parents[1]
SEED = ROOT.parent / "shared/seed/article.md"
DOSSIER = ROOT / "examples/stratfor-2012/dossier.yaml"

pytestmark = pytest.mark.skipif(
    not SEED.exists(), reason="the seed article is not at ../shared/seed/article.md"
)

INDIRECT = {  # claim of the dossier told without quotation marks: words of the speaker
    "us-backs-cartels": "e-mails",
    "us-troops": "e-mail",
    "killing-spree": "sources",
    "ice-hit-men-bargain": "e-mails",
    "ice-precedent": "analysts",
    "immunity-offer": "Zambada",
    "us-armed-sinaloa": "Vicentillo",
    "help-to-cut-violence": "source",
    "mexico-does-not-negotiate": "MX1",
    "us-deals-with-cartels": "he",
    "us-weight-behind-sinaloa": "diplomat",
    "both-agencies-negotiate": "He",
    "agreements-protect-cartels": "MX1",
    "us-in-drug-trade": "officials",
}
QUOTED = {  # claim whose passage lies in a quotation: a word of the speaker
    "controlled-trades": "MX1",
    "us714-described": "Stratfor",
    "us-special-forces": "document",
    "death-squads": "analysts",
    "ice-hit-men": "supervisor",
    "house-of-death": "Conroy",
    "signal-stop-violence": "MX1",
    "us-told-cartels-to-negotiate": "he",
    "us-declared-winner": "he",
    "tijuana-deal": "MX1",
    "message-for-cartels": "MX1",
    "routes-negotiated": "MX1",
    "message-for-sedena": "MX1",
    "shipments-sinaloa": "MX1",
    "stratfor-private-cia": "Others",
    "mexico-looks-away": "diplomat",
}
RELATIONS = [  # cue, from, to, hedged; None: no source that matters
    ("echoed", "mx1", "us714", False),
    ("confirm", "us714", None, False),
    ("documented", "narco-news", "us714", False),
    ("first reported by", "narco-news", None, False),
    ("confirm", None, "top-sinaloa-operative", True),
    ("echoing", "mx1", "u-s-and-mexican-officials", False),
    ("re-confirm", None, "experts-and-analysts", False),
]


@cache
def article() -> Document:
    """The seed article as loaded."""
    [document] = MarkdownLoader().load(SEED)
    assert isinstance(document, Document)
    return document


@cache
def draft() -> Extraction:
    """What the engine finds in it."""
    document = article()
    return Rules().extract(document.text, document.passages, document.links)


@cache
def dossier() -> Dossier:
    """The dossier of it."""
    [made] = DossierLoader().load(DOSSIER)
    assert isinstance(made, Dossier)
    return made


def place(claim: Claim) -> Span:
    """Where the article makes the claim."""
    assert claim.at is not None
    found = find(article().text, claim.at)
    assert isinstance(found, Span)
    return found


def around(name: str, quoted: bool) -> list[Attribution]:
    """The rows that share half of a claim's passage, or half of whose words lie in it."""
    [claim] = [one for one in dossier().claims if one.id == name]
    start, end = place(claim)
    return [
        row
        for row in draft().attributions
        if 2 * (min(end, row.end) - max(start, row.start)) >= min(end - start, row.end - row.start)
        and (row.kind in ("direct", "partial", "mixed")) >= quoted
    ]


def right(claims: dict[str, str], quoted: bool) -> list[str]:
    """The claims of which some row has the right words as its speaker."""
    return [
        name
        for name, word in claims.items()
        if any(word in row.speaker for row in around(name, quoted))
    ]


def test_quotations_have_their_speakers() -> None:
    assert len(QUOTED) == 16
    assert len(right(QUOTED, quoted=True)) >= 15


def test_indirect_statements_have_their_speakers() -> None:
    assert len(INDIRECT) == 14
    assert len(right(INDIRECT, quoted=False)) >= 13


@pytest.mark.parametrize("code", ["mx1", "us714"])
def test_coded_sources_are_resolved_in_every_row_of_theirs(code: str) -> None:
    said = [
        claim.id
        for claim in dossier().claims
        if any(
            one.claim == claim.id and one.source == code and one.stance == "asserts" and one.cue
            for one in dossier().assertions
        )
    ]
    found = {name: [row for row in around(name, quoted=False) if row.speaker] for name in said}
    assert len([name for name in said if found[name]]) >= len(said) - 1
    wrong = [name for name in said if found[name] and all(r.source != code for r in found[name])]
    assert wrong == []


def test_all_spots_of_corroboration_have_their_direction() -> None:
    text = article().text
    made = [
        (text[one.start : one.end], one.from_source, one.to_source, one.hedged)
        for one in draft().relations
    ]
    for cue, origin, target, hedged in RELATIONS:
        assert any(
            one[0] == cue
            and origin in (None, one[1])
            and target in (None, one[2])
            and one[3] == hedged
            for one in made
        ), cue
    assert {one.kind for one in draft().relations if one.cue == "first reported by"} == {
        "provenance"
    }


def test_nothing_of_the_furniture_is_drafted() -> None:
    furniture = [one for one in article().passages if one.kind == "furniture"]
    assert furniture
    for row in draft().attributions:
        assert not any(one.start < row.end and row.start < one.end for one in furniture)
