"""MicroPython's assert says nothing about values."""


def equal(found, expected):
    if found != expected:
        raise AssertionError(f"expected {expected!r}, found {found!r}")


def true(found, what):
    if not found:
        raise AssertionError(what)
