"""Words that weaken a statement, and the link that carries its source."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from datasette_leaks.loaders.records import Link

Span = tuple[int, int]

_HEDGE = re.compile(
    r"\b(?:allegedly|reportedly|purportedly|supposedly|apparently|presumably|possibly|perhaps"
    r"|seemingly|unconfirmed|so-called|would appear(?: to)?|appear(?:s|ed)? to|may seem"
    r"|seem(?:s|ed)? to|I think|I believe|I guess|in (?:my|his|her|their) (?:view|opinion)"
    r"|gut feeling|could be construed"
    r"|may have|might have|could have|is said to|are said to|is believed to|are believed to)\b",
    re.IGNORECASE,
)
_READ = 4000  # code points of a statement that are read for hedges
_LONGEST = 500  # code points of a link that cites: a longer one holds a passage, not its source
_BESIDE = 1  # code points between a link and the words that it adjoins


def hedges(text: str, spans: Sequence[Span]) -> tuple[str, ...]:
    """The hedges within the spans, in text order, each once."""
    found = [
        (hit.start(), hit[0])
        for start, end in spans
        for hit in _HEDGE.finditer(text, start, min(end, start + _READ))
    ]
    return tuple(dict.fromkeys(words for _, words in sorted(found)))


class Links:
    """The hyperlinks of a text that can be a source: not those of bylines and navigation."""

    def __init__(self, links: Sequence[Link]) -> None:
        self._links = sorted(
            (
                link
                for link in links
                if link.role in ("citation", "footnote") and link.end - link.start <= _LONGEST
            ),
            key=lambda link: link.start,
        )
        self._starts = [link.start for link in self._links]

    def at(self, spans: Sequence[Span]) -> str | None:
        """The URL of the link that covers or adjoins one of the spans, the first span first."""
        for start, end in spans:
            first = bisect_left(self._starts, start - _LONGEST - _BESIDE)
            for link in self._links[first:]:
                if link.start > end + _BESIDE:
                    break
                if link.end + _BESIDE >= start:
                    return link.url
        return None
