"""Starting: the command exists, and asking for help loads nothing heavy."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from importlib.metadata import entry_points, version
from pathlib import Path

import pytest

HEAVY = {
    "fire", "griffe", "httpx", "langchain_core", "langchain_openai", "langsmith", "markdown_it", "msgspec", "numpy",
    "openai", "pydantic", "pydantic_settings", "quicktok", "rapidfuzz", "rich", "rustworkx", "yaml", "asyncio", "ssl",
}  # fmt: skip
SCRIPT = Path(sys.executable).with_name("fieldguide")


@pytest.mark.parametrize("arguments", [["--help"], ["plan", "--help"], ["ledger", "--help"], ["--version"]])
def test_help_and_version_load_nothing_heavy(arguments: list[str]) -> None:
    command = [sys.executable, "-X", "importtime", "-m", "fieldguide", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    loaded = {name.partition(".")[0] for name in re.findall(r"\|\s*([\w.]+)$", done.stderr, re.MULTILINE)}
    assert "fieldguide" in loaded
    assert not loaded & HEAVY


def test_help_comes_within_the_time_of_a_blink() -> None:
    """A tenth of a second of processor time: wall time says what else the machine does, and help waits for nothing."""
    assert min(_seconds([str(SCRIPT), "--help"]) for _ in range(3)) < 0.1


def test_the_console_script_and_the_module_are_the_same_command() -> None:
    (script,) = entry_points(group="console_scripts", name="fieldguide")
    assert callable(script.load())
    said = [
        subprocess.run([*command, "--version"], capture_output=True, text=True, check=True).stdout
        for command in ([str(SCRIPT)], [sys.executable, "-m", "fieldguide"])
    ]
    assert said == [f"fieldguide {version('fieldguide')}\n"] * 2


def _seconds(command: list[str]) -> float:
    """Processor time of a program, its own and the kernel's."""
    before = os.times()
    subprocess.run(command, capture_output=True, check=True, env={**os.environ, "NO_COLOR": "1"})
    after = os.times()
    return after.children_user - before.children_user + after.children_system - before.children_system
