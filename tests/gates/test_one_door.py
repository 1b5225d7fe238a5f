"""One door: no module but those of the door can reach a network, and no string but a redacted one goes through it."""

from __future__ import annotations

import ast
import json
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "fieldguide"
MODULES = sorted(path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py"))

REACHING = {
    "_socket", "_ssl", "asyncio", "cffi", "ctypes", "ftplib", "http.client", "http.server", "imaplib",
    "multiprocessing.connection", "multiprocessing.managers", "nntplib", "poplib", "pty", "smtplib", "socket",
    "socketserver", "ssl", "subprocess", "telnetlib", "urllib.request", "urllib.robotparser", "webbrowser", "wsgiref",
    "xmlrpc",
}  # fmt: skip
"""Of the standard library: what can connect, or start a program that does."""

OFFLINE = {
    "ahocorasick_rs", "fire", "genai_prices", "griffe", "kingfisher_sdk", "markdown_it", "msgspec", "packaging",
    "platformdirs", "pydantic", "quicktok", "rapidfuzz", "rich", "rustworkx", "yaml",
}  # fmt: skip
"""Libraries of other people that are imported anywhere; runs under an audit hook show that they connect to nothing."""

EXCEPTIONS = {
    "buy.py": {"asyncio"},
    "llm/": {"asyncio", "azure", "httpx2", "langchain", "langchain_core", "langchain_openai", "langsmith", "openai",
             "requests"},
    "scan/git.py": {"subprocess"},
    "settings/sources.py": {"subprocess", "pydantic_settings"},
    "settings/values.py": {"pydantic_settings"},
    "write/": {"asyncio"},
    "settings/vaults/": {"azure", "boto3", "botocore", "keyring", "pydantic_settings"},
    "write/notes/following.py": {"asyncio"},
}  # fmt: skip
"""What may reach a network or start a program, by module or folder: the door, the vaults of keys, and git."""

ASKS_GIT = {"scan/git.py", "scan/listing.py", "scan/revision.py", "scan/scan.py", "settings/sources.py"}
"""Modules that put questions to git, or hand it on."""
OFFLINE_GIT = {"check-ignore", "config", "diff-index", "ls-files", "ls-tree", "rev-list", "rev-parse"}


@cache
def tree_of(module: str) -> ast.Module:
    return ast.parse((PACKAGE / module).read_text("utf-8"))


def imported(tree: ast.Module) -> Iterator[str]:
    """Every module that a file imports, by statement or by name; a name that is computed is given as `?`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or "?"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and called(node) in {"import_module", "__import__", "exec", "eval"}:
            first = node.args[0] if node.args else None
            yield first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else "?"


def called(node: ast.Call) -> str:
    """The last name of what is called, where it is a plain name or a module's."""
    function = node.func
    if isinstance(function, ast.Attribute):
        named = isinstance(function.value, ast.Name) and function.value.id in {"importlib", "builtins", "runpy"}
        return function.attr if named else ""
    return function.id if isinstance(function, ast.Name) else ""


def reaches(name: str) -> str:
    """The part of an imported name that can reach a network or is a library that nobody has looked at; else empty."""
    top = name.partition(".")[0]
    if top in {"fieldguide", "__future__"} or top in OFFLINE:
        return ""
    if top in sys.stdlib_module_names:
        return next((one for one in REACHING if name == one or name.startswith(f"{one}.")), "")
    return top


def allowed_in(module: str) -> set[str]:
    return {name for place, names in EXCEPTIONS.items() if module.startswith(place) for name in names}


@pytest.mark.parametrize("module", MODULES)
def test_only_the_door_the_vaults_and_git_can_reach_anything(module: str) -> None:
    found = {reaches(name) for name in imported(tree_of(module))} - {""}
    # Names of this package's own modules, loaded when they are asked for.
    computed = {"?"} if module == "settings/__init__.py" else set[str]()
    assert not found - allowed_in(module) - computed


def test_no_exception_outlives_its_need() -> None:
    """What a place may import, something in it does import."""
    for place, names in EXCEPTIONS.items():
        used = {reaches(name) for module in MODULES if module.startswith(place) for name in imported(tree_of(module))}
        assert names - used <= {"asyncio", "botocore", "pydantic_settings"}, place


@pytest.mark.parametrize("module", [one for one in MODULES if not one.startswith("llm/")])
def test_outside_of_the_door_asyncio_is_used_for_tasks_and_not_for_connections(module: str) -> None:
    connecting = {"open_connection", "open_unix_connection", "start_server", "start_unix_server"}
    for node in ast.walk(tree_of(module)):
        if isinstance(node, ast.Attribute):
            assert node.attr not in connecting
            assert not node.attr.startswith(("create_connection", "create_datagram", "create_subprocess", "sock_"))


@pytest.mark.parametrize(
    "code",
    [
        "import socket",
        "from urllib import request",
        "from urllib.request import urlopen",
        "import http.client",
        "import requests",
        "import importlib\nimportlib.import_module('httpx')",
        "import importlib\nimportlib.import_module(name)",
        "__import__('socket')",
        "def f():\n    import asyncio",
        "from multiprocessing.connection import Client",
        "import a_library_that_nobody_has_looked_at",
        "exec(text)",
    ],
)
def test_the_search_finds_every_way_of_importing(code: str) -> None:
    assert {reaches(name) for name in imported(ast.parse(code))} - {""}


@pytest.mark.parametrize("module", MODULES)
def test_no_module_starts_a_program_by_os(module: str) -> None:
    starting = {"system", "popen", "fork", "forkpty", "posix_spawn", "posix_spawnp", "startfile"}
    for node in ast.walk(tree_of(module)):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "os":
            assert node.attr not in starting
            assert not node.attr.startswith(("exec", "spawn"))


def test_git_is_asked_nothing_that_it_would_have_to_connect_for() -> None:
    asking: set[str] = set()
    for module in MODULES:
        for node in ast.walk(tree_of(module)):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            if node.func.attr in {"ask", "records"} and module.startswith("scan/"):
                first = node.args[0]
                words = [first.value] if isinstance(first, ast.Constant) else []
                assert words, f"{module}:{node.lineno}: what git is asked is to stand there as a literal"
                assert words[0] in OFFLINE_GIT
                asking.add(module)
            if node.func.attr in {"Popen", "run", "check_output"} and ast.unparse(node.func.value) == "subprocess":
                asking.add(module)
                assert module in {"scan/git.py", "settings/sources.py"}
    assert asking <= ASKS_GIT
    environment = (PACKAGE / "scan" / "git.py").read_text("utf-8")
    assert '"GIT_ALLOW_PROTOCOL": "none"' in environment
    assert '"GIT_NO_LAZY_FETCH": "1"' in environment
    words = {one.value for one in ast.walk(tree_of("settings/sources.py")) if isinstance(one, ast.Constant)}
    assert not words & {"fetch", "clone", "pull", "push", "ls-remote", "remote", "submodule", "archive"}


def test_of_the_engine_only_the_search_is_used() -> None:
    """It can also ask providers whether a secret is in force, and revoke it: neither is ever called."""
    users = {module for module in MODULES if any("kingfisher" in name for name in imported(tree_of(module)))}
    assert users
    for module in users:
        assert module.startswith("redact/engine")
        tree = tree_of(module)
        names = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)} | set(imported(tree))
        words = ("validat", "revo", "kingfisher_sdk.git", "_native")
        assert not [name for name in names if any(word in name.lower() for word in words)]


