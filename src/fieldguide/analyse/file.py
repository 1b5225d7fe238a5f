"""Everything that one file says: the step that worker processes run.

Comes in: a file, its redacted text, and the name of the module that it is.
Goes out: `FileFacts`: plain, picklable, the same for the same input.
Must never: raise, whatever the text is; read another file; run what it reads.
"""

from __future__ import annotations

import ast
import gc
import re
import warnings
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from fieldguide.analyse.injection import find_injections
from fieldguide.analyse.interfaces import read_interfaces
from fieldguide.analyse.project import read_project_file
from fieldguide.analyse.python import PythonFacts, read_module
from fieldguide.domain.codebase import FileFacts
from fieldguide.domain.interfaces import Interfaces
from fieldguide.domain.source import Role, Skipped, SkipReason, SourceFile
from fieldguide.domain.symbols import Module

if TYPE_CHECKING:
    from collections.abc import Generator

    from fieldguide.domain.project_facts import ProjectFacts
    from fieldguide.domain.redacted import RedactedText

_FLAG = re.compile(r"""(?<=["'/,])--[A-Za-z][\w-]*+(?=["'/=,])""")
_ATTEMPTS = 5
"""How often a file that does not parse is cut before its first fault."""


@dataclass(frozen=True, slots=True)
class _Parsed:
    """A syntax tree, the text that it stands for, and what was wrong with the rest."""

    tree: ast.Module
    text: str
    problem: str = ""


def analyse_file(source: SourceFile, text: RedactedText, module: str) -> FileFacts:
    """Facts of one file.

    Args:
        source: The file.
        text: Its text, line ends as line feeds.
        module: Qualified name of the module that it is; empty for a file that is none.
    """
    injections = find_injections(source.path, text.text)
    if source.language != "python" or not module:
        plain = FileFacts(source=source, injections=injections)
        return _with_project(plain, read_project_file(source, text, None))
    with warnings.catch_warnings(), _collector_paused():
        # Parsing warns of invalid escapes in code that is not ours to mend.
        warnings.simplefilter("ignore")
        return replace(_analyse_python(source, text, module), injections=injections)


@contextmanager
def _collector_paused() -> Generator[None]:
    """No collection of circles while a tree grows: it has none, and looking for them costs a third of the time."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


def _analyse_python(source: SourceFile, text: RedactedText, name: str) -> FileFacts:
    parsed = _parse(text.text.removeprefix("\ufeff"))
    try:
        python = read_module(parsed.tree, parsed.text, source, name)
    except (RecursionError, MemoryError):
        python = PythonFacts(Module(name, source.path, source.role, 0), (), (), (), problem="nested too deeply")
    try:
        interfaces = Interfaces()
        if source.role is not Role.TEST:
            interfaces = read_interfaces(parsed.tree, name, source.path, parsed.text)
        project = read_project_file(source, text, parsed.tree)
    except (RecursionError, MemoryError, ValueError) as error:  # a number of too many digits is a ValueError
        return _facts(source, python, text, parsed.problem or str(error))
    facts = _facts(source, python, text, parsed.problem or python.problem)
    facts = replace(
        facts,
        interfaces=interfaces,
        environment=interfaces.environment,
        settings_classes=interfaces.settings_classes,
    )
    return _with_project(facts, project)


def _facts(source: SourceFile, python: PythonFacts, text: RedactedText, problem: str) -> FileFacts:
    lines = text.text.count("\n") + (not text.text.endswith("\n") and bool(text.text))
    return FileFacts(
        source=source,
        module=replace(python.module, lines=lines),
        symbols=python.symbols,
        namespaces=python.namespaces,
        imports=python.imports,
        uses=python.uses,
        flags=tuple(dict.fromkeys(_FLAG.findall(text.text))) if "--" in text.text else (),
        summary=python.module.docstring.summary,
        skipped=Skipped(source.path, SkipReason.UNPARSED, problem) if problem else None,
    )


def _with_project(facts: FileFacts, project: ProjectFacts) -> FileFacts:
    skipped = facts.skipped
    if skipped is None and project.problem:
        skipped = Skipped(facts.source.path, SkipReason.UNPARSED, project.problem)
    return replace(
        facts,
        manifest=project.manifest,
        commands=project.commands,
        makefile=project.makefile,
        examples=project.examples,
        licence=project.licence,
        headings=project.headings,
        summary=facts.summary or project.summary,
        skipped=skipped,
    )


def _parse(text: str) -> _Parsed:
    """The tree of `text`; of a text that does not parse, that of the statements before its first fault."""
    problem = ""
    for _ in range(_ATTEMPTS):
        try:
            return _Parsed(ast.parse(text), text, problem)
        except SyntaxError as error:
            line = error.lineno or 1
            problem = problem or f"line {line}: {error.msg}"
            text = _before(text, line)
        except (ValueError, RecursionError, MemoryError) as error:
            problem = problem or (str(error) if isinstance(error, ValueError) else "nested too deeply")
            text = text.split("\0", 1)[0] if "\0" in text else ""
            text = _before(text, text.count("\n") + 1)
    return _Parsed(ast.Module(body=[], type_ignores=[]), "", problem)


def _before(text: str, line: int) -> str:
    """The lines of `text` before the top-level statement that holds `line`."""
    lines = text.split("\n")
    cut = min(line, len(lines)) - 1
    while cut > 0 and (not lines[cut].strip() or lines[cut][0].isspace() or lines[cut][0] in ")]}#"):
        cut -= 1
    kept = lines[: max(cut, 0)]
    return "\n".join(kept) + "\n" if kept else ""
