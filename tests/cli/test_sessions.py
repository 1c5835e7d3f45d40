"""`checkout-ui sessions …` against an API that is a thread with a socket: the commands make their own client."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from typer.testing import CliRunner

from checkout_server.cli import app
from tests.client.rig import refund, session

runner = CliRunner()
Answers = dict[tuple[str, str], tuple[int, Any]]


class Api:
    """Answers by method and path; keeps what it was asked."""

    def __init__(self, answers: Answers) -> None:
        self.answers = answers
        self.asked: list[tuple[str, str, Any, str | None]] = []
        self.url = ""

    def run(self, *arguments: str, typed: str | None = None) -> Any:
        env = {
            "CHECKOUT_PUBLIC_URL": self.url,
            "CHECKOUT_API_KEYS": "new-key,old-key",
            "NO_PROXY": "127.0.0.1",
        }
        return runner.invoke(app, ["sessions", *arguments], env=env, input=typed)


@contextmanager
def api(answers: Answers) -> Iterator[Api]:
    fake = Api(answers)

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            raw = self.rfile.read(int(self.headers.get("content-length") or 0))
            key = self.headers.get("idempotency-key")
            assert self.headers["authorization"] == "Bearer new-key"
            fake.asked.append((self.command, self.path, json.loads(raw) if raw else None, key))
            status, body = fake.answers[self.command, self.path.partition("?")[0]]
            data = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = _answer  # noqa: N815 - the names that http.server calls

        def log_message(self, format: str, *arguments: Any) -> None:  # noqa: A002
            """Silent: the test's output is the command's."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    fake.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield fake
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_list_is_a_line_each_or_json() -> None:
    page = {"data": [session(id="cs_2", status="review"), session(amount=None, currency=None)], "next": None}
    with api({("GET", "/v1/sessions"): (200, page)}) as fake:
        plain = fake.run("list", "--status", "review", "--order", "order-1")
        machine = fake.run("list", "--json")
    lines = plain.stdout.splitlines()
    assert lines[0].split() == ["cs_2", "review", "25.00", "USD", "crypto_com", "order-1"]
    assert "open price" in lines[1]
    assert json.loads(machine.stdout) == page["data"]
    assert "status=review" in fake.asked[0][1]
    assert "order_id=order-1" in fake.asked[0][1]


def test_list_stops_at_its_limit() -> None:
    page = {"data": [session(), session(id="cs_0")], "next": "cs_0"}
    with api({("GET", "/v1/sessions"): (200, page)}) as fake:
        listed = fake.run("list", "--limit", "3")
    assert len(listed.stdout.splitlines()) == 3
    assert len(fake.asked) == 2


def test_show_tells_the_story() -> None:
    events = [{"at": "2026-11-21T10:00:00.000Z", "type": "session.created"}]
    body = {**session(status="review", review_reason="underpaid", amount_received="24.00"), "events": events}
    with api({("GET", "/v1/sessions/cs_1"): (200, body)}) as fake:
        shown = fake.run("show", "cs_1").stdout
    assert "review (underpaid)" in shown
    assert "24.00" in shown
    assert "session.created" in shown


@pytest.mark.parametrize(
    ("arguments", "path", "body"),
    [
        (["refresh", "cs_1"], "refresh", None),
        (["cancel", "cs_1"], "cancel", None),
        (["resolve", "cs_1", "succeeded", "--note", "ok"], "resolve", {"status": "succeeded", "note": "ok"}),
    ],
)
def test_actions_show_the_session_after_them(arguments: list[str], path: str, body: Any) -> None:
    with api({("POST", f"/v1/sessions/cs_1/{path}"): (200, session(status="cancelled"))}) as fake:
        done = fake.run(*arguments)
    assert done.exit_code == 0
    assert "cancelled" in done.stdout
    assert fake.asked[0][:3] == ("POST", f"/v1/sessions/cs_1/{path}", body)


