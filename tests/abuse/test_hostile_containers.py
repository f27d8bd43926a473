"""Hostile archives are read as far as is safe, and what is refused is told."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from abuse.hostile_containers import CONTAINERS
from abuse.test_hostile_store import leaks

TESTS = Path(__file__).parents[1]
HANGS = 550  # seconds for all of them: a bound against hanging, not a measure


def test_hostile_archives_are_read(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "abuse.hostile_archives", tmp_path],
        env={"PYTHONPATH": f"{TESTS}:{TESTS.parent}"},
        capture_output=True,
        text=True,
        timeout=HANGS,
    )
    assert done.returncode == 0, done.stderr
    wrong = json.loads(done.stdout)
    assert not wrong, "\n".join(f"{name}: {line}" for name in wrong for line in wrong[name])


def test_a_database_takes_what_can_be_had(tmp_path: Path) -> None:
    paths = []
    for number, container in enumerate(CONTAINERS):
        (tmp_path / str(number)).mkdir()
        paths.append(container.make(tmp_path / str(number)))
    status, said, _ = leaks("load", tmp_path / "leaks.db", *paths)
    assert status == 1, said
    assert "Traceback" not in said
    assert "failed" not in said
    status, said, _ = leaks("check", tmp_path / "leaks.db")
    assert status == 0, said
