"""Read one file for what it says of its project: the name of the file decides who reads it.

Comes in: a source file, its redacted text and, for Python, its tree. Goes out: `ProjectFacts`.
Must never: raise, whatever the text is.
"""

from __future__ import annotations

import posixpath
import re
import tomllib
from typing import TYPE_CHECKING

from fieldguide.analyse.project.licences import recognise_licence
from fieldguide.domain.project import Command, CommandKind, EntryPoint, Example, Licence, Makefile, Manifest
from fieldguide.domain.project_facts import ProjectFacts
from fieldguide.domain.source import Role, SourceFile

if TYPE_CHECKING:
    import ast

    from fieldguide.analyse.project.manifests.pyproject import TomlDocument
    from fieldguide.domain.redacted import RedactedText

_LICENCE = re.compile(r"(?:licen[cs]e|copying|unlicense)(?:[-._].*)?$|.*[-._]licen[cs]e(?:\.\w+)?$", re.IGNORECASE)
_EXAMPLE_FOLDERS = frozenset(
    {"examples", "example", "docs_src", "docs_examples", "demos", "demo", "samples", "tutorials"}
)
_EXAMPLES = 12
"""Candidates kept of one file."""
_LONG_LINE = 4000


def read_project_file(source: SourceFile, text: RedactedText, tree: ast.Module | None) -> ProjectFacts:
    """Return what a file says of its project; empty facts for a file that says nothing.

    `tree` is the parsed text of a Python file, `None` for any other and for one that does not parse.
    """
    try:
        return _read(source, text.text, tree)
    except RecursionError:
        return ProjectFacts(problem="nests too deeply")


def _read(source: SourceFile, plain: str, tree: ast.Module | None) -> ProjectFacts:
    name = posixpath.basename(source.path)
    if tree is not None:
        return _read_python(source, plain, tree, name)
    if name.endswith(".toml") or name == "Pipfile":
        return _read_toml(source.path, plain, name)
    if _LICENCE.match(name) and not name.endswith((".py", ".pyi")):
        return ProjectFacts(licence=Licence(recognise_licence(plain), source.path))
    if source.language == "markdown" or name.endswith((".md", ".markdown")):
        return _read_markdown(source.path, _without_long_lines(plain))
    return _read_other(source.path, _without_long_lines(plain), name)


def _without_long_lines(text: str) -> str:
    """Empty the lines that no person wrote: readers of lines need then fear no text of any length."""
    return "\n".join(line if len(line) <= _LONG_LINE else "" for line in text.split("\n"))


def _read_python(source: SourceFile, text: str, tree: ast.Module, name: str) -> ProjectFacts:
    if name == "setup.py":
        from fieldguide.analyse.project.manifests.setup_py import read_setup_py  # noqa: PLC0415 - for few files

        manifest = read_setup_py(source.path, tree)
        return ProjectFacts(manifest=manifest, commands=_scripts(manifest))
    if name in {"noxfile.py", "tasks.py"}:
        from fieldguide.analyse.project.commands.nox import read_noxfile  # noqa: PLC0415 - for few files
        from fieldguide.analyse.project.commands.task_files import read_invoke_tasks  # noqa: PLC0415 - for few files

        reader = read_noxfile if name == "noxfile.py" else read_invoke_tasks
        return ProjectFacts(commands=reader(source.path, tree))
    return ProjectFacts(examples=_python_examples(source, text, tree))


def _python_examples(source: SourceFile, text: str, tree: ast.Module) -> tuple[Example, ...]:
    from fieldguide.analyse.project.examples.rank import choose_candidates  # noqa: PLC0415 - only with candidates

    found: list[Example] = []
    if source.role is Role.TEST:
        from fieldguide.analyse.project.examples.command_lines import command_line_examples  # noqa: PLC0415
        from fieldguide.analyse.project.examples.tests import examples_of_tests  # noqa: PLC0415

        found += [*examples_of_tests(source.path, text, tree), *command_line_examples(source.path, text, tree)]
    elif source.role is Role.EXAMPLE or _EXAMPLE_FOLDERS & set(source.path.split("/")[:-1]):
        from fieldguide.analyse.project.examples.documents import example_of_file  # noqa: PLC0415

        example = example_of_file(source.path, text, tree)
        found += [example] if example else []
    elif source.role is Role.SOURCE and ">>>" in text:
        from fieldguide.analyse.project.examples.doctests import examples_of_docstrings  # noqa: PLC0415

        found += examples_of_docstrings(source.path, tree)
    return choose_candidates(found, _EXAMPLES) if found else ()


def _read_toml(path: str, text: str, name: str) -> ProjectFacts:
    from fieldguide.analyse.project.manifests.pyproject import TomlDocument  # noqa: PLC0415 - for few files
    from fieldguide.analyse.project.toml_lines import toml_lines  # noqa: PLC0415 - for few files

    if name not in {"pyproject.toml", "Pipfile", "tox.toml"}:
        return ProjectFacts(summary=_first_comment(text))
    try:
        data = tomllib.loads(text)
    except ValueError as error:  # TOMLDecodeError, and numbers or dates out of range
        return ProjectFacts(problem=f"is not TOML: {str(error).lower()}")
    document = TomlDocument(path, data, toml_lines(text))
    if name == "tox.toml":
        from fieldguide.analyse.project.commands.tox import read_tox_toml  # noqa: PLC0415 - for few files

        return ProjectFacts(commands=read_tox_toml(document))
    return _read_pipfile(document) if name == "Pipfile" else _read_pyproject(document)


