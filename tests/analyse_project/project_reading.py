"""Read texts as the files of a project, through the room's own two functions."""

from __future__ import annotations

import ast
import posixpath
from typing import TYPE_CHECKING

from fieldguide.analyse.project import join_project, read_project_file
from fieldguide.domain.codebase import FileFacts
from fieldguide.domain.redacted import RedactedText
from fieldguide.domain.source import Role, SourceFile, Span
from fieldguide.domain.symbols import Docstring, Import, Module

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fieldguide.domain.project_facts import JoinedProject, ProjectFacts


def role_of(path: str) -> Role:
    """Return the role that a path has in these tests."""
    folders, name = path.split("/")[:-1], posixpath.basename(path)
    if "tests" in folders or name.startswith("test_"):
        return Role.TEST
    if "examples" in folders:
        return Role.EXAMPLE
    if name.endswith(".md"):
        return Role.DOCUMENTATION
    return Role.SOURCE if name.endswith(".py") and name not in {"setup.py", "noxfile.py"} else Role.MANIFEST


def read(path: str, text: str) -> ProjectFacts:
    """Return the facts of one file with this text."""
    tree = None
    if path.endswith(".py"):
        try:
            tree = ast.parse(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            tree = None
    language = {"py": "python", "md": "markdown", "toml": "toml"}.get(path.rpartition(".")[2], "text")
    return read_project_file(SourceFile(path, language, len(text), "", role_of(path)), RedactedText(text), tree)


def file_facts(path: str, text: str) -> FileFacts:
    """Return what later stages know of the file, with a module and its imports where it is Python."""
    facts = read(path, text)
    module = _module(path, text) if path.endswith(".py") else None
    return FileFacts(
        SourceFile(path, "python" if module else "text", len(text), "", role_of(path)),
        module=module,
        imports=_imports(path, text, module.name) if module else (),
        manifest=facts.manifest,
        commands=facts.commands,
        examples=facts.examples,
        licence=facts.licence,
        headings=facts.headings,
        summary=facts.summary,
    )


def join(files: Mapping[str, str], directory_name: str = "") -> JoinedProject:
    """Return what files with these texts say together."""
    return join_project([file_facts(path, text) for path, text in files.items()], directory_name)


def _module_name(path: str) -> str:
    name = path.removeprefix("src/").removesuffix(".py").replace("/", ".")
    return name.removesuffix(".__init__")


def _module(path: str, text: str) -> Module:
    tree = ast.parse(text)
    guards = [node.lineno for node in tree.body if isinstance(node, ast.If) and "__main__" in ast.unparse(node.test)]
    return Module(
        name=_module_name(path),
        path=path,
        role=role_of(path),
        lines=text.count("\n"),
        docstring=Docstring(summary=(ast.get_docstring(tree) or "").partition("\n")[0]),
        is_package=path.endswith("__init__.py"),
        main_guard=guards[0] if guards else None,
    )


def _imports(path: str, text: str, module: str) -> tuple[Import, ...]:
    found: list[Import] = []
    for node in ast.parse(text).body:
        span = Span(path, node.lineno, node.lineno)
        if isinstance(node, ast.ImportFrom):
            source = f"{module}.{node.module}" if node.level else node.module or ""
            found += [Import(module, source, alias.name, alias.asname, span) for alias in node.names]
        elif isinstance(node, ast.Import):
            found += [Import(module, alias.name, None, alias.asname, span) for alias in node.names]
    return tuple(found)
