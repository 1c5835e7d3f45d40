"""What a merchant configures, and what follows from it: mode, paths, webhook secrets, page policy."""

from __future__ import annotations

import re
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator

from checkout_server.providers.base import Mode, Policy, ProviderSettings
from checkout_server.providers.config import (
    BareUrl,
    Origins,
    is_loopback,
    origin_of,
    secrets_of,
    split,
    unique,
)

_PROJECT = re.compile(r"CAP-[A-Za-z0-9-]{1,64}", re.ASCII)
# What may stand in an HTTP header as it is.
_HEADER = re.compile(r"[\x21-\x7e]{1,512}")
_PATH = re.compile(r"(?:/[A-Za-z0-9_.{}-]+){1,32}", re.ASCII)
_PLACES = re.compile(r"\{([^{}]*)\}")


class InqudSettings(ProviderSettings):
    """`CHECKOUT_INQUD__PROJECT_ID` and so on. Lists are text with commas between.

    `project_id` is the id of the widget, `CAP-…`. With `auth = "signed"` the secret signs each request and does not
    travel. `fetch_path` was seen in third-party code only (`providers/inqud.md`), hence a setting. `widget` is off
    where the merchant's domain is not approved for it: then only the redirect is offered.

    The widget was not seen on a real page: `*_origins` add to what the page's policy allows it and `inline_style`
    lets it write style elements.
    """

    base_url: BareUrl = "https://api.inqud.com"
    widget_url: BareUrl = "https://paycrypto.inqud.com/widget.js"
    project_id: str
    token_id: str
    token_secret: SecretStr
    auth: Literal["token", "signed"] = "token"
    webhook_secret: SecretStr
    fetch_path: str = "/v1/user/crypto-acquiring/{project_id}/checkouts/{id}"
    widget: bool = True
    script_origins: Origins = ()
    connect_origins: Origins = ()
    frame_origins: Origins = ()
    img_origins: Origins = ()
    inline_style: bool = False
    # The provider documents no limit; this is a guess that its 429 would correct.
    reads_per_minute: int = Field(300, ge=1, le=60_000)

    @field_validator("project_id")
    @classmethod
    def _is_project(cls, value: str) -> str:
        if not _PROJECT.fullmatch(value):
            raise ValueError("the id of a widget starts with CAP-")
        return value

    @field_validator("token_id")
    @classmethod
    def _is_token_id(cls, value: str) -> str:
        if not _HEADER.fullmatch(value):
            raise ValueError("the id of an API token, without spaces")
        return value

    @field_validator("token_secret")
    @classmethod
    def _is_token_secret(cls, value: SecretStr) -> SecretStr:
        if not _HEADER.fullmatch(value.get_secret_value()):
            raise ValueError("the secret of an API token, without spaces")
        return value

    @field_validator("webhook_secret")
    @classmethod
    def _has_webhook_secrets(cls, value: SecretStr) -> SecretStr:
        # Without a secret Inqud signs nothing, and anybody could send us webhooks.
        if not split(value.get_secret_value()):
            raise ValueError("at least one webhook secret is needed")
        return value

    @field_validator("fetch_path")
    @classmethod
    def _leads_to_one_checkout(cls, value: str) -> str:
        places = _PLACES.findall(value)
        if not _PATH.fullmatch(value) or "/." in value or set(places) - {"project_id", "id"}:
            raise ValueError("a path such as /v1/…/{project_id}/checkouts/{id}")
        if "id" not in places or value.count("{") != len(places) or value.count("}") != len(places):
            raise ValueError("a path that names the checkout by {id}")
        return value

    @property
    def mode(self) -> Mode:
        """No test host is documented: only a sandbox on this machine moves no money."""
        return "test" if self.is_sandbox else "live"

    @property
    def is_sandbox(self) -> bool:
        """Whether the API stands on this machine, so that its links may be plain HTTP."""
        return is_loopback(urlsplit(self.base_url).hostname)

    @property
    def webhook_secrets(self) -> tuple[bytes, ...]:
        return secrets_of(self.webhook_secret)

    @property
    def create_path(self) -> str:
        return f"/v1/user/crypto-acquiring/{self.project_id}/checkouts"

    def path_of(self, ref: str) -> str:
        """Where a checkout is read; `ref` is one that `mapping.is_id` holds for an id."""
        return self.fetch_path.replace("{project_id}", self.project_id).replace("{id}", ref)

    @property
    def policy(self) -> Policy:
        """The hosts that the document names, and what the settings add. Nothing where no widget is shown."""
        if not self.widget:
            return Policy()
        widget, api = origin_of(self.widget_url), origin_of(self.base_url)
        return Policy(
            script=unique(widget, *self.script_origins),
            connect=unique(api, widget, *self.connect_origins),
            frame=unique(widget, *self.frame_origins),
            img=unique(widget, *self.img_origins),
            font=(widget,),
            style=(widget,),
            inline_style=self.inline_style,
        )
