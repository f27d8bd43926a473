"""Documents: a text becomes rows; matching it with what dossiers have said about it."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from sqlite_utils import Database

from datasette_leaks.loaders.records import Document, Emphasis, Link, Page, Passage

from .catalogue import Catalogue
from .descriptions import description_row, merge, write_description
from .keys import url_key
from .mails import describe_mail, move_mail
from .rows import Row, difference, select


@dataclass(frozen=True, slots=True)
class DocumentWritten:
    """What became of a text.

    ``duplicate``: another file with the same bytes is loaded. ``changed``: a row was written.
    ``new``: nothing in the database was this text, its file or a document cited for it.
    """

    id: int
    duplicate: bool
    changed: bool
    new: bool = False


def write_document(
    db: Database, catalogue: Catalogue, document: Document, load_id: int
) -> DocumentWritten:
    """Write a loaded text inside the caller's transaction.

    It is, in this order: a duplicate of a document with the same bytes; the text of a document
    only cited so far, with the same slug, URL or title; the new state of a changed file; or new.
    Raises ValueError when the document's spans are not inside its text, or the text cannot be
    stored.
    """
    fault = find_fault(document)
    if fault:
        raise ValueError(fault)
    file, said = document.file, document.description
    same = catalogue.sha256(file.sha256)
    if same is not None and catalogue[same].path != file.path:
        return DocumentWritten(same, duplicate=True, changed=False)
    id, changed = same, False
    if id is None:
        before = _earlier_state(catalogue, file.path, load_id)
        id = before
        if before is None or not (catalogue[before].dossiers or is_referenced(db, before)):
            id = catalogue.cited(document.slug, said) or before
        if before is not None and before != id:
            delete_document(db, before)
            catalogue.refresh(db, [before])
    new = id is None
    if id is None:
        id = insert_document(db, catalogue.free_slug(document.slug))
        changed = True
    changed |= write_description(db, description_row(id, "file", 0, said))
    changed |= _write_text(db, id, document, load_id)
    changed |= merge(db, [id])
    catalogue.refresh(db, [id])
    changed |= _write_spans(db, catalogue, id, document)
    return DocumentWritten(id, duplicate=False, changed=changed, new=new)


def find_fault(document: Document) -> str | None:
    """Why the document cannot be stored, or None: a span outside its text, or a broken text."""
    length = len(document.text)
    spans: list[Passage | Link | Emphasis | Page]
    spans = [*document.passages, *document.links, *document.emphases, *document.pages]
    for span in spans:
        if not 0 <= span.start <= span.end <= length:
            return f"{span} is outside the text of {length} characters"
        if span.start == span.end and isinstance(span, Link):
            return f"{span} is empty"
    try:
        document.text.encode("utf-8")
    except UnicodeEncodeError as error:
        return f"the text has half a surrogate pair at character {error.start}"
    return None


def document_kinds(db: Database, load_id: int | None) -> list[tuple[str, int]]:
    """How many documents of which kind came with this load, as files and dossiers see them now."""
    sql = "SELECT kind, count(*) FROM documents WHERE load_id = :id GROUP BY kind"
    return [(kind, number) for kind, number in db.conn.execute(sql, {"id": load_id})]


def insert_document(db: Database, slug: str) -> int:
    """A new document of which nothing is known yet; gives its id."""
    sql = "INSERT INTO documents (slug, title, kind) VALUES (:slug, :slug, 'other')"
    return int(db.conn.execute(sql, {"slug": slug}).lastrowid or 0)


def replace_document(db: Database, cited: int, text: int, slug: str) -> None:
    """Let a loaded text take the slug and the descriptions of a document only cited so far."""
    describe_mail(db, text)
    for sql in (
        "UPDATE document_descriptions SET document_id = :text WHERE document_id = :cited",
        "DELETE FROM documents WHERE id = :cited",
        "UPDATE documents SET slug = :slug WHERE id = :text",
    ):
        db.conn.execute(sql, {"cited": cited, "text": text, "slug": slug})


def delete_document(db: Database, id: int) -> None:
    """Delete a document nothing hand-entered refers to, with the derived rows that do."""
    for sql in (
        "DELETE FROM claims_by_source WHERE said_in_id = :id OR article_id = :id",
        "DELETE FROM claims_by_status WHERE article_id = :id",
        "DELETE FROM documents WHERE id = :id",
    ):
        db.conn.execute(sql, {"id": id})


def move_text(db: Database, source: int, target: int) -> None:
    """Give ``target``, only cited so far, the text of ``source``, and delete that."""
    describe_mail(db, source)
    move_mail(db, source, target)
    for sql in (
        "UPDATE passages SET document_id = :target WHERE document_id = :source",
        "UPDATE links SET document_id = :target WHERE document_id = :source",
        "UPDATE emphases SET document_id = :target WHERE document_id = :source",
        "UPDATE document_pages SET document_id = :target WHERE document_id = :source",
        "UPDATE links SET target_id = :target WHERE target_id = :source",
        """UPDATE document_descriptions SET document_id = :target
           WHERE document_id = :source AND said_by = 'file'""",
        """UPDATE documents
           SET (text, path, media_type, encoding, size, sha256, load_id) =
             (SELECT text, path, media_type, encoding, size, sha256, load_id
              FROM documents WHERE id = :source)
           WHERE id = :target""",
    ):
        db.conn.execute(sql, {"source": source, "target": target})
    delete_document(db, source)


def is_referenced(db: Database, id: int, except_dossier: str | None = None) -> bool:
    """Whether a dossier (other than the one given) points at the document without describing it."""
    row = db.conn.execute(REFERENCES, {"id": id, "dossier": except_dossier}).fetchone()
    return bool(row[0])


REFERENCES = """
SELECT
  EXISTS (SELECT 1 FROM dossiers WHERE article_id = :id AND id IS NOT :dossier)
  OR EXISTS (SELECT 1 FROM claims
             WHERE (article_id = :id OR document_id = :id) AND dossier_id IS NOT :dossier)
  OR EXISTS (SELECT 1 FROM assertions
             WHERE (document_id = :id OR said_in_id = :id) AND dossier_id IS NOT :dossier)
  OR EXISTS (SELECT 1 FROM source_grades JOIN sources ON sources.id = source_id
             WHERE document_id = :id AND dossier_id IS NOT :dossier)
