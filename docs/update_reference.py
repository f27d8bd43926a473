"""Write into the documentation what the code says, or check that it is there.

    python docs/update_reference.py [--check]

Rewrites what stands between <!-- cli --> and <!-- /cli --> in README.md (the list of commands) and
docs/cli.md (the help of each), and between <!-- json --> and <!-- /json --> in docs/json.md (the
shapes of the pages' JSON). With --check it changes nothing, and leaves with status 1 when something
is out of date.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import click
from json_reference import json_reference

from datasette_leaks.cli import leaks

ROOT = Path(__file__).parents[1]


def help_text(command: click.Command, name: str) -> str:
    """A command's help, 80 columns wide, whatever the terminal."""
    context = click.Context(command, info_name=name, terminal_width=80)
    lines = [line.rstrip() for line in command.get_help(context).splitlines()]
    return "```text\n" + "\n".join(lines) + "\n```\n"


def whole_reference() -> str:
    """The help of every command, each under a heading."""
    parts = [help_text(leaks, "datasette leaks")]
    for name, command in sorted(leaks.commands.items()):
        parts.append(f"## {name}\n\n{help_text(command, f'datasette leaks {name}')}")
    return "\n".join(parts)


def updated(text: str, mark: str, block: str) -> str:
    """The text with the block between its marks. Raises ValueError when it has none."""
    before, begin, rest = text.partition(f"<!-- {mark} -->\n")
    _, end, after = rest.partition(f"<!-- /{mark} -->")
    if not begin or not end:
        raise ValueError(f"there is no place marked {mark}")
    return before + begin + block + end + after


def wanted() -> dict[Path, str]:
    """What each documentation file should hold."""
    blocks = {
        ROOT / "README.md": ("cli", help_text(leaks, "datasette leaks")),
        ROOT / "docs" / "cli.md": ("cli", whole_reference()),
        ROOT / "docs" / "json.md": ("json", json_reference()),
    }
    return {path: updated(path.read_text("utf-8"), *block) for path, block in blocks.items()}


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="change nothing, only tell")
    check = parser.parse_args().check
    stale = {path: text for path, text in wanted().items() if path.read_text("utf-8") != text}
    for path, text in stale.items():
        if check:
            print(f"{path.relative_to(ROOT)} is out of date: run python docs/{Path(__file__).name}")
        else:
            path.write_text(text, encoding="utf-8")
            print(f"{path.relative_to(ROOT)} is brought up to date")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
