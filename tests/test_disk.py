"""A disk that is full, or broken: said in plain words, and no half-made file is left."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from store_world import ARTICLE, load, new, write

from datasette_leaks.cli import leaks
from datasette_leaks.store.connection import (
    BusyError,
    StoreError,
    only_when_loaded,
    open_database,
    plain_errors,
    writing,
)
from datasette_leaks.store.integrity import check

# No process may write a file longer than this, as if the disk were full.
LIMITED = """
import json, resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]),) * 2)
from datasette_leaks.cli import leaks
leaks(json.loads(sys.argv[2]))
"""
NO_SCHEMA, NO_TEXT = 100_000, 4_000_000  # bytes: the schema's tables take some 2 MB


def limited(size: int, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a command that can write no file longer than ``size`` bytes."""
    said = json.dumps([str(each) for each in arguments])
    command = [sys.executable, "-c", LIMITED, str(size), said]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("size", [NO_SCHEMA, NO_TEXT])
def test_a_full_disk_leaves_no_half_made_file(tmp_path: Path, size: int) -> None:
    paths = write(tmp_path, a__md="One. " * 1_000_000)
    database = tmp_path / "x.db"
    result = limited(size, "load", database, paths["a__md"])
    assert result.returncode == 1
    assert result.stderr.startswith(f"Error: {database}: the disk ")
    assert "Traceback" not in result.stderr
    assert {path.name for path in tmp_path.iterdir()} == {"a.md"}


def test_what_was_there_before_the_disk_was_full_stays(tmp_path: Path) -> None:
    paths = write(tmp_path, a__md=ARTICLE, b__md="One. " * 1_000_000)
    result = limited(NO_TEXT, "load", tmp_path / "x.db", *paths.values())
    assert result.returncode == 1
    db = open_database(tmp_path / "x.db")
    assert [row["path"] for row in db["loads"].rows] == ["a.md"]
    assert check(db) == []


def test_only_a_new_file_without_a_load_is_deleted(tmp_path: Path) -> None:
    path = tmp_path / "leaks.db"
    with suppress(KeyError), only_when_loaded(path):
        open_database(path, create=True).close()
        raise KeyError
    assert not path.exists()
    with only_when_loaded(path):
        open_database(path, create=True).close()
    with suppress(KeyError), only_when_loaded(path):
        raise KeyError
    assert path.exists()
    path.unlink()
    with suppress(KeyError), only_when_loaded(path):
        load(new(tmp_path), *write(tmp_path, a__md=ARTICLE).values())
        raise KeyError
    assert path.exists()


def test_a_file_that_another_program_makes_too_is_not_deleted(tmp_path: Path) -> None:
    path = tmp_path / "leaks.db"
    with suppress(BusyError), only_when_loaded(path):
        other = open_database(path, create=True)
        with writing(other), writing(open_database(path, wait=0)):
            raise AssertionError
    assert path.exists()


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(leaks, [str(each) for each in arguments])


@pytest.mark.parametrize("command", ["load", "analyse", "check", "export"])
@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("disk I/O error", "the disk has failed"),
        ("database or disk is full", "the disk is full"),
        ("database is locked", "another program is writing"),
    ],
)
def test_errors_while_reading_are_plain_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str, said: str, words: str
) -> None:
    paths = write(tmp_path, a__md=ARTICLE)
    database = tmp_path / "x.db"
    assert run("load", database, paths["a__md"]).exit_code == 0

    def fail(*_: object, **__: object) -> None:
        raise sqlite3.OperationalError(said)

    for name in ("load_paths", "analysis.analyse", "integrity.check", "dossier_ids"):
        monkeypatch.setattr(f"datasette_leaks.cli.{name}", fail)
    result = run(command, database, *(paths.values() if command == "load" else []))
    assert result.exit_code == 1
    assert f"{database}: {words}" in result.output


def test_only_damage_is_called_damage() -> None:
    with pytest.raises(sqlite3.ProgrammingError), plain_errors("x.db"):
        raise sqlite3.ProgrammingError
    with pytest.raises(StoreError, match="damaged"), plain_errors("x.db"):
        raise sqlite3.DatabaseError
