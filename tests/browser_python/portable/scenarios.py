"""What happens on a checkout page, told with a stub browser. Each function is one story."""

import json

from checkout_ui.hooks import Hooks
from checkout_ui.host import Host
from checkout_ui.page import CLAIM_S, Page
from checkout_ui.providers import reader

from .check import equal, true
from .stub import Runtime

SENTENCES = {
    "left_5": "5 minutes left",
    "left_1": "1 minute left",
    "left_0": "Over",
    "open_popup": "Close the other.",
}


def snapshot(version=1, status="open", **fields):
    return {
        "status": status,
        "version": version,
        "payable": status == "open",
        "final": status in ("succeeded", "expired"),
        "paid": status == "succeeded",
        "expires_at": "2026-11-21T10:00:00Z",
        "now": clock(0),
    } | fields


def clock(seconds):
    """The server's time, so many seconds after the page was opened: ten minutes before it expires."""
    minutes, seconds = divmod(int(seconds), 60)
    return "2026-11-21T%02d:%02d:%02dZ" % ((9 * 60 + 50 + minutes) // 60, (50 + minutes) % 60, seconds)  # noqa: UP031


def paid(version=2, **fields):
    return snapshot(version, "succeeded", redirect="https://store/back", redirect_after_ms=2500) | fields


class Checkout:
    """A page that was started, and the server that it talks to."""

    def __init__(self, first=None, view="page", origins=(), hooks=None, more=None, **runtime):
        self.browser = Runtime()
        for name, value in runtime.items():
            setattr(self.browser, name, value)
        self.opened = self.browser.time
        self.current = first or snapshot()
        self.status_answers = (200, 0)
        self.nudge_answers = [(202, 0)]
        self.browser.server = self._serve
        data = {
            "urls": {"status": "/s", "events": "/e", "refresh": "/r"},
            "snapshot": self.current,
            "limits": {"poll_ms": 3000},
            "words": SENTENCES,
        } | (more or {})
        host = Host(self.browser, view, list(origins))
        self.page = Page(self.browser, data, host, hooks or Hooks(), reader("crypto_com"))
        self.page.start()

    def _serve(self, method, url, body):
        if method == "POST":
            answer = self.nudge_answers.pop(0) if len(self.nudge_answers) > 1 else self.nudge_answers[0]
            return (answer[0], answer[1], "")
        return (self.status_answers[0], self.status_answers[1], json.dumps(self._timed(self.current)))

    def _timed(self, snapshot):
        passed = self.browser.time - self.opened + self.browser.asleep
        return snapshot | {"now": clock(passed)} if isinstance(snapshot, dict) else snapshot

    def says(self, type, **detail):  # noqa: A002
        self.page.take(type, json.dumps(detail))

    def push(self, snapshot):
        self.current = snapshot
        self.browser.streams[-1].push(self._timed(snapshot))

    def shows(self, panel):
        equal(self.browser.shown(), [panel])
        equal(self.browser.first("#checkout").get("data-panel"), panel)

    def quiet(self):
        equal(self.browser.reported, [])

    def nudges(self):
        return [
            json.loads(body)["ref"] if body else None
            for method, _, body in self.browser.asked
            if method == "POST"
        ]


def approved_then_paid_then_gone_once():
    checkout = Checkout()
    checkout.says("approved", id="pay_1")
    checkout.shows("checking")
    true(checkout.browser.first("#pay").hidden, "a payment under way can be started again")
    checkout.push(snapshot(2, "processing", text={"received": "1 of 6"}))
    checkout.shows("processing")
    equal(checkout.browser.first("[data-text]").text, "1 of 6")
    checkout.push(paid(3))
    checkout.push(paid(4))
    checkout.shows("succeeded")
    checkout.browser.advance(2)
    equal(checkout.browser.gone_to, [])
    checkout.browser.advance(60)
    equal(checkout.browser.gone_to, ["https://store/back"])
    equal(checkout.nudges(), ["pay_1"])
    equal(checkout.browser.first("#continue").get("href"), "https://store/back")
    checkout.quiet()


def what_was_queued_is_taken_in_order():
    checkout = Checkout()
    checkout.says("mounted")
    checkout.says("created", id="pay_1")
    checkout.says("help", key="open_popup")
    checkout.says("approved", id="pay_1")
    checkout.browser.advance(2)
    checkout.shows("checking")
    true(checkout.browser.first("#help").hidden, "help outlived its reason")
    equal(checkout.nudges(), [None, "pay_1"])
    checkout.quiet()


def an_older_snapshot_changes_nothing():
    checkout = Checkout(snapshot(5))
    checkout.push(snapshot(6, "processing"))
    checkout.push(snapshot(5))
    checkout.shows("processing")
    checkout.push(snapshot(4, "succeeded", redirect="https://store/back"))
    checkout.browser.advance(10)
    checkout.shows("processing")
    equal(checkout.browser.gone_to, [])
    checkout.quiet()


def flags_change_within_a_version():
    checkout = Checkout()
    checkout.push(snapshot(checking=True))
    checkout.shows("checking")
    checkout.push(snapshot(unavailable=True))
    checkout.shows("unavailable")
    checkout.push(snapshot())
    checkout.shows("open")
    true(not checkout.browser.first("#pay").hidden, "not payable again")
    checkout.quiet()


def polls_until_the_stream_proves_itself():
    checkout = Checkout()  # a proxy holds the stream back: it is open, and silent
    checkout.current = snapshot(2, "processing")
    checkout.browser.advance(3.2)
    checkout.shows("processing")
    checkout.push(snapshot(3, "processing"))
    before = checkout.browser.asked_for("GET")
    checkout.browser.advance(50)
    equal(checkout.browser.asked_for("GET"), before)
    checkout.browser.advance(15)
    equal(checkout.browser.asked_for("GET"), before + 1)  # a dead connection would look the same
    checkout.quiet()


def a_broken_stream_gives_way_to_polling_and_back():
    checkout = Checkout()
    checkout.push(snapshot(2))
    checkout.browser.streams[-1].fail(closed=False)
    checkout.current = snapshot(3, "processing")
    checkout.browser.advance(4)
    checkout.shows("processing")
    equal(len(checkout.browser.streams), 1)  # the browser itself resumes this one
    checkout.push(snapshot(4, "processing"))
    before = checkout.browser.asked_for("GET")
    checkout.browser.advance(30)
    equal(checkout.browser.asked_for("GET"), before)
    checkout.quiet()


def a_refused_stream_is_tried_again_later():
    checkout = Checkout()
    checkout.browser.streams[-1].fail(closed=True)
    checkout.browser.advance(50)
    equal(len(checkout.browser.streams), 1)
    true(checkout.browser.asked_for("GET") >= 10, "did not poll instead")
    checkout.browser.advance(15)
    equal(len(checkout.browser.streams), 2)
    true(not checkout.browser.streams[0].open, "the refused stream was left open")
    checkout.push(snapshot(2, "processing"))
    checkout.shows("processing")
    checkout.quiet()


def polling_backs_off_and_waits_as_told():
    checkout = Checkout()
    checkout.status_answers = (503, 0)
    checkout.browser.advance(120)
    failures = checkout.browser.asked_for("GET")
    true(4 <= failures <= 12, "asked %d times in two minutes" % failures)  # noqa: UP031
    checkout.status_answers = (429, 45)
    checkout.browser.advance(35)
    refused = checkout.browser.asked_for("GET")
    checkout.page.wake()
    checkout.says("approved", id="pay_1")
    checkout.browser.advance(8)
    equal(checkout.browser.asked_for("GET"), refused)
    checkout.status_answers = (200, 0)
    checkout.current = snapshot(2, "processing")
    checkout.browser.advance(60)
    checkout.shows("processing")
    checkout.quiet()


def rubbish_from_the_server_stops_nothing():
    checkout = Checkout()
    checkout.browser.streams[-1].push("<html>")
    checkout.browser.streams[-1].push("[]")
    checkout.browser.streams[-1].push('{"version": null}')
    equal(len(checkout.browser.reported), 1)
    checkout.shows("open")
    checkout.browser.streams[-1].fail(closed=True)
    checkout.current = "nonsense"
    checkout.browser.advance(10)
    checkout.current = paid()
    checkout.browser.advance(10)
    checkout.shows("succeeded")


def an_unknown_status_waits():
    checkout = Checkout()
    checkout.push(snapshot(2, "teleported"))
    checkout.shows("checking")
    checkout.push(snapshot(3, "revoked"))  # known, but this page has no panel for it
    checkout.shows("checking")
    checkout.quiet()


def the_devices_clock_does_not_matter():
    checkout = Checkout(wrong_by=-86400.0 * 365)
    equal(checkout.browser.first("#countdown").text, "10:00")
    checkout.push(snapshot(2))
    checkout.browser.advance(31)
    equal(checkout.browser.first("#countdown").text, "9:29")
    checkout.quiet()


def a_sleep_is_noticed_and_the_time_corrected():
    checkout = Checkout()
    checkout.push(snapshot(2))
    checkout.browser.advance(10)
    checkout.browser.sleep(500)
    checkout.browser.advance(1.2)
    equal(checkout.browser.first("#countdown").text, "1:29")
    equal(len(checkout.browser.streams), 2)  # a stream that slept may be dead without knowing
    true(not checkout.browser.streams[0].open, "two streams at once")
    before = checkout.browser.asked_for("GET")
    checkout.push(snapshot(2))
    checkout.browser.advance(20)
    equal(checkout.browser.asked_for("GET"), before)  # noticed once, not every second
    checkout.quiet()


def the_time_speaks_three_times():
    checkout = Checkout()
    checkout.push(snapshot(2))
    heard = []
    for _ in range(605):
        checkout.browser.advance(1)
        said = checkout.browser.first("#announce").text
        if said and said not in heard:
            heard.append(said)
    equal(heard, ["5 minutes left", "1 minute left", "Over"])
    equal(checkout.browser.first("#countdown").text, "0:00")
    equal(checkout.nudges(), [None])  # the server knows whether it is over
    checkout.push(snapshot(3, "expired"))
    true(checkout.browser.first("#countdown").hidden, "still counting")
    checkout.quiet()


def the_bridge_hears_that_python_lives():
    checkout = Checkout()
    before = checkout.browser.beats
    checkout.browser.advance(30)
    true(before >= 1, "no beat before the bridge hands over")
    true(checkout.browser.beats - before >= 29, "silent")
    checkout.push(paid())
    ended = checkout.browser.beats
    checkout.browser.advance(30)
    true(checkout.browser.beats - ended >= 29, "silent at its end")


def each_state_is_said_once():
    checkout = Checkout()
    said = checkout.browser.first("#announce")
    equal(said.text, "")  # the first one is read with the page
    checkout.push(snapshot(2, "processing", text={"received": "1 of 6"}))
    equal(said.text, "processing. About it")
    said.text = ""
    checkout.push(snapshot(3, "processing", text={"received": "2 of 6"}))
    equal(said.text, "")
    equal(checkout.browser.first("#progress").get("data-step"), "1")
    steps = [step.get("aria-current") for step in checkout.browser.nodes("#progress > li")]
    equal(steps, [None, "step", None])
    checkout.quiet()


def help_is_no_failure():
    checkout = Checkout()
    checkout.says("error", message="Close Old payment QR Code window then try again")
    help_ = checkout.browser.first("#help")
    equal((help_.text, help_.hidden), ("Close the other.", False))
    checkout.shows("open")
    equal(checkout.nudges(), [])
    checkout.says("opened")
    true(help_.hidden, "help stayed")
    checkout.says("help", key="no_such_key")
    true(help_.hidden, "an empty help")
    checkout.says("help", key="open_popup")
    checkout.push(snapshot(2, "processing"))
    true(help_.hidden, "help for what is over")
    checkout.quiet()


def a_nudge_is_repeated_until_it_is_taken():
    checkout = Checkout()
    checkout.nudge_answers = [(0, 0), (503, 0), (429, 20), (202, 0)]
    checkout.says("approved", id="pay_1")
    checkout.browser.advance(10)
    equal(len(checkout.nudges()), 3)
    checkout.browser.advance(10)
    equal(len(checkout.nudges()), 3)
    checkout.browser.advance(10)
    equal(checkout.nudges(), ["pay_1"] * 4)
    checkout.browser.advance(60)
    equal(len(checkout.nudges()), 4)
    checkout.quiet()


def a_hopeless_nudge_is_given_up():
    checkout = Checkout()
    checkout.nudge_answers = [(404, 0)]
    checkout.says("closed")
    checkout.browser.advance(60)
    equal(len(checkout.nudges()), 1)
    equal(len(checkout.browser.logged), 1)


def a_nudge_during_a_nudge_is_sent_after_it():
    checkout = Checkout()
    checkout.says("closed")
    checkout.says("approved", id="pay_1")
    checkout.says("approved", id="pay_1")
    checkout.says("closed")
    checkout.browser.advance(1)
    equal(checkout.nudges(), [None, "pay_1"])
    checkout.quiet()


def a_second_attempt_after_a_decline():
    declined = {"code": "declined", "message": "No."}
    checkout = Checkout(snapshot(3, failure=declined))
    checkout.shows("declined")
    checkout.says("approved", id="pay_2")
    checkout.shows("checking")
    checkout.push(snapshot(4, failure=declined))
    checkout.shows("declined")
    true(not checkout.browser.first("#pay").hidden, "no third attempt")
    checkout.quiet()


def a_claim_that_nobody_confirms_lapses():
    checkout = Checkout()
    checkout.says("approved")
    checkout.browser.advance(CLAIM_S - 5)
    checkout.shows("checking")
    checkout.browser.advance(10)
    checkout.shows("open")
    checkout.quiet()


def back_from_a_wallet_the_provider_is_asked_at_once():
    checkout = Checkout()
    nudges = checkout.browser.asked_for("POST")
    looks = checkout.browser.asked_for("GET")
    checkout.browser.wake()
    checkout.browser.advance(1)
    equal(checkout.browser.asked_for("POST"), nudges + 1)
    equal(checkout.browser.asked_for("GET"), looks + 1)
    checkout.push(snapshot(2, "expired"))
    checkout.browser.wake()
    checkout.browser.advance(1)
    equal(checkout.browser.asked_for("POST"), nudges + 1)  # it is over: nothing to ask the provider
    checkout.quiet()


def the_end_is_quiet_and_wakes_once():
    checkout = Checkout()
    checkout.push(snapshot(2, "expired"))
    true(not checkout.browser.streams[-1].open, "still listening")
    before = len(checkout.browser.asked)
    checkout.browser.advance(600)
    equal(len(checkout.browser.asked), before)
    checkout.current = snapshot(3, "processing")  # late money
    checkout.browser.wake()
    checkout.browser.advance(1)
    checkout.shows("processing")
    equal(len(checkout.browser.streams), 2)
    checkout.quiet()


def a_page_that_is_opened_at_its_end_leaves_too():
    checkout = Checkout(paid())
    equal(checkout.browser.streams, [])
    checkout.browser.advance(3)
    equal(checkout.browser.gone_to, ["https://store/back"])
    checkout.browser.wake()  # back from the history: no bouncing
    checkout.browser.advance(30)
    equal(len(checkout.browser.gone_to), 1)
    checkout.quiet()


def a_shopper_whom_the_bridge_sent_off_is_not_sent_twice():
    checkout = Checkout(paid(), more={"left": True})
    checkout.browser.advance(10)
    equal(checkout.browser.gone_to, [])
    checkout.quiet()


def a_payment_that_was_not_there_yet_brings_a_new_page():
    checkout = Checkout(snapshot(payable=False, checking=True), more={"incomplete": True})
    checkout.push(snapshot(2, payable=False, unavailable=True))
    checkout.shows("unavailable")
    equal(checkout.browser.reloads, 0)
    checkout.push(snapshot(3))
    checkout.push(snapshot(3))
    equal(checkout.browser.reloads, 1)
    hosted_only = Checkout(more={"incomplete": True})  # payable as it is: it would load for ever
    hosted_only.push(snapshot(2))
    equal(hosted_only.browser.reloads, 0)
    checkout.quiet()


def a_way_out_that_is_withdrawn_is_not_taken():
    checkout = Checkout()
    checkout.push(paid(2, final=False))
    checkout.browser.advance(1)
    checkout.push(snapshot(3, "processing"))
    checkout.browser.advance(10)
    equal(checkout.browser.gone_to, [])
    checkout.quiet()


def a_broken_hook_stops_no_payment():
    heard = []
    hooks = Hooks()

    @hooks.on("ready")
    def broken(given):
        raise ValueError("the merchant's mistake")

    @hooks.on("succeeded")
    def greedy(given):
        given.clear()

    hooks.on("status", lambda given: heard.append(given["status"]))

    checkout = Checkout(hooks=hooks)
    checkout.push(snapshot(2))
    checkout.push(paid(3))
    checkout.browser.advance(5)
    equal(heard, ["open", "succeeded"])
    equal([str(error) for error in checkout.browser.reported], ["the merchant's mistake"])
    equal(checkout.browser.gone_to, ["https://store/back"])


def a_frame_tells_its_parent_by_exact_origin():
    origins = ["https://a.example", "https://b.example"]
    checkout = Checkout(view="embed", origins=origins, parent="https://b.example")
    checkout.push(paid())
    checkout.browser.advance(3)
    posted = checkout.browser.posted
    equal({origin for _, _, origin in posted}, {"https://b.example"})
    equal([message["type"] for _, message, _ in posted], ["status", "status", "redirect"])
    equal(
        posted[-1], ("parent", {"v": 1, "type": "redirect", "url": "https://store/back"}, "https://b.example")
    )
    equal(checkout.browser.gone_to, [])
    stranger = Checkout(view="embed", origins=origins, parent="https://evil.example")
    equal([origin for _, _, origin in stranger.browser.posted], origins)  # never to anybody else
    alone = Checkout(paid(), view="embed", origins=origins, is_framed=False)
    alone.browser.advance(3)
    equal(alone.browser.gone_to, ["https://store/back"])


def a_popup_closes_or_goes_by_itself():
    checkout = Checkout(paid(), view="popup", origins=["https://a.example"])
    checkout.browser.advance(2.6)
    equal(checkout.browser.closed, 1)
    equal([message["type"] for _, message, _ in checkout.browser.posted][-2:], ["redirect", "close"])
    equal(checkout.browser.gone_to, [])
    checkout.browser.advance(2)  # this browser would not close it
    equal(checkout.browser.gone_to, ["https://store/back"])
    orphan = Checkout(paid(), view="popup", origins=["https://a.example"], opener=False)
    orphan.browser.advance(2.6)
    equal((orphan.browser.closed, orphan.browser.gone_to), (0, ["https://store/back"]))


def back_from_a_provider_inside_our_own_page():
    for framed in (True, False):  # in a frame of it, or in a window that it opened
        checkout = Checkout(paid(), view="return", is_framed=framed, near="ours")
        checkout.browser.advance(2.6)
        whom = "parent" if framed else "opener"
        told = [entry for entry in checkout.browser.posted if entry[1]["type"] == "returned"]
        equal(told, [(whom, {"v": 1, "type": "returned"}, "https://pay.example")])
        equal((checkout.browser.closed, checkout.browser.gone_to), (0 if framed else 1, []))


def back_from_a_provider_inside_the_stores_frame():
    checkout = Checkout(
        paid(), view="return", origins=["https://a.example"], near="other", parent="https://a.example"
    )
    checkout.browser.advance(3)
    kinds = [message["type"] for _, message, _ in checkout.browser.posted]
    equal(kinds, ["status", "redirect"])
    equal(checkout.browser.gone_to, [])  # or the store would stand in its own frame


def back_from_a_provider_as_a_page():
    checkout = Checkout(paid(), view="return", is_framed=False, app=[])
    checkout.browser.advance(3)
    equal(checkout.browser.gone_to, ["https://store/back"])
    equal([message["type"] for message in checkout.browser.app], ["ready", "status", "redirect"])


def an_app_is_told_and_sees_the_navigation():
    checkout = Checkout(paid(), view="webview", app=[])
    checkout.browser.advance(3)
    equal([message["type"] for message in checkout.browser.app], ["ready", "status", "redirect"])
    equal(checkout.browser.app[1]["paid"], True)
    equal(checkout.browser.gone_to, ["https://store/back"])


SCENARIOS = (
    approved_then_paid_then_gone_once,
    what_was_queued_is_taken_in_order,
    an_older_snapshot_changes_nothing,
    flags_change_within_a_version,
    polls_until_the_stream_proves_itself,
    a_broken_stream_gives_way_to_polling_and_back,
    a_refused_stream_is_tried_again_later,
    polling_backs_off_and_waits_as_told,
    rubbish_from_the_server_stops_nothing,
    an_unknown_status_waits,
    the_devices_clock_does_not_matter,
    a_sleep_is_noticed_and_the_time_corrected,
    the_time_speaks_three_times,
    the_bridge_hears_that_python_lives,
    each_state_is_said_once,
    help_is_no_failure,
    a_nudge_is_repeated_until_it_is_taken,
    a_hopeless_nudge_is_given_up,
    a_nudge_during_a_nudge_is_sent_after_it,
    a_second_attempt_after_a_decline,
    a_claim_that_nobody_confirms_lapses,
    back_from_a_wallet_the_provider_is_asked_at_once,
    the_end_is_quiet_and_wakes_once,
    a_page_that_is_opened_at_its_end_leaves_too,
    a_shopper_whom_the_bridge_sent_off_is_not_sent_twice,
    a_payment_that_was_not_there_yet_brings_a_new_page,
    a_way_out_that_is_withdrawn_is_not_taken,
    a_broken_hook_stops_no_payment,
    a_frame_tells_its_parent_by_exact_origin,
    a_popup_closes_or_goes_by_itself,
    back_from_a_provider_inside_our_own_page,
    back_from_a_provider_inside_the_stores_frame,
    back_from_a_provider_as_a_page,
    an_app_is_told_and_sees_the_navigation,
)
