"""Runs without a model: the page, its second writing, and the same bytes under every circumstance."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from cli.lent_rules import lend_rules
from cli.real_command import fieldguide
from fieldguide.workers import POOL_THRESHOLD
from pipeline.whole_run import committed, git, project, wide_project

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.whole_run import Runs


def test_a_page_is_written_and_a_second_run_changes_no_byte(run: Runs, turnstile: Path) -> None:
    first = run("turnstile")
    page = (turnstile / "README.md").read_bytes()
    assert (first.code, first.out) == (0, "turnstile/README.md\n"), first.err
    assert b"# turnstile" in page
    assert b"](turnstile/gate.py#L25-L30)" in page
    before = (turnstile / "README.md").stat()
    again = run("turnstile")
    after = (turnstile / "README.md").stat()
    assert again.code == 0
    assert "nothing has changed" in again.err
    assert (turnstile / "README.md").read_bytes() == page
    assert (before.st_mtime_ns, before.st_ino) == (after.st_mtime_ns, after.st_ino)


def test_a_page_that_was_written_changes_nothing_of_what_is_known_of_the_code(run: Runs, turnstile: Path) -> None:
    """The second run rests on the codebase that the first has put together, and reads the facts of no file."""
    lend_rules(turnstile.parent / "kept")
    run("turnstile", "--cache-dir=kept")
    with closing(sqlite3.connect(turnstile.parent / "kept/facts.sqlite3")) as facts, facts:
        assert facts.execute("DELETE FROM facts WHERE key NOT LIKE 'codebase %'").rowcount > 0
    files = json.loads(run("turnstile", "--cache-dir=kept", "--json").out)["files"]
    assert files["from_cache"] == files["read"] > 0
    assert [one["path"] for one in files["skipped"]] == ["README.md"]


def test_committing_the_page_does_not_change_it(run: Runs, turnstile: Path) -> None:
    committed(turnstile)
    run("turnstile")
    page = (turnstile / "README.md").read_text()
    commit = git(turnstile, "rev-parse", "HEAD").strip()
    assert f"at commit {commit[:7]};" in page
    git(turnstile, "add", "README.md")
    assert "nothing has changed" in run("turnstile").err
    git(turnstile, "commit", "--quiet", "--message=page")
    assert git(turnstile, "rev-parse", "HEAD").strip() != commit
    again = run("turnstile")
    assert "nothing has changed" in again.err
    assert (turnstile / "README.md").read_text() == page


def test_a_page_elsewhere_in_the_directory_does_not_change_it_either(run: Runs, turnstile: Path) -> None:
    committed(turnstile)
    words = ("--output", "turnstile/docs/GUIDE.md", "turnstile")
    (turnstile / "docs").mkdir()
    run(*words)
    page = (turnstile / "docs/GUIDE.md").read_text()
    assert "(../turnstile/gate.py" in page
    git(turnstile, "add", "--all")
    git(turnstile, "commit", "--quiet", "--message=page")
    assert "nothing has changed" in run(*words).err
    assert (turnstile / "docs/GUIDE.md").read_text() == page


def test_a_change_of_the_code_changes_the_page(run: Runs, turnstile: Path) -> None:
    run("turnstile")
    gate = turnstile / "turnstile/gate.py"
    gate.write_text(gate.read_text().replace("Let a person in,", "Let one soul in,"))
    assert json.loads(run("--json", "turnstile").out)["changed"] is True
    assert "Let one soul in," in (turnstile / "README.md").read_text()


def test_bytes_depend_on_nothing_but_the_code(tmp_path: Path) -> None:
    """Working directory, way of naming it, cache, number of processes and hash seed leave the page as it is."""
    source = wide_project(tmp_path / "a" / "wide-project", POOL_THRESHOLD + 8)
    moved = tmp_path / "b" / "wide-project"
    shutil.copytree(source, moved)
    lend_rules(tmp_path / "other")
    circumstances: list[tuple[tuple[str, ...], Path, Path, dict[str, str]]] = [
        (("--jobs=2", "a/wide-project"), tmp_path, source, {"PYTHONHASHSEED": "0"}),
        (("--jobs=1", "--cache-dir", str(tmp_path / "other"), "."), source, source, {"PYTHONHASHSEED": "1"}),
        (("--no-cache", str(moved)), tmp_path / "a", moved, {"PYTHONHASHSEED": "77"}),
        (("../a/wide-project/",), tmp_path / "a", source, {"LC_ALL": "C", "TZ": "Asia/Kolkata"}),
    ]
    pages: set[bytes] = set()
    for words, here, directory, variables in circumstances:
        done = fieldguide(*words, home=tmp_path, here=here, **variables)
        assert done.returncode == 0, done.stderr
        pages.add((directory / "README.md").read_bytes())
        (directory / "README.md").unlink()
    assert len(pages) == 1


def test_a_page_outside_of_the_directory_links_from_its_own_folder(run: Runs, turnstile: Path, tmp_path: Path) -> None:
    (tmp_path / "guides/deep").mkdir(parents=True)
    done = run("--output", "guides/deep/page.md", "turnstile")
    page = (tmp_path / "guides/deep/page.md").read_text()
    assert done.code == 0
    assert "all of them hold" in done.err
    assert "](../../turnstile/turnstile/gate.py#L25-L30)" in page
    inside = run("--stdout", "turnstile").out
    assert page.count("](../../turnstile/") == inside.count("](") - inside.count("](#") - inside.count("](http")
    assert str(tmp_path) not in page
    assert not (turnstile / "README.md").exists()
    again = run("--output", str(tmp_path / "guides/deep/page.md"), ".", here=turnstile)
    assert "nothing has changed" in again.err


def test_every_link_of_a_page_leads_to_something(run: Runs, turnstile: Path, tmp_path: Path) -> None:
    """Asked of the disk, from the folder of each page: beside the code, below it, above it."""
    (turnstile / "docs").mkdir()
    for page in (turnstile / "README.md", turnstile / "docs/GUIDE.md", tmp_path / "page.md"):
        run("--output", str(page), "turnstile")
        targets = re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", page.read_text())
        assert len(targets) > 10
        assert [one for one in targets if not (page.parent / one).exists()] == []


@pytest.mark.parametrize("page", ["README.md", "other.md"])
def test_json_says_what_was_done_and_standard_output_has_nothing_else(run: Runs, turnstile: Path, page: str) -> None:
    done = run("--json", "--output", f"turnstile/{page}", "turnstile")
    report = json.loads(done.out)
    assert report["page"] == f"turnstile/{page}"
    assert report["provider"] == "no model"
    assert report["model"]["requests"] == 0
    assert report["references"]["findings"] == []
    assert report["missing"] == []
    assert (turnstile / page).exists()


def test_a_person_s_words_stay_and_ours_follow(run: Runs, turnstile: Path) -> None:
    words = "Turnstile\r\n=========\r\n\r\nMy own <b>words</b>,\tand a tail  \r\n\r\n## Licence\r\n\r\nAsk me.\r\n"
    page = turnstile / "README.md"
    page.write_bytes(words.encode())
    run("turnstile")
    merged = page.read_bytes().decode()
    assert merged.startswith(words)
    assert "fieldguide:begin interface" in merged
    assert merged.count("Licence") == 1
    assert "nothing has changed" in run("turnstile").err
    assert page.read_bytes().decode() == merged


def test_an_edited_section_stays_and_is_named_and_replace_keeps_the_old_page(run: Runs, turnstile: Path) -> None:
    page = turnstile / "README.md"
    run("turnstile")
    fresh = page.read_text()
    edited = fresh.replace("## Dependencies\n", "## Dependencies\n\nMy hint on these.\n")
    assert edited != fresh
    page.write_text(edited)
    done = run("turnstile")
    assert done.code == 0
    assert "the section `dependencies` was edited by hand" in done.err
    assert page.read_text() == edited
    replaced = run("--replace", "turnstile")
    assert (turnstile / "README.md.bak").read_text() == edited
    assert "README.md.bak" in replaced.err
    assert page.read_text() == fresh
    assert "nothing has changed" in run("turnstile").err


def test_two_pages_of_ours_do_not_move_each_other_s_commit(run: Runs, turnstile: Path) -> None:
    committed(turnstile)
    (turnstile / "docs").mkdir()
    both = (("turnstile",), ("--output", "turnstile/docs/GUIDE.md", "turnstile"))
    for words in both:
        run(*words)
        git(turnstile, "add", "--all")
        git(turnstile, "commit", "--quiet", "--message=page")
    for words in both:
        assert "nothing has changed" in run(*words).err


def test_a_cache_inside_the_directory_is_none_of_its_code(run: Runs, turnstile: Path) -> None:
    (turnstile / "my [new] dir").mkdir()
    lend_rules(turnstile / "my [new] dir/kept")
    words = ("--cache-dir", "turnstile/my [new] dir/kept", "--log-file=turnstile/log.txt", "turnstile")
    run(*words)
    assert (turnstile / "my [new] dir/kept/facts.sqlite3").exists()
    assert "nothing has changed" in run(*words).err


def test_a_tracked_file_that_was_deleted_is_not_reported(run: Runs, turnstile: Path) -> None:
    project(turnstile, {"gone/__init__.py": "", "gone/deep/more.py": "x = 1\n", "loose.py": "y = 1\n"})
    committed(turnstile)
    shutil.rmtree(turnstile / "gone")
    (turnstile / "loose.py").unlink()
    report = json.loads(run("--json", "turnstile").out)
    assert report["files"]["skipped"] == []
    assert "with later changes" in (turnstile / "README.md").read_text()
