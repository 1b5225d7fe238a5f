"""The first use: an example that the repository itself contains, with its source.

Comes in: examples, best first; the model's words about them. Goes out: code blocks and where they are from.
Must never: print an example that is not in the repository.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fieldguide.domain.project import CommandKind, Example, ExampleKind
from fieldguide.domain.sections import USAGE
from fieldguide.write.sections.markdown import code, fence, inline, paragraphs
from fieldguide.write.sections.phrases import listing
from fieldguide.write.sections.subject import Shape, console_scripts

if TYPE_CHECKING:
    from fieldguide.write.sections.subject import Subject

_CONSOLE_EXAMPLES = 3
_FRAMEWORKS = frozenset({"click", "cyclopts", "docopt", "fire", "typer"})
"""Distributions whose command lines always answer `--help`."""
_RUNNERS = ("manage.py", "app.py", "wsgi.py", "main.py", "run.py")


def usage(subject: Subject) -> str:
    """Return how to use the project on the command line and from Python, then what the model says about it."""
    examples = [] if subject.shape is Shape.SCRIPTS else _fitting(subject)
    console = [one for one in examples if one.language == "console"][:_CONSOLE_EXAMPLES]
    python = [one for one in examples if one.language == "python"][:1]
    parts = [_console(subject, console), _python(subject, python, alone=not console)]
    if not console and subject.shape is Shape.WEB_APPLICATION:
        parts.insert(0, _served(subject))
    if not console and subject.shape is Shape.TOOL:
        parts = [_asked(subject), *(_python(subject, python, alone=False) for _ in python)]
    return paragraphs(*parts, subject.written(USAGE).strip())


def _fitting(subject: Subject) -> list[Example]:
    """Return the examples that show what the project is for; a tool's inner functions are not.

    Of a tool a Python example counts when its authors wrote it as an example, or when it uses what the top package
    itself offers.
    """
    examples = list(subject.codebase.examples)
    if subject.shape is not Shape.TOOL:
        return examples
    written = {ExampleKind.EXAMPLE_FILE, ExampleKind.DOCUMENTATION}
    offered = {one.name for module, group in subject.codebase.exports.items() if "." not in module for one in group}
    offered |= {one.target for module, group in subject.codebase.exports.items() if "." not in module for one in group}
    return [
        one for one in examples if one.language == "console" or one.kind in written or not offered.isdisjoint(one.uses)
    ]


def _asked(subject: Subject) -> str:
    """Return how to have a command describe itself: the honest first use where the repository shows none."""
    described = {one.program: one for one in subject.codebase.command_lines}
    scripts = [one.name for one in console_scripts(subject.codebase)]
    framed = not _FRAMEWORKS.isdisjoint(one.name for one in subject.codebase.dependencies)
    names = [one for one in scripts if one in described] or (scripts if framed else [])
    if not names:
        return ""
    line = described.get(names[0])
    inner = "subcommands and options" if line and line.subcommands else "options"
    return paragraphs(f"{code(names[0])} prints its {inner} when asked:", fence(f"{names[0]} --help", "console"))


def _console(subject: Subject, examples: list[Example]) -> str:
    if not examples:
        return ""
    lines = "\n".join(dict.fromkeys(one.code for one in examples))
    sources = list(dict.fromkeys(_source(subject, one) for one in examples))
    lead = f"On the command line, with arguments from {listing(sources)}:"
    return paragraphs(lead, fence(lines, "console"))


def _python(subject: Subject, examples: list[Example], *, alone: bool) -> str:
    if not examples:
        return ""
    example = examples[0]
    lead = "" if alone else "From Python:"
    return paragraphs(lead, fence(example.code, "python"), f"Taken from {_source(subject, example)}.")


def _source(subject: Subject, example: Example) -> str:
    span = example.span
    if example.kind is ExampleKind.EXAMPLE_FILE:
        return subject.links.path(span.path)
    if example.kind is ExampleKind.DOCUMENTATION:
        return subject.links.span(span, inline(example.title) or code(span.path))
    if example.kind is ExampleKind.DOCTEST:
        return f"the documentation of {subject.links.span(span, code(example.title))}"
    return subject.links.span(span, code(example.title))


def _served(subject: Subject) -> str:
    """Return how to start the development server of a web application, where a file of the project says how."""
    kinds = {CommandKind.SCRIPT, CommandKind.MODULE, CommandKind.TASK, CommandKind.MAKE_TARGET}
    paths = {one.path for one in subject.codebase.files}
    if "manage.py" in paths:
        return paragraphs(
            "Start the development server:", fence("python manage.py migrate\npython manage.py runserver", "console")
        )
    needed = {one.name for one in subject.codebase.dependencies}
    found = [one for one in subject.codebase.commands if one.kind in kinds and one.span.path in _RUNNERS]
    if found:
        return paragraphs("Start it:", fence(found[0].invocation, "console"))
    if "flask" in needed:
        holders = sorted(
            one.name
            for one in subject.codebase.symbols.values()
            if one.value and one.short in {"app", "application"} and "/" not in one.span.path
        )
        if holders:
            module = holders[0].rpartition(".")[0]
            return paragraphs("Start the development server:", fence(f"flask --app {module} run", "console"))
    return ""
