"""Amounts are exact to the last digit, or they are not sent."""

from __future__ import annotations

from checkout_server.conformance.bench import Bench
from checkout_server.conformance.case import Case, answered, case, holds, same
from checkout_server.money import EXPONENTS, FIAT, Money, scaled
from checkout_server.providers.base import Capability

# 2**53 + 1: the first whole number that a float cannot hold. In units, so that every currency meets it.
_BEYOND_FLOATS = 9_007_199_254_740_993
_ODD = 1_234_567


def _exact(decimals: int) -> Case:
    @case(name=f"exact_with_{decimals}_decimals", kinds=("payment",))
    async def exact(bench: Bench) -> None:
        """In each kind of currency: taken and kept to the unit, or refused before anything is sent."""
        for currency in _some(decimals):
            await _taken_or_refused(bench, Money(_ODD, currency))
            await _taken_or_refused(bench, Money(_BEYOND_FLOATS, currency))

    return exact


def _some(decimals: int) -> list[str]:
    """Two currencies of each sort: whoever takes one may count the next differently."""
    known = sorted(code for code, digits in EXPONENTS.items() if digits == decimals)
    common = [
        code for code in ("USD", "EUR", "JPY", "KRW", "KWD", "USDC", "USDT", "ETH", "CRO") if code in known
    ]
    rest = [code for code in known if code not in common]
    return (common + [code for code in rest if code in FIAT][:1])[:3]


async def _taken_or_refused(bench: Bench, money: Money) -> None:
    before, held = len(bench.line.heard), bench.payments
    more = bench.profile.order_in(money.currency)
    order = {"amount": money.text, "currency": money.currency, "order_id": f"order-{before}", **more}
    answer = await bench.ask(**order)
    if answer.status_code == 422:
        same(f"requests to the provider about {money}", len(bench.line.heard), before)
        return
    if answered(answer) == (502, "provider_error"):
        same(f"payments of {money}, which the provider does not take", bench.payments, held)
        return
    same(f"the answer about {money} ({answer.text})", answer.status_code, 201)
    session = answer.json()
    await bench.run()
    same("the amount as the merchant asked for it", session["amount"], money.text)
    bench.seen.clear()
    await bench.do(session, "pay")
    await bench.until(session, "succeeded")
    said = [seen.amount for seen in bench.seen if seen.amount is not None]
    holds(f"the payment of {money} says its amount", said)
    same("the amount that the provider holds", set(said), {money})
    same("what was received", (await bench.get(session))["amount_received"], money.text)


DECIMALS = tuple(_exact(decimals) for decimals in (0, 2, 3, 6, 18))


@case(kinds=("payment",))
async def a_fraction_of_a_unit_is_not_sent(bench: Bench) -> None:
    """Nothing is rounded: an amount with a digit too many is refused."""
    currency = str(bench.profile.order["currency"])
    fraction = scaled(25 * 10 ** EXPONENTS[currency] * 10 + 1, EXPONENTS[currency] + 1)
    answer = await bench.ask(amount=fraction)
    same("the answer", answered(answer), (422, "amount_sub_unit"))
    same("requests to the provider", bench.line.heard, [])


@case(kinds=("payment",))
async def nothing_is_not_sent(bench: Bench) -> None:
    """No payment of nothing."""
    answer = await bench.ask(amount="0")
    same("the answer", answer.status_code, 422)
    same("requests to the provider", bench.line.heard, [])


@case(kinds=("payment",), has=Capability.OPEN_PRICE)
async def an_open_price(bench: Bench) -> None:
    """Nobody said how much: what was received is what is recorded."""
    session = await bench.create(amount=None, currency=None, **bench.profile.open_order)
    same("what the merchant asked for", session["amount"], None)
    await bench.do(session, "pay")
    found = await bench.until(session, "succeeded")
    received = Money.parse(found["amount_received"], found["currency"])
    holds(f"what was received is recorded as {received}", received.units > 0)
    said = [seen.received or seen.amount for seen in bench.seen if seen.state == "succeeded"]
    same("what the provider said of it", said[-1], received)


@case(kinds=("payment",), lacks=Capability.OPEN_PRICE)
async def a_price_is_needed(bench: Bench) -> None:
    """The provider does not set one, so a session without is refused."""
    answer = await bench.ask(amount=None)
    same("the answer", answer.status_code, 422)
    same("requests to the provider", bench.line.heard, [])


def _off(by: int) -> Case:
    @case(name=f"one_unit_{'less' if by < 0 else 'more'}", kinds=("payment",))
    async def off(bench: Bench) -> None:
        """A payment that is priced one unit off is not ours: a person looks at it, however it ends."""
        session = await bench.create()
        price = bench.price(session)
        if bench.profile.priced is None or price is None:
            same("what is expected where the provider sets the price", price, None)
            return
        bench.tamper(session, bench.profile.priced(Money(price.units + by, price.currency)))
        await bench.do(session, "pay")
        await bench.in_review(session, "amount_mismatch")

    return off


OFF = (_off(-1), _off(1))
