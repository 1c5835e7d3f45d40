"""The account that the sandbox plays: its widget, its API token and its webhook secret."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class InqudSettings(BaseModel):
    """Without a `webhook_secret` no webhook is sent, as at the provider."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    project_id: str = "CAP-df02b127-6717-4a73-a231-5a57155308a5"
    token_id: str = "demo-token"  # noqa: S105 - a name; the secret is the next one
    token_secret: str = "demo-token-secret"  # noqa: S105 - the sandbox's secret opens nothing but the sandbox
    webhook_secret: str | None = "demo-webhook-secret"  # noqa: S105
