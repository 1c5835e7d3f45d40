"""A store on FastAPI:

uvicorn --app-dir examples/stores fastapi_store:app --port 8010
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.responses import RedirectResponse
from fastapi.templating import Jinja2Templates
from shop import API_KEY, CHECKOUT_URL, HOSTS, ORDERS, WEBHOOK_SECRETS, Order, hinted, place, wanted
from starlette.middleware.trustedhost import TrustedHostMiddleware

from checkout_server.client import AsyncCheckout, CheckoutApiError, WebhookRejected, verify_webhook

log = logging.getLogger("uvicorn.error")
templates = Jinja2Templates(Path(__file__).parent / "templates")
checkout = AsyncCheckout(CHECKOUT_URL, API_KEY)


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    async with checkout:
        yield


app = FastAPI(lifespan=lifespan)
app.add_middleware(TrustedHostMiddleware, allowed_hosts=HOSTS)


@app.get("/")
async def cart(request: Request) -> Response:
    return templates.TemplateResponse(request, "cart.html")


@app.post("/buy")
async def buy(request: Request) -> Response:
    """Whatever is sent twice, there is one session for an order, and its webhook may be quicker than this answer."""
    order = place()
    page = str(request.url_for("receipt", order_id=order.id))
    try:
        session = await checkout.create_session(**wanted(order, page), idempotency_key=order.id)
    except CheckoutApiError as error:
        log.warning("no session for %s: %s", order.id, error)
        return templates.TemplateResponse(request, "cart.html", {"problem": error.message}, status_code=502)
    order.told(session, "our own question")
    return RedirectResponse(session.url, 303)


@app.get("/orders/{order_id}")
async def receipt(request: Request, order_id: str) -> Response:
    """Where shoppers come back to. What their browser says is a hint; what we do not know yet, we ask."""
    order = known(order_id)
    if order.state == "waiting" and order.session is not None:
        try:
            order.told(await checkout.get_session(order.session.id), "our own question")
        except CheckoutApiError as error:
            log.warning("not known yet what became of %s: %s", order.id, error)
    hint = hinted(order, str(request.url))
    return templates.TemplateResponse(request, "order.html", {"order": order, "hint": hint})


@app.post("/webhooks")
async def webhook(request: Request) -> Response:
    try:
        event = verify_webhook(request.headers, await request.body(), WEBHOOK_SECRETS)
    except WebhookRejected as error:
        raise HTTPException(400, error.reason) from None
    known(event.session.order_id).told(event.session, "a webhook")
    return Response(status_code=204)


def known(order_id: str) -> Order:
    if order_id not in ORDERS:
        raise HTTPException(404, "There is no such order.")
    return ORDERS[order_id]
