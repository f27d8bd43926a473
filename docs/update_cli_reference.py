"""Write the help of `datasette leaks` into the documentation, or check that it is there.

    python docs/update_cli_reference.py [--check]

Rewrites what stands between <!-- cli --> and <!-- /cli --> in README.md (the list of commands) and
docs/cli.md (the help of each). With --check it changes nothing, and leaves with status 1 when
something is out of date.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import click

from datasette_leaks.cli import leaks

ROOT = Path(__file__).parents[1]
BEGIN, END = "<!-- cli -->\n", "<!-- /cli -->"


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


def updated(text: str, block: str) -> str:
    """The text with the block between its marks. Raises ValueError when it has none."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{BEGIN.strip()} and {END} are not there")
    return before + begin + block + end + after


def wanted() -> dict[Path, str]:
    """What each documentation file should hold."""
    blocks = {
        ROOT / "README.md": help_text(leaks, "datasette leaks"),
        ROOT / "docs" / "cli.md": whole_reference(),
    }
    return {path: updated(path.read_text("utf-8"), block) for path, block in blocks.items()}


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
