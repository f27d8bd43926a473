"""The words of the pages: each status, stance and flag with its label, sign and meaning.

One place, so that a word means the same in a table cell, a page and a document.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Term:
    """A term of the design: ``sign`` is a character drawn beside the label, never instead of it.

    ``plural`` is the label where several speak ("analysts assert").
    """

    key: str
    label: str
    meaning: str
    sign: str = ""
    plural: str = ""


DISCLAIMER = (
    "A status says what stands behind a claim in the documents loaded here. "
    "It never says whether the claim is true."
)

STATUSES: dict[str, Term] = {
    term.key: term
    for term in (
        Term(
            "disputed",
            "Disputed",
            "At least one origin stands behind it, and at least one other contests or denies it.",
            "◐",
        ),
        Term(
            "corroborated",
            "Corroborated",
            "Two or more identified origins stand behind it; how independent is said beside.",
            "●●",
        ),
        Term(
            "echoed",
            "Echoed",
            "One identified origin, repeated by others. Repetition adds no origin.",
            "◉",
        ),
        Term(
            "single_source",
            "Single source",
            "One identified origin stands behind it.",
            "●",
        ),
        Term(
            "unidentified_origin",
            "Unidentified origin",
            "Somebody stands behind it, but nobody says who: “analysts”, a dead link, hearsay.",
            "◌",
        ),
        Term("unsourced", "Unsourced", "Only the publisher's own voice stands behind it.", "○"),
        Term("retracted", "Retracted", "Every origin in favour has withdrawn it.", "⊘"),
        Term(
            "not_assessed",
            "Not assessed",
            "An opinion, a prediction or a statement that cannot be checked.",
            "–",
        ),
    )
}

STANCES: dict[str, Term] = {
    term.key: term
    for term in (
        Term("asserts", "asserts", "Says so itself.", plural="assert"),
        Term(
            "corroborates",
            "corroborates",
            "Supports it without having it from another source.",
            plural="corroborate",
        ),
        Term("echoes", "echoes", "Repeats what another source said.", plural="echo"),
        Term(
            "disputes", "disputes", "Contests a part of it, or a reading of it.", plural="dispute"
        ),
        Term("denies", "denies", "Says that it is not so.", plural="deny"),
        Term(
            "declines_to_comment",
            "declines to comment",
            "Was asked and did not answer.",
            plural="decline to comment",
        ),
        Term("retracts", "retracts", "Withdraws what it had said.", plural="retract"),
    )
}

FLAGS: dict[str, Term] = {
    term.key: term
    for term in (
        Term(
            "reported_corroboration",
            "Corroboration reported, not shown",
            "The text says that others confirm it and names nobody.",
        ),
        Term(
            "circular_reporting",
            "Circular reporting",
            "Reports that rest on one another, with no way out to an origin.",
        ),
        Term(
            "self_inconsistent",
            "At odds with itself",
            "One origin stands on both sides, or behind claims that are in tension.",
        ),
        Term(
            "paraphrase_exceeds_quote",
            "Says more than the quotation",
            "The article's wording claims more than the words it quotes.",
        ),
    )
}

INDEPENDENCE: dict[str, Term] = {
    term.key: term
    for term in (
        Term("established", "independence established", "An editor has shown it."),
        Term("presumed", "independence presumed", "Nothing known links the origins."),
        Term("not_established", "independence not established", "An editor doubts it."),
    )
}

PROPOSED = Term(
    "proposed", "proposed", "A proposal. It counts for nothing until an editor accepts it.", "◇"
)

PROPOSALS: dict[str, tuple[str, str]] = {
    "assertions": ("assertion", "assertions"),
    "claims": ("claim", "claims"),
    "derivations": ("derivation", "derivations"),
    "claim-relations": ("relation of claims", "relations of claims"),
    "source-relations": ("relation of sources", "relations of sources"),
}

SOURCE_KINDS: dict[str, str] = {
    "person": "Person",
    "coded_source": "Coded source",
    "outlet": "News outlet",
    "agency": "Government agency",
    "organisation": "Organisation",
    "official_record": "Official record",
    "collective": "Unnamed group",
    "unresolved_link": "Unresolved link",
}

DOCUMENT_KINDS: dict[str, str] = {
    "article": "Article",
    "email": "E-mail",
    "web_page": "Web page",
    "court_filing": "Court filing",
    "report": "Report",
    "attachment": "Attachment",
    "other": "Document",
}

CLAIM_KINDS: dict[str, str] = {
    "statement": "Statement",
    "opinion": "Opinion",
    "prediction": "Prediction",
    "not_checkable": "Not checkable",
}

BASES: dict[str, str] = {
    "first_hand": "first-hand",
    "second_hand": "second-hand",
    "document": "from a document",
    "unstated": "basis not stated",
}

CLAIM_RELATIONS: dict[str, tuple[str, str]] = {
    "narrower_than": ("Narrower than", "Broader than"),
    "same_as": ("Same as", "Same as"),
    "in_tension_with": ("In tension with", "In tension with"),
    "supports": ("Supports", "Supported by"),
    "restates": ("Restates", "Restated by"),
}

COUNTS: dict[str, str] = {
    "for": "in favour",
    "against": "against",
    "both_sides": "not counted: the same origin is also in favour",
    "voice": "not counted: the publisher's own voice",
    "no_weight": "not counted: takes no side",
    "retracts": "withdraws what it had said",
    "retracted": "not counted: withdrawn",
    "proposed": "not counted until an editor accepts it",
    "rejected": "not counted: an editor rejected it",
}

ADDRESS_ROLES: dict[str, str] = {
    "from": "From",
    "sender": "Sent for them by",
    "reply_to": "Reply to",
    "to": "To",
    "cc": "Cc",
    "bcc": "Bcc",
}

INSIGHT_VALUES: dict[str, str] = {
    "code": "Source code",
    "via": "Passed on by",
    "attribution": "Attribution",
    "description": "Source description",
    "publication": "Publication",
    "reliability": "Source reliability",
    "credibility": "Item credibility",
    "special_handling": "Special handling",
    "source_handler": "Source handler",
    "distribution": "Distribution",
}

TEXTS_FROM: dict[str, str] = {
    "html": "The text was taken from HTML; formatting and pictures are left out.",
    "rtf": "The text was taken from RTF; formatting and pictures are left out.",
    "none": "The message has no text of its own.",
}

MARKS: dict[str, str] = {
    "too_large": "the message is larger than is read, and was read as far as that",
    "headers_cut": "some headers are left out: there are too many, or they are too long",
    "addresses_cut": "some addresses are left out: there are too many",
    "parts_cut": "some parts are left out: there are too many",
    "nesting_cut": "the innermost parts are left out: they are nested too deep",
    "time_cut": "it took too long to read whole",
    "charset_guessed": "the character set was guessed",
    "charset_replaced": "some characters could not be read and are replaced by �",
    "transfer_encoding_broken": "its encoding is broken; it was decoded as far as possible",
    "boundary_broken": "the borders of its parts are broken; parts may be cut wrongly",
    "date_unreadable": "the date cannot be read",
    "spans_cut": "some quotations and signatures are not told apart: there are too many",
    "text_cut": "the text is longer than is kept, and was cut",
    "mojibake_repaired": "garbled characters were repaired where that is certain",
    "headers_missing": "the usual headers are missing",
    "no_headers": "it has no headers",
}
