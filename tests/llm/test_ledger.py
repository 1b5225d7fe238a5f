"""The ledger: what it holds, what its chain shows, and what happens when it cannot be written."""

from __future__ import annotations

import asyncio
import hashlib
import json
import multiprocessing
import os
import signal
import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldguide.domain.ledger import Arrival, Departure
from fieldguide.domain.request import Reply, Usage
from fieldguide.domain.source import Span
from fieldguide.errors import ConfigurationError
from fieldguide.llm import Ledger, ask, ledger_file, ledger_key, read_ledger
from growth import assert_linear, calls
from provider.loopback_provider import KEY, completion, error
from waiting import wait_until

if TYPE_CHECKING:
    from pathlib import Path

    from fieldguide.domain.model import ModelChoice
    from fieldguide.domain.request import Request
    from provider.loopback_provider import Answer, LoopbackProvider

DEPARTURE = Departure(
    "model.example",
    "https://model.example/v1",
    "m",
    "d" * 32,
    "e" * 64,
    120,
    (Span("a/b.py", 1, 20), Span("c.py", 3, 4)),
)
SECRET = ledger_key("sixteen characters and more")


def filled(ledger: Ledger, calls: int = 3) -> Ledger:
    """A ledger with a number of calls that went well."""
    for _ in range(calls):
        ledger.arrived(ledger.departs(DEPARTURE), Arrival("reply: stop", 300, 100, 20))
    return ledger


def lines(ledger: Ledger) -> list[bytes]:
    return ledger.path.read_bytes().splitlines(keepends=True)


def cost(usage: Usage) -> float:
    return usage.input_tokens / 1000


def test_a_call_is_recorded_with_what_left_and_how_it_ended(
    ledger: Ledger, provider: LoopbackProvider, azure: ModelChoice, request_for_prose: Request
) -> None:
    sources = (Span("src/a.py", 1, 40), Span("b\udcff`.py", 2, 3))
    bodies: list[bytes] = []
    provider.on_body = bodies.append
    priced = replace(ledger, price=cost)
    endpoint = provider.address.replace("http://", "http://user:pass-of-a-proxy@")
    asyncio.run(ask(replace(request_for_prose, sources=sources), replace(azure, endpoint=endpoint), priced))
    (call,) = read_ledger(ledger.path).calls
    departure = call.departure
    assert departure.host == provider.address[7:]
    assert departure.address == f"{provider.address}{provider.received[0].path}"
    assert (departure.model, departure.request) == (azure.model, request_for_prose.digest)
    assert (departure.payload, departure.size) == (hashlib.sha256(bodies[0]).hexdigest(), len(bodies[0]))
    assert departure.exact
    assert departure.sources == (sources[0], Span("b\\udcff`.py", 2, 3))
    assert call.arrival is not None
    assert (call.arrival.outcome, call.arrival.cost) == ("reply: stop", 1.2)
    assert (call.arrival.input_tokens, call.arrival.output_tokens) == (1200, 340)
    content = ledger.path.read_text()
    assert all(word not in content for word in (KEY, "pass-of-a-proxy", "def f(x)", "You write", provider.reply[:12]))


def test_every_try_of_an_adapted_request_is_a_call_of_its_own(
    ledger: Ledger, provider: LoopbackProvider, azure: ModelChoice, request_for_prose: Request
) -> None:
    provider.refused_parameters = frozenset({"temperature", "max_completion_tokens"})
    asyncio.run(ask(request_for_prose, azure, ledger))
    calls = read_ledger(ledger.path).calls
    assert [one.arrival and one.arrival.outcome for one in calls] == [
        "HTTP status 400",
        "HTTP status 400",
        "reply: stop",
    ]
    assert len({one.departure.payload for one in calls}) == 3


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (error(401, "Wrong key sk-this-must-not-be-kept"), "HTTP status 401"),
        (error(500, "Your prompt was: def f(x)"), "HTTP status 500"),
        (replace(completion(""), body=None, raw=b"<html>sign in</html>"), "did not answer as a chat model's API does"),
        (completion("x", finish="length"), "reply: length"),
        (completion(None, finish="content_filter"), "reply: content filter"),
    ],
)
def test_a_call_that_fails_has_its_end_in_words_of_ours(
    answer: Answer,
    outcome: str,
    ledger: Ledger,
    provider: LoopbackProvider,
    azure: ModelChoice,
    request_for_prose: Request,
) -> None:
    provider.script = [answer]
    asyncio.run(ask(request_for_prose, azure, ledger))
    (call,) = read_ledger(ledger.path).calls
    assert call.arrival is not None
    assert outcome in call.arrival.outcome
    assert "must-not-be-kept" not in ledger.path.read_text()


