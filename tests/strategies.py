"""Hypothesis strategies that several tests share: whole dossiers that are valid."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from datasette_leaks.loaders.dossier_checks import default_assertion_id
from datasette_leaks.loaders.records import (
    BASES,
    CLAIM_KINDS,
    CLAIM_RELATION_KINDS,
    DOCUMENT_KINDS,
    GRADE_ASPECTS,
    GRADE_SCALES,
    INDEPENDENCE,
    SOURCE_KINDS,
    SOURCE_RELATION_KINDS,
    STANCES,
    STATES,
    Anchor,
    Assertion,
    Cited,
    Claim,
    ClaimRelation,
    Derivation,
    Description,
    Dossier,
    Drafted,
    Grade,
    Source,
    SourceRelation,
)

# What YAML readers and writers stumble over, beside whatever hypothesis thinks of.
AWKWARD = (
    "no", "yes", "on", "null", "~", "true", "2012", "2012-10-05", "1e3", "0x1f", "012", "1_000",
    ".5", "-", "- a", "--- a", "...", "? a", ": a", "a: b", "a:", "a #b", "#a", "&a", "*a", "!a",
    "%a", "@a", "`a`", "| a", "> a", "{a: b}", "[a, b]", "a, b", "<<", "=", '"a"', "'a'", "it's",
    'he said "no"', " a", "a ", "  a  b  ", "\ta", "a\tb", "a\n", "a\nb", "a\n\nb\n", "\na",
    "a\n  b", "a \nb", "a\n\n\n", "🙂", "a\u2028b", "\ufeffa", "a\u00a0b", "e\u0301 é", "“a” – ‘b’",
    "\\n", "a\\", "word " * 60, "x" * 200, "word  " * 30, "a: b, " * 30, "línea\n" * 5,
)  # fmt: skip
texts = st.one_of(
    st.sampled_from(AWKWARD),
    st.text(
        st.characters(exclude_categories=("Cs", "Cc"), include_characters="\n\t"), max_size=120
    ).filter(str.strip),
)
ids = st.from_regex(r"[a-z0-9][a-z0-9_-]{0,11}", fullmatch=True)
dates = st.one_of(
    st.dates().map(lambda day: day.isoformat()),
    st.dates().map(lambda day: day.isoformat()[:7]),
    st.dates().map(lambda day: day.isoformat()[:4]),
    st.datetimes().map(lambda time: time.strftime("%Y").zfill(4) + time.strftime("-%m-%dT%H:%MZ")),
    st.datetimes().map(lambda time: time.isoformat(timespec="seconds") + "Z"),
)
states = st.sampled_from(STATES)
confidences = st.integers(0, 10_000).map(lambda share: share / 10_000)


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


def among(known: list[str], size: int = 3) -> st.SearchStrategy[list[str]]:
    """Some of the known ids, each once."""
    if not known:
        return st.just([])
    return st.lists(st.sampled_from(known), unique=True, max_size=size)


def one_of_known(known: list[str]) -> st.SearchStrategy[str | None]:
    return st.sampled_from([None, *known])


drafted = maybe(st.builds(Drafted, engine=texts, rule=texts, confidence=confidences))


def descriptions(sources: list[str]) -> st.SearchStrategy[Description]:
    return st.builds(
        Description,
        kind=maybe(st.sampled_from(DOCUMENT_KINDS)),
        title=maybe(texts),
        author=maybe(texts),
        publisher=maybe(texts),
        published=maybe(dates),
        url=maybe(texts),
        message_id=maybe(texts),
        language=maybe(texts),
        voice=one_of_known(sources),
        note=maybe(texts),
    )


def anchors(documents: list[str]) -> st.SearchStrategy[Anchor | None]:
    return maybe(
        st.builds(
            Anchor,
            start=texts,
            end=maybe(texts),
            prefix=maybe(texts),
            suffix=maybe(texts),
            document=one_of_known(documents),
        )
    )


@st.composite
def dossiers(draw: st.DrawFn) -> Dossier:
    """A valid dossier that refers to nothing outside of itself, in the order of its file."""
    document_ids = draw(st.lists(ids, unique=True, max_size=3))
    source_ids = draw(st.lists(ids, unique=True, max_size=4))
    claim_ids = draw(st.lists(ids, unique=True, max_size=3)) if document_ids else []
    documents = [Cited(id_, draw(descriptions(source_ids))) for id_ in document_ids]
    has_article = bool(claim_ids) or (bool(documents) and draw(st.booleans()))
    sources = [draw(_source(id_, source_ids, document_ids)) for id_ in source_ids]
    claims = [
        draw(_claim(id_, claim_ids[number + 1 :], claim_ids, document_ids))
        for number, id_ in enumerate(claim_ids)
    ]
    pairs = [
        (claim, source)
        for claim in claim_ids
        for source in draw(st.lists(st.sampled_from(source_ids), max_size=3) if source_ids
                           else st.just([]))
    ]  # fmt: skip
    return Dossier(
        id=draw(ids),
        title=draw(texts),
        path="dossier.yaml",
        note=draw(maybe(texts)),
        article=documents[0] if has_article else None,
        documents=tuple(documents[1:] if has_article else documents),
        sources=tuple(sources),
        claims=tuple(claims),
        assertions=tuple(draw(_assertions(pairs, source_ids, document_ids))),
    )


@st.composite
def _source(draw: st.DrawFn, id_: str, sources: list[str], documents: list[str]) -> Source:
    grades = st.builds(
        Grade,
        value=texts,
        scale=st.sampled_from(GRADE_SCALES),
        aspect=st.sampled_from(GRADE_ASPECTS),
        date=maybe(dates),
        given_by=maybe(texts),
        document=one_of_known(documents),
        note=maybe(texts),
    )
    relations = [
        SourceRelation(kind, other, draw(states), draw(maybe(texts)))
        for kind in draw(st.permutations(SOURCE_RELATION_KINDS))
        for other in draw(among([each for each in sources if each != id_]))
    ]
    return Source(
        id=id_,
        name=draw(texts),
        kind=draw(st.sampled_from(SOURCE_KINDS)),
        aliases=tuple(draw(st.lists(texts, max_size=3))),
        description=draw(maybe(texts)),
        named=draw(st.booleans()),
        protected=draw(st.booleans()),
        grades=tuple(draw(st.lists(grades, max_size=2))),
        relations=tuple(relations),
        drafted=draw(drafted),
    )


@st.composite
def _claim(
    draw: st.DrawFn, id_: str, later: list[str], claims: list[str], documents: list[str]
) -> Claim:
    # A claim is narrower than later ones only: that makes no circle.
    relations = [
        ClaimRelation(kind, other, draw(states), draw(maybe(texts)))
        for kind in draw(st.permutations(CLAIM_RELATION_KINDS))
        for other in draw(
            among(later if kind == "narrower_than" else [c for c in claims if c != id_])
        )
    ]
    return Claim(
        id=id_,
        text=draw(texts),
        kind=draw(st.sampled_from(CLAIM_KINDS)),
        at=draw(anchors(documents)),
        independence=draw(st.sampled_from(INDEPENDENCE)),
        reported_corroboration=draw(st.booleans()),
        paraphrase_exceeds_quote=draw(st.booleans()),
        relations=tuple(relations),
        state=draw(states),
        drafted=draw(drafted),
        note=draw(maybe(texts)),
    )


@st.composite
def _assertions(
    draw: st.DrawFn, pairs: list[tuple[str, str]], sources: list[str], documents: list[str]
) -> list[Assertion]:
    assertion_ids = []
    for number, pair in enumerate(pairs):
        default = default_assertion_id(*pair, pairs[: number + 1].count(pair))
        assertion_ids.append(draw(st.sampled_from([default, f"own-{number}"])))
    assertions = []
    for id_, (claim, source) in zip(assertion_ids, pairs, strict=True):
        roots = draw(among([each for each in assertion_ids if each != id_]))
        stances = [stance for stance in STANCES if roots or stance != "echoes"]
        derived = [Derivation(root, draw(states), draw(maybe(texts))) for root in roots]
        assertions.append(
            Assertion(
                id=id_,
                claim=claim,
                source=source,
                stance=draw(st.sampled_from(stances)),
                cue=draw(maybe(texts)),
                hedge=draw(maybe(texts)),
                at=draw(anchors(documents)),
                said_in=draw(one_of_known(documents)),
                said_on=draw(maybe(dates)),
                reported_by=tuple(draw(among(sources))),
                derives_from=tuple(derived),
                basis=draw(st.sampled_from(BASES)),
                state=draw(states),
                drafted=draw(drafted),
                note=draw(maybe(texts)),
            )
        )
    return assertions
