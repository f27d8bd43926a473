"""What is worth knowing about a database and is no mistake: articles whose text is not there."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher
from pathlib import Path

from sqlite_utils import Database

from .connection import file_name
from .files import Names
from .keys import title_key
from .report import Note
from .rows import Row, select

NEAR = 0.6  # of difflib: what it takes for a close match when not told otherwise
LONGEST = 200  # code points of a title; comparing takes their square
LATEST = 500  # texts that are compared, the last ones loaded


def find_notes(db: Database) -> list[Note]:
    """One note for each dossier whose article's text is not loaded, with the nearest text if any.

    That is a supported use, but it is also what a misspelt title comes to. Only reads.
    """
    waiting = select(db, WAITING)
    texts = select(db, FREE_TEXTS, {"latest": LATEST}) if waiting else []
    name = file_name(db)
    names = Names(None if name == ":memory:" else Path(name).parent)
    return [Note(row["id"], _text(row["title"], texts, names)) for row in waiting]


def renamed_note(path: str, old: str, slug: str) -> Note:
    """What to tell about a new text that looks like one loaded from a file that is gone."""
    return Note(
        None,
        f"has the title or the url of {slug}, loaded from {old}, which is gone. If this is that "
        "text, renamed and edited, both are now in the database: load all files into a new one",
        path,
    )


def _text(title: str, texts: Iterable[Row], names: Names) -> str:
    said = f"the text of its article, {_quoted(title)}, is not loaded"
    key = title_key(title)[:LONGEST]
    ratios = [(_likeness(key, text["title"]), text) for text in texts]
    near = [each for each in ratios if each[0] >= NEAR or each[1]["kind"] == "article"]
    if not near:
        return said
    ratio, text = max(near, key=lambda each: each[0])
    advice = "Make the titles equal, or give both the same url"
    if ratio == 1:  # equal already, so what keeps them apart is a third
        advice = "Other documents have this title too: give both the same url"
    return f"{said}. Nearest: {_quoted(text['title'])} ({names.shown(text['path'])}). {advice}"


def _likeness(key: str, title: str) -> float:
    return SequenceMatcher(None, key, title_key(title)[:LONGEST]).ratio()


def _quoted(title: str) -> str:
    line = " ".join(title.split())
    return f"“{line if len(line) <= LONGEST else line[: LONGEST - 1] + '…'}”"


WAITING = """
SELECT dossiers.id, documents.title
FROM dossiers JOIN documents ON documents.id = article_id
WHERE documents.text IS NULL
ORDER BY dossiers.id
"""
# Texts that no dossier has described. Mails have titles too, and nobody takes one for an article;
# there may be a million, so that the others are looked up by their kinds.
FREE_TEXTS = """
SELECT title, kind, path
FROM documents
WHERE text IS NOT NULL
  AND kind IN ('article', 'web_page', 'court_filing', 'report', 'other')
  AND NOT EXISTS (
  SELECT 1 FROM document_descriptions WHERE document_id = documents.id AND said_by <> 'file')
ORDER BY id DESC LIMIT :latest
"""
