"""INSIGHT blocks in the text of mails: layouts, what is none, codes, spans."""

from __future__ import annotations

from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasette_leaks.loaders.mail_records import Insight
from datasette_leaks.loaders.stratfor import LONGEST, code_key, find_insights, insights_of

PLAIN = """Met him at the harbour again.

SOURCE: HB1
ATTRIBUTION: STRATFOR source in the port authority
SOURCE DESCRIPTION: Deputy head of the port authority
PUBLICATION: Yes
SOURCE RELIABILITY: A
ITEM CREDIBILITY: 2
SPECIAL HANDLING: None
SOURCE HANDLER: Ada
DISTRIBUTION: Alpha

The quay is sinking.
"""
PLAIN_VALUES = {
    "code": "HB1",
    "key": "HB1",
    "attribution": "STRATFOR source in the port authority",
    "description": "Deputy head of the port authority",
    "publication": "Yes",
    "reliability": "A",
    "credibility": "2",
    "special_handling": "None",
    "source_handler": "Ada",
    "distribution": "Alpha",
}


def values(insight: Insight) -> dict[str, str]:
    """What a block says, without where it stands."""
    said = {field.name: getattr(insight, field.name) for field in fields(insight)}
    return {k: v for k, v in said.items() if k not in ("start", "end") and v is not None}


def only(text: str, subject: str = "") -> dict[str, str]:
    (insight,) = insights_of(subject, text)
    return values(insight)


# --- layouts ------------------------------------------------------------------------------------

