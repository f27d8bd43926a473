"""The dossier of the Stratfor article: what it may not carry, and what follows from it.

The article itself is no part of the repository. Tests that need its text take it from the folder
beside the repository and skip where it is not there.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from datasette_leaks.analysis.run import analyse
from datasette_leaks.loaders.dossier import DossierLoader
from datasette_leaks.loaders.records import Dossier, Problem
from datasette_leaks.plugins import all_loaders
from datasette_leaks.store.connection import open_database
from datasette_leaks.store.loading import load_paths

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "examples" / "stratfor-2012"
DOSSIER = EXAMPLE / "dossier.yaml"
OUTSIDE = EXAMPLE / "outside.yaml"
ARTICLE = ROOT.parent / "shared" / "seed" / "article.md"
TITLE = "Stratfor Sources: U.S. Troops in Mexico as Feds Aid Cartels"  # cited, as titles are

#: What follows from the definitions for each claim of the dossier, loaded alone.
STATUSES = {
    "us-backs-cartels": "corroborated",
    "aim-lasting-dominance": "single_source",
    "cooperating-chiefs-may-trade": "single_source",
    "leak-other-material": "unsourced",
    "leak-explosive": "not_assessed",
    "us714-described": "single_source",
    "us-troops": "corroborated",
    "us-troops-guise": "single_source",
    "us-special-forces": "single_source",
    "joint-operations": "single_source",
    "earlier-reports-exist": "unsourced",
    "surgical-strikes": "unidentified_origin",
    "strikes-us-backed": "unsourced",
    "death-squads": "unidentified_origin",
    "killing-spree": "unidentified_origin",
    "ice-hit-men": "single_source",
    "ice-hit-men-bargain": "single_source",
    "ice-mishandles-informants": "not_assessed",
    "ice-claim-hard-to-grasp": "not_assessed",
    "ice-precedent": "single_source",
    "house-of-death": "single_source",
    "us714-too-dark": "not_assessed",
    "conroy-standing": "not_assessed",
    "narco-news-first": "unsourced",
    "mails-hacked-released": "unidentified_origin",
    "leak-bears-out-zambada": "not_assessed",
    "zambada-operative": "unidentified_origin",
    "zambada-logistics": "unidentified_origin",
    "immunity-offer": "single_source",
    "us-armed-sinaloa": "single_source",
    "us-helped-evasion": "single_source",
    "sinaloa-gave-information": "single_source",
    "arms-fast-and-furious-link": "unidentified_origin",
    "fast-and-furious-weapons": "unidentified_origin",
    "fast-and-furious-pretext": "unidentified_origin",
    "targets-worked-for-fbi": "unidentified_origin",
    "mx1-coded": "single_source",
    "help-to-cut-violence": "single_source",
    "mexico-looks-away": "single_source",
    "mx1-identity": "single_source",
    "mexico-lets-cartels-act": "single_source",
    "mexico-removes-newcomers": "single_source",
    "mexico-does-not-negotiate": "single_source",
    "us-deals-with-cartels": "corroborated",
    "us-sends-signals": "single_source",
    "signal-stop-violence": "single_source",
    "signal-thanks": "single_source",
    "signal-juarez-matters": "single_source",
    "signal-sinaloa-stronger": "single_source",
    "us-weight-behind-sinaloa": "single_source",
    "us-told-cartels-to-negotiate": "single_source",
    "us-declared-winner": "single_source",
    "winner-unprecedented": "not_assessed",
    "later-mail-astounding": "not_assessed",
    "both-agencies-negotiate": "single_source",
    "both-agencies-tolerate": "single_source",
    "both-agencies-help-big-cartels": "single_source",
    "tijuana-deal": "unidentified_origin",
    "group-tried-juarez": "unidentified_origin",
    "message-for-cartels": "single_source",
    "message-content": "single_source",
    "violence-will-drop": "not_assessed",
    "controlled-trades": "single_source",
    "bosses-may-ship-to-us": "single_source",
    "agreements-protect-cartels": "single_source",
    "us-pressed-mexico-shipments": "unsourced",
    "us-pressed-mexico-rivals": "unsourced",
    "routes-negotiated": "single_source",
    "juarez-not-ripe": "not_assessed",
    "message-for-sedena": "single_source",
    "shipments-sinaloa": "single_source",
    "shipments-accepted": "single_source",
    "juarez-violence-local": "unidentified_origin",
    "sedena-small-gangs": "not_assessed",
    "stratfor-poor-quality": "unidentified_origin",
    "stratfor-private-cia": "not_assessed",
    "leak-reconfirms": "unsourced",
    "drug-war-unconstitutional": "not_assessed",
    "drug-war-fraud": "not_assessed",
    "us-out-of-control": "not_assessed",
    "something-sinister": "not_assessed",
    "us-in-drug-trade": "unidentified_origin",
    "cia-in-drug-trade": "unidentified_origin",
    "tens-of-thousands-dead": "unsourced",
    "cover-up": "unsourced",
    "dea-laundering": "unidentified_origin",
    "atf-weapons": "unidentified_origin",
    "more-covered-up": "not_assessed",
    "truth-may-stay-hidden": "not_assessed",
    "activists-go-on": "unsourced",
}

#: With outside.yaml, these and no others are different.
FLIPPED = {"immunity-offer": "disputed"}

#: When proposed rows count too, these and no others are different.
WITH_PROPOSED = {
    "us-pressed-mexico-shipments": "single_source",
    "us-pressed-mexico-rivals": "unidentified_origin",
}

REPORTED_CORROBORATION = {
    "us-troops",
    "us-special-forces",
    "joint-operations",
    "routes-negotiated",
    "leak-reconfirms",
}
EXCEEDS_QUOTE = {
    "cooperating-chiefs-may-trade",
    "us-troops-guise",
    "killing-spree",
    "ice-hit-men-bargain",
    "us-weight-behind-sinaloa",
    "both-agencies-negotiate",
    "bosses-may-ship-to-us",
    "agreements-protect-cartels",
}
SELF_INCONSISTENT = {
    "mexico-does-not-negotiate",
    "both-agencies-negotiate",
    "message-for-cartels",
    "message-for-sedena",
}


@pytest.fixture(scope="module")
def article_text() -> str:
    if not ARTICLE.exists():
        pytest.skip("the article's text is no part of the repository and not beside it")
    return ARTICLE.read_text(encoding="utf-8")


def words(text: str) -> list[str]:
    """Lower-case words of a text, without the Markdown around links."""
    return re.findall(r"[^\W_]+", text.replace("](#)", "").lower())


def runs(text: str, length: int) -> Iterator[tuple[str, ...]]:
    found = words(text)
    return (tuple(found[at : at + length]) for at in range(len(found) - length + 1))


def anchors(node: Any) -> Iterator[dict[str, str]]:
    """Every ``at`` of a dossier file."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "at":
                yield value
            else:
                yield from anchors(value)
    elif isinstance(node, list):
        for item in node:
            yield from anchors(item)


