"""Measure redaction: `python bench/redaction/run.py COMMAND …`; `--help` lists the commands."""

from __future__ import annotations

import argparse
from pathlib import Path

import labelled


def main() -> None:
    """Run one of the benches."""
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    one = commands.add_parser("labelled", help="share of labelled secrets that are hidden")
    one.add_argument("directory", type=Path)
    one.add_argument("--together", action="store_true", help="the files of a top directory are one repository")
    one.add_argument("--misses", type=int, default=0, metavar="N", help="print the first N misses, with their values")
    one.add_argument("--level", default="standard")
    arguments = parser.parse_args()
    outcome = labelled.measure(arguments.directory, together=arguments.together, level=arguments.level)
    labelled.show(outcome)
    labelled.show_misses(arguments.directory, outcome, arguments.misses)


if __name__ == "__main__":
    main()
