"""Which document is meant: the lookup a load keeps in memory, so that matching is not quadratic."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from datasette_leaks.loaders.records import Description

from .keys import title_key, url_key
from .rows import select, select_for


@dataclass(frozen=True, slots=True)
class Known:
    """A document of the database. URLs and titles are all that its file and the dossiers say."""

    id: int
    slug: str
    has_text: bool
    dossiers: frozenset[str]  # ids of those that describe it
    path: str | None
    sha256: str | None
    load_id: int | None
    urls: frozenset[str]
    titles: frozenset[str]


class Catalogue:
    """All documents that a file or a dossier describes, found by slug, hash, path, URL or title.

    Mails and texts of attachments are too many; one of them comes in when a dossier names its slug.
    """

    def __init__(self, db: Database) -> None:
        self._db = db
        self._known: dict[int, Known] = {}
        self._index: dict[tuple[str, str], set[int]] = defaultdict(set)
        self._touched: set[int] = set()
        self._version = _version(db)  # before reading, so that no later write goes unseen
        self._read(db, None)

    def catch_up(self, db: Database) -> bool:
        """Read everything again if another program has written; call it with the write lock."""
        version = _version(db)
        if version == self._version:
            return False
        self._version = version
        self._known.clear()
        self._index.clear()
        self._read(db, None)
        return True

    def __getitem__(self, id: int) -> Known:
        return self._known[id]

    def __contains__(self, id: int) -> bool:
        return id in self._known

    def read(self, id: int) -> Known:
        """A document of the database, also one that was not in the catalogue."""
        if id not in self._known:
            self._read(self._db, {id})
        return self._known[id]

    def refresh(self, db: Database, ids: Iterable[int]) -> None:
        """Read these documents again after they were written, or deleted."""
        ids = set(ids)
        self._touched |= ids
        self._read(db, ids)

    def saved(self) -> None:
        """The transaction is committed."""
        self._touched.clear()

    def rolled_back(self, db: Database) -> None:
        """The transaction is undone: read again what it had touched."""
        self._read(db, self._touched)
        self._touched.clear()

    def slug(self, slug: str) -> int | None:
        """The id of the document with this slug, a mail's too."""
        if not self._index["slug", slug]:
            sql = "SELECT id FROM documents WHERE slug = :slug"
            for (id,) in self._db.conn.execute(sql, {"slug": slug}).fetchall():
                self._read(self._db, {id})
        return next(iter(self._index["slug", slug]), None)

    def sha256(self, sha256: str) -> int | None:
        """The id of the loaded document with these bytes."""
        return min(self._index["sha256", sha256], default=None)

    def path(self, path: str) -> set[int]:
        """The ids of the documents loaded from this file."""
        return set(self._index["path", path])

    def target(self, url: str) -> int | None:
        """The document a link with this URL leads to: one with text before one without."""
        key = url_key(url)
        if key is None:
            return None
        found = [self._known[id] for id in self._index["url", key]]
        found.sort(key=lambda known: (not known.has_text, known.slug))
        return found[0].id if found else None

    def cited(self, slug: str, said: Description) -> int | None:
        """The one document without a text that has this slug, else this URL, else this title.

        Where two have the same URL or title, neither is meant.
        """
        keys = (("slug", slug), ("url", url_key(said.url)), ("title", title_key(said.title)))
        for kind, key in keys:
            found = [id for id in self._index[kind, key or ""] if not self._known[id].has_text]
            if len(found) == 1:
                return found[0]
        return None

    def text_for(self, id: int, kind: str, free: Callable[[Known], bool]) -> int | None:
        """The one free text with the URL or the title (``kind``) of a document without a text.

        The mirror image of ``cited``: None where another document without a text would fit too.
        """
        own = self._known[id]
        for key in own.urls if kind == "url" else own.titles:
            found = [self._known[other] for other in self._index[kind, key] if other != id]
            texts = [known.id for known in found if known.has_text and free(known)]
            if len(texts) == 1 and all(known.has_text for known in found):
                return texts[0]
        return None

    def twins(self, id: int) -> list[Known]:
        """The other texts with the URL or the title of this one, by slug."""
        own = self._known[id]
        keys = [("url", url) for url in own.urls] + [("title", title) for title in own.titles]
        found = {other for key in keys for other in self._index[key]} - {id}
        twins = [self._known[other] for other in found if self._known[other].has_text]
        return sorted(twins, key=lambda known: known.slug)

    def free_slug(self, slug: str) -> str:
        """The slug itself, or with the first number from 2 that makes it unique."""
        number, free = 1, slug
        while self.slug(free) is not None:
            number += 1
            free = f"{slug}-{number}"
        return free

    def _read(self, db: Database, ids: set[int] | None) -> None:
        for id in list(self._known) if ids is None else ids:
            known = self._known.pop(id, None)
            if known:
                for key in _keys(known):
                    self._index[key].discard(id)
        for row in _rows(db, ids):
            known = Known(**row)
            self._known[known.id] = known
            for key in _keys(known):
                self._index[key].add(known.id)


def _version(db: Database) -> int:
    """A number that changes when another connection has committed to the database."""
    return int(db.conn.execute("PRAGMA data_version").fetchone()[0])


def _keys(known: Known) -> Iterable[tuple[str, str]]:
    yield "slug", known.slug
    if known.sha256:
        yield "sha256", known.sha256
    if known.path:
        yield "path", known.path
    for url in known.urls:
        yield "url", url
    for title in known.titles:
        yield "title", title


def _rows(db: Database, ids: set[int] | None) -> Iterable[dict[str, Any]]:
    said = defaultdict(list)
    for row in select_for(db, DESCRIPTIONS, "document_id", ids):
        said[row.pop("document_id")].append(row)
    documents = select(db, DESCRIBED) if ids is None else select_for(db, DOCUMENTS, "id", ids)
    for row in documents:
        descriptions = said[row["id"]]
        yield {
            **row,
            "has_text": bool(row["has_text"]),
            "dossiers": frozenset(
                each["said_by"].removeprefix("dossier:")
                for each in descriptions
                if each["said_by"] != "file"
            ),
            "urls": frozenset(filter(None, (url_key(each["url"]) for each in descriptions))),
            "titles": frozenset(filter(None, (title_key(each["title"]) for each in descriptions))),
        }


DOCUMENTS = """
SELECT id, slug, text IS NOT NULL AS has_text, path, sha256, load_id
FROM documents
"""
DESCRIBED = f"""
{DOCUMENTS}
WHERE id IN (
  SELECT document_id FROM document_descriptions
  UNION ALL SELECT id FROM documents WHERE text IS NULL)
"""  # noqa: S608
DESCRIPTIONS = """
SELECT document_id, said_by, url, title
FROM document_descriptions
"""
