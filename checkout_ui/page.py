"""The checkout page's controller: signal -> nudge -> show -> leave.

A signal is what the component says, and only ever leads to a question to the server. What is shown comes from
the server's snapshots alone, except for *checking*, which says that we asked.
"""

import json

from checkout_ui import countdown, status
from checkout_ui.channel import Channel
from checkout_ui.nudge import Nudger
from checkout_ui.view import View

TICK_S = 1.0
# How long the component's word keeps "checking" on the page while the server sees no payment.
CLAIM_S = 120.0
# The device's clock moved this much more, or less, than time passed: it slept, or was set.
JUMP_S = 5.0


def supersedes(snapshot: object, current: "dict[str, object]") -> bool:
    """True when `snapshot` may be shown instead of `current`: of the same version the flags may differ."""
    if not isinstance(snapshot, dict) or not isinstance(snapshot.get("version"), int):
        return False
    return snapshot["version"] >= current["version"]


def panel_for(snapshot: "dict[str, object]", claimed_at: "int | None") -> str:
    """The panel to show; `claimed_at` is the version at which the component said that it was paid."""
    panel = status.panel(snapshot)
    if claimed_at is None:
        return panel
    if panel == status.OPEN:
        return "checking"
    if panel == "declined" and snapshot["version"] == claimed_at:
        return "checking"  # the decline was of the attempt before
    return panel


class Page:
    def __init__(
        self, runtime: object, data: "dict[str, object]", host: object, hooks: object, read: object
    ) -> None:
        self._runtime = runtime
        self._host = host
        self._hooks = hooks
        self._read = read
        self._snapshot = data["snapshot"]
        self._view = View(runtime, data.get("words") or {})
        self._channel = Channel(runtime, data["urls"], data["limits"]["poll_ms"] / 1000, self.apply)
        self._nudger = Nudger(runtime, data["urls"]["refresh"])
        self._countdown = countdown.Countdown()
        self._left = None  # seconds at the last tick
        self._claimed_at = self._claim_ends = None
        self._told = None  # the status that host and hooks heard last
        self._leaving = None
        self._gone = bool(data.get("left"))  # sent off by the bridge already, or here for the receipt
        # Rendered before the payment existed: it takes a new page to mount what there was not.
        self._incomplete = bool(data.get("incomplete")) and not self._snapshot.get("payable")
        self._drift = 0.0

    def start(self) -> None:
        self._drift = self._runtime.wall() - self._runtime.now()
        self._host.ready()
        self._hooks.emit("ready", self._snapshot, self._runtime)
        self._runtime.on_wake(self.wake)
        self.apply(self._snapshot)
        self._tick()

    def take(self, type: str, text: str) -> None:  # noqa: A002 - the word of events
        """One event of the component, as the bridge hands it over: its type and its detail as JSON text."""
        detail = json.loads(text)
        for action, value in self._read(type, detail if isinstance(detail, dict) else {}):
            if action == "help":
                self._view.help(value)
            elif action == "nudge":
                self._nudge(value)
            elif action == "claim":
                self._claimed_at = self._snapshot["version"]
                self._claim_ends = self._runtime.now() + CLAIM_S
                self._show()
                self._nudge(value)

    def apply(self, snapshot: object) -> None:
        """Shows what the server says, unless something newer was shown before."""
        if not supersedes(snapshot, self._snapshot):
            return
        if self._incomplete and snapshot.get("payable"):
            self._incomplete = False
            self._runtime.reload()
            return
        self._snapshot = snapshot
        self._countdown.sync(snapshot.get("expires_at"), snapshot["now"], self._runtime.now())
        self._show()
        if snapshot.get("final"):
            self._nudger.stop()
        if snapshot.get("final") and not snapshot.get("telling"):
            self._channel.stop()
        else:
            self._channel.start()
        self._plan_to_leave(snapshot)
        self._tell(snapshot)

    def wake(self) -> None:
        """Back from sleep, from another app, from the history: what we show may be old."""
        self._drift = self._runtime.wall() - self._runtime.now()
        if not self._snapshot.get("final"):
            self._nudger.nudge()  # a wallet may have paid meanwhile, and the provider's webhook been lost
        self._channel.wake()

    def _nudge(self, ref: "str | None") -> None:
        self._nudger.nudge(ref)
        self._channel.hurry()

    def _show(self) -> None:
        self._view.show(panel_for(self._snapshot, self._claimed_at), self._snapshot)
        self._show_time()

    def _tell(self, snapshot: "dict[str, object]") -> None:
        name = snapshot.get("status")
        if name == self._told:
            return
        self._told = name
        self._host.status(snapshot)
        self._hooks.emit("status", snapshot, self._runtime)
        self._hooks.emit(str(name), snapshot, self._runtime)

    def _plan_to_leave(self, snapshot: "dict[str, object]") -> None:
        if not snapshot.get("redirect"):
            if self._leaving is not None:
                self._leaving.cancel()
                self._leaving = None
        elif self._leaving is None and not self._gone:
            self._leaving = self._runtime.after(snapshot.get("redirect_after_ms", 0) / 1000, self._leave)

    def _leave(self) -> None:
        self._leaving = None
        if not self._gone:
            self._gone = True
            self._host.leave(self._snapshot["redirect"])

    def _tick(self) -> None:
        self._runtime.after(TICK_S, self._tick)
        self._runtime.beat()
        now = self._runtime.now()
        if abs(self._runtime.wall() - now - self._drift) > JUMP_S:
            self.wake()
        if self._claim_ends is not None and now >= self._claim_ends:
            self._claimed_at = self._claim_ends = None
            self._show()
        self._show_time()

    def _show_time(self) -> None:
        before, self._left = self._left, self._countdown.left(self._runtime.now())
        if self._left is None:
            self._view.countdown(None)
            return
        self._view.countdown(countdown.label(self._left))
        passed = None if before is None else countdown.due(before, self._left)
        if passed is None or self._view.panel not in ("open", "declined"):
            return
        self._view.announce_word(passed)
        if self._left == 0:
            self._nudge(None)  # the server knows whether it is over
