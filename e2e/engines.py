"""The Pythons that may run in the browser; a journey that concerns them all is parametrized with `ENGINES`."""

from __future__ import annotations

import pytest

ENGINES = ["micropython", pytest.param("pyodide", marks=pytest.mark.slow), "pyscript"]
