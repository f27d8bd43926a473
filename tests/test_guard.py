"""The guard: the table of cases, through hand-made ASGI scopes, both clients and a real server."""

from __future__ import annotations

import asyncio
import http.client
import json
import re
import subprocess
import sys
from collections.abc import Iterator, MutableMapping
from pathlib import Path
from typing import Any

import click
import pytest
from datasette.app import Datasette

from datasette_leaks.site import guard

LOCAL = ("127.0.0.1", 51000)
REMOTE = ("203.0.113.9", 51000)
BRIDGE = ("172.17.0.1", 51000)  # what a container sees of its host
HERE = ("127.0.0.1", 8001)
THERE = ("192.0.2.1", 8001)

Pair = tuple[str, str]


def scope(
    *headers: Pair,
    client: tuple[str, int] | None = LOCAL,
    server: tuple[str, int] | None = HERE,
    method: str = "GET",
    path: str = "/",
    kind: str = "http",
) -> dict[str, Any]:
    made: dict[str, Any] = {
        "type": kind,
        "path": path,
        "client": client,
        "server": server,
        "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in headers],
    }
    if kind == "http":
        made["method"] = method
    return made


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "localhost:8001",
        "LocalHost:8001",
        "localhost.:8001",
        "leaks.localhost:8001",
        "127.0.0.1",
        "127.0.0.1:8001",
        "127.8.9.10:8001",
        "[::1]",
        "[::1]:8001",
        "[::ffff:127.0.0.1]:8001",
        "0.0.0.0:8001",
        "allowed.example",
        "Allowed.Example:443",
    ],
)
def test_from_this_machine_these_hosts_are_answered(host: str) -> None:
    assert guard.judge(scope(("Host", host)), ["allowed.example"]) is None


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8001",
        "localhost.evil.example",
        "localhost:8001.evil.example",
        "notlocalhost",
        "127.0.0.1.evil.example",
        "127.0.0.1@evil.example",
        "evil.example@127.0.0.1",
        "evil.example, localhost",
        "localhost evil.example",
        "localhost:port",
        "localhost:99999",
        "[::1",
        "[evil.example]",
        "192.168.1.4:8001",
        "169.254.169.254",
        "2130706433",
        "sub.allowed.example",
        "allowed.example.evil.example",
        "xn--lcalhost-z2a",
        "",
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_from_this_machine_other_hosts_are_refused(host: str, method: str) -> None:
    assert guard.judge(scope(("Host", host), method=method), ["allowed.example"]) is not None


@pytest.mark.parametrize(
    "ends",
    [
        (LOCAL, THERE),
        (("::1", 5), ("::1", 8001)),
        (("::ffff:127.0.0.1", 5), THERE),
        (("127.55.0.1", 5), None),
        # uvicorn puts what X-Forwarded-For says in place of a loopback client:
        (("8.8.8.8", 0), HERE),
        (("unknown", 0), ("::1", 8001)),
        (None, HERE),
    ],
)
def test_either_end_of_the_connection_tells_that_it_is_local(ends: tuple[Any, Any]) -> None:
    client, server = ends
    request = scope(("Host", "evil.example"), client=client, server=server)
    assert guard.judge(request, []) is not None


def test_this_machine_by_its_address_in_the_network() -> None:
    address = "192.0.2.7"
    for host, answered in [("evil.example", False), (f"{address}:8001", True), ("localhost", True)]:
        request = scope(("Host", host), client=(address, 50000), server=(address, 8001))
        assert (guard.judge(request, []) is None) is answered, host


@pytest.mark.parametrize("client", [REMOTE, BRIDGE, ("2001:db8::1", 5), None])
@pytest.mark.parametrize("hosts", [["leaks.example"], ["192.0.2.1:8001"], [], ["a", "b"]])
def test_from_elsewhere_any_host_is_answered(
    client: tuple[str, int] | None, hosts: list[str]
) -> None:
    headers = [("Host", host) for host in hosts]
    assert guard.judge(scope(*headers, client=client, server=THERE), []) is None


def test_a_unix_socket_has_no_addresses_and_is_answered() -> None:
    assert guard.judge(scope(("Host", "leaks.example"), client=None, server=None), []) is None


