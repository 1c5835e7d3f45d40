"""Words, amounts and times as a shopper reads them, in their language. An unknown locale is English."""

from __future__ import annotations

import copy
import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, localcontext
from functools import lru_cache

from babel import Locale
from babel.core import UnknownLocaleError
from babel.dates import format_date, format_time
from babel.numbers import NumberPattern

from checkout_server import locale as catalogs
from checkout_server.money import FIAT, Money
from checkout_server.providers.base import Delivery, Failure, Kind, Need

_LOCALE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,3}", re.ASCII)
# Isolates a foreign-direction name inside a sentence, so that "(12 EUR)" and full stops stay where they belong.
_FIRST_STRONG, _LEFT_TO_RIGHT, _POP = "\u2068", "\u2066", "\u2069"
_RIGHT_MARK = "\u200f"
_NBSP = "\u00a0"
# "KWD0.500" where a symbol would stand: Babel leaves out the space that CLDR wants between letters and digits.
_LETTER_BY_DIGIT = re.compile(r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])")
# Digits that decimal arithmetic keeps: more than any amount has.
_PRECISION = 100


@dataclass(frozen=True, slots=True)
class Texts:
    """One language. `tag` is for the `lang` attribute, `direction` for `dir`; get one from `texts_for`."""

    tag: str
    language: str
    direction: str
    babel: Locale

    def _(self, message: str, **values: object) -> str:
        text: str = catalogs.translations(self.language).gettext(message)
        return text % values if values else text

    def plural(self, one: str, many: str, number: int, **values: object) -> str:
        text: str = catalogs.translations(self.language).ngettext(one, many, number)
        return text % values

    def amount(self, money: Money) -> str:
        """Every digit of the amount, grouped and marked as the language does: `$1,250.00`, `0.0125 ETH`."""
        digits = money.text
        places = len(digits.partition(".")[2])
        kind = self.babel.currency_formats["standard"]
        pattern = copy.copy(kind if money.currency in FIAT else self.babel.decimal_formats[None])
        # Babel would round to the digits it knows of a currency, and to three for a plain number.
        pattern.frac_prec = (places, places)
        with localcontext(prec=_PRECISION):
            text = self._formatted(pattern, Decimal(digits), money.currency)
        if self.direction == "rtl" and any(unicodedata.bidirectional(char) == "L" for char in text):
            # Arabic patterns begin with a mark for Arabic symbols; it would turn "US$" into "$US".
            return f"{_LEFT_TO_RIGHT}{text.replace(_RIGHT_MARK, '')}{_POP}"
        return text

    def _formatted(self, pattern: NumberPattern, value: Decimal, currency: str) -> str:
        if currency not in FIAT:
            return f"{pattern.apply(value, self.babel)}{_NBSP}{currency}"
        text = pattern.apply(value, self.babel, currency=currency, currency_digits=False)
        return _LETTER_BY_DIGIT.sub(_NBSP, str(text))

    def time(self, at: datetime, now: datetime) -> str:
        """`10:05 UTC`, with the day when it is not today's. UTC is said: the server does not know the shopper's zone."""
        at, now = at.astimezone(UTC), now.astimezone(UTC)
        clock = f"{format_time(at, 'short', locale=self.babel)}{_NBSP}UTC"
        if at.date() == now.date():
            return self.isolated(clock)
        return self._(
            "%(day)s, %(time)s",
            day=self.isolated(format_date(at, "medium", locale=self.babel)),
            time=self.isolated(clock),
        )

    def moment(self, at: datetime) -> str:
        """Day and time in full, for a receipt: `21 November 2026, 10:05 UTC`."""
        at = at.astimezone(UTC)
        clock = f"{format_time(at, 'short', locale=self.babel)}{_NBSP}UTC"
        day = format_date(at, "long", locale=self.babel)
        return self._("%(day)s, %(time)s", day=self.isolated(day), time=self.isolated(clock))

    def isolated(self, text: str) -> str:
        """The text fit for a sentence: wrapped when its letters run against the page's direction."""
        against = {"L"} if self.direction == "rtl" else {"R", "AL"}
        if any(unicodedata.bidirectional(char) in against for char in text):
            return f"{_FIRST_STRONG}{text}{_POP}"
        return text


