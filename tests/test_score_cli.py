"""`datasette leaks score`: a draft's lines against a gold set's."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from datasette.cli import cli

TEXT = "Quay\n\n“The pump is broken,” Nils Cordage said. The port said that it was not.\n"


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, ["leaks", "score", *map(str, arguments)])


def line(words: str, speaker: str, kind: str = "direct", **more: Any) -> dict[str, Any]:
    start = TEXT.index(words)
    end = start + len(words)
    return {"path": "a.txt", "start": start, "end": end, "kind": kind, "speaker": speaker, **more}


QUOTE = line("“The pump is broken,”", "Nils Cordage", type="named")
REPORTED = line("that it was not", "The port", "indirect", type="organisation")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    return tmp_path


def write(folder: Path, name: str, *rows: dict[str, Any] | str) -> Path:
    path = folder / name
    texts = [row if isinstance(row, str) else json.dumps(row) for row in rows]
    path.write_text("".join(text + "\n" for text in texts), encoding="utf-8")
    return path


def figures(result: Result) -> Any:
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_a_draft_that_is_the_gold_scores_one(folder: Path) -> None:
    gold = write(folder, "gold.jsonl", QUOTE, REPORTED)
    told = figures(run(gold, gold, "--json"))
    for track in ("quotes", "statements", "exact"):
        assert {told[track][each]["f1"] for each in ("span", "speaker")} == {1.0}
    assert told["quotes"]["span"]["wanted"] == 1
    assert told["statements"]["span"]["wanted"] == 2
    assert set(told["kinds"]) == {"direct", "indirect"}
    assert set(told["types"]) == {"named", "organisation"}


def test_a_wrong_speaker_and_a_missing_row(folder: Path) -> None:
    gold = write(folder, "gold.jsonl", QUOTE, REPORTED)
    draft = write(folder, "draft.jsonl", {**QUOTE, "speaker": "Ada Quill"})
    told = figures(run(draft, gold, "--json"))
    assert told["quotes"]["span"]["f1"] == 1
    assert told["quotes"]["speaker"]["found"] == 0
    assert (told["statements"]["span"]["precision"], told["statements"]["span"]["recall"]) == (
        1,
        0.5,
    )
    assert told["types"]["named"] == {
        "precision": 0, "recall": 0, "f1": 0, "found": 0, "drafted": 1, "wanted": 1,
    }  # fmt: skip


def test_a_right_row_of_another_kind_is_not_found_by_kind(folder: Path) -> None:
    gold = write(folder, "gold.jsonl", {**QUOTE, "kind": "mixed"}, {**REPORTED, "kind": "mixed"})
    told = figures(
        run(write(folder, "draft.jsonl", QUOTE, {**REPORTED, "kind": "mixed"}), gold, "--json")
    )
    assert told["statements"]["speaker"]["found"] == 2
    assert told["kinds"]["mixed"]["precision"] == 1
    assert told["kinds"]["mixed"]["recall"] == 0.5
    assert told["kinds"]["direct"]["found"] == 0


def test_what_draft_prints_can_be_scored(folder: Path) -> None:
    drafted = CliRunner().invoke(
        cli, ["leaks", "draft", "--format", "jsonl", str(folder / "a.txt")]
    )
    draft = write(folder, "draft.jsonl", drafted.stdout)
    told = figures(run(draft, write(folder, "gold.jsonl", QUOTE, REPORTED), "--json"))
    assert told["statements"]["speaker"]["f1"] == 1


def test_people_get_a_table(folder: Path) -> None:
    gold = write(folder, "gold.jsonl", QUOTE, REPORTED)
    lines = run(gold, gold).stdout.splitlines()
    assert lines[0].split() == ["precision", "recall", "F1", "found", "drafted", "gold"]
    assert [each.split("  ")[0] for each in lines[1:]] == [
        "quotes, span", "quotes, span and speaker", "all, span", "all, span and speaker",
        "all, exact span", "all, exact span and speaker", "kind: direct", "kind: indirect",
        "source: named", "source: organisation",
    ]  # fmt: skip


def test_an_article_without_gold_is_noted_and_counts(folder: Path) -> None:
    (folder / "b.txt").write_text(TEXT, encoding="utf-8")
    gold = write(folder, "gold.jsonl", QUOTE)
    draft = write(folder, "draft.jsonl", QUOTE, {**QUOTE, "path": "b.txt"})
    result = run(draft, gold, "--json")
    assert "1 article without a row in" in result.stderr
    assert figures(result)["quotes"]["span"]["precision"] == 0.5


@pytest.mark.parametrize(
    ("row", "place", "said"),
    [
        ("{", "line 2", "not JSON"),
        ("[]", "line 2", "no JSON object"),
        ({**QUOTE, "path": ""}, "line 2, path", "the file that the row is about"),
        ({**QUOTE, "start": "6"}, "line 2, start", "a whole number"),
        ({**QUOTE, "end": True}, "line 2, end", "a whole number"),
        ({**QUOTE, "end": 6}, "line 2", "0 <= start < end"),
        ({**QUOTE, "kind": "sung"}, "line 2, kind", "one of direct"),
        ({**QUOTE, "speaker": 3}, "line 2, speaker", "the speaker's words"),
        ({**QUOTE, "type": "ghost"}, "line 2, type", "one of named"),
    ],
)
def test_a_line_that_is_none_is_told_with_its_place(
    folder: Path, row: dict[str, Any] | str, place: str, said: str
) -> None:
    gold = write(folder, "gold.jsonl", QUOTE)
    draft = write(folder, "draft.jsonl", QUOTE, row)
    result = run(draft, gold)
    assert result.exit_code == 1
    assert result.stdout == ""
    assert f"draft.jsonl, {place}: " in result.stderr
    assert said in result.stderr


def test_an_article_that_is_gone_or_shorter_is_told(folder: Path) -> None:
    gold = write(folder, "gold.jsonl", QUOTE, {**QUOTE, "path": "gone.txt"})
    draft = write(folder, "draft.jsonl", {**QUOTE, "end": 5000})
    result = run(draft, gold)
    assert result.exit_code == 1
    assert "there is no such file" in result.stderr
    assert f"a row ends at 5000, and the text has {len(TEXT)} characters" in result.stderr


def test_a_file_that_is_not_utf_8_is_told(folder: Path) -> None:
    gold = write(folder, "gold.jsonl", QUOTE)
    (folder / "draft.jsonl").write_bytes(b"\xff\xfe")
    result = run(folder / "draft.jsonl", gold)
    assert result.exit_code == 1
    assert "is not UTF-8" in result.stderr
