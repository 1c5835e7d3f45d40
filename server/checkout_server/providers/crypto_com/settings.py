"""What a merchant configures, and what follows from it: mode, account, SDK address, page policy."""

from __future__ import annotations

import re
from typing import Self
from urllib.parse import quote, urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator

from checkout_server.providers.base import Mode, Policy, ProviderSettings
from checkout_server.providers.config import (
    BareUrl,
    Origins,
    fingerprint,
    is_loopback,
    origin_of,
    secrets_of,
    split,
    unique,
)

_SECRET_KEY = re.compile(r"sk_(test|live)_[A-Za-z0-9_-]+", re.ASCII)
_PUBLISHABLE_KEY = re.compile(r"pk_[A-Za-z0-9_-]+", re.ASCII)


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
        secrets = split(value.get_secret_value())
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
        return f"{self.mode}:{fingerprint(self.secret_key.get_secret_value())}"

    @property
    def webhook_secrets(self) -> tuple[bytes, ...]:
        return secrets_of(self.webhook_secret)

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
        sdk, api = origin_of(self.sdk_url), origin_of(self.base_url)
        return Policy(
            script=unique(sdk, *self.script_origins),
            connect=unique(api, sdk, *self.connect_origins),
            frame=unique(sdk, api, *self.frame_origins),
            img=unique(sdk, api, *self.img_origins),
            font=(sdk,),
            style=(sdk,),
            inline_style=self.inline_style,
        )
