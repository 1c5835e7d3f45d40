"""The addresses of the embedded and the hosted checkout, byte for byte as the provider's own SDK writes them.

Source: `providers/crossmint.md`, "Embedded checkout (v3)". The SDK is JavaScript, so JavaScript's rules hold: what is
dropped is what is falsy there, objects are `JSON.stringify`, and the encoding is that of `URLSearchParams`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, quote_plus

SDK_PATH = "/sdk/2024-03-05"
_API_KEY = "&apiKey="

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_ARRAY_INDEX = re.compile(r"0|[1-9][0-9]{0,9}", re.ASCII)


def embedded_url(host: str, props: Mapping[str, Any], client_key: str, metadata: Mapping[str, str]) -> str:
    """`props` in their order (`orderId`, `clientSecret`, `payment`, …), then the key, then the SDK's name."""
    query = _query({**props, "apiKey": _public(client_key), "sdkMetadata": metadata})
    return f"{host}{SDK_PATH}/embedded-checkout?{query}"


def hosted_url(
    host: str, order_id: str, client_secret: str, client_key: str, metadata: Mapping[str, str]
) -> str:
    """The provider's own page for an order."""
    values = {"clientSecret": client_secret, "apiKey": _public(client_key), "sdkMetadata": metadata}
    return f"{host}{SDK_PATH}/hosted-checkout/{quote(order_id, safe='')}?{_query(values)}"


def with_appearance(url: str, appearance: Mapping[str, Any]) -> str:
    """An embedded checkout's address with `appearance` where the SDK has it: last of the properties."""
    # Within a value "&" and "=" are escaped, so that this can only be the parameter itself.
    props, mark, rest = url.partition(_API_KEY)
    return f"{props}&appearance={_encoded(_stringified(appearance))}{mark}{rest}"


def _query(values: Mapping[str, Any]) -> str:
    kept = ((name, value) for name, value in values.items() if _is_kept(value))
    return "&".join(f"{_encoded(name)}={_encoded(_as_text(value))}" for name, value in kept)


def _public(key: str) -> str:
    """The frame takes a client key only; a server key in an address would be given to everyone."""
    if not key.startswith("ck_"):
        raise ValueError("an address takes a client key (ck_…)")
    return key


def _is_kept(value: Any) -> bool:
    """What is truthy in JavaScript, where an empty object is, and is not the text "undefined"."""
    return isinstance(value, Mapping | list | tuple) or bool(value and value != "undefined")


def _as_text(value: Any) -> str:
    return value if isinstance(value, str) else _stringified(value)


def _stringified(value: Any) -> str:
    """`JSON.stringify`: compact, nothing escaped that need not be, except halves of surrogate pairs."""
    text = json.dumps(_in_order(value), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return _LONE_SURROGATE.sub(lambda half: f"\\u{ord(half[0]):04x}", text)


def _in_order(value: Any) -> Any:
    """JavaScript keeps keys in order of insertion, but those that look like an index come first, by their number."""
    if isinstance(value, Mapping):
        keys = sorted(value, key=lambda key: (0, int(key)) if _is_index(key) else (1, 0))
        return {key: _in_order(value[key]) for key in keys}
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e21:
        return int(value)  # JavaScript writes 1.0 as 1
    return [_in_order(item) for item in value] if isinstance(value, list | tuple) else value


def _is_index(key: str) -> bool:
    return _ARRAY_INDEX.fullmatch(key) is not None and int(key) < 2**32 - 1


def _encoded(text: str) -> str:
    """The WHATWG form serializer: `A-Za-z0-9*-._` stay, a space is `+`, half a surrogate pair becomes U+FFFD."""
    whole = _LONE_SURROGATE.sub("\ufffd", text)
    return quote_plus(whole, safe="*").replace("~", "%7E")
