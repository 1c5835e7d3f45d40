"""Kinds of settings that every provider has: addresses, origins, lists of secrets. Bad ones are refused at start."""

from __future__ import annotations

import hashlib
import re
from ipaddress import ip_address
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, SecretStr
from pydantic_settings import NoDecode

# What may stand in a Content-Security-Policy: one origin, the host perhaps with a leading wildcard.
_ORIGIN = re.compile(r"(https?|wss?)://(\*\.)?[A-Za-z0-9.-]+(:[0-9]{1,5})?", re.ASCII)


def is_loopback(host: str | None) -> bool:
    """Whether a host is this very machine: the only place where plain HTTP is accepted."""
    if host is None:
        return False
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def is_safe_url(url: str, *, loopback: bool) -> bool:
    """HTTPS without credentials, or, where `loopback` allows it, HTTP to this machine (a sandbox)."""
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return False
    if not host or "@" in parts.netloc or not url.isprintable() or " " in url:
        return False
    return parts.scheme == "https" or (loopback and parts.scheme == "http" and is_loopback(host))


def origin_of(url: str) -> str:
    """`https://js.example.com` of `https://js.example.com/sdk?v=1`."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def unique(*values: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))


def fingerprint(secret: str) -> str:
    """16 hex digits that name a secret without telling it: for `Provider.account` where no public name exists."""
    return hashlib.sha256(secret.encode()).hexdigest()[:16]


def split(value: Any) -> Any:
    """Text with commas between, as a list; anything else as it is."""
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


def secrets_of(value: SecretStr) -> tuple[bytes, ...]:
    """The secrets in one setting, with commas between: the old and the new one while they are rotated."""
    return tuple(secret.encode() for secret in split(value.get_secret_value()))


def _bare_url(url: str) -> str:
    parts = urlsplit(url)
    if not is_safe_url(url, loopback=True) or parts.query or parts.fragment:
        raise ValueError("an https URL without query (http only for a sandbox on this machine)")
    return url.rstrip("/")


def _origin(value: str) -> str:
    if not _ORIGIN.fullmatch(value):
        raise ValueError("an origin such as https://cdn.example.com")
    return value


BareUrl = Annotated[str, AfterValidator(_bare_url)]
Origins = Annotated[tuple[Annotated[str, AfterValidator(_origin)], ...], NoDecode, BeforeValidator(split)]
