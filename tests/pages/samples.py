"""Sessions in every state, as plain values, for the tests of the pages and the designer's preview."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from checkout_server.assets import Assets, folder
from checkout_server.money import Money
from checkout_server.pages import Pages, PageSession, Site
from checkout_server.providers.base import Failure, Policy
from checkout_server.texts import Told, snapshot_text
from checkout_ui import status as statuses

NOW = datetime(2026, 11, 21, 9, 50, tzinfo=UTC)
MERCHANT = "Nordlicht Books"
PANELS = (
    "open",
    "checking",
    "unavailable",
    "declined",
    "already_paid",
    "processing",
    "review",
    "succeeded",
    "partially_refunded",
    "refunded",
    "failed",
    "cancelled",
    "expired",
    "approved",
    "revoked",
)
_SHADES: dict[str, dict[str, Any]] = {
    "checking": {"checking": True},
    "unavailable": {"unavailable": True},
    "declined": {"failure": {"code": "declined", "message": "declined"}},
    "already_paid": {"already_paid": True},
}
# Built by others or at build time; any content serves the tests of the markup.
_BUILT = (
    "bridge.js",
    "embed.js",
    "glue.json",
    "boot/micropython.js",
    "boot/pyodide.js",
    "boot/pyscript.js",
    "providers/crypto_com.js",
)


def assets(tmp_path: Any = None) -> Assets:
    """This tree's static files, and stand-ins for what others build."""
    found = Assets([folder("static")] + ([tmp_path] if tmp_path else []))
    for name in _BUILT:
        if name not in found:
            found.add(name, f"/* {name} */".encode())
    return found


def snapshot(panel: str, locale: str | None = "en", amount: Money | None = None) -> dict[str, Any]:
    status = "open" if panel in _SHADES else panel
    final = statuses.is_final(status)
    amount = amount or Money.parse("25.00", "USD")
    told = Told(
        merchant=MERCHANT,
        amount=amount,
        received=Money(amount.units * 2 // 5, amount.currency),
        refunded=Money(amount.units // 5, amount.currency) if "refunded" in panel else None,
        confirmations=2,
        confirmations_needed=6,
        failure=Failure("declined", "declined") if panel == "declined" else None,
        review_reason="underpaid" if panel == "review" else None,
        paid_at=NOW - timedelta(minutes=3),
        expires_at=NOW + timedelta(minutes=10),
    )
    return {
        "status": status,
        "final": final,
        "paid": statuses.is_paid(status),
        "version": 3,
        "redirect": "https://store.example/thanks?order=1042" if final else None,
        "redirect_after_ms": 2500 if panel == "succeeded" else 0,
        "already_paid": False,
        "telling": False,
        "checking": False,
        "unavailable": False,
        "payable": panel in ("open", "declined"),
        "failure": None,
        "text": snapshot_text(told, NOW, locale),
        "expires_at": "2026-11-21T10:00:00Z",
        "now": "2026-11-21T09:50:00Z",
    } | _SHADES.get(panel, {})


def session(panel: str = "open", locale: str | None = "en", **changes: Any) -> PageSession:
    amount = changes.get("amount", Money.parse("25.00", "USD"))
    made = PageSession(
        token="tok_8Jc2mQ",
        reference="cs_01JD7Q3M8RZ4T2",
        snapshot=snapshot(panel, locale, amount),
        provider="crypto_com",
        provider_title="Crypto.com Pay",
        amount=amount,
        order_id="1042",
        expires_at=NOW + timedelta(minutes=10),
        kind="approval" if panel in ("approved", "revoked") else "payment",
        description="The Sea Around Us, two copies",
        locale=locale,
        hosted_url="https://js.crypto.com/sdk/payments/checkout?id=1",
        component={
            "payment_id": "fa176d2e",
            "sdk_url": "https://js.crypto.com/sdk?publishable-key=pk_test_1",
        },
        policy=Policy(script=("https://js.crypto.com",), frame=("https://js.crypto.com",)),
        embed_origins=("https://store.example",),
        leave_to=("https://store.example/cart",),
    )
    return replace(made, **changes)


def pages(engine_folder: Any, **site: Any) -> Pages:
    """`engine_folder` holds `vendor/<engine>-<version>/…`, as the build leaves it."""
    values: dict[str, Any] = {"merchant": MERCHANT, "contact": "help@nordlicht.example"} | site
    return Pages(Site(**values), assets(engine_folder))


def fake_engines(root: Any) -> Any:
    """What the build leaves: a folder an engine, and the manifest that names them."""
    built = [
        {"name": name, "folder": f"{name}-1.0.0", "files": []}
        for name in ("micropython", "pyodide", "pyscript")
    ]
    for engine in built:
        home = root / "vendor" / engine["folder"]
        home.mkdir(parents=True, exist_ok=True)
        (home / f"{engine['name']}.mjs").write_text("export {}")
    (root / "vendor" / "manifest.json").write_text(json.dumps({"engines": built}))
    return root
