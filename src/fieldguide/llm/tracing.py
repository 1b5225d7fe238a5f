"""Keeps LangChain from telling third parties what passes through the door.

Comes in: nothing but the process's environment. Goes out: a context in which nothing is traced, routed or logged.
Must never: leave the environment or a logger changed when the context ends.
"""

from __future__ import annotations

import importlib
import logging
import os
import threading
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

_TALKATIVE: Final = (
    "openai",
    "httpx",
    "httpx2",
    "httpcore",
    "httpcore2",
    "langchain_core",
    "langchain_openai",
    "langsmith",
    "urllib3",
)
"""Loggers of libraries that have printed requests, headers or replies in one release or another."""
_SILENT: Final = logging.CRITICAL + 1
"""Not even their warnings: without a handler Python prints those, and what failed is told in words of ours."""


class _Quiet:
    """The process's environment and loggers, changed by the first of several contexts and put back by the last."""

    def __init__(self) -> None:
        """Nothing is changed yet."""
        self._lock = threading.Lock()
        self._inside = 0
        self._hidden: dict[str, str] = {}
        self._levels: dict[str, int] = {}

    def enter(self) -> None:
        """Hide and silence, unless another context has done so."""
        with self._lock:
            self._inside += 1
            if self._inside > 1:
                return
            self._hidden = {name: os.environ.pop(name) for name in _HIDDEN if name in os.environ}
            self._levels = {name: logging.getLogger(name).level for name in _TALKATIVE}
            for name in _TALKATIVE:
                logging.getLogger(name).setLevel(_SILENT)

    def leave(self) -> None:
        """Put back, unless another context still needs it."""
        with self._lock:
            self._inside -= 1
            if self._inside:
                return
            os.environ.update(self._hidden)
            for name, level in self._levels.items():
                logging.getLogger(name).setLevel(level)


_QUIET: Final = _Quiet()
"""One for the process, since there is one environment."""


@contextmanager
def untraced() -> Generator[None]:
    """Switch off LangSmith's tracing and gateway and the client's request logs, whatever the environment says.

    `LANGSMITH_TRACING` and its older names are overruled by a context variable; the few variables that such a context
    does not reach are hidden and put back. These contexts may nest and overlap, also over threads.
    """
    _QUIET.enter()
    try:
        with _switched_off():
            yield
    finally:
        _QUIET.leave()


def _switched_off() -> AbstractContextManager[None]:
    """LangSmith's own switch, which it asks before the environment."""
    langsmith = importlib.import_module("langsmith")  # 0.1 s, and only after the variables are hidden
    return cast("AbstractContextManager[None]", langsmith.tracing_context(enabled=False, parent=False))
