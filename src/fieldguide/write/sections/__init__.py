"""The sections of a page, rendered from facts, with the model's prose put in its places.

Comes in: a `Codebase`, the outline's sections, verified prose. Goes out: draft sections in Markdown.
Must never: reach a model, or print what the codebase does not say.
"""

from fieldguide.write.sections.page import render_sections, undescribed

__all__ = ["render_sections", "undescribed"]
