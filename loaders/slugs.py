"""Readable ids for URLs."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 80


def slugify(text: str) -> str:
    """``text`` as lower-case ASCII letters and digits joined by hyphens, at most 80 characters.

    Accents are taken off (NFKD); a letter with no ASCII form is left out. What is too long is cut
    at a hyphen where there is one. The slug of a text without any letter or digit is empty.
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii")
    slug = re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")
    if len(slug) <= LONGEST:
        return slug
    whole, hyphen, _ = slug[: LONGEST + 1].rpartition("-")
    return whole if hyphen else slug[:LONGEST]
