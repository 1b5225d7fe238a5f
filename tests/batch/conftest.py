"""Fixtures of batches: the command, a server with files and batches."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pipeline.conftest import run, turnstile
from provider.metered_provider import MeteredProvider, metered_provider

if TYPE_CHECKING:
    from collections.abc import Generator

__all__ = ["provider", "run", "turnstile"]


@pytest.fixture
def provider() -> Generator[MeteredProvider]:
    """A running server."""
    with metered_provider() as running:
        yield running
