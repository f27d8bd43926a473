"""Which test modules a version of Datasette can change: ``pytest --of-datasette`` runs these alone.

They import Datasette, the site or a browser's driver, by themselves or by a module of tests. All
other code is the same beneath every Datasette, so that to test it once is enough.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

TESTS = Path(__file__).parent
PACKAGES = ("datasette", "datasette_leaks.site", "datasette_leaks.compat", "playwright")


@cache
def of_datasette(path: Path) -> bool:
    """Whether the module at ``path`` is one of them."""
    for name in _imports(path):
        if any(f"{name}.".startswith(f"{package}.") for package in PACKAGES):
            return True
        other = TESTS / f"{name.replace('.', '/')}.py"
        if other.exists() and other != path and of_datasette(other):
            return True
    return False


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
