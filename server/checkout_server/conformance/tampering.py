"""A payment that is not as we created it waits for a person; what nobody understands concludes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from checkout_server.conformance.bench import Bench
from checkout_server.conformance.case import Case, case, holds, same
from checkout_server.conformance.profile import Fields
from checkout_server.money import Money
from checkout_server.providers.base import Observation

# What a review is called, and what of an observation tells of the field. `id` is always told.
_FIELDS = {
    "currency": "currency_mismatch",
    "mode": "mode_mismatch",
    "id": "ref_mismatch",
    "reference": "reference_mismatch",
    "terms": "terms_mismatch",
}


def _said(seen: Observation, name: str) -> bool:
    """Whether an observation tells of this field."""
    if name == "currency":
        return seen.currency is not None or seen.amount is not None
    return name == "id" or bool(getattr(seen, name)) or getattr(seen, name) == ""


async def _not_told(bench: Bench, name: str) -> None:
    """The profile knows no such field of the provider's: then the adapter may not have one either."""
    session = await bench.create()
    await bench.do(session, bench.succeeding)
    await bench.until(session, bench.success)
    if name == "currency" and bench.price(session) is None:
        return
    told = any(_said(seen, name) for seen in bench.seen)
    holds(f"the adapter reads the {name}, so the profile has to say another one", not told)


def _other(name: str, reason: str) -> Case:
    @case(name=f"another_{name}")
    async def other(bench: Bench) -> None:
        """The payment succeeded, and says another value than ours: a person looks at it."""
        fields = bench.profile.another.get(name)
        if fields is None:
            await _not_told(bench, name)
            return
        session = await bench.create()
        bench.tamper(session, fields)
        await bench.do(session, bench.succeeding)
        await bench.in_review(session, reason)
        same("what the merchant was told", bench.store.types, ["session.review"])

    return other


def _other_later(name: str, reason: str) -> Case:
    @case(name=f"another_{name}_later")
    async def later(bench: Bench) -> None:
        """The same of a payment that was paid before: what was true is not forgotten, and a person looks."""
        fields = bench.profile.another.get(name)
        if fields is None:
            await _not_told(bench, name)
            return
        session = await bench.create()
        await bench.do(session, bench.succeeding)
        before = await bench.until(session, bench.success)
        bench.tamper(session, fields)
        await bench.forward(minutes=31)
        after = await bench.get(session)
        same("the session", (after["status"], after["review_reason"]), ("review", reason))
        same("what was received", after["amount_received"], before["amount_received"])

    return later


OTHERS = tuple(_other(name, reason) for name, reason in _FIELDS.items())
LATER = tuple(_other_later(name, reason) for name, reason in _FIELDS.items())