@pytest.mark.parametrize("hosts", [[], ["localhost", "localhost"], ["localhost", "evil.example"]])
def test_from_this_machine_one_host_header_is_expected(hosts: list[str]) -> None:
    refusal = guard.judge(scope(*[("Host", host) for host in hosts]), [])
    assert refusal is not None
    assert refusal.reason.startswith(f"The request carries {len(hosts)} Host headers")


HOST = ("Host", "localhost:8001")
WRITES = [
    # allowed
    ([HOST], True),
    ([HOST, ("Sec-Fetch-Site", "same-origin")], True),
    ([HOST, ("Sec-Fetch-Site", "none")], True),
    ([HOST, ("Sec-Fetch-Site", "same-origin"), ("Origin", "http://other.example")], True),
    ([HOST, ("Origin", "http://localhost:8001")], True),
    ([HOST, ("Origin", "HTTP://LOCALHOST:8001")], True),
    ([("Host", "localhost"), ("Origin", "http://localhost")], True),
    ([("Host", "localhost:80"), ("Origin", "http://localhost")], True),
    ([("Host", "localhost"), ("Origin", "http://localhost:80")], True),
    ([("Host", "localhost"), ("Origin", "https://localhost:443")], True),
    ([("Host", "[::1]:8001"), ("Origin", "http://[::1]:8001")], True),
    ([HOST, ("Origin", "https://allowed.example")], True),
    # refused
    ([HOST, ("Sec-Fetch-Site", "cross-site")], False),
    ([HOST, ("Sec-Fetch-Site", "same-site")], False),
    ([HOST, ("Sec-Fetch-Site", "")], False),
    ([HOST, ("Sec-Fetch-Site", "anything")], False),
    ([HOST, ("Sec-Fetch-Site", "same-origin"), ("Sec-Fetch-Site", "cross-site")], False),
    ([HOST, ("Sec-Fetch-Site", "cross-site"), ("Origin", "http://localhost:8001")], False),
    ([HOST, ("Sec-Fetch-Site", "cross-site"), ("Authorization", "Bearer x")], False),
    ([HOST, ("Origin", "null")], False),
    ([HOST, ("Origin", "")], False),
    ([HOST, ("Origin", "http://evil.example")], False),
    ([HOST, ("Origin", "http://localhost:9000")], False),
    ([HOST, ("Origin", "http://localhost")], False),
    ([HOST, ("Origin", "http://127.0.0.1:8001")], False),
    ([HOST, ("Origin", "file://")], False),
    ([HOST, ("Origin", "chrome-extension://localhost:8001")], False),
    ([HOST, ("Origin", "http://localhost:8001@evil.example")], False),
    ([HOST, ("Origin", "http://localhost:8001"), ("Origin", "http://evil.example")], False),
    (
        [HOST, ("Origin", "http://evil.example"), ("X-Forwarded-Host", "evil.example")],
        False,
    ),
]


@pytest.mark.parametrize(("headers", "answered"), WRITES)
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("client", [LOCAL, REMOTE])
def test_writes(headers: list[Pair], answered: bool, method: str, client: tuple[str, int]) -> None:
    server = HERE if client is LOCAL else THERE
    request = scope(*headers, method=method, client=client, server=server)
    assert (guard.judge(request, ["allowed.example"]) is None) == answered


@pytest.mark.parametrize(("headers", "answered"), WRITES)
def test_web_sockets_are_judged_like_writes(headers: list[Pair], answered: bool) -> None:
    refusal = guard.judge(scope(*headers, kind="websocket"), ["allowed.example"])
    assert (refusal is None) == answered


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_links_from_other_sites_are_followed(method: str) -> None:
    cross = [HOST, ("Sec-Fetch-Site", "cross-site"), ("Origin", "http://other.example")]
    assert guard.judge(scope(*cross, method=method), []) is None


def through_wrapper(request: dict[str, Any]) -> tuple[list[MutableMapping[str, Any]], bool]:
    """The messages sent for a request, and whether it reached the application behind the guard."""
    sent: list[MutableMapping[str, Any]] = []
    reached = False

    async def app(scope: Any, receive: Any, send: Any) -> None:
        nonlocal reached
        reached = True

    async def receive() -> MutableMapping[str, Any]:
        raise AssertionError("the guard reads no body")

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    datasette = Datasette(
        metadata={"plugins": {"datasette-leaks": {"allowed_hosts": ["a.example"]}}}
    )
    asyncio.run(guard.wrap(datasette)(app)(request, receive, send))
    return sent, reached


