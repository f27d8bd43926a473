"""Requests that a hostile web page makes a reader's browser send, refused for the whole instance.

Two kinds. *DNS rebinding*: a page makes its own name point at 127.0.0.1 and reads the local server
as if it were its own; the Host header then still holds that name. *Cross-site writes*: a page
posts a form to the server; the browser tells by Sec-Fetch-Site or Origin.

Forwarded headers are not read: such a page may set them. uvicorn does read X-Forwarded-For from
loopback peers and puts it in place of the client, so the server's own address is looked at too.
"""

from __future__ import annotations

import html
import ipaddress
import json
from collections.abc import Awaitable, Callable, Coroutine, Iterable, MutableMapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click

if TYPE_CHECKING:
    from datasette.app import Datasette

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Coroutine[Any, Any, None]]

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
DEFAULT_PORTS = {"http": 80, "https": 443}
SHOWN_HOST = 100


@dataclass(frozen=True)
class Refusal:
    """Why a request is refused; ``host`` is set when the Host header is what is wrong."""

    reason: str
    host: str | None = None


def allowed_hosts(datasette: Datasette) -> frozenset[str]:
    """Host names of the plugin setting ``allowed_hosts``, lower-case, without ports.

    Raises click.ClickException, which ends ``datasette serve`` with its message, when the setting
    is not a list of plain host names.
    """
    setting = (datasette.plugin_config("datasette-leaks") or {}).get("allowed_hosts") or []
    names = (
        [_split_host(name)[0] if isinstance(name, str) else "" for name in setting]
        if isinstance(setting, list)
        else [""]
    )
    if "" in names:
        raise click.ClickException(
            f"datasette-leaks: allowed_hosts is {setting!r}; "
            'expected a list of host names, like ["leaks.example.org"]'
        )
    return frozenset(names)


def wrap(datasette: Datasette) -> Callable[[App], App]:
    """The wrapper for the hook ``asgi_wrapper``. Raises as ``allowed_hosts`` does."""
    hosts = allowed_hosts(datasette)

    def wrapper(app: App) -> App:
        async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
            refusal = None
            if scope["type"] in ("http", "websocket"):
                refusal = judge(scope, hosts)
            if refusal is None:
                await app(scope, receive, send)
            elif scope["type"] == "websocket":
                await send({"type": "websocket.close", "code": 1008})
            else:
                await _answer(scope, send, refusal)

        return guarded

    return wrapper


def judge(scope: Scope, hosts: Iterable[str]) -> Refusal | None:
    """Why the request of this ASGI scope is refused, or None. ``hosts``: allowed host names."""
    named = _header(scope, b"host")
    allowed = frozenset(hosts)
    if _is_local(scope):
        if len(named) != 1:
            return Refusal(f"The request carries {len(named)} Host headers; expected one.")
        name, _ = _split_host(named[0])
        if not (_is_loopback(name) or name in allowed or name == _own_address(scope)):
            return Refusal(
                "It came from this machine, but asked for a host name of another.", named[0]
            )
    # A page may open a web socket to any server, so those count as writes.
    if scope["type"] == "http" and scope["method"] in SAFE_METHODS:
        return None
    sites = _header(scope, b"sec-fetch-site")
    if sites:
        if all(site in ("same-origin", "none") for site in sites):
            return None
        return Refusal("It was sent by a page of another site.")
    for origin in _header(scope, b"origin"):
        if not _same_origin(origin, named, allowed):
            return Refusal("It was sent by a page of another origin.")
    return None


def _header(scope: Scope, name: bytes) -> list[str]:
    return [value.decode("latin-1") for key, value in scope["headers"] if key.lower() == name]


def _is_local(scope: Scope) -> bool:
    ends = (scope.get("client"), scope.get("server"))
    return _own_address(scope) != "" or any(_is_loopback(str(end[0])) for end in ends if end)


def _own_address(scope: Scope) -> str:
    """This machine's address in the network when it speaks to itself by it, else ""."""
    client, server = scope.get("client"), scope.get("server")
    return str(client[0]) if client and server and client[0] == server[0] else ""


def _is_loopback(name: str) -> bool:
    """Whether a host name, as ``_split_host`` gives it, means this machine.

    0.0.0.0 and [::] do too: `datasette -h 0.0.0.0` prints such an address, browsers take it for
    loopback, and as they are no names nobody can point them elsewhere.
    """
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None) or address
    return bool(mapped.is_loopback or mapped.is_unspecified)


def _split_host(value: str) -> tuple[str, int | None]:
    """Name (lower-case, no brackets, no final dot) and port; an empty name when malformed."""
    if set(value) & set("/\\@?# \t,"):
        return "", None
    try:
        parts = urlsplit(f"//{value}")
        return (parts.hostname or "").removesuffix("."), parts.port
    except ValueError:
        return "", None


def _same_origin(origin: str, named: list[str], allowed: frozenset[str]) -> bool:
    scheme, _, rest = origin.partition("://")
    name, port = _split_host(rest)
    if scheme.lower() not in DEFAULT_PORTS or not name or len(named) != 1:
        return False
    if name in allowed:  # a proxy may have put another Host
        return True
    host, host_port = _split_host(named[0])
    default = DEFAULT_PORTS[scheme.lower()]
    return name == host and (port or default) == (host_port or default)


async def _answer(scope: Scope, send: Send, refusal: Refusal) -> None:
    advice = ""
    if refusal.host is not None:
        shown = _split_host(refusal.host)[0][:SHOWN_HOST] or "leaks.example.org"
        setting = {"plugins": {"datasette-leaks": {"allowed_hosts": [shown]}}}
        advice = json.dumps(setting)
    if scope["path"].endswith(".json"):
        content_type = "application/json; charset=utf-8"
        error = f"Refused: {refusal.reason}"
        if advice:
            error += f" Behind a proxy on this machine, set {advice}"
        answer = {"ok": False, "error": error, "errors": [error], "status": 403}
        body = json.dumps(answer)
    else:
        content_type = "text/html; charset=utf-8"
        body = (
            '<!DOCTYPE html>\n<html lang="en">\n<meta charset="utf-8">\n'
            f"<title>Request refused</title>\n<h1>Request refused</h1>\n"
            f"<p>{html.escape(refusal.reason)}</p>\n"
        )
        if advice:
            body += (
                "<p>A web page can do this to read what only you should see. If you run a proxy on "
                "this machine and the name is yours, allow it in datasette.yaml (Datasette 1.0) or "
                f"metadata.json (0.65) and start again:</p>\n<pre>{html.escape(advice)}</pre>\n"
            )
        body += "</html>\n"
    encoded = body.encode()
    headers = {
        "content-type": content_type,
        "content-length": str(len(encoded)),
        "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
        "x-content-type-options": "nosniff",
        "cache-control": "no-store",
    }
    await send(
        {
            "type": "http.response.start",
            "status": 403,
            "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        }
    )
    await send(
        {"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else encoded}
    )
