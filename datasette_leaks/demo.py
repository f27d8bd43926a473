"""The example databases, built from examples/ of a clone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import datasette_leaks
from datasette_leaks.analysis.run import Summary, analyse
from datasette_leaks.loaders.registry import Loader, MailLoader
from datasette_leaks.store.connection import only_when_loaded, open_database
from datasette_leaks.store.loading import load_paths
from datasette_leaks.store.progress import Progress
from datasette_leaks.store.report import LoadReport

TOP = Path(datasette_leaks.__file__).parents[1]
HARBOUR = (
    "article.md", "second-article.html", "letters.mbox", "filing.pdf", "statement.html",
    "weather.html", "dossier.yaml", "second.yaml",
)  # fmt: skip
ARTICLE = TOP.parent / "shared" / "seed" / "article.md"


@dataclass(frozen=True, slots=True)
class Built:
    """One example database, what was loaded and what came of it."""

    database: Path
    report: LoadReport
    summary: Summary


def find_examples() -> Path:
    """The folder of the examples. Raises FileNotFoundError when only the package is installed."""
    examples = TOP / "examples"
    if not (examples / "harbour").is_dir():
        raise FileNotFoundError(
            f"{examples}: the examples are not here. They come with a clone of the repository, "
            "not with the installed package: run this from a clone (`pip install -e .`)"
        )
    return examples


def build(
    folder: Path,
    article: Path | None,
    loaders: Sequence[Loader | MailLoader],
    progress: Progress | None = None,
) -> list[Built]:
    """Build, or bring up to date, ``harbour.db`` and ``stratfor-2012.db`` in ``folder``.

    ``article`` is the text of the Stratfor article; without it the one at ../shared/seed is taken
    when it is there. The text is not in the repository, and the database does without it.
    """
    examples = find_examples()
    if article is None and ARTICLE.is_file():
        article = ARTICLE
    if folder.exists() and not folder.is_dir():
        raise NotADirectoryError(f"{folder}: is no folder. Name another one, or a new one")
    folder.mkdir(parents=True, exist_ok=True)
    stratfor = [examples / "stratfor-2012" / "dossier.yaml", *([article] if article else [])]
    # By name: one letter names a protected source and must never be in what is served.
    harbour = [examples / "harbour" / name for name in HARBOUR]
    contents = {"harbour": harbour, "stratfor-2012": stratfor}
    built = []
    for name, paths in contents.items():
        database = folder / f"{name}.db"
        with only_when_loaded(database):
            db = open_database(database, create=True)
            report = load_paths(db, paths, loaders, progress)
            built.append(Built(database, report, analyse(db)))
            db.close()
    return built
