"""Builds small projects in memory and runs them through the real seams of analysis."""

from __future__ import annotations

import textwrap
from hashlib import blake2b
from typing import TYPE_CHECKING

import pytest

from fieldguide.analyse import analyse_file, assemble, module_names
from fieldguide.domain.redacted import RedactedText
from fieldguide.domain.source import Role, SourceFile

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from fieldguide.domain.codebase import Codebase, FileFacts

LANGUAGES = {"py": "python", "md": "markdown", "toml": "toml"}


def source_file(path: str, text: str) -> SourceFile:
    """A file as a scan would describe it."""
    name = path.rsplit("/", 1)[-1]
    role = Role.SOURCE
    if path.startswith("tests/") or name.startswith("test_") or name == "tests.py":
        role = Role.TEST
    elif name in {"pyproject.toml", "setup.py"}:
        role = Role.MANIFEST
    data = text.encode()
    language = LANGUAGES.get(name.rsplit(".", 1)[-1], "text")
    return SourceFile(path, language, len(data), blake2b(data, digest_size=16).hexdigest(), role)


@pytest.fixture
def facts_of() -> Callable[..., FileFacts]:
    """Facts of one Python text, dedented."""

    def facts(text: str, module: str = "package.module", path: str = "") -> FileFacts:
        text = textwrap.dedent(text)
        source = source_file(path or module.replace(".", "/") + ".py", text)
        return analyse_file(source, RedactedText(text), module)

    return facts


@pytest.fixture
def codebase_of() -> Callable[[Mapping[str, str]], Codebase]:
    """A codebase made of the given files, by path."""

    def codebase(files: Mapping[str, str]) -> Codebase:
        texts = {path: textwrap.dedent(text).lstrip("\n") for path, text in files.items()}
        sources = [source_file(path, text) for path, text in texts.items()]
        plain = [one for one in sources if one.language != "python"]
        first = [analyse_file(one, RedactedText(texts[one.path]), "") for one in plain]
        python = [one for one in sources if one.language == "python"]
        names = module_names([one.path for one in python], [one.manifest for one in first if one.manifest])
        second = [analyse_file(one, RedactedText(texts[one.path]), names[one.path]) for one in python]
        return assemble("directory", sources, [*first, *second], [], [], None)

    return codebase
