"""A report as JSON, for programs.

Comes in: a `RunReport` or a `PlanReport`. Goes out: one JSON object on one line of text.
Must never: drop or rename a key without raising `FORMAT`: programs rely on them.

Keys of both commands:

- `format`: number of this form, `command`: `document` or `plan`, `exit_code`: what the command exits with.
- `files`: `read`, `listed`, `from_cache`, `lines`, `symbols` (numbers) and `skipped` (a list of `path`, `reason`,
  `detail`).
- `injections`: a list of `path`, `line`, `kind`: places that address a language model, or hide text from people
- `redactions`: a list of `path`, `first_line`, `last_line`, `kind`, `placeholder`, `fingerprint`, `reviewed`
  (it stays readable); never a value.
- `provider`: who is asked and by which variable. `page`: path of the page, `-` for standard output.

Of `document`: `changed`, `kept` (path or null), `seconds`, `model` (`requests`, `input_tokens`, `output_tokens`,
`cost_usd` or null, `planned`: requests, `from_store`: those of them that were paid for before, `retries`,
`waited_seconds`), `references` (`checked`, and `findings`: a list of `kind`, `text`, `section`, `line`, `nearest` or
null, `action`, `why` or null: what is wrong where that is not that it does not exist), `missing` (a list of `section`,
`reason`, `instead`, `paths`: of notes that could not be had, with an empty `section`), `failure` (`fact`, `hint`; or
null).

Of `plan`: `requests`, `input_tokens`, `output_tokens` (of the whole plan, the output at most), `window` or null,
`cost_usd` or null (of what is left), `already_paid`, `left` (what is not paid for: `requests`, `input_tokens`,
`output_tokens`, `expected_output_tokens`, `paid_notes`: a list of keys, `each`: a list of `topics`, `input_tokens`,
`output_tokens`), `minutes` (the least under the quota; null when that is unknown), `refused` or null, `sections` (a
list of `key`, `heading`, `author`), `evidence` (a list of `path`, `first_line`, `last_line`, `tokens`), `prompts` (a
list, empty without `--show-prompts`; of several requests those that can be made now).

A name that is not UTF-8 has its odd bytes as the lone surrogates that Python gives them, escaped. An error before the
report (exit code 2) writes no JSON.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from fieldguide.domain.report import Spending

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fieldguide.domain.page import Finding
    from fieldguide.domain.redacted import Redaction
    from fieldguide.domain.report import Counts, PlanReport, RunReport
    from fieldguide.domain.source import Skipped

FORMAT = 1

Json = dict[str, object]


def run_json(report: RunReport) -> str:
    """Return a run's report as JSON."""
    usage = report.usage
    failure = report.failure
    spending = report.spending or Spending()
    return _dump(
        {
            "format": FORMAT,
            "command": "document",
            "exit_code": int(report.exit_code),
            "page": report.path,
            "changed": report.changed,
            "kept": report.kept or None,
            "seconds": round(report.seconds, 3),
            "files": _files(report.counts, report.skipped),
            "redactions": _redactions(report.redactions),
            "injections": [{"path": one.path, "line": one.line, "kind": one.kind} for one in report.injections],
            "provider": report.provider,
            "model": {
                "requests": report.requests,
                "input_tokens": usage.input_tokens,
                "output_tokens": usage.output_tokens,
                "cost_usd": usage.cost,
                "planned": spending.planned,
                "from_store": spending.from_store,
                "retries": spending.retries,
                "waited_seconds": round(spending.waited, 3),
            },
            "references": {
                "checked": report.references_checked,
                "findings": [_finding(finding) for finding in report.findings],
            },
            "missing": [
                {"section": one.section, "reason": one.reason, "instead": one.instead, "paths": list(one.paths)}
                for one in report.missing
            ],
            "failure": None if failure is None else {"fact": failure.fact, "hint": failure.hint},
        }
    )


def plan_json(report: PlanReport) -> str:
    """Return a plan as JSON."""
    outline = report.outline
    return _dump(
        {
            "format": FORMAT,
            "command": "plan",
            "exit_code": 0,
            "page": outline.path,
            "files": _files(report.counts, report.skipped),
            "redactions": _redactions(report.redactions),
            "injections": [{"path": one.path, "line": one.line, "kind": one.kind} for one in report.injections],
            "provider": report.provider,
            "requests": outline.requests,
            "input_tokens": outline.input_tokens,
            "output_tokens": outline.output_tokens,
            "window": outline.window or None,
            "cost_usd": report.cost,
            "already_paid": report.already_paid,
            "left": _left(report),
            "minutes": None if report.seconds is None else round(report.seconds / 60, 1),
            "refused": outline.refused or None,
            "sections": [
                {"key": section.key, "heading": section.heading, "author": section.author.value}
                for section in outline.sections
            ],
            "evidence": [
                {
                    "path": evidence.span.path,
                    "first_line": evidence.span.first,
                    "last_line": evidence.span.last,
                    "tokens": evidence.tokens,
                }
                for evidence in outline.evidence
            ],
            "prompts": list(report.prompts),
        }
    )


def _left(report: PlanReport) -> Json:
    """What is not paid for yet."""
    if report.left is None:
        left = 0 if report.already_paid else report.outline.requests
        tokens_in, tokens_out = (report.outline.input_tokens, report.outline.output_tokens) if left else (0, 0)
        requests: list[Json] = []
    else:
        left, tokens_in, tokens_out = len(report.left.errands), report.left.input_tokens, report.left.output_tokens
        requests = [
            {
                "topics": [topic.key for topic in errand.topics],
                "input_tokens": errand.input_tokens,
                "output_tokens": errand.output_tokens,
            }
            for errand in report.left.errands
        ]
    return {
        "requests": left,
        "input_tokens": tokens_in,
        "output_tokens": tokens_out,
        "expected_output_tokens": report.expected_output,
        "paid_notes": list(report.paid),
        "each": requests,
    }


def _files(counts: Counts, skipped: Sequence[Skipped]) -> Json:
    return {
        "read": counts.read,
        "listed": counts.listed,
        "from_cache": counts.from_cache,
        "lines": counts.lines,
        "symbols": counts.symbols,
        "skipped": [{"path": one.path, "reason": one.reason.value, "detail": one.detail} for one in skipped],
    }


def _redactions(redactions: Sequence[Redaction]) -> list[Json]:
    return [
        {
            "path": one.path,
            "first_line": one.first,
            "last_line": one.last,
            "kind": one.kind,
            "placeholder": one.placeholder,
            "fingerprint": one.fingerprint,
            "reviewed": one.reviewed,
        }
        for one in redactions
    ]


def _finding(finding: Finding) -> Json:
    reference = finding.reference
    return {
        "kind": reference.kind.value,
        "text": reference.text,
        "section": reference.section,
        "line": reference.line,
        "nearest": finding.nearest or None,
        "why": finding.why or None,
        "action": finding.action,
    }


def _dump(report: Json) -> str:
    # ASCII alone: no control character, surrogate or bidirectional mark reaches a terminal or breaks a parser.
    return json.dumps(report, ensure_ascii=True) + "\n"
