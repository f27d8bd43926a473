"""An invented article with its proposals: what tests of the queue and of the pages read.

``paid`` is an accepted claim with one accepted and two proposed assertions; the other claims are
drafted. Two engines with several rules have a part in it, and a person proposed one assertion.
"""

from __future__ import annotations

from pathlib import Path

from datasette_leaks.analysis.run import analyse
from datasette_leaks.plugins import all_loaders
from datasette_leaks.store.connection import open_database
from datasette_leaks.store.loading import load_paths

ARTICLE = """---
title: Silt in the ledger
author: Ada Quill
---

The dredging firm paid the harbour board twice, HB7 wrote in a letter of May.

"Nobody was paid twice," a spokeswoman said. She declined to show the ledger.

According to two auditors, the second payment was booked as gravel. The Estuary Times echoed them.
"""
DOSSIER = """
dossier: silt
title: What the ledger says
article:
  id: silt-article
  title: Silt in the ledger
  voice: times
sources:
  - {id: hb7, name: HB7, kind: coded_source}
  - {id: times, name: The Estuary Times, kind: outlet}
  - {id: spokeswoman, name: a spokeswoman, kind: person, named: false}
  - id: auditors
    name: two auditors
    kind: collective
    named: false
    relations: [{dependent_on: hb7, state: proposed}]
claims:
  - id: paid
    text: The dredging firm paid the board twice.
    at: {start: The dredging firm paid, end: board twice}
    assertions:
      - {source: hb7, stance: asserts, cue: wrote, at: {start: HB7 wrote, end: of May}}
      - source: spokeswoman
        stance: denies
        cue: said
        at: {start: Nobody was paid, end: paid twice, prefix: '"'}
        state: proposed
        drafted: {engine: rules, rule: cue-subject, confidence: 0.93}
      - source: auditors
        stance: corroborates
        at: {start: the second payment}
        state: proposed
        note: Do they say that it was twice?
  - id: gravel
    text: The second payment was booked as gravel.
    at: {start: the second payment, end: as gravel}
    state: proposed
    drafted: {engine: rules, rule: according-to, confidence: 0.81}
    narrower_than: [{claim: paid, state: proposed}]
    assertions:
      - source: auditors
        stance: asserts
        cue: According to
        hedge: booked as
        at: {start: the second payment, end: as gravel}
        state: proposed
        drafted: {engine: rules, rule: according-to, confidence: 0.81}
      - source: times
        stance: echoes
        cue: echoed
        at: {start: The Estuary Times echoed}
        state: proposed
        drafted: {engine: fable, rule: echo-cue, confidence: 0.55}
        derives_from: [{assertion: gravel--auditors, state: proposed}]
  - id: ledger
    text: The firm would not show the ledger.
    at: {start: She declined to show, end: the ledger}
    state: proposed
    drafted: {engine: rules, rule: pronoun, confidence: 0.62}
"""


def make_draft_database(path: Path) -> Path:
    """The article and its dossier, loaded and analysed, at ``path``."""
    article, dossier = path.with_name("silt.md"), path.with_name("silt.yaml")
    article.write_text(ARTICLE, encoding="utf-8")
    dossier.write_text(DOSSIER, encoding="utf-8")
    db = open_database(path, create=True)
    report = load_paths(db, [article, dossier], all_loaders())
    problems = [str(problem) for file in report.files for problem in file.problems]
    assert problems == []
    analyse(db)
    db.close()
    return path
