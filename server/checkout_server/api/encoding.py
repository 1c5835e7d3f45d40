"""Compression of what is worth it: pages and our own files by gzip, the engines by brotli made at build time."""

from __future__ import annotations

import gzip
from collections.abc import Mapping

from fastapi import Request, Response


def accepts(request: Request, coding: str) -> bool:
    """Whether the browser takes a coding; one that is listed with `q=0` is refused."""
    for entry in request.headers.get("accept-encoding", "").lower().split(","):
        name, _, weight = entry.partition(";")
        if name.strip() == coding:
            return weight.replace(" ", "").rstrip("0").rstrip(".") != "q="
    return False


def encoded(
    request: Request,
    plain: bytes,
    headers: Mapping[str, str],
    *,
    status: int = 200,
    gzipped: bytes | None = None,
) -> Response:
    """`plain`, gzipped for a browser that takes it; `gzipped` when that was done before."""
    varied = {**headers, "vary": "accept-encoding"}
    if accepts(request, "gzip"):
        squeezed = gzip.compress(plain, 6, mtime=0) if gzipped is None else gzipped
        if len(squeezed) < len(plain):
            return Response(squeezed, status, headers={**varied, "content-encoding": "gzip"})
    return Response(plain, status, headers=varied)
