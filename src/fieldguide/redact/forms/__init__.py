"""Secrets that the form around them gives away, however they are spelt.

Comes in: a prepared text and the rules. Goes out: where secrets stand: in connection strings and addresses, headers and
cookies, pieces of tools' files, key blocks, and in literals that are split or encoded.
Must never: judge a value by itself, which is the business of `fieldguide.redact.values`.
"""

from __future__ import annotations

from fieldguide.redact.forms.nested import find_nested
from fieldguide.redact.forms.private_keys import find_private_keys
from fieldguide.redact.forms.surroundings import find_forms

__all__ = ["find_forms", "find_nested", "find_private_keys"]
