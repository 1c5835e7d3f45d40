from __future__ import annotations

import traceback

import httpx
import pytest

from checkout_server.providers.base import (
    NotFound,
    OutcomeUnknown,
    ProviderError,
    RateLimited,
    Refused,
    Unreachable,
)
from checkout_server.providers.inqud.errors import error_reader
from tests.providers.inqud.support import CHECKOUT_ID, SECRET, Wire, attempt


@pytest.mark.parametrize(
    ("body", "code", "words"),
    [
        (
            {"code": "project_not_found", "message": "No such project."},
            "project_not_found",
            "No such project.",
        ),
        ({"code": 1042}, "1042", "refused the request."),
        ({"message": "Too  long\nname"}, "refused", "Too  long name"),
        ({"code": "two words", "message": ""}, "refused", "refused the request."),
        ({"code": True, "message": 7}, "refused", "refused the request."),
        ({}, "refused", "refused the request."),
        (None, "refused", "refused the request."),
        ([1], "refused", "refused the request."),
    ],
)
def test_an_error_is_read_from_its_top_level(body: object, code: str, words: str):
    found, param, message = error_reader(SECRET)(body)
    assert (found, param) == (code, None)
    assert message.endswith(words)


@pytest.mark.parametrize("status", [400, 401, 403, 409, 422])
async def test_a_refusal_keeps_the_providers_words(wire: Wire, status: int):
    wire.answers({"code": "BAD_REQUEST", "message": "Check the name."}, status=status)
    with pytest.raises(Refused, match=r"Check the name\.") as caught:
        await wire.provider().create(attempt())
    assert caught.value.code == "BAD_REQUEST"


async def test_a_refusal_that_is_not_json_says_whose_job_it_is(wire: Wire):
    wire.answers(b"<h1>401</h1>", status=401)
    with pytest.raises(Refused, match="check the configuration"):
        await wire.provider().create(attempt())


async def test_what_does_not_exist(wire: Wire):
    wire.answers({"message": "Not found"}, status=404)
    with pytest.raises(NotFound):
        await wire.provider().fetch(CHECKOUT_ID)


@pytest.mark.parametrize(
    ("status", "of_a_write", "of_a_read"),
    [
        (429, RateLimited, RateLimited),
        (500, OutcomeUnknown, Unreachable),
        (503, OutcomeUnknown, Unreachable),
        (302, OutcomeUnknown, Unreachable),
    ],
)
async def test_failures_on_the_way(
    wire: Wire, status: int, of_a_write: type[ProviderError], of_a_read: type[ProviderError]
):
    wire.answers(b"<h1>no</h1>", status=status, headers={"Retry-After": "7"})
    for call, expected in (
        (wire.provider().create(attempt()), of_a_write),
        (wire.provider().fetch(CHECKOUT_ID), of_a_read),
    ):
        with pytest.raises(ProviderError) as caught:
            await call
        assert type(caught.value) is expected
        assert caught.value.retry_after == 7


async def test_a_cut_answer_to_a_create_is_of_unknown_outcome(wire: Wire):
    wire.answers(b'{"id": "CCO-8116')
    with pytest.raises(OutcomeUnknown):
        await wire.provider().create(attempt())


@pytest.mark.parametrize("auth", ["token", "signed"])
async def test_the_secret_never_comes_out(wire: Wire, auth: str):
    wire.answers({"code": f"bad-{SECRET}", "message": f"{'x' * 190} {SECRET}"}, status=400)
    with pytest.raises(Refused) as caught:
        await wire.provider(auth=auth).create(attempt())
    shown = f"{caught.value!r} {caught.value.code} {''.join(traceback.format_exception(caught.value))}"
    assert SECRET not in shown
    assert SECRET[:9] not in shown
    wire2 = Wire()
    wire2.fails(httpx.ConnectError("refused"))
    with pytest.raises(Unreachable) as lost:
        await wire2.provider(auth=auth).create(attempt())
    assert SECRET not in "".join(traceback.format_exception(lost.value))
