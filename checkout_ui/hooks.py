"""The merchant's own Python on the page.

    from checkout_ui import on, say

    @on("succeeded")
    def thank(snapshot):
        say("See you soon.")

Names: `ready`, `status` (each new status), and every status by its own name. A hook gets the snapshot, may be
`async`, decides nothing and can break nothing: its errors go to the console. `say` puts a sentence below what
the page says itself; an empty one takes it away.
"""


class Hooks:
    def __init__(self) -> None:
        self._by_name: "dict[str, list[object]]" = {}
        self._runtime = None
        self._said = None  # before there was a page

    def on(self, name: str, fn: object = None) -> object:
        """Registers `fn`, or works as a decorator without it."""
        if fn is None:
            return lambda fn: self.on(name, fn)
        self._by_name.setdefault(name, []).append(fn)
        return fn

    def say(self, text: str) -> None:
        """As text, never as markup."""
        self._said = str(text)
        if self._runtime is not None:
            for node in self._runtime.nodes("#note"):
                node.text = self._said
                node.hidden = not self._said

    def attach(self, runtime: object) -> None:
        """The page is there."""
        self._runtime = runtime
        if self._said is not None:
            self.say(self._said)

    def emit(self, name: str, snapshot: "dict[str, object]", runtime: object) -> None:
        for fn in self._by_name.get(name, ()):
            try:
                result = fn(dict(snapshot))
                if hasattr(result, "send"):  # a coroutine, which MicroPython calls a generator
                    runtime.spawn(result)
            except Exception as error:  # the merchant's code: whatever it raises, the payment goes on
                runtime.report(error)


# What merchants register on; the page takes it from here once.
registry = Hooks()
on = registry.on
say = registry.say
