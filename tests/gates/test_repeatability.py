"""No verdict of a test hangs on the machine, on its load, on the order of tests or on chance."""

from __future__ import annotations

import ast
import importlib
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from growth import assert_linear, calls, ends

if TYPE_CHECKING:
    from collections.abc import Iterator

TESTS = Path(__file__).resolve().parents[1]
CLOCKS = {"clock_gettime", "monotonic", "monotonic_ns", "perf_counter", "perf_counter_ns", "process_time",
          "process_time_ns", "thread_time", "thread_time_ns"}  # fmt: skip
READ_A_CLOCK = {
    "cli/test_interruption.py": "an end within a second is promised; one of several tries has to keep it",
    "growth.py": "processor time of sizes that lie far apart",
    "provider/metered_provider.py": "a provider counts by the minute",
    "waiting.py": "gives up in the end",
}


def _clocks(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == "time":
            yield from (one.name for one in node.names if one.name in CLOCKS)
        elif isinstance(node, ast.Attribute) and node.attr in CLOCKS:
            yield node.attr


def _tracked() -> list[str]:
    listed = subprocess.run(["git", "ls-files", "-z", "--", "*.py"], cwd=TESTS, capture_output=True, check=True)
    return [name for name in listed.stdout.decode().split("\0") if name and (TESTS / name).exists()]


def test_only_those_read_a_clock_that_say_why() -> None:
    """What took long on one machine on one day says nothing: `growth` and `waiting` are there instead."""
    reading = {name for name in _tracked() if next(_clocks(TESTS / name), "")}
    assert reading <= READ_A_CLOCK.keys()


def test_deadlines_and_health_checks_are_the_profiles_alone() -> None:
    """A list of a test's own would bring those back that a busy machine fails."""
    own = [
        (name, node.arg)
        for name in _tracked()
        if name != "conftest.py"
        for node in ast.walk(ast.parse((TESTS / name).read_text("utf-8")))
        if isinstance(node, ast.keyword) and node.arg in {"suppress_health_check", "derandomize", "database"}
    ]
    assert own == []
    assert settings().deadline is None


def test_examples_are_the_same_whatever_was_imported_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if not settings().derandomize:
        pytest.skip("another profile was asked for")
    drawn: list[int] = []

    @given(st.integers())
    def draw(number: int) -> None:
        drawn.append(number)

    draw()
    first = drawn.copy()
    drawn.clear()
    (tmp_path / "just_imported.py").write_text(f"NUMBERS = {list(range(7_000_000, 7_000_400))}\n")
    monkeypatch.setattr("sys.path", [str(tmp_path), *sys.path])
    importlib.import_module("just_imported")
    draw()
    assert drawn == first
    assert len(set(drawn)) > 50


def test_what_grows_with_the_square_is_told_from_what_does_not() -> None:
    def square(size: int) -> None:
        for _ in range(size * size):
            pass

    def sort(size: int) -> None:
        for _ in range(20):
            sorted(range(size, 0, -1))

    assert_linear(sort, 400_000)
    with pytest.raises(pytest.fail.Exception, match="grows faster"):
        assert_linear(square, 2_500)


def test_calls_are_counted() -> None:
    few, many = (calls(lambda count=count: [abs(hash(one)) for one in range(count)]) for count in (10, 1_000))
    assert 990 * 2 <= many - few < 990 * 2 + 10


def test_what_goes_on_for_ever_is_ended() -> None:
    def endless() -> None:
        while True:
            pass

    with pytest.raises(pytest.fail.Exception, match="had not ended"), ends(0.05):
        endless()
    with ends(0.05):
        time.sleep(0.2)
