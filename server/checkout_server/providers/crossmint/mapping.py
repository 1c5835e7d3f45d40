"""The provider's order in our words. Extra keys are ignored, missing ones say nothing, nonsense is refused.

Every list here is open: a status that nobody knows is still open, never paid, never failed. Source:
`providers/crossmint.md`, "Orders API".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from checkout_server.money import Money, MoneyError
from checkout_server.providers.base import Delivery, Failure, Need, Observation, State
from checkout_server.providers.crossmint.errors import printable
from checkout_server.providers.crossmint.ids import is_id

_STATES = {
    "completed": State.SUCCEEDED,
    "in-progress": State.PROCESSING,
    "failed": State.FAILED,
}
_AFTER_PAYMENT = ("delivery", "completed")  # phases

_QUOTE_NEEDS = {
    "requires-recipient": Need.RECIPIENT,
    "requires-physical-address": Need.RECIPIENT,
    "expired": Need.NEW_QUOTE,
}
_PAYMENT_NEEDS = {
    "requires-email": Need.EMAIL,
    "requires-recipient-verification": Need.RECIPIENT,
    "requires-physical-address": Need.RECIPIENT,
    "requires-crypto-payer-address": Need.WALLET,
    "requires-kyc": Need.IDENTITY,
    "manual-kyc": Need.IDENTITY_REVIEW,
    "pending-kyc-review": Need.IDENTITY_REVIEW,
    "crypto-payer-insufficient-funds": Need.FUNDS,
    "crypto-payer-insufficient-funds-for-gas": Need.FUNDS,
}
_IDENTITY_REFUSED = ("failed-kyc", "rejected-kyc")
_NOTHING_LEFT = "all-line-items-unavailable"

_MAX_TEXT = 255


class Nonsense(Exception):
    """An answer whose shape cannot be what was asked for; the text names the field."""


def bare(body: Any) -> Mapping[str, Any]:
    """The order itself, whether or not it came wrapped as `{"order": …}`."""
    order = body.get("order", body) if isinstance(body, dict) else None
    if not isinstance(order, dict) or not is_id(order.get("orderId")):
        raise Nonsense("orderId")
    return order


def observation(body: Any) -> Observation:
    """An order as it stands. The provider holds no reference of ours and does not say whether money is real."""
    order = bare(body)
    payment = _part(order, "payment")
    price, currency, unread = total(order)
    state = _state(order, payment)
    delivery = _delivery(order)
    refunded, unclear = _refunded(payment, currency)
    if unclear:
        state = State.CONFLICT  # money went back, and only a person can say how much
    return Observation(
        ref=str(order["orderId"]),
        state=state,
        amount=price,
        currency=currency,
        received=price if state is State.SUCCEEDED else None,
        refunded=refunded,
        delivery=delivery,
        failure=_failure(order, payment, state),
        needs=_need(order, payment) if state is State.OPEN else None,
        # A price that we cannot write down exactly is another price than the one that was agreed on.
        terms={} if unread is None else {"totalPrice": unread},
        final=state is State.SUCCEEDED and delivery in (Delivery.COMPLETED, Delivery.FAILED),
    )


def total(order: Mapping[str, Any]) -> tuple[Money | None, str | None, str | None]:
    """The quote's price, its currency as the provider says it, and the price as text when no `Money` can hold it."""
    price = _part(_part(order, "quote"), "totalPrice")
    amount, currency = price.get("amount"), _word(price, "currency")
    if amount is None or currency is None:
        return None, None, None
    code = currency.upper()
    text = str(amount) if isinstance(amount, str | int) and not isinstance(amount, bool) else None
    if text is None:
        raise Nonsense("totalPrice.amount")
    try:
        return Money.parse(text, code), code, None
    except MoneyError:
        return None, code, f"{printable(text)[:64]} {code}"


def unavailable(order: Mapping[str, Any]) -> str | None:
    """Why something in the order cannot be had, or None. Asked before any way to pay is shown."""
    for item in _items(order):
        reason = _part(item, "quote").get("unavailabilityReason")
        if isinstance(reason, dict):
            reason = reason.get("message") or reason.get("code") or "not available"
        if reason:
            return printable(str(reason))[:_MAX_TEXT]
    return "not available" if _word(_part(order, "quote"), "status") == _NOTHING_LEFT else None


def waits_for_email(order: Mapping[str, Any]) -> bool:
    return _word(_part(order, "payment"), "status") == "requires-email"


def _state(order: Mapping[str, Any], payment: Mapping[str, Any]) -> State:
    state = _STATES.get(_word(payment, "status") or "", State.OPEN)
    if state is State.OPEN and _word(order, "phase") in _AFTER_PAYMENT:
        return State.PROCESSING  # goods are on their way, so money was seen; that it arrived was not said
    return state


def _delivery(order: Mapping[str, Any]) -> Delivery | None:
    """Of all items together: failed when one has, completed when all are, pending when any has begun."""
    statuses = [_word(_part(item, "delivery"), "status") for item in _items(order)]
    if "failed" in statuses:
        return Delivery.FAILED
    if statuses and all(status == "completed" for status in statuses):
        return Delivery.COMPLETED
    return Delivery.PENDING if {"completed", "in-progress"} & set(statuses) else None


def _need(order: Mapping[str, Any], payment: Mapping[str, Any]) -> Need | None:
    """The payment's own need first: a quote can only be incomplete while the payment waits for it."""
    status = _word(payment, "status") or ""
    return _PAYMENT_NEEDS.get(status) or _QUOTE_NEEDS.get(_word(_part(order, "quote"), "status") or "")


def _failure(order: Mapping[str, Any], payment: Mapping[str, Any], state: State) -> Failure | None:
    """A decline leaves the payment open: whether to try again is the shopper's to say, never a machine's."""
    if state not in (State.OPEN, State.FAILED):
        return None
    if _word(payment, "status") in _IDENTITY_REFUSED:
        return Failure("identity_refused", "Your identity could not be confirmed.")
    reason = _part(payment, "failureReason")
    if reason:
        code, message = _word(reason, "code"), reason.get("message")
        said = printable(message)[:_MAX_TEXT] if isinstance(message, str) else ""
        return Failure(code or "declined", said or "The payment was declined.", state is State.OPEN)
    if unavailable(order) is not None:
        return Failure("unavailable", "This is not available now.")
    return Failure("failed", "The payment failed.") if state is State.FAILED else None


def _refunded(payment: Mapping[str, Any], currency: str | None) -> tuple[Money | None, bool]:
    """What went back, and whether something did that we cannot count in the currency of the price."""
    refund = _part(payment, "refunded")
    if not refund:
        return None, False
    amount = refund.get("amount")
    code = (_word(refund, "currency") or "").upper()
    try:
        money = Money.parse(str(amount) if type(amount) is int else amount, code)
    except MoneyError:
        return None, True
    return (money, False) if currency in (None, code) else (None, True)


def _items(order: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    items = order.get("lineItems")
    if items is None:
        return []
    items = items if isinstance(items, list) else [items]
    if not all(isinstance(item, dict) for item in items):
        raise Nonsense("lineItems")
    return items


def _part(of: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = of.get(key)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise Nonsense(key)
    return value


def _word(of: Mapping[str, Any], key: str) -> str | None:
    value = of.get(key)
    if value is None:
        return None
    if not isinstance(value, str) or len(value) > 64 or not value.isprintable():
        raise Nonsense(key)
    return value
