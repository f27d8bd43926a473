"""What is furniture, in articles of many shapes, and what only looks like it."""

from __future__ import annotations

import pytest

from datasette_leaks.loaders import furniture, markdown
from datasette_leaks.loaders.bylines import parse_byline, parse_date

PROSE = (
    "The harbour authority has known for a year that the ring of crane 7 was cracked, and it told "
    "nobody, according to letters that were published in the spring and that nobody has contested."
)
MORE = "“We have read them,” a spokesman said, and would not say what they thought of it."


def roles(*parts: str) -> list[tuple[str, str | None]]:
    """Of an article made of ``parts``: the first 12 characters of each block, and its role."""
    plain = markdown.parse("\n\n".join(parts))
    found = furniture.classify(plain.text, plain.blocks)
    return [
        (plain.text[block.body : block.end][:12], role)
        for block, role in zip(plain.blocks, found, strict=True)
    ]


def furnished(*parts: str) -> list[str | None]:
    return [role for _, role in roles(*parts)]


# --- bylines and dates


@pytest.mark.parametrize(
    ("text", "author", "published"),
    [
        ("Written by Ada Quill on October 5, 2012", "Ada Quill", "2012-10-05"),
        ("By Ada Quill", "Ada Quill", None),
        ("by Ada Quill", "Ada Quill", None),
        ("By Ada Quill and Ben Ash | 4 March 2021", "Ada Quill and Ben Ash", "2021-03-04"),
        ("By ADA QUILL, BEN ASH and Cy Dee", "ADA QUILL, BEN ASH and Cy Dee", None),
        ("By Ada Quill, Harbour correspondent", "Ada Quill", None),
        ("By Ada Quill for The Tidewater Post", "Ada Quill", None),
        ("By Ludwig van der Berg — Sat 5 May 2012 11:20 GMT", "Ludwig van der Berg", "2012-05-05"),
        ("Reported by J. R. O’Neill-Żak Jr.", "J. R. O’Neill-Żak Jr.", None),
        ("Published on 4 March 2021 by Ada Quill", "Ada Quill", "2021-03-04"),
        ("Reporting by Ada Quill; editing by Ben Ash", "Ada Quill", None),
        ("Last updated: 2021-03-04T23:30:00-02:00", None, "2021-03-05T01:30:00Z"),
        ("Posted March 2021", None, "2021-03"),
        ("Author: Ada Quill", "Ada Quill", None),
        ("By Ada Quill\nMarch 4th, 2021", "Ada Quill", "2021-03-04"),
    ],
)
def test_bylines(text: str, author: str | None, published: str | None) -> None:
    byline = parse_byline(text)
    assert byline
    assert (byline.author, byline.published) == (author, published)


@pytest.mark.parametrize(
    "text",
    [
        "By October the firm had paid",
        "By Monday",
        "By contrast",
        "By the Numbers",
        "By Ada Quill said yesterday that nobody was to climb",
        "By Ada Quill he meant the editor.",
        "Written by hand",
        "Written by a clerk on 4 March 2021",
        "The letter was written by Ada Quill on 4 March 2021",
        "Published: nothing",
        "",
        PROSE,
    ],
)
def test_no_bylines(text: str) -> None:
    assert parse_byline(text) is None


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2012", "2012"),
        ("2012-10", "2012-10"),
        ("2012-10-05", "2012-10-05"),
        ("2012-10-05 11:00", "2012-10-05"),
        ("2012-10-05 11:00:00 +0200", "2012-10-05T09:00:00Z"),
        ("2012-10-05T11:00:00.25Z", "2012-10-05T11:00:00Z"),
        ("5th of October, 2012", "2012-10-05"),
        ("Friday, Oct. 5, 2012 at 11:00 a.m.", "2012-10-05"),
        ("Sept 2012", "2012-09"),
        ("5/10/2012", None),
        ("2012-13", None),
        ("February 30, 2012", None),
        ("0001-01-01T00:00:00+02:00", None),
        ("yesterday", None),
    ],
)
def test_dates_are_as_precise_as_stated_and_never_guessed(text: str, iso: str | None) -> None:
    assert parse_date(text) == iso


def test_a_byline_repeated_at_page_tops_is_furniture_each_time() -> None:
    byline = "Written by [Ada Quill](#) on October 5, 2012"
    assert furnished(byline, "# T", PROSE, byline, PROSE, byline) == [
        "byline", None, None, "byline", None, "byline",
    ]  # fmt: skip


