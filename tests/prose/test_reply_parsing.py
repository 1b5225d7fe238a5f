"""Whatever a model's reply is dressed in, its whole sections are found and nothing cut off is used."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldguide.domain.request import StopReason
from fieldguide.domain.sections import DESCRIPTIONS, PROSE_KEYS
from fieldguide.write.prose.reply import CUT_OFF, LEFT_OUT, UNUSABLE, Parsed, parse_reply
from fieldguide.write.prose.shape import LONGEST_TAGLINE, described, sentences

ASKED = (*PROSE_KEYS, DESCRIPTIONS)
WHOLE = """\
## tagline

Retries for Python functions.

## overview

Calls fail now and then. stamina calls them again.

You choose errors, e.g. `OSError`. The rest is left alone.

## highlights

- **Limits are on.** Ten attempts (`_make_stop`).
- **You choose.** `on` has no default.

## how_it_works

`retry` builds a `_RetryContextIterator`.

## usage

The first call fails.

## pitfalls

- Generators start over.

## descriptions

- `RetryDetails`: What a hook is told
- `docs/conf.py`: settings of Sphinx.

## end
"""


def parse(text: str, stop: StopReason = StopReason.STOP) -> Parsed:
    return parse_reply(text, stop, ASKED)


def test_a_whole_reply_is_taken_apart() -> None:
    parsed = parse(WHOLE)
    assert parsed.missing == ()
    assert parsed.sections == {
        "tagline": "Retries for Python functions.",
        "overview": "Calls fail now and then.\nstamina calls them again.\n\n"
        "You choose errors, e.g. `OSError`.\nThe rest is left alone.",
        "highlights": "- **Limits are on.** Ten attempts (`_make_stop`).\n- **You choose.** `on` has no default.",
        "how_it_works": "`retry` builds a `_RetryContextIterator`.",
        "usage": "The first call fails.",
        "pitfalls": "- Generators start over.",
    }
    assert parsed.descriptions == {"RetryDetails": "What a hook is told.", "docs/conf.py": "settings of Sphinx"}


@pytest.mark.parametrize(
    "dressed",
    [
        "Sure! Here is the text:\n\n" + WHOLE + "\nLet me know whether you want more.\n",
        "```markdown\n" + WHOLE + "```\n",
        "Here it is:\n~~~md\n" + WHOLE + "~~~\nAnything else?",
        "<think>\n## tagline\nWrong.\n</think>\n" + WHOLE,
        WHOLE.replace("\n", "\r\n"),
        WHOLE.replace("## ", "# "),
        WHOLE.replace("## ", "### "),
        WHOLE.replace("## how_it_works", "## How it works"),
        WHOLE.replace("## how_it_works", "## 4. **How It Works:**"),
        WHOLE.replace("## overview", "## `overview`"),
        WHOLE.replace("## usage\n", "**usage**\n"),
        WHOLE.replace("## tagline\n\nRetries", "## tagline: Retries"),
        WHOLE.replace("Retries for Python functions.", '"Retries for Python functions."'),
        WHOLE.replace("Retries for Python functions.", "**Retries for Python functions.**"),
        WHOLE.replace("- **Limits", "Some highlights:\n\n* **Limits"),
        WHOLE.replace("- Generators start over.", "1. Generators\n   start over."),
        WHOLE.replace("now and then. stamina", "now and then.\nstamina"),
        WHOLE.replace("## pitfalls", "## Notes\n\nNobody asked.\n\n## pitfalls"),
        WHOLE.replace("`retry` builds", "#### The path\n\n`retry` builds"),
        WHOLE.replace("- `RetryDetails`: What", "- **`RetryDetails`**: What"),
        WHOLE.replace("- `RetryDetails`: What", "- RetryDetails - What"),
        WHOLE.removesuffix("\n## end\n"),
        WHOLE + "\n## tagline\n\nA second one.\n",
    ],
)
def test_dress_makes_no_difference(dressed: str) -> None:
    assert parse(dressed) == parse(WHOLE)


def test_a_heading_inside_a_fence_is_no_section() -> None:
    parsed = parse("## usage\n\n```sh\n## pitfalls\n```\n\n## overview\n\nText.\n")
    assert set(parsed.sections) == {"usage", "overview"}


def test_a_cut_off_section_is_dropped_and_reported() -> None:
    parsed = parse(WHOLE[: WHOLE.index(" over.")], StopReason.LENGTH)
    assert "pitfalls" not in parsed.sections
    assert "usage" in parsed.sections
    assert {(one.section, one.reason, one.instead) for one in parsed.missing} == {
        ("pitfalls", CUT_OFF, "nothing"),
        ("descriptions", CUT_OFF, "nothing"),
    }


def test_a_reply_that_reached_its_end_is_whole_whatever_stopped_it() -> None:
    assert parse(WHOLE + "and more", StopReason.LENGTH).missing == ()


def test_what_the_model_left_out_is_reported_and_what_it_says_is_nothing_is_not() -> None:
    parsed = parse("## tagline\nIt works.\n## pitfalls\n\nnone\n\n## highlights\n(None.)\n## end")
    assert set(parsed.sections) == {"tagline"}
    assert {one.section: (one.reason, one.instead) for one in parsed.missing} == {
        "overview": (LEFT_OUT, "facts"),
        "how_it_works": (LEFT_OUT, "facts"),
        "usage": (LEFT_OUT, "facts"),
        "descriptions": (LEFT_OUT, "nothing"),
    }


def test_a_tagline_that_is_none_is_not_used_and_never_cut() -> None:
    long = "Word " * (LONGEST_TAGLINE // 5) + "end."
    parsed = parse(f"## tagline\n{long}\n## end")
    assert parsed.sections == {}
    assert parsed.missing[0].reason == UNUSABLE
    assert parse(f"## tagline\nShort one. {long}\n## end").sections["tagline"] == "Short one."


def test_bullets_are_bounded_and_whole() -> None:
    many = "\n".join(f"- Bullet {number}\n  goes on." for number in range(20))
    pitfalls = parse(f"## pitfalls\n{many}\n## end").sections["pitfalls"].split("\n")
    assert pitfalls == [f"- Bullet {number} goes on." for number in range(8)]


@pytest.mark.parametrize(
    ("paragraph", "expected"),
    [
        ("One. Two.", ["One.", "Two."]),
        ("Reads `a. B` whole. Then stops.", ["Reads `a. B` whole.", "Then stops."]),
        ("Errors, e.g. OSError, are kept. Done!", ["Errors, e.g. OSError, are kept.", "Done!"]),
        ("It needs 3.10 or later. `x` is set.", ["It needs 3.10 or later.", "`x` is set."]),
        ('He said "no." Then left.', ['He said "no."', "Then left."]),
        ("See main.py for it. (Or not.) End", ["See main.py for it.", "(Or not.)", "End"]),
        ("", []),
    ],
)
def test_sentences_are_told_apart(paragraph: str, expected: list[str]) -> None:
    assert sentences(paragraph) == expected


@given(st.text(alphabet="aB. `!?\n\"')", max_size=80))
def test_no_word_is_lost_between_sentences(paragraph: str) -> None:
    assert " ".join(sentences(paragraph)).split() == paragraph.split()


@given(st.text(max_size=300), st.sampled_from(StopReason))
def test_any_text_is_taken_apart_without_an_error(text: str, stop: StopReason) -> None:
    parsed = parse(text, stop)
    assert set(parsed.sections) <= set(ASKED)


pieces = st.lists(st.sampled_from([*(f"## {key}\n" for key in ASKED), "text. More\n", "```\n", "- a: b\n", "\n"]))


@given(pieces, st.integers(min_value=0, max_value=200))
def test_a_cut_reply_never_gives_more_than_the_whole_one(parts: list[str], cut: int) -> None:
    """The law of truncation: every section of a cut reply stands in the whole reply with the same words."""
    text = "".join(parts)
    whole, part = parse(text).sections, parse(text[:cut], StopReason.LENGTH).sections
    if text.count("```") == 0:
        assert part.items() <= whole.items()


@given(
    st.dictionaries(st.from_regex(r"\A[a-z_][a-z_.]{0,20}\Z"), st.from_regex(r"\A[A-Z][a-z ]{0,30}\.\Z"), max_size=5)
)
def test_descriptions_are_read_back(wanted: dict[str, str]) -> None:
    assert described("\n".join(f"- `{name}`: {text}" for name, text in wanted.items())) == wanted
