"""Text that was decoded wrongly, put right only where there can be no doubt of what it was."""

from __future__ import annotations

import re

from ftfy import ExplanationStep, fix_encoding_and_explain

LONGEST = 5000  # code points of a line that is looked at

# Released mails have "a**" where an apostrophe was: its three bytes in UTF-8, read one by one.
_APOSTROPHE = re.compile(r"(?<=[A-Za-z])a\*\*(?=(?:s|t|re|ll|ve|d|m)\b)")


def repair(text: str) -> str:
    """``text`` with certain repairs, the same string where there are none.

    A line is repaired as a whole and only where the repair, undone step by step, gives that very
    line. ``a**`` becomes an apostrophe only inside a word and before s, t, re, ll, ve, d or m.
    """
    if not text.isascii():
        text = "\n".join(map(_repair_line, text.split("\n")))
    return _APOSTROPHE.sub("’", text) if "a**" in text else text


def _repair_line(line: str) -> str:
    if line.isascii() or len(line) > LONGEST:
        return line
    fixed, steps = fix_encoding_and_explain(line)
    return fixed if fixed != line and steps and _undone(fixed, steps) == line else line


def _undone(fixed: str, steps: list[ExplanationStep]) -> str | None:
    """The text before the steps; None where one of them cannot be undone."""
    if len(steps) % 2:
        return None
    for decoded, encoded in zip(steps[::-2], steps[-2::-2], strict=True):
        if (encoded.action, decoded.action) != ("encode", "decode"):
            return None
        try:
            fixed = fixed.encode(decoded.parameter).decode(encoded.parameter)
        except (UnicodeError, LookupError):
            return None
    return fixed
