"""Runs all of it inside an engine; the answer is what went wrong."""

import json

from .cases import CASES, run
from .scenarios import SCENARIOS


def report() -> str:
    failed = []
    for case in CASES:
        _try(failed, case[0], run, case)
    for scenario in SCENARIOS:
        _try(failed, scenario.__name__, scenario)
    return json.dumps({"ran": len(CASES) + len(SCENARIOS), "failed": failed})


def _try(failed, name, fn, *args):
    try:
        fn(*args)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is the finding
        failed.append(f"{name}: {type(error).__name__}: {error}")
