"""How long a run still takes, and what of a line stays where there is little room."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from fieldguide.domain.report import Progress, Spending
from fieldguide.terminal.quantities import dollars, duration, rough, rounded, stopwatch
from fieldguide.terminal.standing import Part, Standing, fitted


def _told(*events: tuple[float, Progress | Spending], now: float, clock: float = 1e9) -> list[list[str]]:
    standing = Standing()
    for at, event in events:
        standing.hear(event, at)
    return [[part.text for part in line] for line in standing.lines(now, clock)]


ASKING = (0.0, Progress("asking m", 0, 1))


def test_a_stage_without_requests_is_one_line() -> None:
    assert _told((0.0, Progress("reading files", 300)), now=1.0) == [["reading files", "300", "0:01"]]
    told = _told((0.0, Progress("analysing code", 0, 100)), (9.0, Progress("analysing code", 90, 100)), now=9.0)
    assert told == [["analysing code", "90 of 100", "0:09", "about 5 s left"]]


def test_the_pace_so_far_tells_how_long_the_rest_takes() -> None:
    events = (ASKING, (0.0, Spending(planned=40)), (100.0, Spending(done=10, planned=40)))
    assert _told(*events, now=100.0)[0] == ["asking m", "10 of 40 requests", "about 5 min left"]


def test_what_the_store_held_says_nothing_of_the_pace() -> None:
    events = (ASKING, (0.0, Spending(planned=40)), (100.0, Spending(done=30, planned=40, from_store=20)))
    assert "about 2 min left" in _told(*events, now=100.0)[0]
    nothing_sent = (ASKING, (0.0, Spending(planned=40)), (1.0, Spending(done=30, planned=40, from_store=30)))
    assert _told(*nothing_sent, now=100.0)[0] == ["asking m", "30 of 40 requests"]


def test_a_quota_that_allows_less_than_the_pace_decides_and_counts_down() -> None:
    events = (ASKING, (0.0, Spending(planned=40)), (10.0, Spending(done=10, planned=40, seconds_left=600.0)))
    assert "about 10 min left" in _told(*events, now=10.0)[0]
    assert "about 5 min left" in _told(*events, now=310.0)[0] or "about 16 min left" in _told(*events, now=310.0)[0]


def test_a_pause_is_part_of_what_is_left_and_is_forgotten_when_it_is_over() -> None:
    spending = Spending(done=10, planned=20, seconds_left=5.0, waiting_until=1_000.0)
    waiting = _told(ASKING, (0.0, spending), now=0.0, clock=880.0)[0]
    assert waiting[2].startswith("waiting for quota until ")
    assert waiting[3] == "about 2 min left"
    assert _told(ASKING, (0.0, spending), now=0.0, clock=1_000.0)[0][2] == "about 5 s left"


def test_a_plan_that_is_done_has_no_time_left_and_a_new_stage_no_requests() -> None:
    done = (ASKING, (0.0, Spending()), (9.0, Spending(done=3, planned=3, cost=1.5)))
    assert _told(*done, now=9.0) == [["asking m", "3 of 3 requests"], ["0 of 1 page", "0 tokens", "$1.50", "0:09"]]
    assert len(_told(*done, (10.0, Progress("checking references")), now=11.0)) == 1


_PARTS = st.lists(st.builds(Part, st.text(min_size=1, max_size=30), st.integers(0, 9), st.just("")), max_size=8)


@given(parts=_PARTS, width=st.integers(0, 200))
def test_what_fits_is_whole_and_what_does_not_goes_by_rank(parts: list[Part], width: int) -> None:
    line = fitted(parts, width, " · ", len)
    whole = " · ".join(part.text for part in parts)
    if len(whole) <= width or len(parts) <= 1:
        assert line == whole
    else:
        kept = line.count(" · ") + 1
        best = sorted(parts, key=lambda part: part.rank)
        assert len(line) <= width or kept == 1
        assert min(parts, key=lambda part: part.rank).text in line or best[0].rank == best[1].rank


def test_a_short_form_comes_before_a_loss() -> None:
    parts = [Part("waiting for quota until 12:00:00", 0, "quota: 12:00:00"), Part("4 in flight", 1)]
    assert fitted(parts, 50, ", ", len) == "waiting for quota until 12:00:00, 4 in flight"
    assert fitted(parts, 30, ", ", len) == "quota: 12:00:00, 4 in flight"
    assert fitted(parts, 20, ", ", len) == "quota: 12:00:00"


@given(st.floats(0, 1e6))
def test_a_guess_of_time_is_never_too_short(seconds: float) -> None:
    words = duration(seconds).split()
    units = {"s": 1, "min": 60, "h": 3600}
    value = sum(int(number) * units[unit] for number, unit in zip(words[::2], words[1::2], strict=True))
    assert seconds <= value <= max(5.0, seconds + 60)


def test_numbers_are_said_with_the_digits_they_are_worth() -> None:
    assert [rough(850), rough(48_210), rough(999_600), rough(1_300_000)] == ["850", "48k", "1.0M", "1.3M"]
    assert [rounded(7), rounded(131_300), rounded(96)] == [7, 130_000, 96]
    assert [dollars(0), dollars(0.0432), dollars(1.5), dollars(0.16, 0.42)] == ["$0.00", "$0.0432", "$1.50", "$0.16"]
    assert [stopwatch(7), stopwatch(760), stopwatch(3_723)] == ["0:07", "12:40", "1:02:03"]
