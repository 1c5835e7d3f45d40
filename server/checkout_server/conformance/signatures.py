"""Webhooks are from the provider, or they are nothing: over the raw bytes, with every secret, in time."""

from __future__ import annotations

import json
import random
from typing import Any

from checkout_server.conformance.bench import Bench
from checkout_server.conformance.case import answered, case, holds, same
from checkout_server.conformance.people import Letter
from checkout_server.providers.base import WebhookRejected


async def _paid_in_secret(bench: Bench) -> tuple[dict[str, Any], Letter]:
    """A session that was paid, of which no webhook has arrived yet, and that webhook."""
    session = await bench.create()
    return session, await bench.letter(session)


async def _rejected(bench: Bench, session: dict[str, Any], letter: Letter) -> None:
    answer = await bench.deliver(letter)
    same("the answer", answered(answer), (400, "webhook_rejected"))
    for secret in bench.secrets():
        holds("no secret is in the answer", secret not in answer.text)
    same("the session's status", (await bench.get(session))["status"], "open")


async def _accepted(bench: Bench, session: dict[str, Any], letter: Letter) -> None:
    answer = await bench.deliver(letter)
    same("the answer", (answer.status_code, answer.text), (200, '{"received":true,"duplicate":false}'))
    same("the session's status", (await bench.get(session))["status"], bench.success)


def _signing(bench: Bench) -> list[str]:
    """The headers that sign a webhook, in lower case."""
    return [name.lower() for name in bench.sandbox.sign(b"", False)]


@case(webhooks=True)
async def a_good_one(bench: Bench) -> None:
    """It makes us look at once: no time goes by."""
    session, letter = await _paid_in_secret(bench)
    same("the session's status before", (await bench.get(session))["status"], "open")
    await _accepted(bench, session, letter)


@case()
async def a_bad_one(bench: Bench) -> None:
    """Signed with a secret that is not ours."""
    session = await bench.create()
    await _rejected(bench, session, bench.signed(b'{"id": "1"}', wrong=True))


@case(webhooks=True)
async def a_real_one_with_a_bad_signature(bench: Bench) -> None:
    """The body is the provider's own; only the signature is not."""
    session, letter = await _paid_in_secret(bench)
    await _rejected(bench, session, bench.signed(letter.raw, wrong=True))


@case(webhooks=True)
async def a_missing_one(bench: Bench) -> None:
    """Without each of the headers that sign it, and without all of them."""
    session, letter = await _paid_in_secret(bench)
    names = _signing(bench)
    holds("something signs a webhook", names)
    bare = {name: value for name, value in letter.headers.items() if name not in names}
    await _rejected(bench, session, Letter(bare, letter.raw))
    for name in names:
        rest = {key: value for key, value in letter.headers.items() if key != name}
        await _rejected(bench, session, Letter(rest, letter.raw))


@case(webhooks=True)
async def an_empty_one(bench: Bench) -> None:
    """Each header that signs, empty, and with something in it that is no signature."""
    session, letter = await _paid_in_secret(bench)
    for name in _signing(bench):
        for value in ("", "=,=", "t=1,v1=00", "v1,", "0" * 64, "x" * 5000):
            await _rejected(bench, session, Letter({**letter.headers, name: value}, letter.raw))


@case(webhooks=True)
async def a_changed_byte(bench: Bench) -> None:
    """The body as it was signed, and no other."""
    session, letter = await _paid_in_secret(bench)
    for raw in (letter.raw + b" ", letter.raw[:-1], letter.raw.replace(b'"', b"'", 2)):
        await _rejected(bench, session, Letter(letter.headers, raw))
    await _accepted(bench, session, letter)


@case(webhooks=True)
async def a_body_written_anew(bench: Bench) -> None:
    """The same JSON in other bytes: what is hashed is what came."""
    session, letter = await _paid_in_secret(bench)
    anew = json.dumps(json.loads(letter.raw), indent=1).encode()
    await _rejected(bench, session, Letter(letter.headers, anew))


async def _at(bench: Bench, letter: Letter, seconds: float) -> Letter:
    """The same body signed some time from now."""
    now = bench.clock.now
    bench.clock.forward(seconds=seconds)
    moved = bench.signed(letter.raw)
    bench.clock.now = now
    return moved


def _holds_a_time(first: Letter, second: Letter) -> bool:
    """Whether the scheme signs the moment: then the same body is signed differently at another one."""
    return first.headers != second.headers


