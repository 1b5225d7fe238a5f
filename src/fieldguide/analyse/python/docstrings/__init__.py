"""Docstrings of any convention, as Markdown.

Comes in: the text of a docstring, and the name of what it documents.
Goes out: a `Docstring`.
Must never: raise; leave a mark of reST, epytext, Google's or NumPy's style in any field; cut a sentence.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fieldguide.analyse.python.docstrings.blocks import Block, BlockKind, read_blocks
from fieldguide.analyse.python.docstrings.inline import NO_TARGETS, Targets, to_markdown
from fieldguide.analyse.python.docstrings.sections import read_sections
from fieldguide.analyse.python.docstrings.sentences import split_first_sentence
from fieldguide.analyse.python.docstrings.summary import take_summary
from fieldguide.domain.symbols import Docstring

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["describe", "read_docstring", "split_first_sentence"]

LONGEST = 20_000
"""Characters that are read of one docstring: what is longer is a manual, or data."""
_EMPTY = Docstring()
_JUNK = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u2028-\u202e\ufeff]")


def read_docstring(text: str, name: str = "", *, summary_only: bool = False) -> Docstring:
    """A docstring as Markdown; with `summary_only` just its first sentence.

    Args:
        text: As `inspect.cleandoc` leaves it.
        name: Qualified name of what it documents, to recognise a docstring that only repeats it.
        summary_only: For definitions that no page describes further.
    """
    text = _JUNK.sub("", text[:LONGEST]).expandtabs().strip()
    if not text:
        return _EMPTY
    sections = read_sections(text)
    blocks, targets = read_blocks(sections.prose)
    summary, rest = take_summary(blocks, targets, name)
    if not summary and sections.returns and not rest:
        summary = take_summary([Block(BlockKind.PARAGRAPH, (_capitalised(sections.returns),))], targets, name)[0]
    if summary_only:
        return Docstring(summary=summary)
    more, more_targets = read_blocks(sections.more)
    doctests = ["\n".join(block.lines) for block in (*rest, *more) if block.kind is BlockKind.DOCTEST]
    return Docstring(
        summary=summary,
        body="\n\n".join(part for part in (_body(rest, targets), _body(more, more_targets)) if part),
        parameters=tuple(_described(sections.parameters, targets)),
        returns=describe(sections.returns, targets),
        raises=tuple(_described(sections.raises, targets)),
        examples=tuple(dict.fromkeys([*sections.examples, *doctests])),
    )


def _capitalised(text: str) -> str:
    line = " ".join(text.split())
    return line[:1].upper() + line[1:] if line.split(" ", 1)[0].isalpha() else line


def describe(text: str, targets: Targets = NO_TARGETS) -> str:
    """A description of a parameter or the like, on one line of Markdown."""
    if not text.strip():
        return ""
    blocks, own = read_blocks(text.strip().split("\n"))
    known = Targets({**targets.links, **own.links}, {**targets.substitutions, **own.substitutions})
    prose = [block for block in blocks if block.kind in {BlockKind.PARAGRAPH, BlockKind.ITEM} and block.lines]
    parts: list[str] = []
    for block in prose:
        line = to_markdown(f"{block.label}: {block.text}" if _labelled(block) else block.text, known)
        previous = parts[-1] if parts else ""
        if block.kind is BlockKind.ITEM and previous and previous[-1] not in ".:;,":
            parts[-1] = previous + ";"
        parts.append(line)
    return " ".join(parts).strip()


def _labelled(block: Block) -> bool:
    return block.kind is BlockKind.PARAGRAPH and bool(block.label) and block.label != "\0"


def _described(items: Iterable[tuple[str, str]], targets: Targets) -> Iterable[tuple[str, str]]:
    for name, text in items:
        bare = name.strip().strip("`").rsplit("`", 1)[-1].lstrip("~!")
        if bare:
            yield bare, describe(text, targets)


def _body(blocks: Sequence[Block], targets: Targets) -> str:
    """Markdown of `blocks`: items of a list close together, everything else a blank line apart."""
    parts: list[str] = []
    previous: Block | None = None
    for block in blocks:
        text = _render(block, targets)
        if not text:
            continue
        together = previous is not None and previous.kind is block.kind is BlockKind.ITEM
        parts.append(("\n" if together else "\n\n" if parts else "") + text)
        previous = block
    return "".join(parts)


def _render(block: Block, targets: Targets) -> str:
    match block.kind:
        case BlockKind.CODE | BlockKind.DOCTEST:
            language = "pycon" if block.kind is BlockKind.DOCTEST else block.label or "text"
            fence = "`" * max(3, *(len(run) + 1 for run in re.findall(r"`+", "\n".join(block.lines))), 3)
            return "\n".join([fence + language, *block.lines, fence])
        case BlockKind.TITLE:
            return f"**{to_markdown(block.text, targets)}**"
        case BlockKind.ITEM:
            return f"{'  ' * block.level}{block.label} {to_markdown(block.text, targets)}"
        case BlockKind.PARAGRAPH:
            return _paragraph(block, targets)


def _paragraph(block: Block, targets: Targets) -> str:
    if block.label == "\0":
        return block.text  # what is left after the summary is Markdown already
    text = block.text
    if text == ":":
        return ""
    markdown = re.sub(r"^(#|>|[-+=](?=\s|$)|\d+(?=[.)]\s))", r"\\\1", to_markdown(text, targets))
    markdown = re.sub(r"^\\(\d+)", r"\1\\", markdown)
    if not block.label:
        return markdown
    label = to_markdown(block.label, targets).rstrip(":.")
    return f"**{label}:** {markdown}" if markdown else f"*{label}.*"
