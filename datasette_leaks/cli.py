"""``datasette leaks …``: each command parses, calls and answers."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from tqdm import tqdm

from datasette_leaks import demo as demos
from datasette_leaks import output
from datasette_leaks.analysis import run as analysis
from datasette_leaks.cli_draft import draft, score
from datasette_leaks.cli_parts import DATABASE, JSON, Named, plainly
from datasette_leaks.loaders.dossier_export import dump
from datasette_leaks.loaders.records import Problem
from datasette_leaks.plugins import all_loaders
from datasette_leaks.store import integrity
from datasette_leaks.store.archive_raw import raw_message
from datasette_leaks.store.connection import only_when_loaded, open_database
from datasette_leaks.store.derived import missing_tables
from datasette_leaks.store.dossier_rows import dossier_ids, read_dossier
from datasette_leaks.store.files import find_files, is_mail
from datasette_leaks.store.loading import load_paths
from datasette_leaks.store.notes import find_notes

INTERRUPTED = 130  # what shells make of SIGINT
MOST_JOBS = 8  # the one writer keeps no more of them busy


class Bar:
    """A progress bar on a terminal's stderr: the phase, bytes done, rate and time left."""

    def __init__(self, label: str) -> None:
        self._label = label
        self._bar: Any = None

    def begin(self, total: int) -> None:
        self._bar = tqdm(
            total=total,
            desc=self._label,
            unit="B",
            unit_scale=True,
            leave=False,
            disable=not sys.stderr.isatty(),
        )

    def advance(self, size: int, path: str) -> None:
        self._bar.update(size)

    def phase(self, name: str) -> None:
        self._bar.set_description(name)

    def end(self) -> None:
        self._bar.close()


@contextmanager
def resumable() -> Iterator[None]:
    """Answer Ctrl-C with what is kept, and leave with the status that shells give it."""
    try:
        yield
    except KeyboardInterrupt:
        click.echo("Stopped. What was loaded is kept: run the same command to go on.", err=True)
        sys.exit(INTERRUPTED)


@click.group(name="leaks")
def leaks() -> None:
    """Claims of news built on leaked documents: by source and by what stands behind them.

    \b
    Exit status: 0 done
                 1 problems were found, or the database cannot be used
                 2 wrong use of the command
               130 stopped by Ctrl-C

    Example:

    \b
        datasette leaks load leaks.db article.md dossier.yaml
        datasette leaks.db
    """


@leaks.command(short_help="Load articles, documents and dossiers.")
@DATABASE
@click.argument("paths", nargs=-1, required=True, type=Named(readable=False, path_type=Path))
@click.option(
    "--jobs",
    type=click.IntRange(1, 64),
    metavar="N",
    default=min(os.cpu_count() or 1, MOST_JOBS),
    help=f"Processes that read mail archives: 1 to 64; as many as there are cores, at most "
    f"{MOST_JOBS}, when not given.",
)
@click.option(
    "--scheduler",
    metavar="ADDRESS",
    help="Have a Dask cluster read the archives, as tcp://host:port. The mail then leaves this "
    "machine.",
)
@click.option(
    "--again",
    is_flag=True,
    help="Begin archives again whose load was stopped and that have changed since. Without it they "
    "are refused.",
)
@JSON
def load(
    database: Path,
    paths: tuple[Path, ...],
    jobs: int,
    scheduler: str | None,
    again: bool,
    as_json: bool,
) -> None:
    """Load articles, documents, mail archives and dossiers into DATABASE, made if need be.

    PATHS are files, or folders of which every file is taken that a loader knows. What cannot be
    taken is reported with the reason, and hinders nothing else. Loading the same file again changes
    nothing; a load that was stopped goes on where it was. The status of all claims is worked out
    afterwards.

    Example:

    \b
        datasette leaks load leaks.db article.md dossier.yaml letters/ mails.mbox
    """
    loaders = all_loaders()
    files = find_files(paths, loaders)
    if not files.found and not database.exists():
        nothing = [output.printable(str(problem)) for problem in files.problems] or [
            "there is nothing to load"
        ]
        raise click.ClickException("\n".join([*nothing, f"{database} is not made."]))
    with plainly(database), resumable(), only_when_loaded(database):
        db = open_database(database, create=True)
        report = load_paths(
            db, paths, loaders, Bar("Loading"), jobs=jobs, scheduler=scheduler, again=again
        )
        summary = analysis.analyse(db)
    if as_json:
        output.say_json(output.load_json(str(database), report, summary))
    else:
        output.say_load(report)
        output.say_summary(summary)
    if report.problems:
        sys.exit(1)


