"""`fieldguide ledger DIR`: what it prints for people and for programs, and its exit code."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cli.lent_rules import lend_rules
from pipeline.whole_run import NOTHING, REPLY, Runs, Said, azure, project

if TYPE_CHECKING:
    from collections.abc import Mapping

    from provider.loopback_provider import LoopbackProvider


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Runs:
    """The command, in this process, with `tmp_path` as home."""

    def capture() -> tuple[str, str]:
        said = capsys.readouterr()
        return said.out, said.err

    return Runs(tmp_path, monkeypatch, capture)


@pytest.fixture
def sent(run: Runs, tmp_path: Path, provider: LoopbackProvider) -> Path:
    """A project of which one request was sent."""
    provider.reply = REPLY
    directory = project(tmp_path / "turnstile")
    done = run(str(directory), variables=azure(provider))
    assert done.code == 0, done.err
    return directory


def shown(run: Runs, directory: Path, *words: str, variables: Mapping[str, str] = NOTHING) -> Said:
    return run("ledger", *words, str(directory), variables=variables)


def ledger_of(run: Runs, directory: Path) -> Path:
    return Path(json.loads(shown(run, directory, "--json").out)["ledger"])


def test_nothing_sent_yet_is_said_and_is_no_fault(run: Runs, tmp_path: Path) -> None:
    done = shown(run, project(tmp_path / "turnstile"))
    assert (done.code, done.err) == (0, "")
    assert "has been sent: there is no ledger at" in done.out


def test_a_run_is_shown_with_its_time_host_tokens_and_outcome(
    run: Runs, sent: Path, provider: LoopbackProvider
) -> None:
    done = shown(run, sent)
    assert done.code == 0
    pattern = (
        rf"20\d\d-\d\d-\d\d \d\d:\d\d:\d\d +{provider.address[7:]} +prose-deployment +\d +1,200 +340 +\$0\.0064 +reply"
    )
    assert re.search(pattern, done.out), done.out
    assert "in all: 1 request, lines of" in done.out
    assert "the chain of 2 records holds" in done.out
    assert "lines 1 to" not in done.out


def test_verbose_names_files_lines_and_digests_of_what_was_received(
    run: Runs, sent: Path, provider: LoopbackProvider
) -> None:
    said = shown(run, sent, "--verbose").out
    assert "`turnstile/gate.py` lines 1 to" in said
    assert re.search(r"body: [\d,]+ bytes, SHA-256 [0-9a-f]{64}", said)
    (received,) = provider.received
    for path in re.findall(r"^    `(.+)` lines", said, re.MULTILINE):
        assert path in received.messages[1][1]


def test_json_holds_the_same(run: Runs, sent: Path) -> None:
    report = json.loads(shown(run, sent, "--json").out)
    (call,) = report["calls"]
    assert (report["command"], report["exit_code"], report["chain"]["holds"]) == ("ledger", 0, True)
    assert (call["outcome"], call["input_tokens"], call["cost_usd"]) == ("reply: stop", 1200, 0.0064)
    assert {"path", "first_line", "last_line"} == call["sources"][0].keys()


def test_a_changed_record_is_named_and_the_exit_code_is_1(run: Runs, sent: Path) -> None:
    path = ledger_of(run, sent)
    path.write_text(path.read_text().replace("prose-deployment", "proxe-deployment", 1))
    done = shown(run, sent)
    assert done.code == 1
    assert "the chain is broken: record 1 was changed" in done.out
    machine = shown(run, sent, "--json")
    assert machine.code == 1
    assert json.loads(machine.out)["chain"]["fault"] == "record 1 was changed"


def test_a_key_in_the_environment_chains_with_it(run: Runs, tmp_path: Path, provider: LoopbackProvider) -> None:
    key = {"FIELDGUIDE_REDACTION_KEY": "k3y-" * 8}
    directory = project(tmp_path / "turnstile")
    run(str(directory), variables=azure(provider) | key)
    assert "the chain of 2 records holds" in shown(run, directory, variables=key).out
    without = shown(run, directory)
    assert without.code == 1
    assert "FIELDGUIDE_REDACTION_KEY" in without.out


@pytest.mark.parametrize(
    ("words", "place"),
    [((), ".local/state/fieldguide"), (("--no-cache",), ".local/state/fieldguide"), (("--cache-dir=kept",), "kept")],
)
def test_every_run_keeps_one_also_without_a_cache(
    run: Runs, words: tuple[str, ...], place: str, tmp_path: Path, provider: LoopbackProvider
) -> None:
    lend_rules(tmp_path / "kept")
    run(*words, str(project(tmp_path / "turnstile")), variables=azure(provider))
    assert len(provider.received) == 1
    (ledger,) = (tmp_path / place / "ledgers").iterdir()
    assert ledger.read_text().count("\n") == 2


def test_a_ledger_is_found_again_whether_or_not_a_run_had_a_cache(
    run: Runs, tmp_path: Path, provider: LoopbackProvider
) -> None:
    directory = project(tmp_path / "turnstile")
    variables = azure(provider) | {"FIELDGUIDE_CACHE_DIR": str(tmp_path / "kept")}
    run("--no-cache", str(directory), variables=variables)
    assert "in all: 1 request" in shown(run, directory, variables=variables).out


def test_a_run_whose_ledger_cannot_be_written_sends_and_writes_nothing(
    run: Runs, tmp_path: Path, provider: LoopbackProvider
) -> None:
    (tmp_path / "state").write_text("a file in its place")
    directory = project(tmp_path / "turnstile")
    variables = azure(provider) | {"XDG_STATE_HOME": str(tmp_path / "state")}
    done = run(str(directory), variables=variables)
    assert done.code == 2
    assert "the ledger of what leaves this machine cannot be written" in done.err
    assert "hint: nothing was sent" in done.err
    assert provider.received == []
    assert not (directory / "README.md").exists()


def test_the_log_notes_each_digest_so_that_a_shortened_ledger_shows(
    run: Runs, sent: Path, provider: LoopbackProvider
) -> None:
    log = sent.parent / "log"
    (sent / "turnstile/store.py").write_text('"""Keeps nothing."""\n')
    run(f"--log-file={log}", str(sent), variables=azure(provider))
    last = json.loads(ledger_of(run, sent).read_text().splitlines()[-1])
    assert f"ledger record {last['number']}, digest {last['digest']}" in log.read_text()


def test_help_of_the_command_is_its_own(run: Runs) -> None:
    done = run("ledger", "--help")
    assert done.out.startswith("usage: fieldguide ledger")
    assert "--deployment" not in done.out
