"""What is hidden: from values to the settings of redaction.

Comes in: `Values`, and where each was said. Goes out: `RedactionSettings`, or faults.
Must never: show a pattern of the user's, or the text behind placeholders.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from fieldguide.settings.patterns import Wrong, kind_and_pattern
from fieldguide.settings.structure import RedactionSettings
from fieldguide.settings.values import Fault, Values

if TYPE_CHECKING:
    from collections.abc import Callable


class Hiding(NamedTuple):
    """The outcome."""

    settings: RedactionSettings
    faults: tuple[Fault, ...]


def hiding(values: Values, origin: Callable[[str], str]) -> Hiding:
    """Return the settings of redaction; `origin` names the flag, variable or TOML key that set a field."""
    patterns: list[tuple[str, str]] = []
    faults: list[Fault] = []
    for number, text in enumerate(values.secret_pattern, start=1):
        split = kind_and_pattern(text)
        if isinstance(split, Wrong):
            which = f"pattern {number} of " if len(values.secret_pattern) > 1 else ""
            faults.append(Fault(f"{which}`{origin('secret_pattern')}` {split.fact}", split.hint))
        else:
            patterns.append(split)
    settings = RedactionSettings(
        level=values.redact,
        hide=frozenset(values.hide),
        patterns=tuple(patterns),
        reviewed=frozenset(values.reviewed),
        fail=values.fail_on_secret,
        report=values.redaction_report,
        key=values.redaction_key,
    )
    return Hiding(settings, tuple(faults))
