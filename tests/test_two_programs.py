"""Two programs at one database: the second waits, and sees what the first has written."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlite_utils import Database
from store_world import ARTICLE, DOSSIER, LETTER, REPLY, content, load, new, write

from datasette_leaks.loaders.article import MarkdownLoader
from datasette_leaks.loaders.records import Document, Problem
from datasette_leaks.loaders.registry import Loader, MailLoader
from datasette_leaks.plugins import all_loaders
from datasette_leaks.store.connection import StoreError, open_database
from datasette_leaks.store.integrity import check
from datasette_leaks.store.loading import load_paths
from datasette_leaks.store.migrations import migrations


class _Interrupted(MarkdownLoader):
    """Another program loads other files while this one reads its own."""

    def __init__(self, other: Database, paths: list[Path]) -> None:
        self.other = other
        self.paths = paths

    def load(self, path: Path) -> Iterator[Document | Problem]:
        load(self.other, *self.paths)
        yield from super().load(path)


def test_a_load_sees_what_another_wrote_meanwhile(tmp_path: Path) -> None:
    files = write(tmp_path, article__md=ARTICLE, quay__yaml=DOSSIER, same__md="# Same\n\nOne.\n")
    (tmp_path / "b").mkdir()
    other = write(tmp_path / "b", same__md="# Same\n\nTwo.\n")
    db = new(tmp_path)
    loaders: list[Loader | MailLoader] = [
        *all_loaders(),
        _Interrupted(open_database(tmp_path / "leaks.db"), [*files.values(), *other.values()]),
    ]
    report = load_paths(db, files.values(), loaders)
    assert report.problems == ()
    assert sorted(row["slug"] for row in db["documents"].rows) == [
        "letter", "quay-article", "same", "same-2",
    ]  # fmt: skip
    assert db["loads"].count == 4  # nothing was written twice
    assert check(db) == []


def test_the_schema_is_made_under_the_write_lock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x.db"
    first = migrations._migrations[0]
    make = first.fn

    def interrupted(db: Database) -> None:
        with pytest.raises(StoreError, match="another program"):
            open_database(path, create=True, wait=0)
        make(db)

    monkeypatch.setattr(first, "fn", interrupted)
    assert "claims" in open_database(path, create=True).table_names()


@pytest.mark.parametrize("there", [False, True], ids=["a new file", "a database"])
def test_two_loads_at_the_same_time(tmp_path: Path, there: bool) -> None:
    texts = {"article__md": ARTICLE, "quay__yaml": DOSSIER, "reply__yaml": REPLY}
    files = write(tmp_path, **texts, letter__txt=LETTER)
    (tmp_path / "alone").mkdir()
    alone = new(tmp_path / "alone")
    load(alone, *write(tmp_path / "alone", **texts, letter__txt=LETTER).values())
    for number in range(4):
        path = tmp_path / f"{number}.db"
        if there:
            open_database(path, create=True).close()
        command = [sys.executable, "-m", "datasette", "leaks", "load", str(path)]
        both = [
            subprocess.Popen(
                [*command, *map(str, files.values())],
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
            for _ in range(2)
        ]
        for each in both:
            said, _ = each.communicate(timeout=60)
            assert each.returncode == 0, said
        db = open_database(path)
        assert check(db) == []
        assert content(db) == content(alone)
