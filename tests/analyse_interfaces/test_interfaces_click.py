"""Command lines that click's decorators declare."""

from __future__ import annotations

from interfaces_project import options, project, subcommand

from fieldguide.domain.project import OptionKind


def test_options_and_arguments_of_a_command() -> None:
    made = project(
        {
            "app/cli.py": '''
                import click
                DEPTH = 3

                @click.command()
                @click.argument("source", type=click.Path(exists=True))
                @click.argument("rest", nargs=-1)
                @click.option("-d", "--depth", type=int, default=DEPTH, show_default=True, help="how deep")
                @click.option("--shout/--no-shout", default=True)
                @click.option("--kind", type=click.Choice(["a", "b"]), required=True)
                @click.option("--tag", multiple=True, metavar="NAME")
                @click.option("-v", count=True)
                @click.option("--token", envvar="APP_TOKEN", help="who you are")
                @click.option("--hidden", hidden=True)
                @click.version_option()
                def main(**kwargs):
                    """Do the work.

                    \\b
                    More of it.
                    \\f
                    Not for readers.
                    """
                '''
        },
        {"app": "app.cli:main"},
    )
    line = made.line
    assert (line.program, line.framework, line.summary) == ("app", "click", "Do the work.")
    assert [option.names for option in line.options] == [
        ("source",),
        ("rest",),
        ("-d", "--depth"),
        ("--shout", "--no-shout"),
        ("--kind",),
        ("--tag",),
        ("-v",),
        ("--token",),
        ("--version",),
    ]
    found = options(line)
    assert (found["source"].kind, found["source"].required, found["source"].type) == (OptionKind.ARGUMENT, True, "Path")
    assert (found["rest"].required, found["rest"].repeatable) == (False, True)
    assert (found["--depth"].default, found["--depth"].metavar, found["--depth"].help) == ("3", "INTEGER", "How deep.")
    assert (found["--no-shout"].takes_value, found["--no-shout"].default) == (False, "True")
    assert (found["--kind"].choices, found["--kind"].required) == (("a", "b"), True)
    assert (found["--tag"].repeatable, found["--tag"].metavar) == (True, "NAME")
    assert (found["-v"].repeatable, found["-v"].takes_value) == (True, False)
    assert made.environment["APP_TOKEN"].help == "Who you are."


def test_groups_nest_over_modules_and_commands_are_named_as_click_names_them() -> None:
    made = project(
        {
            "app/cli.py": """
                import click
                from app.extra import more

                @click.group(context_settings={"help_option_names": ["-h", "--help"]})
                @click.option("--config")
                def cli(config):
                    "Everything."

                @cli.command()
                def drop_table():
                    "Drops a table."

                @cli.command("renamed")
                @click.pass_context
                def other(ctx): ...

                @cli.group()
                def user_group(): ...

                @user_group.command(hidden=True)
                def secret(): ...

                @user_group.command(short_help="Adds one.")
                def add(): ...

                cli.add_command(more)
                cli.add_command(more, name="again")
                """,
            "app/extra.py": """
                import click
                @click.command(help="More.")
                def more(): ...
                """,
            "app/late.py": """
                from app.cli import cli
                @cli.command()
                def late(): ...
                """,
        },
        {"app": "app.cli:cli"},
    )
    line = made.line
    assert [inner.program for inner in line.subcommands] == [
        "app drop-table",
        "app renamed",
        "app user",
        "app more",
        "app again",
        "app late",
    ]
    assert [(inner.program, inner.summary) for inner in subcommand(line, "user").subcommands] == [
        ("app user add", "Adds one.")
    ]
    assert options(line)["--config"].metavar == "TEXT"


def test_decorators_of_the_project_bundle_options() -> None:
    made = project(
        {
            "tool.py": """
                import functools
                import click

                def common(function):
                    function = click.option("--one")(function)
                    return click.option("--two")(function)

                def listed(function):
                    for option in reversed([click.option("--three"), click.option("--four")]):
                        function = option(function)
                    return function

                def wrapping(*, flag):
                    def decorate(function):
                        @click.option(flag, is_flag=True)
                        @functools.wraps(function)
                        def wrapper(*args, **kwargs):
                            return function(*args, **kwargs)
                        return wrapper
                    return decorate

                @click.command()
                @wrapping(flag="--five")
                @common
                @listed
                def main(**kwargs):
                    "Runs."

                if __name__ == "__main__":
                    main()
                """
        }
    )
    line = made.line
    assert [option.names[0] for option in line.options] == ["--five", "--two", "--one", "--three", "--four"]
    assert line.summary == "Runs."


def test_commands_of_flask_applications_and_blueprints_stand_under_flask() -> None:
    made = project(
        {
            "app/__init__.py": """
                from flask import Flask, Blueprint
                from flask.cli import AppGroup
                import click

                app = Flask(__name__)
                users = AppGroup("users")

                @users.command("create")
                @click.argument("name")
                def create(name): ...

                app.cli.add_command(users)
                pages = Blueprint("pages", __name__)

                @pages.cli.command()
                def rebuild(): ...

                @app.route("/")
                def index(): ...
                """
        }
    )
    assert [line.program for line in made.lines] == ["flask users", "flask pages"]
    assert [inner.program for line in made.lines for inner in line.subcommands] == [
        "flask users create",
        "flask pages rebuild",
    ]
