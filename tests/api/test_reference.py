"""The API's description as a page: complete, and from nowhere but here."""

from __future__ import annotations

import re

from tests.world import World


async def test_every_operation_is_on_the_page(lite: World) -> None:
    page = await lite.http.get("/docs")
    assert page.status_code == 200
    for path in lite.app.openapi()["paths"]:
        assert f"<code>{path}</code>" in page.text
    assert "&#34;order_id&#34;: &#34;order-1001&#34;" in page.text


async def test_nothing_comes_from_elsewhere(lite: World) -> None:
    page = await lite.http.get("/docs")
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "<script" not in page.text
    for address in re.findall(r'(?:href|src)="([^"]+)"', page.text):
        assert address.startswith(("/", "data:")), address
    sheet = re.search(r'href="(/static/reference-[0-9a-f]{16}\.css)"', page.text)
    assert sheet is not None
    assert (await lite.http.get(sheet[1])).status_code == 200
