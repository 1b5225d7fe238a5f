"""Loads large libraries that a run is going to need, while its files are still read.

Comes in: what loads them. Goes out: nothing; they are there when the context ends.
Must never: load anything before it is told to; let anything else begin to need them before they are there.
"""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from fieldguide.domain.model import ModelChoice


@contextmanager
def readying(*loads: Callable[[], object]) -> Generator[Callable[[], None]]:
    """Give what begins the loading, each in a thread of its own; at the context's end it is waited for.

    Raises:
        ImportError: A library is not there.
    """
    begun: list[Future[object]] = []
    with ThreadPoolExecutor(len(loads), "readying") as threads:
        yield lambda: begun.extend(map(threads.submit, loads))
    for one in begun:
        one.result()


def load_model(choice: ModelChoice, *, asks: bool) -> None:
    """Load what counts a model's tokens and what knows its window and prices; for a run that `asks` it, its client."""
    from fieldguide.llm.loading import load_client  # noqa: PLC0415  # only for a run that asks a model
    from fieldguide.plan import context_window, token_counter  # noqa: PLC0415

    token_counter(choice)
    context_window(choice)
    if asks:
        load_client(choice)
