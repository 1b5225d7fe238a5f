"""What was hidden where: for people, for programs, and for tools that collect findings.

Comes in: records of redaction, which hold no value. Goes out: text, JSON or SARIF, and a file of it.
Must never: show a value or the text of a line; name a place on this machine.

Keys of the JSON form, which a change raises `FORMAT` for:

- `format`: number of this form. `tool`: `name`, `version`.
- `counts`: `places`, `values` (different ones), `files`, `reviewed` (places), and `kinds`: places of each kind.
- `redactions`: a list of `path`, `first_line`, `last_line`, `kind`, `placeholder`, `fingerprint`, `reviewed`.

Fingerprints are keyed: without the key nobody can tell whether a guess is right. The same value has the same one as
long as the key is the same.
"""

from __future__ import annotations

import json
from collections import Counter
from importlib.metadata import version
from itertools import groupby
from typing import TYPE_CHECKING, Final

from fieldguide.errors import PublishError
from fieldguide.settings.quoting import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from fieldguide.domain.redacted import Redaction

FORMAT: Final = 1
_NEXT: Final = """\
What to do next
- A secret that is alive: withdraw it where it was issued, then take it out of the file and out of version control.
  Here it was replaced before anything left, but whoever has the file has it.
- No secret: look at the place, then name its fingerprint with `--reviewed FINGERPRINT`, or in your own configuration as
  `reviewed = ["FINGERPRINT"]`. It stays readable from then on, in every file, and is listed here as reviewed.
- Fingerprints hold as long as the key that they are made with: set FIELDGUIDE_REDACTION_KEY to have the same ones on
  several machines.
"""


def write_redaction_report(path: Path, redactions: Iterable[Redaction], *, root: Path) -> None:
    """Write the report at `path` in the form that its ending asks for, whole or not at all.

    Args:
        path: Of the file: `.sarif` and `.json` in any case, any other ending is text.
        redactions: Records, in any order.
        root: The documented directory; a link in it that leads out of it is not followed.

    Raises:
        PublishError: It cannot be written there.
    """
    from fieldguide.publish import write_page  # noqa: PLC0415  # only for a run that is asked for a report

    forms = {".sarif": redactions_sarif, ".json": redactions_json}
    text = forms.get(path.suffix.lower(), redactions_text)(redactions)
    try:
        write_page(path, text, keep_old=False, root=root)
    except PublishError as error:
        raise PublishError(error.fact, hint="name another file with --redaction-report") from error


def redactions_text(redactions: Iterable[Redaction]) -> str:
    """Return the report for people: by file and line, what each place is called, and what to do."""
    records = _in_order(redactions)
    if not records:
        return "Nothing was hidden: no secret was found.\n"
    hidden = [one for one in records if not one.reviewed]
    lines = [_summary(records), ""]
    if hidden:
        lines += [*(f"  {count:>6,}  {kind}" for kind, count in _kinds(hidden)), ""]
    for path, group in groupby(records, key=lambda one: one.path):
        lines.append(printable(path) or "the page")
        lines += [*map(_line, group), ""]
    return "\n".join((*lines, _NEXT))


def redactions_json(redactions: Iterable[Redaction]) -> str:
    """Return the report for programs."""
    records = _in_order(redactions)
    report = {
        "format": FORMAT,
        "tool": {"name": "fieldguide", "version": version("fieldguide")},
        "counts": {
            "places": len(records),
            "values": len({one.fingerprint for one in records}),
            "files": len({one.path for one in records}),
            "reviewed": sum(one.reviewed for one in records),
            "kinds": dict(_kinds(records)),
        },
        "redactions": [
            {
                "path": one.path,
                "first_line": one.first,
                "last_line": one.last,
                "kind": one.kind,
                "placeholder": one.placeholder,
                "fingerprint": one.fingerprint,
                "reviewed": one.reviewed,
            }
            for one in records
        ],
    }
    return json.dumps(report, indent=2, ensure_ascii=True) + "\n"


def redactions_sarif(redactions: Iterable[Redaction]) -> str:
    """Return the report as SARIF 2.1.0, which code hosts and security tools read."""
    from fieldguide.terminal.sarif import sarif_log  # noqa: PLC0415  # only for a run that is asked for it

    return json.dumps(sarif_log(_in_order(redactions)), indent=2, ensure_ascii=True) + "\n"


def _in_order(redactions: Iterable[Redaction]) -> Sequence[Redaction]:
    return sorted(set(redactions))


def _kinds(records: Iterable[Redaction]) -> Iterator[tuple[str, int]]:
    """Kinds with the number of their places, the most frequent first."""
    yield from sorted(Counter(one.kind for one in records).items(), key=lambda pair: (-pair[1], pair[0]))


def _summary(records: Sequence[Redaction]) -> str:
    hidden = [one for one in records if not one.reviewed]
    reviewed = len(records) - len(hidden)
    parts: list[str] = []
    if hidden:
        values, files = len({one.fingerprint for one in hidden}), len({one.path for one in hidden})
        parts.append(
            f"{_counted(len(hidden), 'place')} hidden: {_counted(values, 'value')} in {_counted(files, 'file')}"
        )
    if reviewed:
        parts.append(f"{_counted(reviewed, 'place')} reviewed and left readable")
    return "; ".join(parts)


def _line(one: Redaction) -> str:
    where = f"line {one.first}" if one.first == one.last else f"lines {one.first} to {one.last}"
    became = "reviewed, readable" if one.reviewed else one.placeholder
    return f"  {where}: {one.kind}, {became}, fingerprint {one.fingerprint}"


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
