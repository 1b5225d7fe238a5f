"""Reads a ledger back and says whether its chain holds.

Comes in: a ledger's path. Goes out: a `LedgerReading`.
Must never: change the file; take a record for good because the one behind it is.

What the chain shows: a record that was changed, taken out, put in or moved, as long as the ones behind it stand. What
it cannot show: records taken off the end, unless their digest was noted elsewhere (`--log-file` notes each); and a
file written anew from its start by someone who may write it, unless the chain is made with a key that they lack.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

from fieldguide.domain.ledger import Call, LedgerReading
from fieldguide.errors import ConfigurationError
from fieldguide.llm.chain import FIRST, KEYED, PLAIN, Line, Record, decode, digest_of

if TYPE_CHECKING:
    from pathlib import Path


def read_ledger(path: Path, key: bytes | None = None) -> LedgerReading:
    """Read a ledger; one that does not exist holds nothing.

    Args:
        path: Of the ledger.
        key: Of `ledger_key`, where the user has one.

    Raises:
        ConfigurationError: It is there and cannot be read.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return LedgerReading(str(path))
    except OSError as error:
        fact = f"the ledger `{path}` cannot be read: {error.strerror}"
        raise ConfigurationError(fact, hint="it belongs to whoever sent what it holds: read it as that user") from error
    return _read(str(path), content.split(b"\n"), key)


def _read(path: str, lines: list[bytes], key: bytes | None) -> LedgerReading:
    calls: dict[int, Call] = {}
    previous: Line | None = None
    pending: list[tuple[int, bytes]] = []
    torn: list[int] = []
    fault, records, unkeyed = "", 0, 0
    # Behind the last line end there is nothing, or a record that was not written whole, perhaps but for its line end.
    *whole, rest = lines
    if decode(rest) is not None:
        whole, rest = lines, b""
    for position, text in enumerate(whole, start=1):
        line = decode(text)
        if line is None:
            pending.append((position, text))
            continue
        records += 1
        fault = fault or _fault(line, previous, [text for _, text in pending], key)
        torn.extend(position for position, _ in pending)
        unkeyed += bool(key) and line.record.chain != KEYED
        _enter(calls, line.record)
        previous, pending = line, []
    if pending:
        fault = fault or f"line {pending[0][0]} is no record"
    if rest:
        torn.append(len(lines))
    head = previous.digest if previous else ""
    return LedgerReading(path, tuple(calls.values()), records, head, fault, tuple(torn), unkeyed)


def _fault(line: Line, previous: Line | None, between: list[bytes], key: bytes | None) -> str:
    """Why a record does not hold; empty when it does."""
    record = line.record
    name = f"record {record.number}"
    expected = previous.record.number + 1 if previous else 1
    acknowledged = hashlib.sha256(b"\n".join(between)).hexdigest() if between else ""
    if record.chain not in {PLAIN, KEYED} or (record.chain == KEYED and key is None):
        return f"{name} is chained with a key that is not set here (`FIELDGUIDE_REDACTION_KEY`)"
    if digest_of(line.content, key if record.chain == KEYED else None) != line.digest:
        # Its own number may be what was changed.
        return f"record {expected} was changed"
    if record.after != acknowledged:
        return f"what stands before {name} is no record"
    if record.number != expected or record.previous != (previous.digest if previous else FIRST):
        return f"{name} does not follow what stands before it: records were taken out, put in or moved"
    return ""


def _enter(calls: dict[int, Call], record: Record) -> None:
    if record.sent is not None:
        calls[record.number] = Call(record.number, record.time, record.sent)
    elif record.ended is not None and record.of in calls:
        calls[record.of] = replace(calls[record.of], arrival=record.ended)
