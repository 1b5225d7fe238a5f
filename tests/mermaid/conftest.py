"""Mermaid's own parser for the tests beside it; another room's `conftest.py` imports the fixture in the same way."""

from __future__ import annotations

from mermaid.oracle import mermaid_parse

__all__ = ["mermaid_parse"]
