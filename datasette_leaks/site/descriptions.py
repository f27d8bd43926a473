"""What every table and column means, in words for readers.

Shown by Datasette above each table and in its column menus; a test fails when the schema gains a
table or column that is not described here.
"""

from __future__ import annotations

from collections.abc import Mapping

from . import archive_descriptions, draft_descriptions

NOT_TRUTH = "A status says what stands behind a claim, never whether it is true."

TABLES: Mapping[str, str] = {
    "claims_by_status": "One row a claim: its status and the numbers behind it. " + NOT_TRUTH,
    "claims_by_source": (
        "One row for each claim and each source that speaks on it: what the source says, and the "
        "claim's status. " + NOT_TRUTH
    ),
    "claim_counts": "How many claims have which status: of the database, an article or a source. "
    + NOT_TRUTH,
    "claims": "One row a claim: a checkable statement in the editor's own words, or an opinion "
    "or prediction marked as such.",
    "sources": "Somebody or something that asserts: a person, a coded source, an outlet, an "
    "agency, an official record, an unnamed group.",
    "assertions": "One row each time a source takes a stance on a claim, with the place where "
    "we read it.",
    "documents": "A text that can be pointed into (article, e-mail, web page, court filing, "
    "report, attachment), or one that is only cited so far.",
    "claim_relations": "How two claims stand to each other. Support for a narrower claim counts "
    "for the broader one; a denial of the broader one counts against the narrower.",
    "derivations": "One assertion that derives from another: a repetition is no second source.",
    "reported_by": "The chain that carried an assertion to us, first carrier first: an archive, "
    "an outlet, the article.",
    "assertion_origins": "Where each assertion comes from in the end, after following all "
    "derivations. Rebuilt by every analysis.",
    "source_names": "The other names a source goes by.",
    "source_grades": "Grades somebody gave a source, as they were given. Scales are never mapped "
    "to one another.",
    "source_relations": "Two sources that are one, or one that depends on the other. Such sources "
    "count as one origin.",
    "reviews": "One row each time an editor sets a claim's status or withdraws that. Rows are "
    "only ever added.",
    "dossiers": "The files in which people wrote down the claims, sources and assertions.",
    "passages": "The blocks of a document: headings, paragraphs, list items, captions, and the "
    "furniture around them.",
    "links": "The hyperlinks of a document, and the document each leads to when that is known.",
    "emphases": "Words a document sets in italics, bold, code or strike-through.",
    "document_descriptions": "What the file itself and each dossier say about a document; "
    "documents holds what follows from them.",
    "loads": "One row each time a file was loaded: items in = loaded + duplicates + refused.",
    "load_problems": "Why a load could not take an item, or an anchor of another file failed.",
    **archive_descriptions.TABLES,
    **draft_descriptions.TABLES,
}

# A column that means the same in every table that has it.
COMMON: Mapping[str, str] = {
    "anchor_document": "The document the passage is in, as the dossier names it; empty: the "
    "article.",
    "anchor_end": "The last words of the passage, as the dossier gives them.",
    "anchor_prefix": "The words directly before the passage, given where the first words occur "
    "twice.",
    "anchor_start": "The first words of the passage, as the dossier gives them.",
    "anchor_suffix": "The words directly after the passage, given where the words occur twice.",
    "article_id": "The article that makes the claim.",
    "assertion_id": "The assertion.",
    "author": "Who wrote it.",
    "claim_id": "The claim.",
    "claim_number": "The claim's number, in the order of loading. Ties the row to the search "
    "index.",
    "document_id": "The document.",
    "confidence": "How sure the engine is, from 0 to 1; empty where a person wrote the row.",
    "dossier_id": "The dossier that says so.",
    "end": "Where it ends in the document's text, in characters, not included.",
    "engine": "The engine that drafted it; empty where a person wrote the row.",
    "independence": "Whether the sources are independent of one another: established by an "
    "editor, presumed, or not established.",
    "kind": "What kind it is.",
    "language": "Language of the text, as a code such as en.",
    "line": "Line in the dossier's file.",
    "load_id": "The load it came with.",
    "message_id": "Message-ID of the e-mail, without angle brackets.",
    "note": "A note of the editor.",
    "number": "Number in the order of loading. Ties the row to the search index.",
    "paraphrase_exceeds_quote": "1: the text says more than its quotation does.",
    "path": "The file it was loaded from.",
    "position": "Its place in the order of the file, from 0.",
    "published": "Date of publication, as precise as is known.",
    "publisher": "Who published it.",
    "reported_corroboration": "1: the text says the claim was confirmed and names nobody.",
    "rule": "The engine's rule that found it; empty where a person wrote the row.",
    "said_in_id": "The document in which the source said it.",
    "sha256": "SHA-256 of the file's bytes.",
    "source_id": "The source.",
    "start": "Where it starts in the document's text, in characters from 0; empty until the "
    "text is loaded.",
    "state": "accepted counts; proposed is a suggestion nobody has accepted; rejected is kept "
    "for the record.",
    "title": "Title.",
    "url": "Address on the web.",
    "voice_id": "The source that speaks when the document speaks in its own voice.",
}

