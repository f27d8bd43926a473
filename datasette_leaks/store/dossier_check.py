"""Whether a dossier fits the database: ids taken elsewhere, ids others still need, references."""

from __future__ import annotations

import json
from collections.abc import Iterable

from sqlite_utils import Database

from datasette_leaks.loaders.dossier import references, unknown_reference
from datasette_leaks.loaders.dossier_checks import assertion_paths
from datasette_leaks.loaders.dossier_yaml import field_path
from datasette_leaks.loaders.records import Assertion, Cited, Claim, Dossier, Problem, Source

from .rows import select

KINDS = ("source", "claim", "assertion", "document")


def find_problems(db: Database, dossier: Dossier) -> list[Problem]:
    """Everything that keeps the dossier from being written, all at once."""
    own = own_ids(dossier)
    return [
        *_taken(db, dossier, own),
        *_still_needed(db, dossier, own),
        *_unknown(db, dossier, own),
    ]


def own_ids(dossier: Dossier) -> dict[str, set[str]]:
    """The ids a dossier defines, by kind: source, claim, assertion, document."""
    return {kind: {each.id for each in _defined(dossier, kind)} for kind in KINDS}


def _defined(dossier: Dossier, kind: str) -> tuple[Source | Claim | Assertion | Cited, ...]:
    if kind == "document":
        return (*((dossier.article,) if dossier.article else ()), *dossier.documents)
    found: tuple[Source | Claim | Assertion | Cited, ...] = getattr(dossier, f"{kind}s")
    return found


def _taken(db: Database, dossier: Dossier, own: dict[str, set[str]]) -> Iterable[Problem]:
    named = (each.id for each in dossier.assertions)
    paths = dict(zip(named, assertion_paths(dossier), strict=True))
    for kind in KINDS[:3]:
        parameters = {"dossier": dossier.id, "ids": json.dumps(sorted(own[kind]))}
        taken = {row["id"]: row["dossier_id"] for row in select(db, TAKEN[kind], parameters)}
        for each in _defined(dossier, kind):
            if each.id in taken:
                path = paths[each.id] if kind == "assertion" else (f"{kind}s", each.id)
                yield Problem(
                    dossier.path,
                    f"line {each.line}, {field_path(path)}",
                    f"dossier {dossier.id} defines {each.id}, and so does dossier {taken[each.id]}",
                    "an id that no other dossier defines",
                    "Use the other dossier's by its id without defining it, or choose another id",
                )


def _still_needed(db: Database, dossier: Dossier, own: dict[str, set[str]]) -> Iterable[Problem]:
    for kind in KINDS:
        parameters = {"dossier": dossier.id, "said_by": f"dossier:{dossier.id}"}
        for row in select(db, NEEDED[kind], parameters):
            if row["id"] not in own[kind]:
                yield Problem(
                    dossier.path,
                    f"{kind}s",
                    f"{row['id']} is no longer defined, but dossier {row['dossier_id']} uses it",
                    f"{row['id']} among the {kind}s",
                    f"Put it back, or first load a {row['dossier_id']} that does without it",
                )


def _unknown(db: Database, dossier: Dossier, own: dict[str, set[str]]) -> Iterable[Problem]:
    wanted = references(dossier)
    known: dict[str, set[str]] = {}
    for kind in KINDS:
        ids = sorted({ref.id for ref in wanted if ref.kind == kind})
        rows = select(db, KNOWN[kind], {"dossier": dossier.id, "ids": json.dumps(ids)})
        known[kind] = {row["id"] for row in rows}
    for ref in wanted:
        if ref.id not in known[ref.kind]:
            # Only now, for the suggestion, all ids of the database.
            rows = select(db, ALL[ref.kind], {"dossier": dossier.id})
            yield unknown_reference(ref, own[ref.kind] | {row["id"] for row in rows})


TAKEN = {
    kind: f"""
    SELECT id, dossier_id FROM {kind}s
    WHERE dossier_id <> :dossier AND id IN (SELECT value FROM json_each(:ids))
    """  # noqa: S608
    for kind in KINDS[:3]
}
# What this dossier defines now and others use.
NEEDED = {
    "source": """
    WITH own AS (SELECT id FROM sources WHERE dossier_id = :dossier)
    SELECT source_id AS id, dossier_id FROM assertions
    WHERE dossier_id <> :dossier AND source_id IN own
    UNION
    SELECT reported_by.source_id, dossier_id
    FROM reported_by JOIN assertions ON assertions.id = assertion_id
    WHERE dossier_id <> :dossier AND reported_by.source_id IN own
    UNION
    SELECT other_id, dossier_id FROM source_relations JOIN sources ON sources.id = source_id
    WHERE dossier_id <> :dossier AND other_id IN own
    UNION
    SELECT voice_id, substr(said_by, 9) FROM document_descriptions
    WHERE said_by NOT IN ('file', :said_by) AND voice_id IN own
    """,
    "claim": """
    WITH own AS (SELECT id FROM claims WHERE dossier_id = :dossier)
    SELECT claim_id AS id, dossier_id FROM assertions
    WHERE dossier_id <> :dossier AND claim_id IN own
    UNION
    SELECT other_id, dossier_id FROM claim_relations JOIN claims ON claims.id = claim_id
    WHERE dossier_id <> :dossier AND other_id IN own
    """,
    "assertion": """
    WITH own AS (SELECT id FROM assertions WHERE dossier_id = :dossier)
    SELECT derived_from_id AS id, dossier_id
    FROM derivations JOIN assertions ON assertions.id = assertion_id
    WHERE dossier_id <> :dossier AND derived_from_id IN own
    """,
    "document": """
    WITH own (id, slug) AS (
      SELECT documents.id, slug
      FROM document_descriptions AS said JOIN documents ON documents.id = document_id
      WHERE said_by = :said_by AND text IS NULL AND NOT EXISTS (
        SELECT 1 FROM document_descriptions AS other
        WHERE other.document_id = said.document_id AND other.said_by <> :said_by)
    )
    SELECT slug AS id, dossier_id FROM own JOIN assertions ON own.id IN (document_id, said_in_id)
    WHERE dossier_id <> :dossier
    UNION
    SELECT slug, dossier_id FROM own JOIN claims ON own.id = document_id
    WHERE dossier_id <> :dossier
    UNION
    SELECT slug, dossier_id
    FROM own JOIN source_grades ON own.id = document_id JOIN sources ON sources.id = source_id
    WHERE dossier_id <> :dossier
    """,
}
# Ids others define; what this dossier defined before does not count.
ALL = {
    "source": "SELECT id FROM sources WHERE dossier_id <> :dossier",
    "claim": "SELECT id FROM claims WHERE dossier_id <> :dossier",
    "assertion": "SELECT id FROM assertions WHERE dossier_id <> :dossier",
    "document": """
    SELECT slug AS id FROM documents
    WHERE text IS NOT NULL OR EXISTS (
      SELECT 1 FROM document_descriptions
      WHERE document_id = documents.id AND said_by <> 'dossier:' || :dossier)
    """,
}
KNOWN = {
    kind: f"SELECT id FROM ({sql}) WHERE id IN (SELECT value FROM json_each(:ids))"  # noqa: S608
    for kind, sql in ALL.items()
}
