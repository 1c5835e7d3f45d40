"""A store on Flask:

flask --app examples/stores/flask_store run --port 8010
"""

from __future__ import annotations

from flask import Flask, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from shop import API_KEY, CHECKOUT_URL, HOSTS, ORDERS, WEBHOOK_SECRETS, Order, hinted, place, wanted

from checkout_server.client import Checkout, CheckoutApiError, WebhookRejected, verify_webhook

app = Flask(__name__)
app.config["TRUSTED_HOSTS"] = HOSTS
checkout = Checkout(CHECKOUT_URL, API_KEY)


@app.get("/")
def cart() -> ResponseReturnValue:
    return render_template("cart.html")


@app.post("/buy")
def buy() -> ResponseReturnValue:
    """Whatever is sent twice, there is one session for an order, and its webhook may be quicker than this answer."""
    order = place()
    page = url_for("receipt", order_id=order.id, _external=True)
    try:
        session = checkout.create_session(**wanted(order, page), idempotency_key=order.id)
    except CheckoutApiError as error:
        app.logger.warning("no session for %s: %s", order.id, error)
        return render_template("cart.html", problem=error.message), 502
    order.told(session, "our own question")
    return redirect(session.url, 303)


@app.get("/orders/<order_id>")
def receipt(order_id: str) -> ResponseReturnValue:
    """Where shoppers come back to. What their browser says is a hint; what we do not know yet, we ask."""
    order = known(order_id)
    if order.state == "waiting" and order.session is not None:
        try:
            order.told(checkout.get_session(order.session.id), "our own question")
        except CheckoutApiError as error:
            app.logger.warning("not known yet what became of %s: %s", order.id, error)
    return render_template("order.html", order=order, hint=hinted(order, request.url))


@app.post("/webhooks")
def webhook() -> ResponseReturnValue:
    try:
        event = verify_webhook(request.headers, request.get_data(), WEBHOOK_SECRETS)
    except WebhookRejected as error:
        abort(400, error.reason)
    known(event.session.order_id).told(event.session, "a webhook")
    return "", 204


def known(order_id: str) -> Order:
    if order_id not in ORDERS:
        abort(404)
    return ORDERS[order_id]
