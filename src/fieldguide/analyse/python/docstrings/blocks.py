"""Takes the prose of a docstring apart into blocks: paragraphs, lists, code, doctests, titles.

Comes in: lines of a docstring, dedented, without its sections of parameters and the like.
Goes out: blocks whose text is still as written, and the link targets that the docstring defines.
Must never: let a directive, a comment or a field of reST through as prose; recurse without making the text shorter.

Block constructs are those of https://docutils.sourceforge.io/docs/ref/rst/restructuredtext.html#body-elements, read
with the tolerance that docstrings need (lists without a blank line before them, code that is only indented).
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from fieldguide.analyse.python.docstrings.directives import Directive, Use, admonition_label, dedented, read_directive
from fieldguide.analyse.python.docstrings.inline import Targets
from fieldguide.analyse.python.docstrings.shapes import (
    ADMONITION,
    BULLET,
    DIRECTIVE,
    DOCTEST,
    EPYTEXT_FIELD,
    EXPLICIT,
    FENCE,
    FIELD,
    NUMBER,
    RULE,
    SUBSTITUTION,
    TABLE,
    TARGET,
    broken_on_purpose,
    indentation,
    looks_like_code,
    starts_block,
)

_LITERAL_MARK = re.compile(r"(?:^|\s*):\s*:$|^:$")


class BlockKind(StrEnum):
    """What a block is."""

    PARAGRAPH = "paragraph"
    ITEM = "item"
    CODE = "code"
    DOCTEST = "doctest"
    TITLE = "title"


@dataclass(frozen=True, slots=True)
class Block:
    """One block. `lines` are stripped for prose, dedented for code."""

    kind: BlockKind
    lines: tuple[str, ...]
    label: str = ""
    """Of a paragraph, what it is introduced by (`Note`); of an item, its marker; of code, its language."""
    level: int = 0
    """Of an item, how deep it is nested."""

    @property
    def text(self) -> str:
        """Prose on one line; the second colon of a literal block's introduction is left out."""
        return _LITERAL_MARK.sub(":", " ".join(self.lines))


@dataclass(slots=True)
class _Reader:
    """Where reading stands in `lines`, and what was found so far."""

    lines: Sequence[str]
    index: int = 0
    blocks: list[Block] = field(default_factory=list[Block])
    links: dict[str, str] = field(default_factory=dict[str, str])
    substitutions: dict[str, str] = field(default_factory=dict[str, str])


def read_blocks(lines: Sequence[str]) -> tuple[list[Block], Targets]:
    """Blocks of `lines` in order, and what these lines define."""
    reader = _Reader(lines)
    while reader.index < len(lines):
        _read_block(reader)
    return reader.blocks, Targets(reader.links, reader.substitutions)


def _read_block(reader: _Reader) -> None:  # noqa: C901, PLR0911  one branch for each construct
    line = reader.lines[reader.index]
    if not line.strip():
        reader.index += 1
        return None
    if fence := FENCE.match(line):
        return _read_fence(reader, fence)
    if DOCTEST.match(line):
        return _add(reader, BlockKind.DOCTEST, _until_blank(reader))
    if EXPLICIT.match(line):
        return _read_explicit(reader)
    if admonition := ADMONITION.match(line):
        reader.index += 1
        label = admonition[2] or admonition_label(admonition[1])
        return _nest(reader, dedented(_indented_body(reader, indentation(line))), label)
    if TABLE.match(line):
        return _read_table(reader)
    if _title(reader):
        return None
    if RULE.match(line):
        reader.index += 1
        return None
    if FIELD.match(line) or EPYTEXT_FIELD.match(line):
        reader.index += 1
        _indented_body(reader, indentation(line))
        return None
    if marker := BULLET.match(line) or NUMBER.match(line):
        return _read_item(reader, marker)
    if indentation(line) and (
        _follows_literal_mark(reader.blocks) or bool(reader.blocks and looks_like_code(reader.lines[reader.index :]))
    ):
        return _add(reader, BlockKind.CODE, _indented_body(reader, indentation(line) - 1))
    return _read_paragraph(reader)


def _add(reader: _Reader, kind: BlockKind, lines: Sequence[str], label: str = "") -> None:
    dedented = textwrap.dedent("\n".join(lines)).strip("\n").split("\n")
    if any(dedented):
        reader.blocks.append(Block(kind, tuple(line.rstrip() for line in dedented), label))


def _until_blank(reader: _Reader) -> list[str]:
    start = reader.index
    while reader.index < len(reader.lines) and reader.lines[reader.index].strip():
        reader.index += 1
    return list(reader.lines[start : reader.index])


def _indented_body(reader: _Reader, indent: int) -> list[str]:
    """Take the lines from here that are blank or deeper than `indent`, and go past them."""
    start = reader.index
    while reader.index < len(reader.lines):
        line = reader.lines[reader.index]
        if line.strip() and indentation(line) <= indent:
            break
        reader.index += 1
    return list(reader.lines[start : reader.index])


def _read_fence(reader: _Reader, fence: re.Match[str]) -> None:
    reader.index += 1
    start = reader.index
    while reader.index < len(reader.lines) and not reader.lines[reader.index].strip().startswith(fence[1]):
        reader.index += 1
    _add(reader, BlockKind.CODE, reader.lines[start : reader.index], fence[2])
    reader.index += 1


