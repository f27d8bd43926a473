"""Run every benchmark, each in a process of its own, and print all ratios as one table."""

from __future__ import annotations

import pkgutil
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from importlib import import_module
from typing import NamedTuple

import benchmarks

# What benchmarks.report prints; a benchmark with one result may leave the name out.
LINE = re.compile(
    r"(?:(?P<name>.+): )?ratio (?P<ratio>\d+\.\d+) "
    r"\(target (?P<target>\d+\.\d+) or (?P<side>less|more)\)"
)
SIGN = {"less": "≤", "more": "≥"}


class Result(NamedTuple):
    """One line of the table; ``ratio`` and ``target`` are None when a benchmark broke off.

    ``side`` says on which side of the target the ratio is to be: less or more.
    """

    name: str
    ratio: float | None = None
    target: float | None = None
    side: str = "less"

    @property
    def met(self) -> bool:
        if self.ratio is None or self.target is None:
            return False
        return self.ratio >= self.target if self.side == "more" else self.ratio <= self.target


def modules() -> list[str]:
    """The names of the benchmarks, sorted."""
    found = (f"benchmarks.{module.name}" for module in pkgutil.iter_modules(benchmarks.__path__))
    return sorted(
        name
        for name in found
        if name != "benchmarks.__main__" and hasattr(import_module(name), "main")
    )


def parse(module: str, lines: Iterable[str]) -> Iterator[Result]:
    """The results among the lines that a benchmark printed."""
    for line in lines:
        found = LINE.match(line)
        if found:
            name = found["name"] or module.removeprefix("benchmarks.")
            yield Result(name, float(found["ratio"]), float(found["target"]), found["side"])


def run(module: str) -> list[Result]:
    """Run one benchmark and show what it prints. A broken one gives a result that is not met."""
    print(f"== {module}", flush=True)
    command = [sys.executable, "-u", "-m", module]
    lines = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            print(line, end="", flush=True)
            lines.append(line)
    results = list(parse(module, lines))
    if process.returncode != 0 or not results:
        results.append(Result(f"{module}: broke off or said no ratio"))
    return results


def table(results: Iterable[Result]) -> str:
    """The results as aligned text: name, ratio, target, met."""
    rows = [("name", "ratio", "target", "met")]
    for result in results:
        rows.append(
            (
                result.name,
                "-" if result.ratio is None else f"{result.ratio:.2f}",
                "-" if result.target is None else f"{SIGN[result.side]} {result.target:.2f}",
                "yes" if result.met else "NO",
            )
        )
    width = max(len(row[0]) for row in rows)
    return "\n".join(f"{row[0]:{width}}  {row[1]:>7}  {row[2]:>7}  {row[3]}" for row in rows)


def main() -> int:
    """Exit status 0 when every target is met, else 1."""
    results = [result for module in modules() for result in run(module)]
    print(f"\n{table(results)}")
    return 0 if all(result.met for result in results) else 1


if __name__ == "__main__":
    sys.exit(main())
