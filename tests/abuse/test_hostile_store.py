"""A database takes all hostile messages: each is loaded, a copy or a problem."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from abuse.hostile_mail import KINDS
from abuse.hostile_mutants import COUNT, mutants
from abuse.hostile_run import MEGABYTES

LARGEST = 25_000_000  # bytes of a message; test_hostile_mail.py has the larger ones too


def leaks(*args: str | Path) -> tuple[int, str, int]:
    """Run the program: its exit status, what it said, and the MB of memory it took."""
    command = [sys.executable, "-m", "datasette", "leaks", *map(str, args)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        assert process.stdout
        said = process.stdout.read().decode()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, said, used.ru_maxrss // 1024


def write_set(folder: Path) -> Iterator[str]:
    """Write the messages of the set into a folder; their names."""
    folder.mkdir()
    for kind, cases in KINDS.items():
        for number, case in enumerate(cases):
            data = case.bytes()
            if len(data) <= LARGEST:
                name = f"{kind}-{number:03}.eml"
                (folder / name).write_bytes(data)
                yield name


def taken(db: sqlite3.Connection, loader: str) -> set[str]:
    """The files of which a message is in the database, or the reason why it is not."""
    copies = """
    SELECT member FROM copies JOIN loads ON loads.id = load_id WHERE loader = :loader
    UNION ALL
    SELECT replace(substr(place, 8), ', byte 0', '') FROM load_problems
    JOIN loads ON loads.id = load_id WHERE loader = :loader
    """
    return {row[0] for row in db.execute(copies, {"loader": loader})}


def test_a_database_takes_all_of_it(tmp_path: Path) -> None:
    folder, packed, path = tmp_path / "set", tmp_path / "mutants.zip", tmp_path / "leaks.db"
    names = set(write_set(folder))
    members = {f"{number:04}.eml" for number in range(COUNT)}
    with zipfile.ZipFile(packed, "w") as archive:
        for name, data in zip(sorted(members), mutants(), strict=True):
            archive.writestr(name, data)

    status, said, megabytes = leaks("load", path, folder, packed, "--jobs", "2")
    assert status == 1, said  # some are empty: problems
    assert "Traceback" not in said
    assert megabytes < MEGABYTES
    status, said, _ = leaks("check", path)
    assert status == 0, said

    count = "SELECT count(*) FROM emails"
    with closing(sqlite3.connect(path)) as db:
        loads = db.execute("SELECT items, loaded + duplicates + refused, refused FROM loads")
        for items, accounted, refused in loads:
            assert items == accounted
            assert refused < 10
        assert taken(db, "mail_tree") == names
        assert taken(db, "packed_mail") == members
        before = db.execute(count).fetchone()
    _, said, _ = leaks("load", path, folder, packed)
    with closing(sqlite3.connect(path)) as db:
        assert db.execute(count).fetchone() == before, said
