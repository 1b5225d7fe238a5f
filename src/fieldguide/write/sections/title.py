"""The title, and the one sentence under it.

Comes in: the project's name, its manifest's summary or its package's docstring, or the model's tagline.
Goes out: a heading of the first level; a sentence. Must never: invent a sentence.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fieldguide.domain.sections import TAGLINE
from fieldguide.write.sections.markdown import inline, plain, sentence
from fieldguide.write.sections.subject import display_name, root_manifest

if TYPE_CHECKING:
    from fieldguide.domain.codebase import Codebase
    from fieldguide.write.sections.subject import Subject


def title(subject: Subject) -> str:
    """Return the page's only heading of the first level."""
    return f"# {plain(display_name(subject.codebase))}"


def tagline(subject: Subject) -> str:
    """Return what the project says of itself in one sentence."""
    return subject.written(TAGLINE).strip() or sentence(own_summary(subject.codebase))


def own_summary(codebase: Codebase) -> str:
    """Return the manifest's summary, else the first sentence of the top package's docstring."""
    manifest = root_manifest(codebase)
    if manifest and manifest.summary:
        return inline(manifest.summary)
    top = {one.name.split(".")[0] for one in codebase.modules.values() if one.is_package and one.path.count("/") <= 2}  # noqa: PLR2004 - src/pkg/__init__.py
    packages = [codebase.modules[name] for name in sorted(top) if name in codebase.modules]
    said = [one.docstring.summary for one in packages if one.docstring.summary and one.role == "source"]
    return said[0] if len(said) == 1 else ""
