"""An agent's permission: read, verified in the browser, approved by the server's own look; or not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from e2e.engines import every_browser, everywhere
from e2e.harness.anyone import AnyShopper
from e2e.harness.purchase import Purchase
from e2e.harness.shopper import Shopper
from e2e.harness.webkit_shopper import WebKitShopper
from e2e.harness.world import World
from e2e.models.crossmint_intents import HEADLINE, AnyApproval, ApprovalPage, WebKitApproval

pytestmark = pytest.mark.browser

PROVIDER = "crossmint_intents"
MANDATES: list[dict[str, Any]] = [
    {"type": "maxAmount", "value": "1250.00", "details": {"currency": "usd", "period": "monthly"}},
    {"type": "description", "value": "Weekly grocery purchases"},
]
TOLD = [
    "Spend up to $1,250.00 a month.",
    "For this: Weekly grocery purchases",
    "Until January 31, 2037, 10:00 AM UTC.",
    "Who spends: the agent agent-1",
]


def permission(world: World, **fields: Any) -> Purchase:
    options = {
        "agentId": "agent-1",
        "paymentMethodId": "pm_1",
        "mandates": MANDATES,
        "expiresAt": "2037-01-31T10:00:00Z",
        **fields.pop("options", {}),
    }
    return world.purchase(provider=PROVIDER, amount=None, currency=None, options=options, **fields)


def opened(shopper: AnyShopper, purchase: Purchase, view: str = "") -> AnyApproval:
    if isinstance(shopper, WebKitShopper):
        return WebKitApproval.of(shopper.opens(purchase, view))
    assert isinstance(shopper, Shopper)
    return shopper.opens_as(ApprovalPage, purchase, view)


@everywhere
def test_read_verified_and_approved(shopper: AnyShopper, world: World) -> None:
    purchase = permission(world)
    page = opened(shopper, purchase)
    page.shows(HEADLINE)
    page.runs_python()
    assert page.mandates() == TOLD
    assert page.violations() == []

    page.approves()
    page.confirms()
    session = purchase.becomes("approved")
    assert (session["paid"], session["amount_received"]) == (False, None)
    page.is_in(world.store)

    # What was agreed is still to be read, and nothing more to press.
    again = opened(shopper, purchase)
    again.shows("Approved")
    assert again.mandates() == TOLD
    assert again.violations() == []


@every_browser
def test_stopped_then_approved(shopper: AnyShopper, world: World) -> None:
    purchase = permission(world)
    page = opened(shopper, purchase)
    page.runs_python()

    page.approves()
    page.stops()
    page.was_not_confirmed()
    page.shows(HEADLINE)
    assert page.violations() == []
    purchase.stays("open", store="waiting")

    page.approves()
    page.confirms()
    purchase.becomes("approved")
    page.is_in(world.store)


@every_browser
def test_refused(shopper: AnyShopper, world: World) -> None:
    purchase = permission(world)
    page = opened(shopper, purchase)
    page.runs_python()
    page.refuses()
    page.is_in(world.store)
    assert purchase.becomes("cancelled")["left_at"] is not None


@every_browser
def test_approved_without_an_engine(shopper: AnyShopper, world: World) -> None:
    shopper.allows("503", "engine", "Failed to", "preloaded")
    world.gate.shut("/static/vendor/")
    purchase = permission(world)
    page = opened(shopper, purchase)
    page.shows(HEADLINE)
    page.approves()
    page.confirms()
    purchase.becomes("approved")
    page.is_in(world.store)


def test_a_verifier_that_says_verified_is_not_believed(shopper: Shopper, world: World) -> None:
    purchase = permission(world)
    page = shopper.opens_as(ApprovalPage, purchase)
    page.runs_python()
    expect(page.approve_button).to_be_enabled()
    page.page.evaluate(
        "document.querySelector('checkout-verifier').dispatchEvent(new CustomEvent('verified'))"
    )
    page.shows("Checking your approval")
    assert page.mandates() == TOLD
    assert purchase.now()["status"] == "open"


def test_a_verification_that_is_refused(shopper: Shopper, world: World) -> None:
    shopper.allows("402")
    purchase = permission(world)
    purchase.lever("fail")
    page = shopper.opens_as(ApprovalPage, purchase)
    page.runs_python()
    page.approves()
    page.confirms()
    page.was_not_confirmed()
    purchase.stays("open", store="waiting")


def test_without_a_verifier_nothing_can_be_approved(shopper: Shopper, world: World) -> None:
    world.fault(PROVIDER, never_mounts=True)
    purchase = permission(world)
    page = shopper.opens_as(ApprovalPage, purchase)
    page.runs_python()
    expect(page.main.get_by_text("Crossmint did not load here.")).to_be_visible()
    expect(page.approve_button).to_be_hidden()
    assert page.mandates() == TOLD
    page.leaves()
    page.is_in(world.store)


def test_a_hostile_verifier_runs_nothing_inline_and_calls_nobody(shopper: Shopper, world: World) -> None:
    shopper.hostile = True
    world.fault(PROVIDER, hostile=True)
    purchase = permission(world)
    page = shopper.opens_as(ApprovalPage, purchase)
    page.runs_python()
    page.approves()
    page.confirms()
    purchase.becomes("approved")


def test_readable_and_refusable_without_script(shoppers: Callable[..., Shopper], world: World) -> None:
    shopper = shoppers(script=False)
    purchase = permission(world)
    page = shopper.opens_as(ApprovalPage, purchase)
    page.shows(HEADLINE)
    assert page.mandates() == TOLD
    note = page.component.locator("noscript p")  # by role and by text it is not found
    expect(note).to_be_visible()
    assert "JavaScript is off. Approving needs it" in str(note.text_content())
    expect(page.approve_button).to_be_hidden()
    page.refuses()
    page.is_in(world.store)


def test_revoked_and_expired(shopper: Shopper, world: World) -> None:
    purchase = permission(world)
    purchase.lever("approve")
    purchase.look()
    purchase.becomes("approved")
    purchase.cancel()
    revoked = shopper.opens_as(ApprovalPage, purchase)
    revoked.shows("Approval withdrawn")
    expect(revoked.agreement).to_be_hidden()
    assert revoked.violations() == []

    expired = permission(world)
    expired.lever("expire")
    expired.look()
    page = shopper.opens_as(ApprovalPage, expired)
    page.shows("This checkout has expired")
    assert page.violations() == []


def test_a_way_to_pay_is_missing(shopper: Shopper, world: World) -> None:
    purchase = permission(world)
    purchase.lever("need_payment_method")
    purchase.look()
    page = shopper.opens_as(ApprovalPage, purchase)
    page.shows(HEADLINE)
    page.says("Add a way to pay before you can approve this.")


LONG = [
    {"type": "maxAmount", "value": "123456789.99", "details": {"currency": "eur", "period": "yearly"}},
    {
        "type": "description",
        "value": "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
    },
    {"type": "prompt", "value": "Buy what is on my list,\nfrom the cheapest shop that delivers."},
    {
        "type": "consumer",
        "details": {"email": "a.very.long.name.that.somebody.really.has@subdomain.example.com"},
    },
]


@pytest.mark.parametrize("locale", ["en", "de", "es", "fr", "ar"])
def test_fit_to_be_seen_everywhere(shoppers: Callable[..., Shopper], world: World, locale: str) -> None:
    shopper = shoppers(viewport={"width": 320, "height": 740})
    purchase = permission(world, locale=locale, options={"mandates": LONG, "agentId": "a" * 64})
    page = shopper.opens_as(ApprovalPage, purchase)
    expect(page.page.locator("[data-approve]")).to_be_enabled()
    assert len(page.mandates()) == 6
    assert page.page.evaluate("window.__seen.shift") < 0.01
    assert _fits(page)
    page.page.locator("[data-approve]").click()
    expect(page.page.locator("checkout-verifier")).to_be_visible()
    assert _fits(page)


def _fits(page: ApprovalPage) -> bool:
    """Whether nothing is wrong with the page at any width."""
    for width in (320, 360, 1280):
        page.page.set_viewport_size({"width": width, "height": 740})
        assert page.violations() == [], width
    return True
