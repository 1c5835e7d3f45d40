"""What a merchant configures, and what follows from it: mode, account, SDK address, page policy."""

from __future__ import annotations

import hashlib
import re
from ipaddress import ip_address
from typing import Annotated, Any, Self
from urllib.parse import quote, urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, field_validator, model_validator
from pydantic_settings import NoDecode

from checkout_server.providers.base import Mode, Policy, ProviderSettings

_SECRET_KEY = re.compile(r"sk_(test|live)_[A-Za-z0-9_-]+", re.ASCII)
_PUBLISHABLE_KEY = re.compile(r"pk_[A-Za-z0-9_-]+", re.ASCII)
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


def _bare_url(url: str) -> str:
    parts = urlsplit(url)
    if not is_safe_url(url, loopback=True) or parts.query or parts.fragment:
        raise ValueError("an https URL without query (http only for a sandbox on this machine)")
    return url.rstrip("/")


def _split(value: Any) -> Any:
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


def _origin(value: str) -> str:
    if not _ORIGIN.fullmatch(value):
        raise ValueError("an origin such as https://cdn.example.com")
    return value


BareUrl = Annotated[str, AfterValidator(_bare_url)]
Origins = Annotated[tuple[Annotated[str, AfterValidator(_origin)], ...], NoDecode, BeforeValidator(_split)]


class CryptoComSettings(ProviderSettings):
    """`CHECKOUT_CRYPTO_COM__SECRET_KEY` and so on. Lists are text with commas between.

    `webhook_secret` holds every signature secret that is valid now: the old and the new one while rotating,
    those of the test and the live endpoint. Without `publishable_key` only the redirect is offered.

    The component was not seen on a real page: `*_origins` add to what the page's policy allows it and
    `inline_style` lets it write style elements.
    """

    base_url: BareUrl = "https://pay.crypto.com/api"
    sdk_url: BareUrl = "https://js.crypto.com/sdk"
    secret_key: SecretStr
    publishable_key: str | None = None
    webhook_secret: SecretStr
    script_origins: Origins = ()
    connect_origins: Origins = ()
    frame_origins: Origins = ()
    img_origins: Origins = ()
    inline_style: bool = False
    # The provider documents no limit; this is a guess that its 429 would correct.
    reads_per_minute: int = Field(300, ge=1, le=60_000)

    @field_validator("secret_key")
    @classmethod
    def _is_secret_key(cls, value: SecretStr) -> SecretStr:
        if not _SECRET_KEY.fullmatch(value.get_secret_value()):
            raise ValueError("a secret key starts with sk_test_ or sk_live_")
        return value

    @field_validator("publishable_key")
    @classmethod
    def _is_publishable_key(cls, value: str | None) -> str | None:
        # It goes into HTML: whatever is not clearly public is refused.
        if value is not None and not _PUBLISHABLE_KEY.fullmatch(value):
            raise ValueError("a publishable key starts with pk_")
        return value

    @field_validator("webhook_secret")
    @classmethod
    def _has_webhook_secrets(cls, value: SecretStr) -> SecretStr:
        secrets = _split(value.get_secret_value())
        if not secrets:
            raise ValueError("at least one signature secret is needed")
        if any(secret.startswith(("sk_", "pk_")) for secret in secrets):
            raise ValueError("a signature secret of the webhook, not an API key")
        return value

    @model_validator(mode="after")
    def _is_one_mode(self) -> Self:
        other = "live" if self.mode == "test" else "test"
        if (self.publishable_key or "").startswith(f"pk_{other}_"):
            raise ValueError("secret_key and publishable_key belong to different modes")
        return self

    @property
    def mode(self) -> Mode:
        return "live" if self.secret_key.get_secret_value().startswith("sk_live_") else "test"

    @property
    def account(self) -> str:
        """The publishable key, or a fingerprint of the secret one: both are stable and neither opens anything."""
        if self.publishable_key:
            return self.publishable_key
        digest = hashlib.sha256(self.secret_key.get_secret_value().encode()).hexdigest()
        return f"{self.mode}:{digest[:16]}"

    @property
    def webhook_secrets(self) -> tuple[bytes, ...]:
        return tuple(s.encode() for s in _split(self.webhook_secret.get_secret_value()))

    @property
    def is_sandbox(self) -> bool:
        """Whether the API stands on this machine, so that its links may be plain HTTP."""
        return is_loopback(urlsplit(self.base_url).hostname)

    @property
    def sdk_src(self) -> str | None:
        """What the script tag loads; None when there is no publishable key to load it with."""
        if not self.publishable_key:
            return None
        return f"{self.sdk_url}?publishable-key={quote(self.publishable_key, safe='')}"

    @property
    def policy(self) -> Policy:
        """The hosts that the document names, and what the settings add. Nothing where no component is shown."""
        if not self.publishable_key:
            return Policy()
        sdk, api = _origin_of(self.sdk_url), _origin_of(self.base_url)
        return Policy(
            script=_unique(sdk, *self.script_origins),
            connect=_unique(api, sdk, *self.connect_origins),
            frame=_unique(sdk, api, *self.frame_origins),
            img=_unique(sdk, api, *self.img_origins),
            font=(sdk,),
            style=(sdk,),
            inline_style=self.inline_style,
        )


def _origin_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _unique(*origins: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(origins))
