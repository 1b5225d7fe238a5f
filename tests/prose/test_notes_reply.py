"""Replies with notes, however a model dresses them up: each topic gets its own note or none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldguide.domain.request import StopReason
from fieldguide.write.notes.labels import by_label, label_of, plain
from fieldguide.write.notes.reply import MOST_CHARACTERS, first_sentence, parse_notes

A, B = "file:src/a.py", "file:src/b.py"
KEYS = st.lists(
    st.builds(
        "{}:{}{}".format,
        st.sampled_from(["file", "package"]),
        st.text("ab/._-c`# é", min_size=1, max_size=12),
        st.sampled_from(["", "#1", "#12"]),
    ),
    min_size=1,
    max_size=8,
    unique=True,
)


def notes(text: str, *asked: str, stop: StopReason = StopReason.STOP, **earlier: str) -> dict[str, str]:
    known = {"a": A, "b": B}
    return parse_notes(text, stop, asked or (A, B), {known[name]: note for name, note in earlier.items()})


@pytest.mark.parametrize(
    ("key", "label"),
    [
        (A, "`src/a.py`"),
        ("file:src/a.py#2", "`src/a.py`, part 2"),
        ("package:src/pkg", "`src/pkg/`"),
        ("package:.", "the whole project"),
        ("package:a/x+b", "`a/x/` and `b/`"),
        ("package:a#1", "`a/`, part 1"),
    ],
)
def test_labels_say_what_a_topic_is(key: str, label: str) -> None:
    assert label_of(key) == label


def test_the_page_has_no_label() -> None:
    with pytest.raises(ValueError, match="page"):
        label_of("page:README.md")


@pytest.mark.parametrize(
    "text",
    [
        "## `src/a.py`\nReads.\n\n## `src/b.py`\nWrites.\n\n## end\n",
        "Here are the notes.\n\n### src/a.py\nReads.\n### **src/b.py**:\nWrites.\n## end\nBye.",
        "<think>hm\n## `src/a.py`\nno</think>\n# `src/a.py`:\n\nReads.\n\n**`src/b.py`**\n\nWrites.",
        "## `src/b.py`\r\nWrites.\r\n## `src/a.py`\r\nReads.\r\n",
        "```markdown\n## `src/a.py`\nReads.\n## `src/b.py`\nWrites.\n```\n",
    ],
)
def test_a_reply_is_read_however_it_is_dressed_up(text: str) -> None:
    assert notes(text) == {A: "Reads.", B: "Writes."}


def test_of_two_notes_on_one_file_the_first_counts() -> None:
    assert notes("## `src/a.py`\nFirst.\n## `src/a.py`\nSecond.\n")[A] == "First."


def test_a_note_without_its_heading_is_taken_where_one_was_asked_for() -> None:
    assert notes("Reads files.\n", A) == {A: "Reads files."}
    assert notes("Reads files.\n", A, B) == {}


def test_the_last_note_of_a_reply_that_was_cut_off_is_not_kept() -> None:
    cut = "## `src/a.py`\nReads.\n## `src/b.py`\nWri"
    assert notes(cut, stop=StopReason.LENGTH) == {A: "Reads."}
    assert notes(cut + "tes.\n## end\n", stop=StopReason.LENGTH) == {A: "Reads.", B: "Writes."}


def test_a_note_that_was_asked_for_alone_and_cut_off_keeps_its_whole_sentences() -> None:
    cut = "## `src/a.py`\nReads files. It writes them to `b.py`. And th"
    assert notes(cut, A, stop=StopReason.LENGTH) == {A: "Reads files. It writes them to `b.py`."}
    assert notes("## `src/a.py`\nReads fi", A, stop=StopReason.LENGTH) == {}
    assert notes(cut, A, stop=StopReason.FILTERED) == {}


def test_a_note_begins_with_what_its_topic_is_for() -> None:
    assert first_sentence("Reads `a.b` files. Then writes.") == "Reads `a.b` files."
    assert first_sentence("No end") == "No end"


def test_unchanged_is_the_earlier_note_and_nothing_without_one() -> None:
    text = "## `src/a.py`\nUnchanged.\n## `src/b.py`\nunchanged\n"
    assert notes(text, a="What it said.") == {A: "What it said."}


def test_nothing_to_say_is_an_empty_note() -> None:
    assert notes("## `src/a.py`\nnone\n## `src/b.py`\nN/A\n") == {A: "", B: ""}


def test_a_note_that_is_far_too_long_ends_with_a_sentence() -> None:
    note = notes("## `src/a.py`\n" + "It reads one file after the other. " * 200, A)[A]
    assert len(note) <= MOST_CHARACTERS
    assert note.endswith("other.")


def test_the_same_words_in_other_lines_are_the_same_note() -> None:
    assert notes("## `src/a.py`\n\n  Reads   files.\n\n\n", A) == notes("## `src/a.py`\nReads files.\n", A)


@given(st.text(), st.sampled_from(sorted(StopReason)), KEYS)
def test_no_text_raises_and_only_what_was_asked_for_comes_back(text: str, stop: StopReason, keys: list[str]) -> None:
    assert set(parse_notes(text, stop, keys, {})) <= set(keys)


@given(KEYS)
def test_every_topic_of_a_well_formed_reply_gets_its_own_note(keys: list[str]) -> None:
    """But for topics whose labels differ in decoration alone, such as files named `a.py` and `a.py"`."""
    if len(by_label(keys)) < len(keys) or any(plain(label_of(key)).lower() in {"end", ""} for key in keys):
        return
    reply = "".join(f"## {label_of(key)}\nNote {number}.\n\n" for number, key in enumerate(keys)) + "## end\n"
    found = parse_notes(reply, StopReason.STOP, keys, {})
    assert found == {key: f"Note {number}." for number, key in enumerate(keys)}
