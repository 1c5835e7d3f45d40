"""The account that the sandbox plays: its keys, its secret and how fast its refunds move."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict


class CryptoComSettings(BaseModel):
    """Keys select the mode, as at the provider: what a live key creates has `live_mode: true`.

    `refund_delay` is how many seconds a requested refund stays `pending`; None leaves it to the control API.
    `list_shape` is the documented array, or the newer `{"items", "meta"}` that is seen beside it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    publishable_key: str = "pk_test_demo"
    secret_key: str = "sk_test_demo"  # noqa: S105 - the sandbox's key opens nothing but the sandbox
    live_publishable_key: str = "pk_live_demo"
    live_secret_key: str = "sk_live_demo"  # noqa: S105
    webhook_secret: str = "whsec_demo"  # noqa: S105
    refund_delay: float | None = 2.0
    list_shape: Literal["array", "items"] = "array"
