"""What every test of the command starts from."""

from __future__ import annotations

import signal


def pytest_configure() -> None:
    """Heed Ctrl-C, and with it every program that a test starts.

    A shell that runs the tests in the background has them ignore it, which programs hand on to those they start: tests
    that interrupt one would then wait for it.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
