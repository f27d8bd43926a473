"""An invented article and, row by row, what an engine might have found in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from datasette_leaks.analysis.attribution import (
    Attribution,
    DraftSource,
    Extraction,
    Mention,
    Relation,
)
from datasette_leaks.loaders.article import MarkdownLoader
from datasette_leaks.loaders.records import Document

ARTICLE = """---
title: Ferry firm hid a leak
author: Ada Quill
publisher: The Tidewater Post
date: 2021-03-04
url: https://tidewater.example/ferry
---

# Ferry firm hid a leak

“The pump is broken. We told nobody about it in June,” Nils Cordage
[wrote](https://fathom.example/7) to his firm.

FX2, identified by a rival paper as Ola Quay, said that the pump had failed twice.
The finding was echoed by Nils Cordage.

The port authority denied that the ferry had sailed with water in its hold.
It calls the crew “heroes”.

The so-called “inspection” was short. “Nobody came,” a dock hand told us.
"""


def document(tmp_path: Path, text: str = ARTICLE) -> Document:
    """The article as the loader gives it."""
    path = tmp_path / "ferry.md"
    path.write_text(text, encoding="utf-8")
    loaded = next(iter(MarkdownLoader().load(path)))
    assert isinstance(loaded, Document)
    return loaded


def span(text: str, words: str) -> tuple[int, int]:
    """Where the words stand; they must stand once."""
    assert text.count(words) == 1, words
    return text.index(words), text.index(words) + len(words)


def said(text: str, words: str, **stated: Any) -> Attribution:
    """An attribution of the words, with ``speaker`` and ``cue`` as words that stand once."""
    start, end = span(text, words)
    speaker, cue = stated.pop("speaker", ""), stated.pop("cue", "")
    speaker_start, speaker_end = span(text, speaker) if speaker else (None, None)
    cue_start, cue_end = span(text, cue) if cue else (None, None)
    values: dict[str, Any] = {
        "kind": "indirect", "source": None, "hedges": (), "rule": "said", "confidence": 0.9,
        "engine": "rules", **stated,
    }  # fmt: skip
    return Attribution(
        start=start, end=end, speaker=speaker, speaker_start=speaker_start,
        speaker_end=speaker_end, cue=cue, cue_start=cue_start, cue_end=cue_end, **values,
    )  # fmt: skip


def related(
    text: str, kind: str, cue: str, one: str | None, other: str | None, words: str = ""
) -> Relation:
    """A relation of two sources; ``words`` are those its target was read from."""
    start, end = span(text, cue)
    to_start, to_end = span(text, words) if words else (None, None)
    return Relation(kind, start, end, cue, one, None, None, other, to_start, to_end, False)


CORDAGE = DraftSource("cordage", "Nils Cordage", "named")
FX2 = DraftSource("fx2", "FX2", "named", coded=True, aliases=("Ola Quay", "the manager", "FX02"))
AUTHORITY = DraftSource("authority", "port authority", "organisation")
HAND = DraftSource("hand", "dock hand", "anonymous")


def found(text: str) -> Extraction:
    """What the article holds, as a good engine would say it."""
    return Extraction(
        (
            said(
                text, "“The pump is broken. We told nobody about it in June,”", kind="direct",
                source="cordage", cue="wrote", link="https://fathom.example/7",
            ),
            said(
                text, "that the pump had failed twice", source="fx2", speaker="FX2", cue="said",
                hedges=("so-called",),
            ),
            said(
                text, "that the ferry had sailed with water in its hold", source="authority",
                speaker="The port authority", cue="denied", confidence=0.7,
            ),
            said(text, "“heroes”", kind="partial", source="authority", cue="calls"),
            said(text, "“inspection”", kind="scare", rule="scare"),
            said(text, "“Nobody came,”", kind="direct", source="hand", speaker="a dock hand"),
        ),
        (related(text, "echoes", "echoed by", "cordage", "fx2", "The finding"),),
        (Mention(*span(text, "FX2"), "fx2", "code"),),
        (CORDAGE, FX2, AUTHORITY, HAND),
    )  # fmt: skip
