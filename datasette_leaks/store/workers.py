"""Processes that read and parse messages, so that only writing is left to the one that loads.

Not multiprocessing: that runs the program's own main module again in every worker, which for
``datasette`` is half a second of a web server, and a worker that dies takes down its whole pool.
Here a worker gets one chunk at a time through its pipes; when it dies over a chunk, the messages
of that are tried one by one, each in a process that is alive, and the one that kills is a Fault.
"""

from __future__ import annotations

import gc
import os
import pickle
import signal
import struct
import subprocess
import sys
import threading
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

from datasette_leaks.loaders.registry import MailLoader

from .archive_rows import Item, items_of

# The package's own __init__ is Datasette's plugin: 0.2 s and 20 MB that no worker has a use for.
_BOOT = """
import importlib.util, pickle, struct, sys, types
size = struct.unpack("<Q", sys.stdin.buffer.read(8))[0]
sys.path[:] = pickle.loads(sys.stdin.buffer.read(size))
package = types.ModuleType("datasette_leaks")
package.__spec__ = importlib.util.find_spec("datasette_leaks")
package.__path__ = package.__spec__.submodule_search_locations
sys.modules["datasette_leaks"] = package
from datasette_leaks.store.workers import serve
serve()
"""
_MEND = "See to it that it can be read, then load it again"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message of an archive is; ``data`` as in RawMessage."""

    member: str
    offset: int
    length: int
    data: bytes | None


@dataclass(frozen=True, slots=True)
class Task:
    """Messages to read: of which archive, and by which of the loaders the pool was made with."""

    loader: int
    path: str
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a message cannot be taken, in one sentence; ``advice`` where no loader is at fault."""

    reason: str
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """The archive itself cannot be read any more; what the system said."""

    reason: str


Result = list[Item] | Fault | Unreadable


def collect_seldom() -> None:
    """Let the cyclic collector run seldom: records and rows are many and hold no cycles."""
    gc.set_threshold(50_000, 50, 100)


def read_messages(loaders: Sequence[MailLoader], task: Task) -> list[Result]:
    """What the messages of a task come to, in its order."""
    loader, path = loaders[task.loader], Path(task.path)
    return [_read(loader, path, place) for place in task.places]


def _read(loader: MailLoader, path: Path, place: Place) -> Result:
    data = place.data
    if data is None:
        try:
            data = loader.read(path, place.member, place.offset, place.length)
        except OSError as error:
            return _unread(path, place, error)
    try:
        return items_of(loader.parse(data))
    except Exception as error:  # a plugin's code may raise anything; it must not stop other mails
        said = f"{type(error).__name__}: {error}".removesuffix(": ")
        return Fault(f"the loader {loader.name} failed: {said}")


def _unread(path: Path, place: Place, error: OSError) -> Fault | Unreadable:
    """One file of an archive may be unreadable; what keeps all of it from being read stops it."""
    if place.member:
        try:
            if path.is_dir():
                os.scandir(path).close()
            else:
                path.open("rb").close()
        except OSError as whole:
            error = whole
        else:
            return Fault(f"it cannot be read: {error.strerror or error}", _MEND)
    return Unreadable(error.strerror or str(error))


class WorkerError(Exception):
    """No worker can be started; the message says why."""


