"""An httpx client that fails only in the words of the provider contract."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from typing import Any

import httpx

from checkout_server import keep_alive
from checkout_server.providers.base import (
    NotFound,
    OutcomeUnknown,
    ProviderError,
    RateLimited,
    Refused,
    Unreachable,
)
from checkout_server.retry_after import retry_after

# A shopper waits behind most of these calls. Longer than this and the page says that the provider is slow.
TIMEOUT = httpx.Timeout(10.0, connect=5.0)
# The same for the whole exchange: an answer that drips byte by byte never runs into a time-out of httpx.
DEADLINE = 20.0
MAX_BODY = 2 * 1024 * 1024

# An adapter's reading of an error body: (code, param, message for the merchant).
ErrorReader = Callable[[Any], tuple[str, str | None, str]]


class ApiClient:
    """JSON over HTTP to one provider. `read_error` turns the provider's error body into its code and words."""

    def __init__(
        self,
        *,
        title: str,
        base_url: str,
        auth: httpx.Auth | tuple[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        read_error: ErrorReader,
    ) -> None:
        self._title = title
        self._read_error = read_error
        self._client = httpx.AsyncClient(
            base_url=base_url.rstrip("/") + "/",
            auth=auth,
            headers={"Accept": "application/json", "User-Agent": "checkout-ui", **(headers or {})},
            timeout=TIMEOUT,
            limits=keep_alive.CLIENT,
            transport=transport,
            follow_redirects=False,
            trust_env=False,
        )

    async def get(self, path: str, *, params: Mapping[str, str] | None = None) -> Any:
        """Reads. Whatever goes wrong on the way is `Unreachable`, because reading again is always safe."""
        return await self._send("GET", path, params=params)

    async def post(
        self,
        path: str,
        *,
        form: Mapping[str, str] | None = None,
        json_body: Any = None,
        raw_json: bytes | None = None,
    ) -> Any:
        """Writes. A failure after the request may have left is `OutcomeUnknown`.

        `raw_json` is JSON as it shall be sent, for numbers that no `json_body` can hold exactly.
        """
        return await self._send("POST", path, form=form, json_body=json_body, raw_json=raw_json)

    async def patch(self, path: str, *, json_body: Any) -> Any:
        """Changes something. Fails as `post` does."""
        return await self._send("PATCH", path, json_body=json_body)

    async def delete(self, path: str) -> Any:
        """A write like any other, but that the answer may be empty: then None."""
        return await self._send("DELETE", path)

    async def aclose(self) -> None:
        await self._client.aclose()

    async def _send(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        form: Mapping[str, str] | None = None,
        json_body: Any = None,
        raw_json: bytes | None = None,
    ) -> Any:
        lost: type[ProviderError] = Unreachable if method == "GET" else OutcomeUnknown
        request = self._client.build_request(
            method,
            path.lstrip("/"),
            params=params,
            data=form,
            json=json_body,
            content=raw_json,
            headers={"Content-Type": "application/json"} if raw_json is not None else None,
        )
        try:
            async with asyncio.timeout(DEADLINE):
                response, content = await self._exchange(request)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise Unreachable(f"{self._title} cannot be reached ({type(error).__name__}).") from error
        except (httpx.HTTPError, TimeoutError) as error:
            raise lost(f"{self._title} did not answer ({type(error).__name__}).") from error
        body = None if method == "DELETE" and not content else _json(content)
        return self._read(response, body, lost)

    async def _exchange(self, request: httpx.Request) -> tuple[httpx.Response, bytes]:
        """The answer and its body, of which no more is taken in than shows that it is too long."""
        response = await self._client.send(request, stream=True)
        content = bytearray()
        try:
            async for chunk in response.aiter_bytes():
                content += chunk
                if len(content) > MAX_BODY:
                    break
        finally:
            await response.aclose()
        return response, bytes(content)

    def _read(self, response: httpx.Response, body: Any, lost: type[ProviderError]) -> Any:
        status = response.status_code
        if 200 <= status < 300:
            if body is _NOT_JSON:
                raise lost(f"{self._title} answered {status} with something that is not JSON.")
            return body
        if status == httpx.codes.TOO_MANY_REQUESTS:
            raise RateLimited(
                f"{self._title} asks to slow down.",
                code="rate_limited",
                retry_after=retry_after(response.headers, most=3600),
            )
        if status >= 500 or 300 <= status < 400 or status == httpx.codes.REQUEST_TIMEOUT:
            raise lost(
                f"{self._title} answered {status}.", retry_after=retry_after(response.headers, most=3600)
            )
        code, param, message = self._read_error(None if body is _NOT_JSON else body)
        if body is _NOT_JSON:  # a proxy's page rather than the provider's word: the status is all there is
            message = f"{self._title} answered {status}. {_WHOSE_JOB.get(status, '')}".rstrip()
        if status == httpx.codes.NOT_FOUND:
            raise NotFound(message, code=code, param=param)
        raise Refused(message, code=code, param=param)


_WHOSE_JOB = {
    401: "The merchant's key was not accepted: check the configuration.",
    403: "The merchant's key may not do this: check the configuration.",
}
_NOT_JSON = object()


def _json(content: bytes) -> Any:
    """The body as JSON with numbers as they were written: no float is ever made of an amount."""
    if len(content) > MAX_BODY:
        return _NOT_JSON
    try:
        return json.loads(content, parse_float=str, parse_constant=str)
    except (ValueError, RecursionError):
        return _NOT_JSON
