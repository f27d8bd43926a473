"""Loading files: texts first, then the dossiers about them, each file in one transaction."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from importlib.metadata import version
from itertools import chain
from pathlib import Path

from sqlite_utils import Database

from datasette_leaks.loaders.records import Document, Dossier, Problem
from datasette_leaks.loaders.registry import Loader, MailLoader

from . import places
from .archives import BATCH, load_archives
from .catalogue import Catalogue
from .connection import file_name, writing
from .derived import restore_derived
from .documents import document_kinds, write_document
from .dossiers import write_dossier
from .files import Archive, Found, Names, find_files, sha256
from .items import FAULTY, UNFIT, Item, items_of
from .links import resolve_links
from .load_log import LastLoad, begin_load, end_load, is_settled, last_load
from .notes import find_notes, renamed_note
from .ordering import apart, arrange, arranged, circle_problem, other_file_problem, refuse_repeated
from .progress import Progress, Silent
from .report import FileReport, LoadReport, Note
from .rows import Row, select


@dataclass
class _Outcome:
    """What a file's items came to so far."""

    changed: bool = False
    loaded: int = 0
    duplicates: int = 0
    refused: int = 0
    dossiers: int = 0
    problems: list[Problem] = field(default_factory=list)


class _Nothing(Exception):
    """Undoes the transaction of a file that changed nothing."""


def load_paths(
    db: Database,
    paths: Iterable[Path],
    loaders: Sequence[Loader | MailLoader],
    progress: Progress | None = None,
    *,
    jobs: int = 1,
    scheduler: str | None = None,
    again: bool = False,
    batch: int = BATCH,
) -> LoadReport:
    """Load files and folders; what cannot be taken is reported and hinders nothing else.

    Archives of mail come after the texts, dossiers after both, and those that others refer to
    before these. A killed load has kept the files it had finished, and of an archive all but the
    last messages; run again, it goes on with the rest. A file that is as it was at its last load,
    by the same version and with nothing left to do, is not read again.

    ``jobs`` processes read archives (1: none but this one), or the Dask cluster of the
    ``scheduler`` at that address; a transaction holds ``batch`` messages. ``again``: an archive
    that has changed since it was stopped is begun again, not refused. Raises StoreError when the
    database cannot be written, or the cluster not be used.
    """
    files = find_files(paths, loaders)
    progress = progress or Silent()
    progress.begin(sum(file.size for file in files.found))
    with writing(db):
        restore_derived(db)
    load = _Load(db, files.found)
    reports: dict[int, FileReport] = {}
    waiting: dict[int, list[Item]] = {}
    archives = {n: file for n, file in enumerate(files.found) if isinstance(file, Archive)}
    texts = {n: file for n, file in enumerate(files.found) if isinstance(file, Found)}
    for number, file in load.texts_first(texts):
        result = load.texts_of(file)
        if isinstance(result, FileReport):
            reports[number] = result
            progress.advance(file.size, str(file.path))
        else:
            waiting[number] = result
    reports |= load.archives(archives, progress, jobs, scheduler, again, batch)
    for number, items in load.in_order(waiting):
        file = texts[number]
        reports[number] = load.write(file, items)
        progress.advance(file.size, str(file.path))
    load.links()
    progress.end()
    done = [load.with_kinds(reports[number]) for number in sorted(reports)]
    refused = [
        FileReport(problem.path, None, refused=1, problems=(problem,)) for problem in files.problems
    ]
    return LoadReport((*done, *refused), files.unsupported, (*load.notes, *find_notes(db)))


