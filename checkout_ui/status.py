"""The statuses of a checkout: which are final, which mean paid, and what a shopper is told.

Imported by the server and run in the browser by every engine, so it keeps to the subset of Python that
CPython, Pyodide and MicroPython share (docs/browser-python.md).
"""

OPEN = "open"
PROCESSING = "processing"
REVIEW = "review"
SUCCEEDED = "succeeded"
PARTIALLY_REFUNDED = "partially_refunded"
REFUNDED = "refunded"
FAILED = "failed"
CANCELLED = "cancelled"
EXPIRED = "expired"
APPROVED = "approved"
REVOKED = "revoked"

# In the order a session usually meets them.
STATUSES = (
    OPEN,
    PROCESSING,
    REVIEW,
    SUCCEEDED,
    PARTIALLY_REFUNDED,
    REFUNDED,
    FAILED,
    CANCELLED,
    EXPIRED,
    APPROVED,
    REVOKED,
)

# A final status ends the shopper's wait. It can still change later (a refund, money that arrives late).
NOT_FINAL = (OPEN, PROCESSING, REVIEW)

# The merchant holds money for this order. Everything else is "do not deliver".
PAID = (SUCCEEDED, PARTIALLY_REFUNDED)

# The shopper goes back to the place for orders that did not work out.
UNPAID_END = (FAILED, CANCELLED, EXPIRED, REVOKED)

# Where the three-step line (pay, seen, confirmed) stands: 0, 1 or 2 steps done, 3 when all are.
_PROGRESS = {
    OPEN: 0,
    PROCESSING: 1,
    REVIEW: 1,
    SUCCEEDED: 3,
    PARTIALLY_REFUNDED: 3,
    REFUNDED: 3,
    APPROVED: 3,
}


def is_known(status: object) -> bool:
    return status in STATUSES


def is_final(status: object) -> bool:
    """True when waiting longer changes nothing. An unknown status is not final: we keep looking."""
    return status in STATUSES and status not in NOT_FINAL


def is_paid(status: object) -> bool:
    """True only for the statuses in which the merchant holds money. An unknown status is not paid."""
    return status in PAID


def goes_to_cancel_url(status: object) -> bool:
    return status in UNPAID_END


def progress(status: str) -> int:
    """How many of the three steps *pay, seen, confirmed* are done; 0 when there is nothing to show."""
    return _PROGRESS.get(status, 0)


def panel(snapshot: dict[str, object]) -> str:
    """Which of the page's prepared panels a snapshot asks for.

    `snapshot` is the object of `GET /checkout/{token}/status`. The answer is a status, or one of
    `already_paid`, `unavailable`, `declined`, `checking`: the finer shades of `open`.
    """
    status = str(snapshot.get("status"))
    if not is_known(status):
        return "checking"
    if snapshot.get("already_paid") and not is_paid(status):
        return "already_paid"
    if status == OPEN:
        if snapshot.get("unavailable"):
            return "unavailable"
        if snapshot.get("checking"):
            return "checking"
        if snapshot.get("failure"):
            return "declined"
    return status
