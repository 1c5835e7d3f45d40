"""An order and its session: what the merchant asks and does, and what happens to the money at the provider."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from checkout_server.demo.orders import Order
from e2e.harness.patience import until

if TYPE_CHECKING:
    from e2e.harness.world import World


@dataclass(frozen=True, slots=True)
class Purchase:
    """An order of the store with one of its sessions. `session` is as it was when it was made."""

    world: World
    order: Order
    session: dict[str, Any]

    @property
    def url(self) -> str:
        return str(self.session["url"])

    @property
    def provider(self) -> str:
        return str(self.session["provider"])

    def now(self) -> dict[str, Any]:
        return self.world.api("GET", f"/v1/sessions/{self.session['id']}")

    def ref(self) -> str:
        """The provider's id of the payment, as soon as there is one."""
        return str(until("the payment exists", lambda: self.now()["provider_ref"]))

    def lever(self, what: str, webhook: str = "send", **more: Any) -> None:
        """Something happens at the provider."""
        self.world.lever(self.provider, self.ref(), what, webhook, **more)

    def log(self) -> list[dict[str, Any]]:
        """Every request to this purchase's provider and every webhook of it."""
        return self.world.log(self.provider)

    def cancel(self) -> None:
        self.world.api("POST", f"/v1/sessions/{self.session['id']}/cancel")

    def refund(self, amount: str | None = None) -> None:
        body = {"amount": amount} if amount else {}
        headers = {"idempotency-key": uuid.uuid4().hex}
        self.world.api("POST", f"/v1/sessions/{self.session['id']}/refunds", body, **headers)

    def look(self) -> None:
        """The merchant asks the checkout to ask the provider."""
        self.world.api("POST", f"/v1/sessions/{self.session['id']}/refresh")

    def signal(self) -> None:
        """The shopper's browser says that the payment was approved."""
        self.world.shopper_says(f"{self.url}/refresh", {"ref": self.ref()})

    def becomes(self, status: str) -> dict[str, Any]:
        """Waits until the merchant's API says `status`."""
        return until(f"the API says {status}", lambda: self._if(status))

    def ends(self, status: str, store: str) -> dict[str, Any]:
        """The merchant's API comes to say `status`, and the store's books, by a verified webhook, `store`."""
        session = self.becomes(status)
        until(f"the store says {store}", lambda: self.order.state == store)
        return session

    def stays(self, status: str, store: str) -> None:
        """What did not happen: the shopper did something, and nothing was paid or cancelled by it."""
        assert (self.now()["status"], self.order.state) == (status, store)

    def _if(self, status: str) -> dict[str, Any] | None:
        session = self.now()
        return session if session["status"] == status else None
