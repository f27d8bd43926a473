"""Finding quotations and statements: the rules against textacy with a parse, and along the length.

Run ``python -m benchmarks.drafting`` at the repository's root. The peer is textacy's
``direct_quotations``, paragraph by paragraph, on what spaCy's model gives as textacy loads it: the
parse is part of its time, as it has no use without. Where textacy or a model is not installed, that
is said and only the second figure measured: the rules' time for a word of a text of a million words
against one of a thousand. The text is made here.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.util import find_spec
from statistics import median
from time import process_time
from typing import Any

from benchmarks import report
from datasette_leaks.analysis.engine_spacy import MODELS
from datasette_leaks.analysis.extract_rules import Rules

PEER_WORDS = 5_000
SHORT, LONG = 1_000, 1_000_000  # words
ROUNDS = 5
TARGET, LINEAR = 30.0, 1.3
_FIRST = ("Ann", "Ben", "Cora", "Dan", "Eve", "Finn", "Gail", "Hugo", "Ines", "Jon", "Kate", "Mara")
_LAST = ("Abel", "Brook", "Carver", "Dunn", "Ekdal", "Frost", "Garner", "Holt", "Irwin", "Keel")
_THINGS = ("ledger", "crane", "harbour", "letter", "permit", "tanker", "survey", "contract", "pier")
_DID = ("was never signed", "had been moved at night", "would be closed by spring", "cost too much")
_SAID = (
    "“The {thing} {did},” said {name}, who runs the office.",
    "{name} told reporters on Monday that the {thing} {did}.",
    "According to a letter seen by the Bay Herald, the {thing} {did}.",
    "“We knew about the {thing},” {last} said. “It {did}, and nobody asked.”",
    "An official who asked not to be named called the {thing} “a bad joke” that {did}.",
    "The claim was echoed by {name}, a former clerk at the port authority.",
    "He wrote in an e-mail that the {thing} {did}, but denied any wrongdoing.",
)
_TOLD = (
    "The {thing} stood by the water for years before anybody in the town looked at it again.",
    "In the spring {name} moved to the coast, where the port was growing and rents were low.",
    "Three winters of storms had left the {thing} in a state that no insurer would have taken.",
    "It {did}, and the ships that came in from the north had to wait outside for the tide.",
    "{last} grew up in a street behind the fish market, the second of five children.",
    "The council met twice in June and once more, behind closed doors, in the first week of July.",
)
_SHARE = 0.5  # of the sentences that attribute: a row for some 28 words, as in PolNeAR's news


def article(words: int, seed: int = 1) -> str:
    """An invented article of about so many words, in paragraphs of three sentences."""
    rng = random.Random(seed)
    paragraphs: list[str] = []
    written = 0
    while written < words:
        sentences = [
            rng.choice(_SAID if rng.random() < _SHARE else _TOLD).format(
                thing=rng.choice(_THINGS),
                did=rng.choice(_DID),
                name=f"{rng.choice(_FIRST)} {rng.choice(_LAST)}",
                last=rng.choice(_LAST),
            )
            for _ in range(3)
        ]
        paragraphs.append(" ".join(sentences))
        written += len(paragraphs[-1].split())
    return "\n\n".join(paragraphs)


def rules(text: str) -> int:
    """The number of rows that the rules find."""
    return len(Rules().extract(text, (), ()).attributions)


def textacy(nlp: Any) -> Callable[[str], int]:
    """What gives the number of quotations that textacy finds with the model."""
    quotations = import_module("textacy.extract.triples").direct_quotations

    def run(text: str) -> int:
        return sum(len(list(quotations(doc))) for doc in nlp.pipe(text.split("\n\n")))

    return run


def seconds(run: Callable[[str], int], text: str) -> float:
    """Processor time of one run."""
    start = process_time()
    run(text)
    return process_time() - start


def against_textacy() -> Iterator[str]:
    """Lines with both times and their ratio, or with what is missing."""
    model = next((name for name in MODELS if find_spec(name)), None)
    if find_spec("textacy") is None or model is None:
        yield "textacy with an English model of spaCy is not installed: not compared with it"
        return
    text = article(PEER_WORDS)
    peer = textacy(import_module(model).load())
    times = [(seconds(rules, text), seconds(peer, text)) for _ in range(ROUNDS)]
    ours, theirs = median(time for time, _ in times), median(time for _, time in times)
    words = len(text.split())
    yield f"rules, {words:,} words: {ours:.3f} s, {rules(text):,} rows"
    yield f"textacy with {model}: {theirs:.3f} s, {peer(text):,} quotations"
    yield f"textacy's time : the rules': ratio {theirs / ours:.2f} (target {TARGET:.2f} or more)"


def main() -> None:
    """Print the times and ratios."""
    for line in against_textacy():
        print(line, flush=True)
    shorts = [
        article(SHORT, seed) for seed in range(2, 52)
    ]  # one again and again would sit in caches
    long = article(LONG)
    rules(shorts[0])
    pairs = [
        (
            sum(seconds(rules, short) for short in shorts)
            / sum(len(short.split()) for short in shorts),
            seconds(rules, long) / len(long.split()),
        )
        for _ in range(3)
    ]
    small, large = sorted(pairs, key=lambda pair: pair[1] / pair[0])[1]
    for words, time in ((SHORT, small), (LONG, large)):
        print(f"rules, articles of {words:,} words: {time * 1e6:.1f} µs a word", flush=True)
    report("time for a word of a million : of a thousand", large / small, LINEAR)


if __name__ == "__main__":
    main()