def test_no_sentence_of_the_article_is_copied(article_text: str) -> None:
    title = " ".join(words(TITLE))
    body = " ".join(words(article_text)).replace(title, " | ")
    copied = {run for part in body.split("|") for run in runs(part, 8)}
    for path in sorted(EXAMPLE.rglob("*")):
        if path.is_file():
            ours = " ".join(words(path.read_text(encoding="utf-8"))).replace(title, " | ")
            found = [
                " ".join(run) for part in ours.split("|") for run in runs(part, 8) if run in copied
            ]
            assert not found, f"{path.name} holds words of the article: {found}"


@pytest.mark.parametrize("path", [DOSSIER, OUTSIDE], ids=lambda path: path.name)
def test_an_anchor_is_four_words_at_most(path: Path) -> None:
    for anchor in anchors(yaml.safe_load(path.read_text(encoding="utf-8"))):
        for words_of_it in anchor.values():
            assert len(words_of_it.split()) <= 4, anchor


def test_the_name_an_outlet_gives_for_mx1_is_nowhere(article_text: str) -> None:
    """The name is taken from the article as the test runs, and must not be written here either."""
    (named,) = re.findall(r"\bnamed ([^.“”\"]+)", article_text)
    parts = [part for part in re.findall(r"\w+", named) if len(part) >= 4 and part[0].isupper()]
    assert parts, "the passage that names him was not found"
    pattern = re.compile(rb"\b(" + b"|".join(re.escape(part.encode()) for part in parts) + rb")\b")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    for name in listed.stdout.decode().split("\0"):
        path = ROOT / name
        if name and path.is_file():
            named_here = bool(pattern.search(path.read_bytes()))  # so that no report prints it
            assert not named_here, f"{name} names him"


