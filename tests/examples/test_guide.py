"""docs/python.md: its snippets do what the text around them says."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import httpx
import pytest

from checkout_server.client import AsyncCheckout, Checkout
from tests.examples.stores import ROOT, STORES, command

GUIDE = (ROOT / "docs" / "python.md").read_text()
SNIPPETS = re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL)


@pytest.mark.parametrize("number", range(len(SNIPPETS)))
def test_every_snippet_is_python(number: int) -> None:
    compile(SNIPPETS[number], f"docs/python.md snippet {number}", "exec")


def test_every_store_is_started_as_it_says_itself() -> None:
    assert len(STORES) == 3
    assert [store for store in STORES if command(store) not in GUIDE] == []


def test_every_method_is_named() -> None:
    methods = {name for name in dir(Checkout) if name[0] != "_"} | {"aclose"}
    assert {name for name in dir(AsyncCheckout) if name[0] != "_"} == methods - {"close"}
    assert [name for name in sorted(methods) if not re.search(rf"`{name}[(`]", GUIDE)] == []


async def test_a_mounted_checkout_runs_by_the_lifespan_and_only_by_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # no checkout.toml of whoever runs the tests
    monkeypatch.setenv("CHECKOUT_DATABASE_URL", f"sqlite:///{tmp_path}/checkout.sqlite3")
    names: dict[str, Any] = {"__name__": "guide"}
    exec(SNIPPETS[-1], names)
    app = names["app"]
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="https://shop.example"
    ) as visitor:
        assert (await visitor.get("/pay/readyz")).status_code == 503
        async with app.router.lifespan_context(app):
            assert (await visitor.get("/pay/readyz")).status_code == 200
            assert (await visitor.get("/pay/openapi.json")).json()["servers"] == [
                {"url": "https://shop.example/pay"}
            ]
            assert (await visitor.get("/readyz")).status_code == 404
