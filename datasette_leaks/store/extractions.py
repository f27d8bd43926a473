"""Runs of engines over loaded texts, kept so that engines compare in SQL."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlite_utils import Database

from datasette_leaks.loaders.records import Document

from .connection import StoreError, writing
from .rows import Row


@dataclass(frozen=True, slots=True)
class Run:
    """One run of an engine: its ``options`` by name, ``ran_at`` in UTC, rows ``dropped``."""

    engine: str
    version: str
    options: Mapping[str, str]
    ran_at: str
    dropped: int


def find_document(db: Database, document: Document, path: str) -> int:
    """The key of the loaded document with this very text: by its file's hash, or by its slug.

    Raises StoreError where it is not loaded, or with another text.
    """
    sql = "SELECT id, text FROM documents WHERE sha256 = :sha256 OR slug = :slug"
    found = db.conn.execute(sql, {"sha256": document.file.sha256, "slug": document.slug}).fetchall()
    for id_, text in found:
        if text == document.text:
            return int(id_)
    how = "is loaded with another text" if any(text for _, text in found) else "is not loaded"
    raise StoreError(f"{path}: {how}. Load it first with `datasette leaks load`")


def record(db: Database, document_id: int, run: Run, rows: Sequence[Row]) -> None:
    """Write a run over a document's text, with its attributions, in one transaction.

    An earlier run of the same engine, version and options goes. The rows have the columns of
    ``attributions`` but for id, extraction_id and position, which is their order.
    """
    key = {
        "document_id": document_id,
        "engine": run.engine,
        "version": run.version,
        "options": json.dumps(dict(sorted(run.options.items())), ensure_ascii=False),
    }
    with writing(db):
        text = db.conn.execute(TEXT, key).fetchone()[0]
        sha256 = hashlib.sha256(text.encode("utf-8")).hexdigest()
        db.conn.execute(SAME, key)
        wanted = {**key, "text_sha256": sha256, "ran_at": run.ran_at, "dropped": run.dropped}
        id_ = db.conn.execute(RUN, wanted).lastrowid
        numbered = [{**row, "extraction_id": id_, "position": n} for n, row in enumerate(rows)]
        db.conn.executemany(ATTRIBUTION, numbered)


TEXT = "SELECT text FROM documents WHERE id = :document_id"
SAME = """
DELETE FROM extractions
WHERE document_id = :document_id AND engine = :engine AND version = :version
  AND options = :options
"""
RUN = """
INSERT INTO extractions
  (document_id, engine, version, options, text_sha256, ran_at, dropped)
VALUES (:document_id, :engine, :version, :options, :text_sha256, :ran_at, :dropped)
"""
ATTRIBUTION = """
INSERT INTO attributions
  (extraction_id, position, start, "end", kind, speaker, speaker_start, speaker_end, source,
   source_type, cue, cue_start, cue_end, hedges, rule, confidence, link)
VALUES
  (:extraction_id, :position, :start, :end, :kind, :speaker, :speaker_start, :speaker_end, :source,
   :source_type, :cue, :cue_start, :cue_end, :hedges, :rule, :confidence, :link)
"""