def only_dossier(path: Path) -> Dossier:
    (dossier,) = DossierLoader().load(path)
    assert not isinstance(dossier, Problem), str(dossier)
    return dossier


def test_every_anchor_stands_once_in_the_article(article_text: str) -> None:
    """The text is needed here as the loader gives it; the fixture skips where there is none."""
    db = open_database(":memory:", create=True)
    try:
        report = load_paths(db, [ARTICLE, DOSSIER, OUTSIDE], all_loaders())
        assert [str(problem) for problem in report.problems] == []
        placed = db.query("SELECT id FROM claims WHERE start IS NOT NULL")
        assert {row["id"] for row in placed} == set(STATUSES)
    finally:
        db.close()


def claim_rows(*paths: Path) -> dict[str, dict[str, Any]]:
    """The rows of claims_by_status, by claim, after loading and analysing these dossiers."""
    db = open_database(":memory:", create=True)
    try:
        report = load_paths(db, paths, all_loaders())
        assert not report.problems
        analyse(db)
        return {row["id"]: row for row in db.query("SELECT * FROM claims_by_status")}
    finally:
        db.close()


def test_every_status_follows_from_the_definitions() -> None:
    rows = claim_rows(DOSSIER)
    assert {id_: row["status"] for id_, row in rows.items()} == STATUSES
    assert {id_: row["status_with_proposed"] for id_, row in rows.items()} == (
        STATUSES | WITH_PROPOSED
    )


def test_the_denial_flips_the_immunity_claim_and_no_broader_one() -> None:
    before = claim_rows(DOSSIER)
    after = claim_rows(DOSSIER, OUTSIDE)
    assert {id_: row["status"] for id_, row in after.items()} == STATUSES | FLIPPED
    assert after["immunity-offer"]["against"] == 1
    for broader in ("us-backs-cartels", "us-deals-with-cartels"):
        assert before[broader]["origins"] == 2
        told = before[broader]["explanation"] + " A narrower claim that counts here is disputed."
        assert after[broader] == before[broader] | {"explanation": told}


def test_flags() -> None:
    rows = claim_rows(DOSSIER).values()
    flagged = {
        flag: {row["id"] for row in rows if row[flag]}
        for flag in (
            "reported_corroboration",
            "paraphrase_exceeds_quote",
            "self_inconsistent",
            "circular_reporting",
        )
    }
    assert flagged == {
        "reported_corroboration": REPORTED_CORROBORATION,
        "paraphrase_exceeds_quote": EXCEEDS_QUOTE,
        "self_inconsistent": SELF_INCONSISTENT,
        "circular_reporting": set(),
    }


def test_one_source_twice_is_one_origin() -> None:
    row = claim_rows(DOSSIER)["us-told-cartels-to-negotiate"]
    assert (row["assertions"], row["sources"], row["origins"]) == (2, 1, 1)


def test_the_echo_that_is_none() -> None:
    """The text says that MX1 echoed US714; he corroborates, and only the broad claim."""
    stances = {
        found.claim: (found.stance, found.cue)
        for found in only_dossier(DOSSIER).assertions
        if found.source == "mx1" and found.claim in STATUSES
    }
    assert stances["us-troops"] == ("corroborates", "echoed")
    assert not {"us-special-forces", "joint-operations"} & stances.keys()


def test_every_claim_has_a_place_a_speaker_and_a_short_text() -> None:
    dossier = only_dossier(DOSSIER)
    asserted = {found.claim for found in dossier.assertions}
    for claim in dossier.claims:
        assert claim.id in asserted, f"{claim.id} has nobody who says so"
        assert len(claim.text) <= 200, claim.id
        assert claim.at is not None, claim.id


def test_coded_sources_are_protected() -> None:
    coded = [one for one in only_dossier(DOSSIER).sources if one.kind == "coded_source"]
    assert {one.id for one in coded if one.protected} == {"mx1", "us714"}
    assert len(coded) == 2
