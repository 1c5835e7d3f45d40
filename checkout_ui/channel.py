"""How snapshots arrive: pushed by the server, and polled whenever the push does not prove that it works."""

import json

LIVE_S = 60.0  # a proven stream is still checked now and then: a dead connection looks like a quiet one
MAX_S = 30.0
GROWTH = 1.6
REOPEN_S = 60.0  # a stream that the server refused (too many, or none at all)


class Channel:
    """Polls until the stream has delivered a first snapshot, and again whenever the stream breaks.

    A proxy that holds back streams therefore costs nothing but polling. `deliver` gets each snapshot as a
    dict; order and age are its business.
    """

    def __init__(self, runtime: object, urls: "dict[str, str]", poll_s: float, deliver: object) -> None:
        self._runtime = runtime
        self._urls = urls
        self._base = poll_s
        self._deliver = deliver
        self._delay = poll_s
        self._not_before = 0.0
        self._running = self._live = self._asking = False
        self._timer = self._stream = self._reopening = None

    def start(self) -> None:
        if not self._running:
            self._running = True
            self._delay = self._base
            self._open()
            self._schedule(self._delay)

    def stop(self) -> None:
        """No more snapshots by themselves; `wake` still looks once."""
        self._running = False
        self._close()
        self._timer = self._cancel(self._timer)

    def hurry(self) -> None:
        """Something is about to change: look soon, however long ago the last change was."""
        self._delay = self._base
        if self._running and not self._live:
            self._schedule(self._base / 3)

    def wake(self) -> None:
        """The page was asleep, hidden or offline: the connection may be dead without knowing."""
        if self._running:
            self._close()
            self._open()
        self._delay = self._base
        self._schedule(0)

    def _open(self) -> None:
        self._stream = self._runtime.stream(self._urls["events"], self._pushed, self._broke)

    def _close(self) -> None:
        self._reopening = self._cancel(self._reopening)
        self._live = False
        if self._stream is not None:
            self._stream.close()
            self._stream = None

    def _pushed(self, text: str) -> None:
        self._live = True
        self._schedule(LIVE_S)
        self._deliver(json.loads(text))

    def _broke(self, closed: bool) -> None:
        """`closed`: the browser will not try again by itself. Otherwise it does, with Last-Event-ID."""
        self._live = False
        self._delay = self._base
        self._schedule(self._delay)
        if closed:
            self._close()
            self._reopening = self._runtime.after(self._jitter(REOPEN_S), self._reopen)

    def _reopen(self) -> None:
        self._reopening = None
        if self._running:
            self._open()

    def _schedule(self, delay: float) -> None:
        self._timer = self._cancel(self._timer)
        earliest = self._not_before - self._runtime.now()
        self._timer = self._runtime.after(max(delay, earliest), self._poll)

    def _poll(self) -> None:
        self._timer = None
        if not self._asking:
            self._asking = True
            self._runtime.ask("GET", self._urls["status"], None, self._answered)

    def _answered(self, status: int, wait: float, text: str) -> None:
        self._asking = False
        self._delay = self._base if status == 200 else min(self._delay * GROWTH, MAX_S)
        self._not_before = self._runtime.now() + wait
        if self._running:
            self._schedule(LIVE_S if self._live else self._jitter(self._delay))
        # Last, so that nothing that goes wrong with a snapshot ends the polling.
        if status == 200:
            self._deliver(json.loads(text))

    def _jitter(self, delay: float) -> float:
        """A crowd that was cut off together should not come back together."""
        return delay * (0.8 + 0.4 * self._runtime.random())

    def _cancel(self, timer: object) -> None:
        if timer is not None:
            timer.cancel()
