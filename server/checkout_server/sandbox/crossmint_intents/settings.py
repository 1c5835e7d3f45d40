"""The project that the sandbox plays: its keys, and what the document leaves open."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict


class CrossmintIntentsSettings(BaseModel):
    """A key selects the environment; what one creates the other does not see. Client keys belong to browsers.

    `deleted` is what a deletion answers, which no document tells: nothing at all, or the intent.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    server_key: str = "sk_staging_demo"
    production_server_key: str = "sk_production_demo"
    client_key: str = "ck_staging_demo"
    deleted: Literal["empty", "intent"] = "empty"
