"""Tables: a row is one statement about the thing in its first cell.

Comes in: cells as passages, row by row, the header first.
Goes out: their mentions, and the defaults and types that the header says a column holds.
Must never: take a cell of a column that the header does not name for a value.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from fieldguide.domain.documents import Form
from fieldguide.verify.reading.gathering import Gatherer
from fieldguide.verify.reading.passages import Passage
from fieldguide.verify.reading.values import cell_value, column_domain

_WORD = re.compile(r"-{0,2}[\w.-]+")


@dataclass(slots=True)
class TableReader:
    """Reads one table."""

    into: Gatherer
    _heads: list[str] | None = None
    _cells: list[Passage] = field(default_factory=list[Passage])
    _cursor: tuple[int, int] = (0, 0)

    def place(self, line: int, source: str, content: str) -> tuple[int, int]:
        """Line and column of a cell's content, after those of the cells before it."""
        start = self._cursor[1] if self._cursor[0] == line else 0
        found = source.find(content, start)
        self._cursor = (line, found + len(content) if found >= 0 else start)
        return line, (found if found >= 0 else start) + 1

    def cell(self, passage: Passage) -> None:
        """Take the next cell of the row."""
        self._cells.append(passage)

    def end_row(self) -> None:
        """Read the cells of a row that is complete."""
        cells, self._cells = self._cells, []
        row = " | ".join(cell.text.strip() for cell in cells)
        first = cells[0].text.strip(" *") if cells else ""
        subject = (cells[0].lead if cells else "") or (first if _WORD.fullmatch(first) else "")
        if subject.startswith("-"):
            subject = re.split(r"[ =,/]", subject, maxsplit=1)[0]
        for index, cell in enumerate(cells):
            cell.row = row
            self.into.passage(cell, subject=subject)
            domain = self._heads[index] if self._heads and index < len(self._heads) else ""
            value = cell_value(cell, subject, domain) if domain and index else None
            if value is not None:
                line, column = cell.place(value[0])
                self.into.add(value[1], line, column, Form.PROSE, row)
        if self._heads is None:
            self._heads = [column_domain(cell.text) for cell in cells]