class Workers:
    """``jobs`` processes for messages of ``loaders``; a context manager, as they must be ended.

    They start in the background; until ``ready`` it is quicker not to wait for them. Raises
    WorkerError where the loaders cannot be given to another process.
    """

    def __init__(self, jobs: int, loaders: Sequence[MailLoader]) -> None:
        try:
            self._loaders = pickle.dumps(tuple(loaders))
        except (pickle.PicklingError, AttributeError, TypeError) as error:
            raise WorkerError(f"a loader cannot be given to another process: {error}") from error
        self._own = threading.local()  # each thread has a process of its own
        self._lock = threading.Lock()
        self._running: set[_Worker] = set()
        self._closed = False
        self._threads = ThreadPoolExecutor(jobs, "leaks-worker")
        self._first = [self._threads.submit(self._worker) for _ in range(jobs)]

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._closed = True
            for worker in self._running:
                worker.kill()
        self._threads.shutdown(cancel_futures=True)

    @property
    def ready(self) -> bool:
        """Whether a process waits for work. Raises WorkerError when it cannot be started."""
        return any(each.done() and each.result() is not None for each in self._first)

    def submit(self, task: Task) -> Future[list[Result]]:
        """Read the messages of a task, as read_messages() does."""
        return self._threads.submit(self._run, task)

    def _run(self, task: Task) -> list[Result]:
        try:
            return self._worker().run(task)
        except _Died:
            self._forget()
        results: list[Result] = []
        for place in task.places:
            try:
                results += self._worker().run(Task(task.loader, task.path, (place,)))
            except _Died as died:
                self._forget()
                results.append(Fault(f"reading it ended the process that did: {died}"))
        return results

    def _worker(self) -> _Worker:
        worker: _Worker | None = getattr(self._own, "worker", None)
        if worker is None:
            with self._lock:
                if self._closed:
                    raise WorkerError("the load has been stopped")
                worker = _Worker()
                self._running.add(worker)
            self._own.worker = worker
            try:
                worker.begin(self._loaders)
            except (_Died, WorkerError) as error:
                self._forget()
                raise WorkerError(f"a worker process cannot be started: {error}") from error
        return worker

    def _forget(self) -> None:
        worker: _Worker = self._own.worker
        self._own.worker = None
        with self._lock:
            self._running.discard(worker)


class _Died(Exception):
    """The process has ended; the message says how."""


class _Worker:
    """One process, seen from the thread that feeds it."""

    def __init__(self) -> None:
        # Both pipes close in the child when this process ends, however it does.
        self._process = subprocess.Popen(  # noqa: S603, our own program
            [sys.executable, "-c", _BOOT], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self._tasks = cast("IO[bytes]", self._process.stdin)
        self._answers = cast("IO[bytes]", self._process.stdout)

    def begin(self, loaders: bytes) -> None:
        """Give it what it needs once. Raises WorkerError where it cannot have the loaders."""
        self._ask(sys.path)
        fault = self._call(loaders)
        if fault is not None:
            self.kill()
            raise WorkerError(str(fault))

    def run(self, task: Task) -> list[Result]:
        results: list[Result] = self._call(task)
        return results

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def _ask(self, value: Any) -> None:
        try:
            _send(self._tasks, value)
        except OSError as error:
            raise self._died() from error

    def _call(self, value: Any) -> Any:
        self._ask(value)
        try:
            return _receive(self._answers)
        except (OSError, EOFError) as error:
            raise self._died() from error

    def _died(self) -> _Died:
        self._process.kill()
        status = self._process.wait()
        self._answers.close()
        with suppress(OSError):  # what was not yet written
            self._tasks.close()
        if status < 0:
            try:
                return _Died(f"signal {-status}, {signal.Signals(-status).name}")
            except ValueError:
                return _Died(f"signal {-status}")
        return _Died(f"exit status {status}")


def serve() -> None:
    """What a worker does: reads tasks from its standard input until that ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all; the parent ends us
    collect_seldom()
    source = sys.stdin.buffer
    # The parent has no more, or is gone; closing the target writes what is left, and fails again.
    with suppress(EOFError, BrokenPipeError), os.fdopen(os.dup(1), "wb") as target:
        os.dup2(2, 1)  # what a loader prints must not get among the answers
        try:
            loaders: Sequence[MailLoader] = pickle.loads(_receive(source))  # noqa: S301, our parent's
        except (ImportError, AttributeError, TypeError, ValueError) as error:
            _send(target, f"it cannot have the loaders: {error}")
            return
        _send(target, None)
        while True:
            _send(target, read_messages(loaders, _receive(source)))


def _send(target: IO[bytes], value: Any) -> None:
    data = pickle.dumps(value, protocol=5)
    target.write(struct.pack("<Q", len(data)))
    target.write(data)
    target.flush()


def _receive(source: IO[bytes]) -> Any:
    head = source.read(8)
    if len(head) < 8:
        raise EOFError
    (size,) = struct.unpack("<Q", head)
    data = source.read(size)
    if len(data) < size:
        raise EOFError
    return pickle.loads(data)  # noqa: S301, from our own child or parent
