"""Markdown to plain text and spans."""

from __future__ import annotations

import inspect
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasette_leaks.loaders.markdown import NestingError, PlainText, parse


def blocks(source: str) -> list[tuple[str, int, str]]:
    plain = parse(source)
    return [
        (block.kind, block.level, plain.text[block.start : block.end]) for block in plain.blocks
    ]


def links(source: str) -> list[tuple[str, str, str]]:
    plain = parse(source)
    return [(plain.text[link.start : link.end], link.url, link.role) for link in plain.links]


def emphases(source: str) -> list[tuple[str, str]]:
    plain = parse(source)
    return [(plain.text[mark.start : mark.end], mark.kind) for mark in plain.emphases]


def test_headings_of_both_shapes_and_paragraphs() -> None:
    source = "Title\n=====\n\nOne line\nand its next.\n\n### Part *two* ###\n\nEnd.\n"
    assert blocks(source) == [
        ("heading", 1, "Title"),
        ("paragraph", 0, "One line and its next."),
        ("heading", 3, "Part two"),
        ("paragraph", 0, "End."),
    ]
    assert parse(source).text == "Title\n\nOne line and its next.\n\nPart two\n\nEnd."


def test_hard_breaks_are_line_ends() -> None:
    assert parse("one  \ntwo\\\nthree").text == "one\ntwo\nthree"


def test_a_rule_gives_no_block_but_a_break() -> None:
    plain = parse("one\n\n---\n\n***\n\ntwo\n\nthree")
    assert plain.text == "one\n\ntwo\n\nthree"
    assert [block.broken for block in plain.blocks] == [False, True, False]


def test_nested_lists_keep_depth_and_numbers() -> None:
    source = "- a\n- b\n\n  more b\n  1. c\n     - d\n  2. e\n- f\n"
    assert blocks(source) == [
        ("list_item", 1, "a"),
        ("list_item", 1, "b"),
        ("list_item", 1, "more b"),
        ("list_item", 2, "1. c"),
        ("list_item", 3, "d"),
        ("list_item", 2, "2. e"),
        ("list_item", 1, "f"),
    ]
    plain = parse(source)
    assert plain.text == "a\nb\nmore b\n1. c\nd\n2. e\nf"
    assert plain.text[plain.blocks[3].body :].startswith("c")


def test_an_empty_item_does_not_lend_its_number() -> None:
    assert blocks("1.\n2. b\n\nend") == [("list_item", 1, "2. b"), ("paragraph", 0, "end")]
    assert blocks("1. a\n2.\n\nend") == [("list_item", 1, "1. a"), ("paragraph", 0, "end")]


def test_quotes_within_quotes_and_lists_within_quotes() -> None:
    source = "> outer\n>\n> > inner\n>\n> - item\n>\n> # head\n"
    assert blocks(source) == [
        ("quote", 1, "outer"),
        ("quote", 2, "inner"),
        ("list_item", 1, "item"),
        ("heading", 1, "head"),
    ]


def test_code_keeps_its_lines_and_marks() -> None:
    source = "```sql\nSELECT *\n\nFROM a\n```\n\n    *b*\n\nuse `x = *y*`"
    assert blocks(source) == [
        ("code", 0, "SELECT *\n\nFROM a"),
        ("code", 0, "*b*"),
        ("paragraph", 0, "use x = *y*"),
    ]
    assert emphases(source) == [("x = *y*", "code")]


def test_tables_are_a_passage_a_row() -> None:
    source = "|a|b *c*|\n|-|-|\n|[d](u)||\n\nend"
    assert parse(source).text == "a | b c\nd | \n\nend"
    assert links(source) == [("d", "u", "citation")]
    assert emphases(source) == [("c", "emphasis")]
    assert [kind for kind, _, _ in blocks(source)] == ["paragraph"] * 3


def test_links_of_every_shape() -> None:
    source = (
        "[in *line*](#), [ref][1], [short], <https://a.example/x>, <me@a.example>, [](none), "
        "[a](<b c> 'title')\n\n[1]: https://a.example/ä%20\n[short]: ../s"
    )
    assert links(source) == [
        ("in line", "#", "citation"),
        ("ref", "https://a.example/ä%20", "citation"),
        ("short", "../s", "citation"),
        ("https://a.example/x", "https://a.example/x", "citation"),
        ("me@a.example", "mailto:me@a.example", "citation"),
        ("a", "b c", "citation"),
    ]


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "vbscript:x", "file:///etc/passwd"]
)
def test_no_url_is_dropped_or_changed(url: str) -> None:
    assert links(f"see [this]({url})") == [("this", url, "citation")]
    assert links(f"see <{url}>") == [(url, url, "citation")]


def test_html_is_text_like_any_other() -> None:
    source = "<script>alert('*x*')</script>\n\na <b onclick=x>bold</b> word"
    assert parse(source).text == "<script>alert('x')</script>\n\na <b onclick=x>bold</b> word"


def test_emphasis_nests_and_overlaps_links() -> None:
    source = "**a *b* [c ~~d~~](u)** e"
    assert parse(source).text == "a b c d e"
    assert emphases(source) == [("a b c d", "strong"), ("b", "emphasis"), ("d", "strikethrough")]
    assert links(source) == [("c d", "u", "citation")]


