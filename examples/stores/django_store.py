"""A store on Django, in one file:

python examples/stores/django_store.py runserver --noreload 8010
"""

from __future__ import annotations

import logging
import secrets
import sys
from pathlib import Path

from django.conf import settings
from django.core.management import execute_from_command_line
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST
from shop import API_KEY, CHECKOUT_URL, HOSTS, ORDERS, WEBHOOK_SECRETS, Order, hinted, place, wanted

from checkout_server.client import Checkout, CheckoutApiError, WebhookRejected, verify_webhook

settings.configure(
    ALLOWED_HOSTS=HOSTS,
    MIDDLEWARE=[
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
    ],
    ROOT_URLCONF=__name__,
    SECRET_KEY=secrets.token_urlsafe(32),
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "DIRS": [Path(__file__).parent / "templates"],
        }
    ],
)
log = logging.getLogger("django")
checkout = Checkout(CHECKOUT_URL, API_KEY)


@require_GET
def cart(request: HttpRequest) -> HttpResponse:
    return render(request, "cart.html")


@require_POST
def buy(request: HttpRequest) -> HttpResponse:
    """Whatever is sent twice, there is one session for an order, and its webhook may be quicker than this answer."""
    order = place()
    page = request.build_absolute_uri(reverse("receipt", args=[order.id]))
    try:
        session = checkout.create_session(**wanted(order, page), idempotency_key=order.id)
    except CheckoutApiError as error:
        log.warning("no session for %s: %s", order.id, error)
        return render(request, "cart.html", {"problem": error.message}, status=502)
    order.told(session, "our own question")
    return redirect(session.url)


@require_GET
def receipt(request: HttpRequest, order_id: str) -> HttpResponse:
    """Where shoppers come back to. What their browser says is a hint; what we do not know yet, we ask."""
    order = known(order_id)
    if order.state == "waiting" and order.session is not None:
        try:
            order.told(checkout.get_session(order.session.id), "our own question")
        except CheckoutApiError as error:
            log.warning("not known yet what became of %s: %s", order.id, error)
    hint = hinted(order, request.get_full_path())
    return render(request, "order.html", {"order": order, "hint": hint})


@csrf_exempt  # the checkout has no cookie of ours; its signature is better
@require_POST
def webhook(request: HttpRequest) -> HttpResponse:
    try:
        event = verify_webhook(request.headers, request.body, WEBHOOK_SECRETS)
    except WebhookRejected as error:
        return HttpResponse(error.reason, status=400)
    known(event.session.order_id).told(event.session, "a webhook")
    return HttpResponse(status=204)


def known(order_id: str) -> Order:
    if order_id not in ORDERS:
        raise Http404("There is no such order.")
    return ORDERS[order_id]


urlpatterns = [
    path("", cart),
    path("buy", buy),
    path("orders/<order_id>", receipt, name="receipt"),
    path("webhooks", webhook),
]

if __name__ == "__main__":
    execute_from_command_line(sys.argv)
