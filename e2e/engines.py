"""Where the journeys are run: each Python that may run in the browser, and each browser."""

from __future__ import annotations

import pytest

ENGINES = ["micropython", pytest.param("pyodide", marks=pytest.mark.slow), "pyscript"]

# A journey that concerns everybody is written once, in the words of `AnyShopper`, and marked with this.
everywhere = pytest.mark.parametrize(
    ("browser_name", "engine"),
    [
        pytest.param("chromium", "micropython", id="chromium-micropython"),
        pytest.param("chromium", "pyodide", id="chromium-pyodide", marks=pytest.mark.slow),
        pytest.param("chromium", "pyscript", id="chromium-pyscript"),
        pytest.param("webkit", "micropython", id="webkit-micropython"),
    ],
)
# Without script there is no engine either.
every_browser = pytest.mark.parametrize("browser_name", ["chromium", "webkit"])
