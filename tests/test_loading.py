"""Loading files: in any order, again, changed, broken, interrupted."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database
from store_world import (
    ARTICLE,
    DOSSIER,
    LETTER,
    REPLY,
    content,
    document,
    everything,
    load,
    new,
    write,
)

from datasette_leaks.loaders.records import Problem
from datasette_leaks.plugins import all_loaders
from datasette_leaks.store import loading
from datasette_leaks.store.connection import StoreError, open_database
from datasette_leaks.store.dossier_rows import read_dossier
from datasette_leaks.store.integrity import check
from datasette_leaks.store.loading import load_paths

FILES = {"article__md": ARTICLE, "quay__yaml": DOSSIER, "reply__yaml": REPLY, "letter__txt": LETTER}


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    return write(tmp_path, **FILES)


@pytest.fixture
def db(tmp_path: Path) -> Database:
    return new(tmp_path)


def spans(db: Database) -> dict[str, str]:
    sql = """
    SELECT a.id, substr(text, start + 1, "end" - start)
    FROM (SELECT id, document_id, start, "end" FROM claims
          UNION ALL SELECT id, document_id, start, "end" FROM assertions) AS a
    JOIN documents ON documents.id = document_id
    """
    return dict(db.conn.execute(sql).fetchall())


def test_a_folder_becomes_rows(tmp_path: Path, files: dict[str, Path], db: Database) -> None:
    report = load(db, tmp_path)
    assert report.problems == ()
    assert report.kinds == {"article": 1, "dossier": 2, "email": 1}
    kinds = {Path(file.path).name: file.kinds for file in report.files}
    assert kinds["letter.txt"] == (("email", 1),)
    assert kinds["quay.yaml"] == (("dossier", 1),)
    assert [Path(path).name for path in report.unsupported] == ["leaks.db"]
    assert all(f.items == f.loaded + f.duplicates + f.refused for f in report.files)
    passage = "they paid three inspectors to look away"
    # paid--firm stands in the reply's dossier: it was not said where the article makes the claim.
    assert spans(db) == {"paid": passage, "paid--hb2": passage, "paid--post": "HB2 wrote"}
    assert check(db) == []


def test_the_order_of_files_decides_nothing(tmp_path: Path, files: dict[str, Path]) -> None:
    seen = []
    for number, order in enumerate(permutations(files)):
        if order.index("reply__yaml") < order.index("quay__yaml"):
            continue  # it needs the claims of the other
        folder = tmp_path / str(number)
        folder.mkdir()
        own = write(folder, **FILES)
        db = new(folder)
        for name in order:
            assert load(db, own[name]).problems == (), order
        assert check(db) == [], order
        seen.append(content(db))
        db.close()
    assert len(seen) == 12
    assert all(each == seen[0] for each in seen)


def test_the_same_files_again_change_nothing(files: dict[str, Path], db: Database) -> None:
    load(db, *files.values())
    before = everything(db)
    report = load(db, *files.values())
    assert report.unchanged
    assert everything(db) == before


def test_a_failing_file_again_changes_nothing_and_is_told_again(
    tmp_path: Path, files: dict[str, Path], db: Database
) -> None:
    files["quay__yaml"].write_text(DOSSIER.replace("they paid", "nobody paid"))
    first = load(db, *files.values())
    before = everything(db)
    second = load(db, *files.values())
    assert [str(problem) for problem in first.problems] == [str(p) for p in second.problems]
    assert second.unchanged
    assert everything(db) == before


def test_an_anchor_that_fails_keeps_the_dossier_out(files: dict[str, Path], db: Database) -> None:
    files["quay__yaml"].write_text(DOSSIER.replace("they paid", "nobody paid"))
    report = load(db, files["article__md"], files["quay__yaml"])
    (problem,) = report.problems
    assert problem.path == str(files["quay__yaml"])
    assert problem.place == "line 14, claims.paid.at"
    assert "nobody paid" in problem.found
    assert db["dossiers"].count == 0
    assert db["sources"].count == 0
    assert [row["slug"] for row in db["documents"].rows] == ["the-quay-letters"]


def test_an_anchor_that_fails_when_the_text_arrives_is_a_problem_of_that_load(
    files: dict[str, Path], db: Database
) -> None:
    files["quay__yaml"].write_text(DOSSIER.replace("they paid", "nobody paid"))
    assert load(db, files["quay__yaml"]).problems == ()
    report = load(db, files["article__md"])
    (problem,) = report.problems
    assert Path(problem.path).resolve() == files["quay__yaml"].resolve()
    assert problem.place == "line 14, claims.paid.at"
    assert "paid" not in spans(db).values()
    assert db.table("documents").get(1)["text"]
    (recorded,) = db["load_problems"].rows
    assert recorded["place"].endswith("quay.yaml, line 14, claims.paid.at")
    # Mended, it takes its place, and the article has no problem any more.
    files["quay__yaml"].write_text(DOSSIER)
    assert load(db, *files.values()).problems == ()
    assert spans(db)["paid"].startswith("they paid")


def test_article_and_dossier_may_change_together(files: dict[str, Path], db: Database) -> None:
    load(db, *files.values())
    files["article__md"].write_text(ARTICLE.replace("they paid", "the firm paid"))
    alone = load(db, files["article__md"])
    assert len(alone.problems) == 1
    files["article__md"].write_text(ARTICLE.replace("they paid", "somebody paid"))
    files["quay__yaml"].write_text(DOSSIER.replace("they paid", "somebody paid"))
    for order in (files.values(), reversed(files.values())):
        assert load(db, *order).problems == ()
    assert spans(db)["paid--hb2"].startswith("somebody paid")
    assert check(db) == []


def test_an_unchanged_dossier_tells_that_the_text_left_it(
    files: dict[str, Path], db: Database
) -> None:
    load(db, *files.values())
    files["article__md"].write_text(ARTICLE.replace("they paid", "the firm paid"))
    (problem,) = load(db, files["quay__yaml"], files["article__md"]).problems
    assert problem.path == str(files["quay__yaml"])


def test_dossiers_that_others_need_come_first(files: dict[str, Path], db: Database) -> None:
    report = load(db, files["reply__yaml"], files["quay__yaml"])
    assert report.problems == ()
    assert [Path(file.path).name for file in report.files] == ["reply.yaml", "quay.yaml"]


def test_an_unknown_reference_names_the_likely_one(files: dict[str, Path], db: Database) -> None:
    files["reply__yaml"].write_text(REPLY.replace("claim: paid", "claim: payd"))
    report = load(db, files["quay__yaml"], files["reply__yaml"])
    (problem,) = report.problems
    assert "payd" in problem.found
    assert "paid" in problem.advice
    assert [row["id"] for row in db["dossiers"].rows] == ["quay"]


def test_what_is_wrong_in_a_dossier_is_told_at_once_by_line(
    files: dict[str, Path], db: Database
) -> None:
    load(db, *files.values())
    before = content(db)
    files["reply__yaml"].write_text(
        REPLY.replace("dependent_on: post", "dependent_on: the-post").replace(
            "source: firm", "source: firm, at: {start: The firm rejects}"
        )
    )
    files["quay__yaml"].write_text(
        DOSSIER.replace("they paid", "nobody paid")
        .replace("said_in: letter", "said_in: lettre")
        .replace("at: {start: HB2 wrote}", "at: {start: HB2 wrote, end: look aside}")
        .replace("[paid--hb2]", "[paid--hb3]")
    )
    report = load(db, files["quay__yaml"], files["reply__yaml"])
    assert [(problem.place, problem.expected) for problem in report.problems] == [
        ("line 14, claims.paid.at", "words that stand once in the text"),
        ("line 18, claims.paid.assertions[0].said_in", DOCUMENT),
        ("line 19, claims.paid.assertions[1].derives_from[0]", ASSERTION),
        ("line 19, claims.paid.assertions[1].at", "words at or after its start"),
        ("line 7, sources.firm.relations[0].dependent_on", SOURCE),
        ("line 9, assertions[0].at", "words that stand once in the text"),
    ]
    assert content(db) == before
    assert check(db) == []
    # The rows are placed by the same names as the record of the dossier.
    files["quay__yaml"].write_text(DOSSIER.replace("HB2 wrote", "HB3 wrote"))
    (problem,) = load(db, files["quay__yaml"]).problems
    assert problem.place == "line 19, claims.paid.assertions[1].at"
    files["reply__yaml"].write_text(
        REPLY.replace("source: firm", "source: firm, at: {start: The firm rejects}")
    )
    (problem,) = load(db, files["reply__yaml"]).problems
    assert problem.place == "line 9, assertions[0].at"


DOCUMENT, SOURCE, ASSERTION = (
    f"the id of {kind} in this or a loaded dossier"
    for kind in ("a document", "a source", "an assertion")
)


def test_a_circle_of_dossiers_is_a_problem_of_each(files: dict[str, Path], db: Database) -> None:
    text = DOSSIER.replace("derives_from: [paid--hb2]", "derives_from: [paid--hb2, paid--firm]")
    files["quay__yaml"].write_text(text)
    report = load(db, files["reply__yaml"], files["quay__yaml"])
    assert len(report.problems) == 2
    assert all("quay and reply" in problem.found for problem in report.problems)
    assert db["dossiers"].count == 0


def test_an_id_of_another_dossier_is_refused(
    tmp_path: Path, files: dict[str, Path], db: Database
) -> None:
    other = REPLY.replace("id: firm", "id: hb2").replace("source: firm", "source: hb2")
    files["reply__yaml"].write_text(other)
    report = load(db, files["quay__yaml"], files["reply__yaml"])
    found = " ".join(problem.found for problem in report.problems)
    assert "dossier reply defines hb2, and so does dossier quay" in found


def test_the_same_dossier_in_two_files_is_refused(
    tmp_path: Path, files: dict[str, Path], db: Database
) -> None:
    copy = write(tmp_path, copy__yaml=DOSSIER.replace("title: The letters", "title: Others"))
    for _ in range(2):  # the second time the first file is not even read again
        (problem,) = load(db, files["quay__yaml"], copy["copy__yaml"]).problems
        assert "quay is in" in problem.found
    assert read_dossier(db, "quay").title == "The letters"


def test_what_others_need_cannot_be_taken_away(files: dict[str, Path], db: Database) -> None:
    load(db, *files.values())
    before = content(db)
    files["quay__yaml"].write_text(
        DOSSIER.replace("id: post", "id: paper")
        .replace("source: post", "source: paper")
        .replace("voice: post", "voice: paper")
        .replace("[post]", "[paper]")
    )
    (problem,) = load(db, files["quay__yaml"]).problems
    assert problem.found == "post is no longer defined, but dossier reply uses it"
    assert content(db) == before


def test_a_changed_dossier_writes_only_what_changed(files: dict[str, Path], db: Database) -> None:
    load(db, *files.values())
    text = DOSSIER.replace("The firm was corrupt.", "The firm is corrupt.")
    files["quay__yaml"].write_text(text)
    written: list[str] = []
    db.conn.set_trace_callback(written.append)
    load(db, files["quay__yaml"])
    db.conn.set_trace_callback(None)
    updates = [sql for sql in written if sql.lstrip().upper().startswith(("UPDATE", "INSERT"))]
    tables = {sql.split('"')[1] for sql in updates if '"' in sql.split("SET")[0]}
    assert "claims" in tables
    assert "assertions" not in tables
    assert db.table("claims").get("corrupt")["text"] == "The firm is corrupt."


def test_what_a_dossier_no_longer_says_is_deleted(files: dict[str, Path], db: Database) -> None:
    load(db, files["article__md"], files["quay__yaml"])
    files["quay__yaml"].write_text(
        DOSSIER.split("  - {id: corrupt")[0]
        .replace(", said_in: letter", "")
        .replace(next(line for line in DOSSIER.splitlines() if "id: letter" in line) + "\n", "")
        .replace("documents:\n", "")
    )
    assert load(db, files["quay__yaml"]).problems == ()
    assert [row["id"] for row in db["claims"].rows] == ["paid"]
    assert [row["slug"] for row in db["documents"].rows] == ["quay-article"]
    assert check(db) == []


def test_a_changed_article_replaces_the_text(files: dict[str, Path], db: Database) -> None:
    load(db, *files.values())
    files["article__md"].write_text(ARTICLE.replace("HB2 wrote", "In 2020 HB2 wrote"))
    report = load(db, files["article__md"])
    assert report.problems == ()
    assert spans(db)["paid"].startswith("they paid")
    assert sorted(row["slug"] for row in db["documents"].rows) == [
        "filing", "letter", "quay-article",
    ]  # fmt: skip
    assert check(db) == []


def test_two_texts_with_one_title_are_two_documents(tmp_path: Path, db: Database) -> None:
    paths = write(tmp_path, a__md="# Same\n\nOne.\n", b__md="# Same\n\nTwo.\n")
    load(db, *paths.values())
    assert [row["slug"] for row in db["documents"].rows] == ["same", "same-2"]


def test_the_same_bytes_elsewhere_are_a_duplicate(tmp_path: Path, db: Database) -> None:
    paths = write(tmp_path, a__md=ARTICLE, b__md=ARTICLE)
    report = load(db, *paths.values())
    assert [(file.loaded, file.duplicates) for file in report.files] == [(1, 0), (0, 1)]
    before = everything(db)
    assert load(db, *paths.values()).unchanged
    assert everything(db) == before


def test_what_cannot_be_loaded_is_told(tmp_path: Path, db: Database) -> None:
    paths = write(tmp_path, odd__xyz="?", a__md="One.\n")
    report = load(db, tmp_path / "absent.md", paths["odd__xyz"], paths["a__md"])
    found = {Path(problem.path).name: problem.found for problem in report.problems}
    assert found == {
        "absent.md": "there is no such file",
        "odd.xyz": "no loader takes .xyz",
    }
    assert report.loaded == 1


def test_links_are_resolved_whenever_documents_come(files: dict[str, Path], db: Database) -> None:
    sql = """
    SELECT links.url, resolution, slug
    FROM links LEFT JOIN documents ON documents.id = target_id ORDER BY links.url
    """
    load(db, files["article__md"])
    assert db.conn.execute(sql).fetchall() == [
        ("#", "unresolved", None),
        ("https://q.example/l/17", "external", None),
    ]
    load(db, files["quay__yaml"])
    assert db.conn.execute(sql).fetchall()[1] == ("https://q.example/l/17", "resolved", "letter")


def test_a_killed_load_resumes_to_the_same(tmp_path: Path, files: dict[str, Path]) -> None:
    whole = new(tmp_path)
    load(whole, *files.values())
    for last in range(len(files)):
        folder = tmp_path / str(last)
        folder.mkdir()
        own = write(folder, **FILES)
        db = new(folder)
        # The trigger fires when a file's rows are written and its transaction is still open.
        db.conn.execute(
            f"CREATE TEMP TRIGGER kill BEFORE UPDATE ON loads WHEN old.id > {last} "
            "BEGIN SELECT RAISE(ABORT, 'killed'); END"
        )
        with pytest.raises(sqlite3.IntegrityError, match="killed"):
            load(db, *own.values())
        db.close()
        db = open_database(folder / "leaks.db")
        assert db["loads"].count == last
        assert load(db, *own.values()).problems == ()
        assert content(db) == content(whole)
        assert check(db) == []


def test_another_writer_is_told(tmp_path: Path, files: dict[str, Path], db: Database) -> None:
    db.conn.execute("PRAGMA busy_timeout = 1")
    other = open_database(tmp_path / "leaks.db")
    other.conn.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="another program is writing"):
        load(db, files["article__md"])


def test_problems_are_records(db: Database, tmp_path: Path) -> None:
    paths = write(tmp_path, a__yaml="dossier: 1\n")
    report = load(db, paths["a__yaml"])
    assert all(isinstance(problem, Problem) for problem in report.problems)
    assert db["loads"].count == 1
    assert db["load_problems"].count == len(report.problems) > 0


class _Failing:
    """A plugin's loader: gives what it is told to, and raises what is an exception."""

    name = "telex"
    suffixes = (".telex",)

    def __init__(self, *given: object) -> None:
        self.given = given

    def load(self, path: Path) -> Iterator[Any]:
        for each in self.given:
            if isinstance(each, Exception):
                raise each
            yield each


