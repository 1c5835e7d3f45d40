"""A page in a browser that has never been here: what it loads, and when it came to a point."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import CDPSession, Frame, Page

from bench.lab import Lab

# Marked after the frame that shows the button: a message posted by a frame's callback is heard once it was painted.
BUTTON = """(() => {
  const shown = () => {
    const box = document.querySelector("#component, #pay-button");
    const button = [...(box?.children ?? [])].map((part) => part.shadowRoot?.querySelector("button")).find(Boolean);
    const size = button?.getBoundingClientRect();
    return size?.width && size.height && size.top < innerHeight && button.checkVisibility({ visibilityProperty: true });
  };
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => performance.mark("button");
  const look = () => (shown() ? port2.postMessage(0) : requestAnimationFrame(look));
  requestAnimationFrame(look);
})();"""

# Marked once Python has taken over from the bridge, which is when `checkout.attach` returns.
PYTHON = """(() => {
  Object.defineProperty(window, "checkout", {
    configurable: true,
    set(bridge) {
      const { attach } = bridge;
      bridge.attach = (take) => {
        attach(take);
        performance.mark("python-live");
      };
      Object.defineProperty(window, "checkout", { value: bridge, configurable: true, writable: true });
    },
  });
})();"""

_WAIT = """([name, limit]) => new Promise((done, failed) => {
  setTimeout(failed, limit, new Error(`${name}: never`));
  new PerformanceObserver((list) => {
    const [mark] = list.getEntriesByName(name);
    if (mark) done(mark.startTime);
  }).observe({ type: "mark", buffered: true });
})"""


@contextmanager
def fresh(lab: Lab, *scripts: str) -> Iterator[Page]:
    """A page with an empty cache and no open connection; `scripts` run before its own, whatever its policy."""
    context = lab.browser.new_context()
    for script in scripts:
        context.add_init_script(script)
    try:
        yield context.new_page()
    finally:
        context.close()


def reached(page: Page, url: str, mark: str, *, within: float = 60) -> float:
    """Opens `url`: milliseconds from the start of the navigation to a mark of the page's."""
    page.goto(url, wait_until="commit")
    return float(page.evaluate(_WAIT, [mark, within * 1000]))


def marked(frame: Frame, mark: str, *, within: float = 60) -> float:
    """When a frame's page came to a mark: wall time in milliseconds."""
    since = float(frame.evaluate(_WAIT, [mark, within * 1000]))
    return float(frame.evaluate("performance.timeOrigin")) + since


def devtools(page: Page) -> CDPSession:
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    return session


def slow_down(page: Page, *, latency_ms: float, megabits: float) -> None:
    """A network such as a phone's; the delay is that of each request."""
    rate = megabits * 1e6 / 8
    conditions: dict[str, Any] = {"downloadThroughput": rate, "uploadThroughput": rate}
    devtools(page).send(
        "Network.emulateNetworkConditions", {"offline": False, "latency": latency_ms, **conditions}
    )