def _read_table(reader: _Reader) -> None:
    # A table of reST has no Markdown that would be as readable: it stays as it was drawn.
    start, rules = reader.index, 0
    simple = not reader.lines[start].lstrip().startswith("+")
    while reader.index < len(reader.lines):
        line = reader.lines[reader.index]
        rules += bool(TABLE.match(line))
        if not line.strip() and (not simple or rules >= 2):  # noqa: PLR2004  a simple table has a rule at both ends
            break
        reader.index += 1
    _add(reader, BlockKind.CODE, reader.lines[start : reader.index])


def _title(reader: _Reader) -> bool:
    """Take a title with its underline, and an overline if it has one."""
    lines, index = reader.lines, reader.index
    if RULE.match(lines[index]) and index + 2 < len(lines) and lines[index + 2].strip() == lines[index].strip():
        text, length = lines[index + 1], 3
    elif index + 1 < len(lines) and RULE.match(lines[index + 1]) and not RULE.match(lines[index]):
        text, length = lines[index], 2
    else:
        return False
    if not text.strip():
        return False
    reader.blocks.append(Block(BlockKind.TITLE, (text.strip(),)))
    reader.index += length
    return True


def _read_explicit(reader: _Reader) -> None:
    line = reader.lines[reader.index]
    reader.index += 1
    body = _indented_body(reader, indentation(line))
    if substitution := SUBSTITUTION.match(line):
        reader.substitutions[substitution[1].strip().lower()] = substitution[2].strip()
    elif target := TARGET.match(line):
        address = (target[2] or "") + "".join(part.strip() for part in body)
        reader.links[target[1].strip().lower()] = address.strip()
    elif directive := DIRECTIVE.match(line):
        _add_directive(reader, read_directive(directive[1], directive[2] or "", body))


def _add_directive(reader: _Reader, directive: Directive) -> None:
    match directive.use:
        case Use.CODE:
            _add(reader, BlockKind.CODE, directive.lines, directive.label)
        case Use.DOCTEST:
            _add(reader, BlockKind.DOCTEST, directive.lines)
        case Use.PROSE:
            _nest(reader, directive.lines, directive.label)
        case Use.NONE:
            pass


def _nest(reader: _Reader, lines: Sequence[str], label: str) -> None:
    """Add the blocks of a directive's body; the first paragraph carries the label."""
    blocks, targets = read_blocks(lines)
    reader.links.update(targets.links)
    reader.substitutions.update(targets.substitutions)
    if label and not (blocks and blocks[0].kind is BlockKind.PARAGRAPH and not blocks[0].label):
        blocks.insert(0, Block(BlockKind.PARAGRAPH, (), label))
    elif label:
        blocks[0] = Block(BlockKind.PARAGRAPH, blocks[0].lines, label)
    reader.blocks.extend(blocks)


def _read_item(reader: _Reader, marker: re.Match[str]) -> None:
    line = reader.lines[reader.index]
    indent = indentation(line)
    text = [line[marker.end() :].strip()]
    reader.index += 1
    while reader.index < len(reader.lines):
        following = reader.lines[reader.index]
        if not following.strip() or indentation(following) <= indent or starts_block(following):
            break
        text.append(following.strip())
        reader.index += 1
    label = marker[1] if marker[1][0].isdigit() else "-"
    previous = reader.blocks[-1] if reader.blocks and reader.blocks[-1].kind is BlockKind.ITEM else None
    level = 0 if previous is None else min(previous.level + 1, indent // 2)
    reader.blocks.append(Block(BlockKind.ITEM, tuple(text), label, level))


def _follows_literal_mark(blocks: Sequence[Block]) -> bool:
    """What stands above ends with the `::` of a literal block."""
    if not blocks or blocks[-1].kind not in {BlockKind.PARAGRAPH, BlockKind.ITEM} or not blocks[-1].lines:
        return False
    return blocks[-1].lines[-1].endswith("::")


def _read_paragraph(reader: _Reader) -> None:
    text = [reader.lines[reader.index].strip()]
    reader.index += 1
    while reader.index < len(reader.lines):
        line = reader.lines[reader.index]
        if not line.strip() or FENCE.match(line) or DOCTEST.match(line) or EXPLICIT.match(line):
            break
        if FIELD.match(line) or EPYTEXT_FIELD.match(line) or RULE.match(line) or BULLET.match(line):
            break
        if NUMBER.match(line) and (text[-1].endswith(":") or indentation(line)):
            break
        if text[-1].endswith("::") and indentation(line):
            break
        if not reader.blocks and broken_on_purpose(text, line.strip(), _width(reader)):
            break
        text.append(line.strip())
        reader.index += 1
    text[0] = text[0].removeprefix("| ")
    reader.blocks.append(Block(BlockKind.PARAGRAPH, tuple(text)))


def _width(reader: _Reader) -> int:
    """How wide the prose is set, as far as the nearest lines show it."""
    return max(len(line.rstrip()) for line in reader.lines[: reader.index + 4])
