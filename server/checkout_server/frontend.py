"""Which files the pages load: found once at start, so that a build without them fails there and not for a shopper."""

from __future__ import annotations

from checkout_server.assets import Assets
from checkout_server.page_data import Link


class Frontend:
    """The addresses of the style sheets, the bridge, the glue and one engine. Raises `MissingAsset`.

    `prefix` is the sub-path we are mounted under, such as "/pay". `theme.css` and `glue.json` are generated:
    both are in `assets` by now. What a page always loads together is served as one file, for each request more
    is time until one can pay.
    """

    def __init__(self, assets: Assets, prefix: str, engine: str) -> None:
        self._assets = assets
        self._prefix = prefix
        self.stylesheets = (self._joined("page.css", "checkout.css", "theme.css"),)
        self.bridge = self.link("bridge.js")
        self.frames = self.link("frames.js")
        self.boot = self._joined(f"boot-{engine}.js", "boot/start.js", f"boot/{engine}.js")
        self._glue = self.link("glue.json")
        self._engine = self.static(assets.engine(engine))
        self.warm = self.link("warm.js")
        self.webview = self.link("webview.js")
        self.webview_stylesheets = (*self.stylesheets, self.link("webview.css"))
        self.ahead = self._ahead(engine)

    def static(self, path: str) -> str:
        return f"{self._prefix}/static/{path}"

    def link(self, name: str) -> Link:
        asset = self._assets.get(name)
        return Link(self.static(asset.hashed_name), asset.integrity)

    def component(self, provider: str) -> Link | None:
        """The script that mounts a provider's component, when it has one."""
        name = f"providers/{provider}.js"
        return self.link(name) if name in self._assets else None

    def stylesheets_of(self, provider: str) -> tuple[Link, ...]:
        """Those of every page, and `static/providers/<name>.css` where a component needs rules of its own."""
        name = f"providers/{provider}.css"
        return (*self.stylesheets, self.link(name)) if name in self._assets else self.stylesheets

    @property
    def addresses(self) -> dict[str, str]:
        """`assets` of the page's data: what the bridge and the boot module fetch."""
        return {
            "boot": self.boot.url,
            "glue": self._glue.url,
            "glue_integrity": self._glue.integrity,
            "engine": self._engine,
        }

    def _ahead(self, engine: str) -> tuple[str, ...]:
        """All that a checkout will load, whoever its provider is."""
        files = self._assets.engine_files(engine)
        links = (*self.stylesheets, self.bridge, self.frames, self.boot, self._glue)
        return (
            *(link.url for link in links),
            *(f"{self._engine}{name}" for name in files if name.endswith((".mjs", ".wasm", ".zip"))),
        )

    def _joined(self, name: str, *parts: str) -> Link:
        self._assets.add(name, b"\n".join(self._assets.get(part).content for part in parts))
        return self.link(name)
