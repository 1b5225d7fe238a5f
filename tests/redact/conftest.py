"""The engine is loaded before the first test, so that none of them counts the seconds that this takes."""

from __future__ import annotations

import pytest

from fieldguide.redact import Detector


@pytest.fixture(scope="session", autouse=True)
def _loaded() -> None:
    Detector().detect("", "nothing")
