"""Asks one server for one path, over and over: `python -m bench.load <url> <requests> <connections>`; prints seconds.

Plain sockets, for a full client would be slower than what it measures. Understands the answers that have a
`Content-Length`, and counts only those with 200.
"""

from __future__ import annotations

import asyncio
import re
import sys
import time
from urllib.parse import urlsplit

_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)


async def ask(host: str, port: int, request: bytes, times: int) -> None:
    """One kept connection, one request after the other."""
    reader, writer = await asyncio.open_connection(host, port)
    try:
        for _ in range(times):
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            length = _LENGTH.search(head)
            if not head.startswith(b"HTTP/1.1 200") or length is None:
                raise RuntimeError(f"unexpected answer: {head[:200]!r}")
            await reader.readexactly(int(length[1]))
    finally:
        writer.close()


async def load(url: str, requests: int, connections: int) -> float:
    """Seconds for `requests`, shared among `connections`."""
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or 80
    request = (
        f"GET {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\nAccept-Encoding: gzip, br\r\n\r\n".encode()
    )
    shares = [requests // connections + (number < requests % connections) for number in range(connections)]
    began = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for share in shares:
            group.create_task(ask(host, port, request, share))
    return time.perf_counter() - began


if __name__ == "__main__":
    print(asyncio.run(load(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))))
