"""What holds for every request holds for batches: redaction, hosts, budget, the record of what leaves."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from batch.batch_runs import Batching
from fieldguide.domain.batch import BatchStanding, NoteAsked
from fieldguide.domain.model import ModelChoice, Provider
from fieldguide.domain.request import Reply, StopReason
from fieldguide.llm.batch_lines import result_of
from fieldguide.llm.batch_record import BatchRecord, Submission, alone, read_record, record_file, write_record
from fieldguide.llm.batch_results import Taken, Verdict
from pipeline.test_runs_from_notes import files
from pipeline.whole_run import FILES, project
from provider.loopback_provider import KEY

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.whole_run import Runs
    from provider.metered_provider import MeteredProvider

SECRET = "ghp_" + "x7Kq2mVt9RzLw4Yb8NcJ5sHd1GfP6aQe3UoT"
CHOICE = ModelChoice(Provider.OPENAI, "gpt-4o", "--model")


def uploaded(provider: MeteredProvider) -> bytes:
    return b"".join(provider.batches.files.values())


@pytest.fixture
def leaky(tmp_path: Path) -> Path:
    gate = FILES["turnstile/gate.py"] + f'\n\nTOKEN = "{SECRET}"\n'
    return project(tmp_path / "leaky", {**FILES, "turnstile/gate.py": gate})


def test_no_secret_is_uploaded_and_no_key_is_kept(run: Runs, leaky: Path, provider: MeteredProvider) -> None:
    batch = Batching(run, provider, leaky)
    batch("submit")
    assert b"class Gate" in uploaded(provider)
    assert SECRET.encode() not in uploaded(provider)
    batch.until_ended()
    batch("collect")
    kept = [path.read_bytes() for path in run.home.rglob("*") if path.is_file() and leaky not in path.parents]
    assert not [one for one in kept if SECRET.encode() in one or KEY.encode() in one]


def test_a_secret_ends_a_submission_where_that_is_asked_for(run: Runs, leaky: Path, provider: MeteredProvider) -> None:
    said = Batching(run, provider, leaky).said("submit", "--fail-on-secret")
    assert (said.code, said.out) == (1, "")
    assert provider.batches.asked == []


def test_a_batch_goes_to_no_host_that_is_not_allowed(run: Runs, turnstile: Path, provider: MeteredProvider) -> None:
    said = Batching(run, provider, turnstile).said("submit", "--allow-host", "example.com")
    assert said.code == 2
    assert provider.batches.asked == []


def test_a_budget_that_does_not_cover_the_worst_case_sends_nothing(
    run: Runs, turnstile: Path, provider: MeteredProvider
) -> None:
    batch = Batching(run, provider, turnstile)
    said = batch("submit", "--max-cost", "0.0001")
    assert (said["exit_code"], said["short"], said["beyond"]) == (3, True, 1)
    assert provider.batches.asked == []
    most = batch("submit", "--max-cost", "5")["submitted"]["most_cost_usd"]
    assert 0 < most < 5


def test_nothing_is_uploaded_where_the_ledger_cannot_be_written(
    run: Runs, turnstile: Path, provider: MeteredProvider
) -> None:
    ledgers = run.home / ".local" / "state" / "fieldguide" / "ledgers"
    ledgers.parent.mkdir(parents=True)
    ledgers.write_text("in the way")
    said = Batching(run, provider, turnstile).said("submit")
    assert said.code == 2
    assert provider.batches.asked == []


@pytest.mark.parametrize(("path", "prefix"), [("/v1", "/v1"), ("/openai/v1", "/openai/v1")], ids=["openai", "azure v1"])
def test_the_other_addresses_of_the_api_are_spoken_to(
    run: Runs, turnstile: Path, provider: MeteredProvider, path: str, prefix: str
) -> None:
    batch = Batching(run, provider, turnstile)
    batch.variables = {
        "OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": provider.address + path, "FIELDGUIDE_MODEL": "gpt-4o",
        "FIELDGUIDE_JOBS": "1",
    }  # fmt: skip
    batch("submit")
    batch.until_ended()
    assert batch("collect")["collected"]["kept"] == 1
    assert all(asked.startswith(f"{prefix}/") for _, asked in provider.batches.asked)


def test_a_key_that_is_refused_is_told_with_a_hint(run: Runs, turnstile: Path, provider: MeteredProvider) -> None:
    batch = Batching(run, provider, turnstile)
    batch.variables |= {"AZURE_OPENAI_API_KEY": "of-another-resource"}
    said = batch.said("submit")
    assert said.code == 4
    assert "refused the key" in said.err
    batch.variables |= {"AZURE_OPENAI_API_KEY": KEY}
    assert batch("submit")["submitted"]["requests"] == 1


def test_without_a_model_there_is_no_batch(run: Runs, turnstile: Path) -> None:
    said = run("batch", "submit", turnstile.name)
    assert said.code == 2
    assert "no model" in said.err


def test_people_are_told_what_comes_next(run: Runs, turnstile: Path, provider: MeteredProvider) -> None:
    batch = Batching(run, provider, turnstile)
    said = run("batch", "submit", turnstile.name, variables=batch.variables)
    assert said.code == 0
    assert "submitted: 1 request" in said.out
    assert "at half the price" in said.out
    assert f"next: `fieldguide batch status {turnstile}`" in said.out
    batch.until_ended()
    said = run("batch", "collect", turnstile.name, variables=batch.variables)
    assert "collected: 1 reply" in said.out
    assert f"`fieldguide {turnstile}` writes the page" in said.out


def test_one_command_at_a_time_works_on_a_directory(run: Runs, turnstile: Path, provider: MeteredProvider) -> None:
    with alone(record_file(run.home / ".local" / "state" / "fieldguide", turnstile)):
        said = Batching(run, provider, turnstile).said("submit")
    assert said.code == 2
    assert "another `fieldguide batch`" in said.err
    assert provider.batches.asked == []


def test_a_record_outlives_odd_names_and_is_for_its_owner_alone(tmp_path: Path) -> None:
    path = record_file(tmp_path, tmp_path)
    notes = (NoteAsked("file:odd\udcff.py", "ab", "cd"),)
    record = BatchRecord(
        submission=Submission("tag", "https://example.com", {"12": notes}, 5), refused={"34": "length"}
    )
    write_record(path, record)
    assert read_record(path) == record
    assert path.stat().st_mode & 0o077 == 0


def keep(_: str, __: Reply, ___: tuple[NoteAsked, ...]) -> Verdict:
    return Verdict.KEPT


def line(digest: str, status: int, **body: object) -> bytes:
    response = {"status_code": status, "request_id": "1", "body": body}
    return json.dumps({"custom_id": digest, "response": response, "error": None}, ensure_ascii=False).encode()


@pytest.mark.parametrize(
    "odd", [b"", b"{", b"[]", b"null", b'"text"', b'{"custom_id": 5}', b"\xff", b'{"response": {}}']
)
def test_an_odd_line_is_no_result(odd: bytes) -> None:
    assert result_of(odd, CHOICE) is None


@pytest.mark.parametrize("body", [{}, {"choices": 5}, {"choices": []}, {"choices": [None]}])
def test_a_reply_without_a_choice_is_for_the_next_batch(body: dict[str, object]) -> None:
    taken = Taken(CHOICE, Submission("", "", {"a": ()}, 1), keep)
    taken.line(line("a", 200, **body))
    assert taken.result(BatchStanding("b", "completed")).again == 1


def test_every_line_is_taken_once_and_none_of_another_request() -> None:
    replies: list[Reply] = []

    def take(_: str, reply: Reply, __: object) -> Verdict:
        replies.append(reply)
        return Verdict.KEPT

    taken = Taken(CHOICE, Submission("", "", {"a": (), "b": ()}, 1), take)
    choice = {"finish_reason": "stop", "message": {"content": "one\u2028two"}}
    for digest in ("a", "a", "c"):
        taken.line(line(digest, 200, choices=[choice], usage={"prompt_tokens": 3, "completion_tokens": 4}))
    assert [(one.text, one.stop_reason) for one in replies] == [("one\u2028two", StopReason.STOP)]
    result = taken.result(BatchStanding("b", "expired"))
    assert (result.kept, result.again, result.usage.input_tokens) == (1, 1, 3)


def test_a_parameter_that_is_refused_by_name_is_sent_otherwise_next_time() -> None:
    submission = Submission("", "", {"a": ()}, 1, limit="max_completion_tokens", temperature=0.2)
    taken = Taken(CHOICE, submission, keep)
    refused = {"message": "Unsupported value", "code": "unsupported_value", "param": "temperature"}
    taken.line(line("a", 400, error=refused))
    assert taken.result(BatchStanding("b", "completed")).again == 1
    assert taken.adapted is not None
    assert taken.adapted.temperature is None


@pytest.mark.parametrize(
    ("status", "error", "reason"),
    [
        (400, {"code": "content_filter", "message": "content management policy"}, "content filter"),
        (400, {"code": "context_length_exceeded", "message": "too long"}, "context length"),
        (400, {"code": "bad", "message": "no"}, "invalid request"),
    ],
)
def test_what_would_fare_no_better_is_refused_with_its_reason(
    status: int, error: dict[str, object], reason: str
) -> None:
    submission = Submission("", "", {"a": (NoteAsked("file:x.py", "d"),)}, 1)
    taken = Taken(CHOICE, submission, keep)
    taken.line(line("a", status, error=error))
    result = taken.result(BatchStanding("b", "completed"))
    assert (result.refused, result.topics) == ({"a": reason}, ("file:x.py",))


def test_a_key_that_every_line_is_refused_for_is_the_failure_of_the_batch() -> None:
    taken = Taken(CHOICE, Submission("", "", {"a": ()}, 1), keep)
    taken.line(line("a", 401, error={"message": "Incorrect API key"}))
    result = taken.result(BatchStanding("b", "completed"))
    assert result.failure is not None
    assert result.again == 1


def test_after_a_small_change_a_batch_holds_the_revision_and_nothing_else(
    run: Runs, tmp_path: Path, provider: MeteredProvider
) -> None:
    """What a run would ask for a changed page is what a batch asks; the run afterwards finishes from it."""
    tree = project(tmp_path / "wide", files())
    batch = Batching(run, provider, tree)
    assert batch.document().code == 0
    paid = len(provider.records)
    with (tree / "wide/web/part4.py").open("a", encoding="utf-8") as file:
        file.write("\n\ndef name_that_came(value: int) -> int:\n    return value * 2\n")
    batch("submit")
    (lines,) = batch.lines
    assert "# Code that has changed" in lines[0]["body"]["messages"][1]["content"]
    assert len(lines) == 1
    batch.until_ended()
    assert batch("collect")["next"] == "document"
    assert batch.document().code == 0
    assert len(provider.records) == paid, "the run asks nothing more"
    assert "`name_that_came`" in (tree / "README.md").read_text()
