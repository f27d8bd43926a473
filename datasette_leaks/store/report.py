"""What a load did, file by file, as plain records."""

from __future__ import annotations

from dataclasses import dataclass

from datasette_leaks.loaders.records import Problem


@dataclass(frozen=True, slots=True)
class FileReport:
    """What became of one file: ``items`` = ``loaded`` + ``duplicates`` + ``refused``.

    ``refused`` are the items that could not be taken, and ``problems`` say why: one or more for
    each, and those that another file's anchors have with a text of this one. ``further`` counts
    those that are only in the table load_problems, for there is no end of them.

    ``path`` is as named on the command line; ``loader`` is None when no loader takes the file.
    ``kinds`` counts what was loaded: "dossier", and kinds of documents as they are at the end of
    the load, when the dossiers have said what each text is. ``unchanged`` says that not one
    row of the database was written; ``load`` is the row of loads that was.
    """

    path: str
    loader: str | None
    loaded: int = 0
    duplicates: int = 0
    refused: int = 0
    problems: tuple[Problem, ...] = ()
    kinds: tuple[tuple[str, int], ...] = ()
    unchanged: bool = False
    load: int | None = None
    further: int = 0

    @property
    def problem_count(self) -> int:
        """All problems, those that are not shown included."""
        return len(self.problems) + self.further

    @property
    def items(self) -> int:
        """All that the file held."""
        return self.loaded + self.duplicates + self.refused


@dataclass(frozen=True, slots=True)
class Note:
    """Something worth knowing, and no problem, about a dossier (its id) or a file (its path)."""

    dossier: str | None
    text: str
    path: str | None = None

    def __str__(self) -> str:
        return f"{self.path or f'dossier {self.dossier}'}: {self.text}"


@dataclass(frozen=True, slots=True)
class LoadReport:
    """A whole load. ``unsupported`` are files in a folder that no loader takes: left alone.

    ``notes`` are about the database as it is after the load.
    """

    files: tuple[FileReport, ...]
    unsupported: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The problems of all files that are shown, in the files' order."""
        return tuple(problem for file in self.files for problem in file.problems)

    @property
    def problem_count(self) -> int:
        return sum(file.problem_count for file in self.files)

    @property
    def loaded(self) -> int:
        return sum(file.loaded for file in self.files)

    @property
    def duplicates(self) -> int:
        return sum(file.duplicates for file in self.files)

    @property
    def unchanged(self) -> bool:
        """Whether no row of the database was written."""
        return all(file.unchanged for file in self.files)

    @property
    def kinds(self) -> dict[str, int]:
        """How many of each kind were loaded."""
        counts: dict[str, int] = {}
        for file in self.files:
            for kind, number in file.kinds:
                counts[kind] = counts.get(kind, 0) + number
        return dict(sorted(counts.items()))
