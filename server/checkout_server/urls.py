"""Which URLs a session may carry, and the origins that may frame it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from checkout_server.errors import InvalidField

MAX_URL = 2000
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*", re.ASCII)
# Printable ASCII without what browsers and proxies read in two ways.
_SAFE = re.compile(r"[!#-\[\]^_a-z{|}~]+", re.ASCII | re.IGNORECASE)
# Hosts go into the page's policy, where a semicolon would begin another rule and a star name everybody.
_LABEL = r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
_NETLOC = re.compile(rf"(?:{_LABEL}(?:\.{_LABEL})*|\[[0-9a-f:]+\])(?::[0-9]{{1,5}})?", re.ASCII)
# Never a way back to a shop, whatever a merchant lists: they run code or read files.
_NEVER = frozenset({"javascript", "data", "blob", "file", "vbscript", "about", "filesystem", "view-source"})


def check_return_url(url: str, app_schemes: Sequence[str], param: str) -> str:
    """An http(s) URL, or one of the merchant's app schemes. Raises `InvalidField`."""
    if len(url) > MAX_URL or not _SAFE.fullmatch(url):
        raise InvalidField(
            "url_invalid", f"A URL is at most {MAX_URL} characters, percent-encoded.", param=param
        )
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        raise InvalidField("url_invalid", "This is not a URL.", param=param) from None
    if parts.scheme in ("http", "https"):
        if not _NETLOC.fullmatch(parts.netloc.lower()):
            raise InvalidField("url_invalid", "A URL has a host name and no user name.", param=param)
        return url
    if parts.scheme in _NEVER or parts.scheme not in app_schemes or not _SCHEME.fullmatch(parts.scheme):
        raise InvalidField(
            "url_scheme",
            "Only http, https and the app schemes of the settings may be returned to.",
            param=param,
        )
    return url


def check_origin(origin: str, param: str) -> str:
    """An exact origin such as `https://shop.example`: scheme, host, optional port, nothing else."""
    try:
        parts = urlsplit(origin)
        _ = parts.port
    except ValueError:
        parts = urlsplit("")
    exact = origin == f"{parts.scheme}://{parts.netloc}" and _NETLOC.fullmatch(parts.netloc)
    if parts.scheme not in ("http", "https") or not exact:
        raise InvalidField("origin_invalid", "An origin is exactly like https://shop.example.", param=param)
    return origin
