"""What a run may use and pay, from every place that may say so."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from fieldguide.domain.limits import Limits
from fieldguide.errors import ConfigurationError
from fieldguide.settings import Action, Arguments, resolve

if TYPE_CHECKING:
    from settings.conftest import Place


def test_nothing_said_is_nothing_known_and_sixteen_at_once(place: Place) -> None:
    assert place.resolve().limits == Limits()


def test_every_limit_arrives(place: Place) -> None:
    limits = place.resolve(
        rpm="60", tpm="60k", max_cost="2.50", max_tokens="2M", price_in="1.1", price_out="0", concurrency="4"
    ).limits
    assert limits == Limits(60, 60_000, 2.5, 2_000_000, 4, 1.1, 0.0)


def test_limits_come_from_variables_and_the_users_own_file_and_not_from_a_stranger(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.user_file.write_text("rpm = 30\nmax-cost = 1\n")
    (place.project / "fieldguide.toml").write_text("max-cost = 1000\nprice-in = 0\n")
    monkeypatch.setenv("FIELDGUIDE_TPM", "90000")
    settings = place.resolve()
    assert settings.limits == Limits(requests_per_minute=30, tokens_per_minute=90_000, max_cost=1.0)
    ignored = [note.message for note in settings.notes if "is not obeyed" in note.message]
    assert [message.split("`")[1] for message in ignored] == ["max-cost", "price-in"]


@pytest.mark.parametrize(
    ("option", "value", "expected"),
    [
        ("rpm", "0", "a whole number, 1 or more"),
        ("tpm", "many", "a number of tokens"),
        ("max-cost", "-1", "a number of US dollars"),
        ("max-cost", "nan", "a number of US dollars"),
        ("max-cost", "inf", "a number of US dollars"),
        ("max-tokens", "0", "a number of tokens"),
        ("concurrency", "1.5", "a whole number, 1 or more"),
    ],
)
def test_what_is_no_limit_is_named(place: Place, option: str, value: str, expected: str) -> None:
    with pytest.raises(ConfigurationError, match=f"`--{option}` is `{value}`: it takes {expected}"):
        resolve(Arguments("document", str(place.project), {option: value}))


@pytest.mark.parametrize(("given", "lacking"), [("price-in", "price-out"), ("price-out", "price-in")])
def test_one_price_alone_makes_no_sum(place: Place, given: str, lacking: str) -> None:
    with pytest.raises(ConfigurationError, match=f"`--{given}` is given without `--{lacking}`"):
        resolve(Arguments("document", str(place.project), {given: "1"}))


def test_the_cache_is_no_matter_of_the_directory_one_stands_in(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither a broken configuration there nor a variable that turns the cache off hides where it lies."""
    (place.here / "fieldguide.toml").write_text("no-such-key = 1")
    monkeypatch.setenv("FIELDGUIDE_NO_CACHE", "1")
    settings = resolve(Arguments("cache", "", {}, "clear"))
    assert (settings.action, settings.operation) == (Action.CACHE, "clear")
    assert str(settings.directory) == os.getcwd()  # noqa: PTH109  # as the process has it
    assert settings.cache == place.home / ".cache" / "fieldguide"


def test_a_batch_keeps_what_it_brings_whatever_a_variable_says(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIELDGUIDE_NO_CACHE", "1")
    settings = resolve(Arguments("batch", str(place.project), {}, "collect"))
    assert (settings.action, settings.operation) == (Action.BATCH, "collect")
    assert settings.cache == place.home / ".cache" / "fieldguide"
    assert place.resolve().cache is None
