"""What a run did and what a plan holds, told to people and to programs."""

from __future__ import annotations

import json
from dataclasses import replace

from fieldguide.domain.page import Author, Evidence, Finding, Outline, Reference, ReferenceKind, Section
from fieldguide.domain.redacted import RedactedText, Redaction
from fieldguide.domain.report import Counts, Missing, PlanReport, RunReport, Spending
from fieldguide.domain.request import Failure, Usage
from fieldguide.domain.source import Skipped, SkipReason, Span
from fieldguide.terminal.machine import plan_json, run_json
from fieldguide.terminal.summary import plan_summary, run_losses, run_summary

HOSTILE = "a\x1b]0;owned\x07\n\u202eb.py"

PLAIN = RunReport(
    path="project/README.md",
    text="# project\n",
    changed=True,
    counts=Counts(read=98, listed=12, lines=21_034, symbols=900, from_cache=90),
    skipped=(),
    redactions=(),
    provider="no model",
    requests=0,
    usage=Usage(),
    references_checked=143,
    findings=(),
    missing=(),
    failure=None,
    seconds=1.234,
)
FINDING = Finding(Reference(ReferenceKind.NAME, HOSTILE, "overview", 3), "retry", "sentence removed")
FULL = replace(
    PLAIN,
    provider="gpt-4o (AZURE_OPENAI_ENDPOINT)",
    requests=1,
    usage=Usage(12_345, 1_234, 0.0432),
    skipped=(
        Skipped(HOSTILE, SkipReason.TOO_LARGE, "2,000,000 bytes"),
        Skipped("b", SkipReason.BINARY),
        Skipped("c", SkipReason.BINARY),
    ),
    redactions=(Redaction(HOSTILE, 3, 3, "password", "REDACTED_PASSWORD_01234567", "ab"),),
    findings=(FINDING,) * 7,
    missing=(Missing("pitfalls", "the reply was cut off", "nothing"),),
    kept="project/README.md.bak",
)


def test_a_plain_run_is_told_in_three_lines() -> None:
    assert run_summary(PLAIN, verbose=False).splitlines() == [
        "read 98 files (21,034 lines of code), 90 of them known from the cache, listed 12 without reading them",
        "checked 143 references: all of them hold",
        "wrote `project/README.md` in 1.2 s; read it and commit it: words that you add stay",
    ]


def test_everything_that_was_lost_is_told() -> None:
    text = run_summary(FULL, verbose=False)
    for part in (
        "left out 3: 2 binary, 1 too large",
        "`--max-file-size`",
        "hid 1: 1 password",
        "asked gpt-4o (AZURE_OPENAI_ENDPOINT): 1 request, 12,345 tokens in, 1,234 out, $0.0432",
        "checked 143 references: 7 did not hold",
        "nearest is `retry`",
        "and 2 more, shown by `--verbose`",
        "missing: section `pitfalls`: the reply was cut off; in its place: nothing",
        "kept the earlier page as `project/README.md.bak`",
        "without what is named as missing",
    ):
        assert part in text


SPENDING = Spending(done=39, planned=40, from_store=12, kept=27, retries=3, waited=41.4)


def test_the_account_of_many_requests_is_told() -> None:
    lines = run_summary(replace(FULL, requests=27, spending=SPENDING), verbose=False).splitlines()
    begin = next(number for number, line in enumerate(lines) if line.startswith("asked gpt-4o"))
    assert lines[begin : begin + 5] == [
        "asked gpt-4o (AZURE_OPENAI_ENDPOINT): 27 requests, 12,345 tokens in, 1,234 out, $0.0432",
        "  12 requests were paid for before",
        "  sent again 3 times for what went wrong on the way",
        "  waited 41 s for the quota",
        "  not asked: 1 of 40 requests",
    ]
    told = json.loads(run_json(replace(FULL, spending=SPENDING)))["model"]
    assert (told["planned"], told["from_store"], told["retries"], told["waited_seconds"]) == (40, 12, 3, 41.4)


def test_a_run_from_the_store_says_that_it_cost_nothing() -> None:
    free = replace(PLAIN, spending=Spending(done=1, planned=1, from_store=1))
    assert run_summary(free, verbose=False).splitlines()[1] == "1 request was paid for before"
    assert "asked" not in run_summary(free, verbose=False)


def test_losses_are_told_alone_for_who_wants_to_hear_nothing_else() -> None:
    assert run_losses(PLAIN) == ""
    lost = replace(FULL, failure=Failure("the key was refused", "set another"))
    assert run_losses(lost).splitlines() == [
        "missing: section `pitfalls`: the reply was cut off; in its place: nothing",
        "error: the key was refused",
        "hint: set another",
    ]


def test_sections_that_are_missing_for_one_reason_share_a_line() -> None:
    lost = replace(PLAIN, missing=tuple(Missing(key, "it does not fit", "facts") for key in ("tagline", "overview")))
    assert run_losses(lost) == "missing: sections `tagline`, `overview`: it does not fit; in their place: facts"


