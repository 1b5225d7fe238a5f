"""Makes the request that brings a page's prose up to date after a change of the code.

Comes in: the prose as it stands, what has changed, prompts. Goes out: a `Request`.
Must never: put a word of the repository outside a field, or into one that was not redacted.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fieldguide.domain.model import ModelChoice
from fieldguide.domain.redacted import RedactedText
from fieldguide.domain.sections import DESCRIPTIONS, PROSE_KEYS
from fieldguide.write.prose.material import KINDS, fence_for, fenced, names_text, shown_path
from fieldguide.write.prose.prompts import Prompts
from fieldguide.write.prose.request import filled

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from fieldguide.domain.basis import ChangedFile, Changes
    from fieldguide.domain.page import Prose
    from fieldguide.domain.request import Request

NOTHING: Final = "There are none."
_EMPTY: Final = "none"


@dataclass(frozen=True, slots=True)
class Reviser:
    """What every request for a revision is made with."""

    project: str
    choice: ModelChoice
    prompts: Prompts
    seal: Callable[[str], RedactedText]
    """Redacts finished text once more."""


def revision_request(
    reviser: Reviser, earlier: Prose, changes: Changes, *, notes: Mapping[str, str], gone: Sequence[str]
) -> Request:
    """Ask for those sections of a page anew that are no longer true.

    Args:
        reviser: What every request is made with.
        earlier: The prose as it stands.
        changes: Since it was written.
        notes: What was noted of changed files before they were, by path; where there are any.
        gone: Names in the earlier prose that the code no longer has.
    """
    standing = _standing(earlier)
    code = [*(one.text for one in changes.files), *notes.values()]
    fence = fence_for([standing, *code, *changes.facts, *changes.names, *gone])
    sections = (*PROSE_KEYS, *([DESCRIPTIONS] if changes.names else []))
    values = {
        "project": shown_path(reviser.project),
        "earlier": fenced(standing, fence),
        "code": _code(changes, notes, fence),
        "facts": fenced("\n".join(changes.facts), fence) if changes.facts else NOTHING,
        "gone": names_text(gone, fence),
        "undescribed": names_text(changes.names, fence),
        "sections": ", ".join(f"`## {key}`" for key in sections),
    }
    return filled(
        reviser.prompts,
        reviser.prompts.revise,
        values,
        sections=sections,
        choice=reviser.choice,
        seal=reviser.seal,
        spans=[span for one in changes.files for span in one.spans],
    )


def _standing(earlier: Prose) -> str:
    return "\n\n".join(f"## {key}\n\n{earlier.sections.get(key, _EMPTY)}" for key in PROSE_KEYS)


def _code(changes: Changes, notes: Mapping[str, str], fence: str) -> str:
    """Changed files, and how many are no more."""
    parts = [part for one in changes.files for part in _file(one, notes.get(one.path, ""), fence)]
    if changes.gone:
        parts.append(f"Files that are no more: {changes.gone}.")
    return "\n\n".join(parts) or NOTHING


def _file(changed: ChangedFile, note: str, fence: str) -> Iterable[str]:
    label = f"{shown_path(changed.path)} ({KINDS[changed.role]}{', new' if changed.new else ''})"
    if note:
        yield f"What was noted of {shown_path(changed.path)} before it changed:\n{fenced(note, fence)}"
    if changed.text:
        yield f"{label}:\n{fenced(changed.text, fence)}"
    elif changed.new:
        yield f"{label}: all that it holds stood in another file."
    if changed.defines:
        names = fenced(", ".join(changed.defines), fence)
        yield f"Something of {shown_path(changed.path)} is gone. It defines now:\n{names}"
