"""Whole articles of many shapes, in Markdown and plain text; and the seed if it is there."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from datasette_leaks.loaders.article import MarkdownLoader, TextLoader
from datasette_leaks.loaders.records import Description, Document, Problem

SEED = Path(__file__).parents[1].parent / "shared/seed/article.md"

PROSE = (
    "The harbour authority has known for a year that the ring of crane 7 was cracked, and it told "
    "nobody, according to letters that were published in the spring and that nobody has contested."
)


def load(path: Path) -> list[Document | Problem]:
    loader = TextLoader() if path.suffix == ".txt" else MarkdownLoader()
    return list(loader.load(path))


def article(folder: Path, source: str | bytes, name: str = "article.md") -> Document:
    """The one Document in a file of ``source``, which must give no Problem."""
    path = folder / name
    path.write_bytes(source if isinstance(source, bytes) else source.encode())
    [document] = load(path)
    assert isinstance(document, Document)
    assert_sound(document)
    return document


def problems(folder: Path, source: str | bytes, name: str = "article.md") -> list[Problem]:
    path = folder / name
    path.write_bytes(source if isinstance(source, bytes) else source.encode())
    return [item for item in load(path) if isinstance(item, Problem)]


def assert_sound(document: Document) -> None:
    text = document.text
    position = 0
    for passage in document.passages:
        assert position <= passage.start < passage.end <= len(text)
        assert (passage.kind == "furniture") == (passage.role is not None)
        position = passage.end
    spans = [(link.start, link.end) for link in document.links]
    spans += [(mark.start, mark.end) for mark in document.emphases]
    for start, end in spans:
        assert start < end
        assert any(p.start <= start and end <= p.end for p in document.passages)
    assert "\0" not in text
    assert document.slug
    assert document.description.kind == "article"


def body(document: Document) -> list[tuple[str, str]]:
    return [
        (passage.kind, document.text[passage.start : passage.end])
        for passage in document.passages
        if passage.kind != "furniture"
    ]


def furniture(document: Document) -> list[str | None]:
    return [passage.role for passage in document.passages if passage.role]


def links(document: Document) -> list[tuple[str, str, str]]:
    return [(document.text[x.start : x.end], x.url, x.role) for x in document.links]


# --- the seed


@pytest.fixture(scope="module")
def seed() -> Document:
    if not SEED.exists():
        pytest.skip("the seed article, which stays out of the repository, is not beside it")
    [document] = load(SEED)
    assert isinstance(document, Document)
    assert_sound(document)
    return document


def test_seed_is_described_as_far_as_it_says(seed: Document) -> None:
    told = seed.description
    assert body(seed)[0] == ("heading", told.title)
    assert (told.author, told.published) == ("Alex Newman", "2012-10-05")
    assert told.publisher is None  # only its advert names one
    assert seed.file.encoding == "utf-8"
    assert seed.file.size == SEED.stat().st_size


def test_seed_furniture_is_told_from_the_body(seed: Document) -> None:
    assert Counter(furniture(seed)) == {"byline": 4, "credit": 1, "related": 16, "advert": 15}
    assert [kind for kind, _ in body(seed)] == ["heading"] + ["paragraph"] * 22
    assert not any(passage.continues for passage in seed.passages)


def test_seed_links_have_their_roles(seed: Document) -> None:
    roles = Counter(link.role for link in seed.links)
    assert roles == {"byline": 4, "citation": 17, "related": 15}
    assert {link.url for link in seed.links} == {"#"}


def test_seed_emphases(seed: Document) -> None:
    marks = [(mark.kind, seed.text[mark.start : mark.end]) for mark in seed.emphases]
    assert Counter(kind for kind, _ in marks) == {"emphasis": 6, "strong": 1}
    assert marks.count(("emphasis", "Narco News")) == 3
    assert not {"*", "](", "---"} & {mark for mark in ("*", "](", "---") if mark in seed.text}


# --- other shapes


def test_front_matter_describes_and_leaves_the_text(tmp_path: Path) -> None:
    source = (
        "---\n# export\ntitle: 'Cranes: a “history”'\nauthors: [Ada Quill, {name: Ben Ash}]\n"
        "date: 2021-03-04T10:00:00+01:00\nsite: The Tidewater Post\ntags: {a: [b]}\nlang: en\n"
        f"canonical: https://a.example/x\n---\n# Another heading\n\nBy Cy Dee\n\n{PROSE}\n"
    )
    document = article(tmp_path, source)
    assert document.description == Description(
        kind="article",
        title="Cranes: a “history”",
        author="Ada Quill, Ben Ash",
        publisher="The Tidewater Post",
        published="2021-03-04T09:00:00Z",
        url="https://a.example/x",
        language="en",
    )
    assert document.slug == "cranes-a-history"
    assert document.text == f"Another heading\n\nBy Cy Dee\n\n{PROSE}"


def test_what_front_matter_leaves_out_the_text_states(tmp_path: Path) -> None:
    source = f"---\nlang: en\nauthor:\n---\n\n# Cranes\n\nBy Ada Quill | 4 March 2021\n\n{PROSE}"
    told = article(tmp_path, source).description
    assert (told.title, told.author, told.published) == ("Cranes", "Ada Quill", "2021-03-04")


def test_a_rule_on_the_first_line_is_no_front_matter(tmp_path: Path) -> None:
    for opening in ("---\n\n", "---\nAs she said in the note:they knew.\n\n"):
        document = article(tmp_path, f"{opening}{PROSE}\n\n---\n\nEnd.")
        assert document.text.endswith(f"{PROSE}\n\nEnd.")
    assert PROSE in article(tmp_path, f"---\ntitle: never closed\n\n{PROSE}").text


@pytest.mark.parametrize(
    ("yaml", "place", "reason"),
    [
        ("title: [a", "line 2, front matter", "expected ',' or ']'"),
        ("title: a\n\ttab: b", "line 3, front matter", "cannot start any token"),
        ("title: 'a", "line 2, front matter", "end of stream"),
        ("title: " + "a" * 70_000, "line 1, front matter", "longer than 65,536"),
        ("title: *none", "line 2, front matter", "undefined alias"),
        ('title: "\\UFFFFFFFF"', "line 1, front matter", "garbled"),
        ("title: " + "[" * 1000, "line 1, front matter", "nested too deep"),
        ("title: \x01", "line 1, front matter", "does not allow"),
        ("title: a\ndate: 5/10/2012", "line 3, date", "cannot be read"),
        ("title: {a: b}", "line 2, title", "cannot be read"),
        ("title: [a, b]", "line 2, title", "cannot be read"),
    ],
)
def test_bad_front_matter_is_a_problem_and_the_text_loads(
    tmp_path: Path, yaml: str, place: str, reason: str
) -> None:
    path = tmp_path / "a.md"
    path.write_text(f"---\n{yaml}\n---\n{PROSE}")
    problem, document = load(path)
    assert isinstance(problem, Problem)
    assert problem.place == place
    assert reason in problem.found
    assert isinstance(document, Document)
    assert document.text == PROSE


def test_front_matter_aliases_are_not_followed_into_a_bomb(tmp_path: Path) -> None:
    yaml = "title: Cranes\na0: &a0 [x]\n" + "".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 30)
    )
    assert article(tmp_path, f"---\n{yaml}---\n{PROSE}").description.title == "Cranes"


def test_setext_title_and_reference_links(tmp_path: Path) -> None:
    source = f"Cranes\n======\n\n{PROSE} See [the letter][1].\n\n[1]: https://a.example/1 'L'\n"
    document = article(tmp_path, source)
    assert document.description.title == "Cranes"
    assert links(document) == [("the letter", "https://a.example/1", "citation")]


def test_footnotes_nested_lists_quotes_code_and_tables(tmp_path: Path) -> None:
    source = (
        f"# Cranes\n\n{PROSE}[^a]\n\n> “Wind.”\n>\n> > “No.”\n\n1. one\n   - two\n\n"
        "```\ncrane = 7\n```\n\n|Who|What|\n|-|-|\n|HB2|“yes”|\n\n![Crane 7](c.jpg)\n\n"
        "[^a]: Letter 4.\n"
    )
    document = article(tmp_path, source)
    assert body(document) == [
        ("heading", "Cranes"),
        ("paragraph", f"{PROSE}[a]"),
        ("quote", "“Wind.”"),
        ("quote", "“No.”"),
        ("list_item", "1. one"),
        ("list_item", "two"),
        ("code", "crane = 7"),
        ("paragraph", "Who | What"),
        ("paragraph", "HB2 | “yes”"),
        ("caption", "Crane 7"),
        ("paragraph", "[a] Letter 4."),
    ]
    assert links(document) == [("[a]", "#fn-a", "footnote")]


@pytest.mark.parametrize(
    ("codec", "encoding"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16-le"),
        ("utf-32", "utf-32-le"),
        ("cp1252", "windows-1252"),
        ("latin-1", "windows-1252"),
    ],
)
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_the_same_article_in_every_encoding_and_line_end(
    tmp_path: Path, codec: str, encoding: str, line_end: str
) -> None:
    source = "# Säftel\n\nBy Ada Quill\n\n" + PROSE + "\nÜber *alles*.\n"
    document = article(tmp_path, source.replace("\n", line_end).encode(codec))
    assert document.text == f"Säftel\n\nBy Ada Quill\n\n{PROSE} Über alles."
    assert document.file.encoding == encoding


def test_decomposed_letters_and_emoji_keep_their_code_points(tmp_path: Path) -> None:
    document = article(tmp_path, "# 🏗 Sa\u0308ftel\n\n👩‍🔧 “Sa\u0308ftel” [wrote](#) it.")
    assert document.text == "🏗 Sa\u0308ftel\n\n👩‍🔧 “Sa\u0308ftel” wrote it."
    assert document.slug == "saftel"
    assert links(document) == [("wrote", "#", "citation")]


def test_hostile_html_stays_text(tmp_path: Path) -> None:
    source = "<script>alert(1)</script>\n\nA <img src=x onerror=alert(1)> [b](javascript:alert(1))"
    document = article(tmp_path, source)
    assert document.text == "<script>alert(1)</script>\n\nA <img src=x onerror=alert(1)> b"
    assert links(document) == [("b", "javascript:alert(1)", "citation")]


def test_an_article_with_no_heading_and_no_byline(tmp_path: Path) -> None:
    document = article(tmp_path, f"{PROSE}\n\n{PROSE}\n\n## Background\n\n{PROSE}", "No Title.md")
    assert document.description == Description("article")
    assert document.slug == "no-title"
    assert furniture(document) == []


def test_a_title_without_latin_letters_still_has_a_slug(tmp_path: Path) -> None:
    document = article(tmp_path, "# 港湾\n\n手紙", "手紙.md")
    assert document.description.title == "港湾"
    assert document.slug == f"article-{document.file.sha256[:12]}"


def test_a_title_below_its_kicker_is_found(tmp_path: Path) -> None:
    document = article(tmp_path, f"*Harbour*\n\n# Cranes\n\n{PROSE}\n\n# Part two")
    assert document.description.title == "Cranes"


def test_the_name_in_an_advert_or_credit_is_no_publisher_and_no_title(tmp_path: Path) -> None:
    document = article(tmp_path, f"{PROSE}\n\nPhoto: The Post\n\n# Subscribe to The Post\n")
    assert document.description == Description("article")
    assert furniture(document) == ["credit", "advert"]


def test_links_take_the_role_of_their_furniture(tmp_path: Path) -> None:
    source = (
        f"- [Home](/)\n- [News](/n)\n\n# Cranes\n\nBy [Ada Quill](/ada)\n\n{PROSE} [Here](#).\n\n"
        "Related:\n\n[One](/1)\n\n[Subscribe](/pay)\n"
    )
    roles = [(text, role) for text, _, role in links(article(tmp_path, source))]
    assert roles == [
        ("Home", "navigation"),
        ("News", "navigation"),
        ("Ada Quill", "byline"),
        ("Here", "citation"),
        ("One", "related"),
        ("Subscribe", "navigation"),
    ]


def test_a_sentence_across_a_page_continues(tmp_path: Path) -> None:
    byline = "Written by Ada Quill on 4 March 2021"
    document = article(tmp_path, f"# T\n\n{PROSE[:-1]}\n\n{byline}\n\n---\n\nand more.")
    assert [passage.continues for passage in document.passages] == [False, False, False, True]


@pytest.mark.parametrize(
    ("source", "found"),
    [
        (b"", "0 bytes in, no text"),
        (b" \n\n", "3 bytes in, no text"),
        (b"---\n\n***\n", "9 bytes in, no text"),
        (b"---\ntitle: a\n---\n", "17 bytes in, no text"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "binary data"),
    ],
)
def test_a_file_without_an_article_is_one_problem(
    tmp_path: Path, source: bytes, found: str
) -> None:
    [problem] = problems(tmp_path, source)
    assert problem.path == str(tmp_path / "article.md")
    assert found in problem.found


def test_deep_nesting_is_a_problem_at_its_line_in_the_file(tmp_path: Path) -> None:
    [problem] = problems(tmp_path, "---\ntitle: a\n---\ntext\n\n" + "> " * 500 + "x")
    assert problem.place == "line 6"
    assert "nested" in problem.found


# --- plain text


def test_a_text_file_is_its_own_text(tmp_path: Path) -> None:
    head = "\n  Cranes  \n\nBy Ada Quill\n4 March 2021\n\n\n"
    source = f"{head}{PROSE}\n*as* it <b>stands</b>.\n \n-\n\n"
    document = article(tmp_path, source, "cranes.txt")
    assert document.text == source
    assert [(p.kind, p.role) for p in document.passages] == [
        ("heading", None), ("furniture", "byline"), ("paragraph", None), ("paragraph", None),
    ]  # fmt: skip
    assert body(document)[0][1] == "Cranes"
    assert body(document)[1][1] == f"{PROSE}\n*as* it <b>stands</b>."
    told = document.description
    assert (told.title, told.author, told.published) == ("Cranes", "Ada Quill", "2021-03-04")
    assert (document.links, document.emphases) == ((), ())
    assert document.file.media_type == "text/plain"


def test_a_byline_right_under_or_above_the_title_of_a_text_file(tmp_path: Path) -> None:
    for head in ("Cranes\nBy Ada Quill", "By Ada Quill\n\nCranes"):
        document = article(tmp_path, f"{head}\n\n{PROSE}", "a.txt")
        assert (document.description.title, document.description.author) == ("Cranes", "Ada Quill")


@pytest.mark.parametrize("opening", [PROSE, "A sentence.", "Dear all,", "x" * 200, "two\nlines"])
def test_a_text_file_that_opens_with_prose_has_no_title(tmp_path: Path, opening: str) -> None:
    document = article(tmp_path, f"{opening}\n\n{PROSE}", "filing 3.txt")
    assert document.description.title is None
    assert document.slug == "filing-3"
    assert [kind for kind, _ in body(document)] == ["paragraph", "paragraph"]


def test_a_text_file_of_one_line_is_text_not_title(tmp_path: Path) -> None:
    assert body(article(tmp_path, "Only this\n\n", "a.txt")) == [("paragraph", "Only this")]


def test_pages_of_a_text_file(tmp_path: Path) -> None:
    document = article(tmp_path, f"T\n\n{PROSE[:-1]}\n\n2\n\fand more.\n", "a.txt")
    assert [(p.role, p.continues) for p in document.passages] == [
        (None, False), (None, False), ("navigation", False), (None, True),
    ]  # fmt: skip


# --- whatever the file

ANY_TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
ALONE = ("# T", "## Related", "By Ada Quill", "*Photo: x*", "---", "> q", "**Subscribe**", "Page 2")
MIXED = ("![](i)", "[^1]: n", "- [a](#)\n- [b](u)", "- x\n  - y", "z[^1]", "\f", "🏗")
PARTS = st.lists(st.sampled_from([PROSE, *ALONE, *MIXED]), max_size=12)


@given(PARTS)
def test_markdown_gives_sound_records(parts: list[str]) -> None:
    assume(parts[:1] != ["---"])  # front matter, which may be a problem beside the document
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.md"
        path.write_text("\n\n".join(parts), encoding="utf-8")
        [item] = load(path)
    if isinstance(item, Document):
        assert_sound(item)
    else:
        assert "no text" in item.found


@given(ANY_TEXT, st.sampled_from(["a.md", "a.txt"]))
def test_any_text_gives_sound_records(source: str, name: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(source.encode())
        items = load(path)
    assert items
    for item in items:
        if isinstance(item, Document):
            assert_sound(item)
        if isinstance(item, Document) and name == "a.txt":
            plain = source.removeprefix("\ufeff")
            assert item.text == plain.replace("\r\n", "\n").replace("\r", "\n")


@given(st.binary(), st.sampled_from(["a.md", "a.txt"]))
def test_any_bytes_give_records_and_never_raise(data: bytes, name: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(data)
        assert load(path)
