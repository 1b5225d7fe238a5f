"""Say in one line what each file and folder is for.

Comes in: the facts of all files. Goes out: a sentence by path, or a phrase where only a folder's use is known.
Must never: invent: a folder of which nothing is said has no line.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from fieldguide.domain.source import Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fieldguide.domain.codebase import FileFacts

_TEST_FOLDERS = frozenset({"test", "tests"})
_DOC_FOLDERS = frozenset({"doc", "docs", "documentation"})
_DOC_TOOLS = (("conf.py", "Sphinx"), ("mkdocs.yml", "MkDocs"), ("mkdocs.yaml", "MkDocs"), ("_config.yml", "Jekyll"))


def join_summaries(files: Sequence[FileFacts], others: Sequence[str]) -> dict[str, str]:
    """Return what files say of themselves, packages and READMEs of their folders, and what tests and docs are."""
    summaries: dict[str, str] = {}
    for one in files:
        about = one.summary or (one.module.docstring.summary if one.module is not None else "")
        if about:
            summaries[one.source.path] = about
    for one in files:
        folder, name = posixpath.split(one.source.path)
        about = summaries.get(one.source.path, "")
        if folder and name == "__init__.py" and about:
            summaries[folder] = about
        elif folder and name.lower() in {"readme.md", "readme.markdown"} and about:
            summaries.setdefault(folder, about)
    paths = [*(one.source.path for one in files), *others]
    for folder in _folders(paths):
        name = posixpath.basename(folder)
        if name in _TEST_FOLDERS and not (_TEST_FOLDERS & set(folder.split("/")[:-1])):
            summaries[folder] = _test_phrase(files, folder)
        elif name in _DOC_FOLDERS and not (_DOC_FOLDERS & set(folder.split("/")[:-1])):
            summaries[folder] = _doc_phrase(paths, folder)
    return summaries


def _folders(paths: Iterable[str]) -> list[str]:
    found: set[str] = set()
    for path in paths:
        folder = posixpath.dirname(path)
        while folder and folder not in found:
            found.add(folder)
            folder = posixpath.dirname(folder)
    return sorted(found)


def _test_phrase(files: Sequence[FileFacts], folder: str) -> str:
    imported = {
        (one_import.module, one_import.name or "")
        for one in files
        if one.source.path.startswith(f"{folder}/") and one.source.role is Role.TEST
        for one_import in one.imports
    }
    modules = {module for module, _ in imported}
    if "pytest" in modules:
        return "tests, for pytest"
    if any(module == "django.test" or module.startswith("django.test.") for module in modules):
        return "tests, for Django's test runner"
    if any(module == "unittest" and name != "mock" for module, name in imported):
        return "tests, for unittest"
    declared = {
        one_dependency.name for one in files if one.manifest is not None for one_dependency in one.manifest.dependencies
    }
    return "tests, for pytest" if "pytest" in declared else "tests"


def _doc_phrase(paths: Sequence[str], folder: str) -> str:
    have = set(paths)
    for name, tool in _DOC_TOOLS:
        places = (folder, posixpath.dirname(folder), posixpath.join(folder, "source"))
        if any(posixpath.join(place, name) in have for place in places):
            return f"documentation, for {tool}"
    return "documentation"
