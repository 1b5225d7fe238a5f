"""Our own pages know what they rest on: a check names the sections whose code has changed since."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from pipeline.whole_run import azure

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.whole_run import Runs
    from provider.loopback_provider import LoopbackProvider


def _stale(run: Runs) -> dict[str, list[str]]:
    """Names of what changed, by section."""
    done = run("check", "turnstile", "--format", "json")
    report = json.loads(done.out)
    assert done.code == report["exit_code"]
    page: list[str] = (run.home / "turnstile/README.md").read_text().split("\n")
    for one in report["stale"]:
        assert one["path"] == "README.md"
        assert page[int(one["line"]) - 1].startswith(f"<!-- fieldguide:begin {one['section']} ")
    return {one["section"]: one["changed"] for one in report["stale"]}


def _edit(directory: Path, old: str, new: str, path: str = "turnstile/gate.py") -> None:
    text = (directory / path).read_text()
    assert old in text
    (directory / path).write_text(text.replace(old, new))


def test_a_page_just_written_is_up_to_date(run: Runs, turnstile: Path) -> None:
    assert run("turnstile").code == 0
    assert " code=" in (turnstile / "README.md").read_text()
    assert _stale(run) == {}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"""The gate', '# A comment.\n\n\n"""The gate'),
        ("limit: int = LIMIT) ->", "limit: int = LIMIT,\n    ) ->"),
        ("gate.store.names.append(name)", "gate.store.names.append(name)  # who came"),
        ("    if gate.open():", "\n    if (gate.open()):"),
    ],
)
def test_code_that_moved_or_was_set_out_otherwise_is_no_change(
    run: Runs, turnstile: Path, provider: LoopbackProvider, old: str, new: str
) -> None:
    run("turnstile", variables=azure(provider))
    _edit(turnstile, old, new)
    assert _stale(run) == {}


def test_a_definition_that_moved_to_another_file_is_no_change(run: Runs, turnstile: Path) -> None:
    run("turnstile")
    text = (turnstile / "turnstile/gate.py").read_text()
    begin, end = text.index("def admit("), text.index("def announce(")
    (turnstile / "turnstile/gate.py").write_text("from turnstile.door import admit\n\n\n" + text[:begin] + text[end:])
    (turnstile / "turnstile/door.py").write_text(f"from turnstile.gate import Gate\n\n\n{text[begin:end]}")
    assert all("admit" not in changed for changed in _stale(run).values())


def test_a_changed_signature_is_told_with_its_section_and_name(run: Runs, turnstile: Path) -> None:
    run("turnstile")
    _edit(turnstile, "def admit(gate: Gate, name: str)", "def admit(gate: Gate, name: str, ticket: str)")
    assert _stale(run)["interface"] == ["admit"]


def test_facts_rest_on_signatures_and_prose_on_bodies_too(
    run: Runs, turnstile: Path, provider: LoopbackProvider
) -> None:
    """The facts of a page say how a function is called; what it does is said by a model."""
    run("turnstile")
    _edit(turnstile, "        return True\n", "        return bool(name)\n")
    assert _stale(run) == {}
    _edit(turnstile, "        return bool(name)\n", "        return True\n")
    run("turnstile", variables=azure(provider))
    assert _stale(run) == {}
    _edit(turnstile, "        return True\n", "        return bool(name)\n")
    stale = _stale(run)
    assert "overview" in stale
    assert "interface" not in stale


def test_a_page_without_digests_raises_no_alarm(run: Runs, turnstile: Path) -> None:
    run("turnstile")
    page = turnstile / "README.md"
    page.write_text(re.sub(r" code=\S+ -->", " -->", page.read_text()))
    _edit(turnstile, "def admit(gate: Gate, name: str)", "def admit(gate: Gate, name: str, ticket: str)")
    assert _stale(run) == {}


def test_of_a_section_that_a_person_edited_nothing_is_known(run: Runs, turnstile: Path) -> None:
    run("turnstile")
    _edit(turnstile, "def admit(gate: Gate, name: str)", "def admit(gate: Gate, name: str, ticket: str)")
    before = _stale(run)
    _edit(turnstile, "## Public interface", "## Interface", "README.md")
    assert "interface" in before
    assert _stale(run).keys() == before.keys() - {"interface"}


def test_the_page_is_written_anew_once_its_evidence_has_changed_and_then_stands(run: Runs, turnstile: Path) -> None:
    run("turnstile")
    _edit(turnstile, "def admit(gate: Gate, name: str)", "def admit(gate: Gate, name: str, ticket: str)")
    assert _stale(run)
    assert run("turnstile").code == 0
    assert _stale(run) == {}
    assert "nothing has changed" in run("turnstile").err
