"""What a file is, told from its path: language, role, and whether it is read without being asked for.

Comes in: a POSIX path, relative. Goes out: names and roles. Must never: look at the disk.
"""

from __future__ import annotations

import posixpath
import re
from typing import Final

from fieldguide.domain.source import Role

_LANGUAGES: Final = {
    "bash": "shell", "bat": "batch", "c": "c", "cc": "c++", "cfg": "ini", "clj": "clojure", "cmake": "cmake",
    "conf": "ini", "cpp": "c++", "cs": "c#", "css": "css", "cxx": "c++", "dart": "dart", "dockerfile": "dockerfile",
    "ex": "elixir", "exs": "elixir", "fs": "f#", "go": "go", "graphql": "graphql", "groovy": "groovy", "h": "c",
    "hpp": "c++", "hs": "haskell", "htm": "html", "html": "html", "ini": "ini", "java": "java", "jl": "julia",
    "js": "javascript", "json": "json", "jsx": "javascript", "kt": "kotlin", "lua": "lua", "markdown": "markdown",
    "md": "markdown", "mjs": "javascript", "mk": "makefile", "ml": "ocaml", "php": "php", "pl": "perl",
    "properties": "ini", "proto": "protobuf", "ps1": "powershell", "pxd": "cython", "py": "python", "pyi": "python",
    "pyw": "python", "pyx": "cython", "r": "r", "rb": "ruby", "rs": "rust", "rst": "restructuredtext",
    "scala": "scala", "scss": "css", "sh": "shell", "sql": "sql", "swift": "swift", "tf": "terraform", "toml": "toml",
    "ts": "typescript", "tsx": "typescript", "vue": "vue", "xml": "xml", "yaml": "yaml", "yml": "yaml", "zig": "zig",
    "zsh": "shell",
}  # fmt: skip
_NAMED: Final = {
    "makefile": "makefile",
    "gnumakefile": "makefile",
    "justfile": "just",
    ".justfile": "just",
    "dockerfile": "dockerfile",
    "containerfile": "dockerfile",
    "pipfile": "toml",
    "jenkinsfile": "groovy",
    "rakefile": "ruby",
    "gemfile": "ruby",
}
_READ: Final = frozenset({".py", ".md", ".toml"})
_MANIFESTS: Final = frozenset(
    {
        *("pyproject.toml", "setup.cfg", "tox.ini", "noxfile.py", "package.json", ".pre-commit-hooks.yaml", "Pipfile"),
        *("Makefile", "makefile", "GNUmakefile", "justfile", "Justfile", ".justfile", "Dockerfile", "Containerfile"),
        *("environment.yml", "environment.yaml"),
    }
)
_REQUIREMENTS: Final = re.compile(
    r"(?:.+/)?(?:[\w.-]*requirements[\w.-]*\.(?:txt|in)|requirements/[\w.-]+\.(?:txt|in))"
)
_LICENCE: Final = re.compile(
    r"(?:.+/)?(?:(?:un)?licen[sc]es?|copying)(?:[._-][\w.+-]+)*(?<!\.py)|(?:.+/)?LICENSES/[\w.+-]+\.txt", re.IGNORECASE
)
_TEST_NAME: Final = re.compile(r"test_.*\.py|.*_tests?\.py|tests?\.py|conftest\.py")
_TESTS: Final = frozenset({"tests", "testsuite", "test-suite", "__tests__", "unittests", "functional_tests"})
_AMBIGUOUS_TESTS: Final = frozenset({"test", "testing"})
_EXAMPLES: Final = frozenset(
    {"example", "examples", "demo", "demos", "sample", "samples", "tutorial", "tutorials", "cookbook", "quickstart"}
)
_DOCUMENTATION: Final = frozenset({"doc", "docs", "documentation"})


def language_of(path: str) -> str:
    """Language of a file by its name: lower-case, `text` when nothing is known."""
    name = posixpath.basename(path).lower()
    if name in _NAMED:
        return _NAMED[name]
    if name.startswith("dockerfile."):
        return "dockerfile"
    return _LANGUAGES.get(posixpath.splitext(name)[1].removeprefix("."), "text")


def is_manifest(path: str, *, in_package: bool) -> bool:
    """Whether a file says how the project is built, installed, run or licensed.

    Args:
        path: Of the file.
        in_package: It lies in a directory with an `__init__.py`, where `setup.py` is a module like any other.
    """
    name = posixpath.basename(path)
    if name in _MANIFESTS or name.endswith(".mk"):
        return True
    if name == "setup.py":
        return not in_package
    if name == "tasks.py":
        return path == name and not in_package
    return bool(_REQUIREMENTS.fullmatch(path) or _LICENCE.fullmatch(path))


def read_by_default(path: str, *, in_package: bool) -> bool:
    """Whether a file is read as content although no option names it."""
    return posixpath.splitext(path)[1].lower() in _READ or is_manifest(path, in_package=in_package)


def role_of(path: str, *, package_depth: int | None) -> Role:
    """What a file is for. The outermost directory that says so decides, then the file's own name.

    Inside a package, `test`, `examples` and `docs` may be modules that users import (`django.test`), so that there only
    `tests` and a file's own name count.

    Args:
        path: Of the file.
        package_depth: How many directories lead to the outermost package that it is a module of, that one included;
            `None` when its directory is no package.
    """
    directories = path.split("/")[:-1]
    manifest = is_manifest(path, in_package=package_depth is not None)
    for depth, directory in enumerate(directories):
        inside = package_depth is not None and depth >= package_depth
        if directory in _TESTS or (directory in _AMBIGUOUS_TESTS and not inside):
            return Role.TEST
        if directory in _EXAMPLES and not inside:
            return Role.EXAMPLE
        if directory in _DOCUMENTATION and not inside and not manifest:
            return Role.DOCUMENTATION
    if manifest:
        return Role.MANIFEST
    return _role_by_name(path)


def _role_by_name(path: str) -> Role:
    if _TEST_NAME.fullmatch(posixpath.basename(path)):
        return Role.TEST
    if language_of(path) in {"markdown", "restructuredtext"}:
        return Role.DOCUMENTATION
    return Role.SOURCE