def constructions(name: str) -> set[str]:
    """Modules that call a name, or that reach its constructor by another way."""
    found: set[str] = set()
    for module in MODULES:
        for node in ast.walk(tree_of(module)):
            if isinstance(node, ast.Call):
                function = node.func
                last = function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")
                first = ast.unparse(node.args[0]) if node.args else ""
                if last == name or (last in {"__new__", "partial", "cast", "replace"} and name in first):
                    found.add(module)
    return found


def test_redacted_text_is_made_by_redaction_alone() -> None:
    """`domain/redacted.py` cuts and joins what is redacted already."""
    made = constructions("RedactedText")
    assert "domain/redacted.py" in made
    assert {module for module in made if not module.startswith("redact/")} == {"domain/redacted.py"}


def test_requests_and_the_words_around_their_fields_are_made_in_one_place_each() -> None:
    assert constructions("Request") <= {"write/prose/request.py", "write/notes/request.py"}
    assert constructions("PromptText") == {"write/prose/prompts.py"}


def test_the_door_is_opened_in_one_place() -> None:
    def users(*names: str) -> set[str]:
        outside = [module for module in MODULES if not module.startswith("llm/")]
        return {module for module in outside if {*names} & {*imported(tree_of(module))}}

    assert (
        users("fieldguide.llm.ask", "fieldguide.llm.single_call", "fieldguide.llm.door", "fieldguide.llm.provider")
        == set()
    )
    assert users("fieldguide.llm.Door") == {"write/__init__.py"}
    assert users("fieldguide.write.Door") == {"asking.py"}


SNIPPET = """\
from fieldguide.domain.redacted import RedactedText
from fieldguide.domain.request import PromptText, Request


def fields(name: str, text: str, redacted: RedactedText, prompt: PromptText) -> None:
    Request(prompt, prompt, ((name, redacted),), (), 1, "")
    Request(prompt, prompt, ((name, text),), (), 1, "")  # refused
    Request(text, prompt, ((name, redacted),), (), 1, "")  # refused
    Request(prompt, text, ((name, redacted),), (), 1, "")  # refused
    Request(prompt, f"{prompt}{text}", ((name, redacted),), (), 1, "")  # refused
    Request(prompt, prompt + text, ((name, redacted),), (), 1, "")  # refused
    redacted.text = text  # refused
"""


def test_the_type_checker_refuses_a_request_made_of_strings(tmp_path: Path) -> None:
    checker = shutil.which("basedpyright", path=Path(sys.executable).parent)
    if checker is None:
        pytest.skip("the type checker is not installed: `make lint` has it")
    (tmp_path / "snippet.py").write_text(SNIPPET)
    settings = {
        "include": ["snippet.py"], "extraPaths": [str(PACKAGE.parent)], "typeCheckingMode": "strict",
        "venvPath": str(Path(sys.prefix).parent), "venv": Path(sys.prefix).name, "pythonVersion": "3.11",
    }  # fmt: skip
    (tmp_path / "pyrightconfig.json").write_text(json.dumps(settings))
    done = subprocess.run([checker, "--outputjson"], cwd=tmp_path, capture_output=True, text=True, check=False)
    report = json.loads(done.stdout)
    refused = {one["range"]["start"]["line"] for one in report["generalDiagnostics"] if one["severity"] == "error"}
    expected = {number for number, line in enumerate(SNIPPET.splitlines()) if line.endswith("# refused")}
    assert refused == expected
