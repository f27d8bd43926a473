"""Where in the loaded texts claims and assertions stand: anchors become spans."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from sqlite_utils import Database

from datasette_leaks.loaders.anchors import AnchorFinder, AnchorProblem
from datasette_leaks.loaders.dossier_checks import assertion_paths
from datasette_leaks.loaders.dossier_yaml import Path, field_path
from datasette_leaks.loaders.records import Anchor, Dossier, Problem

from .rows import Row, difference, select_for


@dataclass(frozen=True, slots=True)
class Places:
    """What resolving did: whether a row changed, and the problems by the dossier they are in."""

    changed: bool
    problems: tuple[tuple[str, Problem], ...]


def point(db: Database, dossier: str) -> bool:
    """Say which documents the anchors of a dossier point into; whether anything changed.

    An anchor without a document points into the dossier's article, or the claim's where the
    dossier has none.
    """
    changed = 0
    for sql in (POINT_CLAIMS, POINT_ASSERTIONS):
        changed += db.conn.execute(sql, {"dossier": dossier}).rowcount
    return changed > 0


def resolve(db: Database, *, documents: Iterable[int] = (), dossier: str | None = None) -> Places:
    """Look up every anchor that points into ``documents``, and every anchor of ``dossier``.

    Where the text is loaded the row gets its span, in code points; an anchor that matches nowhere
    or more than once is a problem, and its row has no span. An assertion without an anchor takes
    the place of its claim, unless it stands in another dossier: who denies a claim elsewhere does
    not say so where the article makes it.
    """
    ids = list(documents)
    changed = False
    problems = []
    finders: dict[int, AnchorFinder | None] = {}
    for table, sql in ANCHORS.items():
        rows = {row["id"]: row for row in select_for(db, sql, "document_id", ids)}
        if dossier is not None:
            rows.update((row["id"], row) for row in select_for(db, sql, "dossier_id", [dossier]))
            if table == "assertions":  # those of other dossiers may follow a claim's article
                own = [row["id"] for row in select_for(db, CLAIMS, "dossier_id", [dossier])]
                rows.update((row["id"], row) for row in select_for(db, sql, "claim_id", own))
        spans = []
        for row in rows.values():
            document = row["document_id"]
            if document not in finders:
                text = _text(db, "id", document)
                finders[document] = None if text is None else AnchorFinder(text)
            span: tuple[int, int] | tuple[None, None] = (None, None)
            finder = finders[document]
            at = anchor(row)
            if finder is not None and at is not None:
                found = finder.find(at)
                if isinstance(found, AnchorProblem):
                    problems.append((row["dossier_id"], _problem_of_row(db, table, row, found)))
                else:
                    span = found
            spans.append({"id": row["id"], "start": span[0], "end": span[1]})
        old = [{"id": r["id"], "start": r["start"], "end": r["end"]} for r in rows.values()]
        change = difference(table, ("id",), old, spans)
        change.write(db)
        changed |= bool(change)
    chosen = {"documents": json.dumps(ids), "dossier": dossier}
    changed |= db.conn.execute(INHERIT, chosen).rowcount > 0
    return Places(changed, tuple(problems))


def failing(db: Database, dossier: Dossier) -> list[Problem]:
    """The anchors of a dossier that fail in the loaded texts, by its record and not its rows.

    Its documents must be in the database. An anchor into a document that is not is passed over.
    """
    article = dossier.article.id if dossier.article else None
    anchors: list[tuple[int, Path, Anchor | None, str | None]]
    anchors = [(claim.line, ("claims", claim.id), claim.at, article) for claim in dossier.claims]
    for each, path in zip(dossier.assertions, assertion_paths(dossier), strict=True):
        anchors.append((each.line, path, each.at, article or _article_of(db, each.claim)))
    finders: dict[str | None, AnchorFinder | None] = {}
    problems = []
    for line, path, at, document in anchors:
        if at is None:
            continue
        slug = at.document or document
        if slug not in finders:
            text = _text(db, "slug", slug)
            finders[slug] = None if text is None else AnchorFinder(text)
        finder = finders[slug]
        found = finder.find(at) if finder else None
        if isinstance(found, AnchorProblem):
            problems.append(_problem(dossier.path, line, path, found))
    return problems


def anchor(row: Row) -> Anchor | None:
    """The anchor of a row of claims or assertions, None when it has none."""
    if row["anchor_start"] is None:
        return None
    return Anchor(
        start=row["anchor_start"],
        end=row["anchor_end"],
        prefix=row["anchor_prefix"],
        suffix=row["anchor_suffix"],
        document=row["anchor_document"],
    )


def anchor_columns(at: Anchor | None) -> Row:
    """The columns that hold an anchor; all NULL when there is none."""
    return {
        "anchor_start": at.start if at else None,
        "anchor_end": at.end if at else None,
        "anchor_prefix": at.prefix if at else None,
        "anchor_suffix": at.suffix if at else None,
        "anchor_document": at.document if at else None,
    }


def _text(db: Database, column: str, value: int | str | None) -> str | None:
    row = select_for(db, "SELECT text FROM documents", column, [] if value is None else [value])
    return row[0]["text"] if row else None


def _article_of(db: Database, claim: str) -> str | None:
    sql = """
    SELECT slug FROM claims JOIN documents ON documents.id = article_id WHERE claims.id = :claim
    """
    row = db.conn.execute(sql, {"claim": claim}).fetchone()
    return row[0] if row else None


def _problem_of_row(db: Database, table: str, row: Row, found: AnchorProblem) -> Problem:
    sql = "SELECT path FROM dossiers WHERE id = :id"
    file = db.conn.execute(sql, {"id": row["dossier_id"]}).fetchone()[0]
    path: Path = ("claims", row["id"])
    if table == "assertions":
        claim, number = db.conn.execute(NUMBER, {"id": row["id"]}).fetchone()
        path = (*(("claims", claim) if claim else ()), "assertions", number)
    return _problem(file, row["line"], path, found)


def _problem(file: str, line: int, path: Path, found: AnchorProblem) -> Problem:
    places = "; ".join(f"at {each.offset}: “{each.context}”" for each in found.candidates)
    return Problem(
        path=file,
        place=f"line {line}, {field_path((*path, 'at'))}",
        found=found.message + (f" ({places})" if places else ""),
        expected=found.expected,
        advice=found.advice,
    )


CLAIMS = "SELECT id FROM claims"
COLUMNS = """id, dossier_id, line, document_id, start, "end",
  anchor_start, anchor_end, anchor_prefix, anchor_suffix, anchor_document"""
ANCHORS = {
    "claims": f"SELECT {COLUMNS} FROM claims",  # noqa: S608
    # Those without an anchor follow their claim, below.
    "assertions": f"""
        SELECT * FROM (SELECT {COLUMNS}, claim_id FROM assertions WHERE anchor_start IS NOT NULL)
    """,  # noqa: S608
}
# An assertion's claim, where that is in the same dossier, and how many stand before it there.
NUMBER = """
WITH all_of_dossier (id, claim_id, position) AS (
  SELECT assertions.id, claims.id, assertions.position
  FROM assertions AS this
  JOIN assertions ON assertions.dossier_id = this.dossier_id
  LEFT JOIN claims ON claims.id = assertions.claim_id AND claims.dossier_id = this.dossier_id
  WHERE this.id = :id
)
SELECT this.claim_id, count(earlier.id)
FROM all_of_dossier AS this
LEFT JOIN all_of_dossier AS earlier
  ON earlier.claim_id IS this.claim_id AND earlier.position < this.position
