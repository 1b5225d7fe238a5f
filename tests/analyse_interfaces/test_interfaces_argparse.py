"""Command lines that argparse and optparse build are read from the calls, wherever they stand."""

from __future__ import annotations

from interfaces_project import Project, options, project, subcommand

from fieldguide.domain.project import OptionKind
from fieldguide.domain.source import Role, Span

SCRIPT = """
import argparse

def main():
    parser = argparse.ArgumentParser(description=__doc__)
{body}
    args = parser.parse_args()

if __name__ == "__main__":
    main()
"""


def script(body: str) -> Project:
    indented = "\n".join(f"    {line}" for line in body.splitlines())
    return project({"tool.py": SCRIPT.format(body=indented)})


def test_a_loose_script_is_named_by_its_path() -> None:
    line = script('parser.add_argument("-q", "--quiet", action="store_true", help="say less")').line
    assert (line.program, line.framework) == ("python tool.py", "argparse")
    (option,) = line.options
    assert option.names == ("-q", "--quiet")
    assert option.kind is OptionKind.FLAG
    assert not option.takes_value
    assert (option.metavar, option.default, option.help) == ("", None, "Say less.")
    assert option.span == Span("tool.py", 6, 6)


def test_metavars_are_those_of_argparse() -> None:
    body = """\
parser.add_argument("--out-dir")
parser.add_argument("--mode", choices=["fast", "safe"])
parser.add_argument("--point", nargs=2, metavar=("X", "Y"))
parser.add_argument("--names", nargs="+")
parser.add_argument("--level", nargs="?", type=int)
parser.add_argument("files", nargs="*", default=["."])"""
    found = options(script(body).line)
    assert [found[name].metavar for name in ("--out-dir", "--mode", "--point", "--names", "--level")] == [
        "OUT_DIR",
        "{fast,safe}",
        "X Y",
        "NAMES [NAMES ...]",
        "[LEVEL]",
    ]
    assert found["--mode"].choices == ("fast", "safe")
    assert found["--level"].type == "int"
    files = found["files"]
    assert (files.kind, files.required, files.repeatable, files.default) == (OptionKind.ARGUMENT, False, True, "'.'")


def test_defaults_are_resolved_and_unknown_ones_left_out() -> None:
    made = project(
        {
            "app/settings.py": "PORT = 8000\nHOST = 'localhost'\n",
            "app/cli.py": """
                import argparse, os
                from . import settings
                from .settings import PORT
                from somewhere import LIMIT

                def main(given=None):
                    parser = argparse.ArgumentParser()
                    parser.add_argument("--port", type=int, default=PORT, help="listen here (default: %(default)s)")
                    parser.add_argument("--host", default=settings.HOST)
                    parser.add_argument("--home", default=os.environ.get("APP_HOME", "/srv"))
                    parser.add_argument("--given", default=given.value, help="what was given (default: %(default)s)")
                    parser.add_argument("--limit", default=LIMIT)
                    parser.add_argument("--nothing", default=None)
                    parser.add_argument("--late")
                    parser.add_argument("--said", type=float, help="how far, defaults to 4.5.")
                    parser.set_defaults(late="x")
                    parser.parse_args()
                """,
        },
        {"app": "app.cli:main"},
    )
    found = options(made.line)
    assert {name: option.default for name, option in found.items()} == {
        "--port": "8000",
        "--host": "'localhost'",
        "--home": "'/srv'",
        "--given": None,
        "--limit": "somewhere.LIMIT",
        "--nothing": None,
        "--late": "'x'",
        "--said": "4.5",
    }
    assert found["--port"].help == "Listen here (default: `8000`)."
    assert found["--given"].help == "What was given."


def test_a_default_that_is_set_after_parsing_is_the_one_in_force() -> None:
    body = """\
for name in ("a", "b", "c", "d", "e", "f", "g", "h"):
    parser.add_argument("--" + name)
parser.add_argument("--flag", action="store_true")
args = parser.parse_args()
a = args.a or 8000
b = args.b if args.b else "x"
if args.c is None:
    args.c = 3
def build(limit=3.7, other=1, direct=2): ...
given = {}
if args.d:
    given["limit"] = args.d
build(**given)
if args.e:
    build(other=args.e)
build(direct=args.f)
g = args.g or 1
g = args.g or 2
h = args.h or unknown
if not args.flag:
    args.flag = 5"""
    found = options(script(body).line)
    assert {name.strip("-"): option.default for name, option in found.items()} == {
        "a": "8000",
        "b": "'x'",
        "c": "3",
        "d": "3.7",
        "e": None,  # Where it is not given, `build` is not called.
        "f": None,  # Where it is not given, `build` gets None.
        "g": None,  # Two places disagree.
        "h": None,
        "flag": None,
    }


