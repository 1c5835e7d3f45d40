"""Amounts are exact for every number of decimals, and nothing but plain decimal text is an amount."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as some

from checkout_server.money import EXPONENTS, Money, MoneyError


@pytest.mark.parametrize(
    ("text", "currency", "units", "back"),
    [
        ("25", "USD", 2500, "25.00"),
        ("19.99", "USD", 1999, "19.99"),
        ("0.0125", "ETH", 12500000000000000, "0.0125"),
        ("100", "CRO", 10**20, "100"),
        ("0.000000000000000001", "ETH", 1, "0.000000000000000001"),
        ("1000", "JPY", 1000, "1000"),
        ("1000.000", "JPY", 1000, "1000"),
        ("12.345", "KWD", 12345, "12.345"),
        ("1.50", "IDR", 150, "1.50"),
        ("1.5", "USDC", 1500000, "1.5"),
        ("0", "USD", 0, "0.00"),
    ],
)
def test_text_to_units_and_back(text: str, currency: str, units: int, back: str) -> None:
    money = Money.parse(text, currency)
    assert (money.units, money.text) == (units, back)


@pytest.mark.parametrize(
    ("text", "currency", "code"),
    [
        (25.0, "USD", "amount_format"),
        (25, "USD", "amount_format"),
        (True, "USD", "amount_format"),
        (None, "USD", "amount_format"),
        ("", "USD", "amount_format"),
        ("-1", "USD", "amount_format"),
        ("+1", "USD", "amount_format"),
        ("1e3", "USD", "amount_format"),
        ("1,000.00", "USD", "amount_format"),
        (" 1", "USD", "amount_format"),
        ("1\n", "USD", "amount_format"),
        (".5", "USD", "amount_format"),
        ("5.", "USD", "amount_format"),
        ("01", "USD", "amount_format"),
        ("٣", "USD", "amount_format"),
        ("NaN", "USD", "amount_format"),
        ("0.001", "USD", "amount_sub_unit"),
        ("1.5", "JPY", "amount_sub_unit"),
        ("1" + "0" * 40, "USD", "amount_too_large"),
        ("1." + "0" * 400, "USD", "amount_too_large"),
        ("1", "usd", "currency_unknown"),
        ("1", "XXX", "currency_unknown"),
        ("1", None, "currency_unknown"),
    ],
)
def test_what_is_no_amount(text: object, currency: object, code: str) -> None:
    with pytest.raises(MoneyError) as error:
        Money.parse(text, currency)
    assert error.value.code == code


@given(some.integers(0, 10**30), some.sampled_from(sorted(EXPONENTS)))
def test_any_units_survive_the_text(units: int, currency: str) -> None:
    money = Money(units, currency)
    assert Money.parse(money.text, currency) == money
    assert Fraction(money.text) * 10 ** EXPONENTS[currency] == units


def test_currencies_do_not_mix() -> None:
    with pytest.raises(MoneyError, match="do not mix"):
        _ = Money(1, "USD") + Money(1, "EUR")


def test_a_float_never_gets_in() -> None:
    with pytest.raises(TypeError):
        Money(25.0, "USD")  # type: ignore[arg-type]


def test_arithmetic_and_order() -> None:
    assert Money(100, "USD") + Money(50, "USD") == Money(150, "USD")
    assert Money(100, "USD") - Money(50, "USD") == Money(50, "USD")
    assert Money(1, "USD") < Money(2, "USD") <= Money(2, "USD")
    with pytest.raises(MoneyError):
        _ = Money(1, "USD") - Money(2, "USD")
