"""Room of the language model: one door, through which every request goes.

Comes in: a `Request` made of `RedactedText`. Goes out: a `Reply` with its `Usage`, or a `Failure`.
Must never: be imported by anything but `write`.
"""

from __future__ import annotations

from fieldguide.llm.door import ask

__all__ = ["ask"]
