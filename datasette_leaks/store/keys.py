"""Forms in which two URLs or two titles count as the same."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from urllib.parse import urlsplit


@lru_cache(maxsize=65536)
def url_key(url: str | None) -> str | None:
    """The URL in the form that is compared, or None for what points nowhere on the web.

    Scheme and host in lower case, no fragment, no trailing slash, http the same as https. None for
    an empty URL, a mere fragment ("#"), a relative one, and every scheme but http and https.
    """
    try:
        parts = urlsplit((url or "").strip())
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return None
    host = parts.hostname if port in (None, 80, 443) else f"{parts.hostname}:{port}"
    query = f"?{parts.query}" if parts.query else ""
    return f"//{host}{parts.path.rstrip('/')}{query}"


def title_key(title: str | None) -> str:
    """The title in the form that is compared: letters and digits only, case folded."""
    folded = unicodedata.normalize("NFKC", title or "").casefold()
    return "".join(character for character in folded if character.isalnum())
