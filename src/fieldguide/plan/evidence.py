"""Chooses what of a file a model gets to see, and parts a file that is too large for one request.

Comes in: a file's redacted text, its definitions, a token budget.
Goes out: pieces of whole lines, in the file's order; several parts where one would be too large.
Must never: cut a definition that fits in a part; drop lines without a piece that shows where they were.

Statements and signatures with their docstrings always go along; bodies go along while there is budget, those of public
definitions first, in the file's order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fieldguide.domain.redacted import RedactedText
from fieldguide.domain.source import Role, Span
from fieldguide.domain.work import Piece
from fieldguide.plan.blocks import Block, blocks_of, paragraphs
from fieldguide.plan.tokens import TokenCounter

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fieldguide.domain.symbols import Symbol

WHOLE_TOKENS: Final = 600
"""A file up to this size goes along whole."""
SHARE: Final = 0.5
"""Of what a file has beyond that: most of the rest is bodies of private definitions."""
MOST_TOKENS: Final = 20_000
"""Budget of the largest file: its signatures say what it offers, and its notes are a few sentences."""
STATEMENT_TOKENS: Final = 1_200
"""Statements in one place beyond this are tables of data: their first lines show what they are."""
_SHORT_STATEMENT: Final = 400
_NOT_WORTH: Final = 24
"""Tokens of a body that is not worth leaving out."""


@dataclass(frozen=True, slots=True)
class _Weighed:
    """A block with what it costs whole, and what its header costs alone."""

    block: Block
    tokens: int
    header_tokens: int


def file_budget(tokens: int) -> int:
    """Tokens of evidence for a file that has so many."""
    if tokens <= WHOLE_TOKENS:
        return tokens
    return min(MOST_TOKENS, round(WHOLE_TOKENS + SHARE * (tokens - WHOLE_TOKENS)))


def parts_of(
    path: str, text: str, symbols: Iterable[Symbol], counter: TokenCounter, *, most: int
) -> tuple[tuple[Piece, ...], ...]:
    """Choose the evidence of a file, in one part, or in several of at most `most` tokens each.

    A single definition, or a single line, that is larger than `most` shows its first lines as far as they fit.
    """
    lines = text.split("\n")
    total = counter.count(text)
    if total <= min(most, WHOLE_TOKENS):
        return ((Piece(Span(path, 1, _last_line(lines)), total),),) if text.strip() else ()
    weigher = _Weigher(lines, counter)
    leaves = weigher.leaves(blocks_of(lines, symbols), most)
    chosen = _chosen(leaves, file_budget(total))
    shown = [(block, tokens) for block, tokens in chosen if tokens]
    return tuple(weigher.as_pieces(path, part) for part in _filled(weigher.fitted(shown, most), most))


def closed_up(text: RedactedText) -> RedactedText:
    """A document with single blank lines alone.

    Where sections of ours were blanked there are as many as those had lines: the request would differ with each reply.
    """
    blocks: list[list[int]] = [[]]
    for number, line in enumerate(text.text.split("\n"), start=1):
        if line.strip():
            blocks[-1].append(number)
        elif blocks[-1]:
            blocks.append([])
    return RedactedText.join(text.lines(block[0], block[-1]) for block in blocks if block)


@dataclass(frozen=True, slots=True)
class _Weigher:
    """Counts the tokens of lines."""

    lines: Sequence[str]
    counter: TokenCounter

    def count(self, first: int, last: int) -> int:
        return self.counter.count("\n".join(self.lines[first - 1 : last]) + "\n")

    def leaves(self, blocks: Iterable[Block], most: int) -> list[_Weighed]:
        """Blocks that are chosen or left out as one: a class that is not small by its members."""
        found: list[_Weighed] = []
        for block in blocks:
            tokens = self.count(block.first, block.last)
            if block.inner and tokens > min(most, WHOLE_TOKENS):
                found.extend(self.leaves(block.inner, most))
            elif not block.header and tokens > STATEMENT_TOKENS:
                found.extend(self._table(block))
            else:
                header = self.count(block.first, block.header) if block.header else tokens
                found.append(_Weighed(block, tokens, header))
        return found

    def _table(self, block: Block) -> Iterable[_Weighed]:
        """Statements by paragraphs: the first always, further ones as the budget allows; of a table the beginning."""
        shown = 0
        found = paragraphs(self.lines, block)
        script = any(one.last > one.first for one in found)
        for one in found:
            tokens = self.count(one.first, one.last)
            shown += tokens
            if shown <= _SHORT_STATEMENT:
                yield _Weighed(one, tokens, tokens)
            elif script:
                yield _Weighed(one, tokens, 0)

    def fitted(self, shown: Iterable[tuple[Block, int]], most: int) -> Iterable[tuple[Block, int]]:
        """Blocks of at most `most` tokens: of a larger one the first lines that fit."""
        for block, tokens in shown:
            if tokens <= most:
                yield block, tokens
                continue
            last, used = block.first - 1, 0
            while last < block.last and used + (more := self.count(last + 1, last + 1)) <= most:
                last, used = last + 1, used + more
            if used:
                yield Block(block.first, last, block.header, block.public), used

    def as_pieces(self, path: str, part: Iterable[tuple[Block, int]]) -> tuple[Piece, ...]:
        """One piece for each run of lines that only blank ones part."""
        pieces: list[Piece] = []
        for block, tokens in part:
            before = pieces[-1] if pieces else None
            if before is not None and not any(map(str.strip, self.lines[before.span.last : block.first - 1])):
                pieces[-1] = Piece(Span(path, before.span.first, block.last), before.tokens + tokens + 1, Role.SOURCE)
            else:
                pieces.append(Piece(Span(path, block.first, block.last), tokens, Role.SOURCE))
        return tuple(pieces)


def _chosen(leaves: Sequence[_Weighed], budget: int) -> list[tuple[Block, int]]:
    """Every leaf, whole or by its header, with its tokens; 0 for what is left out altogether."""
    whole = {place for place, leaf in enumerate(leaves) if leaf.header_tokens + _NOT_WORTH >= leaf.tokens}
    left = budget - sum(leaf.tokens if place in whole else leaf.header_tokens for place, leaf in enumerate(leaves))
    order = sorted(set(range(len(leaves))) - whole, key=lambda place: (not leaves[place].block.public, place))
    for place in order:
        more = leaves[place].tokens - leaves[place].header_tokens
        if more <= left:
            whole.add(place)
            left -= more
    chosen: list[tuple[Block, int]] = []
    for place, leaf in enumerate(leaves):
        block = leaf.block
        if place in whole:
            chosen.append((block, leaf.tokens))
        else:
            chosen.append((Block(block.first, block.header or block.first, block.header), leaf.header_tokens))
    return chosen


def _filled(shown: Iterable[tuple[Block, int]], most: int) -> Iterable[list[tuple[Block, int]]]:
    """Blocks in their order, in as few parts as hold them."""
    part: list[tuple[Block, int]] = []
    used = 0
    for block, tokens in shown:
        if part and used + tokens + 1 > most:
            yield part
            part, used = [], 0
        part.append((block, tokens))
        used += tokens + 1  # blank lines between two of them
    if part:
        yield part


def _last_line(lines: Sequence[str]) -> int:
    last = len(lines)
    while last > 1 and not lines[last - 1].strip():
        last -= 1
    return last