def test_verbose_names_every_file_and_value_that_was_left_out() -> None:
    text = run_summary(FULL, verbose=True)
    assert "`b`: binary" in text
    assert "(2,000,000 bytes)" in text
    assert "password as REDACTED_PASSWORD_01234567" in text
    assert text.count("sentence removed") == 7


def test_no_name_of_a_repository_drives_the_terminal() -> None:
    for text in (run_summary(FULL, verbose=True), run_json(FULL).rstrip("\n")):
        assert all(line.isprintable() for line in text.split("\n"))
    assert "a\\x1b]0;owned\\x07\\n\\u202eb.py" in run_summary(FULL, verbose=True)


def test_an_unchanged_page_and_standard_output_are_told_apart() -> None:
    assert "nothing has changed" in run_summary(replace(PLAIN, changed=False), verbose=False)
    assert "wrote" not in run_summary(replace(PLAIN, path="-"), verbose=False)


def test_a_failure_of_the_provider_keeps_its_hint() -> None:
    failed = replace(PLAIN, failure=Failure("the key was refused", "check `AZURE_OPENAI_API_KEY`"))
    assert "error: the key was refused\nhint: check `AZURE_OPENAI_API_KEY`" in run_summary(failed, verbose=False)
    assert json.loads(run_json(failed))["failure"]["hint"] == "check `AZURE_OPENAI_API_KEY`"
    assert json.loads(run_json(failed))["exit_code"] == 4


def test_the_json_of_a_run_has_the_documented_keys() -> None:
    report = json.loads(run_json(FULL))
    assert set(report) == {
        "format", "command", "exit_code", "page", "changed", "kept", "seconds", "files", "redactions", "provider",
        "model", "references", "missing", "failure", "injections",
    }  # fmt: skip
    assert report["format"] == 1
    assert report["exit_code"] == 3
    assert report["files"]["skipped"][0] == {"path": HOSTILE, "reason": "too large", "detail": "2,000,000 bytes"}
    assert report["redactions"][0]["first_line"] == 3
    assert report["model"] == {
        "requests": 1, "input_tokens": 12_345, "output_tokens": 1_234, "cost_usd": 0.0432,
        "planned": 0, "from_store": 0, "retries": 0, "waited_seconds": 0,
    }  # fmt: skip
    assert report["references"]["findings"][0]["text"] == HOSTILE
    (missing,) = report["missing"]
    assert missing == {"section": "pitfalls", "reason": "the reply was cut off", "instead": "nothing", "paths": []}


def _plan(**changes: object) -> PlanReport:
    outline = Outline(
        path="README.md",
        sections=(Section("title", "", Author.FACTS), Section("overview", "Overview", Author.MODEL)),
        evidence=(Evidence(Span("a.py", 1, 1), RedactedText.join(()), 1_200),),
        input_tokens=1_500,
        output_tokens=4_000,
        window=128_000,
        requests=1,
    )
    outline = replace(outline, **{name: value for name, value in changes.items() if name == "refused"})  # pyright: ignore[reportArgumentType]
    rest = {name: value for name, value in changes.items() if name != "refused"}
    plan = PlanReport(outline, Counts(read=1, lines=1), (), (), "gpt-4o (AZURE_OPENAI_ENDPOINT)", 0.05)
    return replace(plan, **rest)  # pyright: ignore[reportArgumentType]


def test_a_plan_tells_what_would_be_sent_and_paid() -> None:
    text = plan_summary(_plan(), verbose=False)
    for part in (
        "requests: 1",
        "tokens: 1,500 in, at most 4,000 out of a window of 128,000",
        "cost: at most $0.0500",
        "written by the model: Overview",
        "1,200  `a.py` lines 1 to 1",
    ):
        assert part in text


def test_a_plan_that_sends_nothing_says_why() -> None:
    assert "would not be asked: 9 tokens too many" in plan_summary(_plan(refused="9 tokens too many"), verbose=False)
    assert "exactly this request" in plan_summary(_plan(already_paid=True), verbose=False)
    assert "price unknown" in plan_summary(_plan(cost=None), verbose=False)


def test_a_plan_prints_the_payload_when_it_was_asked_for() -> None:
    text = plan_summary(_plan(prompts=("system\nuser",)), verbose=False)
    assert text.endswith("--- request 1 of 1, exactly as it would be sent ---\nsystem\nuser")


def test_the_json_of_a_plan_has_the_documented_keys() -> None:
    report = json.loads(plan_json(_plan(prompts=("p",))))
    assert set(report) == {
        "format", "command", "exit_code", "page", "files", "redactions", "provider", "requests", "input_tokens",
        "output_tokens", "window", "cost_usd", "already_paid", "left", "minutes", "refused", "sections",
        "evidence", "prompts", "injections",
    }  # fmt: skip
    assert report["evidence"] == [{"path": "a.py", "first_line": 1, "last_line": 1, "tokens": 1_200}]
    assert report["sections"][1] == {"key": "overview", "heading": "Overview", "author": "model"}
