"""Memory of the workers is given back between the stages of a run, and none is taken for what nobody reads."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from fieldguide.domain.codebase import Codebase
from fieldguide.workers import POOL_THRESHOLD, Workers
from pipeline.whole_run import azure

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pytest

    from pipeline.whole_run import Runs
    from provider.loopback_provider import LoopbackProvider


def _processes(tasks: Sequence[int]) -> list[int]:
    return [os.getpid() for _ in tasks]


def _used(workers: Workers) -> set[int]:
    done = [(task, one) for batch in workers.each(_processes, range(POOL_THRESHOLD)) for task, one in batch]
    assert sorted(task for task, _ in done) == list(range(POOL_THRESHOLD))
    return {one for _, one in done if one is not None}


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def test_renewed_workers_are_other_processes_and_the_old_have_ended() -> None:
    with Workers(2) as workers:
        old = _used(workers)
        workers.renew()
        assert not any(map(_runs, old))
        new = _used(workers)
    assert new
    assert not new & {*old, os.getpid()}
    assert not any(map(_runs, new))


def test_what_is_done_apart_leaves_this_process_as_it_is_however_little_it_is() -> None:
    with Workers(2) as workers:
        assert not workers.are_many_for([0])
        ((here,),) = workers.each(_processes, [0])
        ((apart,),) = workers.each(_processes, [0], apart=True)
    assert here == (0, os.getpid())
    assert apart[1] not in {None, os.getpid()}


def test_nothing_writes_a_codebase_out_in_words(
    run: Runs, turnstile: Path, provider: LoopbackProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When `asyncio.run` ends it makes the message of an error of its own, with the result in it."""
    written: list[int] = []

    def noticed(_: Codebase) -> str:
        written.append(1)
        return "a codebase"

    monkeypatch.setattr(Codebase, "__repr__", noticed)
    assert run(str(turnstile), variables=azure(provider)).code == 0
    assert provider.received
    assert not written
