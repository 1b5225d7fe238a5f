"""A model's prose, cleaned and checked: what comes out is paragraphs, lists, small headings and blocks that all hold.

Comes in: Markdown as a model typed it, and a `Resolver`.
Goes out: Markdown, one sentence a line, without any sentence, bullet or block that names what the code does not have.
Must never: let raw HTML, a link, an image or a marker through; leave an introduction without its list or block.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from fieldguide.domain.page import Finding, Reference, ReferenceKind
from fieldguide.verify.blocks import LANGUAGES, Blocks, fenced, tidied
from fieldguide.verify.facts import ELSEWHERE
from fieldguide.verify.inline import Piece, Sentence, inline_tokens, markdown, plain, sentences, take_apart
from fieldguide.verify.reading.code_blocks import language_of
from fieldguide.verify.recognition import names_in_prose
from fieldguide.verify.resolver import Resolver
from fieldguide.verify.stated import Stated, Thing

if TYPE_CHECKING:
    from collections.abc import Sequence


LEANS: Final = re.compile(
    r"\W*(?:This|These|That|Those|It|Its|They|Their|Them|He|She|Such|However|Otherwise|Instead|Then|Thus|Hence|Therefore"
    r"|So|Also|Both|Neither|Either|But|And|Or|Afterwards|Finally"
    r"|The (?:latter|former|same|other|others|first|second|third))\b"
)
"""How a sentence begins that cannot be understood, or turns false, without the one before it."""
_ANNOUNCES: Final = re.compile(
    r":$|\b(?:below|following|as follows|like this|here (?:is|are)|for example|an example|this example)\b",
    re.IGNORECASE,
)
"""How a sentence speaks that leads into a block of code."""
_ABOVE: Final = re.compile(
    r".*\babove\b|\W*(?:In )?(?:The|This|the|this) (?:example|snippet|block|call|command|code|output|script)\b(?! line)"
)
"""How one speaks that comes after it."""
SENTENCE_REMOVED: Final = "sentence removed"
BLOCK_REMOVED: Final = "code block removed"
MARKUP_REMOVED: Final = "markup removed"
_LOWEST_HEADING: Final = 3


@dataclass(slots=True)
class Cleaner:
    """Cleans the Markdown of one section; gathers what it checked and found."""

    section: str
    resolver: Resolver
    stated: Stated | None = None
    """Looks up what a sentence states of a thing; `None` where no file can be read."""
    checked: int = 0
    findings: list[Finding] = field(default_factory=list[Finding])
    _links: dict[str, object] = field(default_factory=dict[str, object])
    """Link definitions of the text, which its paragraphs refer to."""
    _things: tuple[Thing, ...] = ()
    """What the sentence before named."""
    _code: Blocks = field(init=False)

    def __post_init__(self) -> None:
        """Begin with no block."""
        self._code = Blocks(self.resolver)

    def clean(self, text: str) -> str:
        """Return `text` with everything taken out that may not be published; empty when nothing is left."""
        parser = MarkdownIt("commonmark", {"html": True}).enable("table").disable("inline")
        blocks = self._blocks(SyntaxTreeNode(parser.parse(text, self._links)).children, top=True)
        while blocks and blocks[-1].endswith(":"):
            blocks[-1] = _without_introduction(blocks[-1]).rstrip("\n")
            blocks = _without_lone_headings([one for one in blocks if one])
        return "\n\n".join(blocks)

    def _blocks(self, nodes: Sequence[SyntaxTreeNode], *, top: bool = False) -> list[str]:
        """Blocks that may stand. Only at the top is there code: a list's items are short."""
        found: list[str] = []
        introduced: list[bool] = []
        lost = False
        for node in nodes:
            is_code = top and node.type == "fence"
            block = self._example(node) if is_code else self._block(node)
            if lost and node.type == "paragraph":
                block = _without_talk_of_block(block)
            lost = (is_code or (lost and node.type == "paragraph")) and not block
            if not block and introduced and (introduced[-1] or (is_code and _announces(found[-1]))):
                found[-1] = _without_introduction(found[-1])
                introduced[-1] = False
            if block:
                found.append(block)
                introduced.append(node.type == "paragraph" and block.endswith(":"))
        return _without_lone_headings([one for one in found if one])

    def _example(self, node: SyntaxTreeNode) -> str:
        """A block of code, whole or not at all."""
        language = language_of(node.info)
        start = _line(node)
        if language not in LANGUAGES:
            self._drop_markup(node.content or node.type, start)
            return ""
        before = self._code.checked
        faults = self._code.faults(language, node.content)
        self.checked += max(1, self._code.checked - before)
        for one in faults:
            reference = Reference(one.kind, one.text, self.section, start + 1 + one.row)
            self.findings.append(Finding(reference, one.nearest, BLOCK_REMOVED, one.why))
        return "" if faults else fenced(language, tidied(node.content))

    def _block(self, node: SyntaxTreeNode) -> str:
        match node.type:
            case "paragraph":
                return self._paragraph(node)
            case "heading":
                lines = self._lines(node, whole=True)
                return f"{'#' * max(int(node.tag[1:]), _LOWEST_HEADING)} {lines[0]}" if lines else ""
            case "bullet_list" | "ordered_list":
                return self._list(node)
            case "blockquote":
                return "\n\n".join(self._blocks(node.children))
            case "hr":
                return ""
            case _:
                self._drop_markup(node.content or node.type, _line(node))
                return ""

    def _paragraph(self, node: SyntaxTreeNode) -> str:
        return "\n".join(self._lines(node, whole=False))

    def _list(self, node: SyntaxTreeNode) -> str:
        items: list[str] = []
        gone = False
        for item in node.children:
            rest = item.children[1:]
            lines = self._lines(item.children[0], whole=True) if _starts_with_text(item) else []
            gone = not lines or (gone and LEANS.match(lines[0]) is not None)
            if gone:
                continue
            marker = f"{len(items) + 1}. " if node.type == "ordered_list" else "- "
            below = self._blocks(rest)
            if rest and not below and lines[-1].endswith(":"):
                continue
            indented = "\n".join(["\n".join(lines), *below]).replace("\n", "\n" + " " * len(marker))
            if marker + indented not in items:  # said twice, where what told them apart is gone
                items.append(marker + indented)
        return "\n".join(items)

    def _lines(self, node: SyntaxTreeNode, *, whole: bool) -> list[str]:
        """Lines of a paragraph, a sentence each. With `whole`, one sentence that does not hold takes all with it."""
        start = _line(node)
        pieces, dropped = take_apart(inline_tokens(node.children[0].content, self._links) if node.children else ())
        for one in dropped:
            self._drop_markup(one.text, start + one.line)
        kept: list[str] = []
        gone = False
        for sentence in sentences(pieces):
            held = self._holds(sentence, start) & self._states_truly(sentence, start)
            if not held and whole:
                return []
            gone = not held or (gone and LEANS.match(plain(sentence)) is not None)
            if not gone:
                kept.append(markdown(sentence))
        return [line for line in dict.fromkeys(kept) if line]

    def _holds(self, sentence: Sentence, start: int) -> bool:
        """Check every reference of a sentence; record what does not hold."""
        held = True
        for piece in sentence:
            if piece.kind == "code":
                named = [(self.resolver.kind(piece.text), piece.text)]
            elif piece.kind == "text":
                named = list(names_in_prose(piece.text))
            elif piece.kind == "link":
                named = self._leads(piece, start)
            else:
                continue
            for kind, text in named:
                self.checked += 1
                holds = self.resolver.holds if piece.kind == "code" else self.resolver.holds_in_prose
                if not holds(kind, text):
                    held = False
                    reference = Reference(kind, text, self.section, start + piece.line)
                    self.findings.append(Finding(reference, self.resolver.nearest(kind, text), SENTENCE_REMOVED))
        return held

    def _states_truly(self, sentence: Sentence, start: int) -> bool:
        """Check the values that a sentence states of what it names, or of what it leans on; record what is wrong."""
        if self.stated is None:
            return True
        things = self.stated.things(sentence)
        if not things and LEANS.match(plain(sentence)):
            things = self._things
        self._things = things
        wrong = list(self.stated.wrong(sentence, things))
        for text, line in wrong:
            self.checked += 1
            reference = Reference(ReferenceKind.VALUE, text, self.section, start + line)
            self.findings.append(Finding(reference, "", SENTENCE_REMOVED))
        return not wrong

    def _leads(self, piece: Piece, start: int) -> list[tuple[ReferenceKind, str]]:
        """The path that a link leads to, for the sentence stands on it; an address is none, and is dropped."""
        target = unquote(piece.text).partition("#")[0]
        if not target or ELSEWHERE.match(piece.text):
            self._drop_markup(piece.text, start + piece.line)
            return []
        return [(ReferenceKind.PATH, target)]

    def _drop_markup(self, text: str, line: int) -> None:
        reference = Reference(ReferenceKind.MARKUP, text.strip().partition("\n")[0][:80], self.section, line)
        self.findings.append(Finding(reference, "", MARKUP_REMOVED))


def _starts_with_text(item: SyntaxTreeNode) -> bool:
    return bool(item.children) and item.children[0].type == "paragraph"


def _line(node: SyntaxTreeNode) -> int:
    return node.map[0] + 1 if node.map else 1


def _without_introduction(paragraph: str) -> str:
    """Drop the last sentence, which announced something that is gone."""
    return paragraph.rpartition("\n")[0]


def _announces(block: str) -> bool:
    """Tell whether the last sentence of a paragraph leads into what comes next."""
    return not block.startswith(("#", "-", "`" * 3)) and _ANNOUNCES.search(block.rpartition("\n")[2]) is not None


def _without_talk_of_block(paragraph: str) -> str:
    """A paragraph without the sentences at its beginning that speak of a block which is gone."""
    lines = paragraph.split("\n")
    while lines and (LEANS.match(lines[0]) or _ABOVE.match(lines[0])):
        lines.pop(0)
    return "\n".join(lines)


def _without_lone_headings(blocks: list[str]) -> list[str]:
    kept: list[str] = []
    for block in reversed(blocks):
        if not block.startswith("#") or (kept and not kept[-1].startswith("#")):
            kept.append(block)
    return kept[::-1]
