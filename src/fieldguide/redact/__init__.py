"""The room that hides secrets before anything else sees a text.

Comes in: text of files. Goes out: `RedactedText`, which nothing outside of this room makes from a string, and records
of what was hidden. Must never: change the number of lines; let a value through because it is slow.
"""

from __future__ import annotations

from fieldguide.redact.detection import Detector
from fieldguide.redact.key import load_key
from fieldguide.redact.redactor import Redactor, seal

__all__ = ["Detector", "Redactor", "load_key", "seal"]
