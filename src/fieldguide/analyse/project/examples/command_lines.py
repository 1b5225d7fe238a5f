"""Find command lines that tests run: literal arguments given to a program's entry function or to the program itself.

Comes in: a parsed test module. Goes out: `Example` candidates in the language `console`. Where only the entry
function is known its dotted name is in `uses`, and `code` holds the arguments alone until the program's name is
joined to it. Must never: offer a call that is meant to fail, or a path that exists only while the test runs.
"""

from __future__ import annotations

import ast
import re
import shlex
from typing import TYPE_CHECKING

from fieldguide.analyse.project.examples.names import attribute_chain, import_bindings
from fieldguide.domain.project import Example, ExampleKind
from fieldguide.domain.redacted import contains_placeholder
from fieldguide.domain.source import Span

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fieldguide.analyse.project.examples.names import Binding

_PROCESS = frozenset({"run", "check_output", "check_call", "call", "Popen", "execute"})
_UNFIT_ARGUMENT = re.compile(
    r"mock|fake|dummy|invalid|non.?exist|does.?not.?exist|missing|/tmp|\\n|^/|^\W*$|unknown|broken|wrong|bogus"
    r"|^(?:foo|bar|baz|spam|eggs|qux|asdf|xxx+)\b|\btests?\.[a-z_]\w*|\btest_\w+[.:](?!\w+$)|\btest_\w+:",
    re.IGNORECASE,
)
_UNFIT_TEST = re.compile(
    r"fail|error|invalid|raise|missing|unknown|bad_|wrong|abort|exit|conflict|not_|without|no_|nope"
)
_CALL = re.compile(r"\binvoke\(|\bsubprocess\b|\w\(\s*\[\s*[\"']")
"""In the text of every file with a command line that is wanted."""
_WORDS = 8


def command_line_examples(path: str, text: str, tree: ast.Module) -> list[Example]:
    """Return the literal command lines of test functions, each once a file."""
    if not _CALL.search(text):
        return []
    bindings = import_bindings(tree.body)
    found: dict[str, Example] = {}
    for function in _functions(tree):
        if _UNFIT_TEST.search(function.name):
            continue
        for example in _examples(path, function, bindings):
            found.setdefault(f"{example.uses} {example.code}", example)
    return list(found.values())


def _examples(path: str, function: ast.FunctionDef, bindings: Mapping[str, Binding]) -> list[Example]:
    inner = [one for one in function.body if isinstance(one, ast.Import | ast.ImportFrom)]
    local = {**bindings, **import_bindings(inner)} if inner else bindings
    calls = [node for node in ast.walk(function) if isinstance(node, ast.Call) and node.args]
    examples = [example for call in calls if (example := _example(path, function.name, call, local))]
    failing = _failing_lines(function) if examples else set[int]()  # it costs more than all the rest
    return [example for example in examples if example.span.first not in failing]


def _functions(tree: ast.Module) -> list[ast.FunctionDef]:
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    bodies = [tree.body, *(node.body for node in classes)]
    return [
        node for body in bodies for node in body if isinstance(node, ast.FunctionDef) and node.name.startswith("test")
    ]


def _failing_lines(function: ast.FunctionDef) -> set[int]:
    """Return the lines of calls that are expected to fail; every line where an exit code other than 0 is asserted."""
    everything = set(range(function.lineno, (function.end_lineno or function.lineno) + 1))
    lines: set[int] = set()
    for node in ast.walk(function):
        if isinstance(node, ast.With) and "raises" in ast.unparse(node.items[0].context_expr).lower():
            lines.update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
        elif isinstance(node, ast.Compare) and len(node.comparators) == 1:
            code = node.comparators[0]
            number = code.value if isinstance(code, ast.Constant) else None
            about_exit = re.search(
                r"exit_code|returncode|exitcode|\bret(?:val)?\b|main\(|status", ast.unparse(node.left)
            )
            expected = (isinstance(node.ops[0], ast.Eq) and number not in (0, None, False)) or (
                isinstance(node.ops[0], ast.NotEq) and number == 0
            )
            if about_exit and expected:
                return everything
        elif isinstance(node, ast.Assert) and re.match(r"result\.exception|result\.exit_code$", ast.unparse(node.test)):
            return everything
    return lines


def _example(path: str, title: str, call: ast.Call, bindings: Mapping[str, Binding]) -> Example | None:
    span = Span(path, call.lineno, call.end_lineno or call.lineno)
    if isinstance(call.func, ast.Attribute) and call.func.attr == "invoke" and len(call.args) > 1:
        return _entry_example(call.args[0], call.args[1], title, span, bindings)
    chain = attribute_chain(call.func)
    if not chain:
        return None
    listed = bool(call.args) and isinstance(call.args[0], ast.List | ast.Tuple)  # one string may mean anything
    if listed and len(call.args) == 1 and not call.keywords and chain[0] in bindings and chain[0] != "subprocess":
        return _entry_example(call.func, call.args[0], title, span, bindings)
    if chain[-1] in _PROCESS and call.args and (chain[0] == "subprocess" or len(chain) == 1):
        return _process_example(call.args[0], title, span)
    return None


def _entry_example(
    entry: ast.expr, arguments: ast.expr, title: str, span: Span, bindings: Mapping[str, Binding]
) -> Example | None:
    chain = attribute_chain(entry)
    words = _words(arguments)
    if not chain or chain[0] not in bindings or not words or not _is_fit(words):
        return None
    dotted = ".".join((bindings[chain[0]].dotted, *chain[1:]))
    return Example(ExampleKind.TEST, _typed(words), span, title, (dotted,), "console")


def _process_example(arguments: ast.expr, title: str, span: Span) -> Example | None:
    if not isinstance(arguments, ast.List | ast.Tuple):
        return None
    elements = list(arguments.elts)
    if elements and ast.unparse(elements[0]) == "sys.executable":
        elements[0] = ast.copy_location(ast.Constant("python"), elements[0])
    words = _words(ast.copy_location(ast.List(elements, ast.Load()), arguments))
    if not words or len(words) == 1 or not _is_fit(words[1:]):
        return None
    return Example(ExampleKind.TEST, _typed(words), span, title, (), "console")


def _typed(words: list[str]) -> str:
    """Return words as a person types them: in double quotes where single ones are part of the word."""
    special = frozenset('"$`\\!')
    return " ".join(f'"{one}"' if "'" in one and not special & set(one) else shlex.quote(one) for one in words)


def _words(node: ast.expr) -> list[str]:
    """Return literal words; none when one of them is not literal."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        try:
            return shlex.split(node.value)
        except ValueError:
            return []
    if not isinstance(node, ast.List | ast.Tuple):
        return []
    words = [one.value for one in node.elts if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    return words if len(words) == len(node.elts) else []


def _is_fit(words: list[str]) -> bool:
    if len(words) > _WORDS or contains_placeholder(" ".join(words)):
        return False
    return all(word.isprintable() and not _UNFIT_ARGUMENT.search(word) for word in words)
