"""Words are found where they stand by themselves, in one pass over the bytes of files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldguide.scan import occurring

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("word", "text", "found"),
    [
        ("fetch", "fetch", True),
        ("fetch", "self.fetch(x)", True),
        ("fetch", "prefetch", False),
        ("fetch", "fetch_all", False),
        ("fetch", "fetché", False),
        ("fetch", "fetcher fetch", True),
        ("--all", "--all-features", False),
        ("--all", "[--all]", True),
        ("--all", "---all", False),
        ("all", "--all", True),
        ("é", "éa é", True),
        ("FOO_BAR", 'os.environ["FOO_BAR"]', True),
    ],
)
def test_a_word_stands_there_as_a_whole_one(tmp_path: Path, word: str, text: str, found: bool) -> None:  # noqa: FBT001
    (tmp_path / "a.c").write_text(text, "utf-8")
    assert (word in occurring(tmp_path, ["a.c"], {word})) is found


def test_binary_files_links_and_files_that_are_not_there_hold_nothing(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"\0word")
    (tmp_path / "b").write_text("word", "utf-8")
    (tmp_path / "c").symlink_to("b")
    assert occurring(tmp_path, ["a", "c", "missing"], {"word", ""}) == {}
    assert occurring(tmp_path, ["a", "b", "c"], {"word", "other"}) == {"word": ["b"]}


@settings(max_examples=60)
@given(st.lists(st.sampled_from(["ab", "abc", "b", "ab_c", "a"]), max_size=6))
def test_words_that_overlap_do_not_hide_each_other(tmp_path: Path, words: list[str]) -> None:
    (tmp_path / "x").write_text(" ".join(words), "utf-8")
    assert set(occurring(tmp_path, ["x"], {"ab", "abc", "b", "ab_c", "a"})) == set(words)