def test_a_refund_needs_a_word_of_its_own() -> None:
    answers: Answers = {("POST", "/v1/sessions/cs_1/refunds"): (201, refund(status="unknown"))}
    with api(answers) as fake:
        assert fake.run("refund", "cs_1").exit_code == 2
        done = fake.run("refund", "cs_1", "--amount", "10.00", "--idempotency-key", "ticket-1")
    assert fake.asked == [("POST", "/v1/sessions/cs_1/refunds", {"amount": "10.00"}, "ticket-1")]
    assert "10.00 USD" in done.stdout
    assert "before you refund again" in done.stderr


def test_a_person_says_what_became_of_a_refund() -> None:
    path = "/v1/sessions/cs_1/refunds/re_1/resolve"
    with api({("POST", path): (200, refund(status="failed"))}) as fake:
        done = fake.run("resolve-refund", "cs_1", "re_1", "failed")
    assert fake.asked == [("POST", path, {"status": "failed"}, None)]
    assert done.stdout == "re_1  failed  10.00 USD\n"


def test_deliver_says_how_many() -> None:
    with api({("POST", "/v1/sessions/cs_1/deliver"): (200, {"messages": 2})}) as fake:
        assert fake.run("deliver", "cs_1").stdout.startswith("2 ")
        assert json.loads(fake.run("deliver", "cs_1", "--json").stdout) == {"messages": 2}


def test_a_refusal_is_one_line_and_status_1() -> None:
    error = {"type": "request", "code": "not_supported", "message": "Cannot cancel.", "request_id": "req_1"}
    with api({("POST", "/v1/sessions/cs_1/cancel"): (409, {"error": error})}) as fake:
        refused = fake.run("cancel", "cs_1")
    assert refused.exit_code == 1
    assert refused.stderr == "not_supported: Cannot cancel. [req_1]\n"


def test_a_key_is_needed() -> None:
    refused = runner.invoke(app, ["sessions", "list"])
    assert refused.exit_code == 2
    assert "--key" in refused.stderr


def payment(ref: str, session_id: str | None, state: str) -> dict[str, Any]:
    return {"provider_ref": ref, "session_id": session_id, "state": state}


def test_reconcile_looks_again_where_both_differ() -> None:
    payments = [
        payment("pay_1", "cs_1", "succeeded"),  # ours says open, and still does after a fresh look
        payment("pay_2", "cs_2", "succeeded"),  # ours says open, and a fresh look repairs it
        payment("pay_3", "cs_3", "open"),  # agrees
        payment("pay_4", None, "succeeded"),  # made elsewhere
        payment("pay_5", "cs_5", "succeeded"),  # unknown here
        payment("pay_6", "cs_6", "succeeded"),  # a person has it in hand
        payment("pay_7", "cs_3", "open"),  # a second payment under one session
        {**payment("pay_8", "cs_8", "open"), "amount": "25.000"},  # the same amount, written otherwise
        {**payment("pay_9", "cs_9", "open"), "amount": "24.99"},
    ]
    gone = {"error": {"type": "request", "code": "session_unknown", "message": "No."}}
    answers: Answers = {("GET", "/v1/providers/crypto_com/payments"): (200, {"data": payments})}
    ours = {1: "open", 2: "open", 3: "open", 6: "review", 8: "open", 9: "open"}
    for number, status in ours.items():
        body = session(id=f"cs_{number}", provider_ref=f"pay_{number}", status=status)
        answers["GET", f"/v1/sessions/cs_{number}"] = 200, body
        fresh = {**body, "status": "succeeded" if number == 2 else status}
        answers["POST", f"/v1/sessions/cs_{number}/refresh"] = 200, fresh
    answers["GET", "/v1/sessions/cs_5"] = 404, gone
    answers["GET", "/v1/sessions"] = 200, {"data": [], "next": None}
    with api(answers) as fake:
        done = fake.run("reconcile", "--provider", "crypto_com", "--json")
        plain = fake.run("reconcile", "--provider", "crypto_com")
    found = json.loads(done.stdout)
    assert found["compared"] == 9
    assert [(row["provider_ref"], row["result"], row["what"]) for row in found["differences"]] == [
        ("pay_1", "different", "status"),
        ("pay_2", "repaired", "status"),
        ("pay_4", "unknown", "payment"),
        ("pay_5", "unknown", "payment"),
        ("pay_7", "different", "provider_ref"),
        ("pay_9", "different", "amount"),
    ]
    assert (found["differences"][-1]["theirs"], found["differences"][-1]["ours"]) == ("24.99", "25.00")
    assert done.exit_code == 1
    assert plain.stdout.splitlines()[-1] == "9 compared, 6 different."


