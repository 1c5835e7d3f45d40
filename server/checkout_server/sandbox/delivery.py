"""Outgoing webhooks: the provider's schedule, and the ways in which the network spoils it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args
from urllib.parse import urlsplit

import httpx

from checkout_server.sandbox.log import Log
from checkout_server.sandbox.settings import Sleep

WebhookMode = Literal["send", "drop", "duplicate", "reorder", "bad_signature", "delay"]
MODES: tuple[WebhookMode, ...] = get_args(WebhookMode)

# Gives up an idle connection before a server closes it, which would lose the webhook that meets it.
_LIMITS = httpx.Limits(keepalive_expiry=2.0)
_TIMEOUT = httpx.Timeout(10.0)


@dataclass(frozen=True, slots=True)
class Event:
    """A webhook as it will be sent: `raw` is what is signed, to the byte."""

    type: str
    raw: bytes


# (raw body, sign it wrongly?) -> headers. The provider's own scheme.
Sign = Callable[[bytes, bool], Mapping[str, str]]


class Deliveries:
    """Sends a provider's webhooks in the background. One that is not accepted is repeated as it was.

    `signs_again` repeats it with a new signature, of the moment of the retry, where the provider does so.
    """

    def __init__(
        self,
        *,
        url: str | None,
        sign: Sign,
        log: Log,
        sleep: Sleep,
        retry_delays: Sequence[float],
        accepts: Callable[[int], bool],
        signs_again: bool = False,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._url = url
        self._sign = sign
        self._log = log
        self._sleep = sleep
        self._retry_delays = tuple(retry_delays)
        self._accepts = accepts
        self._signs_again = signs_again
        self._client = httpx.AsyncClient(
            transport=transport,
            limits=_LIMITS,
            timeout=_TIMEOUT,
            follow_redirects=False,
            trust_env=False,
        )
        self._tasks: set[asyncio.Task[None]] = set()

    def send(
        self,
        events: Sequence[Event],
        mode: WebhookMode = "send",
        *,
        delay: float = 0.0,
        before: Event | None = None,
        to: str | None = None,
    ) -> None:
        """Sends what one action tells, in order, and returns at once. `delay` is in seconds. `to` is an address of its
        own, where the payment has one.

        `reorder` sends newest first; an action that tells one thing has `before`, the payment's previous event, sent
        again behind it: to a receiver, an event that overtook another.
        """
        url = to or self._url
        if url is None or mode == "drop" or not events:
            return
        batch = list(events)
        if mode == "reorder":
            batch.reverse()
            if len(batch) == 1 and before is not None:
                batch.append(before)
        elif mode == "duplicate":
            batch = [event for event in batch for _ in range(2)]
        wrong = mode == "bad_signature"
        self.later(self._send_batch(url, batch, wrong, delay if mode == "delay" else 0.0))

    def later(self, work: Coroutine[Any, Any, None]) -> None:
        """Runs something in the background that `settle` waits for and `aclose` ends."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def settle(self) -> None:
        """Waits until nothing is left to send. An error in a delivery comes out here."""
        while self._tasks:
            await asyncio.gather(*self._tasks)

    async def aclose(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._client.aclose()

    async def _send_batch(self, url: str, events: Sequence[Event], wrong: bool, delay: float) -> None:
        if delay:
            await self._sleep(delay)
        for event in events:
            headers = {"content-type": "application/json", **self._sign(event.raw, wrong)}
            # A receiver that fails on one event still gets the next: retries go their own way.
            if not await self._attempt(url, event.raw, headers):
                self.later(self._retry(url, event.raw, headers, wrong))

    async def _retry(self, url: str, raw: bytes, headers: Mapping[str, str], wrong: bool) -> None:
        for delay in self._retry_delays:
            await self._sleep(delay)
            if self._signs_again:
                headers = {**headers, **self._sign(raw, wrong)}
            if await self._attempt(url, raw, headers):
                return

    async def _attempt(self, url: str, raw: bytes, headers: Mapping[str, str]) -> bool:
        entry = self._log.add("out", "POST", urlsplit(url).path or "/", headers, raw)
        try:
            response = await self._client.post(url, content=raw, headers=headers)
        except httpx.HTTPError:
            return False
        entry.status = response.status_code
        return self._accepts(response.status_code)
