"""Which files a load is about: what can be named, and what cannot be taken."""

from __future__ import annotations

import os
from pathlib import Path

from store_world import load, new

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
