"""A document that people wrote, what it mentions, and what the code says to each mention."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from fieldguide.domain.page import ReferenceKind
from fieldguide.domain.source import Span


class Form(StrEnum):
    """How a mention stands in its document, which tells how surely it is meant as one."""

    CODE = "code span"
    PROSE = "prose"
    """Recognised by its shape alone."""
    LINK = "link"
    ROLE = "role"
    """Of reStructuredText or MyST, whose name says what it is: `:func:`, `{doc}`."""
    PYTHON = "Python block"
    SHELL = "shell block"
    CONFIGURATION = "configuration block"
    """TOML, INI, YAML, JSON or an environment file."""


IN_BLOCKS: Final = frozenset({Form.PYTHON, Form.SHELL, Form.CONFIGURATION})
"""Forms of what no sentence is around."""


@dataclass(frozen=True, slots=True)
class Mention:
    """One thing that a document names."""

    kind: ReferenceKind
    text: str
    """As written, without the markup around it; of a call the dotted callee, of an import the dotted name."""
    line: int
    """In the document, 1-based."""
    column: int
    """1-based, in characters; 1 where only the line is known."""
    form: Form
    sentence: str = ""
    """Plain text of the sentence, table row, or line of code around it, code spans kept in backticks."""
    section: tuple[str, ...] = ()
    """Headings above it, outermost first."""
    keywords: tuple[str, ...] = ()
    """Of a call: its keyword arguments. Of a command: nothing, its words are in `text`."""
    keyword_places: tuple[tuple[int, int], ...] = ()
    """Line and column of each of `keywords` in a Python block; empty elsewhere."""
    subject: str = ""
    """Of a value: the thing that it is said of. Of a name in a Python block: the class that its owner was made from."""
    domain: str = ""
    """Of a role: its name, `func`, `py:class`, `doc`. Of a block: its language as written. Of a value: `default`,
    `type`, `minimum`, … as said. Of code in a link: where the link leads. Of a command whose program is not a usual
    one: `guess`. Of a name in Python whose root the document neither imports nor defines: `unbound`; whose root is a
    module that a block before took from a package: `earlier`."""
    written: str = ""
    """What stands at the place where that is not `text`: `client.get` of `httpx.Client.get`."""


@dataclass(frozen=True, slots=True)
class Document:
    """What was read from one document."""

    path: str
    """POSIX, relative to the documented directory."""
    language: str
    """`markdown` or `restructuredtext`."""
    mentions: tuple[Mention, ...] = ()
    anchors: frozenset[str] = frozenset()
    """Every fragment under which a part of it can be reached, by any of the usual renderers' rules; labels too."""
    defines: frozenset[str] = frozenset()
    """Names that its own blocks define: functions, classes, variables, files that it tells the reader to make."""
    uses: frozenset[str] = frozenset()
    """Names that its blocks use without saying where they come from: free variables, strings, tags of templates."""
    ignored: tuple[Ignored, ...] = ()
    lines: int = 0
    historical: bool = False
    """It tells what was: a changelog, release notes, a decision record."""


@dataclass(frozen=True, slots=True)
class Ignored:
    """Lines on which a person wants no findings, with the reason given: `<!-- fieldguide: ignore … -->`."""

    first: int
    last: int
    text: str = ""
    """The one mention that is meant; empty for all."""
    reason: str = ""


class State(StrEnum):
    """What the code says to a mention."""

    HOLDS = "holds"
    BROKEN = "does not hold"
    UNKNOWN = "cannot be known from here"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer to one mention."""

    state: State
    why: str = ""
    """Where `UNKNOWN` or `BROKEN`: one clause, lower case: `httpx.Client has no such member`."""
    where: Span | None = None
    """Where it holds by."""
    nearest: tuple[str, ...] = ()
    """Where `BROKEN`: names that hold, nearest first, written as the mention is written."""
    certain: bool = False
    """Where `BROKEN`: everything that could make it hold is known, and it is not among it. Otherwise it is only that
    nothing of the name is known, and it must stand nowhere in the code as a word (`words`) either."""
    likely: bool = False
    """Where `BROKEN`: it is a name that holds, changed in one way in which authors change names."""
    slip: bool = False
    """Where `BROKEN`: but for a letter or two it is a name that is there. No other time had such a name."""
    words: tuple[str, ...] = ()
    """Where `BROKEN`: any of these as a word in any file of code makes it `UNKNOWN`."""
    part: str = ""
    """What of the mention does not hold where that is not all of it: a keyword argument of a call."""
    fix: str = ""
    """What to write in place of the mention's text where only one thing can be meant; empty where a person decides."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A mention that does not hold, as `check` reports it."""

    path: str
    mention: Mention
    verdict: Verdict
    source: str = ""
    """The line of the document as it stands, secrets hidden."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check of documents came to."""

    faults: tuple[Fault, ...]
    documents: int
    mentions: int
    holding: int
    unknown: int
    ignored: int = 0
    """Faults that a person's comment or the baseline set aside."""
    doubtful: tuple[Fault, ...] = ()
    """Counted as unknown: what does not hold, and may well be the name of something else than the project."""