@lru_cache(maxsize=256)
def texts_for(locale: str | None) -> Texts:
    """The texts of a BCP 47 tag such as `de-AT`: its language when we speak it, its region for numbers and dates."""
    tag = (locale or "").replace("_", "-")
    language = tag.partition("-")[0].lower()
    if not _LOCALE.fullmatch(tag) or language not in catalogs.languages():
        tag = language = catalogs.SOURCE
    try:
        babel = Locale.parse(tag, sep="-")
    except (UnknownLocaleError, ValueError):
        tag, babel = language, Locale.parse(language)
    return Texts(str(babel).replace("_", "-"), language, babel.text_direction, babel)


@dataclass(frozen=True, slots=True)
class Told:
    """What the sentences of a snapshot are made of. None is "not known" or "does not apply"."""

    merchant: str
    amount: Money | None = None  # what the order costs
    received: Money | None = None
    refunded: Money | None = None
    confirmations: int | None = None
    confirmations_needed: int | None = None
    failure: Failure | None = None
    needs: Need | None = None
    delivery: Delivery | None = None
    review_reason: str | None = None  # a key of _review's table; another word gets its general sentence
    paid_at: datetime | None = None  # of this session, or of the other one of the order
    expires_at: datetime | None = None
    telling: bool = False  # the merchant has still to hear of it


def snapshot_text(told: Told, now: datetime, locale: str | None) -> dict[str, str]:
    """`text` of a snapshot: each value goes into the elements with `data-text="<key>"`. "" is "nothing to say".

    Keys, always all of them: `amount`, `until`, `confirmations`, `received`, `refunded`, `failure`, `needs`,
    `delivery`, `review`, `already_paid`, `paid_at`, `returning`.
    """
    texts = texts_for(locale)
    _ = texts._
    return {
        "amount": texts.amount(told.amount) if told.amount else "",
        "until": (
            _("Open until %(time)s.", time=texts.time(told.expires_at, now)) if told.expires_at else ""
        ),
        "confirmations": _confirmations(told, texts),
        "received": _received(told, texts),
        "refunded": (
            _("%(amount)s is on its way back to you.", amount=texts.amount(told.refunded))
            if told.refunded and told.refunded.units
            else ""
        ),
        "failure": _failure(told.failure, texts),
        "needs": _needs(told.needs, texts),
        "delivery": _delivery(told.delivery, texts),
        "review": _review(told, texts) if told.review_reason else "",
        "already_paid": (
            _("This order was paid at %(time)s.", time=texts.time(told.paid_at, now))
            if told.paid_at
            else _("This order was paid.")
        ),
        "paid_at": texts.moment(told.paid_at) if told.paid_at else "",
        "returning": (
            _("Telling %(merchant)s that you paid…", merchant=texts.isolated(told.merchant))
            if told.telling
            else _("Returning to %(merchant)s…", merchant=texts.isolated(told.merchant))
        ),
    }


def words(locale: str | None, kind: Kind = "payment") -> dict[str, str]:
    """`words` of the page's data: what the scripts say of their own accord (the time left, help with a window)."""
    _ = texts_for(locale)._
    approval = kind == "approval"
    return {
        "left_5": _("5 minutes left to approve.") if approval else _("5 minutes left to pay."),
        "left_1": _("1 minute left to approve.") if approval else _("1 minute left to pay."),
        "left_0": _("The time to approve is over. Nothing was charged.")
        if approval
        else _("The time to pay is over. Money already sent is not lost."),
        "blocked_popup": _(
            "Your browser blocked the payment window. Allow it for this page, then try again."
        ),
        "open_popup": _("Close the other payment window, then try again."),
        "no_wallet": _("No wallet opened? Scan the code with one, or copy the amount and the address."),
    }


