"""Laws of merging, tried on pages that a person and the program have changed in any order."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

import pytest
from drafting import ORDER, publish
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from fieldguide.domain.markers import MARKER_PREFIX, STAGED_SUFFIX, begin_marker, end_marker, find_sections

BODIES = st.sampled_from(
    [
        "One.",
        "Two.\n\nParagraphs.",
        "```console\nmake\n```",
        "- a\n- b",
        "",
        "Caf\u00e9",
        "<!-- fieldguide:end usage -->",
    ]
)
DRAFTS = st.dictionaries(st.sampled_from(ORDER), BODIES).map(
    lambda texts: {key: f"# {text}" if key == "title" and text else text for key, text in texts.items()}
)
PIECES = st.sampled_from(
    [
        *("text", "# Title", "## Usage", "## Installation and configuration", "Licence\n---", "<h2>API</h2>", ""),
        *(
            "```",
            "~~~",
            "````markdown",
            "<!-- a comment -->",
            "<!-- open",
            "<div>",
            "    code",
            "> quotation",
            "- item",
            "---",
            "===",
        ),
        *("\ufeff", "caf\udce9", "\x00", "\x0c", "\u2028", "a\rb", "trailing  ", "\t"),
        *(MARKER_PREFIX, "<!-- fieldguide:end usage -->", "<!-- fieldguide:end install -->"),
        *(begin_marker("usage", "x"), begin_marker("install", "x", "ab"), " " + end_marker("usage")),
    ]
)
LINE_ENDS = st.sampled_from(["\n", "\n", "\r\n", "\n\n"])
PAGES = st.lists(st.tuples(PIECES, LINE_ENDS).map("".join), max_size=14).map("".join)
OTHER_ENCODINGS = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
LAW = settings()


def _encode(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _kept_lines(content: bytes) -> list[bytes]:
    """Lines that a run must keep: all but blank ones and those of sections of ours that nobody edited."""
    text = content.decode("utf-8", "surrogateescape").removeprefix("\ufeff")
    while ours := [one for one in find_sections(text) if not one.section.edited]:
        for one in reversed(ours):
            # One blank line stays, as between any two paragraphs: a section around this one may be as we wrote it.
            before = re.sub(r"(\r?\n)(?:\r?\n)+\Z", r"\1", text[: one.start])
            text = before + "\n" + re.sub(r"\A(?:\r?\n)+", "", text[one.end :])
    return [line for line in _encode(text).split(b"\n") if line.strip(b" \t\r")]


def _survive(lines: list[bytes], content: bytes) -> bool:
    """Whether these lines stand in the page in this order; the last may have got a line end, of Windows too."""
    rest = iter(content.removeprefix(b"\xef\xbb\xbf").split(b"\n"))
    return all(line in rest for line in lines[:-1]) and any(
        line.rstrip(b"\r") == lines[-1].rstrip(b"\r") for line in rest
    )


def _check_a_run(page: Path, texts: dict[str, str]) -> None:
    before = page.read_bytes() if page.exists() else b""
    run = publish(page, texts)
    after = page.read_bytes()
    kept = _kept_lines(before)
    assert not kept or _survive(kept, after), "a line is lost or moved"
    found = {one.section.key for one in find_sections(after.decode("utf-8", "surrogateescape"))}
    said = {key for key, text in texts.items() if text}
    assert said == (found & said) ^ (set(run.merged.already_there)), "a section is neither there nor accounted for"
    assert found - said <= set(run.merged.kept_edits), "a section that is no longer wanted is left"
    again = publish(page, texts)
    assert page.read_bytes() == after, "a second run changed the page"
    assert not again.written.changed
    assert (again.merged.kept_edits, again.merged.already_there) == (run.merged.kept_edits, run.merged.already_there)
    assert [one.name for one in page.parent.iterdir()] == [page.name]


@LAW
@given(content=PAGES, first=DRAFTS, second=DRAFTS)
def test_a_persons_page_loses_no_line_and_a_second_run_changes_nothing(
    content: str, first: dict[str, str], second: dict[str, str]
) -> None:
    with tempfile.TemporaryDirectory() as directory:
        page = Path(directory) / "README.md"
        page.write_bytes(_encode(content))
        _check_a_run(page, first)
        _check_a_run(page, second)


@LAW
@given(content=st.binary(max_size=200).filter(lambda content: not content.startswith(OTHER_ENCODINGS)))
def test_any_bytes_survive_at_the_begin_of_the_page(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as directory:
        page = Path(directory) / "README.md"
        page.write_bytes(content)
        publish(page)
        published = page.read_bytes()
        words = content.decode("utf-8", "surrogateescape").removeprefix("\ufeff").strip()
        assert published.startswith(content) or not words
        assert not publish(page).written.changed


class PersonAndProgram(RuleBasedStateMachine):
    """A person edits a page with an editor, the program publishes to it, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self._directory = tempfile.TemporaryDirectory()
        self.page = Path(self._directory.name) / "README.md"
        self.page.write_bytes(b"")

    def teardown(self) -> None:
        """Remove the page."""
        self._directory.cleanup()

    def _lines(self) -> list[bytes]:
        return self.page.read_bytes().splitlines(keepends=True)

    @rule(texts=DRAFTS)
    def publish(self, texts: dict[str, str]) -> None:
        """The program runs: no line is lost, and a second run changes nothing."""
        _check_a_run(self.page, texts)

    @rule(piece=PIECES, line_end=LINE_ENDS, where=st.floats(0, 1))
    def insert(self, piece: str, line_end: str, where: float) -> None:
        """A person writes a line anywhere, inside our markers too."""
        lines = self._lines()
        lines.insert(round(where * len(lines)), _encode(piece + line_end))
        self.page.write_bytes(b"".join(lines))

    @rule(where=st.floats(0, 1), count=st.integers(1, 4))
    def delete(self, where: float, count: int) -> None:
        """A person deletes lines, markers too."""
        lines = self._lines()
        start = round(where * len(lines))
        del lines[start : start + count]
        self.page.write_bytes(b"".join(lines))

    @rule(source=st.floats(0, 1), where=st.floats(0, 1), copy=st.booleans())
    def move(self, source: float, where: float, *, copy: bool) -> None:
        """A person moves or copies a section of ours, markers and all."""
        text = self.page.read_bytes().decode("utf-8", "surrogateescape")
        if sections := find_sections(text):
            one = sections[min(int(source * len(sections)), len(sections) - 1)]
            block = text[one.start : one.end].removesuffix("\n") + "\n"
            rest = text if copy else text[: one.start] + text[one.end :]
            starts = [0, *(match.end() for match in re.finditer("\n", rest))]
            offset = starts[min(int(where * len(starts)), len(starts) - 1)]
            self.page.write_bytes(_encode(rest[:offset] + block + rest[offset:]))

    @rule(windows=st.booleans())
    def convert(self, *, windows: bool) -> None:
        """An editor or git converts line ends."""
        content = self.page.read_bytes().replace(b"\r\n", b"\n")
        self.page.write_bytes(content.replace(b"\n", b"\r\n") if windows else content)

    @rule()
    def strip_end(self) -> None:
        """An editor drops the final newline."""
        self.page.write_bytes(self.page.read_bytes().rstrip(b"\r\n"))

    @invariant()
    def nothing_is_left_over(self) -> None:
        """No staged file is left behind."""
        assert not list(self.page.parent.glob(f".*{STAGED_SUFFIX}"))


TestPersonAndProgram = pytest.mark.filterwarnings("error")(PersonAndProgram.TestCase)
TestPersonAndProgram.settings = settings(LAW, max_examples=100, stateful_step_count=15)
