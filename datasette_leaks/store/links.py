"""Where the links of all documents lead, worked out again when documents have come or gone."""

from __future__ import annotations

from sqlite_utils import Database

from .catalogue import Catalogue
from .documents import resolution
from .rows import Row, difference, select


def link_resolutions(db: Database, catalogue: Catalogue) -> tuple[list[Row], list[Row]]:
    """All links as the database resolves them, and as they should be."""
    existing = select(db, "SELECT id, url, resolution, target_id FROM links")
    found = {url: resolution(catalogue, url) for url in {row["url"] for row in existing}}
    return existing, [{"id": row["id"], "url": row["url"], **found[row["url"]]} for row in existing]


def resolve_links(db: Database, catalogue: Catalogue) -> bool:
    """Resolve the links of all documents in one go; whether any of them changed."""
    change = difference("links", ("id",), *link_resolutions(db, catalogue))
    change.write(db)
    return bool(change)