async def _out_of_time(bench: Bench, seconds: float) -> None:
    session, letter = await _paid_in_secret(bench)
    moved = await _at(bench, letter, seconds)
    if _holds_a_time(bench.signed(letter.raw), moved):
        await _rejected(bench, session, moved)
        return
    # No time is signed: whoever has a copy may send it for ever. So it may do no more than make us look.
    await _accepted(bench, session, moved)
    await bench.forward(hours=2)
    again = await bench.deliver(letter)
    same("what is sent again is a duplicate", again.json(), {"received": True, "duplicate": True})
    same("the session's status", (await bench.get(session))["status"], bench.success)


@case(webhooks=True)
async def an_old_one(bench: Bench) -> None:
    """Signed an hour ago: refused where the scheme signs the time, harmless where it does not."""
    await _out_of_time(bench, -3600)


@case(webhooks=True)
async def one_from_the_future(bench: Bench) -> None:
    """Signed in an hour."""
    await _out_of_time(bench, 3600)


@case(webhooks=True)
async def a_little_late(bench: Bench) -> None:
    """A minute on the way is no offence."""
    session, letter = await _paid_in_secret(bench)
    await _accepted(bench, session, await _at(bench, letter, -60))


@case(webhooks=True, secret="{new},{old}")  # noqa: S106
async def a_secret_that_is_rotated(bench: Bench) -> None:
    """While two secrets are valid, what the older one signed is accepted."""
    session, letter = await _paid_in_secret(bench)
    await _accepted(bench, session, letter)


@case(webhooks=True, secret="{new}")  # noqa: S106
async def a_secret_that_was_retired(bench: Bench) -> None:
    """What the old one signed is not, once it is gone."""
    session, letter = await _paid_in_secret(bench)
    await _rejected(bench, session, letter)


@case(webhooks=True)
async def the_second_of_two(bench: Bench) -> None:
    """The provider rotates its secret, and signs with both: one good signature is enough, and two bad ones are none.

    Where the scheme has room for one signature only, several bad ones in its place are none either.
    """
    session, letter = await _paid_in_secret(bench)
    both = bench.profile.both
    if both is None:
        for name, bad in _lower(bench.sandbox.sign(letter.raw, True)).items():
            for two in (f"{bad},{bad}", f"{bad} {bad}", f"{bad}{bad}"):
                await _rejected(bench, session, Letter({**letter.headers, name: two}, letter.raw))
        return
    right, wrong = bench.sandbox.sign(letter.raw, False), bench.sandbox.sign(letter.raw, True)
    await _rejected(bench, session, Letter({**letter.headers, **_lower(both(wrong, wrong))}, letter.raw))
    await _accepted(bench, session, Letter({**letter.headers, **_lower(both(wrong, right))}, letter.raw))


def _lower(headers: Any) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


@case(webhooks=True)
async def not_utf_8(bench: Bench) -> None:
    """Well signed, and not text: refused, and no more than that."""
    session, _ = await _paid_in_secret(bench)
    for raw in (b"\xff\xfe\x00\x01", b'{"id": "\xc3\x28"}', "{}".encode("utf-16")):
        await _rejected(bench, session, bench.signed(raw))


@case(webhooks=True)
async def signed_nonsense(bench: Bench) -> None:
    """Well signed, and about nothing."""
    session, _ = await _paid_in_secret(bench)
    for raw in (b"", b"null", b"[]", b"{}", b"7", b'"x"', b'{"id"', b'{"data": 1}', b"[" * 5000):
        await _rejected(bench, session, bench.signed(raw))


@case()
async def any_bytes_at_all(bench: Bench) -> None:
    """Whatever comes, `verify` answers in one way: rejected."""
    session = await bench.create()
    letter = await bench.letter(session) if bench.profile.webhooks else bench.signed(b"{}")
    chance = random.Random(20261121)  # noqa: S311 - the same bytes on every run
    names = _signing(bench) or ["x-signature"]
    for _ in range(200):
        name = chance.choice(names)
        headers = {**_lower(letter.headers), name: _noise(chance).decode("latin-1")}
        try:
            bench.provider.verify(headers, chance.choice((letter.raw, _noise(chance))), bench.clock())
        except WebhookRejected:
            continue
        same("noise that was accepted", headers[name], letter.headers.get(name))


def _noise(chance: random.Random) -> bytes:
    alphabet = chance.choice((bytes(range(256)), b"0123456789abcdef", b"t=1,v1= ,;", b'{}[]":,\\ud800'))
    return bytes(chance.choices(alphabet, k=chance.randrange(120)))
