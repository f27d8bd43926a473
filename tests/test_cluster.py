"""Archives read by a Dask cluster: a real one, of two workers on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from distributed import LocalCluster

from benchmarks.generate_mail import write_mbox
from datasette_leaks.cli import leaks
from datasette_leaks.store.connection import open_database

MESSAGES = 300


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    with LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        processes=True,
        dashboard_address=None,
        host="127.0.0.1",
    ) as cluster:
        yield cluster.scheduler_address


def load(database: Path, archive: Path, *options: str) -> tuple[int, str]:
    result = CliRunner().invoke(leaks, ["load", str(database), str(archive), *options])
    return result.exit_code, result.output


def rows(database: Path) -> list[list[tuple[object, ...]]]:
    db = open_database(database, read_only=True)
    tables = ("documents", "emails", "copies", "email_spans", "attachments", "insights", "threads")
    found = [db.conn.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall() for table in tables]
    db.close()
    return found


def test_a_cluster_gives_the_rows_that_this_machine_does(scheduler: str, tmp_path: Path) -> None:
    archive = tmp_path / "mail.mbox"
    write_mbox(archive, MESSAGES)
    here, there = tmp_path / "here.db", tmp_path / "there.db"
    assert load(here, archive, "--jobs", "1")[0] == 0
    assert load(there, archive, "--scheduler", scheduler)[0] == 0
    assert len(rows(here)[1]) > MESSAGES * 0.9
    assert rows(there) == rows(here)


def test_no_scheduler_at_the_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("datasette_leaks.store.cluster._TIMEOUT", 1)
    archive = tmp_path / "mail.mbox"
    write_mbox(archive, 1)
    status, said = load(tmp_path / "x.db", archive, "--scheduler", "tcp://127.0.0.1:9")
    assert status == 1
    assert "no Dask scheduler answers there" in said
    assert "Traceback" not in said


def test_a_cluster_without_workers(tmp_path: Path) -> None:
    archive = tmp_path / "mail.mbox"
    write_mbox(archive, 1)
    with LocalCluster(
        n_workers=0, processes=True, dashboard_address=None, host="127.0.0.1"
    ) as cluster:
        status, said = load(tmp_path / "x.db", archive, "--scheduler", cluster.scheduler_address)
    assert status == 1
    assert "has no workers" in said
