"""How far the draft of the seed article is from the dossier that people wrote of it.

    python -m tools.draft_distance [ARTICLE DOSSIER]

Rows are assertions: who says what, where, with which stance. The article's text is needed, which is
not in the repository: ../shared/seed/article.md when no other is named. Nothing is written, and no
words of the article are printed.

A drafted assertion is held against the written ones of the same article by the place where each is
read (its own in the article, else its claim's). They match one to one, best first:

* *kept*: the places share half of the shorter one's characters, the source is the same and so is
  the stance. An editor still puts the claim into words of their own, as every draft asks, and may
  add what the article does not say beside it (said_on, reported_by, notes): neither counts as a
  change.
* *changed*: the places share half of the shorter one's, but source or stance differ; or the source
  and stance are right and the places only touch.
* *dropped*: nothing written is there.
* *added*: a written assertion that no drafted one matches.

Of two written assertions of one source with one stance that lie in one drafted place, the second is
an addition: the editor splits the row. Sources are the same if the written one has the drafted
one's id, or its name or an alias, or half of the words of these.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from datasette_leaks.analysis.draft import Taken, draft
from datasette_leaks.analysis.draft_check import checked
from datasette_leaks.analysis.extract_rules import Rules
from datasette_leaks.analysis.score import same_speaker
from datasette_leaks.drafting import read_article
from datasette_leaks.loaders.anchors import AnchorFinder, Span
from datasette_leaks.loaders.dossier import DossierLoader
from datasette_leaks.loaders.records import Document, Dossier, Source
from datasette_leaks.plugins import all_loaders

ROOT = Path(__file__).parents[1]
ARTICLE = ROOT.parent / "shared" / "seed" / "article.md"
DOSSIER = ROOT / "examples" / "stratfor-2012" / "dossier.yaml"


@dataclass(frozen=True, slots=True)
class Placed:
    """An assertion where it is read."""

    span: Span
    source: Source
    stance: str


@dataclass(frozen=True, slots=True)
class Distance:
    """Counts of assertions. ``own_voice``: the added ones that the article says for itself."""

    drafted: int
    written: int
    kept: int
    changed: int
    dropped: int
    added: int
    own_voice: int

    @property
    def wrong(self) -> float:
        """The share of the draft's rows that an editor must change or drop."""
        return (self.changed + self.dropped) / self.drafted if self.drafted else 0.0

    @property
    def work(self) -> float:
        """Changed, dropped and added rows, as a share of the draft's rows and the added ones."""
        rows = self.drafted + self.added
        return (self.changed + self.dropped + self.added) / rows if rows else 0.0


def distance(document: Document, drafted: Dossier, written: Dossier) -> Distance:
    """The distance of two dossiers of one article."""
    ours, theirs = list(_placed(document, drafted)), list(_placed(document, written))
    order = sorted(
        (
            (-_rank(one, other), number, place)
            for number, one in enumerate(ours)
            for place, other in enumerate(theirs)
            if _rank(one, other) > 0
        )
    )
    matched: dict[int, tuple[int, float]] = {}
    taken: set[int] = set()
    for rank, number, place in order:
        if number not in matched and place not in taken:
            matched[number] = (place, -rank)
            taken.add(place)
    kept = sum(rank > _KEPT for _, rank in matched.values())
    missing = [other for place, other in enumerate(theirs) if place not in taken]
    voices = {written.article.description.voice if written.article else None}
    voices |= {each.id for each in written.sources for other in each.relations
               if other.source in voices}  # fmt: skip
    return Distance(
        len(ours),
        len(theirs),
        kept,
        len(matched) - kept,
        len(ours) - len(matched),
        len(missing),
        sum(each.source.id in voices or each.source.kind == "unresolved_link" for each in missing),
    )


_KEPT = 2.0


def _rank(one: Placed, other: Placed) -> float:
    """0 for no match, above 2 for one to keep, else one to change; more is better."""
    common = min(one.span.end, other.span.end) - max(one.span.start, other.span.start)
    if common <= 0:
        return 0.0
    share = common / min(one.span.end - one.span.start, other.span.end - other.span.start)
    right = _same(one.source, other.source) and one.stance == other.stance
    if share < 0.5:
        return share if right else 0.0
    union = max(one.span.end, other.span.end) - min(one.span.start, other.span.start)
    return (_KEPT if right else 0.5) + common / union


def _same(one: Source, other: Source) -> bool:
    if one.id == other.id:
        return True
    if one.kind == "coded_source" or other.kind == "coded_source":
        return one.name == other.name
    return any(
        same_speaker(mine, theirs)
        for mine in (one.name, *one.aliases)
        for theirs in (other.name, *other.aliases)
    )


def _placed(document: Document, dossier: Dossier) -> Iterator[Placed]:
    finder = AnchorFinder(document.text)
    sources = {source.id: source for source in dossier.sources}
    places = {claim.id: claim.at for claim in dossier.claims}
    for each in dossier.assertions:
        own = each.at if each.at and each.at.document is None else None
        anchor = own or places.get(each.claim)
        span = finder.find(anchor) if anchor and anchor.document is None else None
        if isinstance(span, Span) and each.source in sources:
            yield Placed(span, sources[each.source], each.stance)


def main(arguments: Sequence[str]) -> int:
    """Print the figures; the status is 1 when the text is not there."""
    article, dossier = (Path(arguments[0]), Path(arguments[1])) if arguments else (ARTICLE, DOSSIER)
    document, problems = read_article(article, all_loaders())
    written = next(iter(DossierLoader().load(dossier)))
    if document is None or not isinstance(written, Dossier):
        print(*problems, written if not isinstance(written, Dossier) else "", sep="\n")
        return 1
    engine = Rules()
    found, _ = checked(
        document.text, engine.extract(document.text, document.passages, document.links)
    )
    drafted = draft(document, found, engine.name, Taken()).dossier
    figures = distance(document, drafted, written)
    print(f"drafted {figures.drafted}, written {figures.written} assertions")
    print(f"kept    {figures.kept}")
    print(f"changed {figures.changed}")
    print(f"dropped {figures.dropped}")
    print(f"added   {figures.added}, of them {figures.own_voice} in the article's own voice")
    print(f"to change or drop: {figures.wrong:.0%} of the draft's rows")
    print(f"to change, drop or add: {figures.work:.0%} of the draft's rows and the added ones")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
