"""The audit's verdict: findings fail, and a database that nobody reached is never taken for a clean bill."""

from __future__ import annotations

import json
import runpy
from pathlib import Path
from typing import Any

import pytest

judge: Any = runpy.run_path(str(Path(__file__).resolve().parents[2] / ".ci" / "audit.py"))["judge"]
CLEAN: dict[str, object] = {"name": "rich", "version": "15.0.0", "vulns": []}
FLAWED: dict[str, object] = {
    "name": "old",
    "version": "1.0",
    "vulns": [{"id": "CVE-2099-1", "fix_versions": ["1.1"], "aliases": []}],
}
SKIPPED: dict[str, object] = {"name": "rich", "skip_reason": "Dependency not found"}


@pytest.mark.parametrize(
    ("code", "dependencies", "expected", "words"),
    [
        (0, [CLEAN], 0, "no known vulnerability in 1 packages"),
        (0, [CLEAN, SKIPPED], 0, "1 unknown to the database"),
        (1, [CLEAN, FLAWED], 1, "old 1.0: CVE-2099-1, mended in 1.1"),
        (0, [FLAWED], 1, "known vulnerabilities"),
        (0, [SKIPPED, SKIPPED], 0, "not done"),
        (0, [], 0, "not done"),
    ],
)
def test_what_pip_audit_reports(code: int, dependencies: list[object], expected: int, words: str) -> None:
    verdict = judge(code, json.dumps({"dependencies": dependencies}), "")
    assert verdict.code == expected
    assert words in verdict.message


def test_an_unreachable_database_is_said_and_any_other_failure_fails() -> None:
    unreachable = judge(1, "", "requests.exceptions.ConnectionError: Failed to resolve")
    assert (unreachable.code, "cannot be reached" in unreachable.message) == (0, True)
    broken = judge(1, "", "usage: pip-audit [-h]")
    assert broken.code == 1
    assert "usage: pip-audit" in broken.message
