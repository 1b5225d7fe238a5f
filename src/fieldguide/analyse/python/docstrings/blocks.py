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

from fieldguide.analyse.python.docstrings.inline import Targets


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


_RULE = re.compile(r"^\s*([=\-~^\"'`#*+_.:<>!$%&])\1{2,}\s*$")
_TABLE = re.compile(r"^\s*(?:\+[-=]+[-=+]*\+|={2,}(?:\s+={2,})+|-{3,}(?:\s+-{3,})+)\s*$")
_FENCE = re.compile(r"^\s*(```+|~~~+)\s*\{?\.?([\w+-]*)")
_DOCTEST = re.compile(r"^\s*>>>(?:\s|$)")
_EXPLICIT = re.compile(r"^\s*\.\.(?:\s|$)")
_DIRECTIVE = re.compile(r"^\s*\.\.\s+(?:\|[^|]+\|\s+)?([A-Za-z][\w.+:-]*?)\s*::(?:\s+(.*))?$")
_TARGET = re.compile(r"^\s*\.\.\s+_`?([^`:]+)`?:\s*(\S.*)?$")
_SUBSTITUTION = re.compile(r"^\s*\.\.\s+\|([^|]+)\|\s+replace::\s*(.+)$")
_FIELD = re.compile(r"^\s*:[A-Za-z][\w ,.*\[\]|-]*:(?!`)(?:\s|$)")
_EPYTEXT_FIELD = re.compile(
    r"^\s*(?:@[a-z]+(?:\s+[*\w]+)?:(?:\s|$)|@(?:param|returns?|raises?|throws?|see|todo|author|type|since|exception)\b"
    r"|:(?:param|returns?|raises?|rtype|type)\s)"
)
_ADMONITION = re.compile(r'^\s*(?:!!!|\?\?\?\+?)\s+(\w+)[\w ]*(?:"([^"]*)")?\s*$')
_CODE_LINE = re.compile(
    r"^(?:(?:async )?(?:def|class|for|with|if|while|try|else|elif|except)\b.*:(?:\s*#.*)?$|def \w+\(|class \w+\b.*:|@[\w.]+(?:\(.*)?$|import [\w.]+"
    r"|from [\w.]+ import |(?:return|raise|assert|await|yield|print|del)\b[ (]|[\w.\[\]'\", ]+\s(?:=|\+=)\s\S"
    r"|[\w.]+\(.*\)?,?(?:\s*#.*)?$|[\])}]+,?$|\$ |[{\[]|\w+\(|<\?|</?\w+[ >])"
)
_BULLET = re.compile(r"^\s*([-*+•‣])\s+(?=\S)")
_NUMBER = re.compile(r"^\s*(\d{1,3}[.)]|#\.|\(\d{1,2}\))\s+(?=\S)")
_OPTION = re.compile(r"^\s*:[\w-]+:")
_LABELS = {
    "note": "Note",
    "warning": "Warning",
    "attention": "Attention",
    "caution": "Caution",
    "danger": "Danger",
    "error": "Error",
    "hint": "Hint",
    "important": "Important",
    "tip": "Tip",
    "seealso": "See also",
    "todo": "To do",
}
_VERSIONS = {
    "versionadded": "Added in version",
    "versionchanged": "Changed in version",
    "deprecated": "Deprecated since version",
    "deprecated-removed": "Deprecated since version",
    "versionremoved": "Removed in version",
}
_CODE = frozenset("code code-block sourcecode testcode ipython parsed-literal prompt console jsonschema".split())
_WRAPPERS = frozenset("admonition container epigraph compound class rst-class topic sidebar rubric centered".split())


def read_blocks(lines: Sequence[str]) -> tuple[list[Block], Targets]:
    """Blocks of `lines` in order, and what these lines define."""
    reader = _Reader(lines)
    while reader.index < len(lines):
        _read_block(reader)
    return reader.blocks, Targets(reader.links, reader.substitutions)


