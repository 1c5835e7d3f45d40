"""What a merchant configures, and what follows from it: mode, host, account, page policy."""

from __future__ import annotations

import re
from typing import Annotated, Self

from pydantic import BeforeValidator, Field, SecretStr, StringConstraints, field_validator, model_validator
from pydantic_settings import NoDecode

from checkout_server.providers.base import Mode, Policy, ProviderSettings
from checkout_server.providers.config import BareUrl, Origins, fingerprint, origin_of, split, unique

# The key's prefix selects the host (`providers/crossmint.md`, "Keys").
HOSTS = {
    "development": "http://localhost:3000",
    "staging": "https://staging.crossmint.com",
    "production": "https://www.crossmint.com",
}
_SERVER_KEY = re.compile(r"sk_(development|staging|production)_[A-Za-z0-9_-]+", re.ASCII)
_INTEGRITY = r"^sha(256|384|512)-[A-Za-z0-9+/]{43,88}={0,2}$"

Feature = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z-]*$")]
Features = Annotated[tuple[Feature, ...], NoDecode, BeforeValidator(split)]


class CrossmintIntentsSettings(ProviderSettings):
    """`CHECKOUT_CROSSMINT_INTENTS__SECRET_KEY` and so on. Lists are text with commas between.

    `verifier_url` is the module that verifies an intent in the shopper's browser (docs/crossmint_intents.md). What it
    loads, calls and frames beyond its own origin is unknown here: `*_origins`, `inline_style` and `permissions` say it.
    """

    base_url: BareUrl = ""  # of the key's prefix, unless given
    secret_key: SecretStr
    verifier_url: BareUrl
    verifier_integrity: Annotated[str, StringConstraints(pattern=_INTEGRITY)] | None = None
    script_origins: Origins = ()
    connect_origins: Origins = ()
    frame_origins: Origins = ()
    img_origins: Origins = ()
    style_origins: Origins = ()
    inline_style: bool = False
    permissions: Features = ()
    # A guess: limits are documented for orders only (360 reads a minute for a project, which both may share).
    reads_per_minute: int = Field(120, ge=1, le=60_000)

    @field_validator("secret_key")
    @classmethod
    def _is_server_key(cls, value: SecretStr) -> SecretStr:
        key = value.get_secret_value()
        if key.startswith("ck_"):
            raise ValueError("a client key; the server needs a server key, which starts with sk_")
        if not _SERVER_KEY.fullmatch(key):
            raise ValueError("a server key starts with sk_development_, sk_staging_ or sk_production_")
        return value

    @model_validator(mode="after")
    def _has_host(self) -> Self:
        self.base_url = self.base_url or HOSTS[self.environment]
        return self

    @property
    def environment(self) -> str:
        return self.secret_key.get_secret_value().split("_")[1]

    @property
    def mode(self) -> Mode:
        return "live" if self.environment == "production" else "test"

    @property
    def account(self) -> str:
        """The key's environment and fingerprint: the API has no public name for a project."""
        return f"{self.environment}:{fingerprint(self.secret_key.get_secret_value())}"

    @property
    def policy(self) -> Policy:
        """The verifier's own origin, and what the settings add. The API itself is never called from the browser."""
        verifier = origin_of(self.verifier_url)
        return Policy(
            script=unique(verifier, *self.script_origins),
            connect=unique(verifier, *self.connect_origins),
            frame=self.frame_origins,
            img=self.img_origins,
            style=self.style_origins,
            inline_style=self.inline_style,
            permissions=self.permissions,
        )
