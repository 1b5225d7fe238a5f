"""The door of a whole run against a server that counts, fails and filters as the real ones do."""

from __future__ import annotations

import asyncio
import logging
import math
import threading
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from fieldguide.domain.limits import Limits
from fieldguide.domain.redacted import RedactedText
from fieldguide.domain.report import Spending
from fieldguide.domain.request import Failure, Reply, Request, StopReason, Usage
from fieldguide.domain.trouble import Trouble
from fieldguide.errors import ConfigurationError
from fieldguide.llm import Door, read_ledger
from fieldguide.llm.admission import Admission
from fieldguide.llm.course import MOST_GIVEN_UP
from fieldguide.llm.decision import TRIES, Retry
from fieldguide.llm.store import ReplyStore
from provider.metered_chat import REFUSED_FOR_GOOD, Model, encoding
from provider.metered_faults import Fault, FaultRates
from provider.metered_provider import MeteredProvider, metered_provider
from provider.metered_quota import QuotaRules
from waiting import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence
    from pathlib import Path

    from fieldguide.domain.model import ModelChoice
    from fieldguide.domain.report import Event
    from fieldguide.llm import Ledger

REPLY = 500
"""Tokens, more than the server writes."""
SHORT = Model(plain_words=30)


class Run:
    """A door with all that it needs, opened anew for each use."""

    def __init__(self, choice: ModelChoice, request: Request, ledger: Ledger, place: Path) -> None:
        self.choice, self.request, self.ledger, self.place = choice, request, ledger, place
        self.minute = 60.0
        self.events: list[Event] = []
        self.door: Door | None = None

    def numbered(self, number: int, text: str = "", most: int = REPLY) -> Request:
        """One of many requests."""
        code = RedactedText(f"def function_{number}():\n    {text or 'return 1'}\n")
        return replace(self.request, fields=(("code", code),), digest=f"{number:032x}", max_output_tokens=most)

    @contextmanager
    def opened(self, limits: Limits) -> Generator[Door]:
        """A new door over the same store and ledger, to be entered."""
        with ReplyStore(self.place / "store") as store:
            self.door = Door(
                self.choice, limits, store, self.ledger, self.events.append, count=encoding().count, minute=self.minute
            )
            yield self.door

    def ask(
        self, requests: Sequence[Request], limits: Limits | None = None, *, continued: bool = False
    ) -> list[Reply | Failure]:
        """Ask all of them at once through a new door."""

        async def all_of(door: Door) -> list[Reply | Failure]:
            async with door:
                return await asyncio.gather(*(door.ask(one, continued=continued) for one in requests))

        with self.opened(limits or Limits()) as door:
            return asyncio.run(all_of(door))


