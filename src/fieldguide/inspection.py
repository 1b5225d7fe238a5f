"""Looks at what is about to be sent or published for secrets, and says what follows.

Comes in: records of redaction, sections that we wrote, a page that a person wrote.
Goes out: sections without secrets, warnings, or the error that ends a run.
Must never: show a value; change a word of a person's.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from fieldguide.domain.markers import find_sections, without_sections
from fieldguide.domain.report import Note, Observer, SecretsFoundError
from fieldguide.redact import NOT_SECRET, LastLook

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fieldguide.domain.page import DraftSection, ExistingPage
    from fieldguide.domain.redacted import Redaction

_SHOWN: Final = 20
"""Places that an error lists; the report holds all."""
_LINES: Final = 8
HINT: Final = (
    "remove them, or list them with --redaction-report FILE and name with --reviewed FINGERPRINT what is no secret"
)


def stop_on_secrets(redactions: Sequence[Redaction]) -> None:
    """End the run where there are secrets. Personal data that identifies a person but opens nothing ends none.

    Raises:
        SecretsFoundError: There is a secret that nobody reviewed.
    """
    found = [one for one in redactions if not one.reviewed and one.kind not in NOT_SECRET]
    if not found:
        return
    lines: dict[tuple[str, str], set[int]] = defaultdict(set)
    for one in found:
        lines[one.path, one.kind].add(one.first)
    places = [f"`{path}`: {kind} in {_lines(numbers)}" for (path, kind), numbers in sorted(lines.items())]
    shown = [*places[:_SHOWN], *([f"and {len(places) - _SHOWN} more places"] if len(places) > _SHOWN else [])]
    values = len({one.fingerprint for one in found})
    fact = "\n".join((f"{_counted(values, 'secret')} found, and nothing was sent or written", *shown))
    raise SecretsFoundError(fact, hint=HINT, redactions=tuple(redactions))


def inspected(
    sections: Sequence[DraftSection], look: LastLook
) -> tuple[list[DraftSection], dict[str, list[Redaction]]]:
    """Sections of ours without the secrets that were still in them, and by section's key what those were."""
    clean: list[DraftSection] = []
    found: dict[str, list[Redaction]] = {}
    looked = look.redact_all([one.markdown for one in sections])
    for one, (text, redactions) in zip(sections, looked, strict=True):
        hidden = [redaction for redaction in redactions if not redaction.reviewed]
        if hidden:
            found[one.section.key] = hidden
        clean.append(replace(one, markdown=text.text) if hidden else one)
    return clean, found


def placed(page: str, text: str, found: dict[str, list[Redaction]]) -> tuple[Redaction, ...]:
    """Records of what was found in sections, with the lines of those sections on the finished page."""
    records: list[Redaction] = []
    for marked in find_sections(text) if found else ():
        first = text.count("\n", 0, marked.start) + 1
        last = text.count("\n", 0, marked.end)
        records += [replace(one, path=page, first=first, last=last) for one in found.get(marked.section.key, ())]
    return tuple(records)


def warn_of_secrets(page: str, existing: ExistingPage | None, look: LastLook, observer: Observer) -> None:
    """Name the lines of a page in which a person's own words hold a secret: they stay as they are."""
    if existing is None:
        return
    text = without_sections(existing.text).replace("\r\n", "\n").replace("\r", "\n")
    lines: dict[str, set[int]] = defaultdict(set)
    for one in look.redact(text, page)[1]:
        if not one.reviewed and one.kind not in NOT_SECRET:
            lines[one.kind].add(one.first)
    for kind, numbers in sorted(lines.items()):
        observer(
            Note(
                f"`{page}` holds what looks like a secret ({kind}) in {_lines(numbers)}: it was not touched",
                warning=True,
            )
        )


def _lines(numbers: set[int]) -> str:
    shown = ", ".join(map(str, sorted(numbers)[:_LINES]))
    more = f" and {len(numbers) - _LINES} more" if len(numbers) > _LINES else ""
    return f"line{'s' if len(numbers) > 1 else ''} {shown}{more}"


def _counted(number: int, name: str) -> str:
    return f"{number} {name}{'' if number == 1 else 's'}"
