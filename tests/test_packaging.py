"""The wheel: all of the package and nothing else."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FILES = ("pyproject.toml", "README.md", "LICENSE")
FOLDERS = {"datasette_leaks": "datasette_leaks", "loaders": "datasette_leaks/loaders"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The names of the files in a wheel built from a copy of the tree, without any network."""
    tree = tmp_path_factory.mktemp("tree")
    for name in FILES:
        shutil.copy(ROOT / name, tree)
    for name in FOLDERS:
        shutil.copytree(ROOT / name, tree / name, ignore=shutil.ignore_patterns("__pycache__"))
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation"]
    command += ["--no-index", "--wheel-dir", str(tree / "dist"), str(tree)]
    built = subprocess.run(command, capture_output=True, text=True)
    assert built.returncode == 0, built.stdout + built.stderr
    (path,) = (tree / "dist").glob("*.whl")
    with zipfile.ZipFile(path) as archive:
        return set(archive.namelist())


def test_it_holds_every_file_of_the_package_and_no_other(wheel: set[str]) -> None:
    expected = {
        f"{installed}/{path.relative_to(ROOT / folder).as_posix()}"
        for folder, installed in FOLDERS.items()
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert {name for name in wheel if ".dist-info/" not in name} == expected


def test_it_does_not_occupy_the_name_loaders(wheel: set[str]) -> None:
    assert {name.split("/")[0].split("-")[0] for name in wheel} == {"datasette_leaks"}


@pytest.mark.parametrize(
    ("folder", "ending"),
    [
        ("loaders", ".py"),
        ("loaders", ".json"),
        ("store/schema", ".sql"),
        ("templates", ".html"),
        ("static", ".css"),
    ],
)
def test_it_holds_what_is_not_python_too(wheel: set[str], folder: str, ending: str) -> None:
    start = f"datasette_leaks/{folder}/"
    assert any(name.startswith(start) and name.endswith(ending) for name in wheel)


def test_it_carries_its_licence(wheel: set[str]) -> None:
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in wheel)
