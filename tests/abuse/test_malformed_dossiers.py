"""Every malformed dossier is refused with all its mistakes, each told so that it can be mended."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from abuse.malformed_dossiers import CASES, HEAD, Case
from hypothesis import example, given
from hypothesis import strategies as st

from datasette_leaks.loaders.dossier import MAX_MISTAKES, MAX_SIZE, DossierLoader, parse
from datasette_leaks.loaders.records import Dossier, Problem


def problems(text: str) -> list[Problem]:
    told = parse(text, "d.yaml")
    assert told
    return [each for each in told if isinstance(each, Problem)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_mistake_is_told(case: Case) -> None:
    told = problems(case.text)
    places = []
    for each in told:
        match = re.fullmatch(r"line (\d+), column \d+(?:, (.+))?", each.place)
        assert match, each
        places.append((int(match[1]), match[2] or ""))
    wanted = [(line, path) for line, path, _ in case.told]
    assert sorted(places) == sorted(wanted), [str(each) for each in told]
    for line, path, words in case.told:
        here = " ".join(str(e) for e, at in zip(told, places, strict=True) if at == (line, path))
        assert all(word in here for word in words), here
    for each in told:
        assert each.expected or each.advice, each
        assert len(str(each)) < 700


def load(path: Path, data: bytes) -> list[Dossier | Problem]:
    path.write_bytes(data)
    return list(DossierLoader().load(path))


@pytest.mark.parametrize("data", [b"", b"\n\n", b"# only a comment\n", b"\xef\xbb\xbf"])
def test_a_file_without_a_dossier(tmp_path: Path, data: bytes) -> None:
    (told,) = load(tmp_path / "empty.yaml", data)
    assert isinstance(told, Problem)
    assert "no dossier" in str(told)
    assert "empty.yaml" in str(told)


def test_bytes_that_are_no_utf_8(tmp_path: Path) -> None:
    (latin,) = load(tmp_path / "latin.yaml", "dossier: a\ntitle: Café\n".encode("latin-1"))
    assert isinstance(latin, Problem)
    assert latin.place == "line 2, byte 21"
    assert "0xe9" in latin.found
    assert "UTF-8" in latin.advice
    (utf16,) = load(tmp_path / "utf16.yaml", "dossier: a\n".encode("utf-16"))
    assert "UTF-8" in str(utf16)


def test_a_file_that_is_too_large(tmp_path: Path) -> None:
    (told,) = load(tmp_path / "large.yaml", b"#" * (MAX_SIZE + 1))
    assert "10 MB" in str(told)


def test_mistakes_past_counting_are_counted() -> None:
    told = problems(HEAD + "note: [" + "&a x, " * (MAX_MISTAKES + 50) + "]\n")
    assert len(told) == MAX_MISTAKES + 1
    assert "more mistakes" in told[-1].found


def test_messages_stay_short_whatever_the_file_holds() -> None:
    long = "a" * 100_000
    for text in (f"? {long}\n: b\n", f"{HEAD}claims: {long}\n", f"{HEAD}note: !{long} b\n",
                 f"{HEAD}note: &{long} b\n", f"{HEAD}? {long}\n: a\n? {long}\n: b\n"):  # fmt: skip
        assert all(len(str(each)) < 1100 for each in problems(text))


def test_mistakes_before_broken_syntax_are_told_too() -> None:
    told = problems("dossier: A\ntitle: a\n---\ndossier: b\ntitle: a: b\n")
    assert [each.place.split(",")[0] for each in told] == ["line 1", "line 5"]


fragments = st.sampled_from(
    ["dossier: a\n", "title: b\n", "claims:\n", "  - ", "id: a\n", "text: b\n", "    at: ", "{",
     "}", "[", "]", ":", ": ", "- ", "? ", "&a ", "*a", "!b ", "---\n", "...\n", "%YAML 1.2\n", "'",
     '"', "|\n", ">-\n", "\t", "#", "<<: ", "sources: ", "assertions: ", "relations: ", "same_as: ",
     "derives_from: ", "stance: echoes\n", "narrower_than: [a]\n", "\u2028", "\ufeff", "\x85"]
)  # fmt: skip


@given(st.lists(fragments | st.text(max_size=3), max_size=30).map("".join))
@example("claims: [{id: [a], text: {}, same_as: {a: b}, assertions: [1, {source: [], id: {}}]}]")
@example("sources: [{id: {}, relations: [{same_as: [a]}, []], grades: [[], {date: []}]}]")
@example("article: []\ndocuments: {}\nassertions: [[], {claim: [], stance: [], derives_from: {}}]")
def test_nothing_crashes(text: str) -> None:
    told = parse(text, "d.yaml", b"")
    assert told
    assert len({type(each) for each in told}) == 1
