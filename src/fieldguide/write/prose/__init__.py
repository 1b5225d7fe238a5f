"""The part of a page that a model writes: the request for it, and what becomes of the reply.

Comes in: an `Outline` with evidence, a `Codebase`, a model's choice. Goes out: a `Request`, and `WrittenProse`.
Must never: send anything except through the door of `fieldguide.llm`.
"""

from __future__ import annotations

from fieldguide.write.prose.correction import correction_request, write_correction
from fieldguide.write.prose.material import facts_for_model, names_text
from fieldguide.write.prose.prompts import Prompts, load_prompts
from fieldguide.write.prose.request import prose_request, render_request
from fieldguide.write.prose.revision import Reviser, revision_request
from fieldguide.write.prose.writing import ProseFailure, WrittenProse, write_prose, write_revision

__all__ = [
    "Prompts",
    "ProseFailure",
    "Reviser",
    "WrittenProse",
    "correction_request",
    "facts_for_model",
    "load_prompts",
    "names_text",
    "prose_request",
    "render_request",
    "revision_request",
    "write_correction",
    "write_prose",
    "write_revision",
]
