"""Names that most likely are ones of ours, changed as authors change names, are found whatever is said around them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from name_trees import Tree

from fieldguide.verify.resolution.names_changes import is_extended, is_likely, is_misspelt, is_padded, is_swapped

if TYPE_CHECKING:
    from pathlib import Path

FILES = {
    "pyproject.toml": '[project]\nname = "mill"\nversion = "1"\n',
    "mill/__init__.py": "from mill.wheel import Wheel, grind_all_grain\n",
    "mill/wheel.py": (
        "class Wheel:\n"
        "    def __enter__(self): ...\n"
        "    def turn(self): ...\n"
        "    def stop(self): ...\n"
        "    def hand_some(self): ...\n"
        "    def get(self): ...\n"
        "    def _count_teeth_once(self): ...\n\n\n"
        "class SSLBelt:\n    pass\n\n\n"
        "def grind_all_grain(): ...\n"
    ),
}


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    return Tree(tmp_path, FILES)


def found(tree: Tree, text: str, path: str = "docs/guide.md") -> list[tuple[str, str]]:
    return [
        (one.mention.text.removesuffix("()"), next(iter(one.verdict.nearest), "").removesuffix("()"))
        for one in tree.faults(text, path)
    ]


def test_a_call_that_pads_or_twists_a_name_that_the_documents_call_is_that_name(tree: Tree) -> None:
    said = "Call `turn()`, then `stop()`.\n\n"
    assert found(tree, f"{said}Last comes `turn_all()`.\n") == [("turn_all", "turn")]
    assert found(tree, f"{said}Last comes `trun()`.\n") == [("trun", "turn")]
    assert found(tree, f"{said}Last comes `stops()`.\n") == [("stops", "stop")]
    assert found(tree, "Last comes `trun()`.\n") == [("trun", "turn")]
    assert found(tree, f"{said}Last comes `turn_left()`.\n") == []
    assert found(tree, f"{said}Read it by `get()`, not by `get_name()`.\n") == []


def test_a_name_of_many_words_without_its_last_is_that_name_where_the_documents_say_it(tree: Tree) -> None:
    assert found(tree, "`_count_teeth()` is slow.\n") == [("_count_teeth", "_count_teeth_once")]
    assert found(tree, "Both `grind_all_grain` and `grind_all` wait.\n") == [("grind_all", "grind_all_grain")]


def test_a_special_method_with_something_at_its_end_is_no_name_of_its_own(tree: Tree) -> None:
    assert found(tree, "It calls `__enter_()` first.\n") == [("__enter_", "__enter__")]
    assert found(tree, "It calls `Wheel.__enter__s()` first.\n") == [("Wheel.__enter__s", "Wheel.__enter__")]
    assert found(tree, "It calls `__exit__()` and `Wheel.__repr__()` last, names begin with `_wheel_`.\n") == []


def test_a_word_of_placeholders_in_our_own_name_makes_no_placeholder(tree: Tree) -> None:
    assert found(tree, "Then `Wheel.hands_some()` returns.\n") == [("Wheel.hands_some", "Wheel.hand_some")]
    assert found(tree, "Then `your_wheel.turns()` returns, or `get_Xs()`.\n") == []


def test_a_letter_that_cuts_a_word_in_two_is_a_slip_and_one_for_another_in_a_short_word_is_none() -> None:
    assert is_misspelt("SSLsBelt", "SSLBelt")
    assert is_misspelt("use_teh_belt", "use_the_belt")
    assert not is_misspelt("set_all", "get_all")
    assert not is_misspelt("SSLBelts2", "SSLBelt")
    assert is_likely("__exit_", "__exit__")
    assert not is_likely("__exit__", "__enter__")
    assert is_padded("close_object", "close")
    assert not is_padded("close_door", "close")
    assert is_swapped("add", "ad")
    assert not is_swapped("add", "and")


def test_a_role_names_one_class_however_many_there_are(tree: Tree) -> None:
    text = "Mill\n====\n\n.. currentmodule:: mill\n\nThere are two separate :class:`Wheels` in it.\n"
    assert found(tree, text, "docs/guide.rst") == [("Wheels", "Wheel")]


def test_a_stub_adds_only_the_names_that_stand_in_it(tmp_path: Path) -> None:
    stub = {"mill/__init__.pyi": "class Wheel: ...\nclass Hopper: ...\n"}
    tree = Tree(tmp_path, {**FILES, **stub})
    assert found(tree, "Take `mill.Hopper` and `mill.Wheell`.\n") == [("mill.Wheell", "mill.Wheel")]


@pytest.mark.parametrize(
    "around",
    [
        "# Turning\n\nOften there is no need to call `Wheel.trun()` twice.",
        "# Legacy wheels\n\nCall `Wheel.turn_all()`.",
        "# Plugins\n\nA plugin may ask `grind_grain_all()` for more.",
        "# Turning\n\nOn Windows, `grind_grain_all()` waits.",
        "# Turning\n\nThe belt is a deprecated alias for `grind_grain_all`.",
        "# Turning\n\nTake the stone rather than `grind_grain_all`.",
        "# 5.4. Turning\n\nCall `grind_grain_all()` there.",
        "# Turning\n\n`grind_grain_all()` is similar to a sieve.",
    ],
)
def test_words_around_do_not_excuse_what_is_most_likely_a_name_of_ours(tree: Tree, around: str) -> None:
    assert len(found(tree, f"{around}\n")) == 1


@pytest.mark.parametrize(
    "around",
    [
        "# Deprecated\n\nCall `grind_grain_all()`.",
        "# 5.4.1\n\nCall `grind_grain_all()`.",
        "# Compatibility\n\nCall `grind_grains()`.",
        "# Turning\n\nThe old `grind_grain_all()` waits.",
        "# Turning\n\nTake `grind_all_grain()` rather than `grind_grain_all()`.",
        "# Turning\n\nIn JavaScript, `grind_grain_all()` waits.",
        "# Turning\n\nIt is similar to `grind_grain_all` of others.",
        "# Turning\n\nThere is no `grind_grain_all()`.",
    ],
)
def test_words_that_speak_of_another_name_excuse_it(tree: Tree, around: str) -> None:
    assert found(tree, f"{around}\n") == []


def test_a_label_that_is_almost_one_that_others_refer_to_is_a_fault(tree: Tree) -> None:
    text = "Mill\n====\n\nSee :ref:`wheel_size`, :ref:`wheel_size` and :ref:`{}`.\n"
    assert found(tree, text.format("size_wheel"), "docs/guide.rst") == [("size_wheel", "wheel_size")]
    assert found(tree, text.format("river"), "docs/guide.rst") == []


def test_a_class_without_its_last_word_is_that_class_only_where_a_role_or_its_package_says_so(tmp_path: Path) -> None:
    tree = Tree(tmp_path, {**FILES, "mill/store.py": "class FlourSackRack: ...\n"})
    said = "The `FlourSackRack` is full.\n\n"
    assert found(tree, f"{said}Take `mill.store.FlourSack` there.\n") == [
        ("mill.store.FlourSack", "mill.store.FlourSackRack")
    ]
    assert found(tree, f"{said}Take a `FlourSack` there.\n") == []
    role = "Mill\n====\n\nThe :class:`FlourSackRack` is full.\n\nTake a :class:`FlourSack` then.\n"
    assert found(tree, role, "docs/guide.rst") == [("FlourSack", "FlourSackRack")]


def test_what_a_sentence_says_of_a_beginning_is_of_the_beginning_of_a_name_only_with_a_with(tree: Tree) -> None:
    said = "At the beginning of a day, call `grind_all_grains`."
    assert found(tree, f"{said}\n") == [("grind_all_grains", "grind_all_grain")]
    assert found(tree, "Names that begin with `grind_all_grai` grind.\n") == []


def test_the_name_is_proposed_that_is_as_long_as_what_was_written(tmp_path: Path) -> None:
    tree = Tree(tmp_path, {**FILES, "mill/clock.py": "def stat(): ...\n\n\ndef start(): ...\n"})
    assert found(tree, "Call `start()`, and then `strat()`.\n") == [("strat", "start")]


def test_a_variable_that_several_classes_may_be_called_after_has_what_any_of_them_has(tmp_path: Path) -> None:
    opened = "class Sluice:\n    def __enter__(self) -> str: ...\n    def is_open_to_the_river(self): ...\n"
    tree = Tree(tmp_path, {**FILES, "mill/sluice.py": opened})
    assert found(tree, "Ask `sluice.is_to_the_river_open` first.\n") == [
        ("sluice.is_to_the_river_open", "Sluice.is_open_to_the_river")
    ]
    assert found(tree, "Ask `sluice.is_wide_and_deep` first.\n") == []


def test_a_sentence_sets_a_name_only_beside_the_one_that_it_is_most_likely(tree: Tree) -> None:
    assert found(tree, "Ask `Wheel` or `SSLBelts_` for `grind_grain_all`.\n") == [
        ("grind_grain_all", "grind_all_grain")
    ]
    assert found(tree, "Not `grind_grain_all` but `grind_all_grain` grinds.\n") == []


def test_names_without_a_word_are_no_others() -> None:
    assert not is_extended("__", "_")
    assert not is_extended("_", "")
    assert is_extended("WheelTurned", "Wheel")
