"""The parser of Markdown, with the blocks that sites add to CommonMark and the place of every inline token.

Comes in: nothing. Goes out: a `MarkdownIt` whose inline tokens carry `meta["at"]`, their offset in the block's text.
Must never: look into a block's meaning.

Blocks: admonitions, tabs and details as Python-Markdown has them (`!!! note`, `=== "tab"`, `??? tip`), footnotes
and definitions, whose indented lines would be code to CommonMark; and lines of directives (`::: name`, `:::{note}`).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from markdown_it import MarkdownIt
from markdown_it.parser_inline import ParserInline
from markdown_it.rules_inline import StateInline

if TYPE_CHECKING:
    from markdown_it.ruler import RuleOptionsType
    from markdown_it.rules_block import StateBlock
    from markdown_it.token import Token
    from markdown_it.utils import EnvType

_CONTAINER = re.compile(r"(?:(?:!!!|\?\?\?\+?|===[!+]*)[ \t]+\S.*|\[\^[^\]\s]{1,100}\]:[ \t]*|:[ \t]{1,3}(?=\S))")
_DIRECTIVE = re.compile(r":{3,}.*|/{3}(?:[ \t].*)?$")
_INDENT = 4


class _PlacedState(StateInline):
    """Tells every token where it begins in the source."""

    def push(self, ttype: str, tag: str, nesting: Literal[-1, 0, 1]) -> Token:
        token = super().push(ttype, tag, nesting)
        token.meta = {**token.meta, "at": self.pos}
        return token

    def pushPending(self) -> Token:  # noqa: N802 - the library's name
        token = super().pushPending()
        start = self.pos - len(token.content)
        if not self.src.startswith(token.content, max(start, 0)):
            stripped = len(self.src[: self.pos]) - len(self.src[: self.pos].rstrip(" "))
            start -= stripped
        token.meta = {"at": max(start, 0)}
        return token


class _PlacedInline(ParserInline):
    """The library's inline parser over `_PlacedState`."""

    def parse(self, src: str, md: MarkdownIt, env: EnvType, tokens: list[Token]) -> list[Token]:
        state = _PlacedState(src, md, env, tokens)
        self.tokenize(state)
        for rule in self.ruler2.getRules(""):
            rule(state)
        return state.tokens


@lru_cache(maxsize=1)
def parser() -> MarkdownIt:
    """The parser, built once a process."""
    made = MarkdownIt("commonmark", {"html": True, "store_labels": True}).enable(["table", "strikethrough"])
    inline = _PlacedInline()
    inline.ruler.enableOnly(made.inline.ruler.get_active_rules())
    inline.ruler2.enableOnly(made.inline.ruler2.get_active_rules())
    made.inline = inline
    before: RuleOptionsType = {"alt": ["paragraph", "reference", "blockquote", "list"]}
    made.block.ruler.before("table", "container", _container, before)
    made.block.ruler.before("table", "directive", _directive, before)
    return made


def _first_line(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]


def _container(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001 - the library's signature
    """A line that opens an indented part: its own text, then what is indented by four under it."""
    if state.is_code_block(start):
        return False
    match = _CONTAINER.match(_first_line(state, start))
    if match is None:
        return False
    if silent:
        return not match[0].startswith(":")
    last = start + 1
    while last < end and (state.isEmpty(last) or state.sCount[last] - state.blkIndent >= _INDENT):
        last += 1
    while last > start + 1 and state.isEmpty(last - 1):
        last -= 1
    begin, shift, indent = state.bMarks[start], state.tShift[start], state.blkIndent
    count, line_max, parent = state.sCount[start], state.lineMax, state.parentType
    token = state.push("container_open", "", 1)
    token.map, token.info = [start, last], match[0]
    if match[0].startswith(("[", ":")):
        state.bMarks[start] += shift + match.end()
        state.tShift[start] = 0
        state.sCount[start] = indent + _INDENT
        first = start
    else:
        first = start + 1
    state.lineMax, state.blkIndent, state.parentType = last, indent + _INDENT, "root"
    if first < last:
        state.md.block.tokenize(state, first, last)
    state.bMarks[start], state.tShift[start], state.sCount[start] = begin, shift, count
    state.lineMax, state.blkIndent, state.parentType = line_max, indent, parent
    state.push("container_close", "", -1)
    state.line = last
    return True


def _directive(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001 - the library's signature
    """A line of colons: it opens or closes a directive whose content is Markdown, or names an object to document."""
    if state.is_code_block(start) or _DIRECTIVE.match(line := _first_line(state, start)) is None:
        return False
    if silent:
        return True
    last = start + 1
    names_object = re.match(r"::: ?[\w.]", line) is not None
    while names_object and last < end and not state.isEmpty(last) and state.sCount[last] - state.blkIndent >= _INDENT:
        last += 1
    token = state.push("directive", "", 0)
    token.map, token.content, token.info = [start, last], line, "object" if names_object else ""
    state.line = last
    return True
