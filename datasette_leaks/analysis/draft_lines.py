"""Attributions as JSON, one a line: what ``draft --format jsonl`` prints and ``score`` reads."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from datasette_leaks.analysis.attribution import KINDS, SOURCE_TYPES, Extraction
from datasette_leaks.analysis.score import Row
from datasette_leaks.loaders.records import Problem


@dataclass(frozen=True, slots=True)
class Line:
    """A line as the scorer needs it: the file that its row is about, and the row."""

    path: str
    row: Row


def lines(path: str, extraction: Extraction) -> Iterator[str]:
    """One line of JSON for each attribution, in text order.

    ``path`` is the file, ``start`` and ``end`` are code points of its plain text, ``source`` and
    ``type`` are null where the speaker is not resolved.
    """
    types = {source.id: source.type for source in extraction.sources}
    for row in extraction.attributions:
        yield json.dumps(
            {
                "path": path,
                "start": row.start,
                "end": row.end,
                "kind": row.kind,
                "speaker": row.speaker,
                "source": row.source,
                "type": types.get(row.source or ""),
                "cue": row.cue,
                "hedges": row.hedges,
                "rule": row.rule,
                "confidence": row.confidence,
                "engine": row.engine,
            },
            ensure_ascii=False,
        )


def read_lines(name: str, text: str) -> Iterator[Line | Problem]:
    """The rows of a file of such lines, in its order; empty lines are passed over.

    A row needs ``path``, ``start``, ``end`` and ``kind``; ``speaker`` and ``type`` may be missing
    or null. ``name`` is the file, for problems.
    """
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield _read(name, number, line)


def _read(name: str, number: int, line: str) -> Line | Problem:
    place = f"line {number}"
    try:
        value = json.loads(line)
    except ValueError as error:
        return Problem(name, place, f"not JSON: {error}", "one JSON object a line", ADVICE)
    if not isinstance(value, dict):
        return Problem(name, place, "no JSON object", "one JSON object a line", ADVICE)
    for field, fits, expected in FIELDS:
        if not fits(value.get(field)):
            found = f"{field} is {json.dumps(value.get(field))[:60]}"
            return Problem(name, f"{place}, {field}", found, expected, ADVICE)
    if not 0 <= value["start"] < value["end"]:
        found = f"the span {value['start']} to {value['end']}"
        return Problem(name, place, found, "0 <= start < end", ADVICE)
    return Line(value["path"], _row(value))


def _row(value: Mapping[str, Any]) -> Row:
    speaker = value.get("speaker") or ""
    return Row(value["start"], value["end"], value["kind"], speaker, value.get("type"))


def _text(value: object) -> bool:
    return isinstance(value, str) and value != ""


def _number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _words(value: object) -> bool:
    return value is None or isinstance(value, str)


def _kind(value: object) -> bool:
    return value in KINDS


def _type(value: object) -> bool:
    return value is None or value in SOURCE_TYPES


FIELDS = (
    ("path", _text, "the file that the row is about"),
    ("start", _number, "a whole number: code points"),
    ("end", _number, "a whole number: code points"),
    ("kind", _kind, "one of " + ", ".join(KINDS)),
    ("speaker", _words, "the speaker's words, or null"),
    ("type", _type, "one of " + ", ".join(SOURCE_TYPES) + ", or null"),
)
ADVICE = "Write it as `datasette leaks draft --format jsonl` prints it"
