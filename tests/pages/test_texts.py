from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from checkout_server import locale as catalogs
from checkout_server.money import Money
from checkout_server.providers.base import Delivery, Failure, Need
from checkout_server.texts import Told, snapshot_text, texts_for, words
from tests.pages.messages import extracted

NOW = datetime(2026, 11, 21, 9, 50, tzinfo=UTC)
REASONS = (
    "underpaid",
    "late",
    "conflict",
    "amount_mismatch",
    "currency_mismatch",
    "mode_mismatch",
    "reference_mismatch",
    "reversed",
    "undeliverable",
    "paid_twice",
    "after_cancel",
    "transaction_reused",
)
TOLD = Told(merchant="Nordlicht", amount=Money.parse("25.00", "USD"))
TRANSLATED = sorted(catalogs.languages() - {"en"})
PLACEHOLDER = re.compile(r"%\([a-z]+\)s")


def test_languages_shipped() -> None:
    assert catalogs.languages() == {"en", "de", "es", "fr", "ar"}


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_message_is_translated_with_its_placeholders(language: str) -> None:
    catalog = catalogs.translations(language)
    messages = [message.id for message in extracted() if message.id]
    assert len(messages) > 90
    for message in messages:
        if isinstance(message, tuple):
            one, many = message
            for number in (1, 2, 3, 11, 100):
                assert catalog.ngettext(one, many, number) not in message
            continue
        text = catalog.gettext(message)
        assert text != message or not PLACEHOLDER.sub("", message).strip(", "), message
        assert sorted(PLACEHOLDER.findall(text)) == sorted(PLACEHOLDER.findall(message)), message
        assert "!" not in text


def test_no_exclamation_marks_and_nothing_left_over() -> None:
    messages = {message.id for message in extracted() if message.id}
    assert not [message for message in messages if "!" in str(message)]
    for language in TRANSLATED:
        catalog = catalogs.translations(language)._catalog  # type: ignore[attr-defined]
        keys = {key[0] if isinstance(key, tuple) else key for key in catalog if key}
        known = {message[0] if isinstance(message, tuple) else message for message in messages}
        assert keys == known, language


def test_french_punctuation_does_not_begin_a_line() -> None:
    catalog = catalogs.translations("fr")._catalog  # type: ignore[attr-defined]
    texts = [text for key, text in catalog.items() if key]
    assert not [text for text in texts if re.search(" [:;?]", text)]
    assert [text for text in texts if re.search("\u00a0[:;?]", text)]


@pytest.mark.parametrize(
    ("locale", "text", "currency", "shown"),
    [
        ("en", "1250", "JPY", "¥1,250"),
        ("en", "25.00", "USD", "$25.00"),
        ("en", "1234567.50", "EUR", "€1,234,567.50"),
        ("de", "1234567.50", "EUR", "1.234.567,50 €"),
        ("de-AT", "1234.50", "EUR", "€ 1.234,50"),
        ("fr", "1234.50", "EUR", "1\u202f234,50 €"),
        ("es", "25.00", "USD", "25,00 US$"),
        ("en", "0.0125", "ETH", "0.0125 ETH"),
        ("de", "0.000000000000000001", "ETH", "0,000000000000000001 ETH"),
        ("en", "100", "CRO", "100 CRO"),
        ("en", "12345.678901", "USDC", "12,345.678901 USDC"),
        # The locale data would round these; our table says two digits.
        ("en", "19.99", "AFN", "AFN 19.99"),
        ("en", "0.500", "KWD", "KWD 0.500"),
        # Left to right within Arabic, or "US$" turns into "$US".
        ("ar", "25.00", "USD", "\u206625.00 US$\u2069"),
        ("ar", "0.0125", "ETH", "\u20660.0125 ETH\u2069"),
    ],
)
def test_amounts(locale: str, text: str, currency: str, shown: str) -> None:
    found = texts_for(locale).amount(Money.parse(text, currency))
    assert found.replace("\u00a0", " ") == shown


@pytest.mark.parametrize("units", [1, 10**18 + 1, 10**35 + 7])
def test_no_digit_is_lost(units: int) -> None:
    found = texts_for("en").amount(Money(units, "ETH"))
    assert found.replace(",", "").split()[0] == Money(units, "ETH").text


@pytest.mark.parametrize(
    ("locale", "tag", "direction"),
    [
        ("de-AT", "de-AT", "ltr"),
        ("de_CH", "de-CH", "ltr"),
        ("ar-EG", "ar-EG", "rtl"),
        ("de-Latn-QQ", "de", "ltr"),
        ("sw", "en", "ltr"),
        ("pt-BR", "en", "ltr"),
        ("", "en", "ltr"),
        (None, "en", "ltr"),
        ("../../etc", "en", "ltr"),
        ("de\n", "en", "ltr"),
        ("x" * 500, "en", "ltr"),
    ],
)
def test_an_unknown_locale_is_english(locale: str | None, tag: str, direction: str) -> None:
    found = texts_for(locale)
    assert (found.tag, found.direction) == (tag, direction)