def test_no_connection_is_on_record_too(ledger: Ledger, azure: ModelChoice, request_for_prose: Request) -> None:
    """It is recorded before anything leaves: that nothing listened is known only afterwards."""
    asyncio.run(ask(request_for_prose, replace(azure, endpoint="http://127.0.0.1:9"), ledger))
    (call,) = read_ledger(ledger.path).calls
    assert call.arrival is not None
    assert "nothing listens" in call.arrival.outcome


def test_a_ledger_that_cannot_be_written_stops_the_call(
    tmp_path: Path, provider: LoopbackProvider, azure: ModelChoice, request_for_prose: Request
) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "folder").mkdir()
    for name in ("file/ledger", "link", "fifo", "folder"):
        with pytest.raises(ConfigurationError, match="cannot be written") as caught:
            asyncio.run(ask(request_for_prose, azure, Ledger(tmp_path / name)))
        assert "nothing was sent" in caught.value.hint
    assert provider.received == []
    assert not (tmp_path / "elsewhere").exists()


def test_a_reply_is_not_lost_when_its_end_cannot_be_recorded(
    ledger: Ledger, provider: LoopbackProvider, azure: ModelChoice, request_for_prose: Request
) -> None:
    """The place becomes a folder while the call is out."""

    def block(_: bytes) -> None:
        ledger.path.rename(ledger.path.with_suffix(".kept"))
        ledger.path.mkdir()

    provider.on_body = block
    assert isinstance(asyncio.run(ask(request_for_prose, azure, ledger)), Reply)
    (call,) = read_ledger(ledger.path.with_suffix(".kept")).calls
    assert call.arrival is None


def test_file_and_folder_are_the_users_alone(tmp_path: Path) -> None:
    path = ledger_file(tmp_path / "state", tmp_path / "project")
    filled(Ledger(path))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    path.chmod(0o644)
    filled(Ledger(path))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "project" not in str(path.relative_to(tmp_path / "state"))


@pytest.mark.parametrize("key", [None, SECRET], ids=["plain", "keyed"])
def test_a_whole_ledger_holds(key: bytes | None, ledger: Ledger) -> None:
    reading = read_ledger(filled(replace(ledger, key=key)).path, key)
    assert (reading.fault, reading.records, reading.torn, reading.unkeyed) == ("", 6, (), 0)
    assert [call.number for call in reading.calls] == [1, 3, 5]
    assert reading.head == json.loads(lines(ledger)[-1])["digest"]
    assert all(call.departure == DEPARTURE for call in reading.calls)


@given(data=st.data())
@settings(max_examples=60)
def test_whatever_byte_is_changed_the_first_record_that_does_not_hold_is_named(
    tmp_path: Path, data: st.DataObject
) -> None:
    ledger = Ledger(tmp_path / "chain.jsonl")
    if not ledger.path.exists():
        filled(ledger)
    content = bytearray(ledger.path.read_bytes())
    # The last line end is no part of a record.
    place = data.draw(st.integers(0, len(content) - 2))
    content[place] = data.draw(st.integers(0, 255).filter(lambda byte: byte != content[place]))
    changed = tmp_path / "changed.jsonl"
    changed.write_bytes(content)
    reading = read_ledger(changed)
    assert reading.fault
    # Named is the record itself, or where it is a record no more, what comes after it; two are where a line end was.
    at_fault = bytes(ledger.path.read_bytes()[:place]).count(b"\n") + 1
    assert any(
        f"{name} {number}" in reading.fault for name in ("record", "line") for number in range(at_fault, at_fault + 3)
    )


@pytest.mark.parametrize(
    ("order", "fault"),
    [
        ("23456", "record 2 does not follow"),
        ("12456", "record 4 does not follow"),
        ("132456", "record 3 does not follow"),
        ("1233456", "record 3 does not follow"),
        ("123x456", "what stands before record 4 is no record"),
        ("123456y", "line 7 is no record"),
    ],
    ids=["first-gone", "one-gone", "moved", "doubled", "put-in", "put-behind"],
)
def test_records_taken_out_put_in_or_moved_show(order: str, fault: str, ledger: Ledger) -> None:
    """`order` names the lines that a forger leaves, each by its number, and others by a letter."""
    others = {"x": b"{}\n", "y": b"a line of somebody's\n"}
    there = {str(number): line for number, line in enumerate(lines(filled(ledger)), start=1)} | others
    ledger.path.write_bytes(b"".join(there[one] for one in order))
    assert read_ledger(ledger.path).fault.startswith(fault)


def test_records_off_the_end_show_only_by_the_digest_that_was_noted(ledger: Ledger) -> None:
    """What a chain cannot show, and what does."""
    head = read_ledger(filled(ledger).path).head
    ledger.path.write_bytes(b"".join(lines(ledger)[:-2]))
    reading = read_ledger(ledger.path)
    assert not reading.fault
    assert reading.head != head


