"""Work on many files, over processes.

Comes in: a picklable function of several tasks, and tasks. Goes out: each task with its result, as they come.
Must never: let one task end the run: where it ends its process, its result is `None`.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import TYPE_CHECKING, Self, TypeVar

from fieldguide.domain.environment import withheld

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Sequence
    from multiprocessing.process import BaseProcess
    from types import TracebackType

CHUNK_FILES = 48
"""Files a worker gets at once: enough that handing them over costs little, few enough that both cores end together."""
POOL_THRESHOLD = 96
"""Below this many files one process is done before a second one has started (`bench/without_model.py`)."""

Task = TypeVar("Task")
Result = TypeVar("Result")


class Workers:
    """Processes that are started when there is first enough to do for them, and kept until the end of a run."""

    def __init__(self, jobs: int | None) -> None:
        """Remember how many processes there may be; `None` for one for each processor."""
        self._jobs = jobs or os.cpu_count() or 1
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None and not issubclass(kind, Exception) and self._pool is not None:
            # Ctrl-C: nobody waits for what they are at.
            for worker in multiprocessing.active_children():
                worker.terminate()
        self._end()

    def each(
        self,
        work: Callable[[Sequence[Task]], Sequence[Result]],
        tasks: Sequence[Task],
        *,
        apart: bool = False,
    ) -> Iterator[list[tuple[Task, Result | None]]]:
        """Batches of tasks with their results. One process for a few tasks; for many, as many as there may be.

        Args:
            work: Gives the results of several tasks, in their order.
            tasks: Each stands for one file.
            apart: Not in this process, however few they are.
        """
        chunks = [tasks[start : start + CHUNK_FILES] for start in range(0, len(tasks), CHUNK_FILES)]
        if not apart and not self.are_many_for(tasks):
            for chunk in chunks:
                yield list(zip(chunk, work(chunk), strict=True))
            return
        broken: list[Task] = []
        waiting: dict[Future[Sequence[Result]], Sequence[Task]] = {}
        self._pool = self._pool or _pool(self._jobs)
        with _uninterrupted():
            for chunk in chunks:
                try:
                    waiting[self._pool.submit(work, chunk)] = chunk
                except BrokenProcessPool:  # an early chunk may end its worker before the last one is handed over
                    broken.extend(chunk)
        for future in as_completed(waiting):
            try:
                yield list(zip(waiting[future], future.result(), strict=True))
            except BrokenProcessPool:
                broken.extend(waiting[future])
        if broken:
            self._end()
            yield from _after_crash(work, broken)

    def are_many_for(self, tasks: Sequence[object]) -> bool:
        """Tell whether several processes work on so many tasks."""
        return self._jobs > 1 and len(tasks) >= POOL_THRESHOLD

    def renew(self) -> None:
        """End the processes, and with them all that they have loaded; the next work starts new ones."""
        self._end()

    def _end(self) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None


def _after_crash(
    work: Callable[[Sequence[Task]], Sequence[Result]], tasks: Sequence[Task]
) -> Iterator[list[tuple[Task, Result | None]]]:
    """What a dying worker left undone: halved until the one task that ends its process stands alone."""
    with _pool(1) as pool:
        try:
            with _uninterrupted():
                waiting = pool.submit(work, tasks)
            yield list(zip(tasks, waiting.result(), strict=True))
        except BrokenProcessPool:
            crashed = True
        else:
            crashed = False
    if not crashed:
        return
    if len(tasks) == 1:
        yield [(tasks[0], None)]
        return
    middle = len(tasks) // 2
    yield from _after_crash(work, tasks[:middle])
    yield from _after_crash(work, tasks[middle:])


def _pool(workers: int) -> ProcessPoolExecutor:
    """Worker processes that leave Ctrl-C to their parent. Never forked: the terminal may have a thread running."""
    context = multiprocessing.get_context("forkserver" if os.name == "posix" else "spawn")
    if os.name == "posix":
        from multiprocessing import forkserver  # noqa: PLC0415  # it exists on POSIX alone

        # Workers are forked from this server and have its environment: what is not in it when it starts, none has.
        with withheld(), _uninterrupted():
            forkserver.ensure_running()
    return ProcessPoolExecutor(workers, mp_context=context, initializer=_depend_on_parent)


@contextmanager
def _uninterrupted() -> Generator[None]:
    """Start processes with Ctrl-C blocked, which they inherit: until they ignore it they would print a traceback."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _depend_on_parent() -> None:
    """Leave Ctrl-C to the parent, and end with it: a killed parent would leave its workers waiting for ever."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(multiprocessing.parent_process(),), daemon=True).start()


def _end_with(parent: BaseProcess | None) -> None:
    if parent is not None:
        parent.join()
        os._exit(1)  # nobody is left to tell