LAYOUTS: dict[str, tuple[str, dict[str, str]]] = {
    "all labels": (PLAIN, PLAIN_VALUES),
    "lower case": (PLAIN.replace("SOURCE R", "Source r").lower(), {
        k: v if k == "key" else v.lower() for k, v in PLAIN_VALUES.items()
    }),
    "windows line ends": (PLAIN.replace("\n", "\r\n"), PLAIN_VALUES),
    "quoted": ("".join(f"> {line}\n" for line in PLAIN.splitlines()), PLAIN_VALUES),
    "quoted twice": ("".join(f">> {line}\n" for line in PLAIN.splitlines()), PLAIN_VALUES),
    "quoted with spaces": ("".join(f"> > {line}\n" for line in PLAIN.splitlines()), PLAIN_VALUES),
    "quoted with bars": ("".join(f"| {line}\n" for line in PLAIN.splitlines()), PLAIN_VALUES),
    "indented": ("".join(f"    {line}\n" for line in PLAIN.splitlines()), PLAIN_VALUES),
    "tabs": (PLAIN.replace(": ", ":\t"), PLAIN_VALUES),
    "space before the colon": (PLAIN.replace(": ", " : "), PLAIN_VALUES),
    "no space after the colon": (PLAIN.replace(": ", ":"), PLAIN_VALUES),
    "no-break spaces": (PLAIN.replace(": ", "\xa0:\xa0"), PLAIN_VALUES),
    "empty lines between": (PLAIN.replace("\n", "\n\n"), PLAIN_VALUES),
    "bold as stars": (
        "*SOURCE:* HB1\n*ATTRIBUTION*: a source\n*PUBLICATION: yes*\n",
        {"code": "HB1", "key": "HB1", "attribution": "a source", "publication": "yes"},
    ),
    "bullets": (
        "- SOURCE: HB1\n- Attribution: a source\n",
        {"code": "HB1", "key": "HB1", "attribution": "a source"},
    ),
    "all in one line": (
        "SOURCE: HB1 ATTRIBUTION: port source PUBLICATION: Yes SOURCE RELIABILITY: B\n",
        {"code": "HB1", "key": "HB1", "attribution": "port source", "publication": "Yes",
         "reliability": "B"},
    ),
    "no source, space before one colon, body at once": (
        "PUBLICATION: Ask Ada first\nATTRIBUTION: Harbour official\n"
        "SOURCE DESCRIPTION: Senior harbour official\nSOURCE Reliability : A\n"
        "Question to the contact --\nDoes it sink?\n",
        {"publication": "Ask Ada first", "attribution": "Harbour official",
         "description": "Senior harbour official", "reliability": "A"},
    ),
    "no SOURCE before reliability": (
        "PUBLICATION: background/analysis\nSOURCE DESCRIPTION: Lawyer of the port via HB1\n"
        "Reliability : B\n",
        {"publication": "background/analysis", "description": "Lawyer of the port via HB1",
         "reliability": "B", "via": "HB1"},
    ),
    "source code as label": (
        "SOURCE CODE: HB07\nCREDIBILITY: 3\n",
        {"code": "HB07", "key": "HB7", "credibility": "3"},
    ),
    "suggested distribution": (
        "ITEM CREDIBILITY: 4\nSUGGESTED DISTRIBUTION: Secure\n",
        {"credibility": "4", "distribution": "Secure"},
    ),
    "split grades": (
        "SOURCE RELIABILITY: A/B\nITEM CREDIBILITY: 2/3\n",
        {"reliability": "A/B", "credibility": "2/3"},
    ),
    "a grade in words": (
        "SOURCE RELIABILITY: untested, first contact\nITEM CREDIBILITY: C?\n",
        {"reliability": "untested, first contact", "credibility": "C?"},
    ),
    "upside down": (
        "DISTRIBUTION: Alpha\nITEM CREDIBILITY: 2\nSOURCE: HB1\n",
        {"distribution": "Alpha", "credibility": "2", "code": "HB1", "key": "HB1"},
    ),
    "only source and publication, the source a code": (
        "SOURCE: HB1\nPUBLICATION: No\n",
        {"code": "HB1", "key": "HB1", "publication": "No"},
    ),
    "wrapped by hand": (
        "ATTRIBUTION: a source\nin the port\nSOURCE RELIABILITY: A\n",
        {"attribution": "a source in the port", "reliability": "A"},
    ),
    "wrapped and indented": (
        "ATTRIBUTION: a source\n             in the port\nSOURCE RELIABILITY: A\n",
        {"attribution": "a source in the port", "reliability": "A"},
    ),
    "wrapped and quoted": (
        "> ATTRIBUTION: a source\n> in the port\n> SOURCE RELIABILITY: A\n",
        {"attribution": "a source in the port", "reliability": "A"},
    ),
    "wrapped out of its quotation": (
        "> ATTRIBUTION: a source\nin the port\n> SOURCE RELIABILITY: A\n",
        {"attribution": "a source in the port", "reliability": "A"},
    ),
    "the last value wrapped, an empty line after it": (
        "RELIABILITY: A\nSOURCE DESCRIPTION: a man who has known all of the harbour masters since\n"
        "nineteen ninety\n\nThe quay sinks.\n",
        {"reliability": "A",
         "description": "a man who has known all of the harbour masters since nineteen ninety"},
    ),
    "the last value wrapped, the report after it": (
        "RELIABILITY: A\nSOURCE DESCRIPTION: a man who has known all of the harbour masters since\n"
        "nineteen ninety\nThe quay sinks.\n",
        {"reliability": "A",
         "description": "a man who has known all of the harbour masters since nineteen ninety"},
    ),
    "the last value ends a sentence": (
        "RELIABILITY: A\nSOURCE DESCRIPTION: He has known all of the harbour masters for years.\n"
        "The quay sinks.\n",
        {"reliability": "A",
         "description": "He has known all of the harbour masters for years."},
    ),
    "the report is quoted otherwise": (
        "> RELIABILITY: A\n> SOURCE DESCRIPTION: a man who has known the harbour masters well\n"
        "That I doubt.\n",
        {"reliability": "A", "description": "a man who has known the harbour masters well"},
    ),
    "values below their labels": (
        "SOURCE DESCRIPTION:\nHarbour official\nSOURCE RELIABILITY:\nB\n\nThe quay sinks.\n",
        {"description": "Harbour official", "reliability": "B"},
    ),
    "values below, empty lines everywhere": (
        "SOURCE DESCRIPTION:\n\nHarbour official\n\nSOURCE RELIABILITY: B\n",
        {"description": "Harbour official", "reliability": "B"},
    ),
    "empty values": (
        "SOURCE: HB1\nATTRIBUTION:\nPUBLICATION: No\nSPECIAL HANDLING:\nThe quay sinks.\n",
        {"code": "HB1", "key": "HB1", "publication": "No"},
    ),
    "another label between": (
        "SOURCE: HB1\nCOLLECTED: 2 May\nATTRIBUTION: a source\nCleared by: Bo\nRELIABILITY: A\n",
        {"code": "HB1", "key": "HB1", "attribution": "a source", "reliability": "A"},
    ),
    "another label apart": (
        "SOURCE: HB1\n\nCLEARED BY: Bo\nand Cy\n\nATTRIBUTION: a source\n",
        {"code": "HB1", "key": "HB1", "attribution": "a source"},
    ),
    "a header ends the last value": (
        "SOURCE RELIABILITY: A\nSOURCE DESCRIPTION: one of the harbour masters, known since 1999,\n"
        "Date: Mon, 2 May 2011\n",
        {"reliability": "A",
         "description": "one of the harbour masters, known since 1999,"},
    ),
    "passed on": (
        "SOURCE: HB12 via US714\nRELIABILITY: C\n",
        {"code": "HB12 via US714", "key": "HB12", "via": "US714", "reliability": "C"},
    ),
    "passed on, no code of its own": (
        "SOURCE: via HB1\nRELIABILITY: C\n",
        {"code": "via HB1", "via": "HB1", "reliability": "C"},
    ),
    "a code among words": (
        "SOURCE: our man HB03 (new)\nRELIABILITY: C\n",
        {"code": "our man HB03 (new)", "key": "HB3", "reliability": "C"},
    ),
    "two codes": (
        "SOURCE: HB1/HB2\nRELIABILITY: C\n",
        {"code": "HB1/HB2", "key": "HB1", "reliability": "C"},
    ),
    "two codes among words": (
        "SOURCE: our men HB03 and HB04\nRELIABILITY: C\n",
        {"code": "our men HB03 and HB04", "key": "HB3", "reliability": "C"},
    ),
    "codes inside other words": (
        "SOURCE: boss@HB4, port.HB5, XX-HB6, HB7@port\nRELIABILITY: C\n",
        {"code": "boss@HB4, port.HB5, XX-HB6, HB7@port", "reliability": "C"},
    ),
    "no code": (
        "SOURCE: Port watcher of the web2 kind\nRELIABILITY: C\n",
        {"code": "Port watcher of the web2 kind", "reliability": "C"},
    ),
    "in a forward": (
        "fyi\n\n----- Original Message -----\nFrom: \"Ada\" <>\nTo: \"Alpha\" <>\n"
        "Subject: INSIGHT - HARBOUR - Quay - HB04\n\nATTRIBUTION: a source\nRELIABILITY: A\n",
        {"code": "HB04", "key": "HB4", "attribution": "a source", "reliability": "A"},
    ),
    "in a quoted forward whose subject is wrapped": (
        "> Subject: [alpha] INSIGHT - HARBOUR - what the masters say of the quay -\n> HB04\n>\n"
        "> ATTRIBUTION: a source\n> RELIABILITY: A\n",
        {"code": "HB04", "key": "HB4", "attribution": "a source", "reliability": "A"},
    ),
    "under a heading": (
        "INSIGHT FROM HB4: On the quay\nATTRIBUTION: a source\nRELIABILITY: A\n",
        {"code": "HB4", "key": "HB4", "attribution": "a source", "reliability": "A"},
    ),
    "under a short heading": (
        "From HB4 -- 2\n\nATTRIBUTION: a source\nRELIABILITY: A\n",
        {"code": "HB4", "key": "HB4", "attribution": "a source", "reliability": "A"},
    ),
    "wrong letters of a release": (
        "ATTRIBUTION: the porta**s source\nRELIABILITY: A\n",
        {"attribution": "the porta**s source", "reliability": "A"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_block_is_read(layout: str) -> None:
    text, expected = LAYOUTS[layout]
    assert only(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Source: Reuters\n",
        "Source: Reuters\nPublication: 3 May\n",
        "Source: Reuters, flight MH370\nPublication: 3 May\nDistribution: worldwide\n",
        "Publication: The Post\nDistribution: 20,000\n",
        "ATTRIBUTION: only one label\n",
        "He asked for attribution: none was given. The reliability: poor.\n",
        "Attribution: x\n" + "The quay sinks.\n" * 12 + "Reliability: y\n",
        "Attribution: x\n\nA report.\n\nReliability: y\n",
        "Attribution: x\n" + "word " * 500 + "\nReliability: y\n",
        "> ATTRIBUTION: quoted\nRELIABILITY: not quoted\n",
        "x" * 100 + "ATTRIBUTION: a\n" + "x" * 100 + " RELIABILITY: b\n",
        "He wrote ATTRIBUTION: a\nand RELIABILITY: b\n",
        "> " * 50 + "ATTRIBUTION: a\n" + "> " * 50 + "RELIABILITY: b\n",
        "RESOURCE DESCRIPTION: a\nUNRELIABILITY: b\n",
        "ATTRIBUTION: a\nATTRIBUTION: b\n",
    ],
)
def test_what_is_no_block(text: str) -> None:
    assert find_insights(text) == ()


def test_a_label_of_another_block_ends_the_last_value() -> None:
    long = "one of the harbour masters whom we have known since nineteen ninety"
    text = f"RELIABILITY: A\nATTRIBUTION: {long}\nattribution: b\nreliability: B\n"
    assert [values(found) for found in find_insights(text)] == [
        {"reliability": "A", "attribution": long},
        {"reliability": "B", "attribution": "b"},
    ]


def test_several_blocks_and_their_codes() -> None:
    text = (
        "INSIGHT FROM HB1: On the quay\n\nATTRIBUTION: a\nRELIABILITY: A\n\nIt sinks.\n\n"
        "INSIGHT FROM HB2: On the port\n\nATTRIBUTION: b\nRELIABILITY: B\n\nIt does not.\n\n"
        "SOURCE: CN03\nATTRIBUTION: c\nRELIABILITY: C\n"
    )
    found = insights_of("Fwd: INSIGHT - all - US714", text)
    assert [(each.code, each.key, each.reliability) for each in found] == [
        ("HB1", "HB1", "A"),
        ("HB2", "HB2", "B"),
        ("CN03", "CN3", "C"),
    ]


# --- codes --------------------------------------------------------------------------------------

BLOCK = "ATTRIBUTION: a source\nRELIABILITY: A\n"


@pytest.mark.parametrize(
    ("subject", "code", "via"),
    [
        ("INSIGHT - Mexico - the quay - MX01", "MX01", None),
        ("[alpha] INSIGHT - Mexico - the quay - MX01", "MX01", None),
        ("Re: [alpha] Fwd: INSIGHT – Mexico – the quay – MX01", "MX01", None),
        ("INSIGHT- MEXICO- the quay- MX01", "MX01", None),
        ("INSIGHT-MEXICO-quay-MX01", "MX01", None),
        ("INSIGHT - JAPAN - order of post-WW2", None, None),
        ("Insight - Mexico - the quay -- mx1", "mx1", None),
        ("INSIGHT - MEXICO - the quay (MX-1)", "MX-1", None),
        ("INSIGHT - MEXICO - the quay - MX01 - part 2", "MX01", None),
        ("INSIGHT - MEXICO - the quay - MX01/US714", "MX01", None),
        ("INSIGHT - MEXICO - the quay - MX01 via US714", "MX01", "US714"),
        ("INSIGHT - MEXICO - the quay via US714", None, "US714"),
        ("INSIGHT MX1 - the quay", "MX1", None),
        ("INSIGHT FROM MX1: On the quay", "MX1", None),
        ("Insight from ME001 - the quay", "ME001", None),
        ("From MX1 -- 2", "MX1", None),
        ("Fwd: From MX1: the quay", "MX1", None),
        ("INSIGHT - CHINA - trains - CN1000", "CN1000", None),
        ("INSIGHT - RUSSIA - sale of SU27 jets - RU108", "RU108", None),
        ("INSIGHT - RUSSIA - SU27 - RU108", "RU108", None),
        ("INSIGHT - RUSSIA - sale of SU27 jets", None, None),
        ("INSIGHT - JAPAN - post-WW2", None, None),
        ("INSIGHT - the quay at G20", None, None),
        ("Insight processing reminder", None, None),
        ("the quay - MX01", None, None),
        ("Greetings from MX1", None, None),
        ("", None, None),
    ],
)
def test_the_code_comes_from_the_subject(subject: str, code: str | None, via: str | None) -> None:
    (found,) = insights_of(subject, BLOCK)
    assert (found.code, found.via) == (code, via)
    assert found.key == (code_key(code) if code else None)
    assert find_insights(BLOCK)[0].code is None


def test_a_subject_above_the_block_comes_before_that_of_the_mail() -> None:
    subject = "INSIGHT - HARBOUR - HB9"
    above = "Subject: INSIGHT - HARBOUR - HB4\n\n"
    assert only(above + BLOCK, subject)["code"] == "HB4"
    assert only(BLOCK + "\n" + above, subject)["code"] == "HB9"
    # A mail of another's subject inside: whose code it has is not known.
    assert "code" not in only("Subject: Re: lunch\n\n" + BLOCK, subject)


def test_a_code_of_the_block_comes_before_all_others() -> None:
    block = "SOURCE: HB1\n" + BLOCK
    assert only(block, "INSIGHT - HARBOUR - HB9 via US714") == only(block)
    assert only(block, "INSIGHT - HARBOUR - HB01 via US714")["via"] == "US714"


def test_a_source_that_is_no_code_stays_as_written_beside_the_key() -> None:
    found = only("SOURCE: as before\n" + BLOCK, "INSIGHT - HARBOUR - HB09")
    assert (found["code"], found["key"]) == ("as before", "HB9")


@pytest.mark.parametrize(
    ("code", "key"),
    [
        ("MX1", "MX1"), ("MX01", "MX1"), ("mx1", "MX1"), ("MX-1", "MX1"), ("MX 1", "MX1"),
        (" MX1 ", "MX1"), ("ME001", "ME1"), ("US714", "US714"), ("CN1000", "CN1000"),
        ("LATM2", "LATM2"), ("MX10", "MX10"), ("MX0", "MX0"),
        ("", None), ("MX", None), ("1", None), ("G20", None), ("COVID19", None), ("MX1a", None),
        ("MX1 via US714", None), ("MX-", None), ("MX123456", None), ("MX١", None), ("ÄÖ1", None),
        ("MX\n1x", None),
    ],
)  # fmt: skip
def test_codes_compare(code: str, key: str | None) -> None:
    assert code_key(code) == key


@given(st.text(alphabet="aBZ09- ", max_size=8))
def test_a_key_is_its_own_key(code: str) -> None:
    key = code_key(code)
    assert key is None or code_key(key) == key


# --- spans and values ---------------------------------------------------------------------------


def test_the_span_goes_from_the_first_label_to_the_end_of_the_last_value() -> None:
    (found,) = find_insights(PLAIN)
    assert PLAIN[found.start : found.end].startswith("SOURCE: HB1\n")
    assert PLAIN[found.start : found.end].endswith("\nDISTRIBUTION: Alpha")


def test_the_span_ends_with_a_last_label_without_a_value() -> None:
    text = "é RELIABILITY\nATTRIBUTION: a\n> \nRELIABILITY: B\nSPECIAL HANDLING:\n\nmore\n"
    (found,) = find_insights(text)
    assert text[found.start : found.end] == (
        "ATTRIBUTION: a\n> \nRELIABILITY: B\nSPECIAL HANDLING:"
    )


def test_a_value_is_cut_at_a_length() -> None:
    text = "RELIABILITY: A\nATTRIBUTION: " + "port " * 300 + "\n"
    (found,) = find_insights(text)
    assert found.attribution is not None
    assert LONGEST - 5 < len(found.attribution) <= LONGEST


LABELS = {
    "ATTRIBUTION": "attribution", "SOURCE DESCRIPTION": "description",
    "Publication ": "publication", "source reliability": "reliability",
    "ITEM CREDIBILITY": "credibility", "Special Handling": "special_handling",
    "SOURCE HANDLER": "source_handler", "SUGGESTED DISTRIBUTION": "distribution",
}  # fmt: skip
WORDS = st.lists(st.text("abÉ/19'", min_size=1, max_size=9), min_size=1, max_size=5).map(" ".join)
BLOCKS = st.dictionaries(st.sampled_from(sorted(LABELS)), WORDS, min_size=2)


@given(BLOCKS, st.data(), st.sampled_from(["", "> ", ">> ", "\t"]))
def test_the_order_of_labels_does_not_matter(
    block: dict[str, str], data: st.DataObject, quotation: str
) -> None:
    if {LABELS[label] for label in block} <= {"publication"}:
        return
    order = data.draw(st.permutations(sorted(block)))
    lines = ["Hello,", *(f"{label}: {block[label]}" for label in order), "", "The quay sinks."]
    text = "".join(f"{quotation}{line}\n" for line in lines)
    (found,) = find_insights(text)
    assert values(found) == {LABELS[label]: value for label, value in block.items()}
    span = text[found.start : found.end]
    assert span.startswith(order[0])
    assert span.endswith(block[order[-1]])


PIECES = st.sampled_from([
    "SOURCE: ", "Source Code :", "ATTRIBUTION: ", "*RELIABILITY:*", "ITEM CREDIBILITY:", "> ",
    "PUBLICATION: ", "\n", "\n\n", " ", "MX01", "via US714", "Subject: INSIGHT - x - HB2\n",
    "From HB3 -- 2\n", "a word", "\r\n", ":", "\xa0", "a line that a mail program had to wrap at ",
])  # fmt: skip


@given(st.lists(PIECES | st.text(max_size=5), max_size=40).map("".join), st.text(max_size=30))
def test_spans_are_inside_the_text_and_values_stand_in_them(text: str, subject: str) -> None:
    end = 0
    for found in insights_of(subject, text):
        assert end <= found.start < found.end <= len(text)
        end = found.end
        bare = "".join(text[found.start : found.end].replace(">", "").replace("|", "").split())
        for name, value in values(found).items():
            if name not in ("code", "key", "via"):  # these may come from a subject
                assert "".join(value.replace(">", "").replace("|", "").split()) in bare
                assert len(value) <= LONGEST