def test_reconcile_ends_well_when_all_is_well() -> None:
    answers: Answers = {
        ("GET", "/v1/providers/crypto_com/payments"): (200, {"data": [payment("pay_1", "cs_1", "open")]}),
        ("GET", "/v1/sessions/cs_1"): (200, session(provider_ref="pay_1")),
        ("GET", "/v1/sessions"): (200, {"data": [session(provider_ref="pay_1")], "next": None}),
    }
    with api(answers) as fake:
        done = fake.run("reconcile", "--provider", "crypto_com")
    assert (done.exit_code, done.stdout) == (0, "1 compared, 0 different.\n")


def test_reconcile_finds_what_the_provider_does_not_hold() -> None:
    rows = [
        session(id="cs_1", provider_ref="pay_1"),
        session(id="cs_2", provider_ref="pay_2"),
        session(id="cs_3", provider_ref=None),  # not created yet
        session(id="cs_4", provider_ref="pay_4", mode="live"),  # in another list
    ]
    listed = {**payment("pay_1", None, "open"), "mode": "test"}
    answers: Answers = {
        ("GET", "/v1/providers/crypto_com/payments"): (200, {"data": [listed]}),
        ("GET", "/v1/sessions"): (200, {"data": rows, "next": None}),
    }
    with api(answers) as fake:
        done = fake.run("reconcile", "--provider", "crypto_com", "--json")
        cut_off = fake.run("reconcile", "--provider", "crypto_com", "--limit", "1", "--json")
    found = [(row["session_id"], row["result"]) for row in json.loads(done.stdout)["differences"]]
    assert found == [("cs_2", "missing")]
    assert json.loads(cut_off.stdout)["differences"] == []


def test_reconcile_without_a_list_looks_at_each_of_ours() -> None:
    no_list = {"error": {"type": "request", "code": "not_supported", "message": "Inqud has no list."}}
    rows = [
        session(id="cs_1", provider_ref="a"),
        session(id="cs_2", provider_ref="b"),
        session(id="cs_3", provider_ref=None),
    ]
    answers: Answers = {
        ("GET", "/v1/providers/inqud/payments"): (409, no_list),
        ("GET", "/v1/sessions"): (200, {"data": rows, "next": None}),
        ("POST", "/v1/sessions/cs_1/refresh"): (200, session(id="cs_1", provider_ref="a")),
        ("POST", "/v1/sessions/cs_2/refresh"): (
            200,
            session(id="cs_2", provider_ref="b", status="succeeded", paid=True),
        ),
    }
    with api(answers) as fake:
        done = fake.run("reconcile", "--provider", "inqud", "--json")
    told = json.loads(done.stdout)
    assert told["compared"] == 2
    (row,) = told["differences"]
    assert (row["session_id"], row["result"], row["theirs"], row["ours"]) == (
        "cs_2",
        "repaired",
        "succeeded",
        "open",
    )
    assert done.exit_code == 0


def test_purge_asks_before_it_deletes() -> None:
    with api({("POST", "/v1/purge"): (200, {"sessions": 7})}) as fake:
        assert fake.run("purge", typed="n\n").exit_code == 1
        assert fake.asked == []
        assert fake.run("purge", "--older-than-days", "40", "--yes").stdout.startswith("7 ")
        assert json.loads(fake.run("purge", "--yes", "--json").stdout) == {"sessions": 7}
