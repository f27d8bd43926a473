"""The engine ``rules``: quotations, speakers and statements with the standard library alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import repeat

from datasette_leaks.analysis.attribution import Attribution, Extraction, Relation
from datasette_leaks.analysis.extract_aliases import aliases
from datasette_leaks.analysis.extract_carry import Paragraph, State, carry
from datasette_leaks.analysis.extract_confidence import confidence
from datasette_leaks.analysis.extract_cues import find
from datasette_leaks.analysis.extract_frame import quotations
from datasette_leaks.analysis.extract_hedges import Links, hedges
from datasette_leaks.analysis.extract_relations import Cue, relations
from datasette_leaks.analysis.extract_sentences import sentences
from datasette_leaks.analysis.extract_sources import Cast
from datasette_leaks.analysis.extract_speakers import Found
from datasette_leaks.analysis.extract_subjects import antecedent, main
from datasette_leaks.analysis.extract_tags import Sentence
from datasette_leaks.loaders.records import Link, Passage

Span = tuple[int, int]
Find = Callable[[Sentence], list[Found]]  # the attributions of a sentence

_UNWRAPPED = 120  # code points: with a longer line, a line end in a passage ends a paragraph


@dataclass(slots=True)
class Draft:
    """A row before its speaker is resolved, in code points; ``mention`` is the cast's number."""

    span: Span
    kind: str
    speaker: Span | None
    antecedent: Span | None
    cue: Span | None
    rule: str
    sentence: int
    mention: int | None = None


class Rules:
    """Quotation frame, lexicon and hand-written rules: deterministic, linear in the text."""

    name = "rules"
    version = "1"

    def available(self) -> str | None:
        """None: there is nothing it needs."""
        return None

    def finders(self, text: str, paragraphs: Sequence[Span]) -> Iterable[Find]:
        """What finds the attributions in each paragraph: here the same rules in all of them.

        An engine with a better idea of subjects and clauses has its own; the frame of quotations,
        the carrying over and the sources are the same for all.
        """
        return repeat(find)

    def extract(self, text: str, passages: Sequence[Passage], links: Sequence[Link]) -> Extraction:
        """All that the rules find in ``text``. Passages that are furniture or code are left out.

        Without passages, the whole text is one, and every line a paragraph.
        """
        state, cast = State(), Cast(text)
        drafts: list[Draft] = []
        cues: list[tuple[Cue, int | None, int | None]] = []
        spans = list(_paragraphs(text, passages))
        for (start, end), each in zip(spans, self.finders(text, spans), strict=False):
            paragraph = Paragraph(
                start, end, list(sentences(text, start, end, quotations(text, start, end)))
            )
            paragraph.found = [each(sentence) for sentence in paragraph.sentences]
            rows = _drafts(text, paragraph, state)
            cues += _resolve(cast, paragraph, rows)
            drafts += rows
        return _extraction(text, drafts, cues, cast, Links(links), self.name)


def _paragraphs(text: str, passages: Sequence[Passage]) -> Iterator[Span]:
    for passage in passages or [Passage("paragraph", 0, len(text))]:
        if passage.kind in ("furniture", "code"):
            continue
        start = passage.start
        lines = text[passage.start : passage.end].split("\n")
        if passages and max(map(len, lines)) <= _UNWRAPPED:
            yield passage.start, passage.end
            continue
        for line in lines:
            if line.strip():
                yield start, start + len(line)
            start += len(line) + 1


def _drafts(text: str, paragraph: Paragraph, state: State) -> list[Draft]:
    rows = [
        draft
        for number, sentence in enumerate(paragraph.sentences)
        for found in paragraph.found[number]
        for draft in _found(sentence, found, number)
    ]
    for one in carry(text, paragraph, state):
        span = (one.quote.start, one.quote.end)
        rows.append(Draft(span, one.kind, one.speaker, None, None, one.rule, one.sentence))
    return sorted(rows, key=lambda row: row.span)


