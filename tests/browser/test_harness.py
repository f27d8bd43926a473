"""The harness notices what it is there to notice."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from abuse.xss_vectors import VECTORS
from playwright.sync_api import Page

from tools.chromium import NoChromium, find


@pytest.fixture(scope="session")
def base_url(server: Callable[..., str]) -> str:
    return server(arguments=("--memory",))


def taken(troubles: list[str], start: str) -> list[str]:
    """Take the troubles that begin with ``start`` out of the list."""
    found = [trouble for trouble in troubles if trouble.startswith(start)]
    troubles[:] = [trouble for trouble in troubles if trouble not in found]
    return found


def show(page: Page, html: str) -> None:
    """Replace a page of the server's by ``html``, whose relative addresses are the server's."""
    page.goto("/")
    page.set_content(html, wait_until="commit")


@pytest.mark.parametrize(
    "html",
    [
        '<img src="https://tracker.example/x.png">',
        '<link rel="stylesheet" href="//tracker.example/x.css">',
        "<style>body { background: url(https://tracker.example/x.png) }</style>",
        "<script>fetch('https://tracker.example/').catch(() => 0)</script>",
    ],
)
def test_a_request_to_elsewhere_is_noticed(page: Page, troubles: list[str], html: str) -> None:
    with page.expect_console_message():
        show(page, html)
    assert "//tracker.example/" in taken(troubles, "request to")[0]
    assert "ERR_NAME_NOT_RESOLVED" in taken(troubles, "console")[0]


@pytest.mark.parametrize(
    "html",
    [
        '<iframe src="https://tracker.example/"></iframe>',
        '<meta http-equiv="refresh" content="0;url=https://tracker.example/">',
    ],
)
def test_leaving_for_elsewhere_is_noticed(page: Page, troubles: list[str], html: str) -> None:
    with page.expect_event("requestfailed"):
        show(page, html)
    assert taken(troubles, "request to") == ["request to https://tracker.example/"]


def test_an_error_on_the_console_is_noticed(page: Page, troubles: list[str]) -> None:
    with page.expect_console_message():
        page.evaluate("console.error('broken')")
    assert taken(troubles, "console") == ["console: broken"]


def test_an_error_in_a_script_is_noticed(page: Page, troubles: list[str]) -> None:
    with page.expect_event("pageerror"):
        page.evaluate("void setTimeout(() => { throw new Error('broken') })")
    assert taken(troubles, "page error") == ["page error: broken"]


def test_a_dialog_is_noticed_and_closed(page: Page, troubles: list[str]) -> None:
    page.evaluate("alert(1)")
    assert taken(troubles, "dialog") == ["dialog: 1"]


def test_no_script_runs_on_a_page_without_javascript(no_js_page: Page) -> None:
    no_js_page.set_content("<p>still</p><script>alert(1)</script>")
    assert no_js_page.inner_text("p") == "still"


def test_axe_finds_what_is_wrong_in_the_named_part_only(
    page: Page, axe: Callable[..., list[str]]
) -> None:
    page.set_content(
        '<html lang="en"><title>x</title><img src="data:,"><main data-leaks="x"><input></main>'
    )
    assert [found.split()[0] for found in axe(page)] == ["label"]
    assert [found.split()[0] for found in axe(page, "html")] == ["image-alt", "label"]


def test_chromium_that_is_named_must_be_a_program(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHROMIUM", "/nowhere/chromium")
    with pytest.raises(NoChromium, match="CHROMIUM names /nowhere/chromium, which is no program"):
        find()


def test_without_chromium_the_message_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(NoChromium, match="apt-get install chromium"):
        find()


LIVE = ["script", "img-onerror-no-space", "svg-onload", "mutation-noscript", "iframe-srcdoc"]


@pytest.mark.parametrize("name", LIVE)
def test_a_vector_that_runs_is_noticed(page: Page, troubles: list[str], name: str) -> None:
    with page.expect_event("dialog"):
        show(page, dict(VECTORS)[name])
    assert set(taken(troubles, "dialog")) == {"dialog: 1"}
    taken(troubles, "console")  # of a picture that is not there