def test_a_ledger_forged_without_the_key_does_not_hold(ledger: Ledger, tmp_path: Path) -> None:
    filled(replace(ledger, key=SECRET))
    assert "with a key that is not set here" in read_ledger(ledger.path).fault
    assert "record 1 was changed" in read_ledger(ledger.path, ledger_key("another key altogether")).fault
    forged = filled(Ledger(tmp_path / "forged.jsonl"))
    assert read_ledger(forged.path, SECRET).unkeyed == 6


def test_a_record_that_lacks_but_its_line_end_counts(ledger: Ledger) -> None:
    ledger.path.write_bytes(filled(ledger).path.read_bytes()[:-1])
    assert (read_ledger(ledger.path).fault, read_ledger(ledger.path).records) == ("", 6)
    filled(ledger, 1)
    reading = read_ledger(ledger.path)
    assert (reading.fault, reading.torn, reading.records) == ("", (), 8)


@pytest.mark.parametrize("kept", [1, 60, -2])
def test_a_torn_record_is_named_and_the_next_run_goes_on(kept: int, ledger: Ledger) -> None:
    whole = filled(ledger).path.read_bytes()
    torn = lines(ledger)[-1][:kept]
    ledger.path.write_bytes(whole[: whole.rindex(b"\n", 0, -1) + 1] + torn)
    assert read_ledger(ledger.path).torn == (6,)
    assert read_ledger(ledger.path).fault == ""
    filled(ledger, 1)
    reading = read_ledger(ledger.path)
    assert (reading.fault, reading.torn, reading.records) == ("", (6,), 7)
    assert [call.arrival is None for call in reading.calls] == [False, False, True, False]
    # The torn line is part of the chain from now on.
    ledger.path.write_bytes(ledger.path.read_bytes().replace(torn + b"\n{", b"\n{", 1))
    assert read_ledger(ledger.path).fault


def test_a_file_of_nothing_but_a_torn_record_is_gone_on_with(ledger: Ledger) -> None:
    ledger.path.parent.mkdir()
    ledger.path.write_bytes(b'{"number":1,"ti')
    filled(ledger, 1)
    reading = read_ledger(ledger.path)
    assert (reading.fault, reading.torn, len(reading.calls)) == ("", (1,), 1)


def _write_for_ever(path: Path) -> None:
    while True:
        filled(Ledger(path), 1)


def test_a_killed_run_leaves_a_ledger_that_can_be_read_and_gone_on_with(ledger: Ledger) -> None:
    """SIGKILL at any instant."""
    context = multiprocessing.get_context("spawn")
    process = context.Process(target=_write_for_ever, args=(ledger.path,))
    process.start()
    wait_until(lambda: ledger.path.exists() and ledger.path.stat().st_size >= 4000, "some records")
    os.kill(process.pid or 0, signal.SIGKILL)
    process.join()
    assert read_ledger(ledger.path).records > 3
    filled(ledger, 1)
    assert read_ledger(ledger.path).fault == ""


def test_runs_at_once_write_one_chain(ledger: Ledger) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(filled, [ledger] * 8))
    reading = read_ledger(ledger.path)
    assert (reading.fault, reading.records, len(reading.calls)) == ("", 48, 24)
    assert all(call.arrival for call in reading.calls)


def test_reading_takes_as_long_as_there_are_records(ledger: Ledger) -> None:
    many = replace(DEPARTURE, sources=tuple(Span(f"package/module_{n}.py", n, n + 40) for n in range(1, 60)))
    ledger.path.parent.mkdir()
    for number in range(500):
        ledger.arrived(ledger.departs(many if number % 2 else DEPARTURE), Arrival("reply: stop", 300, 100, 20))
    lines = ledger.path.read_bytes().splitlines(keepends=True)
    assert read_ledger(ledger.path).records == len(lines) == 1000

    def read(count: int) -> None:
        ledger.path.write_bytes(b"".join(lines[:count]))
        assert read_ledger(ledger.path).records == count

    few, many = (calls(lambda count=count: read(count)) for count in (100, 1_000))
    assert many < 12 * few
    assert_linear(read, len(lines))


def test_no_ledger_is_an_empty_one(tmp_path: Path) -> None:
    reading = read_ledger(tmp_path / "none")
    assert (reading.records, reading.calls, reading.fault, reading.head) == (0, (), "", "")


def test_usage_without_tokens_costs_nothing_to_ask_the_price_of(ledger: Ledger) -> None:
    """A call that brought nothing has no price, not a price of nothing."""

    def price(usage: Usage) -> float:
        return 1.0 if usage != Usage() else 0.0

    priced = replace(ledger, price=price)
    priced.arrived(priced.departs(DEPARTURE), Arrival("no connection"))
    (call,) = read_ledger(ledger.path).calls
    assert call.arrival is not None
    assert call.arrival.cost is None
