"""Has a model mend what it wrote and the code does not bear out, once, before anything is taken out.

Comes in: prose as it was written, the codebase, a door. Goes out: prose in which fewer names are wrong, never more.
Must never: let a correction through that holds less of the text, or names more that does not exist, than it had.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from fieldguide.domain.page import Prose, ReferenceKind
from fieldguide.domain.request import Failure
from fieldguide.write import correction_request, write_correction

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fieldguide.domain.page import Finding
    from fieldguide.verify import VerifiedProse
    from fieldguide.write import Asker, Reviser


async def corrected(
    prose: Prose,
    verified_by: Callable[[Prose], VerifiedProse],
    reviser: Reviser,
    door: Asker,
    *,
    asking: Callable[[], None],
    verified: VerifiedProse | None = None,
) -> tuple[Prose, VerifiedProse]:
    """Ask once for the sections in which something does not hold; what cannot be had leaves them as they were.

    Args:
        prose: As the model wrote it.
        verified_by: Says what of prose the code bears out.
        reviser: The project, the model, its prompts.
        door: Answers a request; a correction that was paid for already is not asked for again.
        asking: Called before a request is made.
        verified: What of the prose the code bears out, where that is known.

    Returns:
        The prose, and what of it the code bears out.
    """
    verified = verified or verified_by(prose)
    request = correction_request(reviser, prose, verified.findings)
    if request is None:
        return prose, verified
    asking()
    answer = await write_correction(request, prose, door)
    if isinstance(answer, Failure):
        return prose, verified
    again = verified_by(answer)
    better = {key: answer.sections[key] for key in request.sections if _is_better(key, verified, again)}
    if not better:
        return prose, verified
    mended = replace(prose, sections={**prose.sections, **better})
    return mended, again if mended == answer else verified_by(mended)


def _is_better(key: str, before: VerifiedProse, after: VerifiedProse) -> bool:
    """Whether a section says at least as much as before, as far as it holds, with fewer wrong names."""
    wrong, still_wrong = _wrong(key, before.findings), _wrong(key, after.findings)
    kept, now = before.prose.sections.get(key, ""), after.prose.sections.get(key, "")
    return still_wrong < wrong and len(now) >= len(kept)


def _wrong(key: str, findings: Sequence[Finding]) -> int:
    return sum(one.reference.section == key and one.reference.kind is not ReferenceKind.MARKUP for one in findings)
