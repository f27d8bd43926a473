"""Soft line ends, and what in a text is quoted, attributed or signed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasette_leaks.loaders.mail_forwards import SEARCHED, find_blocks, find_forwards
from datasette_leaks.loaders.mail_html import Quote
from datasette_leaks.loaders.mail_records import MailSpan
from datasette_leaks.loaders.mail_text import (
    FLOWED_LINES,
    SPANS,
    find_attributions,
    find_spans,
    reply_start,
    unflow,
)


def spans_of(text: str, subject: str = "", quotes: tuple[Quote, ...] = ()) -> list[MailSpan]:
    blocks = find_blocks(text)
    attributions = find_attributions(text, blocks, quotes)
    forwards = find_forwards(text, subject, blocks, reply_start(attributions))
    return list(find_spans(text, forwards, blocks, attributions, quotes)[0])


def marked(text: str, subject: str = "") -> list[tuple[str, int, str]]:
    return [(s.kind, s.depth, text[s.start : s.end]) for s in spans_of(text, subject)]


@pytest.mark.parametrize(
    ("flowed", "text"),
    [
        ("a \nb\nc", "a b\nc"),
        ("a \n b", "a b"),
        ("> a \n> b\n>> c \n>> d\ne", "> a b\n>> c d\ne"),
        ("> a \nb", "> a \nb"),
        ("a \n-- \nb", "a \n-- \nb"),
        ("-- \nb", "-- \nb"),
        (" From a\n >b", "From a\n >b"),
        ("a\n\n\nb", "a\n\n\nb"),
        ("", ""),
    ],
)
def test_soft_line_ends(flowed: str, text: str) -> None:
    assert unflow(flowed, delsp=False) == text


def test_the_space_of_delsp_goes() -> None:
    assert unflow("港 \n湾  \nx", delsp=True) == "港湾 x"


def test_more_lines_than_any_text_has_stay_as_they_are() -> None:
    assert unflow("a \n" * (FLOWED_LINES + 1), delsp=False).count("\n") == FLOWED_LINES + 1


@given(st.text(st.sampled_from("ab \n>-")))
def test_soft_line_ends_change_white_space_only(text: str) -> None:
    for delsp in (False, True):
        flat = unflow(text, delsp)
        assert flat.translate({32: None, 10: None, 62: None}) == text.translate(
            {32: None, 10: None, 62: None}
        )


def test_quotations_lie_in_each_other_by_depth() -> None:
    assert marked("x\n> a\n>> b\n> > c\n>>> d\n> e\ny\n>>f\n") == [
        ("quoted", 1, "> a\n>> b\n> > c\n>>> d\n> e"),
        ("quoted", 2, ">> b\n> > c\n>>> d"),
        ("quoted", 3, ">>> d"),
        ("quoted", 2, ">>f"),
    ]


def test_a_quotation_that_a_deeper_one_begins_has_begun_with_that() -> None:
    assert marked(">> a\n> b") == [("quoted", 1, ">> a\n> b"), ("quoted", 2, ">> a")]


@pytest.mark.parametrize(
    "line",
    [
        "On Tue, Oct 4, 2011 at 3:14 PM, Ann <ann@e.org> wrote:",
        "On 10/4/11 3:14 PM, Ann Doe wrote:",
        "On Tue, Oct 4, 2011 at 3:14 PM, Ann Doe\n<ann@e.org> wrote:",
        "Am 04.10.2011 um 15:14 schrieb Ann Doe <ann@e.org>:",
        "Am 04.10.2011 um 15:14 schrieb Ann Doe\n<ann@e.org>:",
        "Le 4 octobre 2011 15:14, Ann Doe a écrit :",
        "El 4 de octubre de 2011, Ann escribió:",
        "Op 4 okt. 2011 om 15:14 schreef Ann <ann@e.org>:",
        "2011/10/4 Ann Doe <ann@e.org> wrote:",
        "Ann Doe wrote:",
    ],
)
def test_attributions(line: str) -> None:
    assert marked(f"Yes.\n\n{line}\n\n> No.\n") == [
        ("attribution", 0, line),
        ("quoted", 1, "> No."),
    ]


def test_an_attribution_inside_a_quotation() -> None:
    text = "> On 4 May 2011, Ann wrote:\n>> No.\n"
    assert marked(text) == [
        ("quoted", 1, "> On 4 May 2011, Ann wrote:\n>> No."),
        ("attribution", 0, "On 4 May 2011, Ann wrote:"),
        ("quoted", 2, ">> No."),
    ]


def test_a_quotation_without_marks_goes_to_the_end() -> None:
    first, second = "On 10/4/11 3:14 PM, Ann wrote:", "On 10/4/11 1:02 PM, Ben wrote:"
    assert marked(f"Yes.\n\n{first}\n\n  No.\n\n{second}\n> Why?\n") == [
        ("attribution", 0, first),
        ("quoted", 1, f"No.\n\n{second}\n> Why?"),
        ("attribution", 0, second),
        ("quoted", 2, "> Why?"),
    ]
    block = "-----Original Message-----\nFrom: Ben\nSent: Tuesday\nSubject: Crane"
    assert marked(f"{first}\n\nNo.\n\n{block}\n\nSo?\n> Why?\n") == [
        ("attribution", 0, first),
        ("quoted", 1, f"No.\n\n{block}\n\nSo?\n> Why?"),
        ("attribution", 0, block),
        ("quoted", 2, "So?\n> Why?"),
        ("quoted", 3, "> Why?"),
    ]


@pytest.mark.parametrize("own", ["Hello Ann,", "[...]", "  Hello Ann,\n\nthanks for the plan."])
def test_a_line_before_the_first_marked_one_is_the_writers_own(own: str) -> None:
    line = "On 10/4/11 3:14 PM, Ann wrote:"
    assert marked(f"{line}\n{own}\n\n> Is it late?\n>> Ask.\n\nNo.\n\n> Why?\n\nFog.\n") == [
        ("attribution", 0, line),
        ("quoted", 1, "> Is it late?\n>> Ask."),
        ("quoted", 2, ">> Ask."),
        ("quoted", 1, "> Why?"),
    ]


def test_a_line_before_a_quoted_attribution_is_the_writers_own() -> None:
    text = (
        "On 10/4/11 3:14 PM, Ann wrote:\nHello Ann,\n\n"
        "> On 10/4/11 1:02 PM, Ben wrote:\n>> Late?\n\nNo.\n"
    )
    assert [depth for kind, depth, _ in marked(text) if kind == "quoted"] == [1, 2]
    assert all("No." not in found for _, _, found in marked(text))


@pytest.mark.parametrize(
    "text", ["He wrote:\n\nDear Ann", "On 5 May he wrote:\n\nDear Ann", "I wrote\nit.", "wrote:"]
)
def test_prose_that_speaks_of_writing_is_no_attribution(text: str) -> None:
    assert marked(text) == []


def test_a_header_block_of_a_reply_is_its_attribution() -> None:
    block = "-----Original Message-----\nFrom: Ann\nSent: Tuesday\nSubject: Crane"
    assert marked(f"Yes.\n\n{block}\n\nNo.\n", "Re: Crane") == [
        ("attribution", 0, block),
        ("quoted", 1, "No."),
    ]


@pytest.mark.parametrize(
    ("text", "signature"),
    [
        ("Hi\n-- \nAnn\nCrane desk\n", "-- \nAnn\nCrane desk"),
        ("Hi\n--\nAnn", "--\nAnn"),
        ("-- \nAnn\n\n> quoted\nmore", "-- \nAnn"),
        ("Hi\n-- \nAnn\n-- \nlist footer", "-- \nAnn\n-- \nlist footer"),
    ],
)
def test_signatures(text: str, signature: str) -> None:
    assert [found for kind, _, found in marked(text) if kind == "signature"] == [signature]


@pytest.mark.parametrize("text", ["> -- \n> Ann", "--- \nx", "a -- \nb", "--\n" + "line\n" * 20])
def test_what_is_no_signature(text: str) -> None:
    assert not any(kind == "signature" for kind, _, _ in marked(text))


def test_nothing_inside_a_forward_is_marked() -> None:
    text = "fyi\n\n----- Forwarded message -----\nFrom: a@e.org\nSubject: x\n\n> q\n-- \ns\n"
    assert [kind for kind, _, _ in marked(text)] == ["forwarded"]


def test_quotations_of_html_count_and_end_no_text() -> None:
    text = "Yes.\n\nOn 10/4/11 3:14 PM, Ann wrote:\n\nNo.\n\nBest"
    assert spans_of(text, quotes=(Quote(38, 41, 1),)) == [
        MailSpan("attribution", 6, 36),
        MailSpan("quoted", 38, 41, 1),
    ]


def test_more_spans_than_the_cap_are_told() -> None:
    assert find_spans("> a\n\n" * SPANS, [], [], [])[1]
    found, whole = find_spans("> a\n\n" * (SPANS + 1), [], [], [])
    assert (len(found), whole) == (SPANS, False)
    assert not find_spans("x" * (SEARCHED + 1), [], [], [])[1]


LINES = st.sampled_from(
    ["> a", ">> b", "x", "", "-- ", "--", "On 4 Oct 2011 at 3:14, Ann <a@e.org> wrote:",
     "Ann wrote:", "> On 4 Oct 2011 at 3:14, Ann wrote:", "From: a@e.org", "To: b@e.org,",
     "Date: Tue, 4 Oct 2011",
     "Subject: Fwd: x", "> From: c", "> Sent: d", "> Subject: e", "Begin forwarded message:",
     "-----Original Message-----", "---------- Forwarded message ----------", " >", "Von: ü", ":",
     "----- End forwarded message -----"]
)  # fmt: skip


@given(
    st.lists(LINES, max_size=40).map("\n".join) | st.text(),
    st.sampled_from(["", "Re: x", "Fwd: x"]),
    st.lists(st.tuples(st.integers(0, 200), st.integers(1, 90), st.integers(1, 3)), max_size=4),
)
def test_spans_lie_in_the_text_in_order_apart_or_in_each_other(
    text: str, subject: str, places: list[tuple[int, int, int]]
) -> None:
    quotes = tuple(Quote(start, start + length, depth) for start, length, depth in sorted(places))
    spans = spans_of(text, subject, quotes)
    assert spans == sorted(spans, key=lambda span: (span.start, -span.end))
    assert len(set(spans)) == len(spans)
    open_: list[MailSpan] = []
    for span in spans:
        assert 0 <= span.start < span.end <= len(text)
        assert (span.depth > 0) == (span.kind == "quoted")
        while open_ and open_[-1].end <= span.start:
            open_.pop()
        for outer in open_:
            assert span.end <= outer.end
            assert outer.kind == "quoted"  # nothing lies in the others
            assert span.kind in ("quoted", "attribution")
        open_.append(span)
