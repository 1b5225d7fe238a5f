"""The stage that checks what a page says against the code, and takes out what the code does not bear out.

Comes in: a draft, or a model's prose, and the `Codebase` it is about.
Goes out: the same with every reference holding, the number of references checked, and findings for the rest.
Must never: trust a model, need one, read a file, or import analysed code.
"""

from __future__ import annotations

from fieldguide.verify.drift import CitedCode
from fieldguide.verify.page import VerifiedProse, verify, verify_prose
from fieldguide.verify.relocation import relocated

__all__ = ["CitedCode", "VerifiedProse", "relocated", "verify", "verify_prose"]
