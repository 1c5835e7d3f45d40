"""One server in a process of its own: `python -m bench.serve <app> <fd>`, on a socket that the parent bound."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Callable
from typing import Any

import uvicorn

from bench.bare import create_bare
from checkout_server import logs
from checkout_server.app import create_app
from checkout_server.sandbox.app import create_sandbox
from checkout_server.sandbox.settings import SandboxSettings
from checkout_server.settings import load_settings


def checkout() -> Any:
    """Configured as any deployment is: by `CHECKOUT_*`."""
    logs.configure("json", "error")
    return create_app(load_settings())


def sandbox() -> Any:
    public, checkout = os.environ["BENCH_SANDBOX"], os.environ["BENCH_CHECKOUT"]
    return create_sandbox(SandboxSettings(public_url=public, checkout_url=checkout))


APPS: dict[str, Callable[[], Any]] = {"checkout": checkout, "sandbox": sandbox, "bare": create_bare}


def main(name: str, fd: str) -> None:
    config = uvicorn.Config(APPS[name](), log_config=None, access_log=False, timeout_graceful_shutdown=1)
    uvicorn.Server(config).run(sockets=[socket.socket(fileno=int(fd))])


if __name__ == "__main__":
    main(*sys.argv[1:])
