"""What the project is, in a few sentences that the facts bear out.

Comes in: manifest, classifiers, commands, exports, families. Goes out: two to five sentences, one a line.
Must never: praise, guess a purpose, or count for the sake of a sentence.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from fieldguide.domain.sections import OVERVIEW
from fieldguide.domain.symbols import SymbolKind
from fieldguide.write.sections import kinds
from fieldguide.write.sections.catalogue import catalogue
from fieldguide.write.sections.markdown import code, plain
from fieldguide.write.sections.phrases import counted, listing, number, python_versions
from fieldguide.write.sections.subject import (
    Shape,
    console_scripts,
    display_name,
    distributions,
    framework,
    root_manifest,
    source_modules,
)

if TYPE_CHECKING:
    from fieldguide.domain.codebase import Codebase
    from fieldguide.write.sections.catalogue import Entry
    from fieldguide.write.sections.subject import Subject

_FRAMEWORK = "Framework :: "
_NO_FRAMEWORKS = frozenset({"Pytest", "Hatch", "Setuptools Plugin", "Jupyter", "Sphinx", "tox"})
_COMMANDS_TOLD = 4
_NAMES_TOLD = 5
_SUBCOMMANDS = 8


def overview(subject: Subject) -> str:
    """Return the model's overview where there is one, else sentences from facts."""
    if prose := subject.written(OVERVIEW).strip():
        return prose
    lines = [_what(subject), _support(subject.codebase), _offers(subject), kinds.mention(subject)]
    return "\n".join(line for line in lines if line)


def _what(subject: Subject) -> str:
    codebase = subject.codebase
    name = plain(display_name(codebase))
    manifest = root_manifest(codebase)
    versions = python_versions(manifest.requires_python, joint="and") if manifest else ""
    suffix = f" for {versions}" if versions else ""
    match subject.shape:
        case Shape.MONOREPO:
            return f"This repository holds {counted(len(distributions(codebase)), 'Python distribution')}."
        case Shape.WEB_APPLICATION:
            noun = f"{framework(codebase)} application"
            return f"{name} is a {noun}{suffix}."
        case Shape.SCRIPTS:
            return f"{name} is a collection of {_how_many(codebase)}Python scripts{suffix}." if codebase.modules else ""
        case Shape.TOOL:
            return f"{name} is a {_typed(codebase)}Python command-line tool{suffix}."
        case Shape.LIBRARY:
            return f"{name} is a {_typed(codebase)}Python {_package_or_module(codebase)}{suffix}."


def _how_many(codebase: Codebase) -> str:
    count = len(source_modules(codebase))
    return f"{number(count)} " if count > 1 else ""


def _typed(codebase: Codebase) -> str:
    """Return `typed ` when the package says so: by its `py.typed` or by a classifier."""
    listed = any(
        posixpath.basename(one.path) == "py.typed" for group in (codebase.others, codebase.files) for one in group
    )
    manifest = root_manifest(codebase)
    classified = manifest is not None and "Typing :: Typed" in manifest.classifiers
    return "typed " if listed or classified else ""


def _package_or_module(codebase: Codebase) -> str:
    modules = source_modules(codebase)
    tops = {one.name.partition(".")[0] for one in modules if "." in one.name or one.is_package}
    return "package" if tops else "module" if len(modules) == 1 else "package"


def _support(codebase: Codebase) -> str:
    """Return the frameworks that the classifiers name."""
    manifest = root_manifest(codebase)
    if manifest is None:
        return ""
    names: list[str] = []
    for one in manifest.classifiers:
        if one.startswith(_FRAMEWORK):
            name = one.removeprefix(_FRAMEWORK).split(" :: ")[0]
            if name not in {*names, *_NO_FRAMEWORKS, codebase.name}:
                names.append(name)
    return f"It declares support for {listing([plain(one) for one in names])}." if names else ""


def _offers(subject: Subject) -> str:
    """Return what one gets: the commands that are installed, or the names that can be imported."""
    codebase = subject.codebase
    scripts = console_scripts(codebase)
    if subject.shape in {Shape.MONOREPO, Shape.SCRIPTS}:
        return ""
    if subject.shape is Shape.LIBRARY:
        exported = _exported(subject)
        installed = f"It also installs the command {code(scripts[0].name)}." if len(scripts) == 1 else ""
        return "\n".join(one for one in (exported, installed) if one)
    if scripts:
        inner = _subcommands(codebase)
        names = [code(one.name) for one in scripts]
        told = listing(names, limit=_COMMANDS_TOLD)
        installed = f"the command {names[0]}" if len(names) == 1 else f"{number(len(names))} commands: {told}"
        return "\n".join(one for one in (f"It installs {installed}.{inner}", _importable(subject)) if one)
    return ""


def _subcommands(codebase: Codebase) -> str:
    """Return a further line with what a command is divided into, where that is a handful."""
    lines: list[str] = []
    names = {one.name for one in console_scripts(codebase)}
    for one in codebase.command_lines:
        inner = [code(each.program.removeprefix(one.program).strip()) for each in one.subcommands]
        if one.program in names and 1 < len(inner) <= _SUBCOMMANDS:
            lines.append(f"\n{code(one.program)} has {counted(len(inner), 'subcommand')}: {listing(inner)}.")
    return "".join(lines)


def _importable(subject: Subject) -> str:
    """Return what a tool's top package offers to those who import it."""
    for module, entries in catalogue(subject.codebase).items():
        if "." not in module:
            names = [code(export.name.removeprefix(f"{module}.")) for export, _ in entries]
            return f"From Python, {code(module)} offers {listing(names, limit=_NAMES_TOLD)}."
    return ""


def _exported(subject: Subject) -> str:
    """Return what the top package offers to import, and the one other module that does so where there is just one."""
    found = catalogue(subject.codebase)
    if not found:
        return ""
    first, *others = found
    if any(first.startswith(f"{one}.") for one in subject.codebase.exports):
        return ""
    line = f"It exports {number(len(found[first]))} {_noun(found[first])} from {code(first)}"
    if len(others) != 1:
        return f"{line}."
    count = len(found[others[0]])
    return f"{line}, and {number(count)} more {'name' if count == 1 else 'names'} from {code(others[0])}."


def _noun(entries: list[Entry]) -> str:
    """Return `functions and classes`, or `names` where there is anything else among them."""
    kinds = {symbol.kind for _, symbol in entries}
    if not kinds <= {SymbolKind.CLASS, SymbolKind.FUNCTION}:
        return "name" if len(entries) == 1 else "names"
    if len(entries) == 1:
        return "class" if kinds == {SymbolKind.CLASS} else "function"
    words = {SymbolKind.FUNCTION: "functions", SymbolKind.CLASS: "classes"}
    return listing([words[one] for one in words if one in kinds])
