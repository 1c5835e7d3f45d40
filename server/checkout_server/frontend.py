"""Which files the pages load: found once at start, so that a build without them fails there and not for a shopper."""

from __future__ import annotations

from checkout_server.assets import Assets
from checkout_server.contexts import Hint, Link


class Frontend:
    """The addresses of the style sheets, the bridge, the glue and one engine. Raises `MissingAsset`.

    `prefix` is the sub-path we are mounted under, such as "/pay". `theme.css` and `glue.json` are generated:
    both are in `assets` by now.
    """

    def __init__(self, assets: Assets, prefix: str, engine: str) -> None:
        self._assets = assets
        self._prefix = prefix
        self.stylesheets = (self.link("checkout.css"), self.link("theme.css"))
        self.bridge = self.link("bridge.js")
        self.boot = self.link(f"boot/{engine}.js")
        self._glue = self.link("glue.json")
        self._engine = self.static(assets.engine(engine))
        self.hints = self._hints(engine)

    def static(self, path: str) -> str:
        return f"{self._prefix}/static/{path}"

    def link(self, name: str) -> Link:
        asset = self._assets.get(name)
        return Link(self.static(asset.hashed_name), asset.integrity)

    def component(self, provider: str) -> Link | None:
        """The script that mounts a provider's component, when it has one."""
        name = f"providers/{provider}.js"
        return self.link(name) if name in self._assets else None

    @property
    def addresses(self) -> dict[str, str]:
        """`assets` of the page's data: what the bridge and the boot module fetch."""
        return {
            "boot": self.boot.url,
            "glue": self._glue.url,
            "glue_integrity": self._glue.integrity,
            "engine": self._engine,
        }

    def _hints(self, engine: str) -> tuple[Hint, ...]:
        """What starts early saves a quarter of MicroPython's start-up; Pyodide is too heavy to race the component."""
        glue = Hint("preload", self._glue.url, "fetch")
        if engine != "micropython":
            return (glue,)
        return (
            Hint("modulepreload", f"{self._engine}micropython.mjs"),
            Hint("preload", f"{self._engine}micropython.wasm", "fetch"),
            glue,
        )
