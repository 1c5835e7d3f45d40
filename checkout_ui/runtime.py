"""The only module that knows MicroPython, Pyodide and PyScript, and the only one that imports `js`.

What crosses the border is text, floats and booleans: MicroPython cuts integers to 32 bits, cannot catch what
JavaScript throws, and takes some rejections for success (docs/browser-python.md). Hence `bridge.safe` and
`bridge.ask`, which never throw and never reject. No error of ours reaches JavaScript either.
"""

import asyncio
import json
import sys
import time

import js

try:
    from pyodide.ffi import create_proxy
except ImportError:
    from jsffi import create_proxy

CLOSED = 2  # EventSource.readyState


class Timer:
    """Something that is under way and may be called off."""

    def __init__(self) -> None:
        self.task = None

    def cancel(self) -> None:
        if self.task is not None:
            self.task.cancel()
            self.task = None


class Stream:
    """Server-sent events; the browser resumes them with Last-Event-ID."""

    def __init__(self, url: str, pushed: object, broke: object) -> None:
        self._source = js.EventSource.new(url)
        self._proxies = [
            ("snapshot", create_proxy(lambda event: pushed(event.data))),
            ("error", create_proxy(lambda event=None: broke(self._source.readyState == CLOSED))),
        ]
        for name, proxy in self._proxies:
            self._source.addEventListener(name, proxy)

    def close(self) -> None:
        self._source.close()
        for name, proxy in self._proxies:
            self._source.removeEventListener(name, proxy)
        self._proxies = []


class Node:
    """An element of the page."""

    def __init__(self, element: object) -> None:
        self._element = element

    @property
    def text(self) -> str:
        return self._element.textContent

    @text.setter
    def text(self, value: str) -> None:
        if self._element.textContent != value:  # a live region would repeat itself
            self._element.textContent = value

    @property
    def hidden(self) -> bool:
        return bool(self._element.hidden)

    @hidden.setter
    def hidden(self, value: bool) -> None:
        self._element.hidden = value

    def get(self, name: str) -> "str | None":
        # Asked first: a missing attribute is null, which is None here and an object of its own there.
        return self._element.getAttribute(name) if self._element.hasAttribute(name) else None

    def set(self, name: str, value: "str | None") -> None:
        if value is None:
            self._element.removeAttribute(name)
        else:
            self._element.setAttribute(name, value)

    def nodes(self, selector: str) -> "list[Node]":
        return _nodes(self._element, selector)


def _nodes(root: object, selector: str) -> "list[Node]":
    found = root.querySelectorAll(selector)
    return [Node(found.item(index)) for index in range(found.length)]