def test_a_plain_byline_counts_before_the_text_repeated_or_at_the_end() -> None:
    assert furnished("# T", "*By Ada Quill*", PROSE, "By Ada Quill", PROSE, "By Ben Ash") == [
        None, "byline", None, "byline", None, "byline",
    ]  # fmt: skip
    assert furnished("# T", PROSE, "By Ben Ash", PROSE) == [None] * 4


def test_a_title_that_reads_like_a_byline_is_a_title() -> None:
    assert furnished("# By Sea And Land", PROSE) == [None, None]


def test_a_dateline_is_furniture_and_a_date_within_the_text_is_not() -> None:
    assert furnished("# T", "4 March 2021", PROSE, "5 March 2021", PROSE) == [
        None, "byline", None, None, None,
    ]  # fmt: skip


# --- credits


@pytest.mark.parametrize(
    "line",
    [
        "*Photo: The quay at dawn, Jan 11, 2012: Wire Images*",
        "Photo: Juno Ebbing / The Tidewater Post",
        "Image: Crane 7, from the east.",
        "Picture credit: Juno Ebbing",
        "Photograph by Juno Ebbing",
        "(Photo courtesy of the harbour authority)",
        "![Crane](c.jpg) *Photo: Juno Ebbing*",
    ],
)
def test_credits(line: str) -> None:
    found = furnished("# T", PROSE, line, PROSE)
    assert found == [None, None, None if line.startswith("!") else "credit", None]


@pytest.mark.parametrize(
    "line",
    [
        "Photographs by the dozen lay on his desk, and he would not look at them.",
        "Picture the scene: nobody had climbed crane 7.",
        "Image is everything to the firm.",
        "## Photo: what it shows",
    ],
)
def test_what_only_begins_like_a_credit(line: str) -> None:
    assert furnished("# T", PROSE, line, PROSE) == [None] * 4


# --- related


@pytest.mark.parametrize(
    "line",
    ["## Related", "*Related articles:*", "**Read more**", "See also:", "### More on the harbour:"],
)
def test_related_is_a_line_and_the_links_after_it(line: str) -> None:
    found = furnished("# T", PROSE, line, "[One](#)", "- [Two](#)\n- [Three](#)", PROSE)
    assert found == [None, None, "related", "related", "related", "related", None]


def test_the_related_run_goes_on_across_bylines_and_rules() -> None:
    byline = "Written by Ada Quill on October 5, 2012"
    found = furnished("# T", PROSE, "Related:", "[One](#)", byline, "---", "[Two](#)", "Photo: Me")
    assert found == [None, None, "related", "related", "byline", "related", "credit"]


def test_related_within_one_paragraph() -> None:
    assert furnished("# T", PROSE, "Read more: [One](#) | [Two](#)", PROSE)[2] == "related"
    assert furnished("# T", PROSE, "Read more: [One](#) and what we know.", PROSE)[2] is None


@pytest.mark.parametrize(
    "after", [PROSE, f"[A letter](#) says it: {PROSE}", "- plain\n- items", "## Next\n\n[One](#)"]
)
def test_related_as_a_heading_of_the_text_stays(after: str) -> None:
    assert set(furnished("# T", PROSE, "## Related", after, MORE)) == {None}


def test_related_within_a_title_or_sentence_stays() -> None:
    links = "- [One](#)\n- [Two](#)"
    assert set(furnished("# T", PROSE, "## How they are related", links, MORE)) == {None}


# --- adverts


def test_an_advert_at_the_end_with_its_copy_and_list() -> None:
    found = furnished(
        "# T",
        PROSE,
        "## Subscribe to the Tidewater Post",
        "Get the tides and the truth, every Thursday, wherever you are!",
        "From rope to radar, we bring you what the harbour does not want you to read.",
        "### What you get",
        "- 24 issues\n- All tide tables",
        "**Subscribe**",
    )
    assert found == [None, None, *["advert"] * 7]


def test_the_text_goes_on_after_an_advert() -> None:
    found = furnished(
        "# T", PROSE, "**Sign up for our newsletter**", "Get it in your inbox.", PROSE, "- a\n- b"
    )
    assert found == [None, None, "advert", "advert", None, None, None]
    found = furnished("# T", PROSE, "## Subscribe now", "## The wind", PROSE, MORE)
    assert found == [None, None, "advert", None, None, None]


