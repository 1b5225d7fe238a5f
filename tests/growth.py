"""How work grows, told so that neither a slow machine nor a busy one changes the verdict.

Comes in: work, and the size of what it is done on. Goes out: nothing, or a test that fails.
Must never: fail because something took long once; compare seconds with a figure.

Seconds are those of this process on a processor, and sizes lie so far apart that noise does not reach from one law to
the next: eight times as much takes linear work eight times as long, and quadratic work sixty-four times.
"""

from __future__ import annotations

import gc
import signal
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from types import FrameType

FACTOR: Final = 8
MOST: Final = 3 * FACTOR
"""Times as long: halfway, by its logarithm, from linear to quadratic."""
ROUNDS: Final = 8
"""Noise spoils one or the other; work that grows with the square spoils all."""
TRIFLE: Final = 0.05
"""Seconds that no quadratic work on a text of tens of thousands of characters is done within."""
LIMIT: Final = 120.0


def assert_linear(work: Callable[[int], object], size: int) -> None:
    """Fail where `work(size)` takes much more than eight times as long as `work(size // 8)`.

    Size is in the unit of the work: characters, lines, records. It is large enough where quadratic work takes more
    than `TRIFLE` on it.
    """
    told: list[str] = []
    for _ in range(ROUNDS):
        large = _seconds(work, size)
        if large < TRIFLE:
            return
        small = min(_seconds(work, size // FACTOR) for _ in range(3))
        if large <= MOST * small:
            return
        told.append(f"{large:.3f} s for {size}, {small:.3f} s for {size // FACTOR}")
    pytest.fail("grows faster than what it is done on: " + "; ".join(told))


def assert_linear_in(text: str, work: Callable[[str], object]) -> None:
    """The same for a text, of which the small part is its beginning."""
    assert_linear(lambda size: work(text[:size]), len(text))


def calls(work: Callable[[], object]) -> int:
    """How many functions were called, of Python and of C: the same in every run, unlike seconds."""
    count = 0

    def note(_: FrameType, event: str, __: object) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    before = sys.getprofile()
    gc.disable()  # a collection calls what other tests left behind
    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(before)
        gc.enable()
    return count


@contextmanager
def ends(seconds: float = LIMIT) -> Generator[None]:
    """Fail after so many seconds on a processor: for work that would otherwise go on as good as for ever."""

    def over(_: int, __: FrameType | None) -> None:
        pytest.fail(f"had not ended after {seconds} seconds on a processor")

    before = signal.signal(signal.SIGPROF, over)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _seconds(work: Callable[[int], object], size: int) -> float:
    """Without a collection of the whole test run's heap: as `timeit` does."""
    gc.disable()
    try:
        started = time.process_time()
        work(size)
        return time.process_time() - started
    finally:
        gc.enable()