def unfit(**fields: Any) -> dict[str, Any]:
    """Fields of a record that are not as records.py has them, past the type checker."""
    return fields


ODD: dict[str, tuple[object, str]] = {
    "ValueError": (ValueError("bad byte"), "the loader telex failed: ValueError: bad byte"),
    "RecursionError": (RecursionError(), "the loader telex failed: RecursionError"),
    "OSError": (FileNotFoundError(2, "no such file"), "cannot be read: no such file"),
    "no record": ("a string", "the loader telex failed: TypeError: it gave a str, not a record"),
    "no text": (replace(document("a"), **unfit(text=7)), "does not fit the database"),
    "no title": (replace(document("a"), **unfit(slug=Path("a"))), "does not fit the database"),
}


@pytest.mark.parametrize("name", ODD)
def test_a_loader_that_fails_hinders_no_other_file(tmp_path: Path, db: Database, name: str) -> None:
    given, words = ODD[name]
    paths = write(tmp_path, a__telex="", b__md="One.\n")
    good = document("Stop.", slug="stop", path=str(paths["a__telex"]))
    report = load_paths(db, paths.values(), [*all_loaders(), _Failing(good, given)])
    assert [file.loaded for file in report.files] == [1, 1]
    (problem,) = report.problems
    assert words in problem.found
    assert problem.path == str(paths["a__telex"])
    assert check(db) == []