@pytest.mark.parametrize(
    "line",
    [
        "ADVERTISEMENT",
        "*Advertisement*",
        "[Subscribe](#)",
        "Sign up for The Tide, our weekly letter on the harbour.",
        "Subscribe to The Tidewater Post. Harbour news every Thursday, tide tables included.",
        "### Our newsletter",
    ],
)
def test_a_call_in_the_middle_takes_nothing_with_it(line: str) -> None:
    assert furnished("# T", PROSE, line, PROSE, MORE) == [None, None, "advert", None, None]


@pytest.mark.parametrize(
    "line",
    [
        "## The newsletter that brought down a minister",
        "## Newsletters",
        "## Advertising the truth",
        "The advertisement ran for a week.",
        "“Subscribe to nothing,” he said.",
        "Subscribe to that view, he wrote, and you need climb no crane.",
        "- Sign-up sheets",
    ],
)
def test_what_only_speaks_of_adverts(line: str) -> None:
    assert set(furnished("# T", PROSE, line, PROSE, MORE)) == {None}


# --- navigation and other


def test_lists_of_links_at_the_edges() -> None:
    menu = "- [Home](/)\n- [News](/n)"
    assert furnished(menu, "# T", PROSE, MORE, menu) == [
        "navigation", "navigation", None, None, None, "navigation", "navigation",
    ]  # fmt: skip
    assert furnished("[Home](/) > [News](/n)", "# T", PROSE)[0] == "navigation"


def test_a_list_of_links_that_the_text_announces_stays() -> None:
    documents = "- [Letter 1](#)\n- [Letter 2](#)"
    assert set(furnished("# T", PROSE, "## Documents", documents)) == {None}
    assert set(furnished("# T", PROSE, "The letters:", documents)) == {None}
    assert set(furnished("# T", PROSE, documents, MORE)) == {None}


def test_an_article_of_nothing_but_links_is_no_furniture() -> None:
    assert set(furnished("- [Letter 1](#)\n- [Letter 2](#)")) == {None}


@pytest.mark.parametrize(
    "line", ["Share this article", "Print", "Page 3 of 5", "- 3 -", "3/5", "Back to top"]
)
def test_what_pages_say_to_the_hand(line: str) -> None:
    escaped = line.replace("- 3", "\\- 3")
    assert furnished("# T", PROSE, escaped, PROSE) == [None, None, "navigation", None]


def test_what_looks_like_navigation_in_a_list_or_heading_stays() -> None:
    assert set(furnished("# T", PROSE, "- Print\n- 1984\n- Home", "## 1984", PROSE)) == {None}


def test_a_comment_of_the_export_is_furniture() -> None:
    assert furnished("# T", PROSE, "<!-- pagebreak -->", "<!-- a --> b") == [
        None, None, "other", None,
    ]  # fmt: skip


@pytest.mark.parametrize("opening", ["Share", "Photo", "Related", "Subscribe", "By", "Print"])
def test_running_prose_is_never_furniture(opening: str) -> None:
    assert set(furnished("# T", PROSE, f"{opening} {PROSE}", PROSE)) == {None}


# --- sentences across page breaks


def continues(*parts: str) -> list[bool]:
    plain = markdown.parse("\n\n".join(parts))
    found = furniture.classify(plain.text, plain.blocks)
    return [passage.continues for passage in furniture.passages(plain.text, plain.blocks, found)]


BYLINE = "Written by Ada Quill on October 5, 2012"


def test_a_sentence_cut_by_a_page_break_continues() -> None:
    cut = PROSE.removesuffix(".")
    assert continues(cut, BYLINE, "and then they did.") == [False, False, True]
    assert continues(cut, "Page 2", "Mr Thale did.") == [False, False, True]
    assert continues(cut, "---", "and then they did.") == [False, True]
    assert continues(cut + " U.S.", BYLINE, "---", "officers did.") == [False, False, True]
    assert continues(cut, BYLINE, "![Crane](c.jpg)", "“who did”.") == [False, False, False, True]


@pytest.mark.parametrize(
    "parts",
    [
        (PROSE, BYLINE, "Mr Thale did."),
        (PROSE, "and so on."),
        (PROSE, "---", "Mr Thale did."),
        ("A short line", BYLINE, "Mr Thale did."),
        (PROSE.removesuffix("."), "---", "Mr Thale did."),
        (PROSE, BYLINE, "## heading", "and so on."),
        (PROSE, BYLINE, "- and so on"),
        (PROSE, "Photo: Me", "and so on."),
    ],
)
def test_whole_sentences_do_not_continue(parts: tuple[str, ...]) -> None:
    assert not any(continues(*parts))
