"""The events that every component's script says in the same words.

`read(type, detail)` answers what they mean for the page, as a list of
`("claim", ref)`   the component says that it is paid: show *checking*, and ask the server to look
`("nudge", ref)`   something may have changed: ask the server to look
`("help", key)`    show the shopper this sentence of the page's `words`; None takes it away
`ref` is the provider's id of the payment, or None where the browser has none to report.
"""


def ref_of(detail: "dict[str, object]") -> "str | None":
    ref = detail.get("id")
    return ref if isinstance(ref, str) and ref else None


def read(type: str, detail: "dict[str, object]") -> "list[tuple[str, str | None]]":  # noqa: A002 - the word of events
    if type == "approved":
        return [("help", None), ("claim", ref_of(detail))]
    if type == "created":
        # Without its id: a payment that was only created has nothing to be looked at yet.
        return [("nudge", None)]
    if type == "help":
        return [("help", str(detail.get("key")))]
    if type in ("error", "closed", "returned"):
        # The component gave up or went away, or the shopper came back: perhaps after the money went out.
        return [("nudge", None)]
    return []
