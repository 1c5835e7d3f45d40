"""The project that the sandbox plays: its keys, its signing secret, what its goods cost and how fast they arrive."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class CrossmintSettings(BaseModel):
    """A line item costs its `callData.totalPrice`, else `price`, in the currency of the order.

    `delivery_delay` is how many seconds a paid order is under way; None leaves it to the control API.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    client_key: str = "ck_staging_demo"
    secret_key: str = "sk_staging_demo"  # noqa: S105 - the sandbox's key opens nothing but the sandbox
    webhook_secret: str = "whsec_Y3Jvc3NtaW50IHNhbmRib3ggc2VjcmV0"  # noqa: S105
    price: str = "25.00"
    delivery_delay: float | None = 2.0
