"""One set of characters that nobody sees: none of them is sent to a model, and none stands on a page."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldguide.domain.unseen import seen
from fieldguide.verify.inline import inline_tokens, take_apart
from fieldguide.write.sections.markdown import readable

KEPT = "\n\t\r"


@given(st.text(alphabet=st.characters(categories=("Cc", "Co", "Cs"), exclude_characters=KEPT)))
def test_controls_and_private_characters_go(text: str) -> None:
    assert seen(f"a{text}b") == "ab"


@given(st.text())
def test_what_is_seen_stays_seen(text: str) -> None:
    assert seen(seen(text)) == seen(text)


@given(st.text(alphabet=st.characters(categories=("L", "M", "N", "P", "S", "Zs"), exclude_characters="\u034f")))
def test_what_people_see_is_not_touched(text: str) -> None:
    assert seen(text) == text


@pytest.mark.parametrize("text", ["👩\u200d👩\u200d👧", "\u0645\u06cc\u200c\u062e\u0648", "line\nline\tcell"])
def test_joiners_stay_where_scripts_and_emoji_need_them(text: str) -> None:
    assert seen(text) == text


@pytest.mark.parametrize(
    "hidden", ["\u200b", "\u202e", "\u2066", "\U000e0041", "\u00ad", "\u200d", "\x07", "\ue000", "\ufeff"]
)
def test_every_way_to_a_page_drops_the_same(hidden: str) -> None:
    text = f"re{hidden}try"
    assert unicodedata.category(hidden) in {"Cf", "Cc", "Co"}
    assert seen(text) == readable(text) == "retry"
    assert [one.text for one in take_apart(inline_tokens(text))[0]] == ["retry"]
