"""The commands, as users and scripts meet them."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import click
import pytest
import yaml
from click.testing import CliRunner, Result
from datasette import hookimpl
from datasette.cli import cli
from datasette.plugins import pm
from sqlite_utils import Database
from store_world import ARTICLE, DOSSIER, LETTER, REPLY, document, everything, write

from datasette_leaks import demo as demos
from datasette_leaks.cli import leaks
from datasette_leaks.loaders.dossier import DossierLoader
from datasette_leaks.loaders.records import Document
from datasette_leaks.store import archives, load_log, loading
from datasette_leaks.store.connection import open_database
from datasette_leaks.store.load_log import Counts

ROOT = Path(__file__).parents[1]


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, ["leaks", *map(str, arguments)])


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    return write(tmp_path, article__md=ARTICLE, quay__yaml=DOSSIER, reply__yaml=REPLY)


@pytest.fixture
def database(tmp_path: Path, files: dict[str, Path]) -> Path:
    path = tmp_path / "leaks.db"
    assert run("load", path, *files.values()).exit_code == 0
    return path


def test_load_tells_a_line_a_file_and_the_sum(tmp_path: Path, files: dict[str, Path]) -> None:
    result = run("load", tmp_path / "x.db", *files.values())
    assert result.exit_code == 0
    lines = result.output.splitlines()
    assert [line.split("  ", 1)[1].strip() for line in lines[:3]] == [
        "1 article", "1 dossier", "1 dossier",
    ]  # fmt: skip
    assert lines[3] == "3 files: 1 article, 2 dossiers"
    assert lines[4].startswith("2 claims: ")
    assert "\x1b" not in result.output
    again = run("load", tmp_path / "x.db", *files.values())
    assert again.output.count("unchanged") == 3
    assert "3 files: nothing new" in again.output


def test_load_for_scripts(tmp_path: Path, files: dict[str, Path]) -> None:
    files["reply__yaml"].write_text(REPLY.replace("claim: paid", "claim: payd"))
    result = run("load", tmp_path / "x.db", tmp_path, tmp_path / "gone.md", "--json")
    assert result.exit_code == 1
    told = json.loads(result.stdout)
    assert told["kinds"] == {"article": 1, "dossier": 1}
    assert [Path(path).name for path in told["unsupported"]] == ["x.db"]
    assert {Path(problem["path"]).name for problem in told["problems"]} == {"gone.md", "reply.yaml"}
    assert set(told["problems"][0]) == {"path", "place", "found", "expected", "advice"}
    for file in told["files"]:
        assert file["items"] == file["loaded"] + file["duplicates"] + file["refused"]
    assert told["analysis"]["claims"] == 2
    assert not told["unchanged"]


def test_problems_are_told_with_place_expectation_and_advice(
    tmp_path: Path, files: dict[str, Path]
) -> None:
    files["quay__yaml"].write_text(DOSSIER.replace("kind: outlet", "kind: paper"))
    result = run("load", tmp_path / "x.db", files["quay__yaml"])
    assert result.exit_code == 1
    assert f"{files['quay__yaml']}, line 12, column" in result.stderr
    assert "expected: " in result.stderr
    assert "1 problem" in result.stdout


def test_nothing_to_load_makes_no_database(tmp_path: Path) -> None:
    database = tmp_path / "leaks.db"
    result = run("load", database, tmp_path / "artcle.md")
    assert result.exit_code == 1
    assert "there is no such file" in result.output
    assert not database.exists()


def test_an_unreadable_file_hinders_no_other(
    tmp_path: Path, files: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def sha256(path: Path) -> str:
        if path == files["article__md"]:
            raise PermissionError(13, "Permission denied")
        return "0" * 64

    # As root every file is readable.
    monkeypatch.setattr("os.access", lambda path, mode: path != str(files["article__md"]))
    monkeypatch.setattr(loading, "sha256", sha256)
    result = run("load", tmp_path / "x.db", *files.values())
    assert result.exit_code == 1
    assert f"{files['article__md']}: cannot be read: Permission denied" in result.stderr
    assert "3 files: 2 dossiers, 1 problem" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["load", "{db}", ""], "an empty path"),
        (["load", "", "{db}"], "an empty path"),
        (["demo", ""], "an empty path"),
        (["load", ":memory:", "{db}"], "gone when the command ends"),
        (["check", ":memory:"], "gone when the command ends"),
    ],
    ids=str,
)
def test_paths_that_mean_nothing_are_wrong_use(
    database: Path, arguments: list[str], words: str
) -> None:
    result = run(*(each.replace("{db}", str(database)) for each in arguments))
    assert result.exit_code == 2
    assert words in result.output


def test_demo_in_what_is_no_folder_is_told() -> None:
    result = run("demo", "/dev/null")
    assert result.exit_code == 1
    assert result.output.startswith("Error: /dev/null: is no folder")


def test_check_and_analyse(database: Path) -> None:
    result = run("check", database)
    assert (result.exit_code, result.output) == (0, f"{database}: no problems\n")
    db = open_database(database)
    before = everything(db)
    result = run("analyse", database)
    assert result.output.endswith("Nothing has changed.\n")
    assert everything(db) == before
    with db.atomic():
        db.conn.execute("UPDATE claims_by_status SET status = 'corroborated'")
    db.close()
    result = run("check", database, "--json")
    assert result.exit_code == 1
    told = json.loads(result.stdout)
    assert not told["sound"]
    assert "claims_by_status, corrupt: out of date" in {each["found"] for each in told["problems"]}
    assert run("analyse", database).output.endswith("brought up to date.\n")
    assert run("check", database).exit_code == 0


def test_a_dossier_without_its_text_is_noted_and_no_problem(
    tmp_path: Path, files: dict[str, Path]
) -> None:
    files["article__md"].write_text(ARTICLE.replace("Quay letters", "Key letters"))
    result = run("load", tmp_path / "x.db", *files.values())
    assert result.exit_code == 0
    note = "Note: dossier quay: the text of its article, “The Quay letters”, is not loaded. Nearest"
    assert note in result.stdout
    result = run("check", tmp_path / "x.db")
    assert result.exit_code == 0
    assert note in result.stdout
    assert result.stdout.endswith("x.db: no problems\n")
    for name, paths in (("load", files.values()), ("check", ())):
        (told,) = json.loads(run(name, tmp_path / "x.db", *paths, "--json").stdout)["notes"]
        assert told["dossier"] == "quay"
        assert told["text"].startswith("the text of its article")


@pytest.mark.parametrize("command", ["check", "export"])
def test_reading_changes_no_byte(database: Path, command: str) -> None:
    with closing(sqlite3.connect(database)) as db:
        db.execute("PRAGMA journal_mode = WAL")
    before = database.read_bytes()
    assert run(command, database).exit_code == 0
    assert database.read_bytes() == before


def test_a_dropped_table_is_told_and_a_derived_one_made_again(database: Path) -> None:
    with closing(sqlite3.connect(database)) as db:
        db.execute("DROP TABLE claims_by_status")
        result = run("check", database)
        assert result.exit_code == 1
        assert f"{database}: claims_by_status is missing" in result.stderr
        assert f"Run `datasette leaks analyse {database}`" in result.stderr
        assert run("analyse", database).output.endswith("brought up to date.\n")
        assert run("check", database).exit_code == 0
        db.execute("DROP TABLE links")
    result = run("check", database)
    assert result.exit_code == 1
    assert "links: the table is missing" in result.stderr


def test_export_gives_the_dossiers_back(
    tmp_path: Path, files: dict[str, Path], database: Path
) -> None:
    one = run("export", database, "--format", "dossier", "--dossier", "quay")
    assert yaml.safe_load(one.stdout)["dossier"] == "quay"
    every = run("export", database, "--format", "dossier")
    assert run("export", database).stdout == every.stdout
    out = tmp_path / "out.yaml"
    out.write_text(every.stdout)
    loader = DossierLoader()
    given = [*loader.load(files["quay__yaml"]), *loader.load(files["reply__yaml"])]
    assert list(loader.load(out)) == given
    assert run("load", tmp_path / "new.db", out, files["article__md"]).exit_code == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ["load"],
        ["load", "x.db"],
        ["export", "{db}", "--format", "dossier", "--dossier", "absent"],
        ["export", "{db}", "--format", "pdf"],
        ["check"],
        ["demo", "--article", "absent.md"],
        ["fly"],
    ],
    ids=" ".join,
)
def test_wrong_use_has_status_2(database: Path, arguments: list[str]) -> None:
    assert run(*(each.replace("{db}", str(database)) for each in arguments)).exit_code == 2


@pytest.mark.parametrize("command", ["load", "check", "analyse", "export"])
def test_what_is_no_database_is_told_without_a_traceback(tmp_path: Path, command: str) -> None:
    path = write(tmp_path, article__md=LETTER * 100)["article__md"]
    more: dict[str, list[str | Path]] = {"load": [path]}
    result = run(command, path, *more.get(command, []))
    assert result.exit_code == 1
    assert result.output.startswith(f"Error: {path}: is not an SQLite database")


def test_demo_without_the_examples_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demos, "TOP", tmp_path)
    result = run("demo", tmp_path / "demo")
    assert result.exit_code == 1
    assert "run this from a clone" in result.output
    assert not (tmp_path / "demo").exists()


def test_demo_takes_the_article_and_is_idempotent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed_article: Path
) -> None:
    monkeypatch.setattr(demos, "ARTICLE", tmp_path / "absent.md")
    folder = tmp_path / "demo"
    assert run("demo", folder).exit_code == 0
    text = "SELECT text FROM documents WHERE slug = 'stratfor-us-troops-mexico'"
    assert open_database(folder / "stratfor-2012.db").execute(text).fetchone() == (None,)
    for _ in range(2):
        result = run("demo", folder, "--article", seed_article)
        assert result.exit_code == 0, result.output
    assert "harbour.db" in result.output.splitlines()[-1]
    assert "Left alone" not in result.output
    assert run("check", folder / "stratfor-2012.db").exit_code == 0
    assert run("check", folder / "harbour.db").exit_code == 0


class _TelexLoader:
    name = "telex"
    description = "A telex"
    suffixes = (".telex", ".md")

    def load(self, path: Path) -> Iterator[Document]:
        yield document(path.read_text(), path=str(path), kind="other")


def test_a_plugin_brings_a_loader_and_may_replace_ours(tmp_path: Path) -> None:
    class Plugin:
        @hookimpl  # type: ignore[untyped-decorator]
        def register_leaks_loaders(self) -> list[Any]:
            return [_TelexLoader()]

    plugin = Plugin()
    pm.register(plugin)
    try:
        paths = write(tmp_path, a__telex="Stop.", b__md="Start.")
        result = run("load", tmp_path / "x.db", *paths.values(), "--json")
    finally:
        pm.unregister(plugin)
    assert [file["loader"] for file in json.loads(result.stdout)["files"]] == ["telex", "telex"]


def test_ctrl_c_keeps_what_is_loaded_and_the_same_command_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = "From a Mon Jan  3 10:00:00 2011\n"
    source = tmp_path / "a.mbox"
    source.write_text("\n".join(f"{line}Subject: {n}\n\nCrane {n}.\n" for n in range(9)))
    database = tmp_path / "leaks.db"
    note = load_log.note_progress

    def interrupted(db: Database, load_id: int, counts: Counts, before: int) -> bool:
        if before:
            raise KeyboardInterrupt
        return note(db, load_id, counts, before)

    monkeypatch.setattr(archives, "note_progress", interrupted)
    monkeypatch.setattr("datasette_leaks.cli.load_paths", partial(loading.load_paths, batch=5))
    result = run("load", database, source, "--jobs", "2")
    assert result.exit_code == 130
    assert result.stderr.endswith(
        "Stopped. What was loaded is kept: run the same command to go on.\n"
    )
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("SELECT taken FROM load_progress").fetchall() == [(5,)]
    monkeypatch.undo()
    result = run("load", database, source)
    assert (result.exit_code, "9 emails" in result.output) == (0, True)
    assert "unchanged" in run("load", database, source).output
    assert run("check", database).exit_code == 0


def test_the_balance_of_an_archive_is_told_and_the_problems_that_are_not_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "SHOWN", 2)
    (tmp_path / "mail").mkdir()
    (tmp_path / "mail" / "a.eml").write_text("Subject: a\n\nSix cranes.\n")
    for n in range(5):
        (tmp_path / "mail" / f"b{n}.eml").write_text("")
    database, balance = tmp_path / "leaks.db", "in 6 = 1 loaded + 0 duplicates + 5 refused"
    first = run("load", database, tmp_path / "mail")
    assert f"1 email, 5 problems, {balance}" in first.stdout
    assert "1 file: 1 email, 5 problems" in first.stdout
    assert first.stderr.count("eml") == 2
    assert "3 more problems, in the table load_problems" in first.stderr
    assert f"unchanged, 5 problems, {balance}" in run("load", database, tmp_path / "mail").stdout
    (told,) = json.loads(run("load", database, tmp_path / "mail", "--json").stdout)["files"]
    assert (told["items"], told["loaded"], told["refused"], told["problems"]) == (6, 1, 5, 5)


def test_names_of_leaked_files_do_nothing_to_the_terminal(tmp_path: Path) -> None:
    (tmp_path / "mail").mkdir()
    (tmp_path / "mail" / "a.eml").write_text("Subject: a\n\nSix cranes.\n")
    (tmp_path / "mail" / "b\x1b[31m\n\x9b1m\u202e.eml").write_text("")
    (tmp_path / "c\x1b[2J.xyz").write_text("c")
    result = run("load", tmp_path / "leaks.db", tmp_path)
    assert r"b\x1b[31m\x0a\x9b1m\u202e.eml" in result.stderr
    assert r"c\x1b[2J.xyz" in result.stdout
    told = run("load", tmp_path / "leaks.db", tmp_path, "--json").stdout
    for text in (result.stdout, result.stderr, told):
        assert not set(text) & set("\x1b\x9b\u202e")
    assert "b\x1b[31m\n\x9b1m\u202e.eml" in json.loads(told)["problems"][0]["place"]


def test_jobs_are_at_least_one(tmp_path: Path) -> None:
    assert run("load", tmp_path / "x.db", tmp_path, "--jobs", "0").exit_code == 2


def test_every_command_has_help_with_an_example() -> None:
    for name, command in leaks.commands.items():
        assert command.help, name
        assert f"datasette leaks {name}" in command.help
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                assert parameter.help, f"{name} {parameter.name}"


def test_the_reference_is_up_to_date() -> None:
    script = ROOT / "docs" / "update_reference.py"
    result = subprocess.run(
        [sys.executable, script, "--check"], capture_output=True, text=True, check=False
    )
    assert (result.returncode, result.stdout + result.stderr) == (0, "")


def test_errors_print_no_control_characters_of_names(tmp_path: Path) -> None:
    name = str(tmp_path / "\x1b[31mred.eml")
    for arguments in (
        ["load", str(tmp_path / "new.db"), name],
        ["check", str(tmp_path / "\x1b[31m.db")],
    ):
        result = CliRunner().invoke(leaks, arguments, color=True)
        assert result.exit_code == 1
        assert "\\x1b[31m" in result.output
        assert "\x1b" not in result.output
