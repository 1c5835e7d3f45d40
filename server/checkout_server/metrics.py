"""What is counted, for `/metrics`."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

REQUESTS = Counter("checkout_requests_total", "HTTP requests.", ["method", "route", "status"])
SECONDS = Histogram("checkout_request_seconds", "Time to answer.", ["route"])
WEBHOOKS = Counter("checkout_webhooks_received_total", "Webhooks from providers.", ["provider", "result"])
VIOLATIONS = Counter("checkout_policy_violations_total", "Reports of the page's policy.", ["directive"])
STREAMS = Gauge("checkout_streams", "Open event streams.")
