"""Wakes those who wait for a session or for work: inside this process, and on PostgreSQL across all of them."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psycopg
import structlog

from checkout_server.store.database import CHANNEL, Database

_log = structlog.get_logger(__name__)
_RECONNECT = 2.0


class Notifier:
    """Topics are session ids and `work`. A wake-up says "look again", never what changed; none is ever relied on alone."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: dict[str, set[asyncio.Event]] = defaultdict(set)
        self._listener: asyncio.Task[None] | None = None
        database.listeners.append(self.publish)

    def publish(self, topics: set[str]) -> None:
        for topic in topics:
            for event in self._waiting.get(topic, ()):
                event.set()

    @contextmanager
    def subscribe(self, topic: str) -> Iterator[asyncio.Event]:
        """Subscribe before you read: what changes between the reading and the waiting is then not missed."""
        event = asyncio.Event()
        self._waiting[topic].add(event)
        try:
            yield event
        finally:
            self._waiting[topic].discard(event)
            if not self._waiting[topic]:
                del self._waiting[topic]

    def watchers(self) -> int:
        return sum(len(events) for events in self._waiting.values())

    async def start(self) -> None:
        if self._database.is_postgres:
            self._listener = asyncio.create_task(self._listen(), name="notify")

    async def stop(self) -> None:
        if self._listener is not None:
            await end(self._listener)

    async def _listen(self) -> None:
        url = self._database.url.set(drivername="postgresql").render_as_string(hide_password=False)
        while True:
            try:
                connection = await psycopg.AsyncConnection.connect(url, autocommit=True)
                # Not `async with`: it rolls back first, and who is cancelled twice would leave it open.
                try:
                    await connection.execute(f"LISTEN {CHANNEL}")
                    # What was said while nobody listened is gone: everyone looks again.
                    self.publish(set(self._waiting))
                    async for message in connection.notifies():
                        self.publish({message.payload})
                finally:
                    await connection.close()
            except psycopg.Error as error:
                _log.warning("notify.lost", error=type(error).__name__)
                await asyncio.sleep(_RECONNECT)


async def wait(event: asyncio.Event, seconds: float) -> bool:
    """Waits for a wake-up for at most `seconds`; True when there was one. The event is ready to wait again."""
    try:
        # Not `wait_for`: until Python 3.12 it forgets a cancellation that comes together with the wake-up.
        async with asyncio.timeout(max(seconds, 0)):
            await event.wait()
    except TimeoutError:
        return False
    event.clear()
    return True


async def end(task: asyncio.Task[None]) -> None:
    """Cancels a task until it is over: libraries below it may lose a cancellation. An error of it comes out here."""
    while not task.done():
        task.cancel()
        await asyncio.wait([task], timeout=1.0)
    with suppress(asyncio.CancelledError):
        task.result()
