"""What the tables of drafting engines mean, in words for readers; descriptions.py shows them."""

from __future__ import annotations

from collections.abc import Mapping

TABLES: Mapping[str, str] = {
    "extractions": "One row each run of a drafting engine over a document. What it found is a "
    "proposal, not a finding.",
    "attributions": "Who says what in a document, as an engine read it. Nobody has checked these "
    "rows, and no status counts them.",
}

COLUMNS: Mapping[str, Mapping[str, str]] = {
    "extractions": {
        "id": "Number of the run.",
        "document_id": "The document that was read.",
        "engine": "The engine that ran.",
        "version": "Version of the engine.",
        "options": "The engine's options, as JSON.",
        "text_sha256": "SHA-256 of the text that was read, in UTF-8.",
        "ran_at": "When, in UTC.",
        "dropped": "Rows left out because their words do not stand in the text.",
    },
    "attributions": {
        "id": "Number of the row.",
        "extraction_id": "The run that found it.",
        "position": "Its place in the order of the text, from 0.",
        "start": "Where the attributed words start in the document's text, in characters from 0.",
        "kind": "direct (quoted words alone), indirect (none), mixed (some), partial (quoted words "
        "that are no statement), scare (marks that quote nobody).",
        "speaker": "Who is said to have said it, in the words of the text; empty for nobody.",
        "speaker_start": "Where the speaker's words start.",
        "speaker_end": "Where they end, not included.",
        "source": "Whom the engine takes the speaker for: a short name within this run.",
        "source_type": "Somebody named or anonymous, a document, an organisation, a collective.",
        "cue": "The words that say it is somebody's: wrote, according to. Empty for none.",
        "cue_start": "Where the cue starts.",
        "cue_end": "Where it ends, not included.",
        "hedges": "The words that weaken it, as a JSON list.",
        "rule": "The engine's rule that found it.",
        "confidence": "How often that rule was right where it was measured, from 0 to 1.",
        "link": "The address that the text cites for it.",
    },
}
