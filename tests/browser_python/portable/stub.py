"""A browser without one: the interface of `checkout_ui.runtime.Browser`, with a clock that tests move by hand."""

import json

PANELS = ("open", "checking", "unavailable", "declined", "already_paid", "processing", "succeeded", "expired")


class Timer:
    def __init__(self, at, number, fn):
        self.key = (at, number)
        self.fn = fn
        self.cancelled = False

    def cancel(self):
        self.cancelled = True


class Node:
    def __init__(self, children=None, hidden=False, **attributes):
        self.text = ""
        self.hidden = hidden
        self._children = children or {}
        self._attributes = {name.replace("_", "-"): value for name, value in attributes.items()}

    def get(self, name):
        return self._attributes.get(name)

    def set(self, name, value):
        self._attributes[name] = value

    def nodes(self, selector):
        return self._children.get(selector, [])


class Stream:
    def __init__(self, runtime, pushed, broke):
        self._runtime = runtime
        self._pushed = pushed
        self._broke = broke
        self.open = True

    def close(self):
        self.open = False

    def push(self, snapshot):
        text = snapshot if isinstance(snapshot, str) else json.dumps(snapshot)
        self._runtime.guarded(self._pushed, text)

    def fail(self, closed):
        self._runtime.guarded(self._broke, closed)


def _section(name):
    headline, says = Node(), Node()
    headline.text, says.text = name, "About\n   it"
    return Node({"h1, h2": [headline], "p": [says]}, name != "open", data_panel=name)


class Runtime:
    def __init__(self):
        self.time = 100.0
        self.asleep = 0.0  # seconds that passed without `now` noticing
        self.wrong_by = 0.0  # the device's clock
        self.beats = 0
        self.asked = []
        self.streams = []
        self.gone_to = []
        self.posted = []
        self.app = None  # a list, where a native app listens
        self.opener = True
        self.closed = 0
        self.reloads = 0
        self.reported = []
        self.logged = []
        self.spawned = []
        self.is_framed = True
        self.parent = None
        self.near = ""
        self.server = lambda method, url, body: (0, 0, "")
        self._timers = []
        self._number = 0
        self._wake = None
        self.page = {
            "#checkout": [Node(data_panel="open")],
            "section[data-panel]": [_section(name) for name in PANELS],
            "[data-text]": [Node(data_text="received")],
            "#progress > li": [Node(), Node(), Node()],
        }
        for selector in ("#pay", "#countdown", "#announce", "#help", "#continue", "#progress"):
            self.page[selector] = [Node()]

    # -- what the page asks

    def nodes(self, selector):
        return self.page.get(selector, [])

    def ask(self, method, url, body, done):
        self.asked.append((method, url, body))
        status, wait, text = self.server(method, url, body)
        return self.after(0.05, lambda: done(status, wait, text))

    def stream(self, url, pushed, broke):
        self.streams.append(Stream(self, pushed, broke))
        return self.streams[-1]

    def now(self):
        return self.time

    def wall(self):
        return self.time + self.asleep + self.wrong_by

    def random(self):
        return 0.5

    def after(self, seconds, fn):
        self._number += 1
        timer = Timer(self.time + seconds, self._number, fn)
        self._timers.append(timer)
        return timer

    def beat(self):
        self.beats += 1

    def spawn(self, coroutine):
        self.spawned.append(coroutine)

    def on_wake(self, fn):
        self._wake = fn

    def go(self, url):
        self.gone_to.append(url)

    def reload(self):
        self.reloads += 1

    def close_window(self):
        self.closed += 1

    def framed(self):
        return self.is_framed

    def around(self):
        return self.near

    def origin(self):
        return "https://pay.example"

    def parent_origin(self):
        return self.parent

    def post(self, whom, text, origin):
        if whom == "opener" and not self.opener:
            return False
        self.posted.append((whom, json.loads(text), origin))
        return True

    def tell_app(self, text):
        if self.app is None:
            return False
        self.app.append(json.loads(text))
        return True

    def log(self, text):
        self.logged.append(text)

    def report(self, error):
        self.reported.append(error)

    # -- what a test does

    def guarded(self, fn, *args):
        try:
            fn(*args)
        except Exception as error:  # noqa: BLE001 - as the browser's runtime does
            self.report(error)

    def advance(self, seconds):
        """Lets time pass, and everything happen that falls due."""
        end = self.time + seconds
        while True:
            self._timers = [timer for timer in self._timers if not timer.cancelled]
            due = [timer for timer in self._timers if timer.key[0] <= end]
            if not due:
                break
            timer = min(due, key=lambda timer: timer.key)
            self._timers.remove(timer)
            self.time = max(self.time, timer.key[0])
            self.guarded(timer.fn)
        self.time = end

    def sleep(self, seconds):
        """The device sleeps: no timer runs, and the monotonic clock stands still."""
        self.asleep += seconds

    def wake(self):
        self.guarded(self._wake)

    def first(self, selector):
        return self.page[selector][0]

    def shown(self):
        return [node.get("data-panel") for node in self.page["section[data-panel]"] if not node.hidden]

    def asked_for(self, method):
        return len([entry for entry in self.asked if entry[0] == method])
