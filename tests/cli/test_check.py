"""`fieldguide check` as a user types it: faults, forms, baseline, comments, mending, coverage, exit codes."""

from __future__ import annotations

import json
import os
import subprocess
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from real_command import environment, fieldguide

from fieldguide.cli import main

if TYPE_CHECKING:
    from pathlib import Path

CLIENT = '''"""Talks to a relay."""


class Client:
    """A connection."""

    def __init__(self, host: str, timeout: float = 5.0) -> None:
        self.host = host
        self.timeout = timeout

    def fetch(self, path: str, *, retries: int = 3) -> bytes:
        """Fetch one page."""
        return b""

    def close(self) -> None:
        """End it."""
'''
README = """# relay

Use `Client.fetch_all` to fetch many pages, and `Client.close` when you are done.

See [the guide](docs/guide.md) and [the layout](#no-such-part).

```python
from relay import Client

client = Client("localhost", timeout=1.0)
client.fetch("/", retry=5)
```
"""
GUIDE = """# Guide

Everything starts with `relay.Client`.
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A small library in a repository, whose README has three faults."""
    root = tmp_path / "relay"
    files = {
        "pyproject.toml": '[project]\nname = "relay"\nversion = "1.0"\n',
        "src/relay/__init__.py": '"""Relay."""\n\nfrom relay._client import Client\n\n__all__ = ["Client"]\n',
        "src/relay/_client.py": CLIENT,
        "README.md": README,
        "docs/guide.md": GUIDE,
    }
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, "utf-8")
    subprocess.run(["git", "init", "-q", root], check=True)
    return root


class Done(NamedTuple):
    """What a run said, and how it ended."""

    code: int
    out: str
    err: str


