"""What a merchant configures: where the API is, how we sign in, and which networks are taken."""

from __future__ import annotations

import re
from typing import Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator

from checkout_server.providers.base import Mode, ProviderSettings
from checkout_server.providers.config import BareUrl, fingerprint, is_loopback, secrets_of
from checkout_server.providers.cryptopay.networks import KNOWN, Network

_SLUG = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}", re.ASCII)


class CryptoPaySettings(ProviderSettings):
    """`CHECKOUT_CRYPTOPAY__BASE_URL` and so on. There is no default address: the public documentation leaves it blank.

    Signed in is with `api_key`, or with `username` and `password`. `webhook_secret` holds every secret that is valid
    now, with commas between. `networks` is JSON, `{"base": {"chain_id": 8453, "tokens": {"USDC": {"contract": "0x…",
    "decimals": 6}}}}`, and replaces the known ones; `blockchain` is the one for sessions that name none.
    """

    base_url: BareUrl
    api_key: SecretStr | None = None
    username: str | None = None
    password: SecretStr | None = None
    webhook_secret: SecretStr
    webhook_url: BareUrl | None = None
    mode: Mode = "live"
    networks: dict[str, Network] = Field(default_factory=lambda: dict(KNOWN))
    blockchain: str | None = None
    min_confirmations: int | None = Field(None, ge=1, le=10_000)
    # 1000 requests an hour are allowed (providers/cryptopay.md); the rest is for creating orders and looking for them.
    reads_per_minute: int = Field(12, ge=1, le=60_000)

    @field_validator("api_key", "password", "webhook_secret")
    @classmethod
    def _is_something(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not value.get_secret_value().strip(" ,"):
            raise ValueError("empty")
        return value

    @field_validator("api_key")
    @classmethod
    def _fits_a_header(cls, value: SecretStr | None) -> SecretStr | None:
        key = value.get_secret_value() if value else ""
        if not (key.isascii() and key.isprintable()) or " " in key:
            raise ValueError("a key has no spaces and only ASCII")
        return value

    @field_validator("networks")
    @classmethod
    def _are_slugs(cls, value: dict[str, Network]) -> dict[str, Network]:
        if not value or not all(_SLUG.fullmatch(slug) for slug in value):
            raise ValueError("at least one network, by the provider's slug such as base")
        return value

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        pair = self.username is not None, self.password is not None
        if (self.api_key is not None) == any(pair) or any(pair) != all(pair):
            raise ValueError("either api_key, or username and password")
        if self.blockchain is not None and self.blockchain not in self.networks:
            raise ValueError("blockchain is not among networks")
        return self

    @property
    def account(self) -> str:
        """The user name, or a fingerprint of the key; neither opens anything."""
        who = self.username or (self.api_key.get_secret_value() if self.api_key else "")
        return f"{self.mode}:{fingerprint(who)}"

    @property
    def webhook_secrets(self) -> tuple[bytes, ...]:
        return secrets_of(self.webhook_secret)

    @property
    def is_sandbox(self) -> bool:
        """Whether the API stands on this machine, so that its links may be plain HTTP."""
        return is_loopback(urlsplit(self.base_url).hostname)

    def title_of(self, blockchain: str) -> str:
        return self.networks[blockchain].title or blockchain.replace("-", " ").replace("_", " ").title()