@case(kinds=("payment",))
async def another_amount_later(bench: Bench) -> None:
    """A payment that was paid, and is then priced otherwise."""
    session = await bench.create()
    await bench.do(session, "pay")
    before = await bench.until(session, "succeeded")
    price = bench.price(session)
    if bench.profile.priced is None or price is None:
        same("what is expected where the provider sets the price", price, None)
        return
    bench.tamper(session, bench.profile.priced(Money(price.units // 2, price.currency)))
    await bench.forward(minutes=31)
    after = await bench.get(session)
    same("the session's status", after["status"], "review")
    same("what was received", after["amount_received"], before["amount_received"])


@case(kinds=("payment",))
async def no_amount(bench: Bench) -> None:
    """A success that does not say how much: paid is never concluded from silence."""
    session = await bench.create()
    price = bench.price(session)
    if bench.profile.priced is None or price is None:
        same("what is expected where the provider sets the price", price, None)
        return
    bench.tamper(session, dict.fromkeys(bench.profile.priced(price)))
    bench.act(session["provider_ref"], "pay")
    for _ in range(6):
        await bench.forward(seconds=20)
        holds("a success without an amount is not paid", not (await bench.get(session))["paid"])


@case()
async def an_unknown_status(bench: Bench) -> None:
    """A word that no document names is still open: neither a success nor an end."""
    session = await bench.create()
    bench.tamper(session, bench.profile.unknown_status)
    await bench.do(session, bench.succeeding)
    found = await bench.get(session)
    holds(f"an unknown status is {found['status']}", found["status"] in ("open", "processing"))
    await bench.forward(minutes=2)
    found = await bench.get(session)
    holds(f"an unknown status is {found['status']}", found["status"] in ("open", "processing"))
    bench.tamper(session, {})
    await bench.until(session, bench.success)


@case()
async def unknown_fields(bench: Bench) -> None:
    """The provider's answers grow: what is not known is not looked at."""
    session = await bench.create()
    more: dict[str, Any] = {"brand_new": {"list": [1, None, {"deep": "größer"}]}, "": 10**30, "x" * 5000: []}
    bench.tamper(session, more)
    await bench.do(session, bench.succeeding)
    await bench.until(session, bench.success)


def _nonsense(bench: Bench) -> list[Fields]:
    """Values of a kind that the fields we know of can never have, in place of each of them, at any depth."""
    known: list[Fields] = [*bench.profile.another.values(), bench.profile.unknown_status]
    if bench.profile.priced is not None:
        known.append(bench.profile.priced(Money(2500, "USD")))
    values: tuple[Any, ...] = ([], {}, True, -1, "\x00", "NaN", [None] * 3)
    return [spoilt for fields in known for value in values for spoilt in _spoilt(fields, value)]


def _spoilt(fields: Fields, value: Any) -> Iterator[Fields]:
    for name, held in fields.items():
        yield {**fields, name: value}
        if isinstance(held, Mapping):
            yield from ({**fields, name: inner} for inner in _spoilt(held, value))


@case()
async def nonsense(bench: Bench) -> None:
    """Fields of the wrong kind: an answer nobody can read, or a payment that is not ours; never paid, never a crash."""
    session = await bench.create()
    for fields in _nonsense(bench):
        bench.tamper(session, fields)
        await _fetched(bench, session["provider_ref"])
    bench.tamper(session, {})
    holds("the payment can be read again", await _fetched(bench, session["provider_ref"]))


async def _fetched(bench: Bench, ref: str) -> bool:
    """Reads it as the server does. What the contract does not allow to come out is noted by the watch."""
    try:
        seen = await bench.provider.fetch(ref)
    except Exception:  # noqa: BLE001 - the watch tells which were allowed; here only whether it could be read
        return False
    holds(
        f"an unpaid payment is {seen.state} when its fields are nonsense",
        seen.state not in ("succeeded", "approved"),
    )
    return True


@case()
async def ids_of_nothing(bench: Bench) -> None:
    """An id that was never given, or cannot be one, is not found: it changes neither the path nor anything else."""
    session = await bench.create()
    for ref in (
        "never-given",
        "../../x",
        "",
        "a b",
        "é",
        f"{session['provider_ref']}/../x",
        "%2e%2e",
        "x" * 3000,
    ):
        holds(f"{ref[:40]!r} is no payment", not await _fetched(bench, ref))


@case()
async def no_longer_so(bench: Bench) -> None:
    """The provider takes a success back: it is not forgotten that there was one, and a person looks."""
    if bench.profile.unpaid is None:
        return
    session = await bench.create()
    await bench.do(session, bench.succeeding)
    await bench.until(session, bench.success)
    bench.tamper(session, bench.profile.unpaid)
    await bench.forward(minutes=31)
    found = await bench.get(session)
    if bench.provider.kind == "payment":
        same("the session", (found["status"], found["review_reason"]), ("review", "reversed"))
        holds("it has to be told", "session.review" in bench.store.types)
    else:
        holds("an approval that was taken back is none", found["status"] != "approved")


@case(kinds=("payment",))
async def a_transfer_that_settled_another(bench: Bench) -> None:
    """Where the provider names the transfer behind a payment: one transfer settles one session."""
    first, second = await bench.create(), await bench.create(order_id="order-2")
    await bench.do(first, "pay")
    await bench.until(first, "succeeded")
    named = [seen.transaction for seen in bench.seen if seen.transaction is not None]
    if not named:
        return  # it names none, so there is nothing to show twice
    raw = bench.sandbox.payment(first["provider_ref"])
    shown = {key: value for key, value in raw.items() if named[-1].lower() in str(value).lower()}
    holds("the transfer stands in the provider's own answer", shown)
    bench.tamper(second, shown)
    await bench.do(second, "pay")
    await bench.in_review(second, "transaction_reused")
