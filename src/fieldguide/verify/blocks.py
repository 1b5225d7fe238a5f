"""Blocks of code in a draft: one is published only where it parses, and all that it names is there.

Comes in: a block with its language, and a `Resolver`.
Goes out: the block as it is to stand, or what is wrong with it.
Must never: run a block; let a tag, a marker, a placeholder of a secret or a stranger's host through.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from fieldguide.domain.page import ReferenceKind
from fieldguide.domain.redacted import contains_placeholder
from fieldguide.domain.unseen import seen
from fieldguide.verify.block_faults import Fault
from fieldguide.verify.block_python import LANGUAGES as PYTHON
from fieldguide.verify.block_python import PythonBlocks
from fieldguide.verify.block_shell import LANGUAGES as SHELL
from fieldguide.verify.block_shell import ShellBlocks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fieldguide.verify.resolver import Resolver

CONFIGURATION: Final = frozenset({"toml", "ini", "cfg", "yaml", "yml", "json"})
LANGUAGES: Final = PYTHON | SHELL | CONFIGURATION
LONGEST: Final = 40
"""Lines: more is no example, but a listing."""
_TAG: Final = re.compile(
    r"<(?:!|/|\?|(?:script|style|img|iframe|a|div|span|svg|object|embed|form|input|link|meta|p|br|b|i|table|details"
    r"|summary|video|audio|base|html|body|head)\b)",
    re.IGNORECASE,
)


class Blocks:
    """The blocks of one section, in their order."""

    def __init__(self, resolver: Resolver) -> None:
        """Keep what is asked."""
        self._resolver = resolver
        self._python = PythonBlocks(resolver)
        self._shell = ShellBlocks(resolver)

    @property
    def checked(self) -> int:
        """References in blocks that were looked at so far."""
        return self._python.checked + self._shell.checked

    def faults(self, language: str, code: str) -> list[Fault]:
        """What is wrong with a block, each thing once; nothing where it may be published as `tidied` sets it out."""
        found = {(one.kind, one.text): one for one in reversed(list(self._faults(language, tidied(code))))}
        return sorted(found.values(), key=lambda one: one.row)

    def _faults(self, language: str, code: str) -> Iterator[Fault]:
        first = code.partition("\n")[0].strip()
        unfit = _unfit(code)
        if unfit:
            yield Fault(ReferenceKind.CODE, first, 0, why=unfit)
        elif language in PYTHON:
            yield from self._python.faults(code)
        elif language in SHELL:
            yield from self._shell.faults(code)
        elif not self._stands(code):
            yield Fault(ReferenceKind.CODE, first, 0, why="no file of the project has these lines")

    def _stands(self, code: str) -> bool:
        """Tell whether configuration stands line by line in the evidence: nothing says which values are allowed."""
        return all(self._resolver.words.has_line(line) for line in code.split("\n"))


def tidied(code: str) -> str:
    """The code of a block without what people do not see, and without blank edges."""
    lines = [seen(line.rstrip()) for line in code.expandtabs(4).split("\n")]
    return "\n".join(lines).strip("\n")


def fenced(language: str, code: str) -> str:
    """A block of Markdown whose fence is longer than any in it."""
    longest = max((len(run) for run in re.findall(r"`{3,}", code)), default=2)
    ticks = "`" * (longest + 1)
    return f"{ticks}{language}\n{code}\n{ticks}"


def _unfit(code: str) -> str:
    """Why no reader should be shown a block, whatever it names."""
    if not code.strip():
        return "it is empty"
    if code.count("\n") >= LONGEST:
        return f"it is longer than {LONGEST} lines"
    if _TAG.search(code):
        return "there is HTML in it"
    return "it holds what stands for a secret" if contains_placeholder(code) else ""
