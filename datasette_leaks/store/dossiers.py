"""Dossiers: a record becomes rows, all of it or nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlite_utils import Database

from datasette_leaks.loaders.dossier import references
from datasette_leaks.loaders.records import Dossier, Problem

from . import places
from .catalogue import Catalogue, Known
from .descriptions import description_row, merge, write_description
from .documents import (
    delete_document,
    insert_document,
    is_referenced,
    move_text,
    replace_document,
)
from .dossier_check import find_problems
from .dossier_rows import TABLES, rows_of
from .mails import cited_mail, describe_mail, said_of
from .rows import Change, Row, difference, select, select_for


@dataclass(frozen=True, slots=True)
class DossierWritten:
    """What became of a dossier.

    ``problems`` are its own: when there is any, nothing of it was written. ``elsewhere`` are
    anchors of other dossiers that fail in a text this one made known to them. ``changed`` says
    whether a row was written.
    """

    changed: bool
    problems: tuple[Problem, ...] = ()
    elsewhere: tuple[Problem, ...] = ()


class _Rejected(Exception):
    """Undoes a dossier that has a problem."""


def write_dossier(db: Database, catalogue: Catalogue, dossier: Dossier) -> DossierWritten:
    """Write a dossier inside the caller's transaction, replacing its earlier state.

    Rows that stay the same are not written again. An anchor into a loaded text must stand there
    exactly once; one into a document that is not loaded waits for it.
    """
    problems = tuple(find_problems(db, dossier))
    before = {row["id"] for row in select(db, HELD, _said_by(dossier))}
    touched = set(before)
    try:
        with db.atomic():
            db.conn.execute("PRAGMA defer_foreign_keys = ON")
            if problems:  # with its documents in place, its anchors can be looked up all the same
                _write_documents(db, catalogue, dossier, touched)
                problems += tuple(places.failing(db, dossier))
                raise _Rejected
            changed, found = _write(db, catalogue, dossier, before, touched)
            problems = tuple(problem for id, problem in found if id == dossier.id)
            if problems:
                raise _Rejected
    except _Rejected:
        catalogue.refresh(db, touched)
        return DossierWritten(False, problems)
    elsewhere = tuple(problem for id, problem in found if id != dossier.id)
    return DossierWritten(changed, elsewhere=elsewhere)


def _write(
    db: Database, catalogue: Catalogue, dossier: Dossier, before: set[int], touched: set[int]
) -> tuple[bool, tuple[tuple[str, Problem], ...]]:
    sources_before = {row["id"] for row in select(db, SOURCES, {"dossier": dossier.id})}
    changed, given_text = _write_documents(db, catalogue, dossier, touched)

    changes = _changes(db, catalogue, dossier)
    for change in changes:
        change.write(db)
    for change in reversed(changes):
        change.delete(db)
    changed |= any(changes)

    sources = sources_before ^ {source.id for source in dossier.sources}
    voiced = select_for(db, "SELECT document_id FROM document_descriptions", "voice_id", sources)
    changed |= merge(db, touched | {row["document_id"] for row in voiced})
    changed |= places.point(db, dossier.id)
    placed = places.resolve(db, documents=given_text, dossier=dossier.id)

    for id in before:  # only now: until they have their places, claims may point at these
        known = id in catalogue and catalogue[id]
        if known and not known.has_text and not _described(db, id) and not is_referenced(db, id):
            delete_document(db, id)
    catalogue.refresh(db, touched)
    return changed | placed.changed, placed.problems


def _write_documents(
    db: Database, catalogue: Catalogue, dossier: Dossier, touched: set[int]
) -> tuple[bool, set[int]]:
    """Find or make the documents the dossier cites; gives those that got a text as well."""
    cited = [(0, dossier.article)] if dossier.article else []
    cited += list(enumerate(dossier.documents, start=1))
    slugs = {document.id for _, document in cited}
    old = select(db, DESCRIBED, _said_by(dossier))
    gone = [row for row in old if row["slug"] not in slugs]
    Change("document_descriptions", ("document_id", "said_by"), gone=gone).delete(db)
    changed = bool(gone)
    ids, new = {}, set()
    for position, document in cited:
        id = catalogue.slug(document.id)
        if id is None:
            id = insert_document(db, document.id)
            new.add(id)
        describe_mail(db, id)
        ids[document.id] = id
        said_by = _said_by(dossier)["said_by"]
        row = description_row(id, said_by, position, document.description)
        changed |= write_description(db, row)
    touched |= set(ids.values())
    catalogue.refresh(db, touched)
    mentioned = {ref.id for ref in references(dossier) if ref.kind == "document"}

    def free(known: Known) -> bool:
        if known.dossiers or known.slug in mentioned:
            return False
        return not is_referenced(db, known.id, except_dossier=dossier.id)

    given_text = _give_texts(db, catalogue, ids, new, touched, free)
    return changed or bool(new or given_text), given_text


def _give_texts(
    db: Database,
    catalogue: Catalogue,
    ids: dict[str, int],
    new: set[int],
    touched: set[int],
    free: Callable[[Known], bool],
) -> set[int]:
    """Bring texts loaded before together with the cited documents they are the text of."""

    def find(kind: str, slug: str, id: int) -> int | None:
        if catalogue[id].has_text:
            return None
        if kind == "mail":
            return cited_mail(db, slug, said_of(db, id), lambda mail: free(catalogue.read(mail)))
        return catalogue.text_for(id, kind, free)

    given = set()
    for kind in ("mail", "url", "title"):  # the better evidence first
        for slug, id in list(ids.items()):
            text = find(kind, slug, id)
            if text is None:
                continue
            touched |= {id, text}
            if id in new:  # nobody knows its row yet, and the text's row has a permalink
                replace_document(db, id, text, slug)
                ids[slug] = text
            else:
                move_text(db, text, id)
            given.add(ids[slug])
            catalogue.refresh(db, [id, text])
    return given


def _changes(db: Database, catalogue: Catalogue, dossier: Dossier) -> list[Change]:
    def document_id(slug: str | None) -> int | None:
        return None if slug is None else catalogue.slug(slug)

    rows = rows_of(dossier, document_id)
    changes = []
    for table, key, sql in TABLES:
        existing = select(db, sql, {"dossier": dossier.id})
        if table in ("sources", "claims"):
            _number(db, table, existing, rows[table])
        changes.append(difference(table, key, existing, rows[table]))
    return changes


def _number(db: Database, table: str, existing: list[Row], wanted: list[Row]) -> None:
    """Keep the search index's key of each row, and give new rows the next free ones."""
    last = db.conn.execute(f"SELECT coalesce(max(number), 0) FROM {table}").fetchone()[0]  # noqa: S608
    numbers = {row["id"]: row["number"] for row in existing}
    for row in wanted:
        if row["id"] not in numbers:
            last += 1
            numbers[row["id"]] = last
        row["number"] = numbers[row["id"]]


def _said_by(dossier: Dossier) -> Row:
    return {"said_by": f"dossier:{dossier.id}"}


def _described(db: Database, id: int) -> bool:
    return bool(
        select_for(db, "SELECT document_id FROM document_descriptions", "document_id", [id])
    )


SOURCES = "SELECT id FROM sources WHERE dossier_id = :dossier"
DESCRIBED = """
SELECT document_id, said_by, slug
FROM document_descriptions JOIN documents ON documents.id = document_id
WHERE said_by = :said_by
"""
HELD = """
SELECT document_id AS id FROM document_descriptions WHERE said_by = :said_by
"""
