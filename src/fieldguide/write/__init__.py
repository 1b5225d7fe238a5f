"""Write a page: sections of facts rendered, sections of prose asked of the model.

Comes in: an `Outline`, a `Codebase`, a model's choice. Goes out: draft sections in Markdown, and the request for prose.
Must never: send anything except through `llm/door.py`.
"""

from __future__ import annotations

from fieldguide.write.prose import (
    ProseFailure,
    WrittenProse,
    facts_for_model,
    is_kept,
    prose_request,
    render_request,
    write_prose,
)
from fieldguide.write.sections import render_sections, undescribed

__all__ = [
    "ProseFailure",
    "WrittenProse",
    "facts_for_model",
    "is_kept",
    "prose_request",
    "render_request",
    "render_sections",
    "undescribed",
    "write_prose",
]
