"""A real server, a real Chromium, and pages that remember whatever goes wrong on them.

Playwright's synchronous API keeps an event loop running in its thread, so its fixtures live as
long as this package's tests and no longer: elsewhere tests start loops of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Dialog,
    Page,
    Request,
    WebSocket,
    sync_playwright,
)

from tools.chromium import NoChromium, launch
from tools.server import NoServer, serving

TIMEOUT = 10_000  # milliseconds
WCAG = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}

Serve = Callable[..., str]
Check = Callable[..., list[str]]


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serve]:
    """``server(*databases, arguments=())``: serve them until the end; gives the address.

    ``arguments`` are further ones of ``datasette serve``. The same call twice gives one server.
    """
    folder = tmp_path_factory.mktemp("servers")
    running: dict[tuple[tuple[Path, ...], tuple[str, ...]], str] = {}
    with ExitStack() as stack:

        def serve(*databases: Path, arguments: tuple[str, ...] = ()) -> str:
            key = (databases, arguments)
            if key not in running:
                log = folder / f"{len(running)}.log"
                try:
                    running[key] = stack.enter_context(serving(databases, log, arguments))
                except NoServer as error:
                    pytest.fail(str(error))
            return running[key]

        yield serve


@pytest.fixture(scope="session")
def base_url(server: Serve, example_db: Path) -> str:
    """The address of a server over the invented example, without any configuration."""
    return server(example_db)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests here. Without one they fail, with the reason."""
    with sync_playwright() as playwright:
        try:
            chromium = launch(playwright)
        except NoChromium as error:
            pytest.fail(str(error))
        yield chromium
        chromium.close()


@pytest.fixture
def troubles() -> Iterator[list[str]]:
    """What went wrong on this test's pages; nothing may be left at its end.

    Page errors, console errors, dialogs, and requests to anywhere but the page's own server. A
    test that expects one asserts it and takes it out.
    """
    seen: list[str] = []
    yield seen
    assert seen == []


@pytest.fixture
def page(browser: Browser, base_url: str, troubles: list[str]) -> Iterator[Page]:
    """An empty page of a new browser session; addresses are relative to ``base_url``."""
    with opened(browser, base_url, troubles) as page:
        yield page


@pytest.fixture
def no_js_page(browser: Browser, base_url: str, troubles: list[str]) -> Iterator[Page]:
    """The same with JavaScript switched off."""
    with opened(browser, base_url, troubles, java_script_enabled=False) as page:
        yield page


@pytest.fixture
def phone_page(browser: Browser, base_url: str, troubles: list[str]) -> Iterator[Page]:
    """The same on a phone: 390 pixels wide, with a touch screen."""
    phone = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
    with opened(browser, base_url, troubles, **phone) as page:
        yield page


@contextmanager
def opened(browser: Browser, address: str, troubles: list[str], **options: Any) -> Iterator[Page]:
    """A page of a new browser session at ``address`` whose troubles are written down.

    ``options`` are those of Playwright's ``new_context``. For servers that a test starts itself.
    """
    context = browser.new_context(base_url=address, **options)
    context.set_default_timeout(TIMEOUT)

    def on_request(request: Request) -> None:
        if not request.url.startswith((f"{address}/", "data:", "blob:", "about:")):
            troubles.append(f"request to {request.url}")

    def on_console(message: ConsoleMessage) -> None:
        if message.type == "error":
            troubles.append(f"console: {message.text}")

    def on_dialog(dialog: Dialog) -> None:
        troubles.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def on_socket(socket: WebSocket) -> None:
        troubles.append(f"web socket to {socket.url}")

    def on_page(page: Page) -> None:
        page.on("pageerror", lambda error: troubles.append(f"page error: {error}"))
        page.on("websocket", on_socket)

    context.on("request", on_request)
    context.on("console", on_console)
    context.on("dialog", on_dialog)
    context.on("page", on_page)
    try:
        yield context.new_page()
    finally:
        context.close()


@pytest.fixture(scope="session")
def axe() -> Check:
    """``axe(page, selector="[data-leaks]")``: the WCAG 2.1 A and AA violations in that part.

    Each is told in one line: rule, how many places, the first of them. Datasette's own pages have
    violations of their own, so the plugin's root is looked at unless another part is named.
    """
    engine = Axe()

    def check(page: Page, selector: str = "[data-leaks]") -> list[str]:
        page.locator(selector).first.wait_for(state="attached")
        found = engine.run(page, context=selector, options={"runOnly": WCAG})
        return [
            f"{violation['id']} ({len(nodes)}): {violation['help']}: {nodes[0]['html']}"
            for violation in found.response["violations"]
            for nodes in [violation["nodes"]]
        ]

    return check
