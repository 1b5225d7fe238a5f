"""Joins what files contribute into the command lines that a user can type.

Comes in: facts of all files, the project's commands, the names of its packages. Goes out: `CommandLine`s, entry points
first. Must never: print a program name that nothing in the code gives.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

from fieldguide.analyse.interfaces import (
    click_decorators,
    fire_components,
    flask_commands,
    parser_models,
    typer_commands,
)
from fieldguide.analyse.interfaces.argument_parser import Parser
from fieldguide.analyse.interfaces.credentials import without_credentials, without_credentials_below
from fieldguide.analyse.interfaces.definitions import Class, Function
from fieldguide.analyse.interfaces.help_text import first_paragraph, first_sentence, markdown
from fieldguide.analyse.interfaces.interpreter import Interpreter
from fieldguide.analyse.interfaces.standard_library import STANDARD_LIBRARY
from fieldguide.analyse.interfaces.values import Arguments, Program, Value
from fieldguide.domain.project import Command, CommandKind, CommandLine, Option, SettingsClass
from fieldguide.domain.source import Role, Span

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from fieldguide.domain.codebase import FileFacts
    from fieldguide.domain.interfaces import Interfaces

UNDOCUMENTED: Final = frozenset({Role.TEST, Role.DOCUMENTATION, Role.EXAMPLE})
"""Roles of files whose programs are not the project's."""
_CLASS_ATTRIBUTE: Final = re.compile(r"([A-Z]\w*)\.([A-Za-z]\w*)")
MANAGEMENT_COMMAND: Final = re.compile(r"(?:^|/)management/commands/([A-Za-z][A-Za-z0-9_]*)\.py$")

Model = Callable[[Arguments, Interpreter], Value]
MODELS: Final[Mapping[str, Model]] = {
    **STANDARD_LIBRARY,
    **parser_models.MODELS,
    **click_decorators.MODELS,
    **flask_commands.MODELS,
    **typer_commands.MODELS,
    **fire_components.MODELS,
}


def join_interfaces(
    files: Sequence[FileFacts], commands: Sequence[Command], package_names: Collection[str]
) -> tuple[CommandLine, ...]:
    """List the command lines of a project.

    Args:
        files: Facts of every file.
        commands: Of which console scripts name programs, by their target `module:function`.
        package_names: Top-level names under which the project is imported; a module outside of them is a loose script.
    """
    kept = [file for file in files if file.interfaces.module or file.interfaces.path]
    interpreter = Interpreter((file.interfaces for file in kept), MODELS, parser_models.SUBCLASSES)
    interpreter.symbols = {symbol.name: symbol for file in kept for symbol in file.symbols}
    roots = _Roots(
        interpreter, [f.interfaces for f in kept if f.source.role not in UNDOCUMENTED], commands, package_names
    )
    return tuple(without_credentials_below(line) for line in roots.command_lines())


def join_settings(files: Sequence[FileFacts]) -> tuple[SettingsClass, ...]:
    """List the settings classes of all files but tests."""
    found = (one for file in files if file.source.role is not Role.TEST for one in file.settings_classes)
    return tuple(replace(one, fields=without_credentials(one.fields)) for one in found)


def join_environment(files: Sequence[FileFacts]) -> tuple[Option, ...]:
    """List the environment variables of all files, each place once, those named by another file's constant included."""
    interpreter = Interpreter((f.interfaces for f in files if f.interfaces.module), MODELS, {})
    found: list[Option] = []
    for file in files:
        options = list(file.interfaces.environment)
        for constant, option in file.interfaces.environment_by_constant:
            module, _, name = constant.rpartition(".")
            variable = interpreter.member(module, name).text()
            if variable and not any(variable in known.names for known in options):
                options.append(replace(option, names=(variable,)))
        options = [_with_literal_default(option, file, files, interpreter) for option in options]
        found += sorted(options, key=lambda option: option.span.first)
    return without_credentials(found)


