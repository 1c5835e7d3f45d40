"""The control API: what a test does behind a provider's back. JSON for programs, the same as forms for people."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar
from urllib.parse import parse_qsl

from pydantic import BaseModel, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from checkout_server.sandbox.base import Action, CannotDo, Sandbox, UnknownPayment
from checkout_server.sandbox.faults import Fault

_FORM = "application/x-www-form-urlencoded"
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
M = TypeVar("M", bound=BaseModel)


class ControlError(Exception):
    """An answer in the one error shape: `{"error": {"type", "code", "message", "param"?, "supported"?}}`."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        param: str | None = None,
        supported: tuple[str, ...] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        optional = {"param": param, "supported": list(supported) if supported else None}
        self.body = {
            "error": {
                "type": "control_error",
                "code": code,
                "message": message,
                **{key: value for key, value in optional.items() if value is not None},
            }
        }


Endpoint = Callable[[Request], Awaitable[Response]]
# Shows the console with a message and a status: what a person sees where a program sees an error.
Console = Callable[[Request, str, int], Response]


class Control:
    """The endpoints under `/_control/<provider>/`."""

    def __init__(self, sandboxes: Mapping[str, Sandbox], console: Console) -> None:
        self._sandboxes = sandboxes
        self._console = console

    def routes(self) -> list[Route]:
        payments, one = "/{provider}/payments", "/{provider}/payments/{ref}"
        return [
            self._route(payments, self.list_payments, "GET"),
            self._route(one, self.show, "GET"),
            self._route(one, self.act, "POST"),
            self._route(f"{one}/tamper", self.tamper, "POST"),
            self._route(f"{one}/tamper", self.restore, "DELETE"),
            self._route("/{provider}/log", self.log, "GET"),
            self._route("/{provider}/faults", self.list_faults, "GET"),
            self._route("/{provider}/faults", self.add_fault, "POST"),
            self._route("/{provider}/faults", self.clear_faults, "DELETE"),
            # A form cannot send DELETE.
            self._route("/{provider}/faults/clear", self.clear_faults, "POST"),
            self._route("/{rest:path}", self.nothing_here),
        ]

    async def list_payments(self, request: Request) -> Response:
        sandbox = self._sandbox(request)
        return JSONResponse({"data": [sandbox.payment(each.ref) for each in sandbox.payments()]})

    async def show(self, request: Request) -> Response:
        sandbox, ref = self._payment(request)
        return JSONResponse({"payment": sandbox.payment(ref)})

    async def act(self, request: Request) -> Response:
        sandbox, ref = self._payment(request)
        action = _validated(Action, await _body(request))
        if action.do not in sandbox.can:
            raise ControlError(
                422,
                "not_supported",
                f"{sandbox.title} has no way to {action.do} a payment. It can: {', '.join(sandbox.can)}.",
                param="do",
                supported=sandbox.can,
            )
        try:
            told = sandbox.act(ref, action)
        except CannotDo as error:
            status = 422 if error.param else 409
            raise ControlError(status, error.code, str(error), param=error.param) from error
        return JSONResponse({"payment": sandbox.payment(ref), "webhooks": told})

    async def tamper(self, request: Request) -> Response:
        sandbox, ref = self._payment(request)
        fields = await _body(request)
        if not fields:
            raise ControlError(422, "fields_missing", "Name at least one field to set.")
        sandbox.tamper(ref, fields)
        return JSONResponse({"payment": sandbox.payment(ref)})

    async def restore(self, request: Request) -> Response:
        sandbox, ref = self._payment(request)
        sandbox.tamper(ref, {})
        return JSONResponse({"payment": sandbox.payment(ref)})

    async def log(self, request: Request) -> Response:
        entries = self._sandbox(request).log.entries()
        return JSONResponse({"data": [entry.public() for entry in entries]})

    async def list_faults(self, request: Request) -> Response:
        return JSONResponse(_faults(self._sandbox(request)))

    async def add_fault(self, request: Request) -> Response:
        sandbox = self._sandbox(request)
        sandbox.faults.add(_validated(Fault, await _body(request)))
        return JSONResponse(_faults(sandbox), 201)

    async def clear_faults(self, request: Request) -> Response:
        sandbox = self._sandbox(request)
        sandbox.faults.clear()
        return JSONResponse(_faults(sandbox))

    async def nothing_here(self, request: Request) -> Response:
        raise ControlError(
            404, "unknown_control", f"There is no control {request.method} {request.url.path}."
        )

    def _sandbox(self, request: Request) -> Sandbox:
        name = request.path_params["provider"]
        try:
            return self._sandboxes[name]
        except KeyError:
            known = ", ".join(self._sandboxes)
            raise ControlError(
                404, "unknown_provider", f"There is no sandbox {name!r}; there are: {known}."
            ) from None

    def _payment(self, request: Request) -> tuple[Sandbox, str]:
        sandbox, ref = self._sandbox(request), request.path_params["ref"]
        try:
            sandbox.payment(ref)
        except UnknownPayment:
            raise ControlError(
                404, "unknown_payment", f"{sandbox.title} holds no payment {ref!r}.", param="ref"
            ) from None
        return sandbox, ref

    def _route(self, path: str, endpoint: Endpoint, method: str | None = None) -> Route:
        async def answer(request: Request) -> Response:
            person = request.method == "POST" and await _is_form(request)
            try:
                response = await endpoint(request)
            except ControlError as error:
                if person:
                    return self._console(request, error.message, error.status)
                return JSONResponse(error.body, error.status)
            return RedirectResponse(str(request.url_for("console")), 303) if person else response

        return Route(f"/_control{path}", answer, methods=[method] if method else list(_METHODS))


def _faults(sandbox: Sandbox) -> dict[str, Any]:
    return {"data": [fault.public() for fault in sandbox.faults.waiting()]}


async def _is_form(request: Request) -> bool:
    """Whether a person pressed a button of the console. `curl -d '{…}'` says the same of itself, with JSON in it."""
    said = request.headers.get("content-type", "").partition(";")[0].strip().lower() == _FORM
    return said and not (await request.body()).lstrip().startswith(b"{")


async def _body(request: Request) -> dict[str, Any]:
    raw = await request.body()
    try:
        body = _from_form(raw) if await _is_form(request) else json.loads(raw)
    except (ValueError, RecursionError):
        raise ControlError(400, "not_json", "The body is not JSON.") from None
    if not isinstance(body, dict):
        raise ControlError(400, "not_json", "The body is a JSON object.")
    return body


def _from_form(raw: bytes) -> dict[str, Any]:
    """A form has only text; what it left empty it did not say."""
    fields: dict[str, Any] = {}
    for key, value in parse_qsl(raw.decode("utf-8")):
        if value == "on":
            fields[key] = True
        elif key != "amount" and value.isascii() and value.isdigit():
            fields[key] = int(value)
        else:
            fields[key] = value
    return fields


def _validated(model: type[M], body: dict[str, Any]) -> M:
    try:
        return model.model_validate(body)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        param = ".".join(str(part) for part in first["loc"]) or None
        message = f"{param}: {first['msg']}" if param else str(first["msg"])
        raise ControlError(422, "invalid", message, param=param) from None
