"""Nothing that was planted is seen anywhere, whatever the provider answers and however the run ends."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import threading
from typing import TYPE_CHECKING

import pytest

from cli.real_command import COMMAND, environment, fieldguide
from fieldguide.settings import resolve
from fieldguide.terminal.arguments import parse
from pipeline.whole_run import REPLY, Runs, azure
from provider.loopback_provider import KEY, NO_DEPLOYMENT, Answer, LoopbackProvider, completion, error, running_provider
from safety.planted import Planted, plant

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

NAMING = REPLY.replace("## usage\n", "## usage\n\nSee `.env`, `secrets.ini`, `vault.py` and `.netrc`.\n")
CODED = completion(REPLY).body
HUGE = completion("x" * 4_000_000)
ELSEWHERE = (("Location", "http://127.0.0.1:9/v1/chat/completions"),)

FAULTS = {
    "well": completion(REPLY),
    "naming-files": completion(NAMING),
    "cut-off-reply": completion(REPLY[:200], finish="length"),
    "filtered-reply": completion(None, finish="content_filter"),
    "content-filter": error(400, "The response was filtered by the content management policy", code="content_filter"),
    "echo": Answer(400, echo=True),
    "echo-500": Answer(500, echo=True),
    "echo-403": Answer(403, echo=True),
    "401": error(401, "Access denied", code="401"),
    "404": NO_DEPLOYMENT,
    "408": error(408, "Timed out"),
    "429": error(429, "Too many requests"),
    "429-later": Answer(429, {"error": {"message": "later"}}, headers=(("Retry-After", "1"),)),
    "503": Answer(503, raw=b"<html>upstream</html>"),
    "reset": Answer(cut=-1),
    "cut-off-json": Answer(200, CODED, cut=120),
    "invalid-json": Answer(200, raw=b'{"choices": [', headers=(("Content-Type", "application/json"),)),
    "html": Answer(200, raw=b"<html>sign in</html>"),
    "redirect": Answer(307, raw=b"", headers=ELSEWHERE),
    "huge": HUGE,
    "wrong-encoding": Answer(200, raw=b"\x1f\x8b\xff\xfe", headers=(("Content-Encoding", "gzip"),)),
    "timeout": Answer(200, CODED, delay=30.0),
}
A_LINE_OF_CODE = "return len(self.store.names) < self.limit"
A_LINE_OF_THE_REPLY = "Whoever runs a small hall needs nothing else"
MOST_OF_THEM = 25
"""Placeholders that stand in the request: the values were on their way into it."""


@pytest.fixture
def provider() -> Generator[LoopbackProvider]:
    """A running provider."""
    with running_provider() as running:
        running.reply = REPLY
        yield running


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Planted:
    """The repository, written once; all runs share its cache, and whatever one of them leaves is there for the next."""
    return plant(tmp_path_factory.mktemp("original"))


@pytest.fixture
def planted(original: Planted) -> Planted:
    """The repository with the page that a person wrote, and no reply that is paid for."""
    for page in original.directory.glob("README.md*"):
        page.unlink()
    (original.directory / "README.md").write_text(original.page)
    for reply in (original.directory.parent / ".cache" / "fieldguide").glob("replies.*"):
        reply.unlink()
    return original


def written(planted: Planted) -> Iterator[tuple[str, bytes]]:
    """Every file below the home directory that a run may have written: all but what was planted with."""
    home = planted.directory.parent
    for path in sorted(home.rglob("*")):
        place = path.relative_to(home)
        ours = place.parts[0] not in {"hall", "outside"} or place.name.startswith("README.md")
        if path.is_file() and not path.is_symlink() and ours:
            yield place.as_posix(), path.read_bytes()


def seen(planted: Planted, provider: LoopbackProvider, bodies: list[bytes], *said: str) -> dict[str, set[str]]:
    """The kinds of which something is seen, and of the key, by the place where it is."""
    places = {"received": b"\n".join(bodies) + str([(one.path, one.query) for one in provider.received]).encode()}
    places["headers"] = str([one.headers for one in provider.received]).replace(KEY, "").encode()
    places |= {f"said {number}": text.encode("utf-8", "backslashreplace") for number, text in enumerate(said)}
    places |= dict(written(planted))
    found = {place: planted.seen_in(text) for place, text in places.items()}
    for place, text in places.items():
        if KEY.encode() in text:
            found[place].add("the API key")
        # What a person wrote on their own page stays there, and in the copy of it that is kept.
        if place.startswith("hall/README.md"):
            found[place].discard("readme-token")
    return {place: kinds for place, kinds in found.items() if kinds}


@pytest.fixture
def run(planted: Planted, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Runs:
    """The command in this process."""

    def capture() -> tuple[str, str]:
        said = capsys.readouterr()
        return said.out, said.err

    return Runs(planted.directory.parent, monkeypatch, capture)


@pytest.mark.parametrize("fault", FAULTS)
def test_nothing_planted_is_seen_whatever_the_provider_answers(
    fault: str, run: Runs, planted: Planted, provider: LoopbackProvider
) -> None:
    bodies: list[bytes] = []
    provider.on_body = bodies.append
    provider.script = [FAULTS[fault]] * 3
    words = ("--json",) if fault in {"well", "echo"} else ("--replace",)
    # In half of the runs a person's page is written into, in the other half it is put aside.
    timeout = ("--timeout=1",) if fault == "timeout" else ()
    done = run(*words, *timeout, "--verbose", "--log-file=log", str(planted.directory), variables=azure(provider))
    ledger = run("ledger", "--verbose", str(planted.directory))
    assert ledger.code == 0
    assert bodies, done.err
    assert len(set(re.findall(rb"REDACTED_\w+", bodies[0]))) >= MOST_OF_THEM
    assert seen(planted, provider, bodies, done.out, done.err, ledger.out) == {}
    # Nor is anything else of the prompt, or of a reply, where only the run is to be told of.
    told = done.out + done.err + ledger.out + (planted.directory.parent / "log").read_text()
    told += "".join(path.read_text() for path in planted.directory.parent.rglob("ledgers/*"))
    assert [words for words in (A_LINE_OF_CODE, A_LINE_OF_THE_REPLY) if words in told] == []


def test_a_plan_shows_nothing_of_it_either(run: Runs, planted: Planted, provider: LoopbackProvider) -> None:
    shown = run("plan", "--show-prompts", "--verbose", str(planted.directory), variables=azure(provider))
    machine = run("plan", "--show-prompts", "--json", str(planted.directory), variables=azure(provider))
    assert shown.code == machine.code == 0
    assert seen(planted, provider, [], shown.out, shown.err, machine.out, machine.err) == {}


def test_without_a_model_nothing_of_it_is_written(run: Runs, planted: Planted, provider: LoopbackProvider) -> None:
    done = run("--verbose", "--log-file=log", "--replace", str(planted.directory))
    assert done.code == 0
    assert seen(planted, provider, [], done.out, done.err) == {}


@pytest.mark.parametrize("number", [signal.SIGABRT, signal.SIGKILL, signal.SIGINT])
def test_a_run_that_is_ended_while_its_request_is_out_leaves_nothing_behind(
    number: signal.Signals, planted: Planted, provider: LoopbackProvider
) -> None:
    """With the interpreter's own fault handler and development mode, which say as much as they can."""
    home, bodies = planted.directory.parent, list[bytes]()
    temporary = home / "temporary"
    temporary.mkdir(exist_ok=True)
    provider.script = [Answer(200, CODED, delay=60.0)]
    arrived = threading.Event()

    def note(body: bytes) -> None:
        bodies.append(body)
        arrived.set()

    provider.on_body = note
    variables = azure(provider) | {"PYTHONDEVMODE": "1", "PYTHONFAULTHANDLER": "1", "TMPDIR": str(temporary)}
    command = [*COMMAND, "--verbose", "--log-file=log", str(planted.directory)]
    with subprocess.Popen(
        command, cwd=home, env=environment(home, **variables), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert arrived.wait(60)
        os.kill(process.pid, number)
        out, err = process.communicate(timeout=60)
    said = (out.decode(errors="backslashreplace"), err.decode(errors="backslashreplace"))
    assert process.returncode != 0
    assert seen(planted, provider, bodies, *said) == {}
    read = fieldguide("ledger", "--json", str(planted.directory), home=home)
    assert json.loads(read.stdout)["calls"][-1]["outcome"] == ("interrupted" if number is signal.SIGINT else None)


def test_no_repr_of_the_settings_holds_a_key(
    planted: Planted, provider: LoopbackProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    variables = azure(provider, FIELDGUIDE_REDACTION_KEY=KEY[::-1])
    for name, value in environment(planted.directory.parent, **variables).items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(planted.directory.parent)
    settings = resolve(parse(["--header", f"X-Key: {KEY}", str(planted.directory)]))
    assert settings.model is not None
    for one in (repr(settings), str(settings), f"{settings.model!r}", repr(settings.redaction)):
        assert KEY not in one
        assert KEY[::-1] not in one


def test_the_search_finds_what_is_there(planted: Planted, provider: LoopbackProvider) -> None:
    """In every spelling, in every place: the tests above can fail."""
    for kind, values in planted.values.items():
        for spelling in (values[0], values[0].encode().hex()):
            assert kind in planted.seen_in(f"…{spelling}…".encode())
    left = planted.directory.parent / "left"
    left.write_text(planted.values["password"][0])
    try:
        assert seen(planted, provider, [], KEY) == {"left": {"password"}, "said 0": {"the API key"}}
    finally:
        left.unlink()
