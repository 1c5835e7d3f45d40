"""`serve` as a process: it answers, logs JSON without a shopper's token or a key, and ends when it is told to."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import httpx

from checkout_server.client import Checkout
from tests.cli.running import wait_until
from tests.ports import free_ports

KEY = "0123456789abcdef0123456789abcdef"
SECRET = "not-to-be-logged"


def test_serve_logs_json_and_no_secret(tmp_path: Path) -> None:
    port, nowhere = free_ports(2), 9
    url = f"http://127.0.0.1:{port}"
    env = {
        **os.environ,
        "CHECKOUT_DATABASE_URL": f"sqlite:///{tmp_path}/db.sqlite3",
        "CHECKOUT_PUBLIC_URL": url,
        "CHECKOUT_API_KEYS": KEY,
        "CHECKOUT_RETURN_SECRETS": SECRET,
        "CHECKOUT_ALLOW_SANDBOX": "1",
        "CHECKOUT_LOG_LEVEL": "debug",
        "CHECKOUT_CRYPTO_COM__SECRET_KEY": f"sk_test_{SECRET}",
        "CHECKOUT_CRYPTO_COM__WEBHOOK_SECRET": SECRET,
        "CHECKOUT_CRYPTO_COM__BASE_URL": f"http://127.0.0.1:{nowhere}/api",  # a provider that is away
    }
    log = tmp_path / "log"
    command = [
        sys.executable,
        "-c",
        "from checkout_server.cli import app; app()",
        "serve",
        "--port",
        str(port),
    ]
    with log.open("w") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, env=env, cwd=tmp_path)
        try:
            with httpx.Client(trust_env=False) as visitor:
                wait_until(lambda: process.poll() is not None or _healthy(visitor, url))
                with Checkout(url, KEY) as checkout:
                    session = checkout.create_session(
                        provider="crypto_com",
                        amount="25.00",
                        currency="USD",
                        order_id="order-1",
                        return_url="https://shop.example/thanks",
                    )
                assert visitor.get(session.url).status_code == 200
            process.send_signal(signal.SIGTERM)
            process.wait(30)
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
    text = log.read_text()
    events = [json.loads(line) for line in text.splitlines()]
    assert any(event["event"] == "request" for event in events), text
    assert all({"event", "level", "timestamp"} <= set(event) for event in events)
    token = session.url.rpartition("/")[2]
    for secret in (token, KEY, SECRET):
        assert secret not in text
    assert not [event for event in events if event["level"] in ("error", "critical")], text


def _healthy(visitor: httpx.Client, url: str) -> bool:
    try:
        return visitor.get(f"{url}/readyz").status_code == 200
    except httpx.TransportError:
        return False
