"""Read nox sessions from `noxfile.py` (https://nox.thea.codes: Configuration & API), without running it.

Comes in: the parsed module. Goes out: one `Command` a session. Must never: show an argument that is not literal: a
command stops before the first one that is unknown.
"""

from __future__ import annotations

import ast
import posixpath
import re
import shlex
from typing import cast

from fieldguide.analyse.project.literals import Literals, UnknownError, Value
from fieldguide.analyse.project.sentences import first_sentence
from fieldguide.analyse.project.values import as_list, as_texts
from fieldguide.domain.project import Command, CommandKind
from fieldguide.domain.source import Span

Function = ast.FunctionDef | ast.AsyncFunctionDef

_SHORT_OPTION = re.compile(r"-[A-Za-z]")
_LOOPS = 4
"""Values of a loop or a parameter that are followed."""
_STEPS = 2000
"""Statements of one session that are followed, loops counted."""
_RUN = frozenset({"run", "run_always"})


def read_noxfile(path: str, tree: ast.Module) -> tuple[Command, ...]:
    """Return the sessions in their order, each with what it runs, or installs when it only installs."""
    literals = Literals()
    literals.read(tree.body)
    chosen = _chosen(tree, literals)
    sessions = [node for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    folder = posixpath.dirname(path)
    prefix = f"nox --noxfile {path} --session " if folder else "nox --session "
    commands: list[Command] = []
    for function in sessions:
        decorator = _session_decorator(function)
        if decorator is None:
            continue
        options = {keyword.arg: keyword.value for keyword in getattr(decorator, "keywords", [])}
        given = literals.get(options.get("name"))
        name = str(given) if isinstance(given, str) else function.name
        default = name in chosen if chosen is not None else literals.get(options.get("default")) is not False
        commands.append(
            Command(
                name=name,
                kind=CommandKind.NOX_SESSION,
                invocation=prefix + name,
                span=Span(path, min(d.lineno for d in function.decorator_list), function.end_lineno or function.lineno),
                summary=first_sentence(ast.get_docstring(function) or ""),
                runs=tuple(_runs(function, literals)),
                default=default,
            )
        )
    return tuple(commands)


def _chosen(tree: ast.Module, literals: Literals) -> list[str] | None:
    """Return `nox.options.sessions` where it is set; `None` where every session is a default."""
    for statement in tree.body:
        if isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == "nox.options.sessions":
            value = literals.get(statement.value)
            return as_texts(value)
    return None


def _session_decorator(function: Function) -> ast.expr | None:
    for decorator in function.decorator_list:
        called = decorator.func if isinstance(decorator, ast.Call) else decorator
        name = called.attr if isinstance(called, ast.Attribute) else called.id if isinstance(called, ast.Name) else ""
        if name in {"session", "nox_session"}:
            return decorator
    return None


def _runs(function: Function, literals: Literals) -> list[str]:
    """Return what a session runs without arguments, once for each literal value of its first parameter list."""
    parameter = function.args.args[0].arg if function.args.args else ""
    body = _Body(parameter)
    for values in _parameter_values(function, literals):
        body.statements(function.body, _inside(parameter, {**literals.names, **values}))
    return list(dict.fromkeys(body.runs if body.runs or body.unknown else body.installs))


def _inside(parameter: str, names: dict[str, Value]) -> Literals:
    literals = Literals(lambda node: _without_arguments(node, literals, parameter))
    literals.names = names
    return literals


def _parameter_values(function: Function, literals: Literals) -> list[dict[str, Value]]:
    for decorator in function.decorator_list:
        if isinstance(decorator, ast.Call) and ast.unparse(decorator.func).endswith("parametrize"):
            given = [literals.get(argument) for argument in decorator.args[:2]]
            if len(given) == 2 and isinstance(given[0], str) and "," not in given[0]:  # noqa: PLR2004 - name, values
                return [{str(given[0]): value} for value in as_list(given[1])[:_LOOPS]] or [{}]
    return [{}]


def _without_arguments(node: ast.expr, literals: Literals, parameter: str) -> Value:
    """Return the value of an expression over `session.posargs` when none are given."""
    if isinstance(node, ast.Attribute) and ast.unparse(node) == f"{parameter}.posargs":
        return []
    if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.Or):
        for value in node.values[:-1]:
            known = literals.value(value)
            if known:
                return known
        return literals.value(node.values[-1])
    if isinstance(node, ast.IfExp):
        return literals.value(node.body if literals.value(node.test) else node.orelse)
    raise UnknownError


class _Body:
    """Follows a session's statements in order."""

    def __init__(self, parameter: str) -> None:
        self.parameter = parameter
        self.runs: list[str] = []
        self.installs: list[str] = []
        self.steps = 0
        self.unknown = False
        """It runs something of which not even the program is literal."""

    def statements(self, body: list[ast.stmt], literals: Literals) -> None:
        for statement in body:
            self.steps += 1
            if self.steps > _STEPS:
                return
            if isinstance(statement, ast.If):
                self._branch(statement, literals)
            elif isinstance(statement, ast.For):
                self._loop(statement, literals)
            elif isinstance(statement, ast.With | ast.Try):
                self.statements(statement.body, literals)
            elif not isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                literals.read([statement])
                self._calls(statement, literals)

    def _branch(self, statement: ast.If, literals: Literals) -> None:
        """Leave out a branch that ends the session: it is not what it does ordinarily."""
        if not isinstance(statement.body[-1], ast.Return | ast.Raise) and literals.get(statement.test) != []:
            self.statements(statement.body, literals)
        self.statements(statement.orelse, literals)

    def _loop(self, statement: ast.For, literals: Literals) -> None:
        values = literals.get(statement.iter)
        if isinstance(values, list) and isinstance(statement.target, ast.Name):
            for value in as_list(cast("object", values))[:_LOOPS]:
                literals.names[statement.target.id] = value
                self.statements(statement.body, literals)
        else:
            self.statements(statement.body, literals)

    def _calls(self, statement: ast.stmt, literals: Literals) -> None:
        for node in ast.walk(statement):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            if ast.unparse(node.func.value) != self.parameter:
                continue
            words = _words(node.args, literals)
            if node.func.attr in _RUN:
                self.runs += [shlex.join(words)] if words else []
                self.unknown = self.unknown or not words
            elif node.func.attr == "install" and words:
                self.installs.append(shlex.join(["pip", "install", *words]))


def _words(arguments: list[ast.expr], literals: Literals) -> list[str]:
    words: list[str] = []
    for argument in arguments:
        starred = isinstance(argument, ast.Starred)
        value = literals.get(argument.value if isinstance(argument, ast.Starred) else argument)
        if starred and isinstance(value, list):
            words += as_texts(cast("object", value))
        elif not starred and isinstance(value, str | int):
            words.append(str(value))
        else:
            if len(words) > 1 and _SHORT_OPTION.fullmatch(words[-1]):  # its value may be what is not known
                words.pop()
            break
    return words
