"""`datasette leaks draft`, as users and scripts meet it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from datasette import hookimpl
from datasette.cli import cli
from datasette.plugins import pm
from draft_world import ARTICLE, document, found
from sqlite_utils import Database

from datasette_leaks.analysis.attribution import Engine, EngineError, Extraction
from datasette_leaks.loaders.dossier import parse
from datasette_leaks.loaders.records import Dossier, Link, Passage
from tools.draft_distance import distance

ROOT = Path(__file__).parents[1]
SEED = ROOT.parent / "shared/seed/article.md"


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, ["leaks", *map(str, arguments)])


class Careless:
    """An engine that says what it likes."""

    name = "careless"
    version = "3"

    def __init__(self, said: str = "no reason") -> None:
        self.said = said

    def available(self) -> str | None:
        return None if self.said == "ready" else f"install {self.said}"

    def configured(self, options: Mapping[str, str]) -> Engine:
        if set(options) != {"mood"}:
            raise ValueError("the only option is mood")
        return Careless(options["mood"])

    def extract(self, text: str, passages: Sequence[Passage], links: Sequence[Link]) -> Extraction:
        if "Ferry" not in text:
            raise EngineError("it is no ferry")
        good = found(text)
        first = replace(good.attributions[0], cue="shouted")
        return replace(good, attributions=(first, *good.attributions[1:]))


class Plugin:
    @hookimpl  # type: ignore[untyped-decorator]
    def register_leaks_engines(self) -> list[Engine]:
        return [Careless()]


@pytest.fixture
def careless() -> Iterator[None]:
    plugin = Plugin()
    pm.register(plugin)
    yield
    pm.unregister(plugin)


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "ferry.md"
    path.write_text(ARTICLE, encoding="utf-8")
    return path


def test_a_draft_loads_without_a_mistake_and_counts_for_nothing(
    tmp_path: Path, article: Path
) -> None:
    result = run("draft", article)
    assert result.exit_code == 0
    (tmp_path / "draft.yaml").write_text(result.stdout, encoding="utf-8")
    loaded = run("load", tmp_path / "x.db", article, tmp_path / "draft.yaml")
    assert loaded.exit_code == 0, loaded.output
    assert "Note" not in loaded.output
    assert run("check", tmp_path / "x.db").exit_code == 0
    rows = list(Database(tmp_path / "x.db")["claims_by_status"].rows)
    assert len(rows) >= 4
    assert {(row["status"], row["assertions"]) for row in rows} == {("unsourced", 0)}


def test_load_and_export_give_the_draft_back(tmp_path: Path, article: Path) -> None:
    text = run("draft", article).stdout
    (tmp_path / "draft.yaml").write_text(text, encoding="utf-8")
    run("load", tmp_path / "x.db", article, tmp_path / "draft.yaml")
    assert parse(run("export", tmp_path / "x.db").stdout, "x") == parse(text, "x")


def test_several_articles_make_a_stream_of_dossiers(tmp_path: Path, article: Path) -> None:
    other = tmp_path / "second.txt"
    other.write_text("Second\n\nNils Cordage said that the pump was new.\n", encoding="utf-8")
    parsed = parse(run("draft", article, other).stdout, "x")
    assert [each.id for each in parsed if isinstance(each, Dossier)] == [
        "ferry-firm-hid-a-leak",
        "second",
    ]


def test_jsonl_has_a_line_for_each_attribution_of_each_article(
    tmp_path: Path, article: Path
) -> None:
    other = tmp_path / "second.txt"
    text = "Second\n\nNils Cordage said that the pump was new.\n"
    other.write_text(text, encoding="utf-8")
    result = run("draft", "--format", "jsonl", article, other)
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert {row["path"] for row in rows} == {str(article), str(other)}
    (row,) = [row for row in rows if row["path"] == str(other)]
    assert text[row["start"] : row["end"]] == "that the pump was new"
    assert list(row) == [
        "path", "start", "end", "kind", "speaker", "source", "type", "cue", "hedges", "rule",
        "confidence", "engine",
    ]  # fmt: skip
    assert (row["kind"], row["speaker"], row["source"], row["cue"], row["engine"]) == (
        "indirect", "Nils Cordage", "nils-cordage", "said", "rules",
    )  # fmt: skip
    assert result.stdout == run("draft", "--format", "jsonl", article, other).stdout


def test_what_would_move_the_cursor_is_escaped(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("Quay\n\nNils \u202eCordage said that all is well.\n", encoding="utf-8")
    result = run("draft", "--format", "jsonl", path)
    assert "\u202e" not in result.stdout
    assert json.loads(result.stdout)["speaker"] == "Nils \u202eCordage"


@pytest.mark.usefixtures("careless")
def test_rows_that_do_not_stand_in_the_text_are_counted(article: Path) -> None:
    options = ("--engine", "careless", "--option", "mood", "ready")
    result = run("draft", *options, "--format", "jsonl", article)
    assert result.exit_code == 0
    assert len(result.stdout.splitlines()) == 5
    assert "1 row left out: not in the text" in result.stderr


@pytest.mark.usefixtures("careless")
def test_a_text_that_the_engine_cannot_read_is_told_and_hinders_no_other(
    tmp_path: Path, article: Path
) -> None:
    other = tmp_path / "other.txt"
    other.write_text("Tram\n\nAll is well.\n", encoding="utf-8")
    options = ("--engine", "careless", "--option", "mood", "ready", "--format", "jsonl")
    result = run("draft", *options, other, article)
    assert result.exit_code == 1
    assert "other.txt: the engine careless could not read it: it is no ferry" in result.stderr
    assert len(result.stdout.splitlines()) == 5


def test_an_unknown_engine_is_told_with_those_there_are(article: Path) -> None:
    result = run("draft", "--engine", "oracle", article)
    assert result.exit_code == 2
    assert "there is no engine oracle, but" in result.output
    assert "rules" in result.output


@pytest.mark.usefixtures("careless")
def test_an_engine_that_cannot_run_says_why(article: Path) -> None:
    assert "careless (which cannot run here: install no reason)" in " ".join(
        run("draft", "--engine", "oracle", article).output.split()
    )
    result = run("draft", "--engine", "careless", article)
    assert result.exit_code == 2
    assert "careless cannot run here: install no reason" in " ".join(result.output.split())


@pytest.mark.usefixtures("careless")
def test_options_an_engine_does_not_have_are_told(article: Path) -> None:
    wrong = run("draft", "--engine", "careless", "--option", "colour", "red", article)
    assert "the only option is mood" in wrong.output
    none = run("draft", "--option", "mood", "red", article)
    assert none.exit_code == 2
    assert "rules takes no options" in none.output


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.xyz", "Text", "no loader takes .xyz"),
        ("a.yaml", "dossier: a\ntitle: A\n", "is a dossier"),
        ("a.yaml", "dossier: [", "not valid YAML"),
        (
            "a.mbox",
            "From a@b.example Thu Jan  1 00:00:00 1970\nSubject: A\n\nA\n",
            "archive of mail",
        ),
        ("a.txt", " \n", "no text"),
    ],
)
def test_what_is_no_article_is_told_and_hinders_no_other(
    tmp_path: Path, article: Path, name: str, text: str, said: str
) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    result = run("draft", "--format", "jsonl", tmp_path / name, article)
    assert result.exit_code == 1
    assert said in result.stderr
    assert {json.loads(line)["path"] for line in result.stdout.splitlines()} == {str(article)}


def test_a_missing_file_and_a_folder_are_told(tmp_path: Path) -> None:
    result = run("draft", tmp_path / "gone.md", tmp_path)
    assert result.exit_code == 1
    assert "there is no such file" in result.stderr
    assert "is a folder" in result.stderr


def test_a_run_is_recorded_for_the_loaded_text(tmp_path: Path, article: Path) -> None:
    database = tmp_path / "x.db"
    run("load", database, article)
    for _ in range(2):
        result = run("draft", "--format", "jsonl", "--record", database, article)
        assert result.exit_code == 0, result.output
    db = Database(database)
    (row,) = db["extractions"].rows
    assert (row["engine"], row["options"], row["dropped"]) == ("rules", "{}", 0)
    assert db["attributions"].count == len(result.stdout.splitlines()) > 0
    assert run("check", database).exit_code == 0


@pytest.mark.usefixtures("careless")
def test_runs_of_two_engines_stand_side_by_side(tmp_path: Path, article: Path) -> None:
    database = tmp_path / "x.db"
    run("load", database, article)
    run("draft", "--record", database, article)
    options = ("--engine", "careless", "--option", "mood", "ready")
    run("draft", "--record", database, *options, article)
    runs = Database(database)["extractions"].rows
    rows = [(row["engine"], row["options"], row["dropped"]) for row in runs]
    assert rows == [("rules", "{}", 0), ("careless", '{"mood": "ready"}', 1)]


def test_a_run_over_a_text_that_is_not_loaded_is_refused(tmp_path: Path, article: Path) -> None:
    database = tmp_path / "x.db"
    assert "there is no such database" in run("draft", "--record", database, article).output
    other = tmp_path / "other.txt"
    other.write_text("Other\n\nNils Cordage said that all is well.\n", encoding="utf-8")
    run("load", database, other)
    result = run("draft", "--record", database, article)
    assert result.exit_code == 1
    assert "is not loaded. Load it first" in result.output


@pytest.mark.skipif(
    not SEED.exists(), reason="the seed article is not at ../shared/seed/article.md"
)
def test_the_draft_of_the_seed_is_near_the_dossier_that_people_wrote(tmp_path: Path) -> None:
    text = run("draft", SEED).stdout
    (tmp_path / "draft.yaml").write_text(text, encoding="utf-8")
    loaded = run("load", tmp_path / "x.db", SEED, tmp_path / "draft.yaml")
    assert loaded.exit_code == 0
    assert run("check", tmp_path / "x.db").exit_code == 0
    (drafted,) = parse(text, "draft.yaml")
    dossier = ROOT / "examples/stratfor-2012/dossier.yaml"
    (written,) = parse(dossier.read_text(encoding="utf-8"), "dossier.yaml")
    assert isinstance(drafted, Dossier)
    assert isinstance(written, Dossier)
    figures = distance(document(tmp_path, SEED.read_text(encoding="utf-8")), drafted, written)
    assert figures.drafted >= 40
    assert figures.wrong < 1 / 3
