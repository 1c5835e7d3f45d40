"""Logging: JSON for machines, lines for people, and nothing that opens anything in either.

Libraries log through the standard library and we through structlog; both end in one handler, whose last step
before rendering is `redact`.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Mapping
from typing import Any, Literal, TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

Style = Literal["json", "console"]
HIDDEN = "…"

# A shopper's URL opens the checkout: only its token goes, so that lines can still be told apart by route.
_TOKEN = re.compile(r"((?:/|%2F)checkout(?:/|%2F))[^/?#&%\s\"'<>\\]+", re.IGNORECASE)
# Credentials by their looks, wherever they turn up.
_CREDENTIAL = re.compile(
    r"\b((?:sk_(?:live|test|development|staging|production)|whsec)_|(?:Bearer|Basic) +)[A-Za-z0-9+/=._~-]+",
    re.IGNORECASE,
)
# What opens one order at a provider, in an address or in JSON: `clientSecret=…`.
_CLIENT_SECRET = re.compile(r"""(client_?secret(?:=|%3D|\\?["']?\s*:\s*\\?["']))[^&\s"'\\]+""", re.IGNORECASE)
# A password within a URL, such as the database's.
_USERINFO = re.compile(r"(\w://[^/\s:@]+:)[^@\s/]+@")
# Fields by their names, whatever they hold.
_SECRET_NAME = re.compile(
    r"(^|_)(api_?keys?|secrets?|secret_key|authorization|password|token|cookie|client_?secret|preparation)$",
    re.IGNORECASE,
)

# Whose level can be set; all others speak from `warning` on. uvicorn's parts have handlers of their own until told.
_LEVELLED = ("checkout", "checkout_server", "uvicorn", "uvicorn.access", "uvicorn.error")


def clean(text: str) -> str:
    """`text` without shoppers' tokens, keys, signing secrets and passwords."""
    text = _TOKEN.sub(rf"\g<1>{HIDDEN}", text)
    text = _CREDENTIAL.sub(rf"\g<1>{HIDDEN}", text)
    text = _CLIENT_SECRET.sub(rf"\g<1>{HIDDEN}", text)
    return _USERINFO.sub(rf"\g<1>{HIDDEN}@", text)


def redact(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """The processor: cleans every text of an event, at any depth, and hides fields that are named like a secret."""
    return {name: _redacted(name, value) for name, value in event.items()}


def _redacted(name: object, value: Any) -> Any:
    if isinstance(name, str) and _SECRET_NAME.search(name):
        return HIDDEN
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, Mapping):
        return {key: _redacted(key, item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_redacted(None, item) for item in value]
    if value is None or isinstance(value, bool | int | float) or str(name).startswith("_"):
        return value
    return clean(str(value))


def configure(style: Style, level: str = "info", stream: TextIO | None = None) -> None:
    """Sets up all logging of this process. `level` is `debug`, `info`, `warning` or `error`, for us and uvicorn."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso" if style == "json" else "%H:%M:%S", utc=style == "json"),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,  # before redact: a trace holds URLs, too
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    out = stream or sys.stderr
    colors = out.isatty()
    renderer: Processor = (
        structlog.processors.JSONRenderer()
        if style == "json"
        else structlog.dev.ConsoleRenderer(colors=colors, pad_event_to=28)
    )
    handler = logging.StreamHandler(out)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, redact, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    # Libraries log more than they should on their finer levels: aiosqlite, the parameters of every statement.
    root.setLevel(logging.WARNING)
    for name in _LEVELLED:
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [], True
        logger.setLevel(level.upper())
