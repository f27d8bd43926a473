"""The arrows between the folders go one way, and docs/architecture.md names what there is."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from datasette_leaks.loaders import records
from datasette_leaks.site import vocabulary

ROOT = Path(__file__).parents[1]
PACKAGE = "datasette_leaks"
PLACES = {  # what each may import of ours
    "loaders": {"loaders"},
    "store": {"loaders", "store"},
    "analysis": {"loaders", "store", "analysis"},
    "site": {"loaders", "store", "analysis", "compat", "site"},
}
FOREIGN = {  # what each knows nothing of
    "loaders": {"datasette", "sqlite3", "sqlite_utils"},
    "store": {"datasette"},
    "analysis": {"datasette"},
}


def folder(place: str) -> Path:
    """Where the sources of a part lie."""
    return ROOT / place if place == "loaders" else ROOT / PACKAGE / place


def imported(path: Path, package: str) -> Iterator[str]:
    """Every module that a file imports, in full."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package.rsplit(".", node.level - 1)[0] if node.level else ""
            module = ".".join(filter(None, (base, node.module)))
            # `from datasette_leaks import compat` names a module after the import.
            yield from (f"{module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("place", PLACES)
def test_nothing_imports_against_the_arrows(place: str) -> None:
    package = f"{PACKAGE}.{place}"
    wrong = []
    for path in folder(place).rglob("*.py"):
        for name in imported(path, package):
            first, _, rest = name.partition(".")
            ours = first == PACKAGE and rest.split(".")[0] not in PLACES[place]
            if ours or first == "loaders" or first in FOREIGN.get(place, ()):
                wrong.append(f"{path.relative_to(ROOT)} imports {name}")
    assert wrong == []


def test_relative_imports_are_followed(tmp_path: Path) -> None:
    path = tmp_path / "x.py"
    path.write_text("from ..site import links\nfrom . import rows\nimport sqlite3\n")
    assert list(imported(path, "datasette_leaks.store")) == [
        "datasette_leaks.site.links",
        "datasette_leaks.store.rows",
        "sqlite3",
    ]


def test_the_picture_of_the_architecture_names_all_there_is() -> None:
    told = set(
        re.findall(r"`([^`\n]+)`", (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8"))
    )
    schema = "".join(
        p.read_text(encoding="utf-8") for p in (ROOT / PACKAGE / "store/schema").glob("*.sql")
    )
    tables = re.findall(r"^CREATE TABLE (\w+)", schema, re.MULTILINE)
    folders = [f"{place}/" for place in PLACES] + ["examples/", "tests/", "benchmarks/", "tools/"]
    modules = [path.name for path in (ROOT / PACKAGE).glob("[!_]*.py")]
    terms = [*vocabulary.STATUSES, *records.STANCES, *records.CLAIM_RELATION_KINDS]
    assert {*tables, *folders, *modules, *terms} - told == set()
