"""Messages are read in other processes, and one that ends its process ends nothing else."""

from __future__ import annotations

import errno
import json
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from archive_world import LineMail, write_lines

from datasette_leaks.loaders.mail_packed import PackedMail
from datasette_leaks.loaders.mail_tree import MailTree
from datasette_leaks.loaders.records import Problem
from datasette_leaks.loaders.registry import MailLoader
from datasette_leaks.store.archive_reading import Reader
from datasette_leaks.store.files import Archive
from datasette_leaks.store.workers import (
    _BOOT,
    Fault,
    Place,
    Result,
    Task,
    Unreadable,
    WorkerError,
    Workers,
    _receive,
    _send,
    read_messages,
)

GOOD = [{"text": f"Crane {n}"} for n in range(5)]


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    with Workers(2, [LineMail()]) as workers:
        yield workers


def places(path: Path) -> tuple[Place, ...]:
    """The messages of an archive of lines."""
    raws = LineMail().messages(path)
    return tuple(Place(raw.member, raw.offset, raw.length, raw.data) for raw in raws)


def told(results: list[Result]) -> list[str]:
    """The text of each message, or why there is none."""
    return [
        each.reason if isinstance(each, (Fault, Unreadable)) else str(each[0].document[3])
        for each in results
    ]


def test_they_give_what_this_process_would(tmp_path: Path, workers: Workers) -> None:
    task = Task(0, str(path := write_lines(tmp_path / "a.lines", GOOD)), places(path))
    assert workers.submit(task).result() == read_messages([LineMail()], task)
    assert told(workers.submit(task).result()) == [f"Crane {n}" for n in range(5)]
    assert workers.ready


def test_bytes_that_are_given_are_not_read_again(tmp_path: Path, workers: Workers) -> None:
    data = json.dumps({"text": "packed"}).encode()
    task = Task(0, str(tmp_path / "none"), (Place("", 0, len(data), data),))
    assert told(workers.submit(task).result()) == ["packed"]


def test_a_message_that_ends_its_process_is_told_and_the_others_are_read(
    tmp_path: Path, workers: Workers
) -> None:
    path = write_lines(tmp_path / "a.lines", [*GOOD[:2], {"kill": True}, *GOOD[2:]])
    tasks = [workers.submit(Task(0, str(path), places(path))) for _ in range(3)]
    for task in tasks:
        reasons = told(task.result())
        assert "signal 9, SIGKILL" in reasons.pop(2)
        assert reasons == [f"Crane {n}" for n in range(5)]


def test_a_loader_that_fails_is_told_of(tmp_path: Path, workers: Workers) -> None:
    path = write_lines(tmp_path / "a.lines", [{"raise": True}, {"text": "\ud83d"}, "{", GOOD[0]])
    deep, half, broken, good = told(workers.submit(Task(0, str(path), places(path))).result())
    assert deep == "the loader lines failed: RecursionError: too deep"
    assert "surrogates not allowed" in half
    assert "JSONDecodeError" in broken
    assert good == "Crane 0"


def test_an_archive_that_is_gone_is_no_fault_of_its_messages(
    tmp_path: Path, workers: Workers
) -> None:
    task = Task(0, str(tmp_path / "none"), (Place("", 0, 9, None),))
    assert workers.submit(task).result() == [Unreadable("No such file or directory")]


def test_a_file_of_an_archive_that_cannot_be_read_is_a_fault_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "locked").mkdir()  # opened as a file it gives an OSError to root as well
    (tmp_path / "1.eml").write_bytes(b"Subject: Cranes\n\nOne.\n")
    tree = MailTree("mail_tree")
    both = (Place("locked", 0, 9, None), Place("1.eml", 0, 99, None))
    fault, mail = read_messages([tree], Task(0, str(tmp_path), both))
    assert isinstance(fault, Fault)
    assert fault.reason == "it cannot be read: Is a directory"
    assert "load it again" in fault.advice
    assert isinstance(mail, list)
    gone = read_messages([tree], Task(0, str(tmp_path / "none"), both))
    assert gone == [Unreadable("No such file or directory")] * 2
    packed = tmp_path / "a.zip"
    assert read_messages([PackedMail()], Task(0, str(packed), both[:1])) == gone[:1]


def test_a_load_goes_on_past_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    for name in ("1.eml", "2.eml"):
        (tmp_path / name).write_bytes(b"Subject: Cranes\n\nOne.\n")
    tree = BrokenTree("mail_tree")
    with Reader([tree], 1) as reader:
        (reads,) = reader.read(Archive(tmp_path, tree, 0), 0)
    bad, good = reads
    assert bad.problem == Problem(
        str(tmp_path), "1.eml, byte 0", "it cannot be read: Input/output error",
        advice="See to it that it can be read, then load it again",
    )  # fmt: skip
    assert good.problem is None


class BrokenTree(MailTree):
    """A folder on a disk that has lost a file."""

    def read(self, path: Path, member: str, offset: int, length: int) -> bytes:
        if member == "1.eml":
            raise OSError(errno.EIO, "Input/output error")
        return super().read(path, member, offset, length)


def test_a_loader_that_only_this_process_can_have_is_told_of() -> None:
    class Here(LineMail):
        pass

    with pytest.raises(WorkerError, match="cannot be given to another process"):
        Workers(1, [Here()])


class Nowhere(LineMail):
    """A loader that a worker cannot import."""

    def __reduce__(self) -> tuple[Callable[[str], MailLoader], tuple[str]]:
        return _missing, ("",)


def _missing(_: str) -> MailLoader:
    raise ImportError("no module named telex")


def test_a_loader_that_a_worker_cannot_import_is_told_of() -> None:
    with Workers(1, [Nowhere()]) as workers, pytest.raises(WorkerError, match="telex"):
        workers.submit(Task(0, "", ())).result()


def test_what_a_loader_prints_does_not_get_among_the_answers(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "a.lines", GOOD)
    with Workers(1, [Loud()]) as workers:
        assert told(workers.submit(Task(0, str(path), places(path))).result())[0] == "Crane 0"


class Loud(LineMail):
    """A loader that prints."""

    def read(self, path: Path, member: str, offset: int, length: int) -> bytes:
        print("reading", flush=True)
        return super().read(path, member, offset, length)


def test_they_end_with_what_they_were_doing() -> None:
    with Workers(2, [LineMail()]) as workers:
        pass
    with pytest.raises(RuntimeError, match="after shutdown"):
        workers.submit(Task(0, "", ()))


def test_one_whose_parent_is_gone_ends_without_a_word(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "a.lines", GOOD)
    worker = subprocess.Popen(
        [sys.executable, "-c", _BOOT],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert worker.stdin
    assert worker.stdout
    assert worker.stderr
    with worker.stdin, worker.stderr:
        _send(worker.stdin, sys.path)
        _send(worker.stdin, pickle.dumps((LineMail(),)))
        assert _receive(worker.stdout) is None
        worker.stdout.close()
        _send(worker.stdin, Task(0, str(path), places(path)))
        assert worker.stderr.read() == b""
    assert worker.wait() == 0
