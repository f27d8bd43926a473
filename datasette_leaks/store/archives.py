"""Loading archives of messages: many transactions, each with the record of how far the load is.

So a killed load goes on where it was, and ends as if nothing had happened.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from time import monotonic

from sqlite_utils import Database

from datasette_leaks.loaders.records import Problem

from .archive_finish import finish_archives, set_aside_indexes
from .archive_reading import ArchiveStopped, Read, Reader
from .archive_tables import ArchiveTables, Copy, drop_unseen, keep_unread
from .connection import BusyError, file_name, writing
from .files import Archive, listing_sha256, sha256
from .load_log import (
    Counts,
    LastLoad,
    add_problems,
    archive_file,
    begin_load,
    begin_progress,
    end_others,
    end_reading,
    forget_load,
    known_file,
    last_load,
    note_progress,
    unfinished,
)
from .progress import Progress
from .report import FileReport
from .rows import select
from .workers import collect_seldom

BATCH = 5_000  # messages a transaction
HOLD = 1.0  # seconds that a transaction keeps other programs waiting, give or take a chunk
SHOWN = 1_000  # problems of an archive that a report holds; the table has all
_CACHE = 64 * 1024  # KiB of the database that are kept in memory


@dataclass(frozen=True, slots=True)
class ArchivesLoaded:
    """What became of archives, in their order; ``documents`` whose text came or went besides."""

    reports: tuple[FileReport, ...]
    documents: frozenset[int]


def load_archives(
    db: Database,
    archives: Sequence[tuple[Archive, str]],
    version: str,
    *,
    jobs: int,
    scheduler: str | None = None,
    again: bool = False,
    batch: int,
    progress: Progress,
    shown: Callable[[Problem], Problem],
) -> ArchivesLoaded:
    """Load archives, each with its path as the database has it, and finish what is to finish.

    ``shown`` makes of a dossier's problem what the user sees. See load_archive().
    """
    reports = []
    loaders = list({id(archive.loader): archive.loader for archive, _ in archives}.values())
    with Reader(loaders, jobs, scheduler) as reader:
        for archive, recorded in archives:
            progress.phase("Reading mail")
            advance = _Advance(progress, archive)
            report = load_archive(
                db,
                archive,
                recorded,
                reader,
                version,
                again=again,
                batch=batch,
                advance=advance,
            )
            advance.end()
            reports.append(report)
    progress.phase("Threads and counts")
    finished = finish_archives(db)
    for load_id, problem in finished.problems:
        # A mail of an earlier load may be meant as well; somebody has to be told.
        numbers = [n for n, report in enumerate(reports) if report.load == load_id]
        for number in numbers or [len(reports) - 1] if reports else []:
            report = reports[number]
            reports[number] = replace(report, problems=(*report.problems, shown(problem)))
    return ArchivesLoaded(tuple(reports), finished.documents)


class _Advance:
    """Bytes of messages as bytes of their archive: what is packed comes to more than its file."""

    def __init__(self, progress: Progress, archive: Archive) -> None:
        self._progress = progress
        self._path = str(archive.path)
        self._left = archive.size

    def __call__(self, size: int) -> None:
        size = min(size, self._left)
        self._left -= size
        self._progress.advance(size, self._path)

    def end(self) -> None:
        """Separators and the like, and what was read by an earlier run."""
        self(self._left)


def load_archive(
    db: Database,
    archive: Archive,
    recorded: str,
    reader: Reader,
    version: str,
    *,
    again: bool = False,
    batch: int = BATCH,
    advance: Callable[[int], None] = lambda size: None,
) -> FileReport:
    """Load an archive, or go on with it where a load was stopped.

    One that has changed since it was stopped is refused, or begun ``again``.

    ``recorded`` is its path as the database has it, ``batch`` how many messages a transaction
    holds; ``advance`` is told of bytes that are dealt with. What is left to do after the last
    message is finish_archives(). An archive that is as it was is not read again, unless all of it
    was refused. Raises StoreError when the database cannot be written, BusyError also when another
    program is loading the same archive.
    """
    path, name = str(archive.path), archive.loader.name
    try:
        digest = _digest(db, archive)
    except OSError as error:
        return _refused(archive, f"cannot be read: {error.strerror or error}")
    last = last_load(db, recorded)
    counts = unfinished(db, last.id) if last else None
    same = last is not None and last.is_of(name, version, digest)
    if last and counts and last.sha256 != digest and not again:
        return _refused(
            archive,
            f"has changed since its load was stopped after {counts.taken:,} messages",
            "the archive as it was",
            "Put it back as it was and load it again; or load it as it is now with "
            "`datasette leaks load --again`, which begins again and loads no message twice",
        )
    if last and same and not counts and last.loaded + last.duplicates:
        problems = _problems(db, last.id, path)
        return FileReport(
            path, name, last.loaded, last.duplicates, last.refused, problems,
            unchanged=True, further=len(last.problems) - len(problems),
        )  # fmt: skip
    load = _Load(db, recorded, name, version, digest, last)
    if last and counts and same:
        load.go_on(last.id, counts)
    try:
        with _quick(db):
            load.read(reader, archive, batch, advance)
    except ArchiveStopped as stopped:
        return _refused(
            archive, f"cannot be read: {stopped}", advice="Load it again to go on where it stopped"
        )
    return load.report(path)


class _Load:
    """One load of an archive: the row of loads it has, and how far it is."""

    def __init__(
        self,
        db: Database,
        recorded: str,
        loader: str,
        version: str,
        digest: str,
        last: LastLoad | None,
    ) -> None:
        self._db = db
        self._recorded = recorded
        self._loader = loader
        self._version = version
        self._digest = digest
        self._last = last
        self._id = 0  # none before the first transaction
        self._counts = Counts()
        self._begun = False
        self._known: int | None = None  # archive_files.id, where an earlier load found messages
        self._tables: ArchiveTables | None = None

    def go_on(self, id: int, counts: Counts) -> None:
        """Take over from a load that was stopped."""
        self._id, self._counts = id, counts

    def read(
        self, reader: Reader, archive: Archive, batch: int, advance: Callable[[int], None]
    ) -> None:
        """Write all messages that are left, a batch a transaction, and end the load."""
        chunks = reader.read(archive, self._counts.taken, batch)
        for chunk in chunks:  # waits for it without keeping others from writing
            with writing(self._db):
                self._begin()
                before, until = self._counts.taken, monotonic() + HOLD
                following: list[Read] | None = chunk
                while following is not None:
                    self._write(following)
                    advance(sum(read.raw.length for read in following))
                    full = self._counts.taken - before >= batch or monotonic() > until
                    following = None if full else next(chunks, None)
                self._keep(note_progress(self._db, self._id, self._counts, before))
        with writing(self._db):
            self._begin()
            self._keep(unfinished(self._db, self._id) == self._counts)
            if self._known:
                drop_unseen(self._db, self._id, self._known)
            end_reading(self._db, self._id)

    def report(self, path: str) -> FileReport:
        """What came of it, all of the load. One that says what the last one said is forgotten."""
        counts, id, last = self._counts, self._id, self._last
        problems = _problems(self._db, id, path)
        this = last_load(self._db, self._recorded)
        nothing = not counts.loaded + counts.duplicates
        unchanged = bool(nothing and last and last.id != id and this == replace(last, id=id))
        if unchanged:
            with writing(self._db):
                forget_load(self._db, id)
        return FileReport(
            path, self._loader, counts.loaded, counts.duplicates, counts.refused, problems,
            unchanged=unchanged, load=None if unchanged else id,
            further=counts.refused - len(problems),
        )  # fmt: skip

    def _begin(self) -> None:
        if self._begun:
            return
        # Another program may have begun, or ended, between the look at it and the write lock.
        self._keep(last_load(self._db, self._recorded) == self._last)
        if not self._id:
            set_aside_indexes(self._db)
            self._id = begin_load(
                self._db, self._recorded, self._loader, self._version, self._digest
            )
            begin_progress(self._db, self._id)
        end_others(self._db, self._recorded, self._id)
        self._known = known_file(self._db, self._recorded, self._id)
        self._begun = True

    def _write(self, chunk: Sequence[Read]) -> None:
        counts = self._counts
        counts.taken += len(chunk)
        problems = [read.problem for read in chunk if read.problem]
        counts.items += len(problems)
        counts.refused += len(problems)
        add_problems(self._db, self._id, problems)
        if self._known:
            unread = [_copy(read) for read in chunk if read.problem]
            keep_unread(self._db, self._id, self._known, unread)
        messages = [(_copy(read), read.items) for read in chunk if not read.problem]
        if messages:
            if self._tables is None:
                file_id = archive_file(self._db, self._recorded, self._id)
                self._tables = ArchiveTables(self._db, self._id, file_id)
            self._tables.write(messages, counts)

    def _keep(self, ours: bool) -> None:
        if not ours:
            raise BusyError(
                f"{file_name(self._db)}: another program is loading {self._recorded} too. "
                "Let it finish, then run this again"
            )


def _copy(read: Read) -> Copy:
    raw = read.raw
    return Copy(raw.member, raw.offset, raw.length, raw.folder)


def _digest(db: Database, archive: Archive) -> str:
    if not archive.path.is_dir():
        return sha256(archive.path)
    name = file_name(db)  # it may lie in the folder, and changes with every transaction
    without = {name + end for end in ("", "-journal", "-wal", "-shm")}
    without |= {os.path.abspath(archive.path / each) for each in archive.apart}
    return listing_sha256(archive.path, without)


def _problems(db: Database, load_id: int, path: str) -> tuple[Problem, ...]:
    """The first problems of a load, as a report shows them."""
    sql = """
    SELECT place, found, expected, advice FROM load_problems WHERE load_id = :id
    ORDER BY id LIMIT :shown
    """
    rows = select(db, sql, {"id": load_id, "shown": SHOWN})
    return tuple(Problem(path, **row) for row in rows)


def _refused(archive: Archive, found: str, expected: str = "", advice: str = "") -> FileReport:
    problem = Problem(str(archive.path), "", found, expected, advice)
    return FileReport(str(archive.path), archive.loader.name, refused=1, problems=(problem,))


@contextmanager
def _quick(db: Database) -> Iterator[None]:
    """Write without checking foreign keys, with room for what is written, collecting seldom.

    Every row that a message's rows refer to is written with them, or read in the same transaction.
    """
    conn = db.conn
    names = ("foreign_keys", "cache_size")
    threshold = gc.get_threshold()
    before = {name: conn.execute(f"PRAGMA {name}").fetchone()[0] for name in names}
    conn.execute("PRAGMA foreign_keys = OFF")
    conn.execute(f"PRAGMA cache_size = {-_CACHE}")
    collect_seldom()
    try:
        yield
    finally:
        gc.set_threshold(*threshold)
        for name, value in before.items():
            conn.execute(f"PRAGMA {name} = {value}")
