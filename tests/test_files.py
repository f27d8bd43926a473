"""Which files a load is about: what can be named, and what cannot be taken."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import NoReturn

import pytest
from store_world import load, new

from datasette_leaks.loaders.records import Problem
from datasette_leaks.plugins import all_loaders
from datasette_leaks.store.files import Names, find_files


def odd(folder: Path, name: bytes) -> Path:
    """A file whose name is not UTF-8."""
    path = Path(os.fsdecode(os.fsencode(folder) + b"/" + name))
    path.write_text("One.\n")
    return path


def test_a_name_that_is_not_utf8_is_a_problem(tmp_path: Path) -> None:
    bad = odd(tmp_path, b"bad\xff.md")
    (tmp_path / "good.md").write_text("Two.\n")
    odd(tmp_path, b"left\xff.xyz")
    for paths in ([tmp_path], [bad, tmp_path]):
        files = find_files(paths, all_loaders())
        assert [file.path.name for file in files.found] == ["good.md"]
        assert {problem.path for problem in files.problems} == {f"{tmp_path}/bad\\xff.md"}
        assert "not UTF-8" in files.problems[0].found
        assert files.unsupported[-1:] == (f"{tmp_path}/left\\xff.xyz",)
    report = load(new(tmp_path), tmp_path)
    assert report.loaded == 1
    str(report).encode()


def test_a_folder_whose_name_is_not_utf8_can_still_be_worked_in(tmp_path: Path) -> None:
    folder = tmp_path / os.fsdecode(b"caf\xe9")
    assert Names(tmp_path).recorded(folder / "a.md") == "caf\\xe9/a.md"


def refuse(path: object, *_: object, **__: object) -> NoReturn:
    raise PermissionError(errno.EACCES, "Permission denied", str(path))


def test_a_folder_that_cannot_be_listed_is_a_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "locked").mkdir()
    (tmp_path / "good.md").write_text("Two.\n")
    scandir = os.scandir
    monkeypatch.setattr(
        os, "scandir", lambda path: refuse(path) if path.endswith("locked") else scandir(path)
    )
    files = find_files([tmp_path], all_loaders())
    assert [file.path.name for file in files.found] == ["good.md"]
    assert files.problems == (
        Problem(f"{tmp_path}/locked", "", "cannot be read: Permission denied"),
    )


def test_a_file_in_a_folder_that_may_not_be_entered_is_a_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "stat", refuse)
    files = find_files([tmp_path / "a.md"], all_loaders())
    assert [problem.found for problem in files.problems] == ["cannot be read: Permission denied"]