def _found(sentence: Sentence, found: Found, number: int) -> Iterator[Draft]:
    speaker = sentence.characters(found.speaker) if found.speaker else None
    before = antecedent(sentence, found.speaker) if found.speaker else None
    for first, end in found.contents:
        while end > first + 1 and sentence.tags[end - 1] in ".,;:-C":
            end -= 1
        tags = sentence.tags[first:end]
        if "Q" not in tags:
            kind = "indirect"
        elif all(tag in "Q.,-:" for tag in tags):
            kind = "partial" if found.rule in ("passive-as", "cue-object") else "direct"
        else:
            kind = "mixed"
        yield Draft(
            sentence.characters((first, end)),
            kind,
            speaker,
            sentence.characters(before) if before else None,
            sentence.characters(found.cue),
            found.rule,
            number,
        )


def _resolve(
    cast: Cast, paragraph: Paragraph, rows: list[Draft]
) -> list[tuple[Cue, int | None, int | None]]:
    """Tell the cast of the paragraph's mentions, aliases and relations, in text order."""
    text = paragraph.sentences[0].text if paragraph.sentences else ""
    known: dict[Span, int] = {}
    cues: list[tuple[Cue, int | None, int | None]] = []

    def meet(span: Span | None, before: Span | None = None) -> int | None:
        if span is None:
            return None
        if span not in known:
            known[span] = cast.meet(span, before)
        return known[span]

    by_sentence: dict[int, list[Draft]] = {}
    for row in rows:
        by_sentence.setdefault(row.sentence, []).append(row)
    for number, sentence in enumerate(paragraph.sentences):
        own = by_sentence.get(number, [])
        for row in sorted(own, key=lambda row: row.speaker or (0, 0)):
            row.mention = meet(row.speaker, row.antecedent)
        for row in own:
            if row.mention is not None and row.cue and text[slice(*row.cue)].lower() == "citing":
                cast.cite(row.mention, row.span)
        for owner, other in aliases(sentence):
            cast.equate(owner, other)
        for cue in relations(sentence, paragraph.found[number]):
            cues.append((cue, meet(cue.origin), meet(cue.target)))
        subject = main(sentence, len(sentence))
        if subject:
            cast.notice(sentence.characters(subject))
    quoted = {
        row.sentence: row.mention
        for row in rows
        if row.kind == "direct" and row.mention is not None
    }
    for row in rows:
        if row.mention is not None and row.sentence + 1 in quoted:
            cast.speaks_for(row.mention, quoted[row.sentence + 1])
    return cues


def _extraction(
    text: str,
    drafts: list[Draft],
    cues: list[tuple[Cue, int | None, int | None]],
    cast: Cast,
    links: Links,
    engine: str,
) -> Extraction:
    ids, mentions, sources = cast.results()
    rows = tuple(_row(text, draft, ids, links, engine) for draft in drafts)
    related = tuple(_related(text, cue, ids, origin, target) for cue, origin, target in cues)
    return Extraction(rows, related, tuple(mentions), tuple(sources))


def _row(text: str, draft: Draft, ids: list[str], links: Links, engine: str) -> Attribution:
    around = [span for span in (draft.cue, draft.span) if span]
    speaker_start, speaker_end = draft.speaker or (None, None)
    cue_start, cue_end = draft.cue or (None, None)
    return Attribution(
        start=draft.span[0],
        end=draft.span[1],
        kind=draft.kind,
        speaker_start=speaker_start,
        speaker_end=speaker_end,
        speaker=text[speaker_start:speaker_end] if draft.speaker else "",
        source=None if draft.mention is None else ids[draft.mention],
        cue=text[cue_start:cue_end] if draft.cue else "",
        cue_start=cue_start,
        cue_end=cue_end,
        hedges=hedges(text, around),
        rule=draft.rule,
        confidence=confidence(draft.rule, draft.kind),
        engine=engine,
        link=links.at(around),
    )


def _related(
    text: str, cue: Cue, ids: list[str], origin: int | None, target: int | None
) -> Relation:
    from_start, from_end = cue.origin or (None, None)
    to_start, to_end = cue.target or (None, None)
    return Relation(
        kind=cue.kind,
        start=cue.cue[0],
        end=cue.cue[1],
        cue=text[slice(*cue.cue)],
        from_source=None if origin is None else ids[origin],
        from_start=from_start,
        from_end=from_end,
        to_source=None if target is None else ids[target],
        to_start=to_start,
        to_end=to_end,
        hedged=cue.hedged,
    )
