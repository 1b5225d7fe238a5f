"""Commands that Flask runs: those of applications, blueprints and `AppGroup`s.

Comes in: calls of Flask's constructors. Goes out: `CommandLine`s under `flask`.
Must never: list a group that nothing was added to.

Source of the rules: Flask 3, `flask.cli` and `Blueprint(cli_group=…)`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fieldguide.analyse.interfaces.click_commands import ClickCommand
from fieldguide.analyse.interfaces.click_decorators import constructed, identity
from fieldguide.analyse.interfaces.literals import Literal
from fieldguide.analyse.interfaces.values import NOTHING, Arguments, Machine, Value

if TYPE_CHECKING:
    from fieldguide.analyse.interfaces.interpreter import Interpreter
    from fieldguide.domain.project import CommandLine


@dataclass(eq=False)
class FlaskApplication(Value):
    """A Flask application or blueprint, of which only the command line is followed."""

    cli: ClickCommand

    def attribute(self, name: str, machine: Machine) -> Value:
        """`cli` is a group; anything else is not followed."""
        del machine
        return self.cli if name == "cli" else NOTHING


def flask_application(arguments: Arguments, machine: Machine) -> Value:
    """`flask.Flask(…)`."""
    cli = ClickCommand(arguments.span, "flask", is_group=True, flask=True)
    machine.create(cli)
    return FlaskApplication(cli)


def blueprint(arguments: Arguments, machine: Machine) -> Value:
    """A blueprint's commands stand in a group of its name, unless `cli_group=None`."""
    cli = ClickCommand(arguments.span, "flask", is_group=True, flask=True)
    given = arguments.get("cli_group")
    machine.create(cli)
    if isinstance(given, Literal) and given.value is None:
        return FlaskApplication(cli)
    name = (given.text() if given is not None else None) or arguments.text("name", 0) or ""
    group = ClickCommand(arguments.span, name, is_group=True)
    cli.add(group)
    return FlaskApplication(group)


def flask_command_lines(interpreter: Interpreter) -> list[CommandLine]:
    """Commands that were added to Flask applications and blueprints, each under `flask`."""
    lines: list[CommandLine] = []
    for _, created in interpreter.loaded.values():
        for program in created:
            if isinstance(program, ClickCommand) and program.flask:
                lines += [
                    line
                    for line in program.command_line("flask").subcommands
                    if line.subcommands or line.symbol  # A group that stayed empty is no command.
                ]
    return lines


MODELS: Final = {
    "flask.Flask": flask_application,
    "flask.Blueprint": blueprint,
    "flask.cli.AppGroup": constructed,
    "flask.cli.FlaskGroup": constructed,
    "flask.cli.with_appcontext": identity,
}
