"""A small invented case for tests of the store: files, loaders and what a database says."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from datasette_leaks.loaders.records import Description, Document, Link, Passage, SourceFile
from datasette_leaks.plugins import all_loaders
from datasette_leaks.store.connection import open_database
from datasette_leaks.store.loading import load_paths
from datasette_leaks.store.report import LoadReport

ARTICLE = """---
title: The Quay letters
author: Ada Quill
---

HB2 wrote that they paid three inspectors to look away, a letter [says](https://q.example/l/17).

The firm denies it all, see [here](#).
"""
DOSSIER = """
dossier: quay
title: The letters
article:
  id: quay-article
  title: The Quay letters
  voice: post
documents:
  - {id: letter, title: Seventeenth letter, kind: email, url: "http://q.example/l/17/", voice: hb2}
sources:
  - {id: hb2, name: HB2, kind: coded_source, aliases: [the manager]}
  - {id: post, name: The Post, kind: outlet}
claims:
  - id: paid
    text: The firm paid inspectors.
    at: {start: they paid, end: look away}
    assertions:
      - {source: hb2, stance: asserts, cue: wrote, said_in: letter, reported_by: [post]}
      - source: post
        stance: echoes
        at: {start: HB2 wrote}
        derives_from: [paid--hb2]
  - {id: corrupt, text: The firm was corrupt., kind: opinion}
"""
REPLY = """
dossier: reply
title: What the firm says
documents:
  - {id: filing, title: The filing, kind: court_filing}
sources:
  - {id: firm, name: The firm, kind: organisation, relations: [{dependent_on: post}]}
assertions:
  - {claim: paid, source: firm, stance: denies, said_in: filing}
"""
LETTER = "Seventeenth letter\n\nWe saw to it that they looked away.\n"


def write(folder: Path, **files: str) -> dict[str, Path]:
    """Write files; ``quay__yaml`` is quay.yaml. Gives the paths by the same names."""
    paths = {}
    for name, text in files.items():
        paths[name] = folder / name.replace("__", ".")
        paths[name].write_text(text, encoding="utf-8")
    return paths


def new(folder: Path) -> Database:
    """A new database in a folder."""
    return open_database(folder / "leaks.db", create=True)


def load(db: Database, *paths: Path) -> LoadReport:
    """Load with the built-in loaders."""
    return load_paths(db, paths, all_loaders())


def document(text: str, slug: str = "a", path: str = "a.md", **said: str) -> Document:
    """A text as a loader would give it: one passage, and a link over its first letter."""
    digest = hashlib.sha256(text.encode()).hexdigest()
    return Document(
        slug=slug,
        description=Description(**said),
        text=text,
        file=SourceFile(path, len(text.encode()), digest, "text/markdown", "utf-8"),
        passages=(Passage("paragraph", 0, len(text)),),
        links=(Link(0, 1, "https://q.example/l/17", "citation"),),
    )


# What an order of loading may decide: keys, search keys, and the record of the loads.
KEYS = {"id", "number", "load_id", "claim_number", "rowid"}
REFERENCES = {"document_id", "article_id", "target_id", "said_in_id"}
TEXT_IDS = ("sources", "claims", "assertions", "dossiers", "claims_by_status")
TABLES = (
    "documents", "document_descriptions", "passages", "links", "emphases", "document_pages",
    "dossiers", "sources", "source_names", "source_grades", "source_relations", "claims",
    "claim_relations", "assertions", "reported_by", "derivations",
)  # fmt: skip


def content(db: Database, tables: Sequence[str] = TABLES) -> dict[str, list[Any]]:
    """What the database says, without what only counts its rows: documents by their slugs."""
    slugs = {None: None, **dict(db.conn.execute("SELECT id, slug FROM documents").fetchall())}
    found: dict[str, list[Any]] = {}
    for table in tables:
        rows = []
        for row in db[table].rows:
            for name in REFERENCES & set(row):
                row[name] = slugs[row[name]]
            dropped = KEYS - ({"id"} if table in TEXT_IDS else set())
            rows.append({name: value for name, value in row.items() if name not in dropped})
        found[table] = sorted(rows, key=lambda row: json.dumps(row, sort_keys=True))
    return found


def everything(db: Database) -> list[str]:
    """Every row of the database, loads included, as SQL."""
    return list(db.conn.iterdump())
