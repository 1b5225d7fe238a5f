"""The requests of a plan, told to a person: what would be sent, what it would cost and take, what is paid for.

Comes in: a `PlanReport`. Goes out: lines of plain text.
Must never: print; promise less than the worst case.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fieldguide.domain.work import Purpose
from fieldguide.settings.quoting import quoted
from fieldguide.terminal.quantities import counted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fieldguide.domain.report import PlanReport
    from fieldguide.domain.work import Errand

_NAMED: Final = {Purpose.FILE: "notes on", Purpose.PACKAGE: "a note on", Purpose.PAGE: "the page"}
_FEW: Final = 3
MINUTE: Final = 60.0


def requests_told(report: PlanReport, *, verbose: bool) -> Iterable[str]:
    """Requests with their tokens; of a page that rests on notes, which of them are paid for."""
    outline, revised = report.outline, report.revised
    window = f" of a window of {outline.window:,}" if outline.window else ""
    if revised is not None and report.left is not None:
        why = f"{counted(revised, 'file')} changed" if revised else "facts changed"
        yield f"requests: 1, which revises the page: {why} since it was written"
        yield f"tokens: {report.left.input_tokens:,} in, at most {report.left.output_tokens:,} out{window}"
        return
    yield f"requests: {outline.requests:,}"
    yield from _notes_told(report, verbose=verbose)
    yield f"tokens: {outline.input_tokens:,} in, at most {outline.output_tokens:,} out{window}"


def _notes_told(report: PlanReport, *, verbose: bool) -> Iterable[str]:
    if report.work is None or report.left is None:
        return
    by_purpose = [errand.topics[0].purpose for errand in report.work.errands]
    files, packages = by_purpose.count(Purpose.FILE), by_purpose.count(Purpose.PACKAGE)
    parts = [f"{files:,} for notes on files", *([f"{packages:,} on packages"] if packages else []), "1 for the page"]
    yield f"  {', '.join(parts)}: the tree is too large for one"
    if report.paid:
        left = report.left
        yield (
            f"  paid for: {counted(len(report.paid), 'note')}; left: {counted(len(left.errands), 'request')}, "
            f"{left.input_tokens:,} tokens in, about {report.expected_output:,} out"
        )
    if verbose:
        yield from map(_errand, report.left.errands)
        yield from (f"  in no request: {quoted(path)}: {reason}" for path, reason in report.work.left_out)


def time_told(report: PlanReport) -> str:
    """How long the quota makes it last."""
    if report.seconds is None:
        return "time: quota unknown (--rpm and --tpm say it)"
    minutes = report.seconds / MINUTE
    return f"time: at least {minutes:.0f} min under the quota" if minutes >= 1 else "time: within the quota of a minute"


def prompts_told(report: PlanReport) -> Iterable[str]:
    """Payloads, as far as they can be made now."""
    for number, prompt in enumerate(report.prompts, start=1):
        yield f"\n--- request {number} of {len(report.prompts)}, exactly as it would be sent ---\n{prompt}"
    waiting = len(report.left.errands) - len(report.prompts) if report.left is not None else 0
    if report.prompts and waiting > 0:
        yield f"{counted(waiting, 'more request')}: they depend on replies to these"


def _errand(errand: Errand) -> str:
    topic = errand.topics[0]
    paths = [quoted(one.key.partition(":")[2]) for one in errand.topics]
    more = f" and {len(paths) - _FEW:,} more" if len(paths) > _FEW else ""
    about = "" if topic.purpose is Purpose.PAGE else f" {', '.join(paths[:_FEW])}{more}"
    return f"  {errand.input_tokens:>8,}  {_NAMED[topic.purpose]}{about}"
