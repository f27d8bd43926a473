"""When two URLs or two titles are the same."""

from __future__ import annotations

import pytest

from datasette_leaks.store.keys import title_key, url_key


@pytest.mark.parametrize(
    "url",
    [
        "https://q.example/A",
        "http://q.example/A",
        "HTTPS://Q.EXAMPLE/A",
        "https://q.example/A/",
        "https://q.example/A#b",
        "https://q.example:443/A",
        " https://q.example/A ",
        "https://www.q.example/A",
        "https://q.example./A",
        "https://q.example/%41",
        "https://q.example/A?",
        "https://q.example/A?utm_source=mail&UTM_Medium=x&fbclid=Iw1",
    ],
)
def test_urls_that_are_one(url: str) -> None:
    assert url_key(url) == "//q.example/A"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://q.example/caf%c3%a9%2f", "https://q.example/café%2F"),
        ("https://q.example/l?utm_id=1&n=17&utm_term=a", "http://www.q.example:80/l?n=17#top"),
        ("https://q.example/?q=%7equay%26", "https://q.example?q=~quay%26"),
    ],
)
def test_spellings_of_one_url(one: str, other: str) -> None:
    assert url_key(one) == url_key(other) is not None


def test_an_escaped_delimiter_is_not_the_delimiter() -> None:
    assert url_key("https://q.example/a%2Fb") != url_key("https://q.example/a/b")
    assert url_key("https://q.example/?a=b%26c") != url_key("https://q.example/?a=b&c")


@pytest.mark.parametrize(
    "url",
    [
        "https://q.example/a",
        "https://q.example/A?b",
        "https://q.example",
        "https://q.example/A?utm=1",
        "https://w.q.example/A",
    ],
)
def test_urls_that_are_others(url: str) -> None:
    assert url_key(url) not in (None, "//q.example/A")


@pytest.mark.parametrize(
    "url",
    [None, "", "#", "#top", "a.md", "javascript:alert(1)", "data:text/html,x", "mailto:a@b.example",
     "https://", "http://[", "http://a.example:x/"],
)  # fmt: skip
def test_what_leads_nowhere_on_the_web(url: str | None) -> None:
    assert url_key(url) is None


def test_titles() -> None:
    assert title_key("The “Quay” – letters, 2") == title_key("the quay LETTERS 2")
    assert title_key("Quay 1") != title_key("Quay 2")
    assert title_key(None) == title_key("…") == ""