@pytest.fixture
def run_at(
    azure: ModelChoice, request_for_prose: Request, ledger: Ledger, tmp_path: Path
) -> Callable[[MeteredProvider], Run]:
    """A run against a metered server."""

    def made(server: MeteredProvider) -> Run:
        run = Run(replace(azure, endpoint=server.address), request_for_prose, ledger, tmp_path)
        run.minute = server.meter.rules.window_seconds
        return run

    return made


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Backoff in hundredths of a second: how long it takes is tested by data in `test_decision`."""
    monkeypatch.setattr("fieldguide.llm.decision.BASE", 0.01)


@pytest.mark.parametrize("form", ["sliding", "bucket"])
def test_more_than_a_minutes_quota_is_answered_in_the_end(run_at: Callable[[MeteredProvider], Run], form: str) -> None:
    """70 requests under 60 a minute, with a minute of 5 seconds, which the door learns of from the first answer.

    That the quota is used to the full and that nothing is turned away is tested in `test_admission`, by a clock that
    no busy machine holds up.
    """
    rules = QuotaRules(60, 60_000, window_seconds=5.0, form=form)  # pyright: ignore[reportArgumentType]
    with metered_provider(quota=rules, model=Model(plain_words=30, seconds_per_token=0.0003)) as server:
        run = run_at(server)
        outcomes = run.ask([run.numbered(number) for number in range(70)])
        assert all(isinstance(one, Reply) for one in outcomes)
        assert sum(one.status == 200 for one in server.records) == 70
        assert run.door is not None
        assert (run.door.rates.requests, run.door.rates.tokens) == (60, 60_000)


def test_learning_starts_with_one_request(run_at: Callable[[MeteredProvider], Run]) -> None:
    with metered_provider(quota=QuotaRules(30, 50_000), model=Model(plain_words=30, base_seconds=0.2)) as server:
        run = run_at(server)
        run.ask([run.numbered(number) for number in range(6)])
        assert server.records[1].arrived - server.records[0].arrived >= 0.2
        assert run.door is not None
        assert (run.door.rates.requests, run.door.rates.tokens) == (30, 50_000)


def test_a_request_above_the_quota_of_a_minute_is_never_sent(run_at: Callable[[MeteredProvider], Run]) -> None:
    with metered_provider(quota=QuotaRules(60, 1_000), model=SHORT) as server:
        run = run_at(server)
        (outcome,) = run.ask([run.numbered(1, most=2_000)], Limits(tokens_per_minute=1_000))
        assert isinstance(outcome, Failure)
        assert outcome.trouble is Trouble.OVERSIZE
        assert "--max-output-tokens" in outcome.hint
        assert server.records == []
        (learnt,) = run.ask([run.numbered(2, most=2_000)])
        assert isinstance(learnt, Failure)
        assert learnt.trouble is Trouble.OVERSIZE
        assert len(server.records) == 1


@pytest.mark.parametrize("header", ["retry-after", "retry-after-ms"])
def test_everybody_waits_when_one_is_told_to(
    run_at: Callable[[MeteredProvider], Run], monkeypatch: pytest.MonkeyPatch, header: str
) -> None:
    """The limit is not known and no header tells it: a 429 has the way out closed for as long as the provider says."""
    pauses: list[float] = []
    pause = Admission.pause

    def noted(admission: Admission, seconds: float) -> None:
        pauses.append(seconds)
        pause(admission, seconds)

    monkeypatch.setattr(Admission, "pause", noted)
    with metered_provider(quota=QuotaRules(4, None, window_seconds=2.5), model=SHORT) as server:
        server.limit_headers, server.retry_headers = False, (header,)
        run = run_at(server)
        outcomes = run.ask([run.numbered(number) for number in range(10)])
        assert all(isinstance(one, Reply) for one in outcomes)
        assert any(one.status == 429 for one in server.records)
        assert pauses
        assert all(0 < seconds <= math.ceil(2.5) for seconds in pauses)


@pytest.mark.usefixtures("hurried")
def test_faults_that_pass_lose_nothing(
    run_at: Callable[[MeteredProvider], Run], caplog: pytest.LogCaptureFixture
) -> None:
    """The issue's rates of faults, and a hundred requests: all are answered but what the filter refuses for good."""
    rates = ((Fault.SERVER_ERROR, 0.05), (Fault.UNAVAILABLE, 0.05), (Fault.RESET, 0.03), (Fault.CUT_JSON, 0.03),
             (Fault.CUT_BODY, 0.03), (Fault.PAGE, 0.03), (Fault.FILTERED, 0.03))  # fmt: skip
    caplog.set_level(logging.DEBUG)
    with metered_provider(model=SHORT, faults=FaultRates(rates, seed=4)) as server:
        run = run_at(server)
        bad = run.numbered(1_000, f"# {REFUSED_FOR_GOOD}")
        outcomes = run.ask([*(run.numbered(number) for number in range(100)), bad])
        lost = [one for one in outcomes if not (isinstance(one, Reply) and one.stop_reason is StopReason.STOP)]
        assert len(lost) == 1
        assert isinstance(lost[0], Failure)
        assert lost[0].trouble is Trouble.FILTERED
        assert {one.fault for one in server.records} >= {fault for fault, _ in rates}
        assert run.door is not None
        troubles = {one.trouble for one in run.door.decisions}
        assert troubles == {Trouble.UNAVAILABLE, Trouble.CONNECTION, Trouble.GARBLED, Trouble.FILTERED}
        assert run.door.spending.retries == sum(isinstance(one.decision, Retry) for one in run.door.decisions)
        assert "server error; again after" in caplog.text
        assert "function_7" not in caplog.text


@pytest.mark.usefixtures("hurried")
def test_what_fails_for_good_is_tried_six_times_and_then_closes_the_door(
    run_at: Callable[[MeteredProvider], Run],
) -> None:
    """Before the first answer one request that was given up is enough, and all wait while it is tried."""
    with metered_provider(model=SHORT, faults=FaultRates(((Fault.SERVER_ERROR, 1.0),))) as server:
        run = run_at(server)
        outcomes = run.ask([run.numbered(number) for number in range(20)])
        assert TRIES <= len(server.records) <= 3 * TRIES
        assert [one.trouble for one in outcomes if isinstance(one, Failure)].count(Trouble.REFUSED) == 19


