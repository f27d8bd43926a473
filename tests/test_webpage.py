"""Web pages: the words as they stand, their structure, what the page says of itself."""

from __future__ import annotations

import json
import re
import socket
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datasette_leaks.loaders.html_main import MOST_ELEMENTS
from datasette_leaks.loaders.html_source import MOST_TAGS, parse_page
from datasette_leaks.loaders.html_text import page_text
from datasette_leaks.loaders.records import Description, Document, Problem
from datasette_leaks.loaders.webpage import HtmlLoader, page_document

PROSE = (
    "<p>The harbour board paid twice for the same crane, and for two years nobody on the board "
    "asked why the second payment was made.</p>"
    "<p>A letter of the third of May names the account, the sum and the two members who signed.</p>"
)
PAGE = """<!DOCTYPE html>
<html lang="en-GB"><head>
<title>Board paid twice for crane | The Quay Post</title>
<meta property="og:site_name" content="The Quay Post">
<meta name="author" content="The desk">
<link rel="canonical" href="https://quay.example/2012/crane">
<script type="application/ld+json">{"@context": "https://schema.org", "@graph": [
  {"@type": "Organization", "@id": "#post", "name": "The Quay Post Ltd"},
  {"@type": ["NewsArticle"], "headline": "Board &amp; crane", "author": [{"@type": "Person",
   "name": "Ada Quill"}, {"name": "Bo Reed"}], "publisher": {"@id": "#post"},
   "datePublished": "2012-10-05T11:00:00+02:00"}]}</script>
</head><body>
<nav><ul><li><a href="/">Home</a></li><li><a href="/news">News</a></li></ul></nav>
<article><header><h1>Board paid twice for crane</h1><p>By <a href="/ada">Ada Quill</a></p></header>
<p>The harbour board paid <em>twice</em> for
   the same crane, as a <a href="../letters/17#p2">letter</a> shows. It was<br>signed on
   <b>Monday</b>, and <q>nobody asked <q>why</q></q>, said HB2.<sup><a href="#fn1">1</a></sup></p>
<h2>The first payment</h2>
<blockquote><p>We paid, and nobody asked about the crane or the men who built it.</p></blockquote>
<ol start="3"><li>The sum of forty thousand was paid in May</li><li>The same sum in
<ul><li>June, to the same account abroad</li></ul></li></ol>
<table><tr><th>Year</th><th>Sum</th></tr><tr><td>2011</td><td>40,000</td></tr></table>
<p>Related: <a href="https://other.example/a">The other harbour</a></p>
<p>The members of the board did not answer the questions that this newspaper sent to them.</p>
</article>
<aside><p>Subscribe to our newsletter for the news of the harbour, every single morning.</p></aside>
<footer><p>Copyright The Quay Post, all rights reserved, see the conditions of use.</p></footer>
</body></html>"""


def read(page: str | bytes, **known: str) -> Document:
    data = page if isinstance(page, bytes) else page.encode()
    document = page_document(data, "page.html", **known)
    assert isinstance(document, Document), document
    return document


def refused(page: str | bytes) -> Problem:
    problem = page_document(page if isinstance(page, bytes) else page.encode(), "page.html")
    assert isinstance(problem, Problem)
    return problem


def body(document: Document) -> list[tuple[str, int, str]]:
    """Kind, level and text of the passages that are no furniture."""
    return [
        (each.kind, each.level, document.text[each.start : each.end])
        for each in document.passages
        if each.role is None
    ]


def words(document: Document) -> list[str]:
    return [text for _, _, text in body(document)]


def test_words_stand_as_a_reader_sees_them() -> None:
    assert body(read(PAGE)) == [
        ("heading", 1, "Board paid twice for crane"),
        (
            "paragraph",
            0,
            "The harbour board paid twice for the same crane, as a letter shows. It was\nsigned on "
            "Monday, and “nobody asked ‘why’”, said HB2.[1]",
        ),
        ("heading", 2, "The first payment"),
        ("quote", 1, "We paid, and nobody asked about the crane or the men who built it."),
        ("list_item", 1, "3. The sum of forty thousand was paid in May"),
        ("list_item", 1, "4. The same sum in"),
        ("list_item", 2, "June, to the same account abroad"),
        ("paragraph", 0, "Year | Sum"),
        ("paragraph", 0, "2011 | 40,000"),
        (
            "paragraph",
            0,
            "The members of the board did not answer the questions that this newspaper sent to "
            "them.",
        ),
    ]


