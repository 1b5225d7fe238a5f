"""Puts repository text into a prompt as material: fenced, labelled, and unable to close its fence.

Comes in: evidence, Markdown of the fact sections, names. Goes out: text for the fields of a prompt.
Must never: let a file's name or content stand outside a fence unescaped.
"""

from __future__ import annotations

import json
import re
from itertools import groupby
from typing import TYPE_CHECKING, Final

from fieldguide.domain.sections import FOOTER, OVERVIEW, TAGLINE, TITLE
from fieldguide.domain.source import Role
from fieldguide.domain.unseen import seen
from fieldguide.write.prose.shortening import shortened

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fieldguide.domain.page import DraftSection, Evidence

GAP: Final = "…"
"""Stands for lines that are left out."""
SHORTEST_FENCE: Final = 8
MOST_NAMES: Final = 40
"""Names to describe in one request: some thousand tokens of reply."""

_TILDES: Final = re.compile(r"~+")
_SPAN: Final = r"(?<!`)(?P<{name}>`+)(?!`)(?:[^`]|(?!(?P={name})(?!`))`+)*+(?P={name})(?!`)"
"""A code span of Markdown: as many backticks at its end as at its beginning."""
_LINK: Final = re.compile(
    _SPAN.format(name="outer") + r"|(?<!!)\[(?P<label>(?:[^\[\]`]|" + _SPAN.format(name="inner") + r")*+)\]\([^()\s]*\)"
)
"""A link, or a code span, in which nothing is a link."""
_DIAGRAM: Final = re.compile(r"^```mermaid\n.*?^```\n?", re.DOTALL | re.MULTILINE)
_NOT_BESIDE: Final = frozenset({TITLE, TAGLINE, OVERVIEW, FOOTER})
KINDS: Final = {
    Role.SOURCE: "code",
    Role.MANIFEST: "build and packaging",
    Role.EXAMPLE: "an example",
    Role.TEST: "an example out of a test",
    Role.DOCUMENTATION: "hand-written documentation, possibly out of date",
}


def fence_for(texts: Iterable[str]) -> str:
    """A line of tildes, longer than every run of them in `texts`, so that none of them can end what it opens.

    Tildes that something unseen holds apart are one run: `fenced` takes that out.
    """
    longest = max((len(run) for text in texts for run in _TILDES.findall(seen(text))), default=0)
    return "~" * max(SHORTEST_FENCE, longest + 1)


def evidence_text(evidence: Sequence[Evidence], fence: str) -> str:
    """Evidence between fences, in its order: pieces of a file together, with its path, its kind and its lines."""
    files = [list(pieces) for _, pieces in groupby(evidence, key=lambda one: (one.span.path, one.role))]
    return "\n\n".join(f"{_label(pieces)}:\n{fenced(_joined(pieces), fence)}" for pieces in files)


def _label(pieces: Sequence[Evidence]) -> str:
    """A file's path, its kind, and its lines or the first and last of them."""
    first, last = pieces[0], pieces[-1]
    parts = "" if len(pieces) == 1 else "parts of "
    lines = f"{parts}lines {first.span.first} to {last.span.last}"
    return f"{shown_path(first.span.path)} ({KINDS[first.role]}, {lines})"


def _joined(pieces: Sequence[Evidence]) -> str:
    """Text of pieces of one file, with a mark where lines are left out."""
    return f"\n{GAP}\n".join(one.text.text.rstrip("\n") for one in pieces) if len(pieces) > 1 else pieces[0].text.text


def fenced(text: str, fence: str) -> str:
    """Text between two fences, each on a line of its own, without characters that only a model would see."""
    text = seen(text)
    ending = "" if text.endswith("\n") or not text else "\n"
    return f"{fence}\n{text}{ending}{fence}"


def facts_for_model(sections: Iterable[DraftSection]) -> str:
    """Markdown of the fact sections that will stand beside a model's text, without link targets and the diagram.

    Of long tables and lists only the first rows are there, and the names of the others.

    The overview and the tagline are not among them: the model's take their place.
    """
    said = [one for one in sections if one.markdown and one.section.key not in _NOT_BESIDE]
    parts = [(f"## {one.section.heading}\n\n" if one.section.heading else "") + one.markdown.strip() for one in said]
    text = _DIAGRAM.sub("(diagram)\n", "\n\n".join(parts))
    return shortened(_LINK.sub(lambda match: match["label"] or match[0], text))


def names_text(names: Sequence[str], fence: str) -> str:
    """The first `MOST_NAMES` names to describe, a line each, between fences; or that there are none."""
    if not names:
        return "There are none."
    return fenced("\n".join(_one_line(name) for name in names[:MOST_NAMES]), fence)


def notes_text(notes: Iterable[tuple[str, str]], fence: str) -> str:
    """Notes beneath their labels, each between fences; or that there are none."""
    return "\n\n".join(f"{label}:\n{fenced(text, fence)}" for label, text in notes) or "There are none."


def shown_path(path: str) -> str:
    """A path in backticks; one that could break out of them is quoted as JSON does, with escapes."""
    return f"`{path}`" if path.isprintable() and "`" not in path else json.dumps(path)


def _one_line(name: str) -> str:
    return name if name.isprintable() else json.dumps(name)