@pytest.mark.usefixtures("hurried")
def test_a_provider_that_goes_down_midway_is_left_alone_after_some_requests(
    run_at: Callable[[MeteredProvider], Run],
) -> None:
    with metered_provider(model=SHORT) as server:
        run = run_at(server)

        async def both(door: Door) -> list[Reply | Failure]:
            async with door:
                assert isinstance(await door.ask(run.numbered(0)), Reply)
                server.mind.faults = FaultRates(((Fault.UNAVAILABLE, 1.0),))
                return await asyncio.gather(*(door.ask(run.numbered(number)) for number in range(1, 40)))

        with run.opened(Limits(concurrency=1)) as door:
            outcomes = asyncio.run(both(door))
        assert all(isinstance(one, Failure) for one in outcomes)
        assert len(server.records) <= 1 + TRIES * (MOST_GIVEN_UP + 1)


@pytest.mark.parametrize("wrong", ["key", "deployment"])
def test_a_refusal_that_no_request_would_escape_ends_everything_at_once(
    run_at: Callable[[MeteredProvider], Run], wrong: str
) -> None:
    with metered_provider(model=SHORT) as server:
        run = run_at(server)
        if wrong == "key":
            server.key = "another-key"
        else:
            run.choice = replace(run.choice, model="gone")
        outcomes = run.ask([run.numbered(number) for number in range(30)])
        assert {one.trouble for one in outcomes if isinstance(one, Failure)} == {Trouble.REFUSED}
        assert len(outcomes) == 30
        assert read_ledger(run.ledger.path).records == 2


def test_the_window_is_learnt_from_the_first_error(run_at: Callable[[MeteredProvider], Run]) -> None:
    with metered_provider(model=Model(plain_words=30, context_window=1_000)) as server:
        run = run_at(server)
        long = [run.numbered(number, "x = 1\n    " * 400) for number in range(3)]
        outcomes = run.ask([*long, run.numbered(9)])
        assert [one.trouble for one in outcomes if isinstance(one, Failure)] == [Trouble.TOO_LONG] * 3
        assert isinstance(outcomes[-1], Reply)
        assert len(server.records) == 2
        assert run.door is not None
        assert run.door.window == 1_000
        assert "1,000" in str(outcomes[1])


def test_a_reply_that_is_cut_off_is_continued_without_a_seam(run_at: Callable[[MeteredProvider], Run]) -> None:
    with metered_provider(model=SHORT) as server:
        run = run_at(server)
        (cut,) = run.ask([run.numbered(1, most=20)])
        assert isinstance(cut, Reply)
        assert cut.stop_reason is StopReason.LENGTH
        server.records.clear()
        (outcome,) = run.ask([run.numbered(1, most=20)], continued=True)
        assert isinstance(outcome, Reply)
        assert len(server.records) == 3, "it was not kept, and is asked to go on twice at the most"
        roles = [message["role"] for message in server.records[1].body["messages"]]
        assert roles == ["system", "user", "assistant", "user"]
        assert server.records[1].body["messages"][2]["content"] == cut.text
        assert outcome.text.startswith(cut.text)
        assert outcome.usage.output_tokens == sum(one.completion_tokens for one in server.records)


def test_a_reply_is_bought_once_by_runs_tasks_and_later_runs(run_at: Callable[[MeteredProvider], Run]) -> None:
    with metered_provider(model=Model(plain_words=30, base_seconds=0.2)) as server:
        run = run_at(server)
        first = run.ask([run.numbered(1)] * 5)
        again = run.ask([run.numbered(1)])
        assert len(server.records) == 1
        assert len({one.text for one in (*first, *again) if isinstance(one, Reply)}) == 1
        assert [one.usage for one in again if isinstance(one, Reply)] == [Usage()]
        assert run.door is not None
        assert (run.door.spending.from_store, run.door.spending.input_tokens) == (1, 0)
        last = run.events[-1]
        assert isinstance(last, Spending)
        assert last.done == 1


def test_a_budget_of_tokens_is_never_passed_and_used_as_far_as_it_goes(
    run_at: Callable[[MeteredProvider], Run],
) -> None:
    with metered_provider(model=Model(plain_words=30, base_seconds=0.02)) as server:
        run = run_at(server)
        run.ask([run.numbered(999)])
        cost = server.records[0].prompt_tokens + server.records[0].completion_tokens
        most = 10 * cost + REPLY
        outcomes = run.ask([run.numbered(number) for number in range(30)], Limits(10**6, 10**9, max_tokens=most))
        bill = server.bill(1)
        assert bill.input_tokens + bill.output_tokens <= most
        assert sum(isinstance(one, Reply) for one in outcomes) >= 8
        left = [one for one in outcomes if isinstance(one, Failure)]
        assert {one.trouble for one in left} == {Trouble.BUDGET}
        assert "--max-tokens" in left[0].hint


