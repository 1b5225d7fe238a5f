"""A page on its way from plan to disk: outline, evidence, draft, references, findings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from fieldguide.domain.redacted import RedactedText
from fieldguide.domain.source import Role, Span


class Author(StrEnum):
    """Who writes a section."""

    FACTS = "facts"
    MODEL = "model"


@dataclass(frozen=True, slots=True)
class Evidence:
    """A slice of the codebase that prose rests on."""

    span: Span
    text: RedactedText
    tokens: int
    role: Role = Role.SOURCE
    """What the model is told that it is: code, a manifest, an example, a person's documentation."""


@dataclass(frozen=True, slots=True)
class Section:
    """One section of an outline. `key` is stable over versions: markers and prompts name it."""

    key: str
    heading: str
    """Empty for the title block and the footer."""
    author: Author


@dataclass(frozen=True, slots=True)
class Outline:
    """What one page will hold, decided before anything is sent or written."""

    path: str
    """Of the page, relative to the documented directory."""
    sections: tuple[Section, ...]
    evidence: tuple[Evidence, ...] = ()
    """What the model gets, best first; empty without a model."""
    input_tokens: int = 0
    """Of the one request, prompt and facts included; 0 when nothing will be sent."""
    output_tokens: int = 0
    """Reserved for the reply."""
    window: int = 0
    """Tokens that the model takes in all; 0 when unknown or without a model."""
    requests: int = 0
    refused: str = ""
    """Why the model is not asked although one is configured: the tree does not fit, with the numbers."""
    assumed: str = ""
    """What is not known of the model and was assumed instead, for people to read: its window, its tokenizer."""
    left_out: tuple[str, ...] = ()
    """Paths that the model would get too if there were more room, and generated migrations; no other source module."""


@dataclass(frozen=True, slots=True)
class DraftSection:
    """A section's Markdown, without its heading line. Empty Markdown means: leave the section out."""

    section: Section
    markdown: str
    request_digest: str = ""
    """Of the request that bought it; empty for facts."""
    evidence: str = ""
    """Digests of the lines that it cites; empty where it cites none, or where nobody can look at them."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A page before and after verification."""

    path: str
    sections: tuple[DraftSection, ...]


@dataclass(frozen=True, slots=True)
class Prose:
    """What a model wrote, taken apart: Markdown by section key, and one-liners by qualified name or path."""

    sections: Mapping[str, str]
    descriptions: Mapping[str, str]
    """For public names and paths of which the code itself says nothing."""
    model: str = ""
    """Who wrote it, for the page's footer: `gpt-4o`."""


@dataclass(frozen=True, slots=True)
class ExistingSection:
    """A section of ours found in a page on disk."""

    key: str
    markdown: str
    """Between the markers, heading included, with `\n` line ends."""
    edited: bool
    """Its digest does not match: a person changed it."""
    request_digest: str
    """Of the request that bought it; empty for facts."""
    evidence: str = ""
    """Digests of the lines that it cites; empty where it cites none, or where they are not known."""


@dataclass(frozen=True, slots=True)
class ExistingPage:
    """A page on disk: bytes as they are, and the sections of ours in it."""

    text: str
    """Decoded as UTF-8; line ends as they are."""
    sections: tuple[ExistingSection, ...]

    @property
    def ours(self) -> bool:
        """It carries sections of ours."""
        return bool(self.sections)


@dataclass(frozen=True, slots=True)
class Merged:
    """A page ready for the disk, and what of the draft a person's words took precedence over."""

    text: str
    kept_edits: tuple[str, ...] = ()
    """Keys of our sections that a person edited; their text stands."""
    already_there: tuple[str, ...] = ()
    """Keys of sections left out because the person's own text has them."""


class ReferenceKind(StrEnum):
    """What a text names."""

    NAME = "name"
    PATH = "path"
    LINK = "link"
    ANCHOR = "anchor"
    FLAG = "flag"
    COMMAND = "command"
    VARIABLE = "environment variable"
    SETTING = "setting"
    """A key of a configuration file that the project reads: `[tool.fieldguide] model`."""
    IMPORT = "import"
    CALL = "call"
    """With its keyword arguments."""
    EXTRA = "extra"
    """Of a distribution: `package[extra]`; the distribution's name alone is one too."""
    VERSION = "version"
    """Of Python, or of the project or a dependency, where a document says which is needed."""
    VALUE = "value"
    """A number, default or type that is said of a named thing."""
    MARKUP = "markup"
    """Nothing that code bears out: raw HTML, an image or a table that a model may not type."""
    CODE = "code block"
    """As a whole: it does not parse, or shows what nobody can check."""


@dataclass(frozen=True, slots=True)
class Reference:
    """Something that a text names and that the code must bear out."""

    kind: ReferenceKind
    text: str
    section: str
    """Key of the section that names it."""
    line: int
    """Line within that section's Markdown, 1-based."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A reference that does not hold, and the nearest that does."""

    reference: Reference
    nearest: str
    action: str
    """What was done about it: `sentence removed`, `left as the author wrote it`."""
    why: str = ""
    """What is wrong with it, where that is not that it does not exist."""


@dataclass(frozen=True, slots=True)
class Verified:
    """A draft in which every reference holds."""

    draft: Draft
    checked: int
    findings: tuple[Finding, ...]
