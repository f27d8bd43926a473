"""An e-mail's text in rows: nothing lost, every fold closed, claims never hidden."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from datasette_leaks.site.mail_rows import DEEPEST, TextRow, TextSpan, own_words, text_rows
from datasette_leaks.site.notes import Note, Place

KINDS = ("quoted", "attribution", "signature", "forwarded", "insight")


def note(number: int) -> Note:
    return Note(number, f"c{number}", "A claim.", "disputed", False, False, 0, 1, ())


def words(rows: list[TextRow]) -> str:
    return "".join(
        piece.text for row in rows for segment in row.segments for piece in segment.pieces
    )


def folds(rows: list[TextRow]) -> list[tuple[str, int]]:
    """What is folded, with the number of its lines."""
    return [
        (fold.kind, fold.lines)
        for row in rows
        for segment in row.segments
        for fold in segment.folds
    ]


@st.composite
def texts(draw: st.DrawFn) -> tuple[str, list[TextSpan], list[Place]]:
    """A text with spans of all kinds and marks, nested or overlapping as they come."""
    text = draw(st.text(alphabet="ab \n>", max_size=60))
    border = st.integers(0, len(text))
    spans, places = [], []
    for _ in range(draw(st.integers(0, 6)) if text else 0):
        start, end = sorted((draw(border), draw(border)))
        if start < end:
            kind = draw(st.sampled_from(KINDS))
            depth = draw(st.integers(1, DEEPEST + 3)) if kind == "quoted" else 0
            spans.append(TextSpan(kind, start, end, depth))
    for number in range(draw(st.integers(0, 3)) if text else 0):
        start, end = sorted((draw(border), draw(border)))
        if start < end:
            places.append(Place(start, end, number, (f"claim-{number}",), False))
    return text, sorted(spans, key=lambda span: (span.start, -span.end)), places


@given(texts())
def test_all_of_the_text_is_drawn_and_every_fold_closes_in_its_row(
    drawn: tuple[str, list[TextSpan], list[Place]],
) -> None:
    text, spans, places = drawn
    rows = text_rows(text, spans, [note(number) for number in (1, 2, 3)], places)
    assert words(rows) == text
    for row in rows:
        open_folds = 0
        for segment in row.segments:
            open_folds += len(segment.folds)
            assert segment.closes <= open_folds
            open_folds -= segment.closes
        assert open_folds == 0
    beside = [item.number for row in rows for item in row.notes]
    assert sorted(beside) == sorted({place.note + 1 for place in places})
    beginnings = [index for row in rows for index in row.insights]
    assert beginnings == sorted(set(beginnings))
    assert len(beginnings) == sum(span.kind == "insight" for span in spans)


@given(texts())
def test_what_is_marked_is_never_folded_away(
    drawn: tuple[str, list[TextSpan], list[Place]],
) -> None:
    text, spans, places = drawn
    rows = text_rows(text, spans, [note(number) for number in (1, 2, 3)], places)
    for row in rows:
        unfolded: list[bool] = []
        for segment in row.segments:
            unfolded += [fold.unfolded for fold in segment.folds]
            if any(piece.claims for piece in segment.pieces):
                assert all(unfolded)
            del unfolded[len(unfolded) - segment.closes :]


def test_quotations_fold_by_their_depth() -> None:
    text = "I see.\n\n> Who knows?\n>\n> > We paid.\n> > Twice.\n\n> Nobody.\nBye.\n"
    quotation = TextSpan("quoted", 8, text.index("Bye"), 1)
    inner = TextSpan("quoted", text.index("> > We"), text.index("\n> Nobody"), 2)
    rows = text_rows(text, [quotation, inner], [], [])
    assert folds(rows) == [("quoted", 5), ("quoted", 2)]
    assert [len(row.segments) for row in rows] == [1, 3, 1]


def test_an_empty_line_does_not_cut_a_quotation_in_two() -> None:
    text = "> one\n\n> two\n"
    rows = text_rows(text, [TextSpan("quoted", 0, 6, 1), TextSpan("quoted", 7, 13, 1)], [], [])
    assert folds(rows) == [("quoted", 2)]


def test_deep_quotations_share_the_innermost_fold() -> None:
    text = "".join(f"{'>' * depth} x\n" for depth in range(1, 40))
    spans = [
        TextSpan("quoted", text.index(">" * depth), len(text), depth) for depth in range(1, 40)
    ]
    assert len(folds(text_rows(text, spans, [], []))) == DEEPEST


def test_a_note_stands_beside_its_paragraph() -> None:
    text = "One.\n\nTwo.\n\nThree."
    rows = text_rows(text, [], [note(1)], [Place(6, 9, 0, ("claim-1",), False)])
    assert [len(row.notes) for row in rows] == [0, 1, 0]


def test_own_words_leave_out_what_others_wrote() -> None:
    text = "On Monday Bo wrote:\n> Who?\nWe paid them.\n-- \nAda"
    spans = [
        TextSpan("attribution", 0, 19),
        TextSpan("quoted", 20, 27, 1),
        TextSpan("signature", text.index("-- "), len(text)),
    ]
    assert own_words(text, spans, 100) == "We paid them."
    assert own_words(text, spans, 8) == "We paid …"
    assert own_words("A" * 50, [], 8) == "AAAAAAAA …"
