"""Write a page: sections of facts rendered, sections of prose asked of the model.

Comes in: an `Outline`, a `Codebase`, a model's choice. Goes out: draft sections in Markdown, and the request for prose.
Must never: send anything except through `llm/door.py`.
"""

from fieldguide.write.sections import render_sections, undescribed

__all__ = ["render_sections", "undescribed"]
