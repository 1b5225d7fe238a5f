"""An event loop in which waiting takes no time: its clock jumps to the next thing that is due."""

from __future__ import annotations

import asyncio
import selectors
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    import pytest

T = TypeVar("T")


class _Selector(selectors.DefaultSelector):  # pyright: ignore[reportGeneralTypeIssues]  (one class or another)
    """Where nothing is ready it waits by moving the clock."""

    now = 1_000.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0 if timeout is not None else None)
        if not ready and timeout:
            self.now += timeout
        return ready


class _Loop(asyncio.SelectorEventLoop):
    def __init__(self, selector: _Selector) -> None:
        self._virtual = selector
        super().__init__(selector)

    def time(self) -> float:
        return self._virtual.now


def runner(monkeypatch: pytest.MonkeyPatch, *clocks: str) -> Callable[[Coroutine[object, object, T]], T]:
    """What runs a coroutine; the clocks, by the dotted names under which they are read, are the loop's own."""

    def run(main: Coroutine[object, object, T]) -> T:
        selector = _Selector()
        for name in clocks:
            monkeypatch.setattr(name, lambda: selector.now)
        with asyncio.Runner(loop_factory=lambda: _Loop(selector)) as running:
            return running.run(main)

    return run
