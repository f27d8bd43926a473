"""Datasette's own pages of a leaks database that was opened without any configuration."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from datasette_fixtures import make_leaks_database
from playwright.sync_api import Page, expect


@pytest.fixture(scope="session")
def base_url(server: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> str:
    return server(make_leaks_database(tmp_path_factory.mktemp("pages") / "leaks.db"))


PATHS = ["/", "/leaks", "/leaks/claims_by_status", "/leaks/claims_by_source", "/leaks/sources"]


@pytest.mark.parametrize("path", PATHS)
def test_they_show_without_trouble(page: Page, path: str) -> None:
    response = page.goto(path)
    assert response is not None
    assert response.status == 200
    expect(page.locator("h1")).to_be_visible()


def test_a_facet_leads_to_the_claims_of_one_status(page: Page) -> None:
    page.goto("/leaks/claims_by_status")
    page.locator(".facet-results").get_by_role("link", name="disputed").click()
    expect(page).to_have_url("/leaks/claims_by_status?status=disputed")
    expect(page.locator("table.rows-and-columns tbody tr")).to_have_count(2)