def _read_block(reader: _Reader) -> None:  # noqa: PLR0911  one branch for each construct
    line = reader.lines[reader.index]
    if not line.strip():
        reader.index += 1
        return None
    if fence := _FENCE.match(line):
        return _read_fence(reader, fence)
    if _DOCTEST.match(line):
        return _add(reader, BlockKind.DOCTEST, _until_blank(reader))
    if _EXPLICIT.match(line):
        return _read_explicit(reader)
    if admonition := _ADMONITION.match(line):
        reader.index += 1
        label = admonition[2] or _LABELS.get(admonition[1].lower(), admonition[1].capitalize())
        return _nest(reader, _dedented(_indented_body(reader, _indent(line))), label)
    if _TABLE.match(line):
        return _read_table(reader)
    if _title(reader):
        return None
    if _RULE.match(line):
        reader.index += 1
        return None
    if _FIELD.match(line) or _EPYTEXT_FIELD.match(line):
        reader.index += 1
        _indented_body(reader, _indent(line))
        return None
    if marker := _BULLET.match(line) or _NUMBER.match(line):
        return _read_item(reader, marker)
    if _indent(line) and (_follows_literal_mark(reader.blocks) or _looks_like_code(reader)):
        return _add(reader, BlockKind.CODE, _indented_body(reader, _indent(line) - 1))
    return _read_paragraph(reader)


def _add(reader: _Reader, kind: BlockKind, lines: Sequence[str], label: str = "") -> None:
    dedented = textwrap.dedent("\n".join(lines)).strip("\n").split("\n")
    if any(dedented):
        reader.blocks.append(Block(kind, tuple(line.rstrip() for line in dedented), label))


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


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
        if line.strip() and _indent(line) <= indent:
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
        rules += bool(_TABLE.match(line))
        if not line.strip() and (not simple or rules >= 2):  # noqa: PLR2004  a simple table has a rule at both ends
            break
        reader.index += 1
    _add(reader, BlockKind.CODE, reader.lines[start : reader.index])


def _title(reader: _Reader) -> bool:
    """Take a title with its underline, and an overline if it has one."""
    lines, index = reader.lines, reader.index
    if _RULE.match(lines[index]) and index + 2 < len(lines) and lines[index + 2].strip() == lines[index].strip():
        text, length = lines[index + 1], 3
    elif index + 1 < len(lines) and _RULE.match(lines[index + 1]) and not _RULE.match(lines[index]):
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
    body = _indented_body(reader, _indent(line))
    if substitution := _SUBSTITUTION.match(line):
        reader.substitutions[substitution[1].strip().lower()] = substitution[2].strip()
    elif target := _TARGET.match(line):
        address = (target[2] or "") + "".join(part.strip() for part in body)
        reader.links[target[1].strip().lower()] = address.strip()
    elif directive := _DIRECTIVE.match(line):
        _read_directive(reader, directive[1].rsplit(":", 1)[-1].lower(), (directive[2] or "").strip(), body)


def _read_directive(reader: _Reader, name: str, argument: str, body: list[str]) -> None:
    content = list(body)
    while content and (_OPTION.match(content[0]) or not content[0].strip()):
        content.pop(0)
    if name in _CODE:
        language = argument if name in {"code", "code-block", "sourcecode"} else "python"
        _add(reader, BlockKind.CODE, content, language)
    elif name in _LABELS:
        _nest(reader, [argument, *_dedented(content)], _LABELS[name])
    elif name in _VERSIONS:
        version = argument.split(" ", 1)
        text = [version[1] if len(version) > 1 else "", *_dedented(content)]
        label = f"{_VERSIONS[name]} {version[0].rstrip(':')}"
        _nest(reader, text if any(text) else [""], label)
    elif name == "doctest":
        _add(reader, BlockKind.DOCTEST, content)
    elif name in _WRAPPERS:
        _nest(reader, _dedented(content), argument if name in {"admonition", "topic", "rubric"} else "")


