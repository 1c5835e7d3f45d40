"""The two clients are one: nothing that only one of them can, and nothing of the API that neither can."""

from __future__ import annotations

import inspect
from typing import Any

import pytest

from checkout_server.api import merchant
from checkout_server.api.requests import Customer as CustomerBody
from checkout_server.api.requests import SessionRequest
from checkout_server.client import AsyncCheckout, Checkout, Customer, Filters, SessionFields, calls

METHODS = sorted(name for name, _ in inspect.getmembers(Checkout, inspect.isfunction) if name[0] != "_")
CALLS = sorted(name for name, f in inspect.getmembers(calls, inspect.isfunction) if name[0] != "_" and f.__module__ == calls.__name__)  # fmt: skip


def test_they_have_the_same_methods() -> None:
    others = {name for name, _ in inspect.getmembers(AsyncCheckout, inspect.isfunction) if name[0] != "_"}
    assert others - {"aclose"} == {*METHODS} - {"close"}
    assert {*METHODS} - {"close"} == {*CALLS} - {"following"}


@pytest.mark.parametrize("name", [name for name in METHODS if name != "close"])
def test_each_method_takes_and_gives_the_same(name: str) -> None:
    ours, theirs = (inspect.signature(getattr(each, name)) for each in (Checkout, AsyncCheckout))
    assert ours.parameters == theirs.parameters
    assert theirs.return_annotation in (ours.return_annotation, f"Async{ours.return_annotation}")


def test_the_fields_are_those_of_the_api() -> None:
    required = {name for name, field in SessionRequest.model_fields.items() if field.is_required()}
    assert SessionFields.__required_keys__ == required
    assert SessionFields.__required_keys__ | SessionFields.__optional_keys__ == set(
        SessionRequest.model_fields
    )
    assert Customer.__optional_keys__ == set(CustomerBody.model_fields)


def test_the_filters_are_those_of_the_api() -> None:
    taken = set(inspect.signature(merchant.list_sessions).parameters) - {"ctx", "limit", "after"}
    assert Filters.__optional_keys__ == taken


def test_every_route_of_the_merchant_has_a_call() -> None:
    routes: Any = merchant.router.routes
    made: list[calls.Call[Any]] = [
        calls.create_session({"provider": "x", "order_id": "x", "return_url": "x"}, None),
        calls.get_session("x"),
        calls.list_sessions({}, 1),
        calls.refresh("x"),
        calls.cancel("x"),
        calls.resolve("x", "x", "x"),
        calls.refund("x", None, None, None),
        calls.resolve_refund("x", "x", "x"),
        calls.deliver("x"),
        calls.purge(30),
        calls.providers(),
        calls.payments("x", 1),
    ]
    assert {(call.method, f"/v1/{call.path}") for call in made} == {
        (method, _shape(route.path)) for route in routes for method in route.methods
    }


def _shape(path: str) -> str:
    """`/v1/sessions/{session_id}` as the calls above fill it in."""
    return "/".join("x" if part.startswith("{") else part for part in path.split("/"))
