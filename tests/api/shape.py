"""What every error of ours looks like, asserted in one place."""

from __future__ import annotations

from typing import Any

import httpx

from tests.world import KEY

_TYPES = {400: "request", 401: "key", 404: "request", 405: "request", 409: "request", 413: "request"}
_TYPES |= {422: "request", 429: "request", 500: "server", 502: "provider", 503: "server"}
# What no answer ever holds: our keys, the provider's, a trace, a database's words.
_NEVER = (KEY, "second-key", "sk_test_demo", "whsec_", "return-secret", "Traceback", "sqlalchemy", "psycopg")


def is_problem(
    response: httpx.Response, status: int, code: str | None = None, param: str | None = None
) -> Any:
    """The error object of a response, once it is sure that it is one, of this status, code and field."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/json"
    body = response.json()
    assert set(body) == {"error"}
    error = body["error"]
    assert set(error) - {"param"} == {"type", "code", "message", "request_id"}
    assert all(isinstance(value, str) and value for value in error.values())
    assert error["type"] == _TYPES[status]
    assert error["request_id"] == response.headers["x-request-id"]
    assert error["request_id"].startswith("req_")
    assert code is None or error["code"] == code, error
    assert param is None or error["param"] == param, error
    if status in (429, 503):
        assert int(response.headers["retry-after"]) >= 1
    if status == 401:
        assert response.headers["www-authenticate"] == "Bearer"
    assert not [word for word in _NEVER if word in response.text]
    return error
