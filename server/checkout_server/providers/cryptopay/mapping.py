"""The provider's orders in our words. Extra keys are ignored, missing ones are None, nonsense is refused.

Sources: the provider's document and `providers/cryptopay.md`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeGuard

from checkout_server.money import EXPONENTS, Money, MoneyError
from checkout_server.providers.base import CreateAttempt, Created, Failure, Observation, State
from checkout_server.providers.config import is_safe_url
from checkout_server.providers.cryptopay.options import session_in
from checkout_server.providers.cryptopay.settings import CryptoPaySettings

_ID = re.compile(r"[A-Za-z0-9_-]{1,128}", re.ASCII)
_ADDRESS = re.compile(r"[A-Za-z0-9:._-]{8,128}", re.ASCII)
_HASH = re.compile(r"[A-Za-z0-9:._+/=-]{8,128}", re.ASCII)
_AMOUNT = re.compile(r"[0-9]{1,60}(\.[0-9]{1,60})?", re.ASCII)
_MANY = 10**9  # confirmations: more blocks than any network has

_FAILED = Failure("transfer_failed", "The transfer failed on its network.")


class Nonsense(Exception):
    """An answer whose shape cannot be what was asked for; the text names the field."""


class OtherOrder(Exception):
    """An answer to a create that is not what was asked for; the text names the field."""


def is_id(value: Any) -> TypeGuard[str]:
    """Whether a value can stand in a path of the API without changing which path it is."""
    return isinstance(value, str) and _ID.fullmatch(value) is not None


def created(order: Any, attempt: CreateAttempt, blockchain: str, settings: CryptoPaySettings) -> Created:
    """What the page shows of an order. Raises `OtherOrder` when it is not the one that we asked for."""
    order = _object(order)
    ref, address = _id(order), _address(order)
    amount = attempt.amount
    if amount is None:
        raise OtherOrder("amount")
    seen = observation(order, settings)
    echoes = {
        "amount": seen.amount in (None, amount),
        "currency": seen.currency in (None, amount.currency),
        "blockchain": seen.terms.get("blockchain") in (None, blockchain),
        "nonce": seen.terms.get("nonce") in (None, str(attempt.serial)),
    }
    wrong = [name for name, same in echoes.items() if not same]
    network = settings.networks[blockchain]
    if wrong or not network.takes_address(address):
        raise OtherOrder(wrong[0] if wrong else "receiving_address")
    link = network.payment_link(address, amount)
    url = order.get("payment_url")
    return Created(
        ref=ref,
        public={
            "address": address,
            "amount": amount.text,
            "currency": amount.currency,
            "network": settings.title_of(blockchain),
            "qr": link or address,
            "wallet_url": link,
        },
        hosted_url=url if isinstance(url, str) and is_safe_url(url, loopback=settings.is_sandbox) else None,
        expires_at=moment(order.get("expires_at")),
        terms={
            "blockchain": blockchain,
            "nonce": str(attempt.serial),
            "receiving_address": _alike(address),
        },
    )


def observation(order: Any, settings: CryptoPaySettings, *, whole: bool = True) -> Observation:
    """An order as it was read. In a list (`whole=False`) what is not there was left out, rather than not there."""
    order = _object(order)
    currency = _word(order, "currency")
    amount = _money(order, currency)
    transaction = _transaction(order)
    state = _state(order, transaction, settings, whole=whole)
    info = order.get("order_info")
    confirmations = None if transaction is None else _confirmations(transaction)
    return Observation(
        ref=_id(order),
        state=state,
        amount=amount,
        currency=currency,
        # Every order of ours carries our session: one without belongs to somebody else.
        reference=None if info is None and not whole else session_in(info) or "",
        received=amount if state is State.SUCCEEDED else None,
        failure=_FAILED if state is State.FAILED else None,
        confirmations=confirmations,
        confirmations_needed=settings.min_confirmations,
        transaction=None if transaction is None else _hash(transaction),
        terms=_terms(order),
        final=state is State.SUCCEEDED,
        at=moment(order.get("confirmed_at")),
    )


def moment(value: Any) -> datetime | None:
    """An ISO 8601 time that says its zone, as `2024-01-01T12:00:00Z`."""
    if not isinstance(value, str) or len(value) > 40:
        return None
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        return None
    return at if at.tzinfo is not None else None


def _state(
    order: Mapping[str, Any],
    transaction: Mapping[str, Any] | None,
    settings: CryptoPaySettings,
    *,
    whole: bool,
) -> State:
    status = _word(order, "status")
    failed = transaction is not None and _word(transaction, "status") == "failed"
    money = transaction is not None and not failed and _hash(transaction) is not None
    if status == "confirmed":
        return _confirmed(order, transaction, settings, whole=whole)
    if status == "failed":
        return State.FAILED
    if status == "expired":
        # Money in an order that is closed came late, or was too little: nobody is told "expired", and pays again.
        return State.CONFLICT if money else State.EXPIRED
    return State.PROCESSING if money or status == "processing" else State.OPEN


def _confirmed(
    order: Mapping[str, Any],
    transaction: Mapping[str, Any] | None,
    settings: CryptoPaySettings,
    *,
    whole: bool,
) -> State:
    """Paid only by a transfer that can be named, to our address, as deep in its chain as the merchant wants."""
    if transaction is None:
        # Somebody's word without a transfer behind it is for a person. (Lists leave transfers out.)
        return State.CONFLICT if whole else State.SUCCEEDED
    elsewhere = _text(transaction.get("to_address"))
    if (
        _hash(transaction) is None
        or _word(transaction, "status") == "failed"
        or (elsewhere is not None and _alike(elsewhere) != _alike(_address(order)))
    ):
        return State.CONFLICT
    if _word(transaction, "status") not in (None, "confirmed"):
        return State.PROCESSING
    least = settings.min_confirmations
    done = _confirmations(transaction)
    return State.SUCCEEDED if least is None or (done is not None and done >= least) else State.PROCESSING


def _terms(order: Mapping[str, Any]) -> dict[str, str]:
    """What may never change, as far as the answer says it."""
    terms = {}
    if order.get("blockchain") is not None:
        terms["blockchain"] = _word(order, "blockchain") or ""
    nonce = order.get("nonce")
    if nonce is not None:
        if isinstance(nonce, bool) or not isinstance(nonce, int | str):
            raise Nonsense("nonce")
        terms["nonce"] = _text(str(nonce)) or ""
    if order.get("receiving_address") is not None:
        terms["receiving_address"] = _alike(_address(order))
    return terms


def _alike(address: str) -> str:
    """Hex digits may be written large or small; elsewhere the case of a letter matters."""
    return address.lower() if address.startswith(("0x", "0X")) else address


def _object(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise Nonsense("not an object")
    return value


def _transaction(order: Mapping[str, Any]) -> Mapping[str, Any] | None:
    value = order.get("transaction")
    if value is not None and not isinstance(value, dict):
        raise Nonsense("transaction")
    return value


def _hash(transaction: Mapping[str, Any]) -> str | None:
    value = transaction.get("transaction_hash")
    if value is None:
        return None
    if not isinstance(value, str) or not _HASH.fullmatch(value):
        raise Nonsense("transaction_hash")
    return _alike(value)


def _confirmations(transaction: Mapping[str, Any]) -> int | None:
    value = transaction.get("confirmations")
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < _MANY:
        raise Nonsense("confirmations")
    return value


def _id(order: Mapping[str, Any]) -> str:
    value = order.get("order_id")
    if not is_id(value):
        raise Nonsense("order_id")
    return value


def _address(order: Mapping[str, Any]) -> str:
    value = order.get("receiving_address")
    if not isinstance(value, str) or not _ADDRESS.fullmatch(value):
        raise Nonsense("receiving_address")
    return value


def _word(item: Mapping[str, Any], key: str) -> str | None:
    value = item.get(key)
    if value is not None and _text(value) is None:
        raise Nonsense(key)
    return _text(value)


def _text(value: Any, limit: int = 128) -> str | None:
    return value if isinstance(value, str) and len(value) <= limit and value.isprintable() else None


def _money(order: Mapping[str, Any], currency: str | None) -> Money | None:
    """Decimal text, or a number as it was written. An amount in a token we cannot count is no `Money`."""
    value = order.get("amount")
    if value is None:
        return None
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        value = str(value)
    if not isinstance(value, str) or not _AMOUNT.fullmatch(value):
        raise Nonsense("amount")
    if currency not in EXPONENTS:
        return None
    try:
        return Money.parse(value, currency)
    except MoneyError:
        return None  # finer than the token is, or longer than any price: it is not the amount of an order of ours
