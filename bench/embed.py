"""(f) What `embed.js` weighs, and time from a click in the store until the provider's button is on screen in the frame."""

from __future__ import annotations

from playwright.sync_api import Frame, Page

from bench.figures import Aim, Figure, Sample
from bench.lab import Lab
from bench.pages import BUTTON, fresh, marked
from bench.turns import in_turn

TITLE = "In a store's page"
ROUNDS = 15

# All that the hidden frame fetches ahead has come.
_WARMED = """() => new Promise((done) => {
  const links = () => [...document.querySelectorAll("link[rel=ahead]")];
  const all = () => links().length && links().every(({ href }) => performance.getEntriesByName(href).length);
  const look = () => (all() ? done() : setTimeout(look, 20));
  look();
})"""


def run(lab: Lab, rounds: int) -> list[Figure]:
    def ours(*, warm: bool) -> float:
        url, _ = lab.framed("button")
        return shown(lab, url, "/checkout/", warm=warm)

    def bare() -> float:
        inner = lab.bare_page(lab.session())
        return shown(lab, f"{lab.store}/store/bare?session={inner}", "/pay?", warm=False)

    taken = in_turn(rounds, cold=lambda: ours(warm=False), warm=lambda: ours(warm=True), bare=bare)
    baseline = Sample("a bare frame with the provider's snippet, cold", taken["bare"])
    return [
        Figure(
            key="f.bytes",
            title="embed.js",
            unit="kB",
            ours=Sample("gzipped, without headers", [weight(lab) for _ in range(rounds)]),
            aim=Aim("median", 2),
        ),
        Figure(
            key="f.cold",
            title=f"{TITLE}, from a click until the provider's button is on screen: not warmed up",
            unit="ms",
            ours=Sample("the modal of embed.js, cold", taken["cold"]),
            baseline=baseline,
        ),
        Figure(
            key="f.warm",
            title=f"{TITLE}, from a click until the provider's button is on screen: warmed up",
            unit="ms",
            ours=Sample("the modal of embed.js, after its warm-up", taken["warm"]),
            baseline=baseline,
        ),
    ]


def weight(lab: Lab) -> float:
    """Of the body, in kB."""
    answer = lab.http.get(f"{lab.checkout()}/embed.js", headers={"accept-encoding": "gzip"})
    if answer.raise_for_status().headers.get("content-encoding") != "gzip":
        raise RuntimeError("embed.js is not gzipped")
    return answer.num_bytes_downloaded / 1000


def shown(lab: Lab, url: str, inner: str, *, warm: bool) -> float:
    """Milliseconds from the click to the button in the frame, whose address contains `inner`."""
    with fresh(lab, BUTTON) as page:
        page.goto(url)
        if warm:
            _warm_up(page)
        frame = _opened(page, inner)
        return marked(frame, "button") - float(page.evaluate("clicked"))


def _warm_up(page: Page) -> None:
    """The shopper comes near the button, and all is there before they press it."""
    with page.expect_event("framenavigated", lambda frame: frame.url.endswith("/warm")) as came:
        page.hover("#open")
    came.value.evaluate(_WARMED)


def _opened(page: Page, inner: str) -> Frame:
    with page.expect_event("framenavigated", lambda frame: inner in frame.url and frame.parent_frame) as came:
        # Not by the mouse, which would come near the button first.
        page.evaluate("document.getElementById('open').click()")
    frame: Frame = came.value
    return frame
