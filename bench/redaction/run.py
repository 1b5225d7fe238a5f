"""Measure redaction: `python bench/redaction/run.py COMMAND …`; `--help` lists the commands.

`table --held-out DIRECTORY` prints one table: the generated corpus, and what the directory has of `creddata`,
`trufflehog` and `clean`, each with `labels.jsonl` as `labels` describes it.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import clean
import exactness
import generated
import labelled
import speed
from samples import Shape

_SPLIT = ("adjacent", "concat", "continued", "escapes", "base64", "percent", "kubernetes-data", "docker-auth", "basic")
"""Contexts with these in their names hold a value split or encoded."""


def main() -> None:
    """Run one of the benches."""
    arguments = _parser().parse_args()
    match arguments.command:
        case "labelled":
            outcome = labelled.measure(arguments.directory, together=arguments.together, level=arguments.level)
            labelled.show(outcome)
            labelled.show_misses(arguments.directory, outcome, arguments.misses)
        case "generated":
            labelled.show(_generated(arguments.seed, arguments.level))
        case "clean":
            for directory in arguments.directories:
                clean.show(directory, clean.measure(directory, arguments.level), arguments.show)
        case "exactness":
            exactness.show(exactness.measure(arguments.directories, planted=arguments.planted))
        case "speed":
            speed.show(arguments.directories, arguments.size)
        case _:
            _table(arguments.held_out, arguments.seed, arguments.level)


def _generated(seed: int, level: str) -> labelled.Outcome:
    samples = generated.generate(seed, generated.secret_types(), generated.contexts())
    return labelled.measure_samples(samples, level)


def _table(held_out: Path | None, seed: int, level: str) -> None:
    """Print one line of the table after the other."""
    print("| what | hidden | of | share |\n| --- | --- | --- | --- |")
    made = _generated(seed, level)
    _line("generated, all types in all contexts", made)
    _line("… tokens of providers and key blocks", _narrowed(made, shaped=True, plain=False))
    _line("… of those, neither split nor encoded", _narrowed(made, shaped=True, plain=True))
    for name, together in (("creddata", True), ("trufflehog", False), ("generated", False)):
        if held_out is not None and (held_out / name).is_dir():
            _line(f"{name}, held out", labelled.measure(held_out / name, together=together, level=level))
    if held_out is not None and (held_out / "clean").is_dir():
        hides = clean.measure(held_out / "clean", level)
        print(
            f"| clean code, before judging | {sum(hides.kinds.values())} | {hides.lines} lines |"
            f" {hides.per_million:.0f}/M |"
        )


def _narrowed(outcome: labelled.Outcome, *, shaped: bool, plain: bool) -> labelled.Outcome:
    """Some of the samples of an outcome."""
    narrowed = labelled.Outcome()
    for label, share in outcome.shares:
        split = any(word in label.context for word in _SPLIT)
        if (not shaped or label.shape in {Shape.TOKEN, Shape.BLOCK}) and not (plain and split):
            narrowed.usable.add(label, share)
    return narrowed


def _line(name: str, outcome: labelled.Outcome) -> None:
    usable = outcome.usable
    print(f"| {name} | {usable.whole} | {usable.total} | {usable.percent:.2f} % |", flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    level = argparse.ArgumentParser(add_help=False)
    level.add_argument("--level", default="standard", help="as of --redact")
    seed = argparse.ArgumentParser(add_help=False)
    seed.add_argument("--seed", type=int, default=1, help="of the generated corpus")
    commands = parser.add_subparsers(dest="command", required=True)
    one = commands.add_parser("table", parents=[level, seed], help="one table of all shares")
    one.add_argument("--held-out", type=Path, metavar="DIRECTORY")
    one = commands.add_parser("labelled", parents=[level], help="share of labelled secrets that are hidden")
    one.add_argument("directory", type=Path)
    one.add_argument("--together", action="store_true", help="the files of a top directory are one repository")
    one.add_argument("--misses", type=int, default=0, metavar="N", help="print the first N misses, with their values")
    commands.add_parser("generated", parents=[level, seed], help="every type of secret in every context, made afresh")
    one = commands.add_parser("clean", parents=[level], help="hides per million lines of code without secrets")
    one.add_argument("directories", type=Path, nargs="+")
    one.add_argument("--show", type=int, default=0, metavar="N", help="print N of the hides, to be judged")
    one = commands.add_parser("exactness", help="whether redacted Python is the same program")
    one.add_argument("directories", type=Path, nargs="*")
    one.add_argument("--planted", action="store_true", help="put fresh tokens into short literals first")
    one = commands.add_parser("speed", help="megabytes per CPU second, and hurtful input")
    one.add_argument("directories", type=Path, nargs="*")
    one.add_argument("--size", type=int, default=100_000, help="characters of a hurtful input")
    return parser


if __name__ == "__main__":
    main()
