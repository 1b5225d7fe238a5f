"""Tables of reStructuredText: simple ones, whose columns stand under lines of `=`, and grids.

Comes in: the lines of a document from the table's first on.
Goes out: rows of cells, read by a `TableReader`; and where the table ends.
Must never: take the border of a grid for text.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fieldguide.verify.reading.tables import TableReader

if TYPE_CHECKING:
    from fieldguide.verify.reading.restructured import Restructured, Rows

_COLUMN = re.compile(r"=+|-+")
_RULE = re.compile(r"[=\- ]*")
_BORDER = re.compile(r"\+[-=+]*\+?")


def read_table(document: Restructured, rows: Rows, index: int) -> int:
    """Read the table that begins at `index`; returns where what follows it begins."""
    if document.text(rows, index).startswith("+"):
        return _grid(document, rows, index)
    return _simple(document, rows, index)


def _simple(document: Restructured, rows: Rows, index: int) -> int:
    border = document.text(rows, index)
    columns = [match.start() for match in re.finditer(r"=+", border)]
    end = index + 1
    borders = 1
    while end < len(rows) and borders < 3:  # noqa: PLR2004 - over the head, under it, and at the end
        line = document.text(rows, end)
        if line.startswith("=="):
            borders += 1
            if borders == 2 and not document.text(rows, end + 1):  # noqa: PLR2004 - there is no head
                borders = 3
        end += 1
    table = TableReader(document.into)
    lines: list[int] = []
    for at in range(index + 1, end):
        line = document.text(rows, at)
        if _RULE.fullmatch(line) or line[: columns[1]].strip():
            _row(document, table, rows, lines, columns)
            lines = []
        if not _RULE.fullmatch(line):
            lines.append(at)
    _row(document, table, rows, lines, columns)
    return end


def _grid(document: Restructured, rows: Rows, index: int) -> int:
    end = index
    columns: list[int] = []
    table = TableReader(document.into)
    lines: list[int] = []
    while (line := document.text(rows, end)).startswith(("+", "|")):
        if _BORDER.match(line) and line.startswith("+"):
            _row(document, table, rows, lines, columns)
            lines = []
            columns = [match.start() + 1 for match in re.finditer(r"\+", line)][:-1]
        else:
            lines.append(end)
        end += 1
    _row(document, table, rows, lines, columns)
    return max(end, index + 1)


def _row(document: Restructured, table: TableReader, rows: Rows, lines: list[int], columns: list[int]) -> None:
    if not lines or not columns:
        return
    for number, start in enumerate(columns):
        stop = columns[number + 1] if number + 1 < len(columns) else None
        cell: list[tuple[int, int, str]] = []
        for at in lines:
            row, column = rows[at]
            text = document.text(rows, at)[start:stop].rstrip("| ")
            stripped = text.lstrip()
            cell.append((row + 1, column + start + len(text) - len(stripped) + 1, stripped))
        table.cell(document.cell(cell))
    table.end_row()