"""


def _earlier_state(catalogue: Catalogue, path: str, load_id: int) -> int | None:
    """The document an earlier load made of this file, when that was the only one."""
    found = [catalogue[id] for id in catalogue.path(path)]
    if len(found) == 1 and found[0].load_id != load_id:
        return found[0].id
    return None


def _write_text(db: Database, id: int, document: Document, load_id: int) -> bool:
    row: Row = {"id": id, "text": document.text, **asdict(document.file)}
    existing = select(
        db,
        """
        SELECT id, text, path, size, sha256, media_type, encoding FROM documents WHERE id = :id
        """,
        {"id": id},
    )
    change = difference("documents", ("id",), existing, [row])
    change.write(db)
    db.conn.execute(
        "UPDATE documents SET load_id = :load_id WHERE id = :id", {"id": id, "load_id": load_id}
    )
    return bool(change)


def _write_spans(db: Database, catalogue: Catalogue, id: int, document: Document) -> bool:
    passages = [
        {"document_id": id, "position": n, **asdict(p), "continues": int(p.continues)}
        for n, p in enumerate(document.passages)
    ]
    links = [
        {
            "document_id": id,
            "position": n,
            **asdict(link),
            "text": document.text[link.start : link.end],
            **resolution(catalogue, link.url),
        }
        for n, link in enumerate(document.links)
    ]
    emphases = [{"document_id": id, **asdict(each)} for each in dict.fromkeys(document.emphases)]
    pages = [{"document_id": id, **asdict(page)} for page in document.pages]
    changes = [
        difference(
            "passages", ("document_id", "position"), select(db, PASSAGES, {"id": id}), passages
        ),
        difference("links", ("document_id", "position"), select(db, LINKS, {"id": id}), links),
        difference(
            "document_pages", ("document_id", "number"), select(db, PAGES, {"id": id}), pages
        ),
    ]
    old = select(db, EMPHASES, {"id": id})
    key = ("document_id", "start", "end", "kind")
    changes.append(difference("emphases", key, old, emphases))
    for change in changes:
        change.delete(db)
        change.write(db)
    return any(changes)


def resolution(catalogue: Catalogue, url: str) -> Row:
    """Where a link leads: to a document, out of the database, or nowhere."""
    target = catalogue.target(url)
    if target is not None:
        return {"resolution": "resolved", "target_id": target}
    return {"resolution": "external" if url_key(url) else "unresolved", "target_id": None}


PASSAGES = """
SELECT document_id, position, kind, start, "end", level, role, continues
FROM passages WHERE document_id = :id ORDER BY position
"""
LINKS = """
SELECT document_id, position, start, "end", url, role, text, resolution, target_id
FROM links WHERE document_id = :id ORDER BY position
"""
PAGES = """
SELECT document_id, number, start, "end" FROM document_pages WHERE document_id = :id
"""
EMPHASES = """
SELECT document_id, start, "end", kind FROM emphases WHERE document_id = :id
"""
