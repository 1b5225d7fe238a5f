"""Find examples in tests: short test functions that use the project with literal values and need nothing else.

Comes in: a parsed test module with its text. Goes out: `Example` candidates. Must never: offer code that needs a
fixture, a helper, a patch or `self`.
"""

from __future__ import annotations

import ast
import textwrap
from typing import TYPE_CHECKING

from fieldguide.analyse.project.examples.compose import is_presentable, parse, spaced, with_imports
from fieldguide.analyse.project.examples.names import dotted_uses, import_bindings
from fieldguide.domain.project import Example, ExampleKind
from fieldguide.domain.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from fieldguide.analyse.project.examples.names import Binding

Function = ast.FunctionDef | ast.AsyncFunctionDef

_STATEMENTS = 15
_LINES = 24
_IDEAL = 8
"""Lines of a test that is tried first."""
_MOST = 16
"""Examples of one file: more would not be shown, and each costs a millisecond."""
_CONSTANT_LINES = 5
_HARMLESS_MARKS = frozenset({"anyio", "asyncio", "unit", "smoke", "trio", "fast", "quick"})
_SET_UP = frozenset({"setUp", "setup", "setup_method", "setUpClass", "setup_class", "setup_function", "setup_module"})


def examples_of_tests(path: str, text: str, tree: ast.Module) -> list[Example]:
    """Return test functions that can stand alone, those of a good length first."""
    if any(_is_set_up(statement) for statement in tree.body):
        return []
    bindings = import_bindings(tree.body)
    lines = text.split("\n")
    constants = _literal_constants(tree, lines)
    found: list[Example] = []
    for owner, function in sorted(_test_functions(tree), key=lambda pair: abs(_length(pair[1]) - _IDEAL)):
        example = _example(path, lines, owner, function, bindings, constants)
        if example is not None:
            found.append(example)
        if len(found) == _MOST:
            break
    return found


def _length(function: Function) -> int:
    return (function.end_lineno or function.lineno) - function.lineno


def _test_functions(tree: ast.Module) -> Iterator[tuple[str, Function]]:
    for statement in tree.body:
        if isinstance(statement, Function) and statement.name.startswith("test"):
            yield "", statement
        elif isinstance(statement, ast.ClassDef) and not any(_is_set_up(inner) for inner in statement.body):
            for inner in statement.body:
                if isinstance(inner, Function) and inner.name.startswith("test"):
                    yield statement.name, inner


def _is_set_up(statement: ast.stmt) -> bool:
    """Tell whether tests rely on a function that they do not name."""
    if not isinstance(statement, Function):
        return False
    return statement.name in _SET_UP or any("autouse" in ast.unparse(d) for d in statement.decorator_list)


def _literal_constants(tree: ast.Module, lines: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for statement in tree.body:
        if not (isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name)):
            continue
        last = statement.end_lineno or statement.lineno
        if last - statement.lineno >= _CONSTANT_LINES:
            continue
        try:
            ast.literal_eval(statement.value)
        except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
            continue
        found[statement.targets[0].id] = "\n".join(lines[statement.lineno - 1 : last])
    return found


def _example(
    path: str,
    lines: list[str],
    owner: str,
    function: Function,
    bindings: Mapping[str, Binding],
    constants: Mapping[str, str],
) -> Example | None:
    if not all(_is_harmless(decorator) for decorator in function.decorator_list):
        return None
    if _length(function) > 2 * _LINES or _names_self(function, lines):
        return None
    body = _kept_statements(function)
    if not body or sum(isinstance(node, ast.stmt) for one in body for node in ast.walk(one)) > _STATEMENTS:
        return None
    first, last = _first_line(body[0]), body[-1].end_lineno or body[-1].lineno
    while lines[first - 2].strip().startswith("#") and first - 2 > function.lineno - 1:
        first -= 1
    code = textwrap.dedent("\n".join(lines[first - 1 : last]))
    if not _same(code, body):
        return None
    if isinstance(function, ast.AsyncFunctionDef) and any(_awaits(one) for one in body):
        code = f"async def main():\n{textwrap.indent(code, '    ')}\n\n\nasyncio.run(main())"
        bindings = {**bindings, **import_bindings(ast.parse("import asyncio").body)}
    composed = with_imports(spaced(code), bindings, constants)
    if composed is None or composed.count("\n") >= _LINES or not is_presentable(composed):
        return None
    tree = parse(composed)
    uses = dotted_uses(tree) if tree else ()
    title = f"{owner}.{function.name}" if owner else function.name
    return Example(ExampleKind.TEST, composed, Span(path, first, last), title, uses) if uses else None


def _is_harmless(decorator: ast.expr) -> bool:
    text = ast.unparse(decorator)
    return text == "staticmethod" or (text.startswith("pytest.mark.") and text.rpartition(".")[2] in _HARMLESS_MARKS)


def _names_self(function: Function, lines: list[str]) -> bool:
    """Tell from its text whether a method uses its instance: most tests of most projects do."""
    body = lines[function.body[0].lineno - 1 : function.end_lineno]
    return any("self" in line for line in body)


def _kept_statements(function: Function) -> list[ast.stmt]:
    """Return the body without docstring, and without the closing statements that look into a fixture."""
    body = list(function.body)
    if ast.get_docstring(function) is not None:
        body = body[1:]
    arguments = function.args
    given = {one.arg for one in [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]}
    if arguments.vararg or arguments.kwarg:
        return []
    whole = len(body)
    while body and _mentions(body[-1], given):
        body.pop()
    if not body or any(_mentions(statement, given) for statement in body):
        return []
    if len(body) < whole and not isinstance(body[-1], ast.Assert | ast.With):
        return []  # what is left shows nothing
    return body if any(isinstance(node, ast.Call) for one in body for node in ast.walk(one)) else []


def _mentions(statement: ast.stmt, names: set[str]) -> bool:
    return any(isinstance(node, ast.Name) and node.id in names for node in ast.walk(statement))


def _first_line(statement: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(decorator.lineno for decorator in decorators)])


def _same(code: str, body: list[ast.stmt]) -> bool:
    """Tell whether dedenting changed nothing: a string over several lines may have lost blanks."""
    strings = (node for one in body for node in ast.walk(one) if isinstance(node, ast.Constant | ast.JoinedStr))
    if all(node.lineno == node.end_lineno for node in strings):
        return True
    prefixed = code if not any(_awaits(one) for one in body) else f"async def _():\n{textwrap.indent(code, ' ')}"
    tree = parse(prefixed)
    if tree is None:
        return False
    statements = tree.body
    if len(statements) == 1 and isinstance(statements[0], ast.AsyncFunctionDef) and prefixed is not code:
        statements = statements[0].body
    return [ast.dump(one) for one in statements] == [ast.dump(one) for one in body]


def _awaits(statement: ast.stmt) -> bool:
    return any(isinstance(node, ast.Await | ast.AsyncWith | ast.AsyncFor) for node in ast.walk(statement))
