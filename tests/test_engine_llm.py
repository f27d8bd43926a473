"""The engine llm with a model made for the test: nothing leaves the machine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import llm
import pytest
from llm.plugins import pm

from datasette_leaks.analysis import engine_llm
from datasette_leaks.analysis.attribution import Attribution, EngineError
from datasette_leaks.analysis.draft_check import checked
from datasette_leaks.analysis.engine_llm import LONGEST, SCHEMA, SYSTEM, Llm
from datasette_leaks.loaders.records import Link, Passage

TEXT = "The harbour is closed, a clerk said. “It sank,” she added. It allegedly burned too."


class Fake(llm.Model):
    """A model that gives the answers it is told to, one for each prompt."""

    model_id = "fake"
    supports_schema = True

    def __init__(self) -> None:
        self.answers: list[str] = []
        self.prompts: list[Any] = []

    def execute(self, prompt: Any, stream: bool, response: Any, conversation: Any) -> Iterator[str]:
        self.prompts.append(prompt)
        yield self.answers.pop(0)


class Plain(Fake):
    model_id = "plain"
    supports_schema = False


class Plugin:
    """A plugin of llm with the two models."""

    def __init__(self) -> None:
        self.fake = Fake()

    @llm.hookimpl
    def register_models(self, register: Any) -> None:
        register(self.fake)
        register(Plain())


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Fake]:
    monkeypatch.setenv("LLM_USER_PATH", str(tmp_path))
    plugin = Plugin()
    pm.register(plugin)
    yield plugin.fake
    pm.unregister(plugin)


def row(words: str, speaker: str = "", cue: str = "said", kind: str = "indirect") -> dict[str, str]:
    return {"words": words, "speaker": speaker, "cue": cue, "kind": kind}


def answer(*rows: dict[str, str]) -> str:
    return json.dumps({"rows": rows})


def kept(text: str, *links: Link) -> tuple[tuple[Attribution, ...], int]:
    """The rows that the caller keeps, and how many it leaves out."""
    extraction, dropped = checked(text, Llm("fake").extract(text, (), links))
    return extraction.attributions, dropped


def test_words_are_looked_up_in_the_text(model: Fake) -> None:
    model.answers = [
        answer(
            row("The harbour is closed", "a clerk"),
            row("“It sank,”", "she", "added", "direct"),
            row("It allegedly burned too"),
        )
    ]
    rows, dropped = kept(TEXT)
    assert dropped == 0
    assert [TEXT[each.start : each.end] for each in rows] == [
        "The harbour is closed", "“It sank,”", "It allegedly burned too",
    ]  # fmt: skip
    assert [each.speaker for each in rows] == ["a clerk", "she", ""]
    assert rows[0].source == rows[1].source == "clerk"
    assert rows[2].hedges == ("allegedly",)
    assert {each.engine for each in rows} == {"llm"}


def test_what_does_not_stand_in_the_text_is_left_out_and_counted(model: Fake) -> None:
    model.answers = [
        answer(
            row("The harbor is closed", "a clerk"),
            row("“It sank,”", "Ann Lee", "added", "direct"),
            row("", "a clerk"),
            row("It allegedly burned too", kind="rumour"),
            row("The harbour is closed", "a clerk"),
        )
    ]
    rows, dropped = kept(TEXT)
    assert [TEXT[each.start : each.end] for each in rows] == ["The harbour is closed"]
    assert dropped == 4


def test_words_said_twice_are_two_rows(model: Fake) -> None:
    text = "“No,” said Lee. “No,” said Moe."
    model.answers = [answer(row("“No,”", "Lee", kind="direct"), row("“No,”", "Moe", kind="direct"))]
    rows, _ = kept(text)
    assert [(each.start, each.speaker) for each in rows] == [(0, "Lee"), (16, "Moe")]


def test_the_link_on_the_cue_is_cited(model: Fake) -> None:
    model.answers = [answer(row("The harbour is closed", "a clerk"))]
    at = TEXT.index("said")
    rows, _ = kept(TEXT, Link(at, at + 4, "https://a.example/", "citation"))
    assert rows[0].link == "https://a.example/"


def test_the_model_and_the_size_are_said_before_the_text_goes(
    model: Fake, capsys: pytest.CaptureFixture[str]
) -> None:
    model.answers = [answer()]
    kept(TEXT)
    said = capsys.readouterr().err
    assert f"{len(TEXT)} characters go to the model fake" in said
    assert model.prompts[0].system == SYSTEM
    assert model.prompts[0].schema == SCHEMA


def test_a_long_text_is_cut_at_paragraphs(model: Fake) -> None:
    paragraph = "x" * (LONGEST // 2 - 1)
    text = "\n\n".join([paragraph] * 3)
    model.answers = [answer()] * 2
    kept(text)
    assert [each.prompt for each in model.prompts] == [f"{paragraph}\n\n{paragraph}", paragraph]


def test_furniture_is_not_sent(model: Fake) -> None:
    text = "Menu\n\nThe harbour is closed."
    model.answers = [answer()]
    passages = [Passage("furniture", 0, 4), Passage("paragraph", 6, len(text))]
    Llm("fake").extract(text, passages, ())
    assert [each.prompt for each in model.prompts] == ["The harbour is closed."]


@pytest.mark.parametrize("bad", ["no JSON", "[]", '{"rows": [{"words": "a"}]}', '{"rows": 3}'])
def test_an_answer_that_is_no_rows_is_an_error(model: Fake, bad: str) -> None:
    model.answers = [bad]
    with pytest.raises(EngineError, match="the model fake gave no"):
        kept(TEXT)


def test_a_model_has_to_be_named_and_known(model: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    assert Llm("fake").available() is None
    assert str(Llm().available()).startswith("no model is named")
    assert Llm("nix").available() == "llm knows no model nix: `llm models` lists them"
    assert Llm("plain").available() == "the model plain cannot answer by a schema"
    with pytest.raises(EngineError, match="no model is named"):
        Llm().extract(TEXT, (), ())
    monkeypatch.setattr(engine_llm, "find_spec", lambda name: None)
    assert Llm("fake").available() == "llm is not installed: pip install 'datasette-leaks[llm]'"


def test_the_model_is_the_only_option() -> None:
    assert Llm().configured({"model": "fake"}).version.endswith(" fake")
    with pytest.raises(ValueError, match="no option temperature"):
        Llm().configured({"temperature": "1"})
