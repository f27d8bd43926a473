"""A load of an archive killed at any statement goes on, and ends as if nothing had happened."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from archive_world import load_lines, mails, state, write_lines
from sqlite_utils import Database

from datasette_leaks.store import archives, load_log
from datasette_leaks.store.connection import open_database, writing
from datasette_leaks.store.integrity import check
from datasette_leaks.store.load_log import Counts

Load = Callable[[Database], object]


def killed(path: Path, at: int, load: Load) -> bool:
    """Load in a process that ends itself before its statement number ``at``; whether it did."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            db = open_database(path, create=True)
            done = 0

            def count(_: str) -> None:
                nonlocal done
                done += 1
                if done == at:
                    os.kill(os.getpid(), signal.SIGKILL)

            db.conn.set_trace_callback(count)
            load(db)
            status = 0
        finally:
            os._exit(status)
    _, status = os.waitpid(child, 0)
    assert status == 0 or os.WTERMSIG(status) == signal.SIGKILL
    return status != 0


def resumed(path: Path, load: Load) -> dict[str, list[Any]]:
    """What the database holds when the load has been run again."""
    db = open_database(path, create=True)
    load(db)
    found = state(db)
    db.close()
    return found


def statements(path: Path, load: Load) -> tuple[int, dict[str, list[Any]]]:
    """How many statements an uninterrupted load has, and what it comes to."""
    db = open_database(path, create=True)
    seen: list[str] = []
    db.conn.set_trace_callback(seen.append)
    load(db)
    db.conn.set_trace_callback(None)
    found = state(db)
    db.close()
    return len(seen), found


def new(folder: Path) -> Path:
    """A database with nothing in it."""
    path = folder / "empty.db"
    open_database(path, create=True).close()
    return path


def ends_otherwise(empty: Path, at: int, load: Load, expected: dict[str, list[Any]]) -> bool:
    """Whether a load that is killed before a statement, and run again, comes to something else."""
    path = empty.with_name("killed.db")
    shutil.copy(empty, path)
    assert killed(path, at, load)
    return resumed(path, load) != expected


@pytest.mark.parametrize(("batch", "count"), [(1, 12), (50, 90), (500, 90)])
def test_killed_anywhere_it_ends_as_if_nothing_had_happened(
    tmp_path: Path, batch: int, count: int
) -> None:
    source = write_lines(tmp_path / "a.lines", mails(count))

    def load(db: Database) -> None:
        load_lines(db, source, batch=batch)

    total, expected = statements(tmp_path / "whole.db", load)
    # Those at the end are the last batch's and what comes after it.
    points = sorted({*range(1, total + 1, total // 25 + 1), *range(total - 15, total + 1)})
    empty = new(tmp_path)
    for at in points:
        assert not ends_otherwise(empty, at, load, expected), f"killed at {at} of {total}"


def test_killed_over_and_over_it_ends_all_the_same(tmp_path: Path) -> None:
    source = write_lines(tmp_path / "a.lines", mails(40))

    def load(db: Database) -> None:
        load_lines(db, source, batch=3)

    total, expected = statements(tmp_path / "whole.db", load)
    path = tmp_path / "killed.db"
    kills = 0
    while killed(path, total // 6, load):
        kills += 1
        assert kills < 40
    assert kills > 2
    assert resumed(path, load) == expected
    assert check(open_database(path)) == []


def test_killed_anywhere_in_a_changed_archive_it_drops_what_is_gone_all_the_same(
    tmp_path: Path,
) -> None:
    source = write_lines(tmp_path / "a.lines", mails(12))
    before = tmp_path / "before.db"
    db = open_database(before, create=True)
    load_lines(db, source)
    db.close()
    write_lines(source, mails(12)[2:])

    def load(db: Database) -> None:
        load_lines(db, source, batch=4)

    shutil.copy(before, tmp_path / "whole.db")
    total, expected = statements(tmp_path / "whole.db", load)
    assert {copy["load_id"] for copy in expected["copies"]} == {2}
    for at in range(1, total + 1, total // 25 + 1):
        assert not ends_otherwise(before, at, load, expected), f"killed at {at} of {total}"


def test_progress_in_another_transaction_would_be_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = write_lines(tmp_path / "a.lines", mails(9))
    noted: list[tuple[Database, int, Counts, int]] = []
    note = load_log.note_progress

    def later(db: Database, load_id: int, counts: Counts, before: int) -> bool:
        noted.append((db, load_id, counts, before))
        return True

    @contextmanager
    def apart(db: Database) -> Iterator[None]:
        with writing(db):
            yield
        while noted:
            with writing(db):
                assert note(*noted.pop())

    def load(db: Database) -> None:
        load_lines(db, source, batch=3)

    total, expected = statements(tmp_path / "whole.db", load)
    monkeypatch.setattr(archives, "note_progress", later)
    monkeypatch.setattr(archives, "writing", apart)
    total, same = statements(tmp_path / "apart.db", load)
    assert same == expected
    empty = new(tmp_path)
    assert any(ends_otherwise(empty, at, load, expected) for at in range(1, total + 1))
