"""What a merchant configures, and what follows from it: host, mode, account, page policy."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, SecretStr, StringConstraints, field_validator, model_validator
from pydantic_settings import NoDecode

from checkout_server.providers.base import Mode, Policy, ProviderSettings
from checkout_server.providers.config import BareUrl, Origins, origin_of, split, unique
from checkout_server.providers.crossmint.line_items import LineItem, only_or_all
from checkout_server.providers.crossmint.webhook import SECRET_PREFIX, signing_keys

Environment = Literal["development", "staging", "production"]

# The prefix of a key selects the host (`providers/crossmint.md`, "Keys").
HOSTS: dict[Environment, str] = {
    "development": "http://localhost:3000",
    "staging": "https://staging.crossmint.com",
    "production": "https://www.crossmint.com",
}

_KEY = re.compile(r"(ck|sk)_(development|staging|production)_[A-Za-z0-9_.-]+", re.ASCII)
_OLD = re.compile(r"(ck|sk)_(live|test)")
_METHODS = ("card", "applePay", "googlePay")

Method = Literal["card", "applePay", "googlePay"]
_Word = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_.:-]+$")]
_Locale = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]


class CrossmintSettings(ProviderSettings):
    """`CHECKOUT_CROSSMINT__SECRET_KEY` and so on. Lists are text with commas between, `line_items` is JSON.

    `secret_key` (`sk_…`) is for the API, `client_key` (`ck_…`) goes into the frame's address; both of one environment.
    `webhook_secret` holds every signing secret that is valid now: the old and the new one while rotating.

    `line_items` is what a session buys that does not say so itself; in its texts `{amount}`, `{currency}` and
    `{order_id}` stand for the session's. `locales` are the languages the account's checkout is known to speak: which
    there are is not published, so a shopper's language is sent only when it is listed here.
    """

    base_url: BareUrl | Literal[""] = ""
    client_key: str
    secret_key: SecretStr
    webhook_secret: SecretStr
    line_items: list[LineItem] | None = None
    method: _Word = "card"
    currency: _Word = "usd"
    locales: Annotated[tuple[_Locale, ...], NoDecode, BeforeValidator(split)] = ("en-US",)
    fiat: bool = True
    crypto: bool = False
    allowed_methods: Annotated[tuple[Method, ...], NoDecode, BeforeValidator(split)] = ()
    default_method: Literal["fiat", "crypto"] | None = None
    frame_origins: Origins = ()
    sdk_name: str = "@crossmint/client-sdk-react-ui"
    sdk_version: str = "4.2.0"
    # 360 reads a minute belong to the whole project; the rest is for whoever else uses it.
    reads_per_minute: int = Field(300, ge=1, le=60_000)

    @field_validator("client_key")
    @classmethod
    def _is_client_key(cls, value: str) -> str:
        # It goes into HTML and into the frame's address: whatever is not clearly a client key is refused.
        return _checked(value, "ck")

    @field_validator("secret_key")
    @classmethod
    def _is_server_key(cls, value: SecretStr) -> SecretStr:
        _checked(value.get_secret_value(), "sk")
        return value

    @field_validator("webhook_secret")
    @classmethod
    def _is_signing_secret(cls, value: SecretStr) -> SecretStr:
        try:
            keys = signing_keys(value)
        except ValueError:
            raise ValueError(f"each signing secret is {SECRET_PREFIX} and base64") from None
        if not keys:
            raise ValueError("at least one signing secret is needed")
        return value

    @field_validator("line_items", mode="before")
    @classmethod
    def _one_or_several(cls, value: Any) -> Any:
        return [value] if isinstance(value, dict) else value

    @model_validator(mode="after")
    def _is_one_environment(self) -> Self:
        if _environment(self.client_key) != _environment(self.secret_key.get_secret_value()):
            raise ValueError("client_key and secret_key belong to different environments")
        if not (self.fiat or self.crypto):
            raise ValueError("fiat or crypto: one of them has to be offered")
        return self

    @property
    def environment(self) -> Environment:
        return _environment(self.client_key)

    @property
    def mode(self) -> Mode:
        return "live" if self.environment == "production" else "test"

    @property
    def host(self) -> str:
        """Where the API and the frame stand, without a slash at the end: the sandbox, or by the key's prefix."""
        return self.base_url or HOSTS[self.environment]

    @property
    def webhook_keys(self) -> tuple[bytes, ...]:
        return signing_keys(self.webhook_secret)

    @property
    def frame_payment(self) -> dict[str, Any]:
        """`payment` of the frame's address: what it may offer. Required there even when the order exists."""
        fiat: dict[str, Any] = {"enabled": self.fiat}
        if self.allowed_methods:
            fiat["allowedMethods"] = {name: name in self.allowed_methods for name in _METHODS}
        payment: dict[str, Any] = {"crypto": {"enabled": self.crypto}, "fiat": fiat}
        if self.default_method:
            payment["defaultMethod"] = self.default_method
        return payment

    @property
    def default_items(self) -> Any:
        """`line_items` as the API takes them."""
        return only_or_all(self.line_items) if self.line_items else None

    @property
    def policy(self) -> Policy:
        """One frame; the camera and the microphone are for its identity checks."""
        return Policy(
            frame=unique(origin_of(self.host), *self.frame_origins),
            permissions=("payment", "camera", "microphone"),
        )


def _checked(key: str, kind: str) -> str:
    if _OLD.match(key):
        raise ValueError(
            f"this is a key of the old format; a new one starts with {kind}_staging_ or the like"
        )
    found = _KEY.fullmatch(key)
    if found is None or found[1] != kind:
        what = "client" if kind == "ck" else "server"
        raise ValueError(
            f"a {what} key starts with {kind}_development_, {kind}_staging_ or {kind}_production_"
        )
    return key


def _environment(key: str) -> Environment:
    return next(name for name in HOSTS if key[3:].startswith(f"{name}_"))
