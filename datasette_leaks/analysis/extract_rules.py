"""The engine ``rules``: quotations, speakers and statements with the standard library alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from datasette_leaks.analysis.attribution import Attribution, Extraction
from datasette_leaks.analysis.extract_carry import Paragraph, State, carry
from datasette_leaks.analysis.extract_cues import find
from datasette_leaks.analysis.extract_frame import quotations
from datasette_leaks.analysis.extract_sentences import sentences
from datasette_leaks.analysis.extract_speakers import Found
from datasette_leaks.analysis.extract_tags import Sentence
from datasette_leaks.loaders.records import Link, Passage

_UNWRAPPED = 120  # code points: with a longer line, a line end in a passage ends a paragraph
CONFIDENCE: dict[str, float] = {}


class Rules:
    """Quotation frame, lexicon and hand-written rules: deterministic, linear in the text."""

    name = "rules"
    version = "1"

    def available(self) -> str | None:
        """None: there is nothing it needs."""
        return None

    def extract(self, text: str, passages: Sequence[Passage], links: Sequence[Link]) -> Extraction:
        """All that the rules find in ``text``. Passages that are furniture or code are left out.

        Without passages, every line is a paragraph.
        """
        state = State()
        made: list[Attribution] = []
        for start, end, kind in _paragraphs(text, passages):
            quotes = quotations(text, start, end)
            paragraph = Paragraph(start, end, list(sentences(text, start, end, quotes)))
            paragraph.found = [find(sentence) for sentence in paragraph.sentences]
            for sentence, found in zip(paragraph.sentences, paragraph.found, strict=True):
                for one in found:
                    made.extend(_attributions(sentence, one))
            for one in carry(text, paragraph, state):
                made.append(
                    _row(
                        text,
                        (one.quote.start, one.quote.end),
                        one.kind,
                        one.speaker,
                        None,
                        one.rule,
                    )
                )
        made.sort(key=lambda one: (one.start, one.end))
        return Extraction(attributions=tuple(made))


def _paragraphs(text: str, passages: Sequence[Passage]) -> Iterator[tuple[int, int, str]]:
    if not passages:
        passages = [Passage("paragraph", 0, len(text))] if text.strip() else []
    for passage in passages:
        if passage.kind in ("furniture", "code"):
            continue
        start = passage.start
        lines = text[passage.start : passage.end].split("\n")
        if max(map(len, lines)) <= _UNWRAPPED:
            yield passage.start, passage.end, passage.kind
            continue
        for line in lines:
            if line.strip():
                yield start, start + len(line), passage.kind
            start += len(line) + 1


def _attributions(sentence: Sentence, found: Found) -> Iterator[Attribution]:
    speaker = None
    if found.speaker:
        speaker = (sentence.starts[found.speaker[0]], sentence.ends[found.speaker[1] - 1])
    cue = (sentence.starts[found.cue[0]], sentence.ends[found.cue[1] - 1])
    for first, end in found.contents:
        while end > first + 1 and sentence.tags[end - 1] in ".,;:-C":
            end -= 1
        span = (sentence.starts[first], sentence.ends[end - 1])
        tags = sentence.tags[first:end]
        if "Q" not in tags:
            kind = "indirect"
        elif all(tag in "Q.,-:" for tag in tags):
            kind = "direct"
        else:
            kind = "mixed"
        yield _row(sentence.text, span, kind, speaker, cue, found.rule)


def _row(
    text: str,
    span: tuple[int, int],
    kind: str,
    speaker: tuple[int, int] | None,
    cue: tuple[int, int] | None,
    rule: str,
) -> Attribution:
    return Attribution(
        start=span[0],
        end=span[1],
        kind=kind,
        speaker_start=speaker[0] if speaker else None,
        speaker_end=speaker[1] if speaker else None,
        speaker=text[speaker[0] : speaker[1]] if speaker else "",
        source=None,
        cue=text[cue[0] : cue[1]] if cue else "",
        cue_start=cue[0] if cue else None,
        cue_end=cue[1] if cue else None,
        hedges=(),
        rule=rule,
        confidence=CONFIDENCE.get(rule, 0.5),
        engine="rules",
    )
