"""Records of redaction as a SARIF log.

Comes in: records, in order. Goes out: the log as plain values for JSON.
Must never: hold a value, the text of a line, or a path of this machine.

Format: Static Analysis Results Interchange Format 2.1.0, an OASIS standard. A kind is a rule, a place a result. Paths
are relative to `SRCROOT`, the documented directory, whose place on the disk is left to the reader of the log.
"""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fieldguide.domain.redacted import Redaction

_SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_ROOT: Final = "SRCROOT"
_FINGERPRINT: Final = "fieldguideValue/v1"
_NOTES: Final = frozenset({"email-address", "telephone-number", "ip-address", "setting"})
"""Kinds that open nothing: personal data and plain settings."""

Json = dict[str, object]


def sarif_log(records: Sequence[Redaction]) -> Json:
    """Return a log of one run that found `records`."""
    kinds = sorted({one.kind for one in records})
    index = {kind: number for number, kind in enumerate(kinds)}
    driver: Json = {
        "name": "fieldguide",
        "version": version("fieldguide"),
        "rules": [_rule(kind) for kind in kinds],
    }
    run: Json = {
        "tool": {"driver": driver},
        "originalUriBaseIds": {_ROOT: {"description": {"text": "The directory that was documented."}}},
        "columnKind": "unicodeCodePoints",
        "results": [_result(one, index[one.kind]) for one in records],
    }
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(kind: str) -> Json:
    words = kind.replace("-", " ")
    return {
        "id": kind,
        "name": "".join(word.capitalize() for word in words.split()),
        "shortDescription": {"text": f"A value of the kind: {words}."},
        "help": {
            "text": "If the value is alive, withdraw it where it was issued and take it out of the file. If it is no "
            "secret, run fieldguide with --reviewed and its fingerprint."
        },
        "defaultConfiguration": {"level": _level(kind)},
        "properties": {"tags": ["security"]},
    }


def _result(one: Redaction, rule: int) -> Json:
    message = f"A value of the kind {one.kind} stands here; its fingerprint is {one.fingerprint}."
    result: Json = {
        "ruleId": one.kind,
        "ruleIndex": rule,
        "level": _level(one.kind),
        "message": {"text": message},
        "locations": [{"physicalLocation": _place(one)}],
        "partialFingerprints": {_FINGERPRINT: one.fingerprint},
    }
    if one.reviewed:
        result["suppressions"] = [{"kind": "external", "status": "accepted", "justification": "reviewed: no secret"}]
    return result


def _place(one: Redaction) -> Json:
    path = quote(one.path.encode("utf-8", "surrogateescape"), safe="/")
    return {
        "artifactLocation": {"uri": path, "uriBaseId": _ROOT},
        "region": {"startLine": one.first, "endLine": one.last},
    }


def _level(kind: str) -> str:
    return "note" if kind in _NOTES else "error"