COLUMNS: Mapping[str, Mapping[str, str]] = {
    "claims_by_status": {
        "id": "The claim.",
        "claim": "The claim, in the editor's words.",
        "status": "What stands behind the claim: the editor's override while it holds, else what "
        "the rules compute. " + NOT_TRUTH,
        "kind": "A statement, or an opinion, a prediction, something else that cannot be checked.",
        "assertions": "Accepted assertions that count for or against the claim, those on narrower "
        "and broader claims included.",
        "sources": "Different sources behind those assertions.",
        "origins": "Identified origins in favour. Sources that repeat or depend on one another "
        "are one origin.",
        "unidentified": "Origins in favour that nobody can name: unnamed groups, dead links.",
        "echoes": "Others that repeat an origin without adding one.",
        "against": "Origins that dispute or deny the claim.",
        "circular_reporting": "1: assertions that derive from one another in a circle.",
        "self_inconsistent": "1: a source speaks both for and against the claim.",
        "computed_status": "What the rules say, whatever an editor set. " + NOT_TRUTH,
        "override": "Whether an editor's status is in force, is stale because the evidence has "
        "changed since, or there is none.",
        "status_with_proposed": "What the rules would say if all proposed rows were accepted.",
        "origins_with_proposed": "Identified origins in favour if all proposed rows were accepted.",
        "explanation": "Why the claim has this status, in a sentence.",
    },
    "claims_by_source": {
        "stance": "What the source does with the claim: asserts, corroborates, echoes, disputes, "
        "denies, declines to comment, retracts.",
        "status": "The claim's status over all sources. " + NOT_TRUTH,
        "said_in_id": "The document in which the source said so; the first, of several.",
        "said_on": "The date on which the source said so; the first, of several.",
        "assertions": "How many assertions of this source on this claim.",
        "derived": "1: all the source says on this claim derives from others.",
        "state": "accepted when any of its assertions on this claim is, else proposed or rejected.",
    },
    "claim_counts": {
        "subject": "Whose claims: the database's, an article's, or those a source speaks on.",
        "id": "The article or source; empty for the database.",
        "status": "The status they have, or all. " + NOT_TRUTH,
        "claims": "How many claims.",
    },
    "claims": {
        "id": "Short name of the claim, used in addresses.",
        "text": "The claim, in the editor's words.",
        "kind": "A statement, or an opinion, a prediction, something else that cannot be checked.",
        "document_id": "The document in which start and end lie; empty when no place is given.",
        "start": "Where the claim starts in that document's text, in characters from 0; empty "
        "until the text is loaded.",
    },
    "sources": {
        "id": "Short name of the source, used in addresses.",
        "name": "Its name or code, as the text gives it.",
        "kind": "A person, coded source, outlet, agency, organisation, official record, group "
        "(collective) or link that leads nowhere.",
        "named": "0: the text gives neither name nor code.",
        "protected": "1: the identity must not be published.",
        "description": "Who it is, as far as may be said.",
    },
    "assertions": {
        "id": "Short name of the assertion, used in addresses.",
        "source_id": "The source that takes the stance.",
        "stance": "What the source does with the claim: asserts, corroborates, echoes (repeats), "
        "disputes, denies, declines to comment, retracts.",
        "cue": "The verb the text uses (wrote, confirmed), kept apart from the stance.",
        "hedge": "Words that weaken it (apparently).",
        "document_id": "The document in which we read it.",
        "said_on": "The date on which the source said it.",
        "basis": "How the source knows: first hand, second hand, from a document, or unstated.",
    },
    "documents": {
        "id": "Number of the document.",
        "slug": "Short name of the document, used in addresses.",
        "kind": "An article, e-mail, web page, court filing, report, attachment or other text.",
        "text": "The whole text, plain; empty when the document is only cited so far.",
        "media_type": "Media type of the file.",
        "encoding": "Character encoding of the file.",
        "size": "Size of the file in bytes.",
    },
    "claim_relations": {
        "id": "Number of the relation.",
        "claim_id": "The claim that stands in the relation.",
        "kind": "narrower_than, same_as, in_tension_with, supports or restates the other claim.",
        "other_id": "The other claim.",
    },
    "derivations": {
        "id": "Number of the derivation.",
        "assertion_id": "The assertion that repeats.",
        "derived_from_id": "The assertion it derives from.",
    },
    "reported_by": {
        "position": "Place in the chain; 0 is the first carrier.",
        "source_id": "Who carried it.",
    },
    "assertion_origins": {
        "root_id": "The assertion at the root, which derives from no other.",
        "origin_group": "The origin it counts as: sources that are one or depend on one another "
        "share it.",
        "identified": "0: nobody can say who the origin is.",
        "circular": "1: the root is a circle of assertions with no way out.",
        "scope": "accepted: only accepted rows were followed; with_proposed: proposed ones too.",
    },
    "source_names": {"name": "Another name of the source."},
    "source_grades": {
        "id": "Number of the grade.",
        "source_id": "The source that was graded.",
        "value": "The grade, as it was given.",
        "scale": "The scale it belongs to, or unknown.",
        "aspect": "What was graded: the source's reliability, the information's credibility, "
        "other.",
        "date": "When it was given, as precise as is known.",
        "given_by": "Who gave it.",
        "document_id": "The document in which it stands.",
    },
    "source_relations": {
        "id": "Number of the relation.",
        "source_id": "The source that stands in the relation.",
        "kind": "same_as: the two are one; dependent_on: the source depends on the other.",
        "other_id": "The other source.",
    },
    "reviews": {
        "id": "Number of the review, in order of time.",
        "at": "When, in UTC.",
        "reviewer": "Who reviewed.",
        "act": "set_status, or withdraw an earlier review.",
        "claim_id": "Short name of the claim that was reviewed.",
        "set_status": "The status the editor set. " + NOT_TRUTH,
        "computed_status": "What the rules said at the time.",
        "basis_hash": "Fingerprint of the evidence at the time; when the evidence changes, the "
        "review goes stale.",
        "rationale": "The editor's reasons.",
        "supersedes_id": "The earlier review it withdraws or replaces.",
    },
    "dossiers": {
        "id": "Short name of the dossier.",
        "article_id": "The article it is about; empty when it only adds to other dossiers.",
    },
    "passages": {
        "id": "Number of the passage.",
        "kind": "A heading, paragraph, list item, quotation, code, caption, or furniture.",
        "level": "Level of a heading (1 to 6), depth of a list item or quotation, else 0.",
        "role": "What the furniture is: a byline, credit, related links, advert, navigation.",
        "continues": "1: goes on with the passage before it, from which a page break cut it.",
    },
    "links": {
        "id": "Number of the link.",
        "text": "The words that are linked.",
        "url": "The address, as written.",
        "role": "What the link is for: a byline, citation, related article, navigation, footnote.",
        "resolution": "resolved: leads to a document here; external: to the web; unresolved: "
        "nowhere.",
        "target_id": "The document it leads to.",
    },
    "emphases": {"id": "Number of the mark.", "kind": "Emphasis, strong, code or strike-through."},
    "document_descriptions": {
        "said_by": "Who says so: file, or dossier: and the dossier's short name.",
        "position": "Place in the dossier; 0 is its article.",
    },
    "loads": {
        "id": "Number of the load.",
        "path": "The file, as it was named on the command line.",
        "loader": "The loader that read it.",
        "version": "Version of datasette-leaks.",
        "started": "When, in UTC.",
        "finished": "When, in UTC.",
        "items": "Items the loader gave: texts, dossiers, and what it could not read.",
        "loaded": "Items that were loaded.",
        "duplicates": "Items that were there already.",
        "refused": "Items that could not be taken.",
        "problems": "The reasons, and anchors of other files that failed in a text of this one.",
    },
    "load_problems": {
        "id": "Number of the problem.",
        "place": "Where in the file: a line, field or byte.",
        "found": "What was there.",
        "expected": "What was expected.",
        "advice": "What to do.",
    },
    **archive_descriptions.COLUMNS,
    **draft_descriptions.COLUMNS,
}


def column(table: str, name: str) -> str | None:
    """What a column of one of our tables means; None for a column that is not ours."""
    return COLUMNS.get(table, {}).get(name) or COMMON.get(name)
