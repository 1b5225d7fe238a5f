"""Makes the one request that buys a page's prose.

Comes in: an outline with its evidence, the facts that stand beside the prose, prompts. Goes out: a `Request`.
Must never: put a word of the repository outside a field, or into one that was not redacted.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import TYPE_CHECKING

from fieldguide.domain.redacted import PLACEHOLDER
from fieldguide.domain.request import Request
from fieldguide.domain.sections import DESCRIPTIONS, PROSE_KEYS
from fieldguide.write.prose.material import evidence_text, fence_for, fenced, names_text, notes_text, shown_path
from fieldguide.write.prose.prompts import load_prompts

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from fieldguide.domain.codebase import Codebase
    from fieldguide.domain.model import ModelChoice
    from fieldguide.domain.page import Outline
    from fieldguide.domain.redacted import RedactedText
    from fieldguide.domain.request import PromptText
    from fieldguide.domain.source import Span
    from fieldguide.write.prose.prompts import Prompts


def prose_request(
    outline: Outline,
    codebase: Codebase,
    choice: ModelChoice,
    facts: str,
    *,
    prompts: Path | None,
    seal: Callable[[str], RedactedText],
    undescribed: Sequence[str] = (),
    notes: Sequence[tuple[str, str]] = (),
) -> Request:
    """Make the request for the prose of `outline`.

    Args:
        outline: With the evidence to send.
        codebase: For the project's name.
        choice: The model that will be asked; only what shapes its reply goes into the digest.
        facts: Markdown of the fact sections, so that the model does not repeat it (`facts_for_model`).
        prompts: The user's own prompts, `None` for the shipped ones.
        seal: Redacts finished text once more, so that no path into the request goes around redaction.
        undescribed: Names and paths of which the code says nothing; the model is asked for a sentence on each.
        notes: What was noted of code that is not shown whole: label and text.

    Raises:
        ConfigurationError: The user's prompts do not hold.
    """
    loaded = load_prompts(prompts)
    noted = [text for _, text in notes]
    fence = fence_for([facts, *undescribed, *noted, *(one.text.text for one in outline.evidence)])
    sections = (*PROSE_KEYS, *([DESCRIPTIONS] if undescribed else []))
    values = {
        "project": shown_path(codebase.name),
        "facts": fenced(facts, fence),
        "notes": notes_text(notes, fence),
        "evidence": evidence_text(outline.evidence, fence),
        "undescribed": names_text(undescribed, fence),
        "sections": ", ".join(f"`## {key}`" for key in sections),
    }
    spans = [one.span for one in outline.evidence]
    return filled(loaded, loaded.readme, values, sections=sections, choice=choice, seal=seal, spans=spans)


def filled(
    prompts: Prompts,
    template: PromptText,
    values: Mapping[str, str],
    *,
    sections: Sequence[str],
    choice: ModelChoice,
    seal: Callable[[str], RedactedText],
    spans: Sequence[Span] = (),
) -> Request:
    """Fill a template of `prompts` in: the one place where a request for prose is made.

    Args:
        prompts: For the words that go before all.
        template: Which of them is filled in.
        values: By field; those that the template has no place for are left out.
        sections: Keys of the sections that are asked for.
        choice: The model that will be asked.
        seal: Redacts every value once more.
        spans: The lines that the values hold word for word.
    """
    fields = tuple((name, seal(text)) for name, text in values.items() if f"{{{name}}}" in template)
    return Request(
        system=prompts.system,
        prompt=template,
        fields=fields,
        sections=tuple(sections),
        max_output_tokens=choice.reply_tokens,
        digest=_digest(prompts.system, template, fields, sections, choice),
        # A file's name may be a secret too, and the ledger keeps it.
        sources=tuple(replace(span, path=seal(span.path).text) for span in spans),
    )


def render_request(request: Request) -> str:
    """The exact payload as people read it: the two messages, each beneath a line that says whose it is."""
    return f"[system]\n{request.system}\n\n[user]\n{user_message(request)}\n"


def user_message(request: Request) -> str:
    """The second message, as it is sent."""
    return request.prompt.format_map({name: value.text for name, value in request.fields})


def _digest(
    system: str,
    prompt: str,
    fields: Sequence[tuple[str, RedactedText]],
    sections: Sequence[str],
    choice: ModelChoice,
) -> str:
    """BLAKE2b-128 of what shapes the reply. Address and key do not: the same model elsewhere writes the same.

    Nor do the digits of placeholders, which are made with a key of the user's own: they are numbered as they come.
    """
    shaping = {
        "system": system,
        "prompt": prompt,
        "fields": [(name, value.text) for name, value in fields],
        "sections": list(sections),
        "provider": choice.provider.value,
        "model": choice.model,
        "family": choice.family,
        "temperature": choice.temperature,
        "output": choice.reply_tokens,
    }
    numbers: dict[str, int] = {}
    text = PLACEHOLDER.sub(
        lambda found: f"REDACTED_{numbers.setdefault(found[0], len(numbers))}",
        json.dumps(shaping, sort_keys=True, ensure_ascii=True),
    )
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
