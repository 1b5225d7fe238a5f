"""Measure redaction: `python bench/redaction/run.py COMMAND …`; `--help` lists the commands."""

from __future__ import annotations

import argparse
from pathlib import Path

import clean
import exactness
import labelled
import speed


def main() -> None:
    """Run one of the benches."""
    arguments = _parser().parse_args()
    match arguments.command:
        case "labelled":
            outcome = labelled.measure(arguments.directory, together=arguments.together, level=arguments.level)
            labelled.show(outcome)
            labelled.show_misses(arguments.directory, outcome, arguments.misses)
        case "clean":
            for directory in arguments.directories:
                clean.show(directory, clean.measure(directory, arguments.level), arguments.show)
        case "exactness":
            exactness.show(exactness.measure(arguments.directories, planted=arguments.planted))
        case _:
            speed.show(arguments.directories, arguments.size)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    one = commands.add_parser("labelled", help="share of labelled secrets that are hidden")
    one.add_argument("directory", type=Path)
    one.add_argument("--together", action="store_true", help="the files of a top directory are one repository")
    one.add_argument("--misses", type=int, default=0, metavar="N", help="print the first N misses, with their values")
    one.add_argument("--level", default="standard")
    one = commands.add_parser("clean", help="hides per million lines of code without secrets")
    one.add_argument("directories", type=Path, nargs="+")
    one.add_argument("--show", type=int, default=0, metavar="N", help="print N of the hides, to be judged")
    one.add_argument("--level", default="standard")
    one = commands.add_parser("exactness", help="whether redacted Python is the same program")
    one.add_argument("directories", type=Path, nargs="*")
    one.add_argument("--planted", action="store_true", help="put fresh tokens into short literals first")
    one = commands.add_parser("speed", help="megabytes per CPU second, and hurtful input")
    one.add_argument("directories", type=Path, nargs="*")
    one.add_argument("--size", type=int, default=250_000, help="characters of a hurtful input")
    return parser


if __name__ == "__main__":
    main()