def test_money_is_limited_by_the_users_prices_or_not_at_all(run_at: Callable[[MeteredProvider], Run]) -> None:
    with metered_provider(model=SHORT) as server:
        run = run_at(server)
        with pytest.raises(ConfigurationError, match="price of this model is not known") as caught:
            run.ask([run.numbered(1)], Limits(max_cost=1.0))
        assert "--price-in" in caught.value.hint
        assert server.records == []
        outcomes = run.ask(
            [run.numbered(number) for number in range(8)], Limits(max_cost=0.02, price_in=10.0, price_out=30.0)
        )
        assert run.door is not None
        assert run.door.spending.cost is not None
        assert 0.0 < run.door.spending.cost <= 0.02
        assert any(isinstance(one, Failure) and one.trouble is Trouble.BUDGET for one in outcomes)


def test_what_is_set_aside_stays_affordable(run_at: Callable[[MeteredProvider], Run]) -> None:
    with metered_provider(model=SHORT) as server:
        run = run_at(server)

        async def page_last(door: Door) -> tuple[list[Reply | Failure], Reply | Failure]:
            async with door:
                door.set_aside(Usage(200, 1_000))
                notes = [await door.ask(run.numbered(number)) for number in range(12)]
                door.set_aside(None)
                return notes, await door.ask(run.numbered(99, most=1_000))

        with run.opened(Limits(max_tokens=2_000)) as door:
            notes, page = asyncio.run(page_last(door))
        assert isinstance(page, Reply)
        assert any(isinstance(one, Failure) for one in notes)


def test_a_run_that_is_interrupted_ends_at_once_and_keeps_what_came(run_at: Callable[[MeteredProvider], Run]) -> None:
    """Some replies are there, the others hang: none of those holds it up, and the ledger has an end for every call."""
    with metered_provider(model=SHORT) as server:
        run = run_at(server)

        async def interrupted(door: Door) -> None:
            async with door:
                await asyncio.gather(*(door.ask(run.numbered(number)) for number in range(4)))
                server.mind.faults = FaultRates(((Fault.HANG, 1.0),))
                hangs = threading.Event()
                server.on_arrival = lambda record: hangs.set() if record.number >= 5 else None
                hanging = [asyncio.create_task(door.ask(run.numbered(number))) for number in range(4, 30)]
                assert await asyncio.to_thread(hangs.wait, PATIENCE)
                for task in hanging:
                    task.cancel()
                # Their time, and that of a reply which hangs, is over much later.
                done, _ = await asyncio.wait(hanging, timeout=run.choice.timeout / 2)
                assert len(done) == len(hanging)
                assert all(task.cancelled() for task in done)

        with run.opened(Limits()) as door:
            asyncio.run(interrupted(door))
        assert door.spending.in_flight == 0
        server.mind.faults = FaultRates()
        sent = len(server.records)
        run.ask([run.numbered(number) for number in range(4)])
        assert len(server.records) == sent
    reading = read_ledger(run.ledger.path)
    assert reading.fault == ""
    assert all(call.arrival is not None for call in reading.calls)
    assert {call.arrival.outcome for call in reading.calls if call.arrival} == {"reply: stop", "interrupted"}


@pytest.mark.usefixtures("hurried")
def test_a_reply_that_comes_garbled_counts_with_its_worst_case(run_at: Callable[[MeteredProvider], Run]) -> None:
    """Nobody knows what it cost; the budget takes the most."""
    with metered_provider(model=SHORT, faults=FaultRates(((Fault.CUT_JSON, 1.0),))) as server:
        run = run_at(server)
        (outcome,) = run.ask([run.numbered(1)], Limits(max_tokens=2 * REPLY + 300))
        assert isinstance(outcome, Failure)
        assert outcome.trouble is Trouble.BUDGET
        assert len(server.records) == 2


def test_parameters_that_are_refused_are_left_out_for_the_rest_of_the_run(
    run_at: Callable[[MeteredProvider], Run],
) -> None:
    with metered_provider(model=SHORT) as server:
        server.refused_parameters = frozenset({"temperature"})
        run = run_at(server)
        outcomes = run.ask([run.numbered(number) for number in range(6)])
        assert all(isinstance(one, Reply) for one in outcomes)
        assert (
            sum(
                call.arrival.outcome == "HTTP status 400" for call in read_ledger(run.ledger.path).calls if call.arrival
            )
            == 1
        )
