"""What a check of documentation found, for programs: JSON, SARIF and the annotations of a GitHub workflow.

Comes in: a `CheckReport`. Goes out: text.
Must never: hold more of a document than the lines that have a fault; drop or rename a key without raising `FORMAT`.

Keys of the JSON: `format`, `command` (`check`), `exit_code`, `documents`, `references` (`checked`, `hold`, `unknown`,
`set_aside`, `doubtful`), `faults` and `mended` (lists of `path`, `line`, `column`, `kind`, `text`, `why`, `nearest`: a
list, `fix` or null, `certain`, `source`: the line), `unexplained` (a list of `path`, `line`), `stale` (a list of
`path`, `line`, `section`, `changed`: a list), `coverage` (`public`, `percent`, `unnamed`: a list of `kind`, `name`,
`path` and `line` or null; or null), `baseline` or null. Paths are relative to the directory that was checked.

SARIF is the Static Analysis Results Interchange Format 2.1.0, an OASIS standard; annotations are workflow commands as
GitHub documents them (`::error file=…,line=…::…`).
"""

from __future__ import annotations

import json
from hashlib import blake2b
from importlib.metadata import version
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from fieldguide.terminal.check_report import fault_message

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fieldguide.domain.checks import CheckReport, Coverage
    from fieldguide.domain.documents import Fault

FORMAT: Final = 1
_SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_ROOT: Final = "SRCROOT"
_FINGERPRINT: Final = "fieldguideFault/v1"

Json = dict[str, object]


def check_json(report: CheckReport) -> str:
    """Return the report as JSON."""
    checked = report.checked
    whole: Json = {
        "format": FORMAT,
        "command": "check",
        "exit_code": int(report.exit_code),
        "documents": checked.documents,
        "references": {
            "checked": checked.mentions,
            "hold": checked.holding,
            "unknown": checked.unknown,
            "set_aside": checked.ignored,
            "doubtful": len(checked.doubtful),
        },
        "faults": [_fault(one) for one in checked.faults],
        "mended": [_fault(one) for one in report.mended],
        "unexplained": [{"path": one.path, "line": one.first} for one in report.unexplained],
        "stale": [
            {"path": one.path, "line": one.line, "section": one.section, "changed": list(one.changed)}
            for one in report.stale
        ],
        "coverage": _coverage(report.coverage) if report.coverage else None,
        "baseline": report.baseline or None,
    }
    return json.dumps(whole, ensure_ascii=True) + "\n"


def check_sarif(report: CheckReport) -> str:
    """Return the faults as a SARIF log of one run."""
    kinds = sorted({one.mention.kind.value for one in report.checked.faults})
    rules: list[Json] = [
        {
            "id": _rule(kind),
            "shortDescription": {"text": f"A document names a {kind} that the code does not bear out."},
            "help": {"text": "Mend the document, or set the fault aside with <!-- fieldguide: ignore NAME — why -->."},
            "defaultConfiguration": {"level": "error"},
            "properties": {"tags": ["documentation"]},
        }
        for kind in kinds
    ]
    run: Json = {
        "tool": {"driver": {"name": "fieldguide", "version": version("fieldguide"), "rules": rules}},
        "originalUriBaseIds": {_ROOT: {"description": {"text": "The directory that was checked."}}},
        "columnKind": "unicodeCodePoints",
        "results": [_result(one, kinds.index(one.mention.kind.value)) for one in report.checked.faults],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=True) + "\n"


def check_annotations(report: CheckReport, shown: Callable[[str], str]) -> str:
    """Return workflow commands, one a line, that mark each fault at its place."""
    return "".join(f"{line}\n" for line in _annotations(report, shown))


def _annotations(report: CheckReport, shown: Callable[[str], str]) -> Iterator[str]:
    for one in report.checked.faults:
        last = one.mention.column + len(one.mention.written or one.mention.text) - 1
        place = f"line={one.mention.line},col={one.mention.column},endColumn={last}"
        yield f"::error file={_property(shown(one.path))},{place},title=fieldguide::{_data(fault_message(one))}"
    for span in report.unexplained:
        message = "a comment sets faults aside and does not say why"
        yield f"::error file={_property(shown(span.path))},line={span.first},title=fieldguide::{message}"
    for one in report.stale:
        message = _data(f"the section `{one.section}` rests on code that has changed")
        yield f"::warning file={_property(shown(one.path))},line={one.line},title=fieldguide::{message}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _fault(fault: Fault) -> Json:
    mention, verdict = fault.mention, fault.verdict
    return {
        "path": fault.path,
        "line": mention.line,
        "column": mention.column,
        "kind": mention.kind.value,
        "text": mention.text,
        "part": verdict.part or None,
        "why": verdict.why,
        "nearest": list(verdict.nearest),
        "fix": verdict.fix or None,
        "certain": verdict.certain,
        "source": fault.source,
    }


def _coverage(coverage: Coverage) -> Json:
    unnamed = [
        {
            "kind": one.kind,
            "name": one.name,
            "path": one.where.path if one.where else None,
            "line": one.where.first if one.where else None,
        }
        for one in coverage.unnamed
    ]
    return {"public": coverage.public, "percent": round(coverage.percent, 2), "unnamed": unnamed}


def _rule(kind: str) -> str:
    return kind.replace(" ", "-")


def _result(fault: Fault, rule: int) -> Json:
    mention = fault.mention
    end = mention.column + len(mention.written or mention.text)
    known = f"{fault.path}\0{mention.kind.value}\0{mention.text}\0{' '.join(mention.sentence.split())}"
    return {
        "ruleId": _rule(mention.kind.value),
        "ruleIndex": rule,
        "level": "error",
        "message": {"text": fault_message(fault)},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {
                        "uri": quote(fault.path.encode("utf-8", "surrogateescape"), safe="/"),
                        "uriBaseId": _ROOT,
                    },
                    "region": {"startLine": mention.line, "startColumn": mention.column, "endColumn": end},
                }
            }
        ],
        "partialFingerprints": {
            _FINGERPRINT: blake2b(known.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
        },
    }