@leaks.command(short_help="Work out the status of every claim again.")
@DATABASE
def analyse(database: Path) -> None:
    """Work out the status of every claim in DATABASE again.

    `load` does so by itself; this is for after a change made with other tools.

    Example:

    \b
        datasette leaks analyse leaks.db
    """
    with plainly(database):
        summary = analysis.analyse(open_database(database))
    output.say_summary(summary)
    click.echo("The tables are brought up to date." if summary.changed else "Nothing has changed.")


@leaks.command(short_help="Print the dossiers as YAML.")
@DATABASE
@click.option(
    "--format",
    "form",
    type=click.Choice(["dossier"]),
    default="dossier",
    help="dossier, the default: YAML that `load` takes again.",
)
@click.option("--dossier", "chosen", metavar="ID", help="Only this dossier, not all of them.")
def export(database: Path, form: str, chosen: str | None) -> None:
    """Print the dossiers in DATABASE as YAML; several make one stream.

    Example:

    \b
        datasette leaks export leaks.db --dossier harbour > dossier.yaml
    """
    with plainly(database):
        db = open_database(database, read_only=True)
        ids = dossier_ids(db)
        if chosen is not None and chosen not in ids:
            raise click.BadParameter(
                f"there is no dossier {chosen} in {database}, "
                f"but {', '.join(ids) or 'none at all'}",
                param_hint="--dossier",
            )
        texts = [dump(read_dossier(db, id)) for id in ([chosen] if chosen else ids)]
    click.echo("---\n".join(texts), nl=False)


@leaks.command(short_help="Print a message as it came.")
@DATABASE
@click.argument("document", metavar="SLUG")
def raw(database: Path, document: str) -> None:
    """Print the bytes of the e-mail SLUG in DATABASE, from the archive that it was loaded from.

    They are checked against the hash they were loaded with. The archive is looked for where it was
    then, as seen from the database's folder.

    Example:

    \b
        datasette leaks raw leaks.db mail-0f3a9c5e7b1d2468 > message.eml
    """
    with plainly(database):
        db = open_database(database, read_only=True)
        data = raw_message(db, document, [each for each in all_loaders() if is_mail(each)])
    sys.stdout.buffer.write(data)


@leaks.command(short_help="Check that a database is sound.")
@DATABASE
@JSON
def check(database: Path, as_json: bool) -> None:
    """Check DATABASE: every span against its text, foreign keys, search indexes, derived tables.

    The file stays as it is. What is wrong is listed, and the exit status is then 1. A note is no
    problem: it says, for example, that the text of a dossier's article is not loaded.

    Example:

    \b
        datasette leaks check leaks.db
    """
    with plainly(database):
        db = open_database(database, read_only=True)
        problems = integrity.check(db)
        whole = not missing_tables(db)  # of less, nothing more can be said
        notes = find_notes(db) if whole else []
        stale = analysis.stale(db) if whole else []
    advice = f"Run `datasette leaks analyse {database}`"
    problems += [Problem(str(database), "", found, advice=advice) for found in stale]
    if as_json:
        output.say_json(
            {
                "database": str(database),
                "sound": not problems,
                "problems": [asdict(problem) for problem in problems],
                "notes": [asdict(note) for note in notes],
            }
        )
    else:
        output.say_problems(problems)
        output.say_notes(notes)
        click.echo(
            f"{database}: {output.count(problems, 'problem') if problems else 'no problems'}"
        )
    if problems:
        sys.exit(1)


@leaks.command(short_help="Build the example databases.")
@click.argument("folder", default="demo", type=Named(file_okay=False, path_type=Path))
@click.option(
    "--article",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The text of the Stratfor article, which is not in the repository.",
)
def demo(folder: Path, article: Path | None) -> None:
    """Build the two example databases in FOLDER ("demo" when not given), from a clone.

    harbour.db is an invented leak with everything in it, stratfor-2012.db a real article of 2012.

    Example:

    \b
        datasette leaks demo
        datasette demo/harbour.db demo/stratfor-2012.db
    """
    with plainly(folder):
        built = demos.build(folder, article, all_loaders(), Bar("Loading"))
    for each in built:
        click.echo(click.style(str(each.database), bold=True))
        output.say_load(each.report)
        output.say_summary(each.summary)
    names = " ".join(str(each.database) for each in built)
    click.echo(f"Now look at them:  datasette {names}")
    if any(each.report.problems for each in built):
        sys.exit(1)


leaks.add_command(draft)
leaks.add_command(score)
