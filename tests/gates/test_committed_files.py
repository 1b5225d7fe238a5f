"""What is committed holds on any machine: no paths of one, no host of a package registry, locks that are whole."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("main", "build", "test", "develop", "model")
MACHINE = re.compile(
    "|".join(
        (
            r"(?<![\w.>)\]}*-])/" + r"(?:work|root)/",
            r"(?<![\w.])/opt/" + "pypi",
            "pypi" + r"\.org",
            "python" + "hosted",
            r"registry\." + "npm",
            r"deb\." + "debian",
        )
    )
)
"""Put together from pieces, so that this file does not hold what it looks for."""


def _committed() -> list[Path]:
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in done.stdout.split("\0") if name and (ROOT / name).is_file()]


def test_no_committed_file_names_a_registry_or_a_place_on_one_machine() -> None:
    found: list[str] = []
    for path in _committed():
        for number, line in enumerate(path.read_text("utf-8", "replace").splitlines(), start=1):
            if MACHINE.search(line):
                found.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}")
    assert not found


def test_nothing_private_or_built_is_committed() -> None:
    forbidden = re.compile(r"(^|/)(\.env(\..*)?|node_modules|__pycache__|\.venv|[^/]*\.(pem|key|pyc|whl|tar\.gz))($|/)")
    assert not [name for path in _committed() if forbidden.search(name := path.relative_to(ROOT).as_posix())]


def _pins(lock: str) -> dict[str, list[Requirement]]:
    """Requirements of a lock by name; each must carry a hash."""
    pins: dict[str, list[Requirement]] = {}
    text = (ROOT / "requirements" / f"{lock}.txt").read_text("utf-8")
    for entry in re.split(r"\n(?=\S)", text.strip()):
        requirement, *hashes = re.split(r"\s*\\\n\s*", entry)
        assert hashes, f"{requirement} has no hash"
        assert all(re.fullmatch(r"--hash=sha256:[0-9a-f]{64}", one) for one in hashes)
        parsed = Requirement(requirement)
        pins.setdefault(canonicalize_name(parsed.name), []).append(parsed)
    return pins


def test_the_locks_together_satisfy_what_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    asked = {"main": project["project"]["dependencies"], "build": project["build-system"]["requires"]}
    groups = project["dependency-groups"]
    extras = (text for extra in project["project"]["optional-dependencies"].values() for text in extra)
    asked |= {
        "test": [*groups["test"], *extras],
        "develop": [*groups["lint"], *groups["audit"]],
        "model": groups["model"],
    }
    locked = {lock: _pins(lock) for lock in LOCKS}
    for lock, requirements in asked.items():
        known = locked["main"] | locked["build"] | locked["test"] | locked[lock] if lock != "main" else locked["main"]
        for text in requirements:
            wanted = Requirement(text)
            pins = known.get(canonicalize_name(wanted.name), [])
            assert pins, f"{lock}: {text} is not locked (make lock)"
            for pin in pins:
                (specifier,) = pin.specifier
                assert wanted.specifier.contains(specifier.version), (
                    f"{lock}: {pin} does not satisfy {text} (make lock)"
                )


def test_no_lock_repeats_what_another_holds() -> None:
    seen: dict[str, str] = {}
    for lock in LOCKS:
        for name in _pins(lock):
            assert name not in seen, f"{name} is in {seen.get(name)} and {lock}"
            seen[name] = lock


def test_the_lock_of_mermaid_names_every_package_by_digest_and_none_by_address() -> None:
    text = (ROOT / "tests" / "mermaid" / "package-lock.json").read_text("utf-8")
    assert '"resolved"' not in text
    assert text.count('"integrity": "sha512-') == text.count('"node_modules/')