def test_footnotes_keep_their_labels_and_their_place() -> None:
    source = "Said.[^1] Denied.[^no]\n\n[^1]: In *letter* 4.\n\nEnd."
    assert parse(source).text == "Said.[1] Denied.[^no]\n\n[1] In letter 4.\n\nEnd."
    assert links(source) == [("[1]", "#fn-1", "footnote")]


def test_a_footnote_nobody_refers_to_is_kept() -> None:
    assert parse("Text.\n\n[^x]: Alone.").text == "Text.\n\n[x] Alone."


def test_images_and_their_captions() -> None:
    source = (
        "![The *quay*](q.jpg)\n\n*The quay at dawn.*\n\n*Set apart.*\n\n"
        "![](none.jpg)\n\n*Under a nameless one.*\n\n![Crane](c.jpg) *at noon*\n\n"
        "A ![c](c.jpg) within.\n\n[![logo](l.png)](/home)"
    )
    assert blocks(source) == [
        ("caption", 0, "The quay"),
        ("caption", 0, "The quay at dawn."),
        ("paragraph", 0, "Set apart."),
        ("caption", 0, "Under a nameless one."),
        ("caption", 0, "Crane at noon"),
        ("paragraph", 0, "A c within."),
        ("caption", 0, "logo"),
    ]
    assert links(source) == [("logo", "/home", "citation")]


def test_offsets_count_code_points() -> None:
    source = "🏗🏗 e\u0301 [ä🏗](u) *“x”*"
    assert parse(source).text == "🏗🏗 e\u0301 ä🏗 “x”"
    assert links(source) == [("ä🏗", "u", "citation")]
    assert emphases(source) == [("“x”", "emphasis")]


def test_a_block_knows_whether_it_is_all_link_or_all_mark() -> None:
    plain = parse("[a](u) | *[b](v)*\n\n**c:**\n\n[d](w) said\n\n*e* f\n\ng")
    assert [(b.linked, b.marked) for b in plain.blocks] == [
        (True, False), (False, True), (False, False), (False, False), (False, False),
    ]  # fmt: skip


@pytest.mark.parametrize("deep", ["> " * 200 + "x", "- " * 200 + "x"])
def test_blocks_nested_too_deep_are_refused_with_their_line(deep: str) -> None:
    with pytest.raises(NestingError) as caught:
        parse("first\n\n" + deep)
    assert caught.value.line == 3


def test_nesting_that_python_cannot_follow_is_refused() -> None:
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(len(inspect.stack(0)) + 120)
    try:
        with pytest.raises(NestingError):
            parse("> " * 80 + "x")
    finally:
        sys.setrecursionlimit(limit)


def test_images_in_images_lose_no_text() -> None:
    assert "end" in parse("![" * 3000 + "end" + "](x)" * 3000).text
    assert parse("![a ![b *c*](d)](e)").text == "a b c"


@pytest.mark.parametrize("many", ["[", "![", "[^", "*a ", "<a", "`", "[a](", "|", "\\", "&"])
def test_unclosed_marks_lose_no_text(many: str) -> None:
    text = parse("x " + many * 1000 + "end").text
    assert text.startswith("x ")
    assert text.endswith("end")


def test_brackets_in_brackets_lose_no_text() -> None:
    source = "[" * 200 + "in" + "]" * 200
    assert parse(source).text == source


MARKS = """* ** _ ` [ ] (#) ](u) ![ <u:x> ~~ | [^1] &amp; &#0; \\ <b> === : a ä 🏗 \u00a0"""
LINES = ("\n", "\n\n", "> ", "- ", "1. ", "# ", "---\n", "|-|-|\n", "[^1]: ", "[a]: b\n", "```\n")
SPACES = (" ", "  \n", "    ", "b c")
MARKDOWN = st.lists(st.sampled_from([*MARKS.split(" "), *LINES, *SPACES]), max_size=40).map("".join)


def assert_sound(plain: PlainText) -> None:
    position = 0
    for block in plain.blocks:
        assert position <= block.start <= block.body < block.end <= len(plain.text)
        assert not plain.text[position : block.start].strip()
        assert plain.text[block.body : block.end].strip()
        position = block.end
    assert position == len(plain.text)
    assert "\0" not in plain.text
    for spans in (plain.links, plain.emphases):
        starts = [span.start for span in spans]
        assert starts == sorted(starts)
        for span in spans:
            assert span.start < span.end
            assert any(b.body <= span.start and span.end <= b.end for b in plain.blocks)


@given(MARKDOWN)
def test_blocks_and_spans_are_sound_whatever_the_source(source: str) -> None:
    assert_sound(parse(source))


@given(st.text(st.characters(exclude_characters="\0\r", exclude_categories=["Cs"])))
def test_any_text_is_taken(source: str) -> None:
    assert_sound(parse(source))


@given(st.lists(st.from_regex(r"[A-Za-zäé“”🏗]{1,8}", fullmatch=True), min_size=1, max_size=30))
def test_plain_words_are_their_own_text(words: list[str]) -> None:
    source = " ".join(words)
    assert parse(source).text == source


def test_link_text_is_its_slice() -> None:
    words = ["one", "zwei 🏗", "trois e\u0301"]
    source = "\n\n".join(f"- before [{word}](#{n}) after" for n, word in enumerate(words))
    assert links(source) == [(word, f"#{n}", "citation") for n, word in enumerate(words)]
