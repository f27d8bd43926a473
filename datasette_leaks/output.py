"""What the command line says, to people and to scripts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

import click

from datasette_leaks.analysis.run import Summary
from datasette_leaks.analysis.score import Figures, Report
from datasette_leaks.loaders.records import Problem
from datasette_leaks.store.report import FileReport, LoadReport, Note

# What moves a terminal's cursor, colours it or turns the order of letters: names in a leak may.
_TURNS = r"\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069"
_CONTROL = re.compile(rf"[\x00-\x1f{_TURNS}]")
_BEYOND_ASCII = re.compile(rf"[{_TURNS}]")  # JSON itself escapes the others


def printable(text: str) -> str:
    """Text of unknown origin on one line, with control characters as ``\\x1b`` or ``\\u202e``."""

    def escaped(found: re.Match[str]) -> str:
        code = ord(found[0])
        return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"

    return _CONTROL.sub(escaped, text)


def say_json(value: Mapping[str, Any]) -> None:
    """Print a JSON object with two spaces of indentation."""
    click.echo(plain_json(json.dumps(value, indent=2, ensure_ascii=False)))


def plain_json(text: str) -> str:
    """JSON with what would move a terminal's cursor, or turn the order of letters, escaped."""
    return _BEYOND_ASCII.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def load_json(database: str, report: LoadReport, summary: Summary) -> dict[str, Any]:
    """The object ``load --json`` prints; docs/cli.md describes it."""
    return {
        "database": database,
        "files": [
            {
                "path": file.path,
                "loader": file.loader,
                "items": file.items,
                "loaded": file.loaded,
                "duplicates": file.duplicates,
                "refused": file.refused,
                "problems": file.problem_count,
                "kinds": dict(file.kinds),
                "unchanged": file.unchanged,
            }
            for file in report.files
        ],
        "unsupported": list(report.unsupported),
        "kinds": report.kinds,
        "loaded": report.loaded,
        "duplicates": report.duplicates,
        "problems": [asdict(problem) for problem in report.problems],
        "notes": [asdict(note) for note in report.notes],
        "unchanged": report.unchanged,
        "analysis": asdict(summary),
    }


def say_load(report: LoadReport) -> None:
    """One line a file, what was left alone, the problems, and a line that sums up."""
    paths = [printable(file.path) for file in report.files]
    width = max(map(len, paths), default=0)
    for path, file in zip(paths, report.files, strict=True):
        click.echo(f"{path:<{width}}  {_file(file)}")
    if report.unsupported:
        click.echo(f"Left alone, because no loader takes them: {count(report.unsupported, 'file')}")
        for path in report.unsupported:
            click.echo(f"  {printable(path)}")
    say_problems(report.problems)
    for path, file in zip(paths, report.files, strict=True):
        if file.further:
            more = count(file.further, "more problem")
            click.echo(f"{path}: {more}, in the table load_problems", err=True)
    say_notes(report.notes)
    kinds = _kinds(report.kinds.items())
    parts = [f"{count(report.files, 'file')}: {kinds or 'nothing new'}"]
    if report.duplicates:
        parts.append(count(report.duplicates, "duplicate"))
    if report.problems:
        parts.append(click.style(count(report.problem_count, "problem"), fg="red"))
    click.echo(", ".join(parts))


def say_summary(summary: Summary) -> None:
    """How many claims have which status."""
    statuses = ", ".join(f"{n} {name}" for name, n in sorted(summary.by_status.items()))
    click.echo(f"{count(summary.claims, 'claim')}" + (f": {statuses}" if statuses else ""))


def say_problems(problems: Iterable[Problem]) -> None:
    """Each problem: file and place, what was found, what was expected, what to do. To stderr."""
    for problem in problems:
        where = printable(", ".join(filter(None, (problem.path, problem.place))))
        click.echo(f"{click.style(where, bold=True)}: {printable(problem.found)}", err=True)
        if problem.expected:
            click.echo(f"  expected: {printable(problem.expected)}", err=True)
        if problem.advice:
            click.echo(f"  {printable(problem.advice)}", err=True)


def say_notes(notes: Iterable[Note]) -> None:
    """Each note on a line."""
    for note in notes:
        click.echo(f"Note: {printable(str(note))}")


def count(things: Any, name: str) -> str:
    """``1 file``, ``2 files``; ``things`` is a number or has a length."""
    number = things if isinstance(things, int) else len(things)
    return f"{number:,} {name}" + ("" if number == 1 else "s")


def _file(file: FileReport) -> str:
    parts = []
    if file.unchanged:
        parts.append("unchanged")
    elif file.kinds:
        parts.append(click.style(_kinds(file.kinds), fg="green"))
    if file.duplicates:
        parts.append(count(file.duplicates, "duplicate") + " of what is loaded")
    if file.problems:
        parts.append(click.style(count(file.problem_count, "problem"), fg="red"))
    if file.items > 1 and file.loaded != file.items:
        parts.append(
            f"in {file.items:,} = {file.loaded:,} loaded + {count(file.duplicates, 'duplicate')} "
            f"+ {file.refused:,} refused"
        )
    return ", ".join(parts) or "nothing in it"


def _kinds(kinds: Iterable[tuple[str, int]]) -> str:
    return ", ".join(count(number, kind.replace("_", " ")) for kind, number in kinds)


def say_lines(lines: Iterable[str]) -> None:
    """Print lines of JSON."""
    for line in lines:
        click.echo(plain_json(line))


def score_json(report: Report) -> dict[str, Any]:
    """The object ``score --json`` prints: precision, recall and F1 of each track."""
    tracks = {"quotes": report.quotes, "statements": report.statements, "exact": report.exact}
    return {
        **{
            name: {"span": _figures(track.span), "speaker": _figures(track.speaker)}
            for name, track in tracks.items()
        },
        "kinds": {name: _figures(each) for name, each in sorted(report.kinds.items())},
        "types": {name: _figures(each) for name, each in sorted(report.types.items())},
    }


def say_score(report: Report) -> None:
    """A table: precision, recall and F1 of each track, then by kind and by type of source."""
    rows = [
        ("quotes, span", report.quotes.span),
        ("quotes, span and speaker", report.quotes.speaker),
        ("all, span", report.statements.span),
        ("all, span and speaker", report.statements.speaker),
        ("all, exact span", report.exact.span),
        ("all, exact span and speaker", report.exact.speaker),
        *((f"kind: {name}", each) for name, each in sorted(report.kinds.items())),
        *((f"source: {name}", each) for name, each in sorted(report.types.items())),
    ]
    head = (
        f"{'':28} {'precision':>9} {'recall':>6} {'F1':>6} {'found':>7} {'drafted':>7} {'gold':>7}"
    )
    click.echo(head)
    for name, each in rows:
        click.echo(
            f"{name:28} {each.precision:9.3f} {each.recall:6.3f} {each.f1:6.3f} "
            f"{each.found:7,} {each.drafted:7,} {each.wanted:7,}"
        )


def _figures(figures: Figures) -> dict[str, Any]:
    shares = {"precision": figures.precision, "recall": figures.recall, "f1": figures.f1}
    return {
        **{name: round(share, 4) for name, share in shares.items()},
        "found": figures.found,
        "drafted": figures.drafted,
        "wanted": figures.wanted,
    }
