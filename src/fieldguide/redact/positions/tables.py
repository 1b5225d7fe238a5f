"""Tables: a column or a row that is called a password.

Comes in: a text and a name that stands in it. Goes out: extents of cells, and how much their look must say.
Must never: read more than a bounded number of rows.

Shapes: Markdown tables with a header or with the name in the first cell, and files of comma- or tab-separated values.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from fieldguide.redact.positions.names import Name, Sureness
from fieldguide.redact.values import Need

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fieldguide.redact.positions.literals import Extent
    from fieldguide.redact.subject import Subject

_CELL_END: Final = re.compile(r"[`*_\"' \t]{0,8}\|")
_NEXT_CELL: Final = re.compile(
    r"""[`*_"' \t]{0,8}\|[ \t]{0,20}[*_]{0,2}`?(?P<value>[^\s|`]{3,200}?)`?[*_]{0,2}[ \t]{0,40}\|"""
)
_RULER: Final = re.compile(r"\n[ \t>]{0,8}\|?[ \t]*:?-{2,}[-:| \t+]*(?=\n|$)")
_CELL: Final = re.compile(r"[ \t]*[*_]{0,2}`?(?P<value>[^\s|`]{3,200}?)`?[*_]{0,2}[ \t]*$")
_ROW: Final = re.compile(r"[\s>#/*+-]*\|")
_ROWS: Final = 200
_LINE: Final = 1000
_SEPARATORS: Final = {".csv": ",;\t", ".tsv": "\t"}
_NEED: Final = {Sureness.CERTAIN: Need.MIXED, Sureness.LIKELY: Need.RANDOM, Sureness.VAGUE: Need.STRONG}


def find_in_tables(subject: Subject, name: Name) -> Iterator[tuple[Extent, Need]]:
    """Find the cells that a header or a first cell calls a secret."""
    text = subject.text
    separators = _SEPARATORS.get(subject.suffix)
    if separators is not None and "\n" not in text[: name.start]:
        header = text[: text.find("\n", name.end) + 1]
        separator = max(separators, key=header.count)
        for extent, need in _column(text, name, separator, text.find("\n", name.end)):
            yield extent, Need.ANY if need is Need.MIXED else need
        return
    if _CELL_END.match(text, name.end) is None:
        return
    line_end = text.find("\n", name.end, name.end + _LINE)
    ruler = None if line_end < 0 else _RULER.match(text, line_end)
    if ruler is not None:
        yield from _column(text, name, "|", ruler.end())
    elif (
        _ROW.match(text[max(0, name.start - 60) : name.start].rpartition("\n")[2])
        and (match := _NEXT_CELL.match(text, name.end)) is not None
    ):
        yield match.span("value"), _NEED[name.sureness]


def _column(text: str, name: Name, separator: str, position: int) -> Iterator[tuple[Extent, Need]]:
    """The cells below a header; `position` is the line end in front of the first row."""
    header = text.rfind("\n", max(0, name.start - _LINE), name.start) + 1
    column = text.count(separator, header, name.start)
    for _ in range(_ROWS):
        start = position + 1
        end = text.find("\n", start, start + _LINE)
        end = len(text) if end < 0 else end
        if position < 0 or start >= len(text) or end - start > _LINE or separator not in text[start:end]:
            return
        cells = text[start:end].split(separator)
        if column < len(cells):
            offset = start + sum(len(cell) + 1 for cell in cells[:column])
            match = _CELL.match(cells[column].strip('"\r'))
            if match is not None:
                lead = len(cells[column]) - len(cells[column].lstrip('"'))
                begin, close = match.span("value")
                yield (offset + lead + begin, offset + lead + close), _NEED[name.sureness]
        position = end