def test_another_file_with_the_same_dossier_id_is_refused(
    tmp_path: Path, files: dict[str, Path], db: Database
) -> None:
    other = write(tmp_path, other__yaml=REPLY.replace("What the firm says", "Another"))
    load(db, *files.values())
    before = content(db)
    (problem,) = load(db, other["other__yaml"]).problems
    assert (
        problem.found
        == f"dossier reply is that of {os.path.relpath(files['reply__yaml'])}, "
        + ("which is still there")
    )
    assert problem.place == "dossier"
    assert content(db) == before
    other["other__yaml"].write_text(REPLY)
    assert [(file.loaded, file.duplicates) for file in load(db, other["other__yaml"]).files] == [
        (0, 1)
    ]
    assert content(db) == before


@pytest.mark.parametrize("how", ["moved", "renamed in its file"])
def test_a_dossier_may_move_to_another_file(
    tmp_path: Path, files: dict[str, Path], db: Database, how: str
) -> None:
    load(db, *files.values())
    other = write(tmp_path, other__yaml=REPLY.replace("What the firm says", "Another"))
    if how == "moved":
        files["reply__yaml"].unlink()
    else:
        files["reply__yaml"].write_text("dossier: new\ntitle: New\n")
    assert load(db, other["other__yaml"]).problems == ()
    assert read_dossier(db, "reply").title == "Another"


