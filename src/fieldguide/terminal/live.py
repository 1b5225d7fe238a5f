"""The live line of a run on a terminal: redrawn in place, as wide as the terminal, gone at the end.

Comes in: where a run stands. Goes out: what a terminal shows.
Must never: be used where standard error is no terminal; let a name from a repository drive it.
"""

from __future__ import annotations

from time import monotonic, time
from typing import TYPE_CHECKING, Self

from rich.cells import cell_len
from rich.console import Console
from rich.live import Live
from rich.spinner import Spinner
from rich.text import Text

from fieldguide.terminal.standing import fitted

if TYPE_CHECKING:
    from fieldguide.terminal.standing import Standing

_REDRAWN = 8
"""Times a second: the spinner moves smoothly, and no terminal is kept busy."""
_MARGIN = 3
"""Columns for the spinner, and the last one, in which some terminals wrap."""


class LiveLine:
    """Shows one line for a stage, and a second one while requests are under way. A context manager."""

    def __init__(self, standing: Standing) -> None:
        """Show nothing yet."""
        self._standing = standing
        self._console = Console(stderr=True)
        plain = "utf" not in self._console.encoding.lower()
        self._separator = ", " if plain else " · "
        self._spinner = Spinner("line" if plain else "dots")
        self._live = Live(
            console=self._console,
            get_renderable=self._drawn,
            refresh_per_second=_REDRAWN,
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
        )

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._live.stop()

    def say(self, line: str) -> None:
        """Print a line for good, above the live one."""
        self._console.print(line, markup=False, highlight=False, soft_wrap=True)

    def _drawn(self) -> Text:
        if not self._standing.stage:
            return Text("")
        width = max(1, self._console.width - _MARGIN)
        shown = [fitted(parts, width, self._separator, cell_len) for parts in self._standing.lines(monotonic(), time())]
        frame = self._spinner.render(self._console.get_time())
        lines = [f"{line_start}{line}" for line_start, line in zip((f"{frame} ", "  "), shown, strict=False)]
        return Text("\n".join(lines), no_wrap=True, overflow="crop")