def _with_literal_default(
    option: Option, file: FileFacts, files: Sequence[FileFacts], interpreter: Interpreter
) -> Option:
    """The option with the value of a default that is an attribute of another module's class."""
    named = _CLASS_ATTRIBUTE.fullmatch(option.default or "")
    if named is None:
        return option
    if not interpreter.symbols:
        interpreter.symbols = {symbol.name: symbol for one in files for symbol in one.symbols}
    value = interpreter.member(file.interfaces.module, named[1]).attribute(named[2], interpreter)
    return replace(option, default=value.source() or option.default)


class _Roots:
    """Finds what is run, and by which name."""

    def __init__(
        self,
        interpreter: Interpreter,
        files: Sequence[Interfaces],
        commands: Sequence[Command],
        package_names: Collection[str],
    ) -> None:
        self._interpreter = interpreter
        self._files = sorted(files, key=lambda file: file.path)
        self._paths = {file.path for file in files}
        self._commands = commands
        self._packages = frozenset(package_names)
        self._seen: set[Program] = set()
        self._found: list[CommandLine] = []

    def command_lines(self) -> list[CommandLine]:
        """Entry points, modules that are run, management commands, then what names itself."""
        for file in self._files:
            if file.relevant:
                self._interpreter.scope(file)
        self._console_scripts()
        for file in self._files:
            if file.module.rpartition(".")[2] == "__main__" or file.path == "__main__.py":
                self._run_file(file)
        for file in self._files:
            if file.guarded or self._interpreter.loaded.get(file.path, ([], []))[0]:
                self._run_file(file)
        self._management_commands()
        self._click_under_flask()
        self._unreached()
        return self._found

    def _console_scripts(self) -> None:
        for command in self._commands:
            if command.kind is CommandKind.CONSOLE_SCRIPT and command.target:
                module, _, attribute = command.target.partition(":")
                self._run(lambda m=module, a=attribute: self._resolve(m.strip(), a), command.name)

    def _resolve(self, module: str, attribute: str) -> Value:
        value: Value = self._interpreter.member(module, attribute.partition(".")[0].partition("[")[0].strip() or "main")
        for name in attribute.partition("[")[0].strip().split(".")[1:]:
            value = value.attribute(name, self._interpreter)
        return value

    def _run(self, resolve: Callable[[], Value], program: str) -> None:
        """Call what an entry point names, and list the programs that read their command line in it."""

        def run() -> None:
            value = resolve()
            if isinstance(value, Program):
                self._interpreter.invoke(value)
            elif isinstance(value, Function | Class):
                _call(value, self._interpreter)

        self._list(*self._interpreter.watch(run), program)

    def _list(self, invoked: list[Program], created: list[Program], program: str) -> None:
        roots = [root for root in invoked if not (isinstance(root, Parser) and root.is_parent)]
        if not roots:
            # The parser is handed to something that is not read, and parses there.
            roots = [p for p in created if isinstance(p, Parser) and not p.is_child and not p.is_parent and p.added]
        best = _fullest(roots, program)
        if best is not None:
            self._add(best)
        self._seen.update(invoked, created)

    def _add(self, line: CommandLine) -> None:
        if not (line.options or line.subcommands or line.summary):
            return  # Its options are put together in a way that reading does not tell.
        if not any(_alike(line, known) for known in self._found):
            self._found.append(line)

    def _run_file(self, file: Interfaces) -> None:
        interpreter = self._interpreter
        interpreter.scope(file)
        invoked = interpreter.loaded.get(file.path, ([], []))[0]
        guarded = interpreter.unpacked.of(file.path, file.guarded)
        found, created = interpreter.watch(lambda: interpreter.execute(guarded, interpreter.scope(file), []))
        self._list([*invoked, *found], created, self._invocation(file))

    def _invocation(self, file: Interfaces) -> str:
        """What is typed to run a file."""
        for command in self._commands:
            if command.kind in {CommandKind.MODULE, CommandKind.SCRIPT} and command.span.path == file.path:
                return command.invocation
        in_package = f"{file.path.rpartition('/')[0]}/__init__.py" in self._paths or file.path.endswith("/__main__.py")
        if in_package and file.module.partition(".")[0] in self._packages:
            return f"python -m {file.module.removesuffix('.__main__')}"
        return f"python {file.path}"

    # Frameworks that run commands themselves

    def _management_commands(self) -> None:
        """Django's: `add_arguments(self, parser)` of a class `Command` in `management/commands/NAME.py`."""
        manage = next((f.path for f in self._files if f.path.rpartition("/")[2] == "manage.py"), "")
        prefix = f"python {manage}" if manage else "django-admin"
        for file in self._files:
            match = MANAGEMENT_COMMAND.search(file.path)
            cls = self._interpreter.member(file.module, "Command") if match is not None else None
            if match is not None and isinstance(cls, Class):
                parser = Parser(Span(file.path, cls.definition.line, cls.definition.last), cls.name)
                parser.description = cls.find("help")
                adding = cls.find("add_arguments")
                if isinstance(adding, Function):
                    parser_given = Arguments([parser], {}, parser.span)
                    instance = cls.call(Arguments([], {}, parser.span), self._interpreter)
                    self._interpreter.watch(
                        lambda a=adding, i=instance, g=parser_given: a.bind(i).call(g, self._interpreter)
                    )
                line = parser.command_line(f"{prefix} {match[1]}")
                if not line.summary and cls.definition.docstring:
                    text = first_sentence(" ".join(first_paragraph(cls.definition.docstring).split()))
                    line = replace(line, summary=markdown(text))
                self._found.append(line)

    def _click_under_flask(self) -> None:
        """Commands that Flask runs: `flask NAME`."""
        for line in flask_commands.flask_command_lines(self._interpreter):
            self._add(line)

    def _unreached(self) -> None:
        """Programs that name themselves although no entry point reaches them."""
        for function in self._unread():
            self._list_named(self._interpreter.watch(partial(_call, function, self._interpreter))[1])
        for _, created in self._interpreter.loaded.values():
            self._list_named(created)

    def _unread(self) -> Iterator[Function]:
        called = self._interpreter.called
        for file in self._files:
            for value in list(self._interpreter.scope(file).names.values()) if file.relevant else ():
                if not isinstance(value, Function) or value.scope.path != file.path:
                    continue
                if id(value.definition) not in called and _makes_parser(value):
                    yield value

    def _name_of(self, program: Parser) -> str:
        """The console script whose module holds the program, where that is not listed yet; else its own name."""
        listed = {line.program for line in self._found}
        by_path = {file.path: file.module for file in self._files}
        module = by_path.get(program.span.path, "")
        scripts = [one for one in self._commands if one.kind is CommandKind.CONSOLE_SCRIPT and one.target]
        names = [one.name for one in scripts if module and one.target.partition(":")[0].strip() == module]
        own = program.own_name()
        return own if own in names or listed.intersection(names) or not names else names[0]

    def _list_named(self, created: list[Program]) -> None:
        for program in created:
            if (
                isinstance(program, Parser)
                and not program.is_child
                and program not in self._seen
                and program.own_name()
            ):
                self._seen.add(program)
                if program.added or program.children:
                    self._add(program.command_line(self._name_of(program)))


def _call(value: Value, interpreter: Interpreter) -> Value:
    return value.call(Arguments([], {}, Span("", 0, 0)), interpreter)


def _makes_parser(function: Function) -> bool:
    pending = list(function.definition.body)
    while pending:
        code = pending.pop()
        if code.text in {"ArgumentParser", "OptionParser"}:
            return True
        pending += code.parts
    return False


def _fullest(roots: Sequence[Program], program: str) -> CommandLine | None:
    """The command line of a run; where several parsers read it, one after the other, the one that takes most."""
    lines = [line for root in roots if (line := root.command_line(program)) is not None]
    return max(lines, key=_size, default=None)


def _size(line: CommandLine) -> int:
    return len(line.options) + sum(1 + _size(inner) for inner in line.subcommands)


def _alike(first: CommandLine, second: CommandLine) -> bool:
    """The same program under another name: `python -m httpx` is `httpx`."""
    same = first.span == second.span and first.options == second.options
    names = [[inner.program.rpartition(" ")[2] for inner in line.subcommands] for line in (first, second)]
    return same and names[0] == names[1]
