"""What is paid for: the first run beside the naive concatenation, unchanged and changed runs, a run that was killed.

Comes in: a project. Goes out: input tokens as the server billed them. A naive script pays the same each time.
"""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from contenders import Run, ours, run

from provider.metered_chat import Model, encoding
from provider.metered_provider import MeteredProvider, metered_provider

if TYPE_CHECKING:
    from pathlib import Path

MODEL: Final = Model(detail="interface", base_seconds=0.2, seconds_per_token=0.002)
"""A note that depends on the names that a file defines: a change within a body brings the same note."""
FICKLE: Final = Model(detail="content", base_seconds=0.2, seconds_per_token=0.002)
"""Writes another note, and another page, whatever has changed."""

_RETURN: Final = re.compile(r"^( +)return ", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Paid:
    """Input tokens."""

    naive: int
    """One call with every file."""
    naive_per_file: int
    """A call for each."""
    first: int
    unchanged: int
    body_changed: int
    """A line within one function."""
    name_added: int
    """A new public function in one file."""
    fickle: int
    """A public function once more, with a model that changes whatever it is asked for."""
    undisturbed: int
    """A first run of the changed project."""
    killed: int
    """The same, killed half-way and started again."""
    in_flight: int
    """When it was killed."""
    requests: tuple[int, int, int, int, int]
    """First, unchanged, body changed, name added, the same with a fickle model."""
    codes: tuple[int, ...]


def what_is_paid(project: Path, place: Path) -> Paid:
    """Run fieldguide on a project that changes."""
    shutil.rmtree(place, ignore_errors=True)
    directory = place / "project"
    shutil.copytree(project, directory)
    naive, per_file = _naive_tokens(directory)
    with metered_provider(model=MODEL) as provider:
        first, first_requests, code = _next(provider, directory, place / "home")
        same, same_requests, code_same = _next(provider, directory, place / "home")
        changed = _median(directory)
        _change_a_body(changed)
        body, body_requests, code_body = _next(provider, directory, place / "home")
        _add_a_name(changed)
        name, name_requests, code_name = _next(provider, directory, place / "home")
        provider.mind.model = FICKLE
        _add_a_name(changed, "name_that_came_later")
        fickle, fickle_requests, code_fickle = _next(provider, directory, place / "home")
        provider.mind.model = MODEL
        (directory / "README.md").unlink(missing_ok=True)  # it holds the answer, whoever has it
        undisturbed, requests, _ = _next(provider, directory, place / "home-2")
    killed, flying, code_killed = _killed(directory, place / "home-3", requests // 2)
    return Paid(
        naive,
        per_file,
        first,
        same,
        body,
        name,
        fickle,
        undisturbed,
        killed,
        flying,
        (first_requests, same_requests, body_requests, name_requests, fickle_requests),
        (code, code_same, code_body, code_name, code_fickle, code_killed),
    )


def _next(provider: MeteredProvider, directory: Path, home: Path) -> tuple[int, int, int]:
    """Input tokens, requests and exit code of one more run."""
    before = len(provider.records)
    ended = run(ours(), directory, provider, home=home)
    _complain(ended)
    bill = provider.bill(before)
    return bill.input_tokens, bill.requests, ended.code


def _killed(directory: Path, home: Path, after: int) -> tuple[int, int, int]:
    """Kill a run after so many replies and start it again: input tokens of both, those in flight, the exit code."""
    (directory / "README.md").unlink(missing_ok=True)
    with metered_provider(model=MODEL) as provider:
        flying: list[int] = []

        def half_way() -> bool:
            if sum(one.delivered for one in list(provider.records)) < after:
                return False
            flying.append(sum(one.prompt_tokens for one in provider.in_flight()))
            return True

        run(ours(), directory, provider, home=home, kill_when=half_way)
        ended = run(ours(), directory, provider, home=home)
        _complain(ended)
        return provider.bill().input_tokens, flying[0] if flying else 0, ended.code


def _complain(ended: Run) -> None:
    if ended.code not in {0, 3}:
        print(f"exit code {ended.code}: {ended.said[-600:]}")


def _naive_tokens(directory: Path) -> tuple[int, int]:
    """Tokens that the naive scripts send, without their few words of prompt."""
    counts = [
        encoding().count(f"# {path}\n{path.read_text('utf-8', 'ignore')}\n\n")
        for path in directory.rglob("*")
        if path.suffix in {".py", ".md", ".toml"}
    ]
    return sum(counts), sum(counts)


def _median(directory: Path) -> Path:
    files = sorted(directory.rglob("*.py"), key=lambda path: (path.stat().st_size, path.as_posix()))
    with_body = [path for path in files if _RETURN.search(path.read_text("utf-8"))]
    return with_body[len(with_body) // 2]


def _change_a_body(path: Path) -> None:
    changed = _RETURN.sub(r"\1assert True\n\1return ", path.read_text("utf-8"), count=1)
    path.write_text(changed, "utf-8")


def _add_a_name(path: Path, name: str = "name_that_was_added") -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(f'\n\ndef {name}(value: int) -> int:\n    """Double a value."""\n    return value * 2\n')
