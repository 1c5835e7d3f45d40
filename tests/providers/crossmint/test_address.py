from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from checkout_server.providers.base import Look
from checkout_server.providers.crossmint.address import embedded_url, hosted_url, with_appearance
from checkout_server.providers.crossmint.appearance import DARK, LIGHT, PROPERTIES, appearance
from checkout_server.theme import Theme, build, look_of
from tests.browser_python.site import STATIC
from tests.providers.crossmint.support import CLIENT_KEY, SERVER_KEY, Wire, settings

HOST = "https://staging.crossmint.com"
SDK = {"name": settings().sdk_name, "version": settings().sdk_version}
# Addresses written by the provider's own SDK.
VECTORS = json.loads((Path(__file__).parent / "vectors.json").read_text("utf-8"))
LOOK = Look("#1f5eff", "#5f8cff", 12)
ODD: dict[str, Any] = {
    "orderId": "o ~!*'()-._%+&=#?/\u00e9",
    "clientSecret": "half \ud83d of a pair",
    "payment": {
        "b": None,
        "2": [],
        "1": {},
        "a": '\ud83d \u2028 \x07 \x7f <"\\/',
        "n": [1, -5, 1.5, 1.0, True],
    },
    "none": None,
    "false": False,
    "true": True,
    "zero": 0,
    "empty": "",
    "said": "undefined",
    "list": [],
    "object": {},
    "number": 12,
}
# What the SDK does, in its own language: falsy values and "undefined" go, objects are JSON, URLSearchParams encodes.
_SDK_IN_JAVASCRIPT = """
const query = new URLSearchParams();
const add = (name, value) => query.append(name, typeof value == "object" ? JSON.stringify(value) : String(value));
const { props, key, sdk } = JSON.parse(require("fs").readFileSync(0, "utf8"));
for (const [name, value] of Object.entries(props)) if (value && value !== "undefined") add(name, value);
add("apiKey", key);
add("sdkMetadata", sdk);
process.stdout.write(query.toString());
"""


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_the_sdks_own_addresses(vector: dict[str, Any]):
    url = embedded_url(HOST, vector["props"], "ck_staging_PLACEHOLDER", SDK)
    assert url == vector["url"]


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
@pytest.mark.parametrize(
    "props", [ODD, *(vector["props"] for vector in VECTORS), {"appearance": appearance(LOOK, dark=True)}]
)
def test_what_javascript_would_write(props: dict[str, Any]):
    told = json.dumps({"props": props, "key": CLIENT_KEY, "sdk": SDK})
    done = subprocess.run(
        ["node", "-e", _SDK_IN_JAVASCRIPT], input=told, capture_output=True, text=True, timeout=60, check=True
    )
    assert embedded_url(HOST, props, CLIENT_KEY, SDK).partition("?")[2] == done.stdout


def test_a_server_key_never_gets_into_an_address():
    for address in (
        lambda: embedded_url(HOST, {"orderId": "o"}, SERVER_KEY, SDK),
        lambda: hosted_url(HOST, "o", "s", SERVER_KEY, SDK),
    ):
        with pytest.raises(ValueError, match="client key") as caught:
            address()
        assert SERVER_KEY not in str(caught.value)


def test_the_hosted_page():
    url = hosted_url(HOST, "o-1", "s+/=", CLIENT_KEY, SDK)
    parts = urlsplit(url)
    assert f"{parts.scheme}://{parts.netloc}{parts.path}" == f"{HOST}/sdk/2024-03-05/hosted-checkout/o-1"
    assert parse_qsl(parts.query) == [
        ("clientSecret", "s+/="),
        ("apiKey", CLIENT_KEY),
        ("sdkMetadata", '{"name":"@crossmint/client-sdk-react-ui","version":"4.2.0"}'),
    ]


def test_the_appearance_stands_where_the_sdk_has_it():
    props = {"orderId": "o", "clientSecret": "&apiKey=x", "payment": {"fiat": {"enabled": True}}}
    look = appearance(LOOK, dark=False)
    added = with_appearance(embedded_url(HOST, props, CLIENT_KEY, SDK), look)
    assert added == embedded_url(HOST, {**props, "appearance": look}, CLIENT_KEY, SDK)


def test_the_page_gets_the_frame_in_both_schemes(wire: Wire):
    url = embedded_url(HOST, {"orderId": "o"}, CLIENT_KEY, SDK)
    shown = wire.provider().page_values({"order_id": "o", "frame_url": url}, LOOK)
    assert shown.keys() == {"order_id", "frame_url", "frame_url_dark"}
    for name, accent in (("frame_url", LOOK.accent), ("frame_url_dark", LOOK.accent_dark)):
        said = json.loads(dict(parse_qsl(urlsplit(shown[name]).query))["appearance"])
        assert said["variables"]["colors"]["accent"] == accent
        assert said["variables"]["borderRadius"] == "12px"
    assert wire.provider().page_values({}, LOOK) == {}


@pytest.mark.parametrize(("colours", "scheme"), [(LIGHT, 0), (DARK, 1)])
def test_the_neutral_colours_are_those_of_our_style_sheet(colours: dict[str, str], scheme: int):
    """Each custom property is set twice: first for light pages, then for dark ones."""
    css = (STATIC / "checkout.css").read_text("utf-8")
    for name, colour in colours.items():
        found = re.findall(rf"^\s+{PROPERTIES[name]}: (#[0-9a-f]+);", css, re.MULTILINE)
        assert found[scheme] == colour, name


def test_what_a_component_is_told_of_a_theme_is_what_is_shown():
    theme = Theme(accent="#ffee00", radius=4)
    look, shown = look_of(theme), build(theme)
    assert look == Look(shown.light.accent, shown.dark.accent, 4)
    assert look.accent != theme.accent  # too pale on white: corrected, in the frame as well
