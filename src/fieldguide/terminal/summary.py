"""What a run did, and what a plan holds, told to a person.

Comes in: a `RunReport` or a `PlanReport`. Goes out: lines of plain text.
Must never: print; leave out that something is missing; claim what the report does not say.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from fieldguide.domain.page import Author
from fieldguide.domain.source import SkipReason
from fieldguide.settings.quoting import quoted
from fieldguide.terminal.quantities import counted, dollars
from fieldguide.terminal.work_report import prompts_told, requests_told, time_told

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fieldguide.domain.injection import Injection
    from fieldguide.domain.page import Finding
    from fieldguide.domain.redacted import Redaction
    from fieldguide.domain.report import Counts, PlanReport, RunReport
    from fieldguide.domain.source import Skipped

_FEW = 5
"""Findings that are shown without `--verbose`."""


def run_summary(report: RunReport, *, verbose: bool) -> str:
    """Return what a run did, and what to do next."""
    lines = [
        *_reading(report.counts, report.skipped, verbose=verbose),
        *_hiding(report.redactions, verbose=verbose),
        *_fencing(report.injections, verbose=verbose),
        *_asking(report),
        *_checking(report.references_checked, report.findings, verbose=verbose),
        *([f"kept the earlier page as {quoted(report.kept)}"] if report.kept else []),
        *_losses(report),
        _ending(report),
    ]
    return "\n".join(lines)


def run_losses(report: RunReport) -> str:
    """Return only what a run could not do; empty when it did everything."""
    return "\n".join(_losses(report))


def plan_summary(report: PlanReport, *, verbose: bool) -> str:
    """Return what a run would do; with the exact payload where the report holds it."""
    outline = report.outline
    by_model = [section.heading or section.key for section in outline.sections if section.author is Author.MODEL]
    lines = [
        f"page: {quoted(outline.path)}",
        *_reading(report.counts, report.skipped, verbose=verbose),
        *_hiding(report.redactions, verbose=verbose),
        *_fencing(report.injections, verbose=verbose),
        f"provider: {report.provider}",
    ]
    if outline.refused:
        lines.append(f"the model would not be asked: {outline.refused}")
    elif report.already_paid:
        lines.append("nothing would be sent: the page holds the reply to exactly this request")
    elif outline.requests:
        lines.extend(requests_told(report, verbose=verbose))
        lines.append(f"cost: {_money(report.cost, 'at most ')}")
        lines.append(time_told(report))
        lines.append(f"written by the model: {', '.join(by_model)}")
        lines.extend(_evidence(report))
    else:
        lines.append("nothing would be sent")
    lines.extend(prompts_told(report))
    return "\n".join(lines)


def _evidence(report: PlanReport) -> Iterable[str]:
    if not report.outline.evidence:
        return
    yield "sent word for word for the page, with its tokens:" if report.work else "sent, with its tokens:"
    for evidence in report.outline.evidence:
        span = evidence.span
        yield f"  {evidence.tokens:>8,}  {quoted(span.path)} lines {span.first} to {span.last}"


def _reading(counts: Counts, skipped: Sequence[Skipped], *, verbose: bool) -> Iterable[str]:
    parts = [f"read {counted(counts.read, 'file')} ({counted(counts.lines, 'line')} of code)"]
    if counts.from_cache:
        parts.append(f"{counts.from_cache:,} of them known from the cache")
    if counts.listed:
        parts.append(f"listed {counts.listed:,} without reading them")
    yield ", ".join(parts)
    if skipped:
        yield f"left out {_by_kind([one.reason.value for one in skipped])}"
    if any(one.reason is SkipReason.TOO_LARGE for one in skipped):
        yield "  larger files are read with `--max-file-size`"
    if verbose:
        yield from (
            f"  {quoted(one.path)}: {one.reason.value}" + (f" ({one.detail})" if one.detail else "") for one in skipped
        )


def _hiding(redactions: Sequence[Redaction], *, verbose: bool) -> Iterable[str]:
    hidden = [one for one in redactions if not one.reviewed]
    if hidden:
        yield f"hid {_by_kind([one.kind for one in hidden])}"
    if verbose:
        yield from (f"  {quoted(one.path)} line {one.first}: {one.kind} as {one.placeholder}" for one in hidden)
    if len(hidden) < len(redactions):
        yield f"left readable what was reviewed: {counted(len(redactions) - len(hidden), 'place')}"


def _fencing(injections: Sequence[Injection], *, verbose: bool) -> Iterable[str]:
    """Places that speak to a model: whoever reads this repository with another tool should know of them."""
    if not injections:
        return
    yield f"fenced as data, never obeyed: {counted(len(injections), 'place')} that would steer a language model"
    shown = injections if verbose else injections[:_FEW]
    yield from (f"  {quoted(one.path)} line {one.line}: {one.kind.value}" for one in shown)
    if len(shown) < len(injections):
        yield f"  and {len(injections) - len(shown):,} more: `--verbose` lists them"


def _asking(report: RunReport) -> Iterable[str]:
    usage, spending = report.usage, report.spending
    if report.requests:
        yield (
            f"asked {report.provider}: {counted(report.requests, 'request')}, {usage.input_tokens:,} tokens in, "
            f"{usage.output_tokens:,} out, {_money(usage.cost)}"
        )
    if spending is None:
        return
    if spending.from_store:
        were = "was" if spending.from_store == 1 else "were"
        yield f"{'  ' if report.requests else ''}{counted(spending.from_store, 'request')} {were} paid for before"
    if spending.retries:
        yield f"  sent again {counted(spending.retries, 'time')} for what went wrong on the way"
    if spending.waited >= 1:
        yield f"  waited {spending.waited:,.0f} s for the quota"
    left = spending.planned - spending.done
    if left > 0 and (report.missing or report.failure):
        yield f"  not asked: {left:,} of {counted(spending.planned, 'request')}"
    elif left > 0:
        yield f"  not needed after all: {counted(left, 'planned request')}, since notes came out as they were"


def _checking(checked: int, findings: Sequence[Finding], *, verbose: bool) -> Iterable[str]:
    if not findings:
        yield f"checked {counted(checked, 'reference')}: all of them hold"
        return
    yield f"checked {counted(checked, 'reference')}: {len(findings):,} did not hold"
    for finding in findings if verbose else findings[:_FEW]:
        reference = finding.reference
        near = f", nearest is {quoted(finding.nearest)}" if finding.nearest else ""
        named = f"{reference.kind.value} {quoted(reference.text)} in section `{reference.section}`"
        why = f", for {finding.why}" if finding.why else ""
        yield f"  {named}: {finding.action}{why}{near}"
    if len(findings) > _FEW and not verbose:
        yield f"  and {len(findings) - _FEW:,} more, shown by `--verbose`"


def _losses(report: RunReport) -> Iterable[str]:
    causes: dict[tuple[str, str], list[str]] = {}
    for missing in report.missing:
        if missing.paths:
            yield f"missing: notes on {', '.join(map(quoted, missing.paths))}: {missing.reason}; {missing.instead}"
            continue
        causes.setdefault((missing.reason, missing.instead), []).append(missing.section)
    for (reason, instead), sections in causes.items():
        names = ", ".join(f"`{section}`" for section in sections)
        one = len(sections) == 1
        yield (
            f"missing: {'section' if one else 'sections'} {names}: {reason}; "
            f"in {'its' if one else 'their'} place: {instead}"
        )
    if report.failure is not None:
        yield f"error: {report.failure.fact}"
        yield f"hint: {report.failure.hint}"


def _ending(report: RunReport) -> str:
    seconds = f"{report.seconds:.1f} s"
    if report.path == "-":
        return f"done in {seconds}"
    if not report.changed:
        return f"nothing has changed: {quoted(report.path)} stands as it was ({seconds})"
    if report.failure is not None:
        return f"wrote {quoted(report.path)} in {seconds}; mend that and type the same command again"
    if report.missing:
        return f"wrote {quoted(report.path)} in {seconds}, without what is named as missing"
    return f"wrote {quoted(report.path)} in {seconds}; read it and commit it: words that you add stay"


def _by_kind(kinds: Sequence[str]) -> str:
    """Count by kind, the most frequent first: `7: 4 ignored by git, 3 binary`."""
    numbers = sorted(Counter(kinds).items(), key=lambda pair: (-pair[1], pair[0]))
    return f"{len(kinds):,}: " + ", ".join(f"{count:,} {kind}" for kind, count in numbers)


def _money(cost: float | None, limit: str = "") -> str:
    return "price unknown" if cost is None else f"{limit}{dollars(cost)}"
