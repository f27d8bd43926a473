"""Reading an archive's messages in its order, in worker processes where that pays."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass

from datasette_leaks.loaders.mail_records import RawMessage
from datasette_leaks.loaders.records import Problem
from datasette_leaks.loaders.registry import MailLoader

from .archive_rows import Item
from .cluster import Cluster
from .files import Archive
from .items import FAULTY
from .workers import Fault, Place, Result, Task, Unreadable, WorkerError, Workers, read_messages

CHUNK = 200  # messages that are read together
CHUNK_BYTES = 2 << 20  # or fewer, where they are this long
SMALL = 8 << 20  # bytes; a smaller archive is read before a worker has started
AHEAD = 48 << 20  # bytes of messages that are read while others wait to be written


@dataclass(frozen=True, slots=True)
class Read:
    """One message of an archive: the items it comes to, or why it cannot be taken."""

    raw: RawMessage
    items: tuple[Item, ...] = ()
    problem: Problem | None = None


class ArchiveStopped(Exception):
    """The archive cannot be read, or not any more; the message says why."""


class Reader:
    """Reads archives with ``jobs`` processes; 1 is none but this one. A context manager.

    The processes start once enough has come to be worth it, and serve all archives that follow.
    With the address of a Dask ``scheduler``, its cluster does it all. Raises StoreError where that
    cannot be used.
    """

    def __init__(
        self, loaders: Sequence[MailLoader], jobs: int, scheduler: str | None = None
    ) -> None:
        self._loaders = list(loaders)
        self._jobs = jobs
        self._workers: Workers | Cluster | None = None
        if scheduler is not None:
            self._workers = Cluster(scheduler, loaders)
            self._jobs = self._workers.jobs

    def __enter__(self) -> Reader:
        return self

    def __exit__(self, *error: object) -> None:
        if self._workers:
            self._workers.__exit__(*error)

    def read(self, archive: Archive, skip: int, most: int = CHUNK) -> Iterator[list[Read]]:
        """The messages after the first ``skip`` of them, in lists of ``most`` or fewer.

        So many are read ahead as keeps all processes busy while this one writes, and no more;
        fewer where they are large, as all that is read ahead is in memory.
        Raises ArchiveStopped.
        """
        ahead: deque[tuple[list[RawMessage], Future[list[Result]]]] = deque()
        read = waiting = 0
        for raws in _chunks(_messages(archive), skip, min(most, CHUNK)):
            task = self._task(archive, raws)
            workers = self._ready(max(archive.size, read))
            read += _size(raws)
            if workers is None:  # and so it was for all before
                yield _results(archive, raws, read_messages(self._loaders, task))
                continue
            ahead.append((raws, workers.submit(task)))
            waiting += _size(raws)
            while len(ahead) > 4 * self._jobs + 4 or (waiting > AHEAD and len(ahead) > 1):
                raws, future = ahead.popleft()
                waiting -= _size(raws)
                yield _results(archive, raws, future.result())
        while ahead:
            raws, future = ahead.popleft()
            yield _results(archive, raws, future.result())

    def _task(self, archive: Archive, raws: Sequence[RawMessage]) -> Task:
        return Task(
            self._loaders.index(archive.loader),
            str(archive.path),
            tuple(
                Place(raw.member, raw.offset, raw.length, raw.data)
                for raw in raws
                if raw.problem is None
            ),
        )

    def _ready(self, size: int) -> Workers | Cluster | None:
        """The processes, when there is so much to read and one of them has started."""
        try:
            if self._workers is None and self._jobs > 1 and size > SMALL:
                self._workers = Workers(self._jobs, self._loaders)
            return self._workers if self._workers and self._workers.ready else None
        except WorkerError:  # a loader of another plugin, which only this process can have
            self._jobs = 1
            return None


def _messages(archive: Archive) -> Iterator[RawMessage]:
    """What the loader gives. Where it fails, a message with a problem is the last."""
    name = archive.loader.name
    try:
        for raw in archive.loader.messages(archive.path):
            if not isinstance(raw, RawMessage):
                raise TypeError(f"it gave a {type(raw).__name__}, not a RawMessage")
            if raw.member not in archive.apart:
                yield _storable(archive, raw)
    except OSError as error:
        raise ArchiveStopped(error.strerror or str(error)) from error
    except Exception as error:  # a plugin's code may raise anything; it must not stop other files
        said = f"{type(error).__name__}: {error}".removesuffix(": ")
        found = f"the loader {name} failed: {said}"
        yield RawMessage("", 0, 0, problem=Problem(str(archive.path), "", found, advice=FAULTY))


def _storable(archive: Archive, raw: RawMessage) -> RawMessage:
    try:
        (raw.member + raw.folder).encode("utf-8")
    except UnicodeEncodeError:
        name = ascii(raw.member).strip("'")
        found, advice = "its name is not UTF-8", "Rename the file or its folder"
        problem = Problem(str(archive.path), name, found, advice=advice)
        return RawMessage("", raw.offset, raw.length, problem=problem)
    return raw


def _chunks(raws: Iterator[RawMessage], skip: int, most: int) -> Iterator[list[RawMessage]]:
    chunk: list[RawMessage] = []
    size = 0
    for number, raw in enumerate(raws):
        if number < skip:
            continue
        chunk.append(raw)
        size += raw.length
        if len(chunk) == most or size >= CHUNK_BYTES:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def _size(raws: Sequence[RawMessage]) -> int:
    return sum(raw.length for raw in raws)


def _results(archive: Archive, raws: Sequence[RawMessage], results: Sequence[Result]) -> list[Read]:
    left = iter(results)
    found = []
    for raw in raws:
        if raw.problem is not None:
            found.append(Read(raw, problem=raw.problem))
            continue
        result = next(left)
        if isinstance(result, Unreadable):
            raise ArchiveStopped(result.reason)
        if isinstance(result, Fault):
            place = f"{raw.member}, byte {raw.offset}" if raw.member else f"byte {raw.offset}"
            advice = result.advice or FAULTY
            problem = Problem(str(archive.path), place, result.reason, advice=advice)
            found.append(Read(raw, problem=problem))
        else:
            found.append(Read(raw, tuple(result)))
    return found
