"""What has left this machine, told to a person or to a program.

Comes in: a `LedgerReading`. Goes out: lines of plain text, or one JSON object on one line.
Must never: print; say that a chain holds which does not; claim more than a chain can show.

Keys of the JSON: `format`, `command` (`ledger`), `exit_code`, `ledger` (path of the file), `chain` (`holds`, `fault` or
null, `records`, `last_digest` or null, `torn`: line numbers, `without_key`), and `calls`: a list of `record`, `time`,
`host`, `address`, `model`, `request`, `payload_sha256`, `payload_bytes`, `payload_exact`, `sources` (a list of `path`,
`first_line`, `last_line`), `outcome` or null, `reply_bytes`, `input_tokens`, `output_tokens`, `cost_usd` or null.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from fieldguide.errors import ExitCode
from fieldguide.settings.quoting import printable, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fieldguide.domain.ledger import Arrival, Call, LedgerReading

FORMAT: Final = 1
_HEADINGS: Final = ("time (UTC)", "host", "model", "files", "tokens in", "out", "cost", "outcome")
_NUMBERS: Final = frozenset({3, 4, 5, 6})
"""Columns that are set to the right."""
_UNKNOWN: Final = "not known: the run ended first"


def ledger_exit_code(reading: LedgerReading) -> ExitCode:
    """1 where a record does not hold."""
    return ExitCode.FINDINGS if reading.fault else ExitCode.DONE


def ledger_summary(reading: LedgerReading, directory: str, *, verbose: bool) -> str:
    """Return what has left of a directory: a table of calls, their sum, and whether the record is whole."""
    if not reading.records and not reading.fault and not reading.torn:
        return f"nothing of {quoted(directory)} has been sent: there is no ledger at {quoted(reading.path)}"
    lines = [f"sent of {quoted(directory)}, as {quoted(reading.path)} has it:"]
    lines.extend(_table(reading.calls, verbose=verbose))
    lines.append(_sum(reading.calls))
    lines.extend(_chain(reading))
    return "\n".join(lines)


def ledger_json(reading: LedgerReading) -> str:
    """Return the same as JSON."""
    report = {
        "format": FORMAT,
        "command": "ledger",
        "exit_code": int(ledger_exit_code(reading)),
        "ledger": reading.path,
        "chain": {
            "holds": not reading.fault,
            "fault": reading.fault or None,
            "records": reading.records,
            "last_digest": reading.head or None,
            "torn": list(reading.torn),
            "without_key": reading.unkeyed,
        },
        "calls": [_call(one) for one in reading.calls],
    }
    return json.dumps(report, ensure_ascii=True) + "\n"


def _call(call: Call) -> dict[str, object]:
    departure, arrival = call.departure, call.arrival
    return {
        "record": call.number,
        "time": call.time,
        "host": departure.host,
        "address": departure.address,
        "model": departure.model,
        "request": departure.request,
        "payload_sha256": departure.payload,
        "payload_bytes": departure.size,
        "payload_exact": departure.exact,
        "sources": [{"path": one.path, "first_line": one.first, "last_line": one.last} for one in departure.sources],
        "outcome": arrival.outcome if arrival else None,
        "reply_bytes": arrival.size if arrival else 0,
        "input_tokens": arrival.input_tokens if arrival else 0,
        "output_tokens": arrival.output_tokens if arrival else 0,
        "cost_usd": arrival.cost if arrival else None,
    }


def _table(calls: Sequence[Call], *, verbose: bool) -> Iterator[str]:
    rows = [_HEADINGS, *(_row(call) for call in calls)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADINGS))]
    yield _line(rows[0], widths)
    for call, row in zip(calls, rows[1:], strict=True):
        yield _line(row, widths)
        if verbose:
            yield from _details(call)


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    cells = (
        text.rjust(width) if column in _NUMBERS else text.ljust(width)
        for column, (text, width) in enumerate(zip(row, widths, strict=True))
    )
    return "  ".join(cells).rstrip()


def _row(call: Call) -> tuple[str, ...]:
    departure, arrival = call.departure, call.arrival
    files = len({one.path for one in departure.sources})
    time = call.time.partition(".")[0].replace("T", " ")
    return (
        time,
        printable(departure.host),
        printable(departure.model),
        f"{files:,}",
        *_tokens(arrival),
        printable(arrival.outcome) if arrival else _UNKNOWN,
    )


def _tokens(arrival: Arrival | None) -> tuple[str, str, str]:
    if arrival is None or not (arrival.input_tokens or arrival.output_tokens):
        return "-", "-", "-"
    return f"{arrival.input_tokens:,}", f"{arrival.output_tokens:,}", _money(arrival.cost)


def _money(cost: float | None) -> str:
    return "unknown" if cost is None else f"${cost:.4f}"


def _details(call: Call) -> Iterator[str]:
    departure = call.departure
    what = "body" if departure.exact else "messages (the body is made by the provider's own package)"
    yield f"    to {quoted(departure.address)}, request {departure.request}"
    yield f"    {what}: {departure.size:,} bytes, SHA-256 {departure.payload}"
    yield from (f"    {quoted(one.path)} lines {one.first} to {one.last}" for one in departure.sources)


def _sum(calls: Sequence[Call]) -> str:
    arrived = [call.arrival for call in calls if call.arrival]
    paths = {one.path for call in calls for one in call.departure.sources}
    inward, outward = (
        sum(counts) for counts in ([a.input_tokens for a in arrived], [a.output_tokens for a in arrived])
    )
    costs = [one.cost for one in arrived if one.cost is not None]
    money = f", {_money(sum(costs))}" if costs else ""
    noun = "request" if len(calls) == 1 else "requests"
    files = f"{len(paths):,} file" + ("" if len(paths) == 1 else "s")
    return f"in all: {len(calls):,} {noun}, lines of {files}, {inward:,} tokens in, {outward:,} out{money}"


def _chain(reading: LedgerReading) -> Iterator[str]:
    for number in reading.torn:
        yield f"line {number} was not written whole: a run was ended while it wrote"
    if reading.unkeyed:
        yield f"{reading.unkeyed:,} records were made without the key that is set now"
    if reading.fault:
        yield f"the chain is broken: {reading.fault}; what follows it cannot be relied on"
    else:
        yield f"the chain of {reading.records:,} records holds; the last one's digest is {reading.head}"