def test_branches_that_disagree_leave_a_default_unknown() -> None:
    body = """\
import sys
width = 80
if sys.stdout.isatty():
    width = 100
parser.add_argument("--width", default=width)"""
    assert options(script(body).line)["--width"].default is None


def test_helps_are_put_together_as_the_program_does() -> None:
    body = """\
import textwrap
KINDS = ("a", "b")
parser.add_argument("--kind", help=f"one of {', '.join(KINDS)}; "
                    "see %(prog)s kinds")
parser.add_argument("--path", help=textwrap.dedent('''
    where <dir> lies;
    100%% of *.py files'''))
parser.add_argument("--secret", help=argparse.SUPPRESS)
parser.add_argument("--count", default=3, help="times, %(default)s of them")"""
    found = options(script(body).line)
    assert found["--kind"].help == "One of a, b; see python tool.py kinds."
    assert found["--path"].help == "Where `<dir>` lies; 100% of `*.py` files."
    assert found["--count"].help == "Times, `3` of them."
    assert "--secret" not in found


def test_actions_decide_whether_an_option_takes_a_value() -> None:
    body = """\
class Shout(argparse.Action):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, nargs=0, **kwargs)
class Store(argparse.Action):
    pass
parser.add_argument("-v", action="count")
parser.add_argument("--tag", action="append")
parser.add_argument("--color", action=argparse.BooleanOptionalAction, default=True)
parser.add_argument("--shout", action=Shout)
parser.add_argument("--store", action=Store)
parser.add_argument("--version", action="version", version="1")"""
    line = script(body).line
    facts = {option.names: (option.takes_value, option.repeatable, option.default) for option in line.options}
    assert facts == {
        ("-v",): (False, True, None),
        ("--tag",): (True, True, None),
        ("--color", "--no-color"): (False, False, "True"),
        ("--shout",): (False, False, None),
        ("--store",): (True, False, None),
        ("--version",): (False, False, None),
    }


def test_enumerations_give_choices() -> None:
    made = project(
        {
            "app/kinds.py": "from enum import Enum\nclass Kind(str, Enum):\n    ONE = 'one'\n    TWO = 'two'\n",
            "app/__main__.py": """
                import argparse
                from app.kinds import Kind
                parser = argparse.ArgumentParser()
                parser.add_argument("--kind", type=Kind, choices=list(Kind), default=Kind.ONE)
                parser.add_argument("--value", choices=[kind.value for kind in Kind])
                parser.parse_args()
                """,
        }
    )
    assert made.line.program == "python -m app"
    found = options(made.line)
    assert (found["--kind"].choices, found["--kind"].type, found["--kind"].default) == (("one", "two"), "Kind", "'one'")
    assert found["--value"].choices == ("one", "two")


def test_parsers_are_followed_through_functions_methods_groups_and_modules() -> None:
    made = project(
        {
            "app/__init__.py": "from app.main import main\n",
            "app/main.py": """
                from .usage import Builder

                def main(argv=None):
                    return Builder().with_console().parse(argv)
                """,
            "app/usage/__init__.py": """
                import argparse
                from . import scan

                class Builder:
                    def __init__(self):
                        self._parser = argparse.ArgumentParser(description="Looks for things.")
                        self._add_default()

                    def _add_default(self):
                        self._parser.add_argument("--verbose", action="store_true")

                    def with_console(self):
                        subparsers = self._parser.add_subparsers(dest="action")
                        scan.add_scan(subparsers)
                        for name, text in (("list", "lists them"), ("drop", "drops them")):
                            subparsers.add_parser(name, help=text)
                        return self

                    def with_hook(self):
                        self._parser.add_argument("names", nargs="*")
                        return self

                    def parse(self, argv):
                        return self._parser.parse_args(argv)
                """,
            "app/usage/scan.py": """
                from typing import cast
                import argparse

                def add_scan(parent):
                    parser = parent.add_parser("scan", help="short", description="Scans a directory.")
                    group = parser.add_argument_group(title="what to scan")
                    _exclusive(cast(argparse.ArgumentParser, group))
                    return parser

                def _exclusive(group):
                    either = group.add_mutually_exclusive_group()
                    either.add_argument("--all")
                    either.add_argument("--changed", action="store_true")
                """,
            "app/hook.py": """
                from app.usage import Builder
                def main():
                    Builder().with_hook().parse(None)
                """,
        },
        {"app": "app:main", "app-hook": "app.hook:main"},
    )
    app, hook = made.lines
    assert (app.program, app.summary) == ("app", "Looks for things.")
    assert [inner.program for inner in app.subcommands] == ["app scan", "app list", "app drop"]
    scan = subcommand(app, "scan")
    assert scan.summary == "Scans a directory."
    assert subcommand(app, "list").summary == "Lists them."
    assert [(o.names, o.group, o.span.path) for o in scan.options] == [
        (("--all",), "what to scan", "app/usage/scan.py"),
        (("--changed",), "what to scan", "app/usage/scan.py"),
    ]
    assert [option.names[0] for option in hook.options] == ["--verbose", "names"]
    assert hook.subcommands == ()


