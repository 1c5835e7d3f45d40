"""Journeys in real browsers. The harness asserts too, so its failures are to be as readable as a test's."""

import pytest

pytest.register_assert_rewrite("e2e.harness", "e2e.models")
