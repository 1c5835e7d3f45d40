"""Exact amounts: integer minor units in memory, decimal text everywhere else. Never a float."""

from __future__ import annotations

import re
from dataclasses import dataclass

# How many digits after the point a currency has (ISO 4217; for coins, the unit their network counts in).
# One table for the whole product: a provider that counts differently says so in its own adapter.
_FIAT_EXPONENTS = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF",
    3: "BHD IQD JOD KWD LYD OMR TND",
    2: (
        "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF "
        "CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL "
        "HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP "
        "MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD "
        "SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS "
        "VES WST XCD YER ZAR ZMW ZWG"
    ),
}
_COIN_EXPONENTS = {
    6: "USDC USDT EURC XRP ADA TRX ATOM",
    8: "BTC LTC DOGE BCH",
    9: "SOL",
    18: "ETH CRO DAI POL MATIC BNB PYUSD",
}
EXPONENTS: dict[str, int] = {
    code: digits
    for table in (_FIAT_EXPONENTS, _COIN_EXPONENTS)
    for digits, codes in table.items()
    for code in codes.split()
}
FIAT: frozenset[str] = frozenset(code for codes in _FIAT_EXPONENTS.values() for code in codes.split())

# 36 digits is more than any order and less than what fills a log: 10**18 coins of 18 decimals.
_MAX_DIGITS = 36
_TEXT = re.compile(r"(0|[1-9][0-9]*)(?:\.([0-9]+))?", re.ASCII)


class MoneyError(ValueError):
    """An amount that is not exact, not positive where it must be, or not of a known currency.

    `code` is stable: `currency_unknown`, `amount_format`, `amount_sub_unit`, `amount_too_large`,
    `amount_not_positive`, `currency_mismatch`. The message is safe to show.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Money:
    """An amount as `units` of the currency's smallest part: `Money(2500, "USD")` is 25.00 dollars."""

    units: int
    currency: str

    def __post_init__(self) -> None:
        if isinstance(self.units, bool) or not isinstance(self.units, int):
            raise TypeError("units is an int")
        if self.units < 0:
            raise MoneyError("amount_not_positive", "An amount is never negative.")
        exponent_of(self.currency)

    @classmethod
    def parse(cls, text: object, currency: object) -> Money:
        """Reads decimal text in major units: `parse("25", "USD")` is 25.00 dollars.

        Digits that are zero may go beyond the currency's smallest part (`"25.000"`); any other digit there
        is refused, never rounded. So are floats, signs, exponents, separators and spaces.
        """
        if not isinstance(currency, str):
            raise MoneyError("currency_unknown", "A currency is a code such as USD.")
        exponent = exponent_of(currency)
        match = _TEXT.fullmatch(text) if isinstance(text, str) else None
        if match is None:
            raise MoneyError("amount_format", 'An amount is text such as "25.00", never a number.')
        whole, fraction = match[1], match[2] or ""
        if len(whole) + max(exponent, len(fraction)) > _MAX_DIGITS + exponent:
            raise MoneyError("amount_too_large", f"An amount has at most {_MAX_DIGITS} digits.")
        kept, beyond = fraction[:exponent], fraction[exponent:]
        if beyond.strip("0"):
            raise MoneyError("amount_sub_unit", f"{currency} has {exponent} digits after the point.")
        return cls(int(whole + kept.ljust(exponent, "0")), currency)

    @property
    def text(self) -> str:
        """Decimal text in major units: fiat with all its digits (`"25.00"`), coins without needless zeros (`"0.0125"`)."""
        digits = scaled(self.units, exponent_of(self.currency))
        if self.currency in FIAT or "." not in digits:
            return digits
        return digits.rstrip("0").rstrip(".")

    def __str__(self) -> str:
        return f"{self.text} {self.currency}"

    def __add__(self, other: Money) -> Money:
        return Money(self.units + self._same(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.units - self._same(other), self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.units < self._same(other)

    def __le__(self, other: Money) -> bool:
        return self.units <= self._same(other)

    def __gt__(self, other: Money) -> bool:
        return self.units > self._same(other)

    def __ge__(self, other: Money) -> bool:
        return self.units >= self._same(other)

    def _same(self, other: Money) -> int:
        if other.currency != self.currency:
            raise MoneyError("currency_mismatch", f"{self.currency} and {other.currency} do not mix.")
        return other.units


def exponent_of(currency: str) -> int:
    """Digits after the point of a known currency; `MoneyError("currency_unknown")` otherwise."""
    try:
        return EXPONENTS[currency]
    except KeyError:
        raise MoneyError("currency_unknown", "This currency is not known here.") from None


def scaled(units: int, exponent: int) -> str:
    """`scaled(1250, 2)` is `"12.50"`. Digits are moved as text, so nothing is ever rounded."""
    if exponent == 0:
        return str(units)
    digits = str(units).rjust(exponent + 1, "0")
    return f"{digits[:-exponent]}.{digits[-exponent:]}"
