"""The merchant's own Python on the page.

    from checkout_ui.hooks import on

    @on("succeeded")
    def thank(snapshot):
        ...

Names: `ready`, `status` (each new status), and every status by its own name. A hook gets the snapshot, may be
`async`, decides nothing and can break nothing: its errors go to the console.
"""


class Hooks:
    def __init__(self) -> None:
        self._by_name: "dict[str, list[object]]" = {}

    def on(self, name: str, fn: object = None) -> object:
        """Registers `fn`, or works as a decorator without it."""
        if fn is None:
            return lambda fn: self.on(name, fn)
        self._by_name.setdefault(name, []).append(fn)
        return fn

    def emit(self, name: str, snapshot: "dict[str, object]", runtime: object) -> None:
        for fn in self._by_name.get(name, ()):
            try:
                result = fn(dict(snapshot))
                if hasattr(result, "send"):  # a coroutine, which MicroPython calls a generator
                    runtime.spawn(result)
            except Exception as error:
                runtime.report(error)


# What merchants register on; the page takes it from here once.
registry = Hooks()
on = registry.on
