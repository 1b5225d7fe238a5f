"""fieldguide against the naive script, in one run: `PYTHONPATH=tests python bench/against_naive.py [DIRECTORY]`.

Both are run as whole processes against a server on loopback that speaks Azure OpenAI's protocol and answers at once, on
copies of the same git checkout: fieldguide's own package unless a directory is named. Into each copy go a planted key,
a file that git ignores and a virtual environment with one package, as checkouts have them. "Again" is a second run on
the unchanged tree. Tokens are counted in what the server received; figures are medians.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from measurement import Measured, clean_environment, copy_project, measure, table

from fieldguide.domain.model import ModelChoice, Provider
from fieldguide.plan.tokens import token_counter
from provider.loopback_provider import API_VERSIONS, DEPLOYMENT, KEY, LoopbackProvider, running_provider

HERE = Path(__file__).resolve().parent
RUNS = 3
PLANTED = "AKIA" + "Z7QK3MXWJ5RT2LPB"
IGNORED = "only_in_an_ignored_file"
INSTALLED = "only_in_the_virtual_environment"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one contender took and sent."""

    first: Measured
    again: Measured
    requests: tuple[int, int]
    tokens: tuple[int, int]
    sent: str
    """Everything that left, for looking things up in."""


def main() -> None:
    """Measure both and print one table."""
    source = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE.parent / "src" / "fieldguide"
    with tempfile.TemporaryDirectory() as scratch, running_provider() as provider:
        place = Path(scratch)
        naive = _contend(source, place / "naive", provider, [sys.executable, str(HERE / "naive.py")])
        ours = [sys.executable, "-m", "fieldguide", "--quiet", "--cache-dir", str(place / "cache")]
        fieldguide = _contend(source, place / "fieldguide", provider, ours)
    print(table(["", "naive script", "fieldguide", "ratio"], _rows(naive, fieldguide)))


def _contend(source: Path, place: Path, provider: LoopbackProvider, command: list[str]) -> Outcome:
    directory = place / source.resolve().name
    environment = clean_environment(
        place,
        AZURE_OPENAI_ENDPOINT=provider.address,
        AZURE_OPENAI_API_KEY=KEY,
        AZURE_OPENAI_DEPLOYMENT=DEPLOYMENT,
        OPENAI_API_VERSION=API_VERSIONS[-1],
        FIELDGUIDE_MODEL="gpt-4.1",
    )

    def anew() -> None:
        shutil.rmtree(place, ignore_errors=True)
        shutil.rmtree(place.parent / "cache", ignore_errors=True)
        _checkout(source, directory)

    line = [*command, str(directory)]
    done = frozenset({0, 3})
    provider.received.clear()
    first = measure(line, runs=RUNS, environment=environment, before=anew, expected=done)
    sent_first = [json.dumps(one.body, ensure_ascii=False) for one in provider.received]
    provider.received.clear()
    again = measure(line, runs=RUNS, environment=environment, expected=done)
    sent_again = [json.dumps(one.body, ensure_ascii=False) for one in provider.received]
    return Outcome(
        first,
        again,
        (len(sent_first) // RUNS, len(sent_again) // RUNS),
        (_tokens(sent_first) // RUNS, _tokens(sent_again) // RUNS),
        "\n".join(sent_first),
    )


def _checkout(source: Path, directory: Path) -> None:
    """Copy the code into a git checkout with a planted key, an ignored file and a virtual environment."""
    copy_project(source, directory)
    (directory / "README.md").unlink(missing_ok=True)
    (directory / "credentials.py").write_text(f'"""Access."""\n\nAWS_ACCESS_KEY_ID = "{PLANTED}"\n', "utf-8")
    (directory / ".gitignore").write_text("private_notes.md\n.venv/\n", "utf-8")
    (directory / "private_notes.md").write_text(f"{IGNORED}\n", "utf-8")
    package = directory / ".venv" / "lib" / "package"
    package.mkdir(parents=True)
    (directory / ".venv" / "pyvenv.cfg").write_text("home = /usr/bin\n", "utf-8")
    (package / "__init__.py").write_text(f'"""{INSTALLED}"""\n' * 2000, "utf-8")
    subprocess.run(["git", "init", "--quiet", directory], check=True)


def _tokens(bodies: list[str]) -> int:
    counter = token_counter(ModelChoice(Provider.AZURE, DEPLOYMENT, "the benchmark", family="gpt-4.1"))
    return sum(counter.count(body) for body in bodies)


def _rows(naive: Outcome, ours: Outcome) -> list[list[str]]:
    return [
        _row("first run, s", naive.first.seconds, ours.first.seconds, 2),
        _row("first run, peak MB", naive.first.megabytes, ours.first.megabytes),
        _row("first run, requests", naive.requests[0], ours.requests[0]),
        _row("first run, tokens sent", naive.tokens[0], ours.tokens[0]),
        _row("again, s", naive.again.seconds, ours.again.seconds, 2),
        _row("again, requests", naive.requests[1], ours.requests[1]),
        _row("again, tokens sent", naive.tokens[1], ours.tokens[1]),
        *(
            [what, *("yes" if text in one.sent else "no" for one in (naive, ours)), ""]
            for what, text in (
                ("the planted key left", PLANTED),
                ("the ignored file left", IGNORED),
                ("installed packages left", INSTALLED),
            )
        ),
    ]


def _row(what: str, naive: float, ours: float, digits: int = 0) -> list[str]:
    return [what, f"{naive:,.{digits}f}", f"{ours:,.{digits}f}", f"{ours / naive:.2f}" if naive else ""]


if __name__ == "__main__":
    main()
