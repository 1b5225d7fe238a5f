"""Put an example together: the imports that it needs, then its code.

Comes in: dedented code and what a module offers. Goes out: text that runs as it stands, or nothing.
Must never: leave a name undefined, import more than is used.
"""

from __future__ import annotations

import ast
import re
import sys
import warnings
from typing import TYPE_CHECKING

from fieldguide.analyse.project.examples.names import Binding, free_names, imported_modules
from fieldguide.domain.redacted import contains_placeholder

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_DEFINITION = re.compile(r"(?:@|def |class |async def )")
_DIRECTIVE = re.compile(r"[ \t]*#[ \t]*(?:pragma|type:[ \t]*ignore|noqa|pylint|nosec|mypy|fmt|ruff|pyright)\b[^\n]*")
_FOREIGN = frozenset(
    {"mock", "unittest", "responses", "freezegun", "tempfile", "subprocess", "threading", "multiprocessing", "socket",
     "pytest_mock", "requests_mock", "respx", "vcr", "pyfakefs", "conftest", "tests", "test", "testing", "ctypes", "gc",
     "importlib", "__main__", "pexpect", "signal", "testfixtures", "hypothesis", "nose", "shutil"}
)  # fmt: skip
"""Top packages that a test uses to arrange the world, not to show a use."""
_UNFIT_CALLS = re.compile(
    r"\bos\.environ|\bos\.chdir|\bsys\.(?:modules|path|argv|stdin)|\btime\.sleep|\bpytest\.(?!raises\b|approx\b)\w+"
    r"|\bmonkeypatch\b|\bMagicMock\b|\b__(?:tracebackhide|file)__"
)


def parse(code: str) -> ast.Module | None:
    """Parse `code`; `None` when it is not Python. Warnings about it are no concern of this program's user."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def without_directives(code: str) -> str:
    """Return code without comments to linters and coverage; unchanged where such text stands inside a string."""
    cleaned = _DIRECTIVE.sub("", code)
    if cleaned == code:
        return code
    before, after = parse(code), parse(cleaned)
    return cleaned if before and after and ast.dump(before) == ast.dump(after) else code


def is_presentable(code: str) -> bool:
    """Tell whether code shows a use only: it arranges nothing, patches nothing and touches no private name."""
    tree = parse(code)
    if tree is None or contains_placeholder(code) or _UNFIT_CALLS.search(code):
        return False
    for module in imported_modules(tree):
        parts = module.split(".")
        if module.startswith(".") or parts[0] in _FOREIGN or any(_is_private(part) for part in parts):
            return False
    return not any(isinstance(node, ast.Attribute) and _is_private(node.attr) for node in ast.walk(tree))


def _is_private(name: str) -> bool:
    return name.startswith("_") and not (name.startswith("__") and name.endswith("__"))


def with_imports(code: str, bindings: Mapping[str, Binding], constants: Mapping[str, str]) -> str | None:
    """Return `code` below the imports and literal constants that it needs; `None` when a name stays undefined."""
    missing = free_names(code)
    if missing is None:
        return None
    body = without_directives(code)
    for name in sorted(missing & constants.keys() - bindings.keys()):
        body = f"{constants[name]}\n\n{body}"
    missing = free_names(body)
    if missing is None or not missing <= bindings.keys():
        return None
    return below_imports([bindings[name].statement for name in missing], body)


def below_imports(statements: Iterable[str], body: str) -> str:
    """Return `body` below import statements: the standard library's first, names of one module on one line."""
    joined: dict[str, list[str]] = {}
    for statement in sorted(set(statements)):
        head, separator, name = statement.partition(" import ")
        line = re.search(rf"^{re.escape(head)} import [\w, ]+$", body, re.MULTILINE) if separator else None
        if line:  # the code has an import of that module already
            body = f"{body[: line.end()]}, {name}{body[line.end() :]}"
            continue
        joined.setdefault(head + separator, []).extend([name] if separator else [])
    lines = [head + ", ".join(names) for head, names in joined.items()]
    if not lines:
        return body
    groups = [
        [line for line in lines if (line.split()[1].split(".")[0] in sys.stdlib_module_names) is standard]
        for standard in (True, False)
    ]
    head = "\n\n".join("\n".join(sorted(group, key=_import_order)) for group in groups if group)
    if body.startswith(("import ", "from ")):
        return f"{head}\n{body}"
    return f"{head}\n\n\n{body}" if _DEFINITION.match(body) else f"{head}\n\n{body}"


def _import_order(line: str) -> tuple[bool, str]:
    return (line.startswith("from "), line)


def spaced(code: str) -> str:
    """Put blank lines below the imports and around definitions, which a session or a test's body does not have."""
    tree = parse(code)
    if tree is None:
        return code
    lines = code.split("\n")
    for before, after in reversed(list(zip(tree.body, tree.body[1:], strict=False))):
        wanted = _blank_lines(before, after)
        first = min([after.lineno, *(one.lineno for one in getattr(after, "decorator_list", []))]) - 1
        while first > (before.end_lineno or 0) and lines[first - 1].lstrip().startswith("#"):
            first -= 1
        missing = wanted - sum(1 for line in lines[before.end_lineno or 0 : first] if not line.strip())
        if missing > 0 and (before.end_lineno or 0) <= first:
            lines[first:first] = [""] * missing
    return "\n".join(lines)


def _blank_lines(before: ast.stmt, after: ast.stmt) -> int:
    definitions = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    imports = ast.Import | ast.ImportFrom
    if isinstance(before, definitions) or isinstance(after, definitions):
        return 2
    return 1 if isinstance(before, imports) and not isinstance(after, imports) else 0
