"""Wires the page together. The boot module calls `start` once the engine runs."""

from checkout_ui import hooks
from checkout_ui.host import Host
from checkout_ui.page import Page
from checkout_ui.providers import reader


def start() -> None:
    """Takes over from the bridge, or tells it to carry on alone."""
    from checkout_ui.runtime import Browser  # here, so that tests can wire a page without a browser

    browser = Browser()
    try:
        page = wire(browser, browser.data())
        page.start()
    except Exception as error:  # a page of ours that cannot start leaves it to the bridge, and says why
        browser.report(error)
        browser.say("engine_failed", {"reason": str(error)})
    else:
        browser.attach(page.take)


def wire(runtime: object, data: "dict[str, object]") -> Page:
    for name in data.get("hooks", ()):
        try:
            __import__(name)
        except Exception as error:  # the merchant's module: whatever it raises, the payment goes on
            runtime.report(error)
    hooks.registry.attach(runtime)
    host = Host(runtime, data["view"], data.get("host_origins") or [])
    return Page(runtime, data, host, hooks.registry, reader(data["provider"]))