def test_parents_and_subclasses_hand_on_their_options() -> None:
    made = project(
        {
            "tool.py": """
                import argparse

                class Parser(argparse.ArgumentParser):
                    def __init__(self, **kwargs):
                        super().__init__(description="A tool.", **kwargs)
                        self.add_argument("--debug", action="store_true")

                common = argparse.ArgumentParser(add_help=False)
                common.add_argument("--config", required=True)

                def build():
                    parser = Parser(parents=[common])
                    return parser

                if __name__ == "__main__":
                    build().parse_args()
                """
        }
    )
    line = made.line
    assert line.summary == "A tool."
    assert {option.names[0]: option.required for option in line.options} == {"--config": True, "--debug": False}


def test_the_same_program_is_listed_once_and_the_console_script_gives_its_name() -> None:
    files = {
        "app/cli.py": """
            import argparse
            def main():
                parser = argparse.ArgumentParser(prog="other")
                parser.add_argument("--x")
                parser.parse_args()
            if __name__ == "__main__":
                main()
            """,
        "app/__main__.py": "from app.cli import main\nmain()\n",
    }
    assert [line.program for line in project(files, {"app": "app.cli:main"}).lines] == ["app"]
    assert [line.program for line in project(files).lines] == ["python -m app"]


def test_a_module_of_a_package_is_run_by_its_name_and_a_loose_one_by_its_path() -> None:
    text = SCRIPT.format(body="    parser.add_argument('--x')")
    other = SCRIPT.format(body="    parser.add_argument('--y')")
    made = project({"app/__init__.py": "", "app/tool.py": text, "tools/loose.py": other})
    assert [line.program for line in made.lines] == ["python -m app.tool", "python tools/loose.py"]


def test_a_parser_that_nothing_runs_is_listed_under_its_own_name_alone() -> None:
    made = project(
        {
            "app/build.py": """
                import argparse
                def named(config):
                    parser = argparse.ArgumentParser(prog="app-tool")
                    parser.add_argument("--x")
                    return parser
                def unnamed(config):
                    parser = argparse.ArgumentParser()
                    parser.add_argument("--y")
                    return parser
                """
        }
    )
    assert [line.program for line in made.lines] == ["app-tool"]


def test_tests_have_no_command_line_of_their_own() -> None:
    text = SCRIPT.format(body='    parser.add_argument("--x")')
    assert project({"tool.py": text}, role=Role.TEST).lines == ()


def test_optparse_is_read_too() -> None:
    made = project(
        {
            "old.py": """
                from optparse import OptionParser, OptionGroup
                parser = OptionParser(usage="%prog [options]", description="Old.")
                parser.add_option("-o", "--out", default="a", metavar="FILE", help="write here [default: %default]")
                group = OptionGroup(parser, "More")
                group.add_option("--flag", action="store_true")
                parser.add_option_group(group)
                options, arguments = parser.parse_args()
                """
        }
    )
    line = made.line
    out, flag = line.options
    assert (line.framework, line.summary) == ("optparse", "Old.")
    assert (out.metavar, out.default, out.help) == ("FILE", "'a'", "Write here [default: `a`].")
    assert (flag.group, flag.takes_value) == ("More", False)


def test_django_management_commands_are_read_from_add_arguments() -> None:
    made = project(
        {
            "manage.py": "import sys\n",
            "shop/management/commands/restock.py": """
                from django.core.management.base import BaseCommand
                class Command(BaseCommand):
                    help = "Fill the shelves."
                    def add_arguments(self, parser):
                        parser.add_argument("--limit", type=int, default=10)
                """,
            "shop/management/commands/_private.py": "class Command: pass\n",
        }
    )
    line = made.line
    assert (line.program, line.summary) == ("python manage.py restock", "Fill the shelves.")
    assert options(line)["--limit"].default == "10"
