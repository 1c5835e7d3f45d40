"""A server to kill: `python -m tests.server.crash.serve <database> <sandbox> <port file> <seconds ahead>`.

Its clock may run ahead, so that a test need not wait for leases of the process it has killed.
"""

from __future__ import annotations

import asyncio
import socket
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import uvicorn

from checkout_server.app import create_app
from checkout_server.context import Context
from tests.world import settings_for


def main(database_url: str, sandbox: str, port_file: str, ahead: str) -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    provider = {
        "secret_key": "sk_test_demo",
        "publishable_key": "pk_test_demo",
        "webhook_secret": "whsec_demo",
        "base_url": f"{sandbox}/crypto_com/api",
    }
    settings = settings_for(database_url, public_url=url, worker=True, webhook_url=None, crypto_com=provider)
    by = timedelta(seconds=float(ahead))
    ctx = Context.build(settings, clock=lambda: datetime.now(UTC) + by)
    server = uvicorn.Server(uvicorn.Config(create_app(settings, context=ctx), log_level="warning", ws="none"))
    Path(port_file).write_text(url)
    asyncio.run(server.serve(sockets=[listener]))


if __name__ == "__main__":
    main(*sys.argv[1:])