def counts(db: Database) -> list[tuple[str | int, ...]]:
    sql = "SELECT path, items, loaded, duplicates, refused, problems FROM loads ORDER BY id"
    return list(db.conn.execute(sql))


def test_what_a_loader_gave_is_counted_apart_from_what_was_taken(
    files: dict[str, Path], db: Database
) -> None:
    files["quay__yaml"].write_text(
        DOSSIER.replace("they paid, ", "paid who, ").replace("HB2 wrote", "HB2 writes")
    )
    load(db, files["article__md"], files["quay__yaml"])
    assert counts(db) == [("article.md", 1, 1, 0, 0, 0), ("quay.yaml", 1, 0, 0, 1, 2)]


def test_problems_of_another_file_are_not_items_of_the_text(
    files: dict[str, Path], db: Database
) -> None:
    load(db, files["quay__yaml"])
    files["article__md"].write_text(ARTICLE.replace("they paid", "we paid"))
    load(db, files["article__md"])
    assert counts(db)[1] == ("article.md", 1, 1, 0, 0, 1)


def test_an_item_that_is_lost_on_the_way_is_an_error(
    files: dict[str, Path], db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "refuse_repeated", lambda dossiers, seen: [])
    with pytest.raises(RuntimeError, match="internal error"):
        load(db, files["quay__yaml"])
    assert db["loads"].count == 0


def test_a_folder_of_mail_is_not_read_again_because_of_its_other_files(tmp_path: Path) -> None:
    folder = tmp_path / "leak"
    (folder / "mail").mkdir(parents=True)
    (folder / "mail" / "1.eml").write_text("Subject: cranes\nMessage-ID: <1@x>\n\nSix cranes.\n")
    write(folder, article__md=ARTICLE, quay__yaml=DOSSIER)
    db = new(tmp_path)
    first = load(db, folder)
    assert first.kinds == {"article": 1, "dossier": 1, "email": 1}
    assert load(db, folder).unchanged
    write(folder, quay__yaml=DOSSIER.replace("title: The letters", "title: Letters"))
    again = load(db, folder)
    assert {each.loader for each in again.files if not each.unchanged} == {"dossier"}
    assert check(db) == []
