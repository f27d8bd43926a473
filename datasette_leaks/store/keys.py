"""Forms in which two URLs or two titles count as the same."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from urllib.parse import urlsplit

_ESCAPE = re.compile("%([0-9A-Fa-f]{2})")
_UNRESERVED = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~")
# What newsletters and social networks add to a link; the page is the same without it.
_TRACKING = re.compile(r"(?:utm_[a-z_]+|fbclid|gclid|dclid|msclkid|mc_[ce]id|igshid)(?:=|$)", re.I)


@lru_cache(maxsize=65536)
def url_key(url: str | None) -> str | None:
    """The URL in the form that is compared, or None for what points nowhere on the web.

    http is the same as https, ``www.`` the same as nothing; scheme and host in lower case; no
    default port, fragment, trailing slash or tracking parameters (``utm_…``). Percent-encoding is
    that of RFC 3986 §6.2.2: capital hex digits, and none where none is needed. None for an empty
    URL, a mere fragment ("#"), a relative one, and every scheme but http and https.
    """
    try:
        parts = urlsplit((url or "").strip())
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return None
    host = parts.hostname.rstrip(".").removeprefix("www.")
    if port not in (None, 80, 443):
        host = f"{host}:{port}"
    kept = [each for each in parts.query.split("&") if each and not _TRACKING.match(each)]
    query = f"?{_normal('&'.join(kept))}" if kept else ""
    return f"//{host}{_normal(parts.path).rstrip('/')}{query}"


def _normal(part: str) -> str:
    """A part of a URL with the one percent-encoding that counts."""
    escaped = "".join(
        character if character.isascii() else "".join(f"%{byte:02X}" for byte in _utf8(character))
        for character in part
    )
    return _ESCAPE.sub(_unescape, escaped)


def _utf8(character: str) -> bytes:
    return character.encode("utf-8", "surrogatepass")


def _unescape(escape: re.Match[str]) -> str:
    character = chr(int(escape[1], 16))
    return character if character in _UNRESERVED else escape[0].upper()


def title_key(title: str | None) -> str:
    """The title in the form that is compared: letters and digits only, case folded."""
    folded = unicodedata.normalize("NFKC", title or "").casefold()
    return "".join(character for character in folded if character.isalnum())
