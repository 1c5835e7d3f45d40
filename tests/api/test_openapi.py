"""The document of the API says what the API does: routes, shapes, errors."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from openapi_spec_validator import OpenAPIV31SpecValidator
from pydantic import BaseModel, ConfigDict

from checkout_server.api import answers, examples, requests
from checkout_server.store.tables import metadata
from tests.api.shape import is_problem
from tests.world import KEY, ORDER, World

METHODS = ("get", "post", "put", "patch", "delete")
ROUTES = {
    "POST /v1/sessions", "GET /v1/sessions", "GET /v1/sessions/{session_id}",
    "POST /v1/sessions/{session_id}/refresh", "POST /v1/sessions/{session_id}/cancel",
    "POST /v1/sessions/{session_id}/resolve", "POST /v1/sessions/{session_id}/refunds",
    "POST /v1/sessions/{session_id}/refunds/{refund_id}/resolve",
    "POST /v1/sessions/{session_id}/deliver", "GET /v1/providers", "GET /v1/providers/{name}/payments",
    "GET /checkout/{token}", "GET /checkout/{token}/status", "POST /checkout/{token}/refresh",
    "POST /checkout/{token}/leave", "GET /checkout/{token}/return", "GET /checkout/{token}/qr.svg",
    "GET /checkout/{token}/events", "POST /webhooks/{provider}", "GET /healthz", "GET /readyz", "GET /metrics",
    "POST /v1/purge",
}  # fmt: skip


def operations(spec: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        f"{method.upper()} {path}": operation
        for path, item in spec["paths"].items()
        for method, operation in item.items()
        if method in METHODS
    }


def resolve(spec: dict[str, Any], reference: str) -> Any:
    found: Any = spec
    for part in reference.removeprefix("#/").split("/"):
        found = found[part]
    return found


def references(node: Any) -> list[str]:
    if isinstance(node, dict):
        own = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
        return own + [ref for value in node.values() for ref in references(value)]
    return [ref for value in node for ref in references(value)] if isinstance(node, list) else []


async def test_every_route_is_documented(lite: World) -> None:
    spec = (await lite.http.get("/openapi.json")).json()
    assert spec["openapi"].startswith("3.1")
    assert spec["info"]["title"]
    assert spec["info"]["version"]
    assert spec["servers"] == [{"url": "http://checkout.test"}]
    assert set(operations(spec)) == ROUTES
    ids = [operation["operationId"] for operation in operations(spec).values()]
    assert len(set(ids)) == len(ids)
    for reference in references(spec):
        assert resolve(spec, reference), reference
    for route, operation in operations(spec).items():
        assert operation["summary"], route
        assert {p["name"] for p in operation.get("parameters", []) if p["in"] == "path"} == {
            part[1:-1] for part in route.split("/") if part.startswith("{")
        }, route


async def test_the_document_is_valid_by_the_specification(lite: World) -> None:
    spec = (await lite.http.get("/openapi.json")).json()
    assert [
        f"{error.json_path}: {error.message}" for error in OpenAPIV31SpecValidator(spec).iter_errors()
    ] == []
    del spec["info"]["title"]
    assert not OpenAPIV31SpecValidator(spec).is_valid(), "or it would find nothing"


def with_names(path: str) -> str:
    for name in ("session_id", "refund_id", "token", "provider", "name"):
        path = path.replace(f"{{{name}}}", "unknown")
    return path


BODIES: dict[str, Any] = {
    "/v1/sessions/unknown/refunds/unknown/resolve": {"status": "succeeded"},
    "/v1/sessions/unknown/resolve": {"status": "succeeded"},
    "/v1/sessions": ORDER,
    "/v1/purge": {"older_than_days": 365},
}
KEYS = {"authorization": f"Bearer {KEY}", "idempotency-key": "k"}


async def test_a_body_that_is_too_large_is_documented_where_there_is_one(lite: World) -> None:
    for route, operation in operations(lite.app.openapi()).items():
        method, path = route.split()
        if method == "GET":
            assert "413" not in operation["responses"], route
            continue
        answer = await lite.http.request(method, with_names(path), headers=KEYS, content=b" " * 300_000)
        is_problem(answer, 413, "too_large")
        assert "413" in operation["responses"], route


async def test_a_database_that_is_gone_is_documented_where_one_is_needed(lite: World) -> None:
    """Webhooks are the one route of which nothing is looked up before its signature is right: see test_inbound."""
    async with lite.ctx.database.write() as tx:
        for name in ("alembic_version", *(table.name for table in reversed(metadata.sorted_tables))):
            await tx.execute(sa.text(f"DROP TABLE {name}"))
    for route, operation in operations(lite.app.openapi()).items():
        method, path = route.split()
        if path == "/webhooks/{provider}":
            assert "503" in operation["responses"]
            continue
        path = with_names(path)
        more = {"json": BODIES.get(path, {})} if method == "POST" else {}
        answer = await lite.http.request(method, path, headers=KEYS, **more)
        assert ("503" in operation["responses"]) == (answer.status_code == 503), (route, answer.text)
        if answer.status_code == 503:
            is_problem(answer, 503, "not_migrated" if path == "/readyz" else "busy")


async def test_every_error_is_of_the_one_shape_with_an_example(lite: World) -> None:
    spec = lite.app.openapi()
    assert "HTTPValidationError" not in spec["components"]["schemas"]
    for route, operation in operations(spec).items():
        for status, response in operation["responses"].items():
            if int(status) < 400:
                continue
            content = response["content"]["application/json"]
            assert content["schema"] == {"$ref": "#/components/schemas/ErrorBody"}, (route, status)
            assert answers.ErrorBody.model_validate(content["example"]), (route, status)
            assert response["description"], (route, status)
        wanted = {"401"} if route.split()[1].startswith("/v1") else set()
        wanted |= {"404"} if "{" in route else set()
        assert wanted <= set(operation["responses"]), route


async def test_every_body_has_an_example_that_is_taken(lite: World) -> None:
    spec = lite.app.openapi()
    models = {
        "SessionRequest",
        "ResolveRequest",
        "RefundRequest",
        "RefundResolveRequest",
        "PurgeRequest",
    }
    named = {
        ref.rpartition("/")[2] for o in operations(spec).values() for ref in references(o.get("requestBody"))
    }
    assert named == models
    for name in models:
        examples = spec["components"]["schemas"][name]["examples"]
        assert examples
        for example in examples:
            getattr(requests, name).model_validate(example)
    taken = await lite.api.post(
        "/v1/sessions", json=spec["components"]["schemas"]["SessionRequest"]["examples"][0]
    )
    assert taken.status_code == 201


@pytest.mark.parametrize("route", sorted(ROUTES))
async def test_every_route_refuses_in_the_one_shape(lite: World, route: str) -> None:
    method, path = route.split()
    path = with_names(path)
    more = {"json": BODIES.get(path, {})} if method == "POST" else {}
    wrong = await lite.http.request(method, path, headers={"authorization": "Bearer wrong"}, **more)
    right = await lite.http.request(method, path, headers=KEYS, **more)
    if path.startswith("/v1/"):
        is_problem(wrong, 401, "key_invalid")
        if "unknown" in path:
            is_problem(right, 404)
        else:
            assert right.status_code in (200, 201)
    elif "unknown" in path:
        is_problem(right, 404) if path not in PAGES else check_page(right.status_code, right.text)
    elif path == "/metrics":
        is_problem(right, 404)
    else:
        assert right.json() == {"status": "ok"}
    refused = await lite.api.request("DELETE", path)
    is_problem(refused, 405, "method_not_allowed")
    assert refused.headers["allow"] == ", ".join(
        method for method in ("GET", "POST") if f"{method} {route.split()[1]}" in ROUTES
    )


PAGES = ("/checkout/unknown", "/checkout/unknown/return")


def check_page(status: int, text: str) -> None:
    """What a person opens answers a person."""
    assert status == 404
    assert "<html" in text


@pytest.mark.parametrize(
    "path", ["/", "/nothing", "/v1", "/v1/nothing", "/checkout", "/static/nothing.js", "/%2e%2e/x"]
)
async def test_what_is_not_there(lite: World, path: str) -> None:
    is_problem(await lite.api.get(path), 404, "not_found")


def strict(model: type[BaseModel]) -> type[BaseModel]:
    """The model as a checker of answers: a field too many fails as one too few does."""
    config = ConfigDict(extra="forbid", strict=True)
    return type(model.__name__, (model,), {"model_config": config, "__module__": model.__module__})


async def test_answers_are_what_the_document_says(lite: World) -> None:
    """Routes that answer with bytes of their own are not checked by the framework; so they are here."""
    session_body, refund_body = strict(answers.SessionBody), strict(answers.RefundBody)
    created = await lite.api.post("/v1/sessions", json={**ORDER, "customer": {"email": "a@b.example"}})
    session = created.json()
    session_body.model_validate(session)
    await lite.run()
    await lite.do(session, "pay")
    refund = await lite.refunded(session, "k", amount="1.00", reason="requested_by_customer")
    refund_body.model_validate(refund.json())
    one = (await lite.api.get(f"/v1/sessions/{session['id']}")).json()
    strict(answers.SessionWithEvents).model_validate(one)
    assert one["refunds"]
    listed = (await lite.api.get("/v1/sessions")).json()
    strict(answers.SessionList).model_validate(listed)
    assert listed["data"][0] == {name: value for name, value in one.items() if name != "events"}
    lite.clock.forward(seconds=1)
    async with lite.moving():
        later = await lite.api.post(f"/v1/sessions/{session['id']}/refresh")
    assert later.status_code == 202
    session_body.model_validate(later.json())
    strict(answers.ProviderList).model_validate((await lite.api.get("/v1/providers")).json())


async def test_every_json_answer_has_an_example_of_its_shape(lite: World) -> None:
    spec = lite.app.openapi()
    for route, operation in operations(spec).items():
        for status, response in operation["responses"].items():
            schema = response.get("content", {}).get("application/json", {}).get("schema")
            if int(status) >= 300 or schema is None:
                continue
            assert schema != {}, (route, status)
            name = schema["$ref"].rpartition("/")[2]
            (sample,) = spec["components"]["schemas"][name]["examples"]
            model = getattr(answers, name)
            # FastAPI leaves nulls out of what it publishes.
            model.model_validate(_with_nulls(model, sample))
            assert set(sample) <= set(model.model_fields), (route, name)


def _with_nulls(model: Any, sample: dict[str, Any]) -> dict[str, Any]:
    full = dict.fromkeys(model.model_fields) | sample
    if model is answers.SessionList:
        full["data"] = [_with_nulls(answers.SessionBody, row) for row in sample["data"]]
    if model is answers.PaymentList:
        full["data"] = [_with_nulls(answers.PaymentBody, row) for row in sample["data"]]
    return full


async def test_the_examples_are_what_the_server_answers(lite: World) -> None:
    session = await lite.create()
    assert set(await lite.status(session)) == set(examples.SNAPSHOT)
    assert set((await lite.status(session))["text"]) == set(examples.SNAPSHOT["text"])
    assert set(session) == set(examples.SESSION)
    await lite.do(session, "pay")
    headers = {"idempotency-key": "r"}
    refund = await lite.api.post(f"/v1/sessions/{session['id']}/refunds", headers=headers)
    assert set(refund.json()) == set(examples.REFUND)
    told = (await lite.get(session))["events"][0]
    assert set(told) == set(examples.EVENT)
    (payment,) = (await lite.api.get("/v1/providers/crypto_com/payments")).json()["data"]
    assert set(payment) == set(examples.PAYMENT)
    (provider,) = (await lite.api.get("/v1/providers")).json()["data"]
    assert set(provider) == set(examples.PROVIDER)
