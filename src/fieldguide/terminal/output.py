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


def deliver(text: str) -> None:
    """Write a result to standard output, whole and at once, byte for byte unless a person looks on.

    Raises:
        BrokenPipeError: The reader has gone.
        OSError: The result could not be written.

    """
    if sys.stdout is None:  # pyright: ignore[reportUnnecessaryComparison]  # closed by the caller: `>&-`
        return
    shown = printable(text, keep="\n\t") if sys.stdout.isatty() else text
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