def test_what_stands_around_the_text_is_left_out_and_what_stands_in_it_is_furniture() -> None:
    document = read(PAGE)
    for gone in ("Home", "Subscribe", "Copyright", "Ltd"):
        assert gone not in document.text
    furniture = [
        (each.role, document.text[each.start : each.end]) for each in document.passages if each.role
    ]
    assert furniture == [("byline", "By Ada Quill"), ("related", "Related: The other harbour")]


def test_links_and_marks_are_spans() -> None:
    document = read(PAGE)
    assert [
        (document.text[each.start : each.end], each.url, each.role) for each in document.links
    ] == [
        ("Ada Quill", "https://quay.example/ada", "byline"),
        ("letter", "https://quay.example/letters/17#p2", "citation"),
        ("[1]", "#fn1", "footnote"),
        ("The other harbour", "https://other.example/a", "related"),
    ]
    assert [(document.text[each.start : each.end], each.kind) for each in document.emphases] == [
        ("twice", "emphasis"),
        ("Monday", "strong"),
    ]


def test_what_the_page_says_of_itself() -> None:
    assert read(PAGE).description == Description(
        kind="article",
        title="Board & crane",
        author="Ada Quill, Bo Reed",
        publisher="The Quay Post Ltd",
        published="2012-10-05T09:00:00Z",
        url="https://quay.example/2012/crane",
        language="en-GB",
    )


@pytest.mark.parametrize(
    ("head", "field", "value"),
    [
        ('<meta name="author" content="Ada Quill">', "author", "Ada Quill"),
        ('<meta property="article:author" content="https://q.example/ada">', "author", None),
        ('<meta name="citation_author" content="A"><meta name="citation_author" content="B">',
         "author", "A, B"),
        ('<meta property="og:site_name" content="The  Post">', "publisher", "The Post"),
        ('<meta property="article:published_time" content="2012-10-05T11:00:00Z">', "published",
         "2012-10-05T11:00:00Z"),
        ('<meta name="date" content="5/10/2012">', "published", None),
        ('<meta name="date" content="October 2012">', "published", "2012-10"),
        ('<meta property="og:url" content="https://q.example/a">', "url", "https://q.example/a"),
        ('<link rel="canonical" href="javascript:alert(1)">', "url", None),
        ('<link rel="canonical" href="/a"><!-- saved from url=(0021)https://q.example/b/c -->',
         "url", "https://q.example/a"),
        ("<!--\n Page saved with SingleFile \n url: https://q.example/x \n-->", "url",
         "https://q.example/x"),
        ('<meta property="og:title" content="One &amp; two">', "title", "One & two"),
        ('<meta property="og:site_name" content="Post"><title>Crane - Post</title>', "title",
         "Crane"),
        ('<meta property="og:locale" content="de_AT">', "language", "de-AT"),
        ('<script type="application/ld+json">{"@type": "WebPage", "name": "x", "datePublished": '
         '"2012"}</script>', "published", "2012"),
        ('<script type="application/ld+json">{"@type": "WebPage"}</script>', "kind", "web_page"),
        ('<script type="application/ld+json">[{"@type": "ReportageNewsArticle"}]</script>', "kind",
         "article"),
        ('<script type="application/ld+json">{"@type": "Article", broken</script>', "kind",
         "web_page"),
    ],
)  # fmt: skip
def test_what_a_head_says(head: str, field: str, value: str | None) -> None:
    page = f"<html><head>{head}</head><body>{PROSE}</body></html>"
    assert getattr(read(page).description, field) == value


def test_marks_in_the_text_tell_author_and_date_where_the_head_does_not() -> None:
    page = f"""<html><body><article><h1>The crane</h1><span itemprop="author">Ada Quill</span>
    <time datetime="2012-10-05">last week</time>{PROSE}</article></body></html>"""
    said = read(page).description
    assert (said.title, said.author, said.published) == ("The crane", "Ada Quill", "2012-10-05")


def test_what_is_known_of_a_page_goes_before_what_it_says() -> None:
    document = read(PAGE, url="https://archive.example/x")
    assert document.description.url == "https://archive.example/x"


def test_links_within_the_page_are_no_citations() -> None:
    end = '<p>On what was paid see <a href="#x">the letter</a> of the third of May.</p>'
    document = read(f'<h2><a href="#paid">What was paid</a></h2>{PROSE}{end}')
    assert [link.role for link in document.links] == ["navigation", "navigation"]
    assert body(document)[0] == ("heading", 2, "What was paid")


def test_base_counts() -> None:
    page = f'<html><head><base href="https://b.example/x/"></head><body>{PROSE}<p>See the letter '
    page += '<a href="17">of the third of May</a> on this, it is very short.</p></body></html>'
    (link,) = read(page, url="https://q.example/").links
    assert link.url == "https://b.example/x/17"


