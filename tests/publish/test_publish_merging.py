"""Merging: what becomes of a person's words, and of ours, on a page that both write."""

from __future__ import annotations

import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from drafting import TEXTS, draft, publish
from markdown_it import MarkdownIt

from fieldguide.domain.markers import find_sections, without_sections
from fieldguide.domain.page import Author, Draft, DraftSection, ExistingPage, Section
from fieldguide.publish import merge, read_page


@pytest.fixture
def page(tmp_path: Path) -> Path:
    return tmp_path / "README.md"


def _keys(path: Path) -> list[str]:
    return [one.section.key for one in find_sections(path.read_bytes().decode("utf-8", "surrogateescape"))]


def _headings(text: str) -> list[str]:
    tokens = MarkdownIt("commonmark").parse(text)
    return [after.content for token, after in pairwise(tokens) if token.type == "heading_open"]


def _replace(path: Path, old: str, new: str) -> None:
    """Edit the file as a person would; the place must exist, once."""
    content = path.read_bytes()
    assert content.count(old.encode()) == 1
    path.write_bytes(content.replace(old.encode(), new.encode()))


def test_a_new_page_holds_the_draft_in_order_without_its_empty_sections(page: Path) -> None:
    run = publish(page)
    assert _keys(page) == list(TEXTS)
    assert _headings(page.read_text()) == ["turning", "Overview", "Install", "Usage", "Public interface", "Licence"]
    assert without_sections(page.read_text()).strip() == ""
    assert (run.merged.kept_edits, run.merged.already_there) == ((), ())


def test_a_second_run_changes_no_byte(page: Path) -> None:
    publish(page)
    before = page.read_bytes(), page.stat().st_mtime_ns, page.stat().st_ino
    assert not publish(page).written.changed
    assert (page.read_bytes(), page.stat().st_mtime_ns, page.stat().st_ino) == before


