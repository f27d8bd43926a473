"""What the command line says, to people and to scripts."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

import click

from datasette_leaks.analysis.run import Summary
from datasette_leaks.loaders.records import Problem
from datasette_leaks.store.report import FileReport, LoadReport, Note


def say_json(value: Mapping[str, Any]) -> None:
    """Print a JSON object with two spaces of indentation."""
    click.echo(json.dumps(value, indent=2, ensure_ascii=False))


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
    width = max((len(file.path) for file in report.files), default=0)
    for file in report.files:
        click.echo(f"{file.path:<{width}}  {_file(file)}")
    if report.unsupported:
        click.echo(f"Left alone, because no loader takes them: {count(report.unsupported, 'file')}")
        for path in report.unsupported:
            click.echo(f"  {path}")
    say_problems(report.problems)
    for file in report.files:
        if file.further:
            more = count(file.further, "more problem")
            click.echo(f"{file.path}: {more}, in the table load_problems", err=True)
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
        where = f"{problem.path}, {problem.place}" if problem.place else problem.path
        click.echo(f"{click.style(where, bold=True)}: {problem.found}", err=True)
        if problem.expected:
            click.echo(f"  expected: {problem.expected}", err=True)
        if problem.advice:
            click.echo(f"  {problem.advice}", err=True)


def say_notes(notes: Iterable[Note]) -> None:
    """Each note on a line."""
    for note in notes:
        click.echo(f"Note: {note}")


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