WHERE this.id = :id
"""
POINT_CLAIMS = """
WITH aim (id, document_id) AS (
  SELECT id, CASE
    WHEN anchor_start IS NULL THEN NULL
    WHEN anchor_document IS NULL THEN article_id
    ELSE (SELECT documents.id FROM documents WHERE slug = anchor_document) END
  FROM claims WHERE dossier_id = :dossier
)
UPDATE claims SET document_id = aim.document_id, start = NULL, "end" = NULL
FROM aim WHERE aim.id = claims.id AND claims.document_id IS NOT aim.document_id
"""
POINT_ASSERTIONS = """
WITH aim (id, document_id) AS (
  SELECT assertions.id, CASE
    WHEN anchor_document IS NOT NULL
    THEN (SELECT documents.id FROM documents WHERE slug = anchor_document)
    ELSE coalesce(
      dossiers.article_id,
      (SELECT claims.article_id FROM claims WHERE claims.id = assertions.claim_id)) END
  FROM assertions JOIN dossiers ON dossiers.id = dossier_id
  WHERE anchor_start IS NOT NULL AND assertions.id IN (
    SELECT id FROM assertions WHERE dossier_id = :dossier
    UNION
    SELECT id FROM assertions
    WHERE claim_id IN (SELECT id FROM claims WHERE dossier_id = :dossier))
)
UPDATE assertions SET document_id = aim.document_id, start = NULL, "end" = NULL
FROM aim WHERE aim.id = assertions.id AND assertions.document_id IS NOT aim.document_id
"""
INHERIT = """
WITH place (id, document_id, start, "end") AS (
  SELECT assertions.id, own.document_id, own.start, own."end"
  FROM assertions
  LEFT JOIN claims AS own ON own.id = claim_id AND own.dossier_id = assertions.dossier_id
  WHERE assertions.anchor_start IS NULL AND assertions.id IN (
    SELECT id FROM assertions WHERE dossier_id = :dossier
    UNION
    SELECT id FROM assertions
    WHERE claim_id IN (SELECT id FROM claims WHERE dossier_id = :dossier)
    UNION
    SELECT id FROM assertions
    WHERE claim_id IN (
      SELECT id FROM claims WHERE document_id IN (SELECT value FROM json_each(:documents))))
)
UPDATE assertions
SET document_id = place.document_id, start = place.start, "end" = place."end"
FROM place
WHERE place.id = assertions.id
  AND (assertions.document_id, assertions.start, assertions."end")
    IS NOT (place.document_id, place.start, place."end")
"""
