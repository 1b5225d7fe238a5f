"""Directives in Markdown as MyST writes them: a fence whose language stands in braces.

Comes in: the fence's first line, its content as a block, and what reads Markdown.
Goes out: mentions, in the document's `Gatherer`.
Must never: read the content of a directive that nobody here knows as anything but Markdown.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from fieldguide.domain.documents import Form
from fieldguide.domain.page import ReferenceKind
from fieldguide.verify.reading.code_blocks import CodeBlock, read_block
from fieldguide.verify.reading.restructured import Restructured
from fieldguide.verify.reading.restructured_directives import OUTPUTS
from fieldguide.verify.reading.roles import shape_of_role
from fieldguide.verify.reading.shapes import Shape, is_path, shapes_of_code

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fieldguide.verify.reading.gathering import Gatherer

_FIRST = re.compile(r"\{(?P<name>[\w:.-]+)\}\s*(?P<argument>.*)")
_OPTION = re.compile(r"\s*:(?P<name>[\w-]+):\s*(?P<value>.*)")
_CODE: Final = frozenset(
    {"code-block", "code", "sourcecode", "code-cell", "doctest", "testcode", "testsetup", "prompt"}
)
_FILES: Final = frozenset({"include", "literalinclude", "image", "figure", "download"})
_VERBATIM: Final = frozenset((
    "math", "mermaid", "graphviz", "raw", "csv-table", "bibliography", "argparse", "typer", "click",
    "contents", "jupyter-execute", "plot", "raw-html", "tikz", "uml",
))  # fmt: skip


def read_directive(info: str, block: CodeBlock, into: Gatherer, markdown: Callable[[str, int], None]) -> None:
    """Read one directive. `markdown` reads a text that begins on a line of the document."""
    match = _FIRST.match(info)
    if match is None:
        return
    name, argument = match["name"], match["argument"].strip()
    lines = _options(block, into)
    if name in OUTPUTS:
        for shape in shapes_of_code(argument):
            into.add(replace(shape, domain=name), block.first - 1, 1, Form.CODE, argument)
    elif name == "eval-rst":
        Restructured(into.lines, into).read(_rows(block, into), 0)
    elif name == "toctree":
        _contents(lines, block, into)
    else:
        _told_by_name(name, argument, replace(block, lines=lines), into, markdown)


def _told_by_name(
    name: str, argument: str, block: CodeBlock, into: Gatherer, markdown: Callable[[str, int], None]
) -> None:
    """Read code, files, objects and text, by the name of their directive; `block` is without its options."""
    if name in _CODE:
        language = argument.lower() or ("python" if name != "code-block" else "")
        read_block(replace(block, language=language.split()[0] if language else ""), into)
    elif name in _FILES:
        _file(argument, block.first - 1, into, name)
    elif name.startswith("auto"):
        shape = shape_of_role("obj", argument)
        if shape is not None:
            into.add(replace(shape, domain=name), block.first - 1, 1, Form.ROLE, f"{{{name}}} {argument}")
    elif name not in _VERBATIM:
        markdown("\n".join(block.lines), block.first)


def _rows(block: CodeBlock, into: Gatherer) -> list[tuple[int, int]]:
    """Where the lines of a block stand in the document, from 0."""
    rows = ((block.first - 1 + row, column) for row, column in enumerate(block.columns))
    return [(row, column) for row, column in rows if row < len(into.lines)]


def _options(block: CodeBlock, into: Gatherer) -> list[str]:
    """Content of a directive without its options, whose lines become empty; a label among them is an anchor."""
    lines = list(block.lines)
    inside = bool(lines) and lines[0].strip() == "---"
    for row, line in enumerate(lines):
        option = _OPTION.fullmatch(line)
        if row and inside and line.strip() == "---":
            lines[row] = ""
            break
        if not option and not inside:
            break
        if option and option["name"] in {"name", "label", "id"}:
            into.anchors.explicit(option["value"].strip())
        lines[row] = ""
    return lines


def _file(argument: str, line: int, into: Gatherer, name: str) -> None:
    if argument and is_path(argument):
        into.add(Shape(ReferenceKind.LINK, argument, domain=name), line, 1, Form.ROLE, argument)


def _contents(lines: Sequence[str], block: CodeBlock, into: Gatherer) -> None:
    for row, line in enumerate(lines):
        target = line.strip()
        titled = re.fullmatch(r".*<(?P<target>[^<>]+)>", target)
        target = titled["target"] if titled else target
        if target and target != "self" and not any(sign in target for sign in "*?["):
            at = block.place(row, max(line.find(target), 0))
            into.add(Shape(ReferenceKind.LINK, target, domain="toctree"), *at, Form.ROLE, line.strip())
