"""The text of HTML mail."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasette_leaks.loaders.mail_html import DEPTH, QUOTES, declared_charset, html_to_text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One <b>t</b>wo</p><p>three</p>", "One two\n\nthree"),
        ("<div>a</div><div>b<br>c<br><br>d</div>", "a\nb\nc\n\nd"),
        ("a\n  b\tc&nbsp;d &amp; &lt;e&gt;", "a b c d & <e>"),
        ("<ul><li>x<li>y</ul>z", "x\ny\n\nz"),
        ("<table><tr><td>n<td>1<tr><td>m<td>2</table>", "n\t1\nm\t2"),
        ("<pre>a\n  b\n</pre>c", "a\n  b\n\n\nc"),
        ("<title>t</title><style>p{}</style><script>if (a<b) x</script>y", "y"),
        ("<div style='color:red; Display : none'>no<div>no</div></div>yes", "yes"),
        ("<p hidden>no<p>yes", "yes"),
        ("<!-- no --><!DOCTYPE html>yes<![if mso]>", "yes"),
        ("<img src=http://x.example/t.gif alt=no>yes", "yes"),
        ("a&#1;b&#128;&#xD800;", "ab€\ufffd"),
        ("a < b", "a < b"),
        ("", ""),
        ("<p> </p>", ""),
    ],
)  # fmt: skip
def test_text(html: str, text: str) -> None:
    assert html_to_text(html).text == text


def test_quotations_are_known_by_their_depth() -> None:
    read = html_to_text(
        "<p>Yes.</p>On 1 May X wrote:<blockquote>a<blockquote><p>b</p></blockquote>c"
        "</blockquote>end<blockquote> </blockquote><blockquote>open"
    )
    assert [(quote.depth, read.text[quote.start : quote.end]) for quote in read.quotes] == [
        (1, "a\n\nb\n\nc"),
        (2, "b"),
        (1, "open"),
    ]


def test_a_flood_of_quotations_is_kept_within_bounds() -> None:
    assert len(html_to_text("<blockquote>x</blockquote>" * (QUOTES + 5)).quotes) == QUOTES


def test_what_is_nested_too_deep_loses_its_tags_only() -> None:
    html = "<b>x" * (DEPTH * 60) + "<p>last &amp; least</p>"
    read = html_to_text(html)
    assert read.text.count("x") == DEPTH * 60
    assert read.text.endswith("last & least")
    assert read.whole


def test_the_clock_stops_long_html() -> None:
    read = html_to_text("<br>x" * 100_000, time.monotonic() - 1)
    assert not read.whole
    assert 0 < len(read.text) < 100_000


def test_declared_charsets() -> None:
    assert declared_charset(b"<META http-equiv=x content='text/html; charset=KOI8-R'>") == "KOI8-R"
    assert declared_charset(b'<meta charset="utf-8">') == "utf-8"
    assert declared_charset(b"charset=x") is None


TAGS = st.sampled_from(
    ["<p>", "</p>", "<br>", "<blockquote>", "</blockquote>", "<pre>", "</pre>", "<td>", "</div>",
     "<div hidden>", "<script>", "</script>", "&#0;", "&#13;", "<!--", "-->", "<", "a", " ", "\n",
     "\xa0", "ü"]
)  # fmt: skip


@given(st.lists(TAGS).map("".join) | st.text(st.characters(exclude_categories=["C"])))
def test_any_html_gives_clean_text_and_quotations_in_it(html: str) -> None:
    read = html_to_text(html)
    assert all(unicodedata.category(c) not in ("Cc", "Cs") or c in "\n\t" for c in read.text)
    for quote in read.quotes:
        assert 0 <= quote.start < quote.end <= len(read.text)
        assert quote.depth > 0


@given(st.text(st.characters(categories=["L", "N"], include_characters=" .,'\"<>&")))
def test_any_words_come_back(text: str) -> None:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;")
    assert html_to_text(f"<body><p>{escaped}").text == " ".join(text.split())
