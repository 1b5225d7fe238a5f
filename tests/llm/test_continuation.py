"""Replies that were cut off, joined: nothing is lost, and nothing stands twice."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from fieldguide.domain.request import Reply, StopReason, Usage
from fieldguide.llm.continuation import joined


def reply(text: str, stop: StopReason = StopReason.STOP) -> Reply:
    return Reply(text, stop, Usage(10, 2), "m")


def test_words_that_the_model_says_again_stand_once() -> None:
    first = reply("It reads every file in the ", StopReason.LENGTH)
    assert joined(first, reply("every file in the tree.")).text == "It reads every file in the tree."


def test_the_join_is_whole_when_the_second_is_and_costs_both() -> None:
    whole = joined(reply("It re", StopReason.LENGTH), reply("ads."))
    assert whole == Reply("It reads.", StopReason.STOP, Usage(20, 4), "m")


@given(st.text(max_size=60), st.text(max_size=60))
def test_no_character_is_lost(first: str, second: str) -> None:
    text = joined(reply(first), reply(second)).text
    assert text.startswith(first)
    assert text.endswith(second)
