"""A Dossier record as table rows, and back."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict

from sqlite_utils import Database

from datasette_leaks.loaders.records import (
    Assertion,
    Cited,
    Claim,
    ClaimRelation,
    Derivation,
    Dossier,
    Drafted,
    Grade,
    Source,
    SourceRelation,
)

from .descriptions import FIELDS, description
from .places import anchor, anchor_columns
from .rows import Row, select

DocumentId = Callable[[str | None], int | None]

# Table, key, and the query for the rows of one dossier with the columns made below; parents first.
TABLES: tuple[tuple[str, tuple[str, ...], str], ...] = (
    (
        "dossiers",
        ("id",),
        "SELECT id, title, note, article_id, path, sha256 FROM dossiers WHERE id = :dossier",
    ),
    (
        "sources",
        ("id",),
        """
        SELECT id, name, number, kind, named, protected, description, engine, rule, confidence,
          dossier_id, position
        FROM sources WHERE dossier_id = :dossier ORDER BY position
        """,
    ),
    (
        "source_names",
        ("source_id", "position"),
        """
        SELECT source_id, source_names.position, source_names.name
        FROM source_names JOIN sources ON sources.id = source_id
        WHERE dossier_id = :dossier ORDER BY source_id, source_names.position
        """,
    ),
    (
        "source_grades",
        ("source_id", "position"),
        """
        SELECT source_id, source_grades.position, value, scale, aspect, date, given_by, document_id,
          note
        FROM source_grades JOIN sources ON sources.id = source_id
        WHERE dossier_id = :dossier ORDER BY source_id, source_grades.position
        """,
    ),
    (
        "source_relations",
        ("source_id", "kind", "other_id"),
        """
        SELECT source_id, source_relations.kind, other_id, state, note, source_relations.position
        FROM source_relations JOIN sources ON sources.id = source_id
        WHERE dossier_id = :dossier ORDER BY source_id, source_relations.position
        """,
    ),
    (
        "claims",
        ("id",),
        """
        SELECT id, text, number, kind, article_id, dossier_id, position, anchor_start, anchor_end,
          anchor_prefix, anchor_suffix, anchor_document, independence, reported_corroboration,
          paraphrase_exceeds_quote, state, engine, rule, confidence, note, line
        FROM claims WHERE dossier_id = :dossier ORDER BY position
        """,
    ),
    (
        "claim_relations",
        ("claim_id", "kind", "other_id"),
        """
        SELECT claim_id, claim_relations.kind, other_id, claim_relations.state,
          claim_relations.note, claim_relations.position
        FROM claim_relations JOIN claims ON claims.id = claim_id
        WHERE dossier_id = :dossier ORDER BY claim_id, claim_relations.position
        """,
    ),
    (
        "assertions",
        ("id",),
        """
        SELECT id, claim_id, source_id, stance, cue, hedge, anchor_start, anchor_end,
          anchor_prefix, anchor_suffix, anchor_document, said_in_id, said_on, basis, state,
          engine, rule, confidence, note, dossier_id, position, line
        FROM assertions WHERE dossier_id = :dossier ORDER BY position
        """,
    ),
    (
        "reported_by",
        ("assertion_id", "position"),
        """
        SELECT assertion_id, reported_by.position, reported_by.source_id
        FROM reported_by JOIN assertions ON assertions.id = assertion_id
        WHERE dossier_id = :dossier ORDER BY assertion_id, reported_by.position
        """,
    ),
    (
        "derivations",
        ("assertion_id", "derived_from_id"),
        """
        SELECT assertion_id, derived_from_id, derivations.state, derivations.note,
          derivations.position
        FROM derivations JOIN assertions ON assertions.id = assertion_id
        WHERE dossier_id = :dossier ORDER BY assertion_id, derivations.position
        """,
    ),
)


def rows_of(dossier: Dossier, document_id: DocumentId) -> dict[str, list[Row]]:
    """The rows of each table of TABLES, without ``number``, which is the database's own.

    ``document_id`` gives the key of the document with a slug, None for None.
    """
    article = document_id(dossier.article.id) if dossier.article else None
    rows: dict[str, list[Row]] = {name: [] for name, _, _ in TABLES}
    rows["dossiers"].append(
        {
            "id": dossier.id,
            "title": dossier.title,
            "note": dossier.note,
            "article_id": article,
            "path": dossier.path,
            "sha256": dossier.sha256,
        }
    )
    for position, source in enumerate(dossier.sources):
        _add_source(rows, dossier.id, position, source, document_id)
    for position, claim in enumerate(dossier.claims):
        _add_claim(rows, dossier.id, position, claim, article)
    for position, assertion in enumerate(dossier.assertions):
        _add_assertion(rows, dossier.id, position, assertion, document_id)
    return rows


def _add_source(
    rows: dict[str, list[Row]], dossier: str, position: int, source: Source, document_id: DocumentId
) -> None:
    rows["sources"].append(
        {
            "id": source.id,
            "name": source.name,
            "kind": source.kind,
            "named": int(source.named),
            "protected": int(source.protected),
            "description": source.description,
            **_drafted_columns(source.drafted),
            "dossier_id": dossier,
            "position": position,
        }
    )
    for n, name in enumerate(source.aliases):
        rows["source_names"].append({"source_id": source.id, "position": n, "name": name})
    for n, grade in enumerate(source.grades):
        row = {"source_id": source.id, "position": n, **asdict(grade)}
        row["document_id"] = document_id(row.pop("document"))
        rows["source_grades"].append(row)
    for n, relation in enumerate(source.relations):
        row = {"source_id": source.id, "position": n, **asdict(relation)}
        row["other_id"] = row.pop("source")
        rows["source_relations"].append(row)


def _add_claim(
    rows: dict[str, list[Row]], dossier: str, position: int, claim: Claim, article: int | None
) -> None:
    rows["claims"].append(
        {
            "id": claim.id,
            "text": claim.text,
            "kind": claim.kind,
            "article_id": article,
            "dossier_id": dossier,
            "position": position,
            **anchor_columns(claim.at),
            "independence": claim.independence,
            "reported_corroboration": int(claim.reported_corroboration),
            "paraphrase_exceeds_quote": int(claim.paraphrase_exceeds_quote),
            "state": claim.state,
            **_drafted_columns(claim.drafted),
            "note": claim.note,
            "line": claim.line,
        }
    )
    for n, relation in enumerate(claim.relations):
        row = {"claim_id": claim.id, "position": n, **asdict(relation)}
        row["other_id"] = row.pop("claim")
        rows["claim_relations"].append(row)


def _add_assertion(
    rows: dict[str, list[Row]],
    dossier: str,
    position: int,
    assertion: Assertion,
    document_id: DocumentId,
) -> None:
    rows["assertions"].append(
        {
            "id": assertion.id,
            "claim_id": assertion.claim,
            "source_id": assertion.source,
            "stance": assertion.stance,
            "cue": assertion.cue,
            "hedge": assertion.hedge,
            **anchor_columns(assertion.at),
            "said_in_id": document_id(assertion.said_in),
            "said_on": assertion.said_on,
            "basis": assertion.basis,
            "state": assertion.state,
            **_drafted_columns(assertion.drafted),
            "note": assertion.note,
            "dossier_id": dossier,
            "position": position,
            "line": assertion.line,
        }
    )
    for n, source in enumerate(assertion.reported_by):
        rows["reported_by"].append(
            {"assertion_id": assertion.id, "position": n, "source_id": source}
        )
    for n, derivation in enumerate(assertion.derives_from):
        row = {"assertion_id": assertion.id, "position": n, **asdict(derivation)}
        row["derived_from_id"] = row.pop("assertion")
        rows["derivations"].append(row)


def _drafted_columns(drafted: Drafted | None) -> Row:
    if drafted is None:
        return {"engine": None, "rule": None, "confidence": None}
    return asdict(drafted)


def _drafted(row: Row) -> Drafted | None:
    if row["engine"] is None:
        return None
    return Drafted(row["engine"], row["rule"], row["confidence"])


def dossier_ids(db: Database) -> list[str]:
    """The ids of all dossiers, sorted."""
    return [row["id"] for row in select(db, "SELECT id FROM dossiers ORDER BY id")]


def read_dossier(db: Database, id: str) -> Dossier:
    """The dossier as it was written. Raises KeyError when there is none with this id."""
    rows = {name: select(db, sql, {"dossier": id}) for name, _, sql in TABLES}
    if not rows["dossiers"]:
        raise KeyError(id)
    own = rows["dossiers"][0]
    cited = [
        Cited(row["slug"], description(row))
        for row in select(db, CITED, {"said_by": f"dossier:{id}"})
    ]
    has_article = own["article_id"] is not None
    slugs = {row["id"]: row["slug"] for row in select(db, SLUGS, {"dossier": id})}
    return Dossier(
        id=id,
        title=own["title"],
        path=own["path"],
        note=own["note"],
        article=cited[0] if has_article else None,
        documents=tuple(cited[1:] if has_article else cited),
        sources=tuple(_sources(rows, slugs)),
        claims=tuple(_claims(rows)),
        assertions=tuple(_assertions(rows, slugs)),
        sha256=own["sha256"],
    )


def _children(rows: Iterable[Row], key: str, drop: str = "position") -> dict[str, list[Row]]:
    children: dict[str, list[Row]] = {}
    for row in rows:
        row = {name: value for name, value in row.items() if name != drop}
        children.setdefault(row.pop(key), []).append(row)
    return children


def _sources(rows: dict[str, list[Row]], slugs: dict[int, str]) -> Iterable[Source]:
    names = _children(rows["source_names"], "source_id")
    grades = _children(rows["source_grades"], "source_id")
    relations = _children(rows["source_relations"], "source_id")
    for row in rows["sources"]:
        given = [
            {**grade, "document": slugs.get(grade["document_id"])}
            for grade in grades.get(row["id"], ())
        ]
        yield Source(
            id=row["id"],
            name=row["name"],
            kind=row["kind"],
            aliases=tuple(each["name"] for each in names.get(row["id"], ())),
            description=row["description"],
            named=bool(row["named"]),
            protected=bool(row["protected"]),
            grades=tuple(
                Grade(**{n: v for n, v in grade.items() if n != "document_id"}) for grade in given
            ),
            relations=tuple(
                SourceRelation(r["kind"], r["other_id"], r["state"], r["note"])
                for r in relations.get(row["id"], ())
            ),
            drafted=_drafted(row),
        )


def _claims(rows: dict[str, list[Row]]) -> Iterable[Claim]:
    relations = _children(rows["claim_relations"], "claim_id")
    for row in rows["claims"]:
        yield Claim(
            id=row["id"],
            text=row["text"],
            kind=row["kind"],
            at=anchor(row),
            independence=row["independence"],
            reported_corroboration=bool(row["reported_corroboration"]),
            paraphrase_exceeds_quote=bool(row["paraphrase_exceeds_quote"]),
            relations=tuple(
                ClaimRelation(r["kind"], r["other_id"], r["state"], r["note"])
                for r in relations.get(row["id"], ())
            ),
            state=row["state"],
            drafted=_drafted(row),
            note=row["note"],
            line=row["line"],
        )


def _assertions(rows: dict[str, list[Row]], slugs: dict[int, str]) -> Iterable[Assertion]:
    carriers = _children(rows["reported_by"], "assertion_id")
    derivations = _children(rows["derivations"], "assertion_id")
    for row in rows["assertions"]:
        yield Assertion(
            id=row["id"],
            claim=row["claim_id"],
            source=row["source_id"],
            stance=row["stance"],
            cue=row["cue"],
            hedge=row["hedge"],
            at=anchor(row),
            said_in=slugs.get(row["said_in_id"]),
            said_on=row["said_on"],
            reported_by=tuple(each["source_id"] for each in carriers.get(row["id"], ())),
            derives_from=tuple(
                Derivation(d["derived_from_id"], d["state"], d["note"])
                for d in derivations.get(row["id"], ())
            ),
            basis=row["basis"],
            state=row["state"],
            drafted=_drafted(row),
            note=row["note"],
            line=row["line"],
        )


CITED = f"""
SELECT slug, {", ".join("said." + name for name in FIELDS)}
FROM document_descriptions AS said JOIN documents ON documents.id = document_id
WHERE said_by = :said_by ORDER BY position
"""  # noqa: S608
SLUGS = """
SELECT id, slug FROM documents WHERE id IN (
  SELECT said_in_id FROM assertions WHERE dossier_id = :dossier
  UNION
  SELECT document_id FROM source_grades JOIN sources ON sources.id = source_id
  WHERE dossier_id = :dossier)
"""
