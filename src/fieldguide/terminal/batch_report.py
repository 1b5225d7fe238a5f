"""What became of a batch, told to a person or to a program.

Comes in: a `BatchReport`. Goes out: lines of plain text, or one JSON object on one line.
Must never: print; show the provider's own words.

Keys of the JSON: `format`, `command` (`batch`), `operation`, `exit_code`, `next` (`status`, `collect`, `submit` or
`document`), `batch` (null, or `id`, `status`, `total`, `completed`, `failed`, `expires` in UTC or null, `faults`),
`submitted` (`requests`, `input_tokens`, `most_output_tokens`, `most_cost_usd` or null), `collected` (null, or `kept`,
`again`, `refused`: a list of `request`, `reason`; `topics`, `input_tokens`, `output_tokens`, `cost_usd` or null,
`failure`: null, or `fact`, `hint`), `waiting`, `beyond`, `short`, `left`.
"""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from fieldguide.domain.batch import BatchNext
from fieldguide.settings.quoting import printable
from fieldguide.terminal.quantities import counted, dollars, duration

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fieldguide.domain.batch import BatchReport, BatchStanding, Collected

FORMAT: Final = 1
SHOWN_TOPICS: Final = 20
_NEXT: Final = {
    BatchNext.WAIT: "`fieldguide batch status {directory}` says how far it is",
    BatchNext.COLLECT: "take the replies over: `fieldguide batch collect {directory}`",
    BatchNext.SUBMIT: "submit the next requests: `fieldguide batch submit {directory}`",
    BatchNext.DOCUMENT: "nothing is left for a batch: `fieldguide {directory}` writes the page",
}
_FAULTS: Final = {
    "token_limit_exceeded": "more tokens than the account may have waiting: the next batch will be half as large",
}


def batch_summary(report: BatchReport, directory: str) -> str:
    """Return what was done, how far the batch is, and what comes next; `directory` as a person would type it."""
    return "\n".join((*_lines(report), "next: " + _NEXT[report.next].format(directory=printable(directory))))


def batch_json(report: BatchReport) -> str:
    """Return the same as JSON."""
    standing, collected = report.standing, report.collected
    return (
        json.dumps(
            {
                "format": FORMAT,
                "command": "batch",
                "operation": report.operation,
                "exit_code": int(report.exit_code),
                "next": report.next.value,
                "batch": None if standing is None else _standing(standing),
                "submitted": {
                    "requests": report.submitted,
                    "input_tokens": report.worst.input_tokens,
                    "most_output_tokens": report.worst.output_tokens,
                    "most_cost_usd": report.worst.cost,
                },
                "collected": None if collected is None else _collected(collected),
                "waiting": report.waiting,
                "beyond": report.beyond,
                "short": report.short,
                "left": report.left,
            },
            ensure_ascii=True,
        )
        + "\n"
    )


def _standing(standing: BatchStanding) -> dict[str, object]:
    return {
        "id": standing.batch,
        "status": standing.status,
        "total": standing.total,
        "completed": standing.completed,
        "failed": standing.failed,
        "expires": None if standing.expires is None else _time(standing.expires),
        "faults": list(standing.faults),
    }


def _collected(collected: Collected) -> dict[str, object]:
    failure = collected.failure
    return {
        "kept": collected.kept,
        "again": collected.again,
        "refused": [{"request": digest, "reason": why} for digest, why in collected.refused.items()],
        "topics": list(collected.topics),
        "input_tokens": collected.usage.input_tokens,
        "output_tokens": collected.usage.output_tokens,
        "cost_usd": collected.usage.cost,
        "failure": None if failure is None else {"fact": failure.fact, "hint": failure.hint},
    }


def _lines(report: BatchReport) -> Iterator[str]:
    if report.collected is not None:
        yield from _of_results(report.collected)
    if report.submitted:
        worst = report.worst
        most = "" if worst.cost is None else f", at most {dollars(worst.cost)} at half the price"
        yield (
            f"submitted: {counted(report.submitted, 'request')}, {worst.input_tokens:,} tokens in, "
            f"at most {worst.output_tokens:,} out{most}"
        )
    elif report.operation == "submit" and report.next is BatchNext.DOCUMENT:
        yield "nothing was submitted: everything that a batch could bring is paid for"
    if report.beyond:
        why = "for what is left of the budget" if report.short else "for one batch"
        yield f"left out: {counted(report.beyond, 'request')}, too many {why}"
    if report.waiting:
        yield f"later: {counted(report.waiting, 'request')} that depend on these replies"
    if report.left:
        yield f"not for a batch: {counted(report.left, 'request')}, which a run asks in another way"
    if report.standing is not None:
        yield from _of_batch(report.standing)
    elif report.operation in {"status", "cancel", "collect"}:
        yield "no batch is under way"


def _of_batch(standing: BatchStanding) -> Iterator[str]:
    line = f"batch {printable(standing.batch)}: {printable(standing.status).replace('_', ' ')}"
    if standing.total:
        line += f", {standing.completed:,} of {counted(standing.total, 'request')} answered"
    if standing.failed:
        line += f", {standing.failed:,} failed"
    if standing.expires is not None and not standing.ended:
        left = standing.expires - time.time()
        line += f"; expires {_time(standing.expires)}" + (f", in {duration(left)}" if left > 0 else "")
    yield line
    for fault in standing.faults:
        yield f"    {_FAULTS.get(fault) or printable(fault)}"
    if standing.status == "failed" and not _FAULTS.keys() & {*standing.faults}:
        yield "    the provider took none of it; on Azure a deployment has to be of a batch type, such as Global Batch"


def _of_results(collected: Collected) -> Iterator[str]:
    used = collected.usage
    cost = "" if used.cost is None else f", {dollars(used.cost)}"
    replies = "1 reply" if collected.kept == 1 else f"{collected.kept:,} replies"
    yield f"collected: {replies}, {used.input_tokens:,} tokens in, {used.output_tokens:,} out{cost}"
    if collected.again:
        yield f"failed for the moment: {counted(collected.again, 'request')}, to be submitted again"
    if collected.refused:
        reasons = ", ".join(sorted(set(collected.refused.values())))
        yield f"without the whole answer: {counted(len(collected.refused), 'request')} ({reasons})"
        for key in collected.topics[:SHOWN_TOPICS]:
            yield f"    {printable(key)}"
        if len(collected.topics) > SHOWN_TOPICS:
            yield f"    and {len(collected.topics) - SHOWN_TOPICS:,} more"
    if collected.failure is not None:
        yield f"error: {printable(collected.failure.fact)}"
        yield f"hint: {printable(collected.failure.hint)}"


def _time(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
