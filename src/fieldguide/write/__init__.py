"""Write a page: sections of facts rendered, sections of prose asked of the model.

Comes in: an `Outline`, a `Codebase`, a model's choice. Goes out: draft sections in Markdown, and the request for prose.
Must never: send anything except through `llm/door.py`.
"""

from __future__ import annotations

from fieldguide.llm import Door
from fieldguide.llm.store import ReplyStore
from fieldguide.llm.store_notes import NoteShelf
from fieldguide.llm.store_pages import PageShelf
from fieldguide.write.asker import REFUSED_BEFORE, Asker, RememberingAsker
from fieldguide.write.notes import (
    Desk,
    Followed,
    Shelf,
    Surveyed,
    Unwritten,
    follow,
    label_of,
    ready_requests,
    survey,
)
from fieldguide.write.prose import (
    Prompts,
    ProseFailure,
    Reviser,
    WrittenProse,
    correction_request,
    facts_for_model,
    load_prompts,
    names_text,
    prose_request,
    render_request,
    revision_request,
    write_correction,
    write_prose,
    write_revision,
)
from fieldguide.write.sections import render_sections, undescribed

__all__ = [
    "REFUSED_BEFORE",
    "Asker",
    "Desk",
    "Door",
    "Followed",
    "NoteShelf",
    "PageShelf",
    "Prompts",
    "ProseFailure",
    "RememberingAsker",
    "ReplyStore",
    "Reviser",
    "Shelf",
    "Surveyed",
    "Unwritten",
    "WrittenProse",
    "correction_request",
    "facts_for_model",
    "follow",
    "label_of",
    "load_prompts",
    "names_text",
    "prose_request",
    "ready_requests",
    "render_request",
    "render_sections",
    "revision_request",
    "survey",
    "undescribed",
    "write_correction",
    "write_prose",
    "write_revision",
]
