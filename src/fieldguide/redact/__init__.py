"""The room that hides secrets before anything else sees a text.

Comes in: text of files. Goes out: `RedactedText`, which nothing outside of this room makes from a string, and records
of what was hidden. Must never: change the number of lines; let a value through because it is slow.
"""

from __future__ import annotations

from fieldguide.redact.cache import FindingsCache, hidden_digest, redaction_version
from fieldguide.redact.detector import Detector
from fieldguide.redact.key import load_key
from fieldguide.redact.known import NOT_SECRET, KnownValues
from fieldguide.redact.last_look import LastLook
from fieldguide.redact.redactor import Hidden, Redactor, pieces_of, seal
from fieldguide.redact.secret import Secret

__all__ = [
    "NOT_SECRET",
    "Detector",
    "FindingsCache",
    "Hidden",
    "KnownValues",
    "LastLook",
    "Redactor",
    "Secret",
    "hidden_digest",
    "load_key",
    "pieces_of",
    "redaction_version",
    "seal",
]
