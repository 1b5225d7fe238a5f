"""Waits for what another process, or the same one's threads, will bring about."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

PATIENCE: Final = 120.0
"""Seconds: a busy machine gets there in these, and what never comes fails the test in the end."""


def wait_until(condition: Callable[[], object], what: str) -> None:
    """Return as soon as a condition holds; fail with `what` was awaited where it never does."""
    until = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > until:
            pytest.fail(f"waited in vain: {what}")
        time.sleep(0.01)
