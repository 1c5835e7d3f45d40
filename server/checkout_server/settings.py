"""Settings from `CHECKOUT_*` environment variables or `checkout.toml`, validated at start, secrets masked."""

from __future__ import annotations

import ast
import os
import sys
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import (
    BeforeValidator,
    Field,
    FilePath,
    SecretStr,
    ValidationError,
    create_model,
    field_validator,
)
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)
from standardwebhooks import Webhook

from checkout_server.providers import discover
from checkout_server.providers.base import ProviderSettings
from checkout_server.providers.config import split

DEMO_KEY = "demo-merchant-key"
ENGINES = ("micropython", "pyodide", "pyscript")


class SettingsError(ValueError):
    """Settings that cannot be used: each line names the variable and says what is wrong, never its value."""


# A list in one environment variable, separated by commas: keys and secrets while they are rotated.
Texts = Annotated[list[str], NoDecode, BeforeValidator(split)]
Secrets = Annotated[list[SecretStr], NoDecode, BeforeValidator(split)]
Files = Annotated[list[FilePath], NoDecode, BeforeValidator(split)]


class Settings(BaseSettings):
    """One merchant's deployment. Provider settings are fields of their own, named like the provider."""

    model_config = SettingsConfigDict(
        env_prefix="CHECKOUT_", env_nested_delimiter="__", extra="forbid", hide_input_in_errors=True
    )

    database_url: str = Field("sqlite:///checkout.sqlite3", description="SQLite file or PostgreSQL URL.")
    public_url: str = Field(
        "http://localhost:8000", description="Where shoppers reach this server; a sub-path is kept."
    )
    api_keys: Secrets = Field(default_factory=list, description="Keys of the merchant's back end.")
    engine: Literal["micropython", "pyodide", "pyscript"] = Field(
        "micropython", description="The Python that runs in the shopper's browser."
    )
    return_secrets: Secrets = Field(
        default_factory=list, description="Sign the hint on the return URL; the first signs, all verify."
    )
    webhook_url: str | None = Field(None, description="Where the merchant's back end takes webhooks.")
    webhook_secrets: Secrets = Field(
        default_factory=list, description="Standard Webhooks secrets (whsec_…); each one signs."
    )
    app_schemes: Texts = Field(
        default_factory=list, description="URL schemes of the merchant's apps that may be returned to."
    )
    merchant_name: str = Field("Demo Store", description="As the shopper knows the merchant.")
    merchant_contact: str | None = Field(
        None, description="E-mail address, phone number or URL, shown on receipts and problems."
    )
    merchant_logo: FilePath | None = Field(
        None, description="A logo file (SVG, PNG or WebP), served from here and shown 32 px high."
    )
    hooks: Files = Field(
        default_factory=list, description="Python files of yours that run on the checkout page."
    )
    accent: str = Field("#1f5eff", description="The one accent colour, as #rrggbb.")
    locale: str = Field("en", description="Language of the page when a session names none.")
    metrics_key: SecretStr | None = Field(None, description="Bearer key of /metrics; absent, no metrics.")
    allow_sandbox: bool = Field(False, description="Lets `serve` use sandboxes; marks every page TEST.")
    expires_in: timedelta = Field(
        timedelta(minutes=30), description="A session's life when the request names none."
    )
    return_wait: timedelta = Field(
        timedelta(seconds=10),
        description="How long a shopper waits at most for the merchant's webhook to be delivered before going back.",
    )
    watch_for: timedelta = Field(
        timedelta(hours=24), description="How long a session is watched for late money after its expiry."
    )
    worker: bool = Field(True, description="Run the worker inside `serve`; off where `worker` runs apart.")
    max_streams: int = Field(1000, ge=0, description="Open event streams per process; beyond, pages poll.")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="What is logged.")

    @field_validator("public_url")
    @classmethod
    def _absolute(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
            raise ValueError("an absolute http(s) URL without query or fragment")
        return value.rstrip("/")

    @field_validator("webhook_secrets")
    @classmethod
    def _standard_webhooks(cls, value: list[SecretStr]) -> list[SecretStr]:
        for secret in value:
            try:
                Webhook(secret.get_secret_value())
            except Exception as error:  # the library leaks its own errors and binascii's
                raise ValueError("each secret is whsec_ and base64") from error
        return value

    @field_validator("hooks")
    @classmethod
    def _modules(cls, value: list[Path]) -> list[Path]:
        names = [file.stem for file in value]
        for file in value:
            taken = file.stem in sys.stdlib_module_names or file.stem == "checkout_ui"
            if file.suffix != ".py" or not file.stem.isidentifier() or taken or names.count(file.stem) > 1:
                raise ValueError("each is a .py file with a module's name of its own, such as shop_hooks.py")
            try:
                ast.parse(file.read_text("utf-8"))
            except (SyntaxError, ValueError):
                raise ValueError(f"{file.name} is not Python") from None
        return value

    @field_validator("accent")
    @classmethod
    def _colour(cls, value: str) -> str:
        digits = value.removeprefix("#").lower()
        if not value.startswith("#") or len(digits) != 6 or set(digits) - set("0123456789abcdef"):
            raise ValueError("a colour such as #1f5eff")
        return f"#{digits}"

    @property
    def prefix(self) -> str:
        """The sub-path under which shoppers reach us: `""` or `"/pay"`."""
        return urlsplit(self.public_url).path.rstrip("/")

    @property
    def providers(self) -> dict[str, ProviderSettings]:
        """Settings of the providers that have any: the others are absent, not broken."""
        found = {name: getattr(self, name, None) for name in discover()}
        return {name: settings for name, settings in found.items() if settings is not None}

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        file = Path(os.environ.get("CHECKOUT_CONFIG", "checkout.toml"))
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, toml_file=file)


def settings_model() -> type[Settings]:
    """`Settings` with one optional field for each provider that discovery finds."""
    fields: dict[str, Any] = {
        name: (provider.settings_model | None, None) for name, provider in discover().items()
    }
    return create_model("Settings", __base__=Settings, **fields)


def load_settings(**overrides: Any) -> Settings:
    """Reads and validates everything at once. Raises `SettingsError` with one line for each problem."""
    try:
        return settings_model()(**overrides)
    except ValidationError as error:
        lines = (f"{_variable(problem['loc'])}: {problem['msg']}" for problem in error.errors())
        raise SettingsError("\n".join(lines)) from None


def _variable(place: tuple[int | str, ...]) -> str:
    return "CHECKOUT_" + "__".join(str(part).upper() for part in place)