class Browser:
    """What the page may ask of the browser. Times are seconds."""

    def __init__(self) -> None:
        self._bridge = js.checkout

    # -- the bridge

    def data(self) -> "dict[str, object]":
        return json.loads(js.JSON.stringify(self._bridge.data))

    def say(self, type: str, detail: "dict[str, object]") -> None:  # noqa: A002 - the word of events
        self._bridge.say(type, js.JSON.parse(json.dumps(detail)))

    def attach(self, take: object) -> None:
        self._bridge.attach(create_proxy(self._guarded(take)))

    def beat(self) -> None:
        """Shows the bridge that Python is alive; it takes over from one that falls silent."""
        self._bridge.beat()

    # -- the network

    def ask(self, method: str, url: str, body: "str | None", done: object) -> Timer:
        """`done(status, retry_after, text)`; status 0 when there was no answer."""

        timer = Timer()

        async def run() -> None:
            if body is None:
                answer = await self._bridge.ask(method, url)
            else:
                answer = await self._bridge.ask(method, url, body)
            timer.task = None
            status, wait, text = json.loads(answer)
            self._guarded(done)(status, wait, text)

        return self._started(run, timer)

    def stream(self, url: str, pushed: object, broke: object) -> Stream:
        """`pushed(text)` for each snapshot; `broke(closed)` when the browser lost the stream."""
        return Stream(url, self._guarded(pushed), self._guarded(broke))

    # -- time

    def now(self) -> float:
        """A clock that nobody sets; it may stand still while the device sleeps."""
        return js.performance.now() / 1000

    def wall(self) -> float:
        """The device's clock, right or wrong."""
        return time.time()

    def random(self) -> float:
        return js.Math.random()

    def after(self, seconds: float, fn: object) -> Timer:
        timer = Timer()

        async def run() -> None:
            await asyncio.sleep(seconds)
            timer.task = None  # from here on there is nothing to call off
            self._guarded(fn)()

        return self._started(run, timer)

    def spawn(self, coroutine: object) -> Timer:
        async def run() -> None:
            try:
                await coroutine
            except Exception as error:  # a hook's: nobody else waits for it
                self.report(error)

        return self._started(run, Timer())

    def on_wake(self, fn: object) -> None:
        """`fn()` when the page is seen again, online again, or back from the history."""
        guarded = self._guarded(fn)

        def visible(event: object = None) -> None:
            if js.document.visibilityState == "visible":
                guarded()

        def shown(event: object = None) -> None:
            if event.persisted:
                guarded()

        js.document.addEventListener("visibilitychange", create_proxy(visible))
        js.window.addEventListener("pageshow", create_proxy(shown))
        js.window.addEventListener("online", create_proxy(lambda event=None: guarded()))

    # -- the page

    def nodes(self, selector: str) -> "list[Node]":
        return _nodes(js.document, selector)

    def go(self, url: str) -> None:
        """Leaves for `url`; the back button will not return here."""
        self._call(js.location, "replace", url)

    def reload(self) -> None:
        self._call(js.location, "reload")

    def close_window(self) -> None:
        self._call(js.window, "close")

    # -- whoever holds the page

    def framed(self) -> bool:
        return bool(self._bridge.framed)

    def around(self) -> str:
        """Whose page holds this one, as its frame or as the window that opened it: `ours`, `other`, or "" for nobody."""
        return getattr(self._bridge, "around", None) or ""

    def origin(self) -> str:
        return str(js.location.origin)

    def parent_origin(self) -> "str | None":
        """The origin of the frame around us, where the browser tells."""
        ancestors = getattr(js.location, "ancestorOrigins", None)
        if ancestors and ancestors.length:
            return ancestors.item(0)
        return "/".join(js.document.referrer.split("/")[:3]) or None

    def post(self, whom: str, text: str, origin: str) -> bool:
        """postMessage to `parent` or `opener`; False when there is none."""
        return not self._bridge.safe(self._bridge.post, whom, text, origin)[0]

    def tell_app(self, text: str) -> bool:
        """Hands a message to the native app around a WebView; False when none listens."""
        told = False
        for path in ("ReactNativeWebView", "webkit.messageHandlers.checkout", "CheckoutHost"):
            listener = _look_up(path)
            if listener:
                told = self._call(listener, "postMessage", text) or told
        flutter = _look_up("flutter_inappwebview")
        if flutter:
            told = self._call(flutter, "callHandler", "checkout", text) or told
        return told

    # -- what went wrong

    def log(self, text: str) -> None:
        js.console.warn("checkout: " + text)

    def report(self, error: Exception) -> None:
        js.console.error("checkout: " + _trace(error))

    def _guarded(self, fn: object) -> object:
        def call(*args: object) -> None:
            try:
                fn(*args)
            except (
                Exception
            ) as error:  # in JavaScript it would leak stack in MicroPython (docs/browser-python.md)
                self.report(error)

        return call

    def _started(self, run: object, timer: Timer) -> Timer:
        timer.task = asyncio.create_task(run())
        return timer

    def _call(self, owner: object, name: str, *args: str) -> bool:
        answer = self._bridge.safe(js.Reflect.apply, getattr(owner, name), owner, js.Array.of(*args))
        if answer[0]:
            self.log(name + ": " + str(answer[0]))
        return not answer[0]


def _look_up(path: str) -> object:
    found = js.window
    for name in path.split("."):
        found = getattr(found, name, None)
        if not found:
            return None
    return found


def _trace(error: Exception) -> str:
    if hasattr(sys, "print_exception"):  # MicroPython
        import io

        out = io.StringIO()
        sys.print_exception(error, out)
        return out.getvalue()
    import traceback

    return "".join(traceback.format_exception(error))