def _read_pipfile(document: TomlDocument) -> ProjectFacts:
    from fieldguide.analyse.project.commands.task_tables import read_pipfile_scripts  # noqa: PLC0415 - for few files
    from fieldguide.analyse.project.manifests.environments import read_pipfile  # noqa: PLC0415 - for few files

    return ProjectFacts(manifest=read_pipfile(document), commands=read_pipfile_scripts(document))


def _read_pyproject(document: TomlDocument) -> ProjectFacts:
    from fieldguide.analyse.project.commands.task_tables import read_task_tables  # noqa: PLC0415 - for few files
    from fieldguide.analyse.project.commands.tox import read_tox_toml  # noqa: PLC0415 - for few files
    from fieldguide.analyse.project.manifests.merge import merge_fields  # noqa: PLC0415 - for few files
    from fieldguide.analyse.project.manifests.poetry import read_poetry  # noqa: PLC0415 - for few files
    from fieldguide.analyse.project.manifests.pyproject import read_pyproject  # noqa: PLC0415 - for few files

    manifest = read_pyproject(document)
    poetry = read_poetry(document)
    merged = merge_fields([manifest, poetry] if poetry else [manifest])
    commands = (*_scripts(merged), *read_task_tables(document), *read_tox_toml(document, "tool", "tox"))
    return ProjectFacts(manifest=merged, commands=commands)


def _read_markdown(path: str, text: str) -> ProjectFacts:
    from fieldguide.analyse.project.examples.documents import examples_of_blocks  # noqa: PLC0415 - for few files
    from fieldguide.analyse.project.examples.rank import choose_candidates  # noqa: PLC0415 - for few files
    from fieldguide.analyse.project.markdown import read_markdown  # noqa: PLC0415 - for few files

    facts = read_markdown(text)
    examples = choose_candidates(examples_of_blocks(path, facts.blocks), _EXAMPLES)
    return ProjectFacts(headings=facts.headings, summary=facts.summary, examples=examples)


def _read_other(path: str, text: str, name: str) -> ProjectFacts:
    from fieldguide.analyse.project.manifests import environments, requirements_file  # noqa: PLC0415 - for few files
    from fieldguide.analyse.project.manifests.setup_cfg import read_setup_cfg  # noqa: PLC0415 - for few files

    manifest = None
    if name == "setup.cfg":
        manifest = read_setup_cfg(path, text)
    elif name in {"environment.yml", "environment.yaml"}:
        manifest = environments.read_conda_environment(path, text)
    elif requirements_file.is_requirements_path(path):
        manifest = requirements_file.read_requirements(path, text)
    commented = name.endswith((".sh", ".yml", ".yaml", ".cfg", ".ini")) and manifest is None
    return ProjectFacts(
        manifest=manifest,
        commands=(*_scripts(manifest), *_commands(path, text, name)),
        makefile=_makefile(path, text, name),
        summary=_first_comment(text) if commented else "",
    )


def _makefile(path: str, text: str, name: str) -> Makefile | None:
    if name.lower() not in {"makefile", "gnumakefile"}:
        return None
    from fieldguide.analyse.project.commands.make import read_targets  # noqa: PLC0415 - for few files

    return read_targets(path, text)


def _commands(path: str, text: str, name: str) -> tuple[Command, ...]:
    from fieldguide.analyse.project.commands import make, task_files, tox  # noqa: PLC0415 - for few files

    readers = {
        "setup.cfg": tox.read_tox_ini,
        "tox.ini": tox.read_tox_ini,
        "makefile": make.read_makefile,
        "gnumakefile": make.read_makefile,
        "justfile": task_files.read_justfile,
        ".justfile": task_files.read_justfile,
        "package.json": task_files.read_package_scripts,
        ".pre-commit-hooks.yaml": task_files.read_pre_commit_hooks,
    }
    reader = readers.get(name.lower())
    return reader(path, text) if reader else ()


def _scripts(manifest: Manifest | None) -> tuple[Command, ...]:
    """Return the commands that installing a distribution gives its user."""
    if manifest is None:
        return ()
    return tuple(
        Command(point.name, CommandKind.CONSOLE_SCRIPT, point.name, point.span, target=_target(point))
        for point in manifest.entry_points
        if point.group in {"console_scripts", "gui_scripts"}
    )


def _target(point: EntryPoint) -> str:
    """Return `module:object` without the extras that setuptools allows after it, and without blanks."""
    return re.sub(r"\s*\[[^\]]*\]\s*$", "", point.target).replace(" ", "")


def _first_comment(text: str) -> str:
    """Return the first sentence of the comment at a file's head, when it is no licence and no editor's line."""
    from fieldguide.analyse.project.sentences import first_sentence  # noqa: PLC0415 - for few files

    lines: list[str] = []
    for line in text.split("\n"):
        if line.startswith("#!") or (not line.strip() and not lines):
            continue
        if line.strip() and not line.startswith("#"):
            return ""  # the comment belongs to the first entry
        if not line.strip():
            break
        lines.append(line.lstrip("#").strip())
    head = "\n".join(lines)
    if re.search(r"copyright|licen[cs]e|spdx|-\*-|vim:|generated|://", head, re.IGNORECASE):
        return ""
    sentence = first_sentence(head)
    return sentence if sentence.endswith(".") else ""
