"""The hostile messages, by kind. Add one to the table of its kind: every check runs on it."""

from __future__ import annotations

from abuse.hostile_bodies import CHARSETS, ENCODINGS, HTML, TEXTS
from abuse.hostile_case import Case
from abuse.hostile_headers import ADDRESSES, BLOCKS, IDS
from abuse.hostile_parts import BOUNDARIES, NESTING, TYPES
from abuse.hostile_words import DATES, NAMES, WORDS

KINDS: dict[str, tuple[Case, ...]] = {
    "blocks": BLOCKS,
    "addresses": ADDRESSES,
    "ids": IDS,
    "words": WORDS,
    "names": NAMES,
    "dates": DATES,
    "boundaries": BOUNDARIES,
    "nesting": NESTING,
    "types": TYPES,
    "charsets": CHARSETS,
    "encodings": ENCODINGS,
    "html": HTML,
    "texts": TEXTS,
}
