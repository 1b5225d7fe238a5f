"""Makes the request by which a model mends what it wrote and the code does not bear out.

Comes in: prose as a model wrote it, the findings on it, prompts. Goes out: a `Request`; of its reply, the prose.
Must never: put a word of the repository, or of a model, outside a field, or into one that was not redacted.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from fieldguide.domain.page import ReferenceKind
from fieldguide.domain.request import Failure
from fieldguide.domain.sections import PROSE_KEYS
from fieldguide.write.prose.material import fence_for, fenced, shown_path
from fieldguide.write.prose.reply import parse_reply
from fieldguide.write.prose.request import filled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fieldguide.domain.page import Finding, Prose
    from fieldguide.domain.request import Request
    from fieldguide.write.asker import Asker
    from fieldguide.write.prose.revision import Reviser


def wrong_sections(findings: Sequence[Finding]) -> tuple[str, ...]:
    """Keys of the sections that name something which does not hold, in the page's order."""
    found = {one.reference.section for one in findings if one.reference.kind is not ReferenceKind.MARKUP}
    return tuple(key for key in PROSE_KEYS if key in found)


def correction_request(reviser: Reviser, prose: Prose, findings: Sequence[Finding]) -> Request | None:
    """Ask for the sections that have findings anew; `None` where none has.

    Args:
        reviser: What every such request is made with; its model is the one that is asked.
        prose: As the model wrote it.
        findings: On that prose.
    """
    sections = tuple(key for key in wrong_sections(findings) if key in prose.sections)
    if not sections:
        return None
    text = "\n\n".join(f"## {key}\n\n{prose.sections[key]}" for key in sections)
    lines = dict.fromkeys(_line(one) for one in findings if one.reference.section in sections)
    listed = "\n".join(line for line in lines if line)
    fence = fence_for([text, listed])
    values = {
        "project": shown_path(reviser.project),
        "text": fenced(text, fence),
        "findings": fenced(listed, fence),
        "sections": ", ".join(f"`## {key}`" for key in sections),
    }
    return filled(
        reviser.prompts, reviser.prompts.correct, values, sections=sections, choice=reviser.choice, seal=reviser.seal
    )


async def write_correction(request: Request, prose: Prose, door: Asker) -> Prose | Failure:
    """Have the sections written anew; those that the reply does not hold stand as they were, with what is wrong."""
    reply = await door.ask(request, continued=True)
    if isinstance(reply, Failure):
        return reply
    parsed = parse_reply(reply.text, reply.stop_reason, request.sections)
    return replace(prose, sections={**prose.sections, **parsed.sections})


def _line(finding: Finding) -> str:
    reference = finding.reference
    if reference.kind is ReferenceKind.MARKUP:
        return ""
    if reference.kind is ReferenceKind.VALUE:
        return f"- `## {reference.section}`: `{reference.text}` does not stand in the code that the sentence names"
    nearest = f"; the code has `{finding.nearest}`" if finding.nearest else ""
    why = f": {finding.why}" if finding.why else " does not exist"
    return f"- `## {reference.section}`: the {reference.kind.value} `{reference.text}`{why}{nearest}"