class Runner:
    """The command in this process, with an environment that holds nothing of the person who runs it."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *words: str) -> Done:
        """Check the working directory."""
        code = main(["check", ".", *words])
        said = self._capsys.readouterr()
        return Done(code, said.out, said.err)


@pytest.fixture
def check(tmp_path: Path, project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Runner:
    clean = environment(tmp_path)
    for name in list(os.environ):
        monkeypatch.delenv(name)
    for name, value in clean.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(project)
    return Runner(capsys)


def report(done: Done) -> dict[str, Any]:
    return json.loads(done.out)


def texts(done: Done) -> list[tuple[str, int]]:
    return [(one["text"], one["line"]) for one in report(done)["faults"]]


def test_faults_are_told_with_place_line_and_the_nearest_right_name(check: Runner) -> None:
    done = check()
    assert done.code == 1
    assert "README.md:3:6: `Client.fetch_all`" in done.out
    assert "     3 | Use `Client.fetch_all` to fetch many pages" in done.out
    assert "       |      ^^^^^^^^^^^^^^^^" in done.out
    assert "nearest: `Client.fetch`" in done.out
    assert "README.md:5:" in done.out
    assert "takes no `retry`" in done.out
    assert "3 faults in 2 documents (" in done.out
    assert done.out.endswith("hint: mend them, or set one aside with <!-- fieldguide: ignore NAME — why -->\n")
    assert "\x1b" not in done.out


def test_what_holds_is_counted_and_passes(check: Runner, project: Path) -> None:
    (project / "README.md").write_text("# relay\n\nCall `Client.fetch`, see [the guide](docs/guide.md).\n", "utf-8")
    done = check()
    assert (done.code, done.out.startswith("no faults in 2 documents (")) == (0, True)


def test_json_tells_the_same(check: Runner) -> None:
    done = check("--json")
    told = report(done)
    assert (done.code, told["exit_code"], told["documents"]) == (1, 1, 2)
    references = told["references"]
    assert references["checked"] == references["hold"] + references["unknown"] + references["set_aside"] + 3
    fault = told["faults"][0]
    assert (fault["path"], fault["line"], fault["column"], fault["kind"]) == ("README.md", 3, 6, "name")
    assert fault["nearest"][0] == "Client.fetch"
    assert report(check("--format", "json")) == told


def test_sarif_and_annotations_name_the_place(check: Runner) -> None:
    log = json.loads(check("--format", "sarif").out)
    (run,) = log["runs"]
    assert log["version"] == "2.1.0"
    first = run["results"][0]
    place = first["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "README.md"
    assert place["region"] == {"startLine": 3, "startColumn": 6, "endColumn": 22}
    assert run["tool"]["driver"]["rules"][first["ruleIndex"]]["id"] == first["ruleId"]
    lines = check("--format=github").out.splitlines()
    assert lines[0].startswith("::error file=README.md,line=3,col=6,endColumn=21,title=fieldguide::`Client.fetch_all`")
    assert len(lines) == 3


def test_named_documents_alone_are_told_of_and_the_code_is_read_all_the_same(check: Runner, project: Path) -> None:
    done = check("docs/guide.md", "--json")
    assert (done.code, report(done)["documents"], report(done)["faults"]) == (0, 1, [])
    assert report(check("docs", "--json"))["documents"] == 1
    (project / "notes.txt").write_text("x", "utf-8")
    missing = check("READNE.md")
    assert (missing.code, missing.out) == (2, "")
    assert "document `READNE.md` does not exist\nhint: did you mean `README.md`?" in missing.err
    assert "`src/relay/_client.py` is no document that is read" in check("src/relay/_client.py").err
    outside = check(str(project.parent))
    assert "does not lie in" in outside.err


def test_a_baseline_is_written_once_and_lets_only_new_faults_through(check: Runner, project: Path) -> None:
    assert "which does not exist\nhint: write it once with `--write-baseline`" in check("--baseline", "old.json").err
    written = check("--baseline", "old.json", "--write-baseline")
    assert (written.code, "3 faults listed in `old.json`" in written.out) == (0, True)
    adopted = check("--baseline", "old.json")
    assert (adopted.code, "3 set aside" in adopted.out) == (0, True)
    page = project / "README.md"
    page.write_text(f"# relay\n\nNew words.\n\nAnd `Client.shut`.\n\n{README.partition('# relay')[2]}", "utf-8")
    done = check("--baseline", "old.json", "--json")
    assert (done.code, texts(done)) == (1, [("Client.shut", 5)])
    page.write_text("# relay\n", "utf-8")
    done = check("--baseline=old.json")
    assert (done.code, "3 of the baseline are there no more" in done.out) == (0, True)
    (project / "old.json").write_text("{}", "utf-8")
    broken = check("--baseline=old.json")
    assert (broken.code, "is no baseline" in broken.err) == (2, True)


def test_a_project_may_name_its_baseline_where_it_configures_others(check: Runner, project: Path) -> None:
    check("--baseline", "old.json", "--write-baseline")
    with (project / "pyproject.toml").open("a", encoding="utf-8") as stream:
        stream.write('\n[tool.fieldguide]\nbaseline = "old.json"\n')
    assert check().code == 0


def test_a_comment_sets_a_fault_aside_and_has_to_say_why(check: Runner, project: Path) -> None:
    page = project / "README.md"
    explained = "<!-- fieldguide: ignore Client.fetch_all — it comes with the next release -->\n"
    page.write_text(README.replace("Use `", f"{explained}\nUse `", 1), "utf-8")
    done = check("--json")
    assert [text for text, _ in texts(done)] == ["#no-such-part", "relay.Client.fetch"]
    assert report(done)["references"]["set_aside"] == 1
    page.write_text("<!-- fieldguide: ignore-file -->\n\nUse `Client.fetch_all`.\n", "utf-8")
    done = check()
    assert (done.code, "a comment sets faults aside and does not say why" in done.out) == (1, True)


def test_what_can_only_be_meant_in_one_way_is_mended_and_nothing_else_is_touched(check: Runner, project: Path) -> None:
    page = project / "README.md"
    before = "# relay\r\n\r\nSee [it](docs/Guide.md) \x0b é.\r\n\r\nUse `Client.nothing_like_it_at_all`.\r\n"
    page.write_bytes(before.encode())
    done = check("--fix")
    assert page.read_bytes().decode() == before.replace("docs/Guide.md", "docs/guide.md")
    assert "-See [it](docs/Guide.md)" in done.out
    assert "+See [it](docs/guide.md)" in done.out
    assert "1 fault mended" in done.out
    assert done.code == 1
    assert report(check("--fix", "--json"))["mended"] == []


def test_coverage_names_what_no_document_names(check: Runner, project: Path) -> None:
    (project / "src/relay/__init__.py").write_text(
        '"""Relay."""\n\nfrom relay._client import Client\n\n__all__ = ["Client", "connect"]\n\n\n'
        'def connect() -> Client:\n    """Connect."""\n    return Client("")\n',
        "utf-8",
    )
    (project / "README.md").write_text("# relay\n\nCall `Client.fetch`.\n", "utf-8")
    told = report(check("--coverage", "--json"))["coverage"]
    assert (told["public"], told["percent"]) == (2, 50.0)
    assert [(one["kind"], one["name"], one["path"]) for one in told["unnamed"]] == [
        ("function", "relay.connect", "src/relay/__init__.py")
    ]
    assert check("--coverage-threshold", "50").code == 0
    done = check("--coverage-threshold", "51")
    assert done.code == 1
    assert "documentation names 1 of 2 public names: 50.0 % (51 % are wanted)" in done.out
    assert "`--coverage-threshold` is `101`: it takes a number from 0 to 100" in check("--coverage-threshold=101").err


def test_a_second_check_comes_to_the_same_and_a_change_in_the_code_is_noticed(check: Runner, project: Path) -> None:
    (project / "README.md").write_text("# relay\n\nCall `Client.fetch_all`.\n", "utf-8")
    first = check()
    assert (first.code, check().out) == (1, first.out)
    code = project / "src/relay/_client.py"
    code.write_text(CLIENT.replace("def close", "def fetch_all(self) -> None: ...\n\n    def close"), "utf-8")
    assert check().code == 0
    assert check("--no-cache").code == 0


def test_a_name_that_stands_in_a_file_that_is_not_analysed_is_left_alone(check: Runner, project: Path) -> None:
    with (project / "src/relay/_client.py").open("a", encoding="utf-8") as stream:
        stream.write('\n\ndef fetch_pages(host: str) -> None:\n    """Fetch all."""\n')
    (project / "README.md").write_text("# relay\n\nCall `fetch_pagse()`.\n", "utf-8")
    assert texts(check("--json")) == [("fetch_pagse", 3)]
    (project / "native.c").write_text("void fetch_pagse(void) {}\n", "utf-8")
    assert texts(check("--json")) == []


def test_secrets_of_documents_and_of_code_are_hidden_in_what_is_shown(check: Runner, project: Path) -> None:
    token = "ghp_" + "a1B2" * 9
    phrase = "Xk7#qPz" + "9vLm2"
    (project / "src/relay/keys.py").write_text(f'PASSWORD = "{phrase}"\n', "utf-8")
    (project / "README.md").write_text(
        f"# relay\n\nUse `Client.fetch_all` with {token} here.\n\nUse `Client.fetch_alles`, then {phrase} it is.\n",
        "utf-8",
    )
    for words in ([], ["--json"], ["--format=sarif"], ["--format=github"]):
        done = check(*words)
        assert done.code == 1
        assert "fetch_all" in done.out
        for value in (token, phrase):
            assert value not in done.out + done.err


def test_nothing_is_written_into_the_directory_and_no_key_is_wanted(
    check: Runner, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {path: path.read_bytes() for path in project.rglob("*") if path.is_file() and ".git" not in path.parts}
    monkeypatch.setenv("AZURE_OPENAI_ENDPOINT", "https://example.invalid")
    done = check()
    after = {path: path.read_bytes() for path in project.rglob("*") if path.is_file() and ".git" not in path.parts}
    assert (done.code, after) == (1, before)


def test_what_is_kept_is_the_users_alone_and_is_shown_and_cleared_with_the_rest(check: Runner, tmp_path: Path) -> None:
    check()
    folder = tmp_path / ".cache" / "fieldguide" / "check"
    assert folder.stat().st_mode & 0o077 == 0
    shown = fieldguide("cache", "--json", home=tmp_path)
    assert "checks" in {one["name"] for one in json.loads(shown.stdout)["kept"]}
    assert not (folder.parent / "facts.sqlite3").exists()
    fieldguide("cache", "clear", home=tmp_path)
    assert "checks" not in {
        one["name"] for one in json.loads(fieldguide("cache", "--json", home=tmp_path).stdout)["kept"]
    }


def test_quiet_leaves_the_faults(tmp_path: Path, project: Path) -> None:
    """In a process of its own, from outside of the directory, whose paths are told from there."""
    done = fieldguide("check", "--quiet", "relay", home=tmp_path, here=project.parent)
    assert (done.stderr, done.returncode) == ("", 1)
    assert done.stdout.count("relay/README.md:") == 3
    assert "hint:" not in done.stdout