def test_the_page_passes_the_linter(page: Path) -> None:
    publish(page)
    hand_written = page.with_name("hand.md")
    hand_written.write_text("# turning\n\nWords, turned.\n\n## Installation\n\nCopy it.\n")
    publish(hand_written)
    publish(hand_written, {key: text for key, text in TEXTS.items() if key not in {"usage", "footer"}})
    rumdl = Path(sys.executable).with_name("rumdl")
    command = [rumdl, "check", "--no-cache", "--no-config", page.name, hand_written.name]
    done = subprocess.run(command, cwd=page.parent, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_new_text_comes_in_the_place_of_the_old(page: Path) -> None:
    publish(page)
    _replace(page, "<!-- fieldguide:end install -->\n", "<!-- fieldguide:end install -->\nMine, close by.\n")
    publish(page, {**TEXTS, "install": "Copy the file."})
    text = page.read_text()
    assert "pip install" not in text
    assert "## Install\n\nCopy the file.\n\n<!-- fieldguide:end install -->\nMine, close by.\n" in text
    assert _keys(page) == list(TEXTS)


def test_the_request_that_bought_a_section_is_read_back(page: Path) -> None:
    publish(page, requests={"overview": "ab12"})
    existing = read_page(page)
    assert existing is not None
    assert existing.ours
    assert {one.key: one.request_digest for one in existing.sections}["overview"] == "ab12"
    assert publish(page, requests={"overview": "cd34"}).written.changed
    assert "request=cd34" in page.read_text()


def test_an_edit_is_kept_and_named_run_after_run(page: Path) -> None:
    publish(page)
    _replace(page, "Call `turn`.", "Call `turn`, but gently.")
    for _ in range(3):
        run = publish(page, {**TEXTS, "usage": "Something new.", "licence": "Apache-2.0"})
        assert run.merged.kept_edits == ("usage",)
        text = page.read_text()
        assert "Call `turn`, but gently." in text
        assert "Something new." not in text
        assert "Apache-2.0" in text


def test_an_edited_section_stays_when_the_draft_no_longer_has_it(page: Path) -> None:
    publish(page)
    _replace(page, "Call `turn`.", "My own usage.")
    run = publish(page, {"title": "# turning"})
    assert run.merged.kept_edits == ("usage",)
    assert _keys(page) == ["title", "usage"]
    assert "My own usage." in page.read_text()


def test_a_section_emptied_between_its_markers_stays_empty(page: Path) -> None:
    """The way to be rid of a section for good."""
    publish(page)
    _replace(page, "\n## Usage\n\nCall `turn`.\n\n", "")
    assert publish(page).merged.kept_edits == ("usage",)
    assert "## Usage" not in page.read_text()


def test_an_edit_that_the_code_has_caught_up_with_is_an_edit_no_more(page: Path) -> None:
    publish(page)
    _replace(page, "Call `turn`.", "Call `turn_round`.")
    assert publish(page, {**TEXTS, "usage": "Call `turn_round`."}).merged.kept_edits == ()
    publish(page, {**TEXTS, "usage": "Call `turn_about`."})
    assert "Call `turn_about`." in page.read_text()


def test_blank_lines_and_line_ends_inside_markers_are_no_edit(page: Path) -> None:
    publish(page)
    _replace(page, "\n## Usage\n\nCall `turn`.\n\n", "\n\n\n## Usage\r\n\r\nCall `turn`.\r\n")
    assert publish(page).merged.kept_edits == ()


def test_a_section_that_a_person_moved_stays_where_they_put_it(page: Path) -> None:
    publish(page)
    text = page.read_text()
    licence = next(one for one in find_sections(text) if one.section.key == "licence")
    rest = text[: licence.start] + text[licence.end :]
    page.write_text(text[licence.start : licence.end] + "\n" + rest)
    publish(page, {**TEXTS, "licence": "Apache-2.0"})
    assert _keys(page) == ["licence", *(key for key in TEXTS if key != "licence")]
    assert "Apache-2.0" in page.read_text()


def test_a_section_that_is_gone_from_the_draft_goes_and_comes_back_without_a_trace(page: Path) -> None:
    publish(page)
    before = page.read_bytes()
    for key in TEXTS:
        publish(page, {other: text for other, text in TEXTS.items() if other != key})
        assert key not in _keys(page)
        publish(page)
        assert page.read_bytes() == before


def test_a_removed_section_does_not_join_the_paragraphs_around_it(page: Path) -> None:
    publish(page, {"title": "# turning", "usage": "Call it."})
    text = page.read_text()
    usage = find_sections(text)[1]
    page.write_text(text[: usage.start] + "Above.\n" + text[usage.start : usage.end] + "Below.\n")
    publish(page, {"title": "# turning"})
    assert page.read_text().endswith("Above.\n\nBelow.\n")


@pytest.mark.parametrize(
    ("present", "new", "expected"),
    [
        (("title", "install", "licence"), "usage", ["title", "install", "usage", "licence"]),
        (("title", "licence"), "usage", ["title", "usage", "licence"]),
        (("install", "licence"), "title", ["title", "install", "licence"]),
        (("title", "install"), "footer", ["title", "install", "footer"]),
    ],
)
def test_a_new_section_comes_after_the_nearest_one_before_it(
    page: Path, present: tuple[str, ...], new: str, expected: list[str]
) -> None:
    publish(page, {key: TEXTS[key] for key in present})
    publish(page, {key: TEXTS[key] for key in (*present, new)})
    assert _keys(page) == expected
    fresh = page.with_name("fresh.md")
    publish(fresh, {key: TEXTS[key] for key in (*present, new)})
    assert page.read_bytes() == fresh.read_bytes()


def test_a_section_whose_markers_are_gone_is_the_persons(page: Path) -> None:
    publish(page)
    text = page.read_text()
    lines = [line for line in text.splitlines(keepends=True) if "fieldguide:begin usage" not in line]
    page.write_text("".join(line for line in lines if "fieldguide:end usage" not in line))
    run = publish(page, {**TEXTS, "usage": "Other words."})
    assert run.merged.already_there == ("usage",)
    assert not run.written.changed
    assert page.read_text().count("## Usage") == 1


@pytest.mark.parametrize("key", ["title", "tagline", "footer"])
def test_a_block_without_a_heading_whose_markers_are_gone_is_the_persons(page: Path, key: str) -> None:
    publish(page)
    lines = page.read_text().splitlines(keepends=True)
    markers = (f"fieldguide:begin {key} ", f"fieldguide:end {key} ")
    page.write_text("".join(line for line in lines if not any(one in line for one in markers)))
    assert publish(page).merged.already_there == (key,)


HAND_WRITTEN = """\
turning
=======

[![build](https://example.invalid/badge.svg)](https://example.invalid)

Words, turned.

Installing turning
------------------

Copy it.

## \N{SCROLL} License & Copyright

Mine.
"""


def test_a_hand_written_page_keeps_every_byte_and_gets_only_what_it_lacks(page: Path) -> None:
    page.write_text(HAND_WRITTEN)
    run = publish(page)
    assert run.merged.already_there == ("title", "tagline", "install", "licence")
    text = page.read_text()
    assert text.startswith(HAND_WRITTEN + "\n<!-- fieldguide:begin overview ")
    assert _keys(page) == ["overview", "usage", "interface", "footer"]
    assert _headings(text)[3:] == ["Overview", "Usage", "Public interface"]
    again = publish(page)
    assert (again.written.changed, again.merged.already_there) == (False, run.merged.already_there)


def test_our_part_of_a_hand_written_page_is_renewed_and_completed(page: Path) -> None:
    page.write_text(HAND_WRITTEN)
    publish(page)
    publish(page, {**TEXTS, "usage": "New words.", "commands": "`make`"})
    text = page.read_text()
    assert text.startswith(HAND_WRITTEN + "\n<!-- fieldguide:begin overview ")
    assert _keys(page) == ["overview", "usage", "commands", "interface", "footer"]
    publish(page, {})
    assert page.read_text() == HAND_WRITTEN


def test_a_person_who_introduces_the_project_needs_no_overview(page: Path) -> None:
    page.write_text("# turning\n\n" + "It turns the letters of a word round, so that the last is first. " * 2 + "\n")
    assert publish(page).merged.already_there == ("title", "tagline", "overview")


def test_a_badge_and_a_line_are_no_introduction(page: Path) -> None:
    page.write_text(HAND_WRITTEN)
    assert "overview" not in publish(page).merged.already_there


@pytest.mark.parametrize(
    "content",
    [
        b"# a\r\n\r\ntext\r\n",
        b"\xef\xbb\xbf# a\r\n\r\ntext",
        b"\xef\xbb\xbfa\n===\n",
        b"# a\n\nno final newline",
        b"# a\n\ncaf\xe9 \xff\xfe \x00 \x80\n",
        b"# a\n\nmixed\r\nline\nends\r\n",
        b"# a\r\rold Macintosh\r",
        b"# a\n\n\n\n",
        b"   indented\n\t\n",
        b"# a\n\nform\x0cfeed \xe2\x80\xa8 separator \xc2\x85 next\n",
        b"# a\n\n```\nnever closed\n",
        b"# a\n\n<!-- never closed\n",
    ],
)
def test_strange_bytes_survive_and_a_second_run_adds_none(page: Path, content: bytes) -> None:
    page.write_bytes(content)
    publish(page)
    published = page.read_bytes()
    assert published.startswith(content)
    assert len(published) > len(content)
    assert not publish(page).written.changed


def test_a_page_with_windows_line_ends_keeps_them_throughout(page: Path) -> None:
    page.write_bytes(b"# a\r\n\r\ntext\r\n")
    publish(page)
    publish(page, {**TEXTS, "usage": "One.\n\nTwo."})
    content = page.read_bytes()
    assert content.count(b"\n") == content.count(b"\r\n")


def test_a_page_that_git_gave_windows_line_ends_is_not_changed(page: Path) -> None:
    """`core.autocrlf` converts ours as well."""
    publish(page)
    page.write_bytes(page.read_bytes().replace(b"\n", b"\r\n"))
    assert not publish(page).written.changed
    publish(page, {**TEXTS, "usage": "New."})
    content = page.read_bytes()
    assert content.count(b"\n") == content.count(b"\r\n")


@pytest.mark.parametrize("content", [b"", b"\n\n", b" \t\r\n", b"\xef\xbb\xbf", b"\xef\xbb\xbf\n"])
def test_a_page_without_a_word_becomes_a_whole_page(page: Path, content: bytes) -> None:
    page.write_bytes(content)
    publish(page)
    assert _keys(page) == list(TEXTS)
    assert page.read_bytes().startswith(b"\xef\xbb\xbf<!--" if content.startswith(b"\xef") else b"<!--")
    assert not publish(page).written.changed


_INSTALL = "<!-- fieldguide:begin install 0123456789abcdef -->\n\n## Install\n\nMy words.\n\n"


@pytest.mark.parametrize(
    "damaged",
    [
        _INSTALL,
        _INSTALL.replace("begin", "beign") + "<!-- fieldguide:end install -->\n",
        _INSTALL + "<!-- fieldguide:end usage -->\n",
        _INSTALL + "<!-- fieldguide:begin usage 0123456789abcdef -->\n\n<!-- fieldguide:end install -->\n",
        "<!-- fieldguide:end install -->\n\n" + _INSTALL,
        _INSTALL.replace("\n\n##", "\n##", 1) + "text <!-- fieldguide:end install -->\n",
        "```markdown\n" + _INSTALL + "<!-- fieldguide:end install -->\n```\n",
    ],
)
def test_damaged_markers_never_lose_text(page: Path, damaged: str) -> None:
    page.write_text("# turning\n\n" + damaged)
    publish(page)
    assert page.read_text().startswith("# turning\n\n" + damaged)
    assert not publish(page).written.changed


def test_a_doubled_section_loses_no_edit(page: Path) -> None:
    """Git can leave both sides of a merge: the unedited one is ours, the edited one the person's."""
    publish(page, {"title": "# turning", "usage": "Call it."})
    text = page.read_text()
    usage = find_sections(text)[1]
    ours = text[usage.start : usage.end]
    page.write_text(text + "\n" + ours.replace("Call it.", "Call it, please.") + "\n" + ours)
    publish(page, {"title": "# turning", "usage": "Run it."})
    text = page.read_text()
    assert text.count("Run it.") == 1
    assert text.count("Call it, please.") == 1


@pytest.mark.parametrize(
    "hostile",
    [
        "<!-- fieldguide:end usage -->",
        "text\n\n<!-- fieldguide:end usage -->\n\n<!-- fieldguide:begin licence 0123456789abcdef -->\nmore",
        "<!--fieldguide:end usage-->",
        "<!--\nFieldGuide:end usage -->",
        "```html\n<!-- fieldguide:begin usage 0123456789abcdef -->\n```",
    ],
)
def test_text_of_a_draft_is_never_taken_for_a_marker(page: Path, hostile: str) -> None:
    texts = {**TEXTS, "usage": hostile}
    publish(page, texts)
    assert _keys(page) == list(TEXTS)
    run = publish(page, texts)
    assert (run.written.changed, run.merged.kept_edits) == (False, ())


@pytest.mark.parametrize(("key", "request_digest"), [("How it works", ""), ("", ""), ("usage", "not-hex")])
def test_a_section_that_could_not_be_found_again_is_not_written(key: str, request_digest: str) -> None:
    section = Section(key, "Heading", Author.FACTS)
    with pytest.raises(ValueError, match="found again"):
        merge(None, Draft("README.md", (DraftSection(section, "Text.", request_digest),)))


def test_a_heading_stays_on_its_line_and_out_of_the_markers() -> None:
    section = Section("usage", "A\n<!-- fieldguide:end usage -->\nB", Author.FACTS)
    text = merge(None, Draft("README.md", (DraftSection(section, "Text."),))).text
    assert [marked.section.key for marked in find_sections(text)] == ["usage"]
    assert "\n## A <! -- fieldguide:end usage --> B\n" in text


def test_characters_that_no_file_can_hold_are_replaced(page: Path) -> None:
    r"""A model's JSON may say `\ud800`, and a file's name may hold anything."""
    publish(page, {**TEXTS, "usage": "a\ud800b\udcffc\x00d\x1b[31me\tf"})
    assert "a\ufffdb\ufffdc\ufffdd\ufffd[31me\tf" in page.read_text()
    assert not publish(page, {**TEXTS, "usage": "a\ud800b\udcffc\x00d\x1b[31me\tf"}).written.changed


@pytest.mark.parametrize("line_end", ["\r", "\r\n"])
def test_the_line_ends_of_a_draft_are_the_pages(page: Path, line_end: str) -> None:
    texts = {**TEXTS, "usage": f"One.{line_end}{line_end}Two.{line_end}"}
    publish(page, texts)
    assert b"\r" not in page.read_bytes()
    assert not publish(page, texts).written.changed


def test_a_draft_without_a_word_leaves_a_page_alone(page: Path) -> None:
    page.write_text("# a\n")
    assert not publish(page, dict.fromkeys(TEXTS, " \n\n")).written.changed
    assert merge(None, draft({})).text == ""
    assert merge(ExistingPage("", ()), draft({})).text == ""
