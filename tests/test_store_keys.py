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
    ],
)
def test_urls_that_are_one(url: str) -> None:
    assert url_key(url) == "//q.example/A"


@pytest.mark.parametrize(
    "url", ["https://q.example/a", "https://q.example/A?b", "https://q.example"]
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
