"""Command lines that typer and fire make of signatures."""

from __future__ import annotations

from interfaces_project import options, project, subcommand

from fieldguide.domain.project import OptionKind


def test_typer_reads_annotations_and_defaults() -> None:
    made = project(
        {
            "tool.py": '''
                from enum import Enum
                from pathlib import Path
                from typing import Annotated, List, Optional
                import typer

                class Kind(str, Enum):
                    small = "small"
                    large = "large"

                def main(
                    ctx: typer.Context,
                    name: str,
                    out: Annotated[Optional[Path], typer.Option("--out", "-o", help="where to")] = None,
                    old: str = typer.Option(..., help="still needed"),
                    kind: Kind = Kind.small,
                    dry_run: bool = False,
                    force: Annotated[bool, typer.Option("--force")] = False,
                    tag: List[str] = [],
                    limit: int | None = typer.Option(5, envvar="LIMIT"),
                    files: Annotated[list[Path], typer.Argument(help="what")] = ...,
                ):
                    """Run it."""

                if __name__ == "__main__":
                    typer.run(main)
                '''
        }
    )
    line = made.line
    assert (line.program, line.framework, line.summary) == ("python tool.py", "typer", "Run it.")
    facts = {o.names: (o.kind is OptionKind.FLAG, o.required, o.takes_value, o.default, o.type) for o in line.options}
    assert facts == {
        ("name",): (False, True, True, None, "str"),
        ("--out", "-o"): (True, False, True, None, "Path"),
        ("--old",): (True, True, True, None, "str"),
        ("--kind",): (True, False, True, "'small'", "Kind"),
        ("--dry-run", "--no-dry-run"): (True, False, False, None, "bool"),
        ("--force",): (True, False, False, None, "bool"),
        ("--tag",): (True, False, True, None, "str"),
        ("--limit",): (True, False, True, "5", "int"),
        ("files",): (False, True, True, None, "Path"),
    }
    found = options(line)
    assert found["--kind"].choices == ("small", "large")
    assert found["--tag"].repeatable
    assert made.environment["LIMIT"].default == "5"


def test_typer_applications_nest_and_a_single_command_is_the_program() -> None:
    made = project(
        {
            "app/cli.py": """
                import typer
                from app.users import users
                app = typer.Typer(help="All of it.")
                app.add_typer(users, name="users")

                @app.callback()
                def shared(verbose: bool = False): ...

                @app.command()
                def clean_up(): "Cleans."
                """,
            "app/users.py": """
                import typer
                users = typer.Typer()
                @users.command(name="new")
                def create(name: str): ...
                @users.command()
                def delete(name: str): ...
                """,
            "app/one.py": """
                import typer
                app = typer.Typer()
                @app.command()
                def only(name: str): "Alone."
                """,
        },
        {"app": "app.cli:app", "one": "app.one:app"},
    )
    app, one = made.lines
    assert app.summary == "All of it."
    assert sorted(inner.program for inner in app.subcommands) == ["app clean-up", "app users"]
    assert [inner.program for inner in subcommand(app, "users").subcommands] == ["app users new", "app users delete"]
    assert [option.names for option in app.options] == [("--verbose", "--no-verbose")]
    assert (one.program, one.summary, [option.names for option in one.options]) == ("one", "Alone.", [("name",)])


def test_fire_turns_parameters_into_flags_and_members_into_commands() -> None:
    made = project(
        {
            "app/cli.py": '''
                import fire

                class Tool:
                    """A tool."""

                    def __init__(self, root="."): ...

                    def build(self, target, jobs: int = 2, *, clean=False):
                        """Build it.

                        Args:
                            target: what to build
                            jobs: how many at once
                        """

                    def _hidden(self): ...

                def main():
                    fire.Fire(Tool)
                '''
        },
        {"tool": "app.cli:main"},
    )
    line = made.line
    assert (line.framework, line.summary) == ("fire", "A tool.")
    assert [(option.names, option.default) for option in line.options] == [(("--root",), "'.'")]
    (build,) = line.subcommands
    assert (build.program, build.summary) == ("tool build", "Build it.")
    facts = {o.names: (o.kind, o.required, o.takes_value, o.default, o.help) for o in build.options}
    assert facts == {
        ("target",): (OptionKind.ARGUMENT, True, True, None, "What to build."),
        ("--jobs",): (OptionKind.FLAG, False, True, "2", "How many at once."),
        ("--clean",): (OptionKind.FLAG, False, False, None, ""),
    }


def test_fire_without_a_component_takes_the_module() -> None:
    made = project(
        {
            "tool.py": """
                import fire
                from os import path
                def add(x, y): ...
                def _hidden(): ...
                if __name__ == "__main__":
                    fire.Fire()
                """
        }
    )
    assert [inner.program for inner in made.line.subcommands] == ["python tool.py add"]
