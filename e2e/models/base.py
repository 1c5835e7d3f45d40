"""What every page object can say of itself."""

from __future__ import annotations

from playwright.sync_api import FrameLocator, Locator, Page

# The basics that no state of a page may lack. Names are computed roughly: enough to miss none that is empty.
BASICS = """() => {
  const found = [];
  const seen = (node) => node.checkVisibility({ visibilityProperty: true });
  const name = (node) =>
    (node.getAttribute("aria-label") || node.textContent || node.value || node.title || "").trim() ||
    (node.labels && [...node.labels].map((label) => label.textContent.trim()).join(" "));
  const headings = [...document.querySelectorAll("h1")].filter(seen);
  if (headings.length !== 1) found.push(`${headings.length} visible h1`);
  if (!document.documentElement.lang) found.push("no language");
  if (!document.title.trim()) found.push("no title");
  if ([...document.querySelectorAll("main")].filter(seen).length !== 1) found.push("not one main landmark");
  const live = document.querySelectorAll("#checkout [aria-live], #checkout [role=alert], #checkout [role=status]");
  if (live.length > 1) found.push(`${live.length} live regions`);
  for (const node of document.querySelectorAll("a[href], button, input, select, textarea"))
    if (seen(node) && !name(node)) found.push(`no name: ${node.outerHTML.slice(0, 80)}`);
  for (const image of document.images) if (seen(image) && !image.hasAttribute("alt")) found.push(`no alt: ${image.src}`);
  for (const node of document.querySelectorAll("[aria-hidden=true] :is(a[href], button, input)"))
    if (seen(node)) found.push(`hidden from some, reachable by all: ${node.outerHTML.slice(0, 80)}`);
  const ids = [...document.querySelectorAll("[id]")].map((node) => node.id);
  for (const id of new Set(ids)) if (ids.indexOf(id) !== ids.lastIndexOf(id)) found.push(`twice: #${id}`);
  if (document.documentElement.scrollWidth > innerWidth) found.push(`scrolls sideways at ${innerWidth} px`);
  return found;
}"""


class PageModel:
    """A page in a tab, or in a frame of it. `violations` lists what its policy blocked and what it lacks for everyone
    to use it."""

    def __init__(self, page: Page, frame: FrameLocator | None = None) -> None:
        self.page = page
        self.inside = frame or page

    @property
    def main(self) -> Locator:
        return self.inside.get_by_role("main")

    @property
    def heading(self) -> Locator:
        return self.inside.get_by_role("heading", level=1)

    def is_visible(self) -> bool:
        return self.main.is_visible()

    def violations(self) -> list[str]:
        blocked: list[str] = self.page.evaluate("window.__seen?.violations ?? []")
        lacking: list[str] = self.page.evaluate(BASICS)
        return blocked + lacking
