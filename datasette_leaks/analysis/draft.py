"""A first dossier from what an engine found in an article: a proposal from beginning to end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePath

from datasette_leaks.analysis.anchoring import anchor_of
from datasette_leaks.analysis.attribution import Extraction
from datasette_leaks.analysis.draft_relations import CONFIDENCE, carriers, relate
from datasette_leaks.analysis.draft_sources import UNRESOLVED, Cast, Ids, cast
from datasette_leaks.analysis.draft_statements import (
    LEAST,
    Said,
    Statement,
    claim_text,
    statements,
)
from datasette_leaks.analysis.draft_words import plain, plainly
from datasette_leaks.loaders.anchors import AnchorFinder
from datasette_leaks.loaders.dossier_checks import default_assertion_id
from datasette_leaks.loaders.dossier_export import dump
from datasette_leaks.loaders.records import (
    Anchor,
    Assertion,
    Cited,
    Claim,
    Derivation,
    Document,
    Dossier,
    Drafted,
    Source,
)

_ID_WORDS = 6


@dataclass(slots=True)
class Taken:
    """The ids that are taken, of all drafts of one call, so that they load together."""

    dossiers: Ids = field(default_factory=Ids)
    documents: Ids = field(default_factory=Ids)
    sources: Ids = field(default_factory=Ids)
    claims: Ids = field(default_factory=Ids)


@dataclass(frozen=True, slots=True)
class Draft:
    """A drafted dossier, and how many rows of the engine are not in it, by the reason."""

    dossier: Dossier
    left_out: Mapping[str, int]


def draft(
    document: Document,
    extraction: Extraction,
    engine: str,
    taken: Taken,
    least: float = LEAST,
) -> Draft:
    """The dossier of an article, whose checked extraction came from ``engine``.

    Every claim and assertion is proposed. A statement whose place no anchor can point at is left
    out, and so are rows whose confidence is below ``least``.
    """
    left: Counter[str] = Counter()
    text = document.text
    made = statements(text, document.passages, extraction.attributions, least, left)
    made = relate(text, document.passages, extraction.relations, made)
    finder = AnchorFinder(text)
    anchored: list[tuple[Statement, Anchor]] = []
    for statement in made:
        anchor = anchor_of(finder, *statement.span)
        if anchor is None:
            left["without an anchor"] += 1
        else:
            anchored.append((statement, anchor))
    first = carriers(extraction.relations)
    used = _used(extraction, [each for each, _ in anchored], first, engine)
    about = plainly(document.description)
    article = replace(about, kind=about.kind or "article")
    article_id = taken.documents.take(document.slug, "article")
    people = cast(document, extraction, used, taken.sources, taken.documents)
    claims, assertions = _claims(text, anchored, people, engine, taken.claims, finder, left)
    if people.outlet:
        article = replace(article, voice=people.outlet.id)
    dossier = Dossier(
        id=taken.dossiers.take(document.slug, "draft"),
        title=about.title or document.slug,
        path="",
        note=NOTE,
        article=Cited(article_id, article),
        documents=people.documents,
        sources=_sources(people, first, assertions),
        claims=tuple(claims),
        assertions=tuple(assertions),
    )
    return Draft(dossier, left)


NOTE = "A draft. Nothing in it counts until a person has accepted it."


def _used(
    extraction: Extraction, made: Sequence[Statement], first: Mapping[str, str], engine: str
) -> dict[str, Drafted]:
    """The sources that a draft needs, each with the rule of its first mention.

    As sure as the assertions of a source are on average, as sure is the source.
    """
    rules: dict[str, str] = {}
    for mention in extraction.mentions:
        rules.setdefault(mention.source, mention.rule)
    shares: dict[str, list[float]] = {id_: [] for id_ in first}
    for statement in made:
        for said in statement.said:
            shares.setdefault(said.source, []).append(said.confidence)
    return {
        id_: Drafted(
            engine,
            rules.get(id_, "speaker"),
            round(sum(own) / len(own), 2) if own else CONFIDENCE,
        )
        for id_, own in shares.items()
    }


def _sources(
    people: Cast, first: Mapping[str, str], assertions: Sequence[Assertion]
) -> tuple[Source, ...]:
    own = {source.id for source in people.sources.values()}
    found = [
        replace(
            source,
            description=f"The text says “{plain(first[id_])}” of it. Does reported_by want it?",
        )
        if id_ in first
        else source
        for id_, source in people.sources.items()
    ]
    if people.outlet and people.outlet.id not in own:
        found.append(people.outlet)
    return tuple(found)


def _claims(
    text: str,
    anchored: Sequence[tuple[Statement, Anchor]],
    people: Cast,
    engine: str,
    ids: Ids,
    finder: AnchorFinder,
    left: Counter[str],
) -> tuple[list[Claim], list[Assertion]]:
    claims: list[Claim] = []
    named: dict[int, str] = {}
    rows: list[tuple[str, str, Said, Anchor | None]] = []
    counts: Counter[tuple[str, str]] = Counter()
    for statement, anchor in anchored:
        words = claim_text(text, statement.span)
        claim = Claim(
            ids.take(" ".join(words.split()[:_ID_WORDS]), "claim"),
            words,
            at=anchor,
            reported_corroboration=statement.confirmed,
            state="proposed",
            drafted=Drafted(engine, statement.rule, round(statement.confidence, 4)),
            note=None if statement.said else UNRESOLVED,
        )
        claims.append(claim)
        for said in statement.said:
            place = anchor_of(finder, *said.place) if said.place else None
            if said.place and place is None:
                left["without an anchor"] += 1
                continue
            source = people.sources[said.source].id
            counts[claim.id, source] += 1
            id_ = default_assertion_id(claim.id, source, counts[claim.id, source])
            named[id(said)] = id_
            rows.append((id_, claim.id, said, place))
    assertions = [_assertion(*row, people, engine, named) for row in rows]
    return claims, assertions


def _assertion(
    id_: str, claim: str, said: Said, place: Anchor | None, people: Cast, engine: str,
    named: Mapping[int, str],
) -> Assertion:  # fmt: skip
    source = people.sources[said.source]
    outlet = people.outlet
    derived = [named[id(each)] for each in said.derives_from if id(each) in named]
    stance = said.stance
    if stance == "echoes" and not derived:
        stance = "corroborates"
    return Assertion(
        id_,
        claim,
        source.id,
        stance,
        cue=plain(said.cue) or None,
        hedge=", ".join(filter(None, map(plain, said.hedges))) or None,
        at=place,
        said_in=people.of_link.get(said.link or "") or people.of_source.get(said.source),
        reported_by=(outlet.id,) if outlet and outlet.id != source.id else (),
        derives_from=tuple(Derivation(each, "proposed") for each in derived),
        state="proposed",
        drafted=Drafted(engine, said.rule, round(said.confidence, 4)),
        note=said.note,
    )


def as_yaml(draft: Draft, path: str, engine: str, version: str) -> str:
    """The draft as a dossier file, under a comment that says what it is and what to do.

    Of ``path`` only the file's name is told: a dossier is handed on.
    """
    name = plain(PurePath(path).name)
    left = [f"{count} {reason}" for reason, count in sorted(draft.left_out.items()) if count]
    lines = [
        f"A draft of {name} by the engine {engine}, version {version}. Nobody has checked it.",
        "Every claim and assertion in it is proposed: none counts until a person has read it and",
        "taken `state: proposed` out. The texts of the claims are the article's own words: put",
        "them into yours. A status says what stands behind a claim, never whether it is true.",
        *([f"Rows left out: {', '.join(left)}."] if left else []),
    ]
    return "".join(f"# {line}\n" for line in lines) + "\n" + dump(draft.dossier)