class _Load:
    """One run over a database: the catalogue of its documents, and the dossiers met so far."""

    def __init__(self, db: Database, files: Iterable[Found | Archive]) -> None:
        self.db = db
        self.catalogue = Catalogue(db)
        name = file_name(db)
        self.names = Names(None if name == ":memory:" else Path(name).parent)
        self.named = {self.names.recorded(file.path): str(file.path) for file in files}
        self.known_dossiers = self._known_dossiers()
        self.dossiers: dict[str, str] = {}  # those met so far, id: path
        self.digests: dict[Path, str] = {}
        self.given: Counter[Path] = Counter()  # items the loaders gave, by file
        self.notes: list[Note] = []
        self.loads: dict[str, int] = {}  # rows of loads that were written, by path as named
        self.version = version("datasette-leaks")

    def texts_first(self, files: dict[int, Found]) -> list[tuple[int, Found]]:
        """The files with their numbers; those known to hold dossiers last.

        Whether there is anything to do about a dossier depends on the texts.
        """
        return sorted(
            files.items(),
            key=lambda each: self.names.recorded(each[1].path) in self.known_dossiers,
        )

    def texts_of(self, file: Found) -> FileReport | list[Item]:
        """Load a file of texts; give back the items of a file of dossiers, for later."""
        recorded = self.names.recorded(file.path)
        try:
            digest = self.digests[file.path] = sha256(file.path)
            last = last_load(self.db, recorded)
            if (
                last
                and last.is_of(file.loader.name, self.version, digest)
                and is_settled(self.db, last, recorded)
            ):
                self._note_dossiers(recorded, str(file.path))
                return FileReport(str(file.path), last.loader, last.loaded, unchanged=True)
            items = self._items(file)
            head: list[Item] = []
            for item in items:
                head.append(item)
                if not isinstance(item, Problem):
                    break
            if head and isinstance(head[-1], Dossier):
                return [*head, *items]
            return self.write(file, chain(head, items))
        except OSError as error:
            return FileReport(
                str(file.path),
                file.loader.name,
                refused=1,
                problems=(
                    Problem(str(file.path), "", f"cannot be read: {error.strerror or error}"),
                ),
            )

    def archives(
        self,
        files: dict[int, Archive],
        progress: Progress,
        jobs: int,
        scheduler: str | None,
        again: bool,
        batch: int,
    ) -> dict[int, FileReport]:
        """Load archives of mail, and finish those that an earlier run had read."""
        loaded = load_archives(
            self.db,
            [(file, self.names.recorded(file.path)) for file in files.values()],
            self.version,
            jobs=jobs,
            scheduler=scheduler,
            again=again,
            batch=batch,
            progress=progress,
            shown=self._shown,
        )
        self.catalogue.refresh(self.db, loaded.documents)
        self.catalogue.saved()
        self.loads |= {each.path: each.load for each in loaded.reports if each.load is not None}
        return dict(zip(files, loaded.reports, strict=True))

    def _items(self, file: Found) -> Iterator[Item]:
        for item in items_of(file):
            self.given[file.path] += 1
            yield item

    def in_order(self, waiting: dict[int, list[Item]]) -> Iterator[tuple[int, list[Item]]]:
        """The files of dossiers in the order to load them in; what cannot be is a Problem."""
        numbers = list(waiting)
        for number in numbers:
            others, dossiers = apart(waiting[number])
            checked = refuse_repeated(dossiers, self.dossiers)
            others += [item for item in checked if isinstance(item, Problem)]
            kept = [item for item in checked if isinstance(item, Dossier)]
            waiting[number] = others + arranged(kept)
        groups = [apart(waiting[number])[1] for number in numbers]
        order, circles = arrange(groups)
        for circle in circles:
            members = [dossier for position in circle for dossier in groups[position]]
            for position in circle:
                number = numbers[position]
                others, dossiers = apart(waiting[number])
                yield number, others + [circle_problem(each, members) for each in dossiers]
        for position in order:
            yield numbers[position], waiting[numbers[position]]

    def write(self, file: Found, items: Iterable[Item]) -> FileReport:
        """Write all items of a file, and the record of its load, in one transaction."""
        path = str(file.path)
        recorded = self.names.recorded(file.path)
        outcome = _Outcome()
        unchanged = False
        try:
            with self._writing():
                last = last_load(self.db, recorded)
                digest = self.digests[file.path]
                load_id = begin_load(self.db, recorded, file.loader.name, self.version, digest)
                self._write_items(file, recorded, load_id, items, outcome)
                outcome.problems.sort(key=partial(_order, path))
                this = LastLoad(
                    id=load_id,
                    items=self.given[file.path],
                    loader=file.loader.name,
                    version=self.version,
                    sha256=digest,
                    loaded=outcome.loaded,
                    duplicates=outcome.duplicates,
                    refused=outcome.refused,
                    problems=tuple(_log(problem, path) for problem in outcome.problems),
                )
                this.balance(path)
                if not outcome.changed and last and this == replace(last, id=load_id):
                    raise _Nothing
                end_load(self.db, this)
        except _Nothing:
            unchanged = True
            self.catalogue.rolled_back(self.db)
        else:
            self.catalogue.saved()
            self.loads[path] = load_id
        return FileReport(
            path,
            file.loader.name,
            outcome.loaded,
            outcome.duplicates,
            outcome.refused,
            tuple(outcome.problems),
            (("dossier", outcome.dossiers),) if outcome.dossiers and not unchanged else (),
            unchanged,
        )

    def with_kinds(self, report: FileReport) -> FileReport:
        """The report with the kinds of what was loaded, now that the dossiers have had their say.

        A text is what its dossier says it is, and that comes after the text.
        """
        texts = document_kinds(self.db, self.loads.get(report.path))
        return replace(report, kinds=tuple(sorted((*report.kinds, *texts))))

    def links(self) -> None:
        """Resolve all links again, now that the documents are there."""
        with self._writing():
            resolve_links(self.db, self.catalogue)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """A transaction that knows what other programs have written until it got its lock."""
        with writing(self.db):
            if self.catalogue.catch_up(self.db):
                self.known_dossiers = self._known_dossiers()
            yield

    def _known_dossiers(self) -> set[str]:
        """The recorded paths of this load that are known to hold dossiers."""
        known = {row["path"] for row in select(self.db, "SELECT path FROM dossiers")}
        return known & set(self.named)

    def _write_items(
        self, file: Found, recorded: str, load_id: int, items: Iterable[Item], outcome: _Outcome
    ) -> None:
        dossiers = []
        for item in items:
            if isinstance(item, Problem):
                outcome.refused += 1
                outcome.problems.append(item)
            elif isinstance(item, Dossier):
                dossiers.append(item)
            else:
                self._write_item(file, recorded, load_id, item, outcome)
        for dossier in dossiers:
            self._write_item(file, recorded, load_id, dossier, outcome)

    def _write_item(
        self, file: Found, recorded: str, load_id: int, item: Document | Dossier, outcome: _Outcome
    ) -> None:
        path = str(file.path)
        try:
            with self.db.atomic():
                if isinstance(item, Dossier):
                    self._write_dossier(file, replace(item, path=recorded), outcome)
                else:
                    named = recorded + item.file.path.removeprefix(path)
                    record = replace(item, file=replace(item.file, path=named))
                    self._write_document(record, load_id, outcome)
        except UNFIT as error:
            self.catalogue.rolled_back(self.db)
            outcome.refused += 1
            outcome.problems.append(
                Problem(path, "", f"an item does not fit the database: {error}", advice=FAULTY)
            )

    def _write_document(self, document: Document, load_id: int, outcome: _Outcome) -> None:
        written = write_document(self.db, self.catalogue, document, load_id)
        outcome.changed |= written.changed
        if written.duplicate:
            outcome.duplicates += 1
            return
        if written.new:
            self.notes += self._renamed(document, written.id)
        placed = places.resolve(self.db, documents=[written.id])
        outcome.loaded += 1
        outcome.changed |= placed.changed
        # A dossier that is loaded after this text tells of its anchors itself.
        outcome.problems += [
            self._shown(problem)
            for _, problem in placed.problems
            if problem.path not in self.known_dossiers
        ]

    def _renamed(self, document: Document, id: int) -> Iterator[Note]:
        sql = "SELECT loads.path FROM loads JOIN documents ON load_id = loads.id WHERE slug = :slug"
        for twin in self.catalogue.twins(id):
            for row in select(self.db, sql, {"slug": twin.slug}):
                old = self.names.shown(row["path"])
                if not os.path.exists(old):
                    yield renamed_note(self._name(document.file.path), old, twin.slug)

    def _write_dossier(self, file: Found, dossier: Dossier, outcome: _Outcome) -> None:
        other = self._other_file(file, dossier)
        if other and other["sha256"] == dossier.sha256:
            outcome.duplicates += 1
            return
        if other:
            outcome.refused += 1
            outcome.problems.append(other_file_problem(dossier, str(file.path), other["path"]))
            return
        written = write_dossier(self.db, self.catalogue, dossier)
        outcome.changed |= written.changed
        if not written.problems:
            outcome.loaded += 1
            outcome.dossiers += 1
        else:
            outcome.refused += 1
        found = (*written.problems, *written.elsewhere)
        outcome.problems += [self._shown(problem) for problem in found]

    def _other_file(self, file: Found, dossier: Dossier) -> Row | None:
        """The file that the dossier was loaded from, and its hash, when it still holds it."""
        sql = "SELECT path, sha256 FROM dossiers WHERE id = :id AND path <> :path"
        for row in select(self.db, sql, {"id": dossier.id, "path": dossier.path}):
            path = Path(self.names.shown(row["path"]))
            if path.is_file():
                items = items_of(replace(file, path=path))
                # A file that cannot be read as it is may be one that somebody is working on.
                if any(not isinstance(each, Dossier) or each.id == dossier.id for each in items):
                    return {**row, "path": str(path)}
        return None

    def _note_dossiers(self, recorded: str, path: str) -> None:
        sql = "SELECT id FROM dossiers WHERE path = :path"
        for (id,) in self.db.conn.execute(sql, {"path": recorded}):
            self.dossiers.setdefault(id, path)

    def _shown(self, problem: Problem) -> Problem:
        return replace(problem, path=self._name(problem.path))

    def _name(self, recorded: str) -> str:
        return self.named.get(recorded) or self.names.shown(recorded)


def _order(path: str, problem: Problem) -> tuple[bool, str, bool, int]:
    """The problems of the file itself first, by line; those without a line after the others."""
    line = problem.line
    return problem.path != path, problem.path, line is None, line or 0


def _log(problem: Problem, path: str) -> tuple[str, str, str, str]:
    """A problem as load_problems records it; another file's name goes into the place."""
    place = problem.place
    if problem.path != path:
        place = f"{problem.path}, {place}" if place else problem.path
    return place, problem.found, problem.expected, problem.advice