def test_times_say_their_zone_and_the_day_when_it_is_another() -> None:
    english = texts_for("en-GB")
    plus_two = timezone(timedelta(hours=2))
    assert english.time(datetime(2026, 11, 21, 12, 5, tzinfo=plus_two), NOW) == "10:05\u00a0UTC"
    assert english.time(NOW + timedelta(days=1), NOW) == "22 Nov 2026, 09:50\u00a0UTC"
    assert english.moment(NOW) == "21 November 2026, 09:50\u00a0UTC"
    assert texts_for("de").moment(NOW) == "21. November 2026, 09:50\u00a0UTC"


def test_names_that_run_the_other_way_are_isolated() -> None:
    assert texts_for("ar").isolated("Nordlicht") == "\u2068Nordlicht\u2069"
    assert texts_for("en").isolated("متجر") == "\u2068متجر\u2069"
    assert texts_for("en").isolated("Nordlicht") == "Nordlicht"


def test_a_snapshot_with_nothing_to_say() -> None:
    assert snapshot_text(TOLD, NOW, "en") == {
        "amount": "$25.00",
        "until": "",
        "confirmations": "",
        "received": "",
        "refunded": "",
        "failure": "",
        "needs": "",
        "delivery": "",
        "review": "",
        "already_paid": "This order was paid.",
        "paid_at": "",
        "returning": "Returning to Nordlicht…",
    }


def test_a_snapshot_with_everything() -> None:
    told = replace(
        TOLD,
        received=Money.parse("10.00", "USD"),
        refunded=Money.parse("5.00", "USD"),
        confirmations=7,
        confirmations_needed=6,
        failure=Failure("insufficient_funds", "Insufficient funds."),
        needs=Need.NEW_QUOTE,
        delivery=Delivery.PENDING,
        review_reason="underpaid",
        paid_at=NOW,
        expires_at=NOW + timedelta(minutes=10),
        telling=True,
    )
    text = {
        key: value.replace("\u202f", " ").replace("\u00a0", " ")
        for key, value in snapshot_text(told, NOW, "en").items()
    }
    assert text == {
        "amount": "$25.00",
        "until": "Open until 10:00 AM UTC.",
        "confirmations": "6 of 6 confirmations.",
        "received": "$10.00 of $25.00 arrived.",
        "refunded": "$5.00 is on its way back to you.",
        "failure": "There was not enough money in the wallet or on the card.",
        "needs": "The price is being updated.",
        "delivery": "Your order is being delivered.",
        "review": "$10.00 of $25.00 arrived.",
        "already_paid": "This order was paid at 9:50 AM UTC.",
        "paid_at": "November 21, 2026, 9:50 AM UTC",
        "returning": "Telling Nordlicht that you paid…",
    }


@pytest.mark.parametrize("locale", sorted(catalogs.languages()))
def test_every_reason_for_review_has_a_sentence_of_its_own(locale: str) -> None:
    found = [snapshot_text(replace(TOLD, review_reason=why), NOW, locale)["review"] for why in REASONS]
    general = snapshot_text(replace(TOLD, review_reason="else"), NOW, locale)["review"]
    assert all(found)
    assert len({*found, general}) == len(REASONS) + 1


@pytest.mark.parametrize("locale", sorted(catalogs.languages()))
def test_every_need_and_every_delivery_has_a_sentence(locale: str) -> None:
    needs = {snapshot_text(replace(TOLD, needs=need), NOW, locale)["needs"] for need in Need}
    assert "" not in needs
    assert len(needs) == len(Need)
    told = {snapshot_text(replace(TOLD, delivery=each), NOW, locale)["delivery"] for each in Delivery}
    assert "" not in told
    assert len(told) == len(Delivery)


def test_confirmations_without_a_known_end() -> None:
    def said(done: int, locale: str) -> str:
        return snapshot_text(replace(TOLD, confirmations=done), NOW, locale)["confirmations"]

    assert said(1, "en") == "1 confirmation so far."
    assert said(12, "en") == "12 confirmations so far."
    assert said(3, "ar").startswith("3 تأكيدات")


def test_a_providers_own_sentence_is_shown_in_its_language_only() -> None:
    told = replace(TOLD, failure=Failure("odd_code", "The card was lost."))
    assert snapshot_text(told, NOW, "en")["failure"] == "The card was lost."
    assert snapshot_text(told, NOW, "de")["failure"] == "Die Zahlung kam nicht zustande."
    silent = replace(TOLD, failure=Failure("odd_code", ""))
    assert snapshot_text(silent, NOW, "en")["failure"] == "The payment did not go through."


def test_one_confirmation_and_many() -> None:
    def said(done: int, needed: int, locale: str) -> str:
        told = replace(TOLD, confirmations=done, confirmations_needed=needed)
        return snapshot_text(told, NOW, locale)["confirmations"]

    assert said(0, 1, "en") == "0 of 1 confirmation."
    assert said(2, 6, "en") == "2 of 6 confirmations."
    assert said(2, 6, "ar") == "2 من 6 تأكيدات."
    assert said(2, 12, "ar") == "2 من 12 تأكيدًا."
    assert said(2, 102, "ar") == "2 من 102 تأكيد."


def test_words_for_the_scripts() -> None:
    assert words("en")["left_1"] == "1 minute left to pay."
    assert words("de")["left_1"] == "Noch 1 Minute zum Bezahlen."
    assert words("sw") == words("en")