def test_what_is_allowed_reaches_the_application() -> None:
    assert through_wrapper(scope(("Host", "a.example"))) == ([], True)
    assert through_wrapper({"type": "lifespan"}) == ([], True)


def test_the_page_names_the_setting_and_escapes_the_host() -> None:
    sent, reached = through_wrapper(scope(("Host", "<script>alert(1)</script>.example")))
    start, body = sent
    page = body["body"].decode()
    assert not reached
    assert start["status"] == 403
    headers = dict(start["headers"])
    assert headers[b"content-type"] == b"text/html; charset=utf-8"
    assert int(headers[b"content-length"]) == len(body["body"])
    assert "allowed_hosts" in page
    assert "<script" not in page


def test_the_page_gives_the_line_to_write() -> None:
    page = through_wrapper(scope(("Host", "leaks.example.org:8001")))[0][1]["body"].decode()
    line = page.split("<pre>")[1].split("</pre>")[0].replace("&quot;", '"')
    assert json.loads(line) == {
        "plugins": {"datasette-leaks": {"allowed_hosts": ["leaks.example.org"]}}
    }


def test_json_paths_are_refused_in_json() -> None:
    sent, _ = through_wrapper(scope(("Host", "evil.example"), path="/leaks/claims.json"))
    answer = json.loads(sent[1]["body"])
    assert (answer["ok"], answer["status"]) == (False, 403)
    assert "allowed_hosts" in answer["error"]


def test_a_refused_head_request_has_no_body() -> None:
    sent, _ = through_wrapper(scope(("Host", "evil.example"), method="HEAD"))
    assert sent[1]["body"] == b""


def test_a_refused_write_does_not_speak_of_hosts() -> None:
    sent, _ = through_wrapper(scope(HOST, ("Origin", "null"), method="POST"))
    assert b"allowed_hosts" not in sent[1]["body"]


def test_a_refused_web_socket_is_closed() -> None:
    sent, reached = through_wrapper(scope(("Host", "evil.example"), kind="websocket"))
    assert sent == [{"type": "websocket.close", "code": 1008}]
    assert not reached


@pytest.mark.parametrize("setting", ["leaks.example", {"a": 1}, [1], [""], ["http://a/"], 5])
def test_a_wrong_setting_is_reported(setting: object) -> None:
    config = {"plugins": {"datasette-leaks": {"allowed_hosts": setting}}}
    with pytest.raises(click.ClickException, match="expected a list of host names"):
        Datasette(metadata=config).app()  # 0.65 builds its application at once


@pytest.mark.asyncio
async def test_the_whole_instance_is_guarded() -> None:
    datasette = Datasette(memory=True)
    assert (await datasette.client.get("/")).status_code == 200
    for path in ("/", "/_memory", "/-/versions.json"):
        response = await datasette.client.get(path, headers={"Host": "evil.example"})
        assert response.status_code == 403
    response = await datasette.client.post("/", headers={"Origin": "http://evil.example"})
    assert response.status_code == 403
    assert "another origin" in response.text


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    """Port of a real server, started as a user would, on a free port of 127.0.0.1."""
    command = [sys.executable, "-m", "datasette", "serve", "--memory", "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=tmp_path) as process:
        assert process.stderr is not None
        try:
            log = ""
            for line in process.stderr:
                log += line
                if found := re.search(r"running on http://127\.0\.0\.1:(\d+)", line):
                    yield int(found[1])
                    break
            else:
                pytest.fail(f"the server did not start: {log}")
        finally:
            process.terminate()


def test_through_a_real_server(port: int) -> None:
    def status(method: str = "GET", **headers: str) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, "/-/versions.json", headers=named)
        answer = connection.getresponse()
        answer.read()
        connection.close()
        return answer.status

    assert status() == 200
    assert status(Host=f"localhost:{port}") == 200
    assert status(Host=f"evil.example:{port}") == 403
    assert status(Host="evil.example", X_Forwarded_For="8.8.8.8") == 403
    assert status(Host="evil.example", X_Forwarded_Host="localhost") == 403
    assert status("POST", Sec_Fetch_Site="cross-site") == 403
    assert status("POST", Origin="http://evil.example") == 403
