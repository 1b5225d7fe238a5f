"""The title, and the one sentence under it.

Comes in: the project's name, its manifest's summary or its package's docstring, or the model's tagline.
Goes out: a heading of the first level; a sentence. Must never: invent a sentence.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fieldguide.domain.sections import TAGLINE
from fieldguide.write.sections.markdown import inline, plain, sentence
from fieldguide.write.sections.subject import Shape, display_name, root_manifest, shape_of, source_modules

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
    """Return the root manifest's summary, else the first sentence of the docstring of the package that is the project.

    That package holds most of the code; of several distributions, and of loose scripts, none speaks for all.
    """
    manifest = root_manifest(codebase)
    if manifest and manifest.summary:
        return inline(manifest.summary)
    if shape_of(codebase) in {Shape.MONOREPO, Shape.SCRIPTS}:
        return ""
    modules = source_modules(codebase)
    packages = {one.name: one for one in modules if one.is_package}
    tops = [one for name, one in packages.items() if not any(name.startswith(f"{other}.") for other in packages)]
    lines = {top.name: sum(one.lines for one in modules if f"{one.name}.".startswith(f"{top.name}.")) for top in tops}
    main = max(tops, key=lambda one: (lines[one.name], one.name), default=None)
    if main is None or lines[main.name] * 2 <= sum(one.lines for one in modules):
        return ""
    return main.docstring.summary