@pytest.mark.parametrize(
    ("head", "encoding", "used"),
    [
        ("", "utf-8", "utf-8"),
        ("", "utf-8-sig", "utf-8-sig"),
        ("", "utf-16", "utf-16-le"),
        ("", "windows-1252", "windows-1252"),
        ('<meta charset="iso-8859-1">', "windows-1252", "windows-1252"),
        ('<meta charset="iso-8859-1">', "utf-8", "utf-8"),
        ('<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-2">', "iso-8859-2",
         "iso8859-2"),
        ('<meta charset="shift_jis">', "shift_jis", "cp932"),
        ('<meta charset="iso-2022-jp">', "iso-2022-jp", "iso2022_jp_ext"),
        ('<meta charset="rot13">', "windows-1252", "windows-1252"),
    ],
)  # fmt: skip
def test_charsets(head: str, encoding: str, used: str) -> None:
    special = (
        "波止場" if used in ("cp932", "iso2022_jp_ext") else "Škoda" if "8859" in used else "café"
    )
    page = f"<html><head>{head}</head><body>{PROSE}<p>{special}, and more words.</p></body></html>"
    document = read(page.encode(encoding))
    assert document.text.endswith(f"{special}, and more words.")
    assert document.file.encoding == used


def test_http_may_declare_the_charset() -> None:
    page = f"<html><body>{PROSE}<p>Škoda, and more words.</p></body></html>".encode("iso-8859-2")
    assert "Škoda" in read(page, charset="iso-8859-2").text


def test_old_pages_are_read_too() -> None:
    page = """<html><body><table><tr><td><a href="a">Home</a></td><td><font><b>The crane</b><br>
    <br>The board paid twice for the same crane, and nobody asked why it did.<br>They signed.<br>
    <br>The second payment was made in June, to the same account abroad.</font></td></tr></table>
    <pre>From: HB2
To: the board

We paid   twice, and the second sum went to the account that is named in the letter.
</pre></body></html>"""
    assert words(read(page)) == [
        "The crane",
        "The board paid twice for the same crane, and nobody asked why it did.\nThey signed.",
        "The second payment was made in June, to the same account abroad.",
        "From: HB2\nTo: the board",
        "We paid   twice, and the second sum went to the account that is named in the letter.",
    ]


def test_code_is_kept_as_it_stands() -> None:
    page = (
        f"<html><body>{PROSE}<pre><code>if paid:\n\n    ask()\n</code></pre>{PROSE}</body></html>"
    )
    assert ("code", 0, "if paid:\n\n    ask()") in body(read(page))


def test_xhtml_closes_empty_elements_itself() -> None:
    page = f"""<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><head>
    <script src="a.js"/><title/></head><body><div/>{PROSE}</body></html>"""
    assert len(words(read(page))) == 2


def test_what_the_page_hides_is_no_text() -> None:
    page = f"""<html><body style="display:none"><p hidden>One hidden.</p>
    <div style="display: none">Two hidden.</div><noscript>Switch it on.</noscript>{PROSE}
    <script>var a = "<p>three</p>"</script><template><p>Four.</p></template></body></html>"""
    assert len(words(read(page))) == 2


def test_a_page_without_main_text_is_read_whole() -> None:
    assert words(read("<html><body><div>Paid.</div></body></html>")) == ["Paid."]
    assert words(read("Paid twice")) == ["Paid twice"]


def test_a_page_too_long_for_trafilatura_is_read_whole() -> None:
    document = read("<p>Paid twice." * MOST_ELEMENTS)
    assert document.text == "\n\n".join(["Paid twice."] * MOST_ELEMENTS)


@pytest.mark.parametrize("page", ["", " \n", "<html></html>", "<!-- x -->", "<p> </p>", "<?xml?>"])
def test_a_page_without_text_is_a_problem(page: str) -> None:
    assert "no text" in refused(page).found


def test_binary_data_is_a_problem_and_a_stray_nul_is_none() -> None:
    assert "binary" in refused(b"\0\1\2\3" * 100).found
    assert "binary" in refused(b"\xff\xfe\0").found or refused(b"\xff\xfe\0").found
    page = PAGE.replace("HB2", "HB\0" + "2").encode()
    assert read(page).text == read(PAGE).text


def test_a_page_of_nothing_but_tags_is_refused() -> None:
    assert "tags" in refused("<b>" * (MOST_TAGS + 1)).found


@pytest.mark.parametrize(
    "tag", ["div", "b", "blockquote", "ul><li", "table><tr><td", "q", "a href=x"]
)
def test_nesting_loses_no_words(tag: str) -> None:
    deep = "".join(f"<{tag}>word{n} " for n in range(3_000))
    tree = parse_page(f"<html><body>{deep}</body></html>")
    assert tree is not None
    found = page_text(tree, None).plain.text
    assert re.findall(r"word\d+", found) == [f"word{n}" for n in range(3_000)]


