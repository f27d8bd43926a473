"""``datasette leaks draft`` and ``score``: what an engine finds, and how near it comes."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from datasette_leaks import drafting, output
from datasette_leaks.analysis.draft import Taken
from datasette_leaks.analysis.draft_lines import lines
from datasette_leaks.analysis.draft_statements import LEAST
from datasette_leaks.cli_parts import JSON, DatabaseFile, Named, plainly
from datasette_leaks.loaders.records import Problem
from datasette_leaks.plugins import all_engines, all_loaders
from datasette_leaks.store.connection import open_database


@click.command(short_help="Draft a dossier from an article.")
@click.argument("articles", nargs=-1, required=True, type=Named(readable=False, path_type=Path))
@click.option("--engine", "name", metavar="NAME", default="rules", help="rules, when not given.")
@click.option(
    "--option",
    "options",
    type=(str, str),
    multiple=True,
    metavar="NAME VALUE",
    help="An option of the engine. May be given several times.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["dossier", "jsonl"]),
    default="dossier",
    help="dossier, the default: YAML to edit. jsonl: the bare attributions, one a line.",
)
@click.option(
    "--least",
    type=click.FloatRange(0, 1),
    metavar="SHARE",
    default=LEAST,
    help=f"Leave out of a dossier what the engine is less sure of: 0 to 1; {LEAST} when not given.",
)
@click.option(
    "--record",
    "database",
    type=DatabaseFile(dir_okay=False, path_type=Path),
    metavar="DATABASE",
    help="Keep the run too, in a database in which the articles are loaded.",
)
def draft(
    articles: tuple[Path, ...],
    name: str,
    options: tuple[tuple[str, str], ...],
    form: str,
    least: float,
    database: Path | None,
) -> None:
    """Draft a dossier from each of ARTICLES: who says what, where, and in which words.

    All of it is a proposal. No status counts it until a person has read it and taken
    `state: proposed` out. Rows whose words do not stand in the text are left out.

    Example:

    \b
        datasette leaks draft article.md > dossier.yaml
        datasette leaks draft --format jsonl article.md other.txt > draft.jsonl
    """
    try:
        engine = drafting.choose_engine(name, all_engines(), dict(options))
    except drafting.DraftError as error:
        raise click.BadParameter(output.printable(str(error)), param_hint="--engine") from error
    db = None
    if database is not None:  # before an engine may send text away
        with plainly(database):
            db = open_database(database)
    loaders = all_loaders()
    taken = Taken()
    failed = printed = False
    for path in articles:
        document, problems = drafting.read_article(path, loaders)
        found = drafting.read(path, document, engine) if document else None
        if isinstance(found, Problem):
            problems.append(found)
        output.say_problems(problems)
        failed |= bool(problems)
        if found is None or isinstance(found, Problem):
            continue
        if found.dropped:
            rows = output.count(found.dropped, "row")
            click.echo(
                f"{output.printable(found.path)}: {rows} left out: not in the text", err=True
            )
        if database is not None and db is not None:
            with plainly(database):
                drafting.keep(db, found, engine, dict(options))
        if form == "jsonl":
            output.say_lines(lines(found.path, found.extraction))
        else:
            text = drafting.as_dossier(found, engine, taken, least)
            click.echo(("---\n" if printed else "") + text, nl=False)
            printed = True
    if failed:
        sys.exit(1)


@click.command(short_help="Score a draft against a gold set.")
@click.argument("draft", type=Named(exists=True, dir_okay=False, path_type=Path))
@click.argument("gold", type=Named(exists=True, dir_okay=False, path_type=Path))
@JSON
def score(draft: Path, gold: Path, as_json: bool) -> None:
    """Say how near DRAFT is to GOLD, both as `draft --format jsonl` prints them.

    Quoted stretches are matched at 0.8 of their characters, statements at 0.5, each counted once
    by the span alone and once with the right speaker. The articles are read from the `path` of
    each line, which GOLD needs with `start`, `end`, `kind` and `speaker`; with `type` it also says
    how often the speaker is right by type of source.

    Example:

    \b
        datasette leaks draft --format jsonl articles/*.txt > draft.jsonl
        datasette leaks score draft.jsonl gold.jsonl
    """
    try:
        report, problems, without = drafting.score_files(draft, gold, all_loaders())
    except OSError as error:
        raise click.ClickException(
            output.printable(f"{error.filename}: {error.strerror}")
        ) from error
    output.say_problems(problems)
    if without:
        articles = output.count(without, "article")
        click.echo(f"Note: {articles} without a row in {output.printable(str(gold))}", err=True)
    if report is None:
        sys.exit(1)
    if as_json:
        output.say_json(output.score_json(report))
    else:
        output.say_score(report)
