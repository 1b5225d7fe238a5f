"""What goes wrong with batches: lines that fail, batches that end early, answers that are lost, runs killed."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
from typing import TYPE_CHECKING

import pytest

from batch.batch_runs import Batching, large_project
from cli.real_command import COMMAND, environment
from fieldguide.domain.trouble import Trouble
from provider.loopback_http import HttpAnswer, json_answer
from provider.metered_batches import BatchRules
from provider.metered_chat import REFUSED_FOR_GOOD
from provider.metered_faults import Fault, FaultRates
from waiting import wait_until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from pipeline.whole_run import Runs
    from provider.metered_provider import MeteredProvider

SMALL = {"FIELDGUIDE_CONTEXT_WINDOW": "16000", "FIELDGUIDE_MAX_OUTPUT_TOKENS": "2000"}


class At(list[HttpAnswer]):
    """Answers that are given to requests of one kind alone."""

    def __init__(self, provider: MeteredProvider, method: str, end: str, *answers: HttpAnswer) -> None:
        super().__init__(answers)
        self._asked, self._method, self._end = provider.batches.asked, method, end

    def __bool__(self) -> bool:
        method, path = self._asked[-1]
        return len(self) > 0 and method == self._method and path.endswith(self._end)


@pytest.fixture
def large(run: Runs, tmp_path: Path, provider: MeteredProvider) -> Batching:
    return Batching(run, provider, large_project(tmp_path / "large"), **SMALL)


def test_lines_that_fail_for_the_moment_are_in_the_next_batch(large: Batching) -> None:
    rates = ((Fault.SERVER_ERROR, 0.4), (Fault.UNAVAILABLE, 0.3), (Fault.RATE_LIMITED, 0.3))
    large.provider.mind.faults = FaultRates(rates, seed=2)
    large("submit")
    large.until_ended()
    first = large("collect")
    assert first["exit_code"] == 0
    assert first["collected"]["again"] > 0
    assert first["next"] == "submit"
    large.provider.mind.faults = FaultRates()
    report = large("submit", "--wait")
    assert (report["exit_code"], report["next"]) == (0, "document"), report
    assert len(set(large.billed)) == len(large.billed)
    assert large.document().code == 0
    assert large.provider.records == []


def test_a_file_that_the_filter_refuses_is_found_and_the_others_are_had(large: Batching) -> None:
    bad = large.directory / "wide" / "beta" / "part9.py"
    bad.write_text(bad.read_text().replace("    total =", f"    # {REFUSED_FOR_GOOD}\n    total =", 1))
    report = large("submit", "--wait")
    assert (report["exit_code"], report["next"]) == (3, "document")
    assert report["collected"]["refused"]
    assert {one["reason"] for one in report["collected"]["refused"]} == {Trouble.FILTERED.value}
    assert "file:wide/beta/part9.py" in report["collected"]["topics"]
    assert len(set(large.billed)) == len(large.billed)
    done = large.document()
    assert done.code in {0, 3}, done.err
    # Nothing is asked again but what no batch could bring.
    assert {record.status for record in large.provider.records} <= {400}


def test_waiting_ends_when_batches_bring_nothing(run: Runs, turnstile: Path, provider: MeteredProvider) -> None:
    provider.mind.faults = FaultRates(((Fault.SERVER_ERROR, 1.0),))
    batch = Batching(run, provider, turnstile)
    report = batch("submit", "--wait")
    assert (report["exit_code"], report["next"]) == (3, "submit")
    assert len(batch.lines) == 4
    assert batch.billed == []


def test_a_batch_that_the_provider_does_not_take_is_not_made_over_and_over(
    run: Runs, turnstile: Path, provider: MeteredProvider
) -> None:
    provider.batches.rules = BatchRules(("validating", "failed"))
    batch = Batching(run, provider, turnstile)
    report = batch("submit", "--wait")
    assert (report["exit_code"], report["next"]) == (3, "submit")
    assert len(batch.lines) == 1
    batch("submit")
    batch.until_ended()
    said = run("batch", "collect", turnstile.name, variables=batch.variables)
    assert said.code == 3
    assert "Global Batch" in said.out


def test_what_a_batch_left_when_it_expired_is_submitted_again(large: Batching) -> None:
    large.provider.batches.rules = BatchRules(("validating", "in_progress", "expired"), done_share=0.5)
    large("submit")
    large.until_ended()
    first = large("collect")["collected"]
    assert first["kept"] > 0
    assert first["again"] > 0
    large.provider.batches.rules = BatchRules()
    assert large("submit")["submitted"]["requests"] >= first["again"]
    assert large("submit", "--wait")["next"] == "document"
    assert len(set(large.billed)) == len(large.billed)


def test_what_was_answered_before_a_batch_was_cancelled_is_kept(large: Batching) -> None:
    large.provider.batches.rules = BatchRules(done_share=0.5)
    large("submit")
    assert large("cancel")["batch"]["status"] == "cancelling"
    assert large("status")["batch"]["status"] == "cancelled"
    assert large("collect")["collected"]["kept"] > 0
    assert large("cancel")["batch"] is None


def test_an_account_that_takes_few_tokens_gets_smaller_batches(large: Batching) -> None:
    large("submit", "--max-tokens", "1")
    whole = large.said("submit", "--max-tokens", "1")
    assert whole.code == 3
    large.provider.batches.rules = BatchRules(enqueued_tokens=20_000)
    report = large("submit", "--wait")
    assert (report["exit_code"], report["next"]) == (0, "document")
    assert len(large.lines) > 3
    assert len(set(large.billed)) == len(large.billed)


def test_submitting_twice_makes_one_batch(large: Batching) -> None:
    large("submit")
    again = large("submit")
    assert (again["submitted"]["requests"], again["next"]) == (0, "status")
    large.until_ended()
    large("submit")
    digests = [one["custom_id"] for lines in large.lines for one in lines]
    assert len(set(digests)) == len(digests)


@pytest.mark.parametrize("answer", [HttpAnswer(reset=True), json_answer({"error": {"message": "failed"}}, 500)])
def test_a_batch_whose_making_was_never_confirmed_is_found(large: Batching, answer: HttpAnswer) -> None:
    large.provider.batches.fail_next = At(large.provider, "POST", "/batches", answer)
    assert large("submit")["next"] == "status"
    assert len(large.lines) == 1
    large.until_ended()
    assert large("collect")["collected"]["kept"] == len(large.lines[0])


@pytest.mark.parametrize(("method", "end"), [("POST", "/batches"), ("POST", "/files")])
def test_a_batch_that_was_made_when_the_command_was_killed_is_found(
    large: Batching, tmp_path: Path, method: str, end: str
) -> None:
    async def never() -> AsyncIterator[bytes]:
        await asyncio.sleep(600)
        yield b""

    large.provider.batches.fail_next = At(large.provider, method, end, HttpAnswer(parts=never()))
    words = [*COMMAND, "batch", "submit", large.directory.name]
    killed = subprocess.Popen(
        words, cwd=tmp_path, env=environment(tmp_path, **large.variables), stderr=subprocess.DEVNULL
    )
    asked = (method, f"/openai{end}")
    wait_until(lambda: asked in large.provider.batches.asked or killed.poll() is not None, "the batch is asked for")
    assert killed.poll() is None
    os.kill(killed.pid, signal.SIGKILL)
    killed.wait()
    large.provider.batches.fail_next = []
    made = len(large.lines)
    assert large("submit")["next"] in {"status", "collect"}
    assert len(large.lines) == 1
    assert made == (1 if end == "/batches" else 0)
    large.until_ended()
    assert large("collect")["collected"]["kept"] == len(large.lines[0])
    assert len(set(large.billed)) == len(large.billed)


def test_a_batch_is_found_on_a_machine_that_has_lost_its_record(large: Batching) -> None:
    large("submit")
    shutil.rmtree(large.run.home / ".local" / "state")
    again = large("submit")
    assert again["submitted"]["requests"] == 0
    assert len(large.lines) == 1
    large.until_ended()
    assert large("collect")["collected"]["kept"] == len(large.lines[0])


def test_replies_that_cannot_be_kept_are_collected_again(run: Runs, turnstile: Path, provider: MeteredProvider) -> None:
    batch = Batching(run, provider, turnstile)
    batch("submit")
    batch.until_ended()
    store = run.home / ".cache" / "fieldguide"
    for path in store.glob("replies.sqlite3*"):
        path.unlink()
    (store / "replies.sqlite3").mkdir()
    failed = batch.said("collect")
    assert failed.code == 2
    assert "collected again" in failed.err
    (store / "replies.sqlite3").rmdir()
    assert batch("collect")["collected"]["kept"] == 1
    assert len(batch.billed) == 1


def test_an_answer_that_is_cut_off_is_read_again(run: Runs, turnstile: Path, provider: MeteredProvider) -> None:
    batch = Batching(run, provider, turnstile)
    batch("submit")
    batch.until_ended()
    provider.batches.fail_next = At(provider, "GET", "/content", HttpAnswer(content=b'{"custom_id": "' * 50, cut=40))
    failed = batch.said("collect")
    assert failed.code == 4
    assert batch("collect")["collected"]["kept"] == 1


def test_files_are_waited_for_and_forgotten_by_the_provider(
    run: Runs, turnstile: Path, provider: MeteredProvider
) -> None:
    provider.batches.rules = BatchRules(file_looks=3)
    batch = Batching(run, provider, turnstile)
    batch("submit")
    batch.until_ended()
    assert batch("collect")["collected"]["kept"] == 1
    assert provider.batches.files == {}