def _dedented(lines: Sequence[str]) -> list[str]:
    return textwrap.dedent("\n".join(lines)).split("\n")


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
    indent = _indent(line)
    text = [line[marker.end() :].strip()]
    reader.index += 1
    while reader.index < len(reader.lines):
        following = reader.lines[reader.index]
        if not following.strip() or _indent(following) <= indent or _starts_block(following):
            break
        text.append(following.strip())
        reader.index += 1
    label = marker[1] if marker[1][0].isdigit() else "-"
    previous = reader.blocks[-1] if reader.blocks and reader.blocks[-1].kind is BlockKind.ITEM else None
    level = 0 if previous is None else min(previous.level + 1, indent // 2)
    reader.blocks.append(Block(BlockKind.ITEM, tuple(text), label, level))


def _starts_block(line: str) -> bool:
    return bool(_BULLET.match(line) or _NUMBER.match(line) or _DOCTEST.match(line) or _EXPLICIT.match(line))


def _follows_literal_mark(blocks: Sequence[Block]) -> bool:
    """An indented block after `::` is code, and after a colon it is code too if that is what it looks like."""
    if not blocks or blocks[-1].kind not in {BlockKind.PARAGRAPH, BlockKind.ITEM} or not blocks[-1].lines:
        return False
    return blocks[-1].lines[-1].endswith("::")


def _looks_like_code(reader: _Reader) -> bool:
    """More than half of an indented block's lines are shaped like code. A first line alone is not enough."""
    if not reader.blocks:
        return False
    indent = _indent(reader.lines[reader.index])
    body: list[str] = []
    for line in reader.lines[reader.index :]:
        if line.strip() and _indent(line) < indent:
            break
        if line.strip():
            body.append(line.strip())
    shaped = sum(bool(_CODE_LINE.match(line)) for line in body)
    return bool(_CODE_LINE.match(body[0])) and shaped * 2 > len(body)


_STARTERS = re.compile(r"(?:The|This|If|It|An?|Returns?|Notes?|Uses?|When|For|By|You|We|See|These|All|Each|To|In|Only|Otherwise|Should|Must|Will|Can|Used|Default|Defaults|Raises?|Yields?|There|Any|May|So) [a-z`\"'*]")  # fmt: skip
_ALWAYS_START = frozenset("If This It When Returns Otherwise Note You We These Each There".split())
_BREAKS = re.compile(r"[.!?:;,(\[{\-–—/]$|\b(?:a|an|the|of|to|in|for|and|or|with|by|from|is|are|as|on|at|that|this|which|its?|be|into|if|when|not|than|via|per)$", re.IGNORECASE)  # fmt: skip


def _read_paragraph(reader: _Reader) -> None:
    text = [reader.lines[reader.index].strip()]
    reader.index += 1
    while reader.index < len(reader.lines):
        line = reader.lines[reader.index]
        if not line.strip() or _FENCE.match(line) or _DOCTEST.match(line) or _EXPLICIT.match(line):
            break
        if _FIELD.match(line) or _EPYTEXT_FIELD.match(line) or _RULE.match(line) or _BULLET.match(line):
            break
        if _NUMBER.match(line) and (text[-1].endswith(":") or _indent(line)):
            break
        if text[-1].endswith("::") and _indent(line):
            break
        if not reader.blocks and _broken_on_purpose(text, line.strip(), _width(reader)):
            break
        text.append(line.strip())
        reader.index += 1
    text[0] = text[0].removeprefix("| ")
    reader.blocks.append(Block(BlockKind.PARAGRAPH, tuple(text)))


def _width(reader: _Reader) -> int:
    """How wide the prose is set, as far as the nearest lines show it."""
    return max(len(line.rstrip()) for line in reader.lines[: reader.index + 4])


def _broken_on_purpose(taken: Sequence[str], following: str, width: int) -> bool:
    """The last line taken is a sentence without its full stop: the next word begins one and would have fitted."""
    last = taken[-1]
    word = following.split(" ", 1)[0]
    if not word[:1].isupper() or _BREAKS.search(last):
        return False
    if len(taken) == 1 and len(last) + 1 + len(word) <= 66:  # noqa: PLR2004  narrower than any usual line of prose
        return True
    return bool(_STARTERS.match(following)) and (word in _ALWAYS_START or len(last) + 1 + len(word) <= width)
