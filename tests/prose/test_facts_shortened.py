"""What stands on the page is told to a model shortened: the first rows, the names of the others, no fence left open."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from fieldguide.write.prose.shortening import LONGEST_LINE, MOST_CODE, MOST_ROWS, SHOWN_ROWS, shortened

TABLE = "| Variable | Default |\n| --- | --- |\n"


def rows(count: int) -> str:
    return "".join(f"| `NAME_{number}` | `{number}` |\n" for number in range(count))


def test_a_table_that_is_not_long_stays_as_it_is() -> None:
    text = f"## Configuration\n\n{TABLE}{rows(MOST_ROWS)}\nSee also.\n"
    assert shortened(text) == text


def test_of_a_long_table_the_first_rows_stay_and_the_others_are_named() -> None:
    told = shortened(f"{TABLE}{rows(40)}")
    assert rows(SHOWN_ROWS) in told
    assert f"{40 - SHOWN_ROWS} more: `NAME_{SHOWN_ROWS}`, `NAME_{SHOWN_ROWS + 1}`, " in told
    assert told.rstrip().endswith("`NAME_39`")
    assert "| `20` |" not in told


def test_more_names_than_a_model_need_know_are_counted() -> None:
    assert "and 232 more" in shortened(f"{TABLE}{rows(300)}")


def test_a_fold_is_no_fact_and_its_table_is_one() -> None:
    told = shortened(f"<details>\n<summary>71 more</summary>\n\n{TABLE}{rows(3)}\n</details>\n")
    assert "details" not in told
    assert "71 more" not in told
    assert rows(3) in told


def test_cells_with_bars_and_lists_are_named_too() -> None:
    told = shortened(TABLE + "".join(f"| `a{number}|b` | x |\n" for number in range(20)))
    assert "`a19|b`" in told
    bullets = "".join(f"- `path{number}/`: what is in it\n" for number in range(20))
    assert "12 more: `path8/`, " in shortened(bullets)


def test_long_code_keeps_its_fence_and_a_table_in_it_is_code() -> None:
    code = "```console\n" + rows(MOST_CODE * 2) + "```\nAfter.\n"
    told = shortened(code)
    assert told.count("```") == 2
    assert "more: `NAME_" not in told
    assert told.endswith("```\nAfter.\n")


def test_a_line_that_enumerates_ends_at_a_comma() -> None:
    told = shortened(", ".join(f"`Transport{number}`" for number in range(200)))
    assert told.endswith("`, …")
    assert len(told) <= LONGEST_LINE + 3


CODE = "```py\n" + rows(20) * 2 + "```\n"


@given(st.lists(st.sampled_from([TABLE, rows(20), CODE, "Text.\n", "\n", "- one\n" * 15]), max_size=12))
def test_whatever_stands_there_gets_no_longer_and_loses_no_fence(parts: list[str]) -> None:
    text = "".join(parts)
    told = shortened(text)
    assert len(told) <= len(text)
    assert told.count("```") == text.count("```")
    assert told.count("Text.") == text.count("Text.")
