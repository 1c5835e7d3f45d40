"""Pure functions: name, function, arguments, what comes out. A class of exception as the answer must be raised."""

from checkout_ui import countdown, status
from checkout_ui.page import panel_for, supersedes
from checkout_ui.providers import base, crypto_com, reader


def _open(**fields):
    return {"status": "open", "version": 4} | fields


_FAILED = {"code": "declined", "message": "No."}

CASES = (
    # What is shown
    ("open", status.panel, (_open(),), "open"),
    ("an unknown status waits", status.panel, ({"status": "teleported"},), "checking"),
    ("no status waits", status.panel, ({},), "checking"),
    ("declined", status.panel, (_open(failure=_FAILED),), "declined"),
    ("checking outranks a decline", status.panel, (_open(failure=_FAILED, checking=True),), "checking"),
    (
        "unavailable outranks both",
        status.panel,
        (_open(failure=_FAILED, checking=True, unavailable=True),),
        "unavailable",
    ),
    ("already paid", status.panel, (_open(already_paid=True),), "already_paid"),
    ("the paid one of two", status.panel, ({"status": "succeeded", "already_paid": True},), "succeeded"),
    ("progress of a refund", status.progress, ("refunded",), 3),
    ("progress of a failure", status.progress, ("failed",), 0),
    ("progress of the unknown", status.progress, ("teleported",), 0),
    ("claimed", panel_for, (_open(), 4), "checking"),
    ("claimed after a decline", panel_for, (_open(failure=_FAILED), 4), "checking"),
    ("declined after a claim", panel_for, (_open(failure=_FAILED), 3), "declined"),
    ("a claim hides no unreachable provider", panel_for, (_open(unavailable=True), 4), "unavailable"),
    ("a claim hides no end", panel_for, ({"status": "expired", "version": 4}, 4), "expired"),
    ("newer", supersedes, (_open(version=5), _open()), True),
    ("the same version", supersedes, (_open(), _open()), True),
    ("older", supersedes, (_open(version=3), _open()), False),
    ("no version", supersedes, ({"status": "succeeded"}, _open()), False),
    ("a version of text", supersedes, ({"version": "9"}, _open()), False),
    ("no object", supersedes, ([5], _open()), False),
    # Time
    ("the epoch", countdown.seconds, ("1970-01-01T00:00:00Z",), 0),
    ("beyond 2^31", countdown.seconds, ("2038-01-19T03:14:08Z",), 2147483648),
    ("a leap day", countdown.seconds, ("2028-02-29T23:59:59+00:00",), 1835481599),
    ("the day after", countdown.seconds, ("2028-03-01T00:00:00.123456Z",), 1835481600),
    ("no leap day in 2100", countdown.seconds, ("2100-03-01T00:00:00Z",), 4107542400),
    ("another zone", countdown.seconds, ("2026-11-21T10:00:00+01:00",), ValueError),
    ("no zone", countdown.seconds, ("2026-11-21T10:00:00",), ValueError),
    ("no time", countdown.seconds, ("tomorrow",), ValueError),
    ("nothing", countdown.seconds, ("",), ValueError),
    ("label", countdown.label, (61,), "1:01"),
    ("label at the end", countdown.label, (0,), "0:00"),
    ("label after the end", countdown.label, (-5,), "0:00"),
    ("label under an hour", countdown.label, (3599,), "59:59"),
    ("label of an hour", countdown.label, (3600,), "1:00:00"),
    ("five minutes", countdown.due, (301, 300), "left_5"),
    ("not twice", countdown.due, (300, 299), None),
    ("one minute", countdown.due, (61, 60), "left_1"),
    ("the end", countdown.due, (1, 0), "left_0"),
    ("slept through all", countdown.due, (400, 0), "left_0"),
    ("slept through the first", countdown.due, (400, 50), "left_1"),
    ("more time", countdown.due, (50, 400), None),
    # What components say
    ("approved", base.read, ("approved", {"id": "pay_1"}), [("help", None), ("claim", "pay_1")]),
    ("approved, nothing known", base.read, ("approved", {}), [("help", None), ("claim", None)]),
    ("an id that is none", base.read, ("approved", {"id": {"$ne": 1}}), [("help", None), ("claim", None)]),
    ("created", base.read, ("created", {"id": "pay_1"}), [("nudge", None)]),
    ("error", base.read, ("error", {"message": "boom"}), [("nudge", None)]),
    ("closed", base.read, ("closed", {}), [("nudge", None)]),
    ("mounted", base.read, ("mounted", {}), []),
    ("no mount", base.read, ("mount_failed", {"reason": "time"}), []),
    ("unheard of", base.read, ("succeeded", {"paid": True}), []),
    (
        "old window",
        crypto_com.read,
        ("error", {"message": "Close Old payment QR Code window"}),
        [("help", "open_popup")],
    ),
    ("another error", crypto_com.read, ("error", {"message": None}), [("nudge", None)]),
    ("opened", crypto_com.read, ("opened", {}), [("help", None)]),
    ("a provider's reader", reader, ("crypto_com",), crypto_com.read),
    ("a provider without one", reader, ("plain",), base.read),
)


def run(case):
    name, fn, args, expected = case
    try:
        found = fn(*args)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is the finding
        found = type(error)
    if found != expected:
        raise AssertionError(f"{name}: expected {expected!r}, found {found!r}")
