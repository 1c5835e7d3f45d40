"""Asks the server to look at the provider again, until it says that it will."""

import json

FIRST_S = 1.0
MAX_S = 30.0
# The same request will be refused again: repeating it helps nobody.
HOPELESS = (400, 401, 403, 404, 405, 410, 413, 415, 422)


class Nudger:
    """One request at a time; a nudge that comes meanwhile is sent after it, since the server may have looked already."""

    def __init__(self, runtime: object, url: str) -> None:
        self._runtime = runtime
        self._url = url
        self._waiting: "list[str | None]" = []
        self._busy = False
        self._stopped = False
        self._delay = FIRST_S

    def nudge(self, ref: "str | None" = None) -> None:
        """`ref` is the provider's id of a payment, where the browser knows one that the server may not."""
        pending = self._waiting[1:] if self._busy else self._waiting
        if ref in pending or (ref is None and pending):
            return
        self._stopped = False
        self._waiting.append(ref)
        self._send()

    def stop(self) -> None:
        self._stopped = True
        self._waiting = self._waiting[:1] if self._busy else []

    def _send(self) -> None:
        if self._busy or not self._waiting:
            return
        self._busy = True
        ref = self._waiting[0]
        body = None if ref is None else json.dumps({"ref": ref})
        self._runtime.ask("POST", self._url, body, self._answered)

    def _answered(self, status: int, wait: float, text: str) -> None:
        if 200 <= status < 300 or status in HOPELESS or self._stopped:
            if status in HOPELESS:
                self._runtime.log("the server refused a nudge: %d %s" % (status, text[:200]))
            self._delay = FIRST_S
            self._waiting.pop(0)
            self._again()
            return
        self._runtime.after(max(wait, self._delay), self._again)
        self._delay = min(self._delay * 2, MAX_S)

    def _again(self) -> None:
        self._busy = False
        self._send()
