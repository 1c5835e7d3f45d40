"""Races at the end: whoever paid goes back once the store has heard of it, or has not answered for long enough."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import expect
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from checkout_server.demo.store import create_store
from e2e.harness.once import paid_once
from e2e.harness.patience import until
from e2e.harness.shopper import Shopper
from e2e.harness.world import World

pytestmark = pytest.mark.browser

_LIMIT_S = 5  # how long a shopper of this world waits for the store
_TELLING = "Telling Demo Store that you paid…"
_RETURNING = "Returning to Demo Store…"


class Door:
    """What stands in front of the store: webhooks wait before it while it is `shut`, and are turned away while it `fails`."""

    def __init__(self, app: Any) -> None:
        self._app: ASGIApp = app
        self.state = app.state
        self.shut = self.fails = False
        self.knocks = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] == "/webhooks":
            self.knocks += 1
            while self.shut:  # noqa: ASYNC110 - it is opened by another thread
                await asyncio.sleep(0.02)
            if self.fails:
                await Response(status_code=503)(scope, receive, send)
                return
        await self._app(scope, receive, send)


@pytest.fixture(scope="module")
def doors() -> list[Door]:
    """Of each world that was opened."""
    return []


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory, doors: list[Door]) -> Iterator[Callable[[str], World]]:
    """A world of its own, whose shoppers do not wait for long and whose store has a door."""

    def behind_a_door(*settings: Any) -> Door:
        doors.append(Door(create_store(*settings)))
        return doors[-1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CHECKOUT_RETURN_WAIT", f"PT{_LIMIT_S}S")
        patch.setattr("e2e.harness.world.create_store", behind_a_door)
        with World.open("micropython", tmp_path_factory.mktemp("telling")) as opened:
            yield lambda engine: opened


@pytest.fixture
def door(world: World, doors: list[Door]) -> Iterator[Door]:
    yield doors[-1]
    doors[-1].shut = doors[-1].fails = False


def test_back_as_soon_as_the_store_has_heard(shopper: Shopper, world: World, door: Door) -> None:
    door.shut = True
    purchase = world.purchase()
    checkout = shopper.opens(purchase)
    checkout.runs_python()
    purchase.lever("pay")

    checkout.shows("Paid")
    checkout.says(_TELLING)
    until("the store is being told", lambda: door.knocks == 1)
    assert checkout.page.url == purchase.url

    door.shut = False
    # Well before the limit.
    returning = checkout.main.get_by_text(_RETURNING)
    expect(returning).to_be_visible(timeout=2500)
    checkout.arrives_in_store("Paid")
    paid_once(purchase)


def test_a_store_that_never_answers_keeps_nobody(shopper: Shopper, world: World, door: Door) -> None:
    door.fails = True
    purchase = world.purchase()
    checkout = shopper.opens(purchase)
    checkout.runs_python()
    purchase.lever("pay")

    checkout.shows("Paid")
    checkout.says(_TELLING)
    checkout.says(_RETURNING)

    checkout.arrives_in_store("Thanks, we are waiting for confirmation")
    session = purchase.becomes("succeeded")
    assert door.knocks
    assert "webhook.delivered" not in [event["type"] for event in session["events"]]
