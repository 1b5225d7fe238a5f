"""Read the tasks of just (`justfile`), invoke (`tasks.py`) and npm (`package.json`), and pre-commit's hooks.

Comes in: the file's text, or for invoke its parsed module. Goes out: one `Command` each. Must never: show a private
task.
"""

from __future__ import annotations

import ast
import json
import posixpath
import re

from fieldguide.analyse.project.literals import Literals
from fieldguide.analyse.project.sentences import first_sentence
from fieldguide.analyse.project.values import as_table, as_text
from fieldguide.domain.project import Command, CommandKind
from fieldguide.domain.source import Span

_RECIPE = re.compile(r"@?([A-Za-z][\w-]*)((?:\s+[^:]+?)?)\s*:(?!=)")
_SETTING = re.compile(r"(?:export\s+)?([A-Za-z_][\w-]*)\s*:=\s*(['\"])(.*?)\2\s*$")
_INTERPOLATION = re.compile(r"\{\{\s*([\w-]+)\s*\}\}")


def read_justfile(path: str, text: str) -> tuple[Command, ...]:
    """Return the recipes (https://just.systems/man): the comment line above one, or `[doc]`, says what it is for."""
    lines = text.split("\n")
    settings = {match[1]: match[3] for match in map(_SETTING.match, lines) if match}
    commands: list[Command] = []
    attributes: list[str] = []
    comment = ""
    for number, line in enumerate(lines, 1):
        if line.startswith("["):
            attributes.append(line)
            continue
        recipe = _RECIPE.match(line)
        if recipe and not line.startswith(("set ", "alias ", "import ", "mod ")):
            body = _just_body(lines, number)
            documented = re.search(r"doc\(\s*(['\"])(.*?)\1\s*\)", " ".join(attributes))
            if not any("private" in attribute for attribute in attributes):
                folder = posixpath.dirname(path)
                commands.append(
                    Command(
                        name=recipe[1],
                        kind=CommandKind.TASK,
                        invocation=f"just {folder}/{recipe[1]}" if folder else f"just {recipe[1]}",
                        span=Span(path, number, number + len(body)),
                        summary=first_sentence(documented[2] if documented else comment),
                        runs=tuple(_just_runs(body, settings)),
                        default=not commands,
                    )
                )
        attributes = []
        comment = line.lstrip("# ").strip() if line.startswith("#") and not line.startswith("#!") else ""
    return tuple(commands)


def _just_body(lines: list[str], after: int) -> list[str]:
    body: list[str] = []
    for line in lines[after:]:
        if line.strip() and not line[0].isspace():
            break
        body.append(line)
    while body and not body[-1].strip():
        body.pop()
    return body


def _just_runs(body: list[str], settings: dict[str, str]) -> list[str]:
    if body and body[0].strip().startswith("#!"):
        return []
    joined = re.sub(r"\\\n\s*", "", "\n".join(body))
    runs = [
        _INTERPOLATION.sub(lambda match: settings.get(match[1], match[0]), line.strip().lstrip("@-"))
        for line in joined.splitlines()
    ]
    return [run for run in runs if run and "{{" not in run and not run.startswith(("#", "echo "))]


def read_invoke_tasks(path: str, tree: ast.Module) -> tuple[Command, ...]:
    """Return the functions under invoke's `@task` (https://docs.pyinvoke.org); none when invoke is not imported."""
    if not any(
        isinstance(node, ast.ImportFrom) and node.module in {"invoke", "invocations"} for node in ast.walk(tree)
    ):
        return ()
    literals = Literals()
    literals.read(tree.body)
    commands: list[Command] = []
    for function in tree.body:
        if not isinstance(function, ast.FunctionDef):
            continue
        decorator = next((d for d in function.decorator_list if _is_task(d)), None)
        if decorator is None:
            continue
        options = {keyword.arg: literals.get(keyword.value) for keyword in getattr(decorator, "keywords", [])}
        name = str(options.get("name") or function.name).replace("_", "-").strip("-")
        commands.append(
            Command(
                name=name,
                kind=CommandKind.TASK,
                invocation=f"invoke {name}",
                span=Span(path, decorator.lineno, function.end_lineno or function.lineno),
                summary=first_sentence(ast.get_docstring(function) or ""),
                runs=tuple(_invoke_runs(function, literals)),
                default=options.get("default") is True,
            )
        )
    return tuple(commands)


def _is_task(decorator: ast.expr) -> bool:
    called = decorator.func if isinstance(decorator, ast.Call) else decorator
    return (isinstance(called, ast.Name) and called.id == "task") or ast.unparse(called) == "invoke.task"


def _invoke_runs(function: ast.FunctionDef, literals: Literals) -> list[str]:
    context = function.args.args[0].arg if function.args.args else ""
    local = Literals()
    local.names = dict(literals.names)
    local.read(function.body)
    runs: list[str] = []
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {f"{context}.run", f"{context}.sudo"} and node.args:
            value = local.get(node.args[0])
            if isinstance(value, str):
                runs.append(" ".join(value.split()))
    return runs


def read_package_scripts(path: str, text: str) -> tuple[Command, ...]:
    """Return npm's scripts (npm documentation, "scripts"); hooks that run before or after another are left out."""
    try:
        scripts = as_table(as_table(json.loads(text)).get("scripts"))
    except (ValueError, RecursionError):
        return ()
    folder = posixpath.dirname(path)
    prefix = f"npm --prefix {folder} " if folder else "npm "
    commands: list[Command] = []
    for name, value in scripts.items():
        run = as_text(value)
        if not run or any(name == f"{hook}{other}" for hook in ("pre", "post") for other in scripts):
            continue
        line = _json_line(text, name)
        direct = name in {"test", "start", "stop", "restart"}
        commands.append(
            Command(
                name=name,
                kind=CommandKind.TASK,
                invocation=prefix + (name if direct else f"run {name}"),
                span=Span(path, line, line),
                runs=(run,),
            )
        )
    return tuple(commands)


def _json_line(text: str, key: str) -> int:
    """Return the line of a key inside `"scripts"`."""
    start = text.find('"scripts"')
    at = text.find(json.dumps(key, ensure_ascii=False), max(start, 0) + len('"scripts"'))
    return text.count("\n", 0, max(at, start, 0)) + 1


def read_pre_commit_hooks(path: str, text: str) -> tuple[Command, ...]:
    """Return the hooks that a repository offers to pre-commit (https://pre-commit.com: Creating new hooks)."""
    from fieldguide.analyse.project.yaml_lines import numbered_mappings  # noqa: PLC0415 - yaml is needed for few files

    commands: list[Command] = []
    for first, last, hook in numbered_mappings(text):
        identifier, entry, arguments = hook.get("id"), hook.get("entry"), hook.get("args", [])
        if not isinstance(identifier, str) or not isinstance(entry, str):
            continue
        about = hook.get("description") or hook.get("name") or ""
        given = " ".join(arguments) if isinstance(arguments, list) else ""
        commands.append(
            Command(
                name=identifier,
                kind=CommandKind.PRE_COMMIT_HOOK,
                invocation=f"pre-commit run {identifier}",
                span=Span(path, first, last),
                summary=first_sentence(about) if isinstance(about, str) else "",
                runs=(f"{entry} {given}".strip(),),
            )
        )
    return tuple(commands)
