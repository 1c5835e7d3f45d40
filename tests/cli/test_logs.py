"""What is logged, and what never is."""

from __future__ import annotations

import io
import json
import logging
from typing import Any

import pytest
import structlog
from pydantic import SecretStr

from checkout_server import logs

TOKEN = "Z4n0tU7T0q9SIRo1KAL0VzDxAqIRjPoh"
KEYS = {
    "sk": "sk_live_Abc123DEF456",
    "whsec": "whsec_c2VjcmV0c2VjcmV0+/=",
    "bearer": "demo-merchant-key-0123",
}


@pytest.fixture
def out() -> io.StringIO:
    stream = io.StringIO()
    logs.configure("json", "debug", stream)
    return stream


def lines(out: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_json_has_time_level_logger_and_fields(out: io.StringIO) -> None:
    structlog.get_logger("checkout.test").info("it.happened", session="cs_1", count=3)
    (line,) = lines(out)
    assert {k: line[k] for k in ("event", "level", "logger", "session", "count")} == {
        "event": "it.happened",
        "level": "info",
        "logger": "checkout.test",
        "session": "cs_1",
        "count": 3,
    }
    assert line["timestamp"].endswith("Z")


def test_uvicorn_s_access_log_loses_the_token(out: io.StringIO) -> None:
    logging.getLogger("uvicorn.access").info(
        '%s - "%s %s HTTP/%s" %d', "127.0.0.1:5", "GET", f"/checkout/{TOKEN}/status?x=1", "1.1", 200
    )
    assert TOKEN not in out.getvalue()
    assert lines(out)[0]["event"] == '127.0.0.1:5 - "GET /checkout/…/status?x=1 HTTP/1.1" 200'


@pytest.mark.parametrize(
    "text",
    [
        f"https://pay.example/checkout/{TOKEN}",
        f"/pay/checkout/{TOKEN}?view=embed",
        f"<a href='/checkout/{TOKEN}'>",
        f"next=%2Fcheckout%2F{TOKEN}%2Freturn",
    ],
)
def test_a_token_is_hidden_wherever_its_url_stands(out: io.StringIO, text: str) -> None:
    log = structlog.get_logger("checkout.test")
    log.info(text)
    log.info("nested", deep={"list": [text, (text,)]})
    logging.getLogger("some.library").warning("failed for %s", text)
    assert TOKEN not in out.getvalue()
    assert out.getvalue().count("checkout") >= 4


def test_keys_are_hidden_by_their_looks(out: io.StringIO) -> None:
    log = structlog.get_logger("checkout.test")
    log.error(f"refused {KEYS['sk']}", header=f"Bearer {KEYS['bearer']}", note=f"signed with {KEYS['whsec']}")
    log.error("db", url="postgresql://checkout:pa55word@db/checkout")
    for secret in (*KEYS.values(), "pa55word"):
        assert secret not in out.getvalue()


@pytest.mark.parametrize(
    "name",
    ["api_key", "api_keys", "secret", "secret_key", "webhook_secrets", "Authorization", "token", "password"],
)
def test_fields_are_hidden_by_their_names(out: io.StringIO, name: str) -> None:
    structlog.get_logger("checkout.test").info(
        "x", **{name: "s3cret-value"}, headers={name: ["s3cret-value"]}
    )
    assert "s3cret-value" not in out.getvalue()
    assert lines(out)[0][name] == "…"


def test_traces_are_cleaned_as_well(out: io.StringIO) -> None:
    try:
        raise RuntimeError(f"GET /checkout/{TOKEN} with {KEYS['sk']}")
    except RuntimeError:
        structlog.get_logger("checkout.test").exception("failed")
        logging.getLogger("library").exception("failed")
    ours, theirs = lines(out)
    for line in (ours, theirs):
        assert "RuntimeError" in line["exception"]
        assert TOKEN not in json.dumps(line)
        assert KEYS["sk"] not in json.dumps(line)


def test_masked_settings_and_other_objects_stay_masked(out: io.StringIO) -> None:
    structlog.get_logger("checkout.test").info(
        "x", one=SecretStr("s3cret-value"), where=ValueError(f"/checkout/{TOKEN}")
    )
    assert "s3cret-value" not in out.getvalue()
    assert TOKEN not in out.getvalue()


def test_people_get_lines_with_the_same_care() -> None:
    stream = io.StringIO()
    logs.configure("console", "info", stream)
    log = structlog.get_logger("checkout.test")
    log.info("opened", url=f"/checkout/{TOKEN}")
    log.debug("too fine")
    text = stream.getvalue()
    assert "opened" in text
    assert TOKEN not in text
    assert "too fine" not in text
    assert "\x1b[" not in text  # no colours into a file


@pytest.mark.parametrize("name", ["aiosqlite", "httpx", "sqlalchemy.engine", "anything"])
def test_libraries_speak_only_when_something_is_wrong(out: io.StringIO, name: str) -> None:
    """aiosqlite's finer lines hold every parameter, a session's token among them."""
    logging.getLogger(name).info("INSERT ... %r", TOKEN)
    logging.getLogger(name).warning("something is wrong")
    assert [line["event"] for line in lines(out)] == ["something is wrong"]


def test_configuring_twice_logs_once() -> None:
    first, second = io.StringIO(), io.StringIO()
    logs.configure("json", "info", first)
    logs.configure("json", "info", second)
    structlog.get_logger("checkout.test").info("once")
    assert (first.getvalue(), len(lines(second))) == ("", 1)