def _confirmations(told: Told, texts: Texts) -> str:
    done, needed = told.confirmations, told.confirmations_needed
    if done is None:
        return ""
    if not needed:
        return texts.plural(
            "%(done)s confirmation so far.", "%(done)s confirmations so far.", done, done=done
        )
    return texts.plural(
        "%(done)s of %(needed)s confirmation.",
        "%(done)s of %(needed)s confirmations.",
        needed,
        done=min(done, needed),
        needed=needed,
    )


def _received(told: Told, texts: Texts) -> str:
    if told.received is None or not told.received.units:
        return ""
    received = texts.amount(told.received)
    if told.amount is None:
        return texts._("%(received)s arrived.", received=received)
    return texts._("%(received)s of %(amount)s arrived.", received=received, amount=texts.amount(told.amount))


def _failure(failure: Failure | None, texts: Texts) -> str:
    if failure is None:
        return ""
    _ = texts._
    known = {
        "canceled": _("The payment was stopped before it was sent."),
        "cancelled": _("The payment was stopped before it was sent."),
        "declined": _("The payment was declined."),
        "expired": _("The time to pay ran out."),
        "insufficient_funds": _("There was not enough money in the wallet or on the card."),
        "rejected": _("The payment was declined."),
        "identity_refused": _("Your identity could not be confirmed."),
        "unavailable": _("This is not available now."),
    }
    if failure.code in known:
        return known[failure.code]
    # A provider's own sentence is English: elsewhere a plain sentence is better than a foreign one.
    if texts.language == catalogs.SOURCE and failure.message:
        return failure.message
    return _("The payment did not go through.")


def _needs(need: Need | None, texts: Texts) -> str:
    _ = texts._
    sentences = {
        None: "",
        Need.EMAIL: _("Enter your e-mail address below to go on."),
        Need.RECIPIENT: _("Say below where your order shall go."),
        Need.IDENTITY: _("You are asked to confirm who you are before you can pay."),
        Need.IDENTITY_REVIEW: _(
            "Your identity is being checked. This can take a while; nothing was charged."
        ),
        Need.WALLET: _("Connect a wallet below to go on."),
        Need.FUNDS: _("There is not enough money in the wallet for this payment and its fee."),
        Need.NEW_QUOTE: _("The price is being updated."),
        Need.PAYMENT_METHOD: _("Add a way to pay before you can approve this."),
    }
    return sentences[need]


def _delivery(delivery: Delivery | None, texts: Texts) -> str:
    _ = texts._
    sentences = {
        None: "",
        Delivery.PENDING: _("Your order is being delivered."),
        Delivery.COMPLETED: _("Your order was delivered."),
        Delivery.FAILED: _("Your order could not be delivered."),
    }
    return sentences[delivery]


def _review(told: Told, texts: Texts) -> str:
    """Why a person looks at the payment: the reasons are `review_reason` of a session (design, "The session")."""
    _ = texts._
    if told.review_reason == "underpaid":
        return _received(told, texts) or _("Less than the amount due arrived.")
    sentences = {
        "late": _("The payment arrived after this checkout had closed."),
        "after_cancel": _("The payment arrived after this checkout was cancelled."),
        "unresolved": _("Money was seen, but the payment was not completed."),
        "conflict": _("The payment provider could not settle this payment by itself."),
        "amount_mismatch": _("The amount that arrived is not the amount of this order."),
        "currency_mismatch": _("The payment arrived in another currency than agreed."),
        "mode_mismatch": _("A test payment and a real order were mixed up."),
        "reference_mismatch": _("The payment belongs to another order."),
        "transaction_reused": _("The same transfer was already used for another order."),
        "reversed": _("The payment was taken back after it had been confirmed."),
        "undeliverable": _("The payment arrived, but the order could not be delivered."),
        "paid_twice": _("This order was paid twice."),
    }
    general = _("This payment needs a closer look.")
    return sentences.get(told.review_reason or "", general)
