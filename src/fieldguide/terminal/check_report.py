"""What a check of documentation found, told to a person.

Comes in: a `CheckReport`, and where its paths start. Goes out: lines of plain text.
Must never: print; claim that something holds that was not resolved.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fieldguide.terminal.quantities import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fieldguide.domain.checks import CheckReport, Coverage
    from fieldguide.domain.documents import Checked, Fault

_NEAREST: Final = 3
"""Right names that are told of one fault."""
_WIDEST: Final = 160
"""Characters of a line that are shown."""
_UNNAMED: Final = 20
"""Names that no documentation names and that are listed without `--verbose`."""

COLOURS: Final = {"\ue000": "\x1b[0m", "\ue001": "\x1b[1m", "\ue002": "\x1b[2m", "\ue003": "\x1b[31m"}
"""What stands for the escapes of a terminal until a text was made safe to show: plain, bold, dim, red."""
_PLAIN, _BOLD, _DIM, _RED = COLOURS


def check_summary(
    report: CheckReport, shown: Callable[[str], str], *, verbose: bool, quiet: bool = False, colours: bool = False
) -> str:
    """Return what was found, one paragraph for each fault, and a last line that counts.

    Args:
        report: What was found.
        shown: Makes of a path of the report one that leads there from the working directory.
        verbose: List all names that no documentation names.
        quiet: Tell what is wrong and nothing else.
        colours: Marks of `COLOURS` are set.
    """
    paint = _Paint(on=colours)
    lines = [line for fault in report.checked.faults for line in _fault(fault, shown, paint)]
    lines += [line for one in report.mended for line in [f"mended {shown(one.path)}:{one.mention.line}: {_what(one)}"]]
    lines += [
        f"{shown(one.path)}:{one.first}: a comment sets faults aside and does not say why" for one in report.unexplained
    ]
    for one in report.stale:
        changed = f": {', '.join(one.changed[:_NEAREST])}" if one.changed else ""
        lines.append(
            f"{shown(one.path)}:{one.line}: the section `{one.section}` rests on code that has changed{changed}"
        )
    if report.coverage is not None:
        lines += _coverage(report.coverage, report.threshold, verbose=verbose)
    if not quiet:
        lines += _end(report, shown)
    return "\n".join(lines)


def fault_message(fault: Fault) -> str:
    """Return what is wrong, and the nearest that is right, on one line."""
    return _what(fault) + (f"; {_nearest(fault)}" if fault.verdict.nearest else "")


class _Paint:
    """Marks for `COLOURS`, or none."""

    def __init__(self, *, on: bool) -> None:
        self._on = on

    def __call__(self, text: str, colour: str) -> str:
        return f"{colour}{text}{_PLAIN}" if self._on else text


def _fault(fault: Fault, shown: Callable[[str], str], paint: _Paint) -> Iterator[str]:
    mention = fault.mention
    place = paint(f"{shown(fault.path)}:{mention.line}:{mention.column}", _BOLD)
    nearest = f"; {_nearest(fault)}" if fault.verdict.nearest else ""
    yield f"{place}: {paint(_what(fault), _RED)}{nearest}"
    if fault.source.strip():
        yield from _excerpt(fault, paint)


def _what(fault: Fault) -> str:
    keyword = f"`{fault.mention.text}`"
    return f"{keyword}: {fault.verdict.why}" if fault.verdict.why else f"{keyword} does not hold"


def _nearest(fault: Fault) -> str:
    return "nearest: " + ", ".join(f"`{one}`" for one in fault.verdict.nearest[:_NEAREST])


def _excerpt(fault: Fault, paint: _Paint) -> Iterator[str]:
    """The line of the document, with marks beneath the mention; a long line is cut around it."""
    mention, source = fault.mention, fault.source.replace("\t", " ")
    written = mention.written or mention.text
    start = mention.column - 1
    first = max(0, min(start - _WIDEST // 3, len(source) - _WIDEST)) if len(source) > _WIDEST else 0
    line = source[first : first + _WIDEST]
    head = f"{mention.line:>6} | "
    yield paint(head, _DIM) + line.rstrip()
    if source.startswith(written, start):
        room = min(len(written), len(line) - (start - first))
        yield paint(f"{'| ':>9}", _DIM) + " " * (start - first) + paint("^" * room, _RED)


def _coverage(coverage: Coverage, threshold: float | None, *, verbose: bool) -> Iterator[str]:
    named = coverage.public - len(coverage.unnamed)
    wanted = f" ({threshold:g} % are wanted)" if threshold is not None else ""
    yield f"documentation names {named:,} of {coverage.public:,} public names: {coverage.percent:.1f} %{wanted}"
    listed = coverage.unnamed if verbose else coverage.unnamed[:_UNNAMED]
    for one in listed:
        where = f" ({one.where.path}:{one.where.first})" if one.where else ""
        yield f"  {one.kind} `{one.name}`{where}"
    if len(listed) < len(coverage.unnamed):
        yield f"  and {len(coverage.unnamed) - len(listed):,} more; `--verbose` lists them"


def _end(report: CheckReport, shown: Callable[[str], str]) -> Iterator[str]:
    checked = report.checked
    yield f"{_found(report)} in {counted(checked.documents, 'document')} ({_account(checked)})"
    if checked.doubtful:
        names = counted(len(checked.doubtful), "name")
        yield f"{names} besides that nothing has, and that may be of something else: `--doubtful` lists them"
    if report.mended:
        yield f"{counted(len(report.mended), 'fault')} mended; look at the change before you commit it"
    if report.baseline:
        yield f"{counted(report.listed, 'fault')} listed in `{shown(report.baseline)}`"
    if report.outlived:
        yield f"{report.outlived} of the baseline are there no more; `--write-baseline` takes them out"
    if report.stale:
        yield f"hint: {counted(len(report.stale), 'section')} to write anew: `fieldguide DIR` does it"
    if checked.faults and not report.baseline:
        yield "hint: mend them, or set one aside with <!-- fieldguide: ignore NAME — why -->"


def _found(report: CheckReport) -> str:
    faults = len(report.checked.faults)
    return counted(faults, "fault") if faults else "no faults"


def _account(checked: Checked) -> str:
    """How many mentions there are, and what became of them."""
    parts = [f"{checked.holding:,} hold", f"{checked.unknown:,} cannot be known from here"]
    if checked.ignored:
        parts.append(f"{checked.ignored:,} set aside")
    return f"{checked.mentions:,} references: {', '.join(parts)}"
