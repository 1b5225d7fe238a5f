"""What is written to standard output and standard error.

Comes in: text. Goes out: bytes on a stream, with nothing from a repository left that would drive a terminal.
Must never: change what a program reads: only a terminal gets escapes for what it would obey.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, TextIO

from fieldguide.settings.quoting import printable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fieldguide.errors import FieldguideError


def say(text: str) -> None:
    """Write lines to standard error, each made safe to show; a lost reader is no failure."""
    if sys.stderr is None:  # pyright: ignore[reportUnnecessaryComparison]  # closed by the caller: `2>&-`
        return
    try:
        sys.stderr.write("".join(f"{printable(line)}\n" for line in text.split("\n")))
        sys.stderr.flush()
    except OSError:
        # Nobody reads what is said on the way; the result on standard output is still wanted.
        _silence(sys.stderr)


def say_error(error: FieldguideError) -> None:
    """Write the fact and the hint of a failure to standard error; several facts stand in a line each."""
    first, *rest = error.fact.split("\n")
    indented = "".join(f"\n       {fact}" for fact in rest)
    say(f"error: {first}{indented}\nhint: {error.hint}")


def wants_colours() -> bool:
    """Whether a person looks on who has not forbidden colours (https://no-color.org)."""
    if sys.stdout is None or not sys.stdout.isatty():  # pyright: ignore[reportUnnecessaryComparison]  # as below
        return False
    return not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def deliver(text: str, colours: Mapping[str, str] | None = None) -> None:
    """Write a result to standard output, whole and at once, byte for byte unless a person looks on.

    Args:
        text: The result.
        colours: Characters of it that stand for escapes, which are put in their place where a person looks on.

    Raises:
        BrokenPipeError: The reader has gone.
        OSError: The result could not be written.

    """
    if sys.stdout is None:  # pyright: ignore[reportUnnecessaryComparison]  # closed by the caller: `>&-`
        return
    shown = text
    if sys.stdout.isatty():
        marks = colours or {}
        shown = printable(text, keep="\n\t" + "".join(marks))
        for mark, escape in marks.items():
            shown = shown.replace(mark, escape)
    sys.stdout.flush()
    sys.stdout.buffer.write(shown.encode("utf-8", "surrogateescape"))
    sys.stdout.buffer.flush()


def drop_output() -> None:
    """Point standard output at nothing, so that the interpreter's last flush does not fail a second time."""
    _silence(sys.stdout)


def _silence(stream: TextIO) -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