def test_deep_nesting_loses_no_words_either() -> None:
    document = read("<div>" * 40_000 + "Paid twice." + "</div>" * 40_000)
    assert document.text == "Paid twice."


def test_entities_of_a_document_type_are_not_expanded() -> None:
    entities = "".join(
        f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "laugh"}">' for n in range(10)
    )
    page = f"""<?xml version="1.0"?><!DOCTYPE html [{entities}<!ENTITY file SYSTEM
    "file:///etc/hostname">]><html><body><p>So &e9; and &file; it is.</p></body></html>"""
    tree = parse_page(page)
    assert tree is not None
    assert page_text(tree, None).plain.text == "So &e9; and &file; it is."


def test_nothing_is_loaded() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        host = f"http://127.0.0.1:{server.getsockname()[1]}"
        page = f"""<!DOCTYPE html SYSTEM "{host}/a.dtd"><html><head><link rel="stylesheet"
        href="{host}/a.css"><base href="{host}/"><script src="{host}/a.js"></script></head><body>
        {PROSE}<img src="{host}/a.png"><iframe src="{host}/a.html"></iframe></body></html>"""
        assert read(page).text.startswith("The harbour board")
        with pytest.raises(BlockingIOError):
            server.accept()


def test_hostile_json_is_passed_over() -> None:
    for script in ("[" * 100_000, "{" * 5_000, json.dumps({"@type": "Article", "headline": 3})):
        page = f'<html><head><script type="application/ld+json">{script}</script></head><body>'
        assert read(f"{page}{PROSE}</body></html>").description.title is None


def test_the_file_is_described(tmp_path: Path) -> None:
    path = tmp_path / "crane.html"
    path.write_text(PAGE, encoding="utf-8")
    (document,) = HtmlLoader().load(path)
    assert isinstance(document, Document)
    assert document.slug == "board-crane"
    assert (document.file.path, document.file.size) == (str(path), len(PAGE.encode()))
    assert document.file.media_type == "text/html"


def test_a_file_too_large_is_a_problem(tmp_path: Path) -> None:
    path = tmp_path / "crane.html"
    with path.open("wb") as file:
        file.truncate(60 * 1024 * 1024)
    (problem,) = HtmlLoader().load(path)
    assert isinstance(problem, Problem)
    assert "larger than" in problem.found


TAGS = ["a", "b", "p", "div", "li", "ul", "ol", "q", "pre", "code", "table", "tr", "td", "h1", "dl",
        "blockquote", "br", "hr", "span", "x-y", "nav", "script", "style", "body", "html", "head",
        "title", "form", "svg", "template", "sup", "figcaption", "del", "base", "meta"]  # fmt: skip
SOUP = st.lists(
    st.one_of(
        st.sampled_from(TAGS).map(lambda tag: f"<{tag}>"),
        st.sampled_from(TAGS).map(lambda tag: f"</{tag}>"),
        st.sampled_from(["<a href='/x'>", "<a href='#1'>", "<a href='http://['>", "<p hidden>",
                         "<ol start='-9'>", "<!--", "-->", "<![CDATA[", "]]>", "<!DOCTYPE [", "<",
                         "&#xD800;", "&#0;", "&nbsp;", "\x0b", "\r\n", "\n\n", "&amp", "<?php",
                         "<base href='http://['>", "<link rel=canonical href='//['>"]),
        st.text(max_size=12),
        st.sampled_from(["The board paid twice for the same crane. "]),
    ),
    max_size=60,
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(SOUP)
def test_tag_soup_never_fails_and_spans_lie_in_the_text(soup: list[str]) -> None:
    item = page_document("".join(soup).encode("utf-8", "surrogatepass"), "page.html")
    if isinstance(item, Problem):
        return
    text = item.text
    text.encode("utf-8")
    assert text == text.strip(" \n") != ""
    end = 0
    for passage in item.passages:
        assert end <= passage.start < passage.end <= len(text)
        assert text[end : passage.start].strip() == ""
        end = passage.end
    assert end == len(text)
    spans = [(s.start, s.end) for s in item.links] + [(s.start, s.end) for s in item.emphases]
    for start, end in spans:
        assert 0 <= start < end <= len(text)
        assert any(p.start <= start and end <= p.end for p in item.passages)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300))
def test_bytes_never_fail(data: bytes) -> None:
    assert isinstance(page_document(data, "page.html"), (Document, Problem))
