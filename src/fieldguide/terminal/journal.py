"""The log of a run, by the standard library's `logging`.

Comes in: what the command line has to say of a run. Goes out: lines in the file of `--log-file`, and with
`--verbose` what the stages log on standard error.
Must never: hold a key or a prompt. Hence only this project's logger is ever attached to a file: the logs of client
libraries hold addresses, headers and whole requests, and stay where their own settings put them.
"""

from __future__ import annotations

import logging
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from fieldguide.errors import ConfigurationError
from fieldguide.settings.quoting import printable, quoted
from fieldguide.terminal.output import say

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path


def journal() -> logging.Logger:
    """Return the logger of the command line; modules below may log to its children by name."""
    return logging.getLogger("fieldguide")


class _OneLine(logging.Formatter):
    """A record in one line, whatever its message holds: nobody can forge a second one."""

    def format(self, record: logging.LogRecord) -> str:
        return printable(super().format(record))


class _Aloud(logging.Handler):
    """What stages log, on standard error. What the command line logs it has said already."""

    def emit(self, record: logging.LogRecord) -> None:
        if record.name != journal().name:
            say(self.format(record))


@contextmanager
def keeping_log(path: Path | None, *, verbose: bool) -> Generator[None]:
    """Append the log to `path` while the block runs; the file is readable by its owner alone.

    Raises:
        ConfigurationError: The file cannot be opened.

    """
    logger = journal()
    handlers = [*([_file(path)] if path else []), *([_Aloud()] if verbose else [])]
    # Without a handler of its own, or with its parents', a record would reach standard error by Python's last resort.
    handlers = handlers or [logging.NullHandler()]
    logger.propagate = False
    logger.setLevel(logging.DEBUG)
    for handler in handlers:
        logger.addHandler(handler)
    try:
        yield
    finally:
        for handler in handlers:
            logger.removeHandler(handler)
            handler.close()


def _file(path: Path) -> logging.Handler:
    try:
        # Made here for its mode; the handler then appends to it.
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600))
        handler = logging.FileHandler(path, encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        fact = f"the log file {quoted(path)} cannot be opened: {error.strerror}"
        raise ConfigurationError(fact, hint="name another with `--log-file`, or leave it out") from error
    handler.setFormatter(_OneLine("%(asctime)s %(levelname)s %(message)s"))
    return handler
