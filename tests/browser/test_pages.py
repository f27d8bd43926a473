"""Every kind of page of ours, as a browser, a screen reader, a phone and a printer meet it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from proposal_world import make_draft_database

from browser.databases import build, reviewed, stratfor_without_text
from browser.web import Answer, broken_fragments, crawl, elements, get, is_ours, marked
from datasette_leaks.site.vocabulary import DISCLAIMER, PROPOSALS

Check = Callable[..., list[str]]

KINDS = [
    "/harbour/-/leaks",
    "/harbour/-/leaks/claims/three-inspectors-paid",  # disputed
    "/harbour/-/leaks/claims/night-lifts",  # with proposed rows
    "/harbour/-/leaks/claims/six-cranes",  # with a rejected row
    "/harbour/-/leaks/claims/plover-confirmed",  # with flags
    "/harbour/-/leaks/claims/pikestaff-fourth",  # retracted
    "/harbour/-/leaks/claims/more-suits",  # not assessed
    "/harbour/-/leaks/sources/hb2",  # protected, graded
    "/harbour/-/leaks/sources/an-official",  # unnamed
    "/harbour/-/leaks/sources/witness-a",  # the same as another
    "/harbour/-/leaks/sources/fathom-archive",  # that passes on
    "/harbour/-/leaks/articles/harbour-article",
    "/harbour/-/leaks/articles/harbour-filing",
    "/harbour/-/leaks/articles/berth-4-report",  # only cited
    "/stratfor-2012/-/leaks",
    "/stratfor-2012/-/leaks/articles/stratfor-us-troops-mexico",  # without its text
    "/reviewed/-/leaks/claims/six-cranes",  # an editor's status is in force
    "/reviewed/-/leaks/claims/hush-order",  # an editor's status has gone stale
    "/empty/-/leaks",
    "/silt/-/leaks",  # most of it proposed
    "/silt/-/leaks/articles/silt-article",
    "/silt/-/leaks/claims/gravel",
    *(f"/silt/-/leaks/queue?kind={kind}" for kind in PROPOSALS),
    "/silt/-/leaks/queue?rule=according-to&sort=highest",
]
MISSING = ["claims/nobody", "sources/nobody", "articles/nobody", "documents/999", "nothing"]


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory, example_db: Path) -> list[Path]:
    folder = tmp_path_factory.mktemp("pages")
    return [
        example_db,
        stratfor_without_text(folder),
        reviewed(folder, example_db),
        build(folder / "empty.db"),
        make_draft_database(folder / "silt.db"),
    ]


@pytest.fixture(scope="session")
def base_url(server: Callable[..., str], databases: list[Path]) -> str:
    return server(*databases)


@pytest.fixture(scope="session")
def found(base_url: str) -> Mapping[str, Answer]:
    """What can be reached from the overviews, by address."""
    answers: dict[str, Answer] = {}
    for name in ("harbour", "stratfor-2012", "empty", "silt"):
        answers |= crawl(base_url, f"/{name}/-/leaks")
    return answers


@pytest.fixture(scope="session")
def ours(found: Mapping[str, Answer]) -> list[Answer]:
    """The plugin's own pages among them."""
    pages = [answer for answer in found.values() if is_ours(answer)]
    assert len(pages) > 200
    return pages


@pytest.mark.parametrize("path", KINDS)
def test_a_page_has_no_barriers(phone_page: Page, axe: Check, path: str) -> None:
    phone_page.goto(path)
    assert axe(phone_page) == []
    assert phone_page.evaluate("[innerWidth, document.documentElement.scrollWidth]") == [390, 390]
    phone_page.set_viewport_size({"width": 1280, "height": 800})
    assert axe(phone_page) == []
    assert phone_page.evaluate("[innerWidth, document.documentElement.scrollWidth]") == [1280, 1280]


@pytest.mark.parametrize("kind", ["overview", "claim", "source", "article"])
def test_a_page_prints(page: Page, ours: list[Answer], kind: str) -> None:
    page.goto(next(answer.url for answer in ours if f'data-leaks="{kind}"' in answer.text))
    assert page.pdf().startswith(b"%PDF-")
    page.emulate_media(media="print")
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator(".leaks-nav")).to_be_hidden()


def test_a_proposal_leads_to_its_words(page: Page) -> None:
    page.goto("/silt/-/leaks")
    page.get_by_role("link", name="Proposals", exact=True).click()
    page.get_by_role("link", name="fable").click()
    item = page.locator(".leaks-queue > li")
    expect(item).to_have_count(1)
    expect(item).to_contain_text("drafted by fable (echo-cue), confidence 0.55")
    words = item.locator("mark").inner_text()
    item.get_by_role("link", name="Read it in place").click()
    expect(page).to_have_url(re.compile(r"/articles/silt-article#said-gravel--times$"))
    ((mark,),) = marked(page, [("said-gravel--times", "gravel")])
    assert mark == words == "The Estuary Times echoed"
    expect(page.locator("mark.leaks-m-proposed", has_text=words)).to_have_css(
        "border-bottom-style", "dashed"
    )


@pytest.mark.parametrize("rest", MISSING)
def test_what_is_not_there_is_a_404(base_url: str, rest: str) -> None:
    assert get(f"{base_url}/harbour/-/leaks/{rest}").status == 404
    assert get(f"{base_url}/harbour/-/leaks/{rest}.json").status == 404


def test_every_link_leads_somewhere(found: Mapping[str, Answer]) -> None:
    assert {url: answer.status for url, answer in found.items() if answer.status != 200} == {}
    assert broken_fragments(found) == []


def test_every_link_leads_somewhere_under_a_prefix(
    server: Callable[..., str], example_db: Path
) -> None:
    address = server(example_db, arguments=("--setting", "base_url", "/prefix/"))
    found = crawl(address, "/prefix/harbour/-/leaks")
    assert len(found) > 200
    assert {url for url in found if not url.startswith(f"{address}/prefix/")} == set()
    assert {url: answer.status for url, answer in found.items() if answer.status != 200} == {}


def test_every_page_says_what_a_status_is(ours: list[Answer]) -> None:
    assert [page.url for page in ours if DISCLAIMER not in page.text] == []


def test_no_page_lets_anything_run_or_be_fetched_from_elsewhere(ours: list[Answer]) -> None:
    for page in ours:
        policy = dict(
            part.strip().split(" ", 1)
            for part in page.headers["content-security-policy"].split(";")
        )
        assert policy.pop("default-src") == "'none'", page.url
        assert set(policy.values()) == {"'self'", "'none'"}, page.url
        assert "script-src" not in policy, page.url
        assert page.headers["x-content-type-options"] == "nosniff", page.url
        assert page.headers["referrer-policy"] == "no-referrer", page.url


def test_no_page_has_scripts_or_styles_in_its_html(ours: list[Answer]) -> None:
    inline = [
        (page.url, element)
        for page in ours
        for element in elements(page.text)
        if element.tag in ("script", "style")
        or any(name == "style" or name.startswith("on") for name in element.attributes)
    ]
    assert inline == []


def test_every_page_has_one_heading_of_the_first_level(ours: list[Answer]) -> None:
    headings = {
        page.url: [element.tag for element in elements(page.text)].count("h1") for page in ours
    }
    assert {url: count for url, count in headings.items() if count != 1} == {}


def test_no_page_uses_an_id_twice(ours: list[Answer]) -> None:
    for page in ours:
        ids = Counter(
            element.attributes["id"]
            for element in elements(page.text)
            if "id" in element.attributes
        )
        assert [name for name, count in ids.items() if count > 1] == [], page.url
