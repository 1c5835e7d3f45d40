"""What a merchant configures, and what follows from it."""

from __future__ import annotations

from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator

from checkout_server.providers.base import Mode, Policy, ProviderSettings
from checkout_server.providers.config import BareUrl, is_loopback, origin_of, secrets_of


class BeansSettings(ProviderSettings):
    """`CHECKOUT_BEANS__ACCOUNT_ID` and so on. `webhook_secret` may be several, with commas, while it is rotated."""

    base_url: BareUrl = "https://api.beancounter.example"
    script_url: BareUrl = "https://js.beancounter.example/counter.js"
    account_id: str = Field(pattern=r"^acct_[a-z0-9]{1,40}$")
    secret_key: SecretStr
    webhook_secret: SecretStr

    @field_validator("secret_key")
    @classmethod
    def _says_its_mode(cls, value: SecretStr) -> SecretStr:
        if not value.get_secret_value().startswith(("bk_test_", "bk_live_")):
            raise ValueError("a key starts with bk_test_ or bk_live_")
        return value

    @field_validator("webhook_secret")
    @classmethod
    def _is_there(cls, value: SecretStr) -> SecretStr:
        # An empty list of secrets would accept nothing; an empty secret would accept everybody.
        if not secrets_of(value):
            raise ValueError("at least one webhook secret is needed")
        return value

    @property
    def mode(self) -> Mode:
        return "test" if self.secret_key.get_secret_value().startswith("bk_test_") else "live"

    @property
    def is_sandbox(self) -> bool:
        """Whether the API stands on this machine, so that its links may be plain HTTP."""
        return is_loopback(urlsplit(self.base_url).hostname)

    @property
    def webhook_secrets(self) -> tuple[bytes, ...]:
        return secrets_of(self.webhook_secret)

    @property
    def policy(self) -> Policy:
        """The component is one script, which talks to where it came from. Nothing else is let through."""
        component = origin_of(self.script_url)
        return Policy(script=(component,), connect=(component,))
