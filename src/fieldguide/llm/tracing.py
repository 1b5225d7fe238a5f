"""Keeps LangChain from telling third parties what passes through the door.

Comes in: nothing but the process's environment. Goes out: a context in which nothing is traced, routed or logged.
Must never: leave the environment or a logger changed when the context ends.
"""

from __future__ import annotations

import importlib
import logging
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, cast

if TYPE_CHECKING:
    from collections.abc import Generator
    from contextlib import AbstractContextManager

_HIDDEN: Final = (
    # LangChain raises when one of these is set while tracing is off.
    "LANGCHAIN_TRACING",
    "LANGCHAIN_HANDLER",
    # These send requests that name no address through LangSmith.
    "LANGSMITH_GATEWAY",
    "LANGSMITH_GATEWAY_API_KEY",
    # Makes the client set up logging for the whole process.
    "OPENAI_LOG",
)

_TALKATIVE: Final = ("openai", "httpx", "httpx2", "httpcore", "httpcore2", "langchain_core", "langsmith")
"""Loggers of libraries that have printed requests or headers at level DEBUG in one release or another."""


@contextmanager
def untraced() -> Generator[None]:
    """Switch off LangSmith's tracing and gateway and the client's request logs, whatever the environment says.

    `LANGSMITH_TRACING` and its older names are overruled by a context variable; the few variables that such a context
    does not reach are hidden and put back. Two of these contexts may nest; they must not overlap otherwise.
    """
    hidden = {name: os.environ.pop(name) for name in _HIDDEN if name in os.environ}
    levels = {name: logging.getLogger(name).level for name in _TALKATIVE}
    try:
        for name in _TALKATIVE:
            logging.getLogger(name).setLevel(max(logging.INFO, logging.getLogger(name).getEffectiveLevel()))
        with _switched_off():
            yield
    finally:
        os.environ.update(hidden)
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)


def _switched_off() -> AbstractContextManager[None]:
    """LangSmith's own switch, which it asks before the environment."""
    langsmith = importlib.import_module("langsmith")  # 0.1 s, and only after the variables are hidden
    return cast("AbstractContextManager[None]", langsmith.tracing_context(enabled=False, parent=False))
