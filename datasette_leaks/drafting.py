"""Running an engine over articles, and scoring what it found: the work of `draft` and `score`."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from sqlite_utils import Database

from datasette_leaks.analysis.attribution import (
    Configurable,
    Engine,
    EngineError,
    Extraction,
)
from datasette_leaks.analysis.draft import Taken, as_yaml, draft
from datasette_leaks.analysis.draft_check import checked
from datasette_leaks.analysis.draft_lines import Line, read_lines
from datasette_leaks.analysis.score import Pair, Report, score
from datasette_leaks.loaders.records import Document, Dossier, Problem
from datasette_leaks.loaders.registry import Loader, MailLoader
from datasette_leaks.store.extractions import Run, find_document, record
from datasette_leaks.store.files import Found, find_files, shown
from datasette_leaks.store.load_log import now
from datasette_leaks.store.rows import Row


class DraftError(Exception):
    """Why nothing can be drafted or scored, and what to do."""


@dataclass(frozen=True, slots=True)
class Read:
    """An article with what an engine found in it. ``dropped``: rows that its text does not bear."""

    path: str
    document: Document
    extraction: Extraction
    dropped: int


def read_article(
    path: Path, loaders: Sequence[Loader | MailLoader]
) -> tuple[Document | None, list[Problem]]:
    """The one text in the file, and what its loader could not take of it."""
    name = shown(path)
    if path.is_dir():
        return None, [_no_article(name, "is a folder", "Name the files of articles in it")]
    files = find_files([path], loaders)
    if not files.found:
        return None, list(files.problems)
    found = files.found[0]
    if not isinstance(found, Found):
        return None, [_no_article(name, "is an archive of mail", "Load it with `load`")]
    documents: list[Document] = []
    problems: list[Problem] = []
    try:
        for item in found.loader.load(path):
            if isinstance(item, Problem):
                problems.append(item)
            elif isinstance(item, Dossier):
                return None, [_no_article(name, "is a dossier", "Name the article it is about")]
            else:
                documents.append(item)
    except OSError as error:
        return None, [Problem(name, "", f"cannot be read: {error.strerror or error}")]
    if len(documents) == 1:
        return documents[0], problems
    if documents or not problems:
        texts = f"holds {len(documents)} texts"
        problems.append(_no_article(name, texts, "Give each text a file of its own"))
    return None, problems


def _no_article(path: str, found: str, advice: str) -> Problem:
    return Problem(path, "", found, "a file with one article: Markdown, text, HTML or PDF", advice)


def choose_engine(name: str, engines: Mapping[str, Engine], options: Mapping[str, str]) -> Engine:
    """The engine with the name, with its options. Raises DraftError: none, or it cannot run."""
    engine = engines.get(name)
    if engine is None:
        raise DraftError(f"there is no engine {name}, but {_known(engines)}")
    if options:
        if not isinstance(engine, Configurable):
            raise DraftError(f"the engine {name} takes no options")
        try:
            engine = engine.configured(options)
        except ValueError as error:
            raise DraftError(f"the engine {name}: {error}") from error
    why = engine.available()
    if why is not None:
        raise DraftError(f"the engine {name} cannot run here: {why}")
    return engine


def _known(engines: Mapping[str, Engine]) -> str:
    told = []
    for name, engine in sorted(engines.items()):
        why = engine.available()
        told.append(name if why is None else f"{name} (which cannot run here: {why})")
    return ", ".join(told)


def read(path: Path, document: Document, engine: Engine) -> Read | Problem:
    """What the engine finds in the article, without the rows that its text does not bear."""
    try:
        found = engine.extract(document.text, document.passages, document.links)
    except EngineError as error:
        return Problem(shown(path), "", f"the engine {engine.name} could not read it: {error}")
    return Read(shown(path), document, *checked(document.text, found))


def as_dossier(found: Read, engine: Engine, taken: Taken, least: float) -> str:
    """The dossier as YAML, under a comment that says what it is."""
    drafted = draft(found.document, found.extraction, engine.name, taken, least)
    return as_yaml(drafted, found.path, engine.name, engine.version)


def keep(db: Database, found: Read, engine: Engine, options: Mapping[str, str]) -> None:
    """Record the run in a database that has the article. Raises StoreError where it has not."""
    run = Run(engine.name, engine.version, options, now(), found.dropped)
    record(db, find_document(db, found.document, found.path), run, table_rows(found.extraction))


def table_rows(extraction: Extraction) -> list[Row]:
    """The attributions as rows of the table ``attributions``, in text order."""
    types = {source.id: source.type for source in extraction.sources}
    rows = []
    for each in extraction.attributions:
        row: Row = asdict(each)
        del row["engine"]
        row["hedges"] = json.dumps(each.hedges, ensure_ascii=False)
        row["source_type"] = types.get(each.source or "")
        rows.append(row)
    return rows


# --- scoring -----------------------------------------------------------------------------------


def score_files(
    draft: Path, gold: Path, loaders: Sequence[Loader | MailLoader]
) -> tuple[Report | None, list[Problem], list[str]]:
    """The figures of a draft's lines against a gold set's, problems, and articles without gold.

    Both are JSON lines with the ``path`` of an article each, seen from the working directory or,
    where it is not there, from the folder of the lines' own file. There are no figures where there
    is any problem.
    """
    problems: list[Problem] = []
    rows: dict[str, tuple[list[Line], list[Line]]] = {}
    for which, file in enumerate((draft, gold)):
        try:
            text = file.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError:
            problems.append(Problem(shown(file), "", "is not UTF-8", "JSON lines in UTF-8"))
            continue
        for line in read_lines(shown(file), text):
            if isinstance(line, Problem):
                problems.append(line)
            else:
                rows.setdefault(_place(line.path, file.parent), ([], []))[which].append(line)
    pairs = []
    for path, (drafted, wanted) in rows.items():
        document, said = read_article(Path(path), loaders)
        if document is None:
            problems += said
            continue
        problems += _outside(document, path, [*drafted, *wanted])
        pairs.append(Pair(document.text, [x.row for x in drafted], [x.row for x in wanted]))
    without = [path for path, (_, wanted) in rows.items() if not wanted]
    return (None if problems else score(pairs)), problems, without


def _place(path: str, folder: Path) -> str:
    beside = folder / path
    return os.path.normpath(beside if not Path(path).exists() and beside.exists() else path)


def _outside(document: Document, path: str, lines: Sequence[Line]) -> list[Problem]:
    last = max((line.row.end for line in lines), default=0)
    if last <= len(document.text):
        return []
    return [
        Problem(
            path,
            "",
            f"a row ends at {last}, and the text has {len(document.text)} characters",
            "rows of this very text",
            "Draft it again: the file is not what it was",
        )
    ]
