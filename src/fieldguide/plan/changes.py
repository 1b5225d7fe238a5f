"""Tells what of a page's material has changed since its prose was written.

Comes in: the lines that the page rests on, file by file, and the `Basis` of its prose.
Goes out: digests of passages by file; the definitions that hold changed passages.
Must never: hold more than one file's lines; take a passage for known that was not shown.

A passage is a run of lines without a blank one: small enough that a change of one function is told from the rest of
its file, and cut without a parser, whatever the language.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from fieldguide.domain.basis import UNIT, Basis, ChangedFile, Changes
from fieldguide.domain.redacted import PLACEHOLDER
from fieldguide.domain.source import Role, Span
from fieldguide.domain.symbols import Symbol
from fieldguide.plan.blocks import Block, blocks_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


GAP: Final = "…"
"""Stands for lines that are left out."""
FACTS: Final = "\0facts"
"""In place of a path: the fact sections of the page."""
NAMES: Final = "\0names"
"""In place of a path: the names that the model was asked to describe."""
WHOLE_LINES: Final = 30
"""A definition up to this length is shown whole where something in it has changed."""
SHORT_LINES: Final = 12
"""The same of a class, which else shows those of its members that have changed."""
MOST_DEFINED: Final = 40

_CLASS: Final = re.compile(r"\s*class\b")


@dataclass(frozen=True, slots=True)
class Held:
    """Lines of one file that the page rests on."""

    path: str
    role: Role
    lines: Sequence[str]
    """Of the whole file, redacted."""
    spans: tuple[tuple[int, int], ...]
    """Those that are shown: first and last, 1-based."""

    def passages(self) -> Iterator[_Passage]:
        """The runs of lines between blank ones; of facts and names every line is one."""
        alone = self.path in {FACTS, NAMES}
        for first, last in self.spans:
            begun = 0
            for number in range(first, last + 1):
                if not self.lines[number - 1].strip():
                    if begun:
                        yield _passage(self.lines, begun, number - 1)
                    begun = 0
                elif alone:
                    yield _passage(self.lines, number, number)
                else:
                    begun = begun or number
            if begun:
                yield _passage(self.lines, begun, last)


@dataclass(frozen=True, slots=True)
class _Passage:
    first: int
    last: int
    digest: bytes
    characters: int


@dataclass(slots=True)
class _Compared:
    """Changes as they are found."""

    basis: Basis
    symbols: Callable[[str], Sequence[Symbol]]
    known: dict[str, frozenset[bytes]]
    everywhere: frozenset[bytes]
    material: dict[str, bytes] = field(default_factory=dict[str, bytes])
    files: list[ChangedFile] = field(default_factory=list[ChangedFile])
    lines: dict[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    characters: int = 0
    whole: int = 0
    vanished: int = 0

    def look_at(self, held: Held) -> None:
        """Compare one file."""
        key, passages = name_digest(held.path), list(held.passages())
        self.material[key] = b"".join(one.digest for one in passages)
        self.whole += sum(one.characters for one in passages)
        before = self.known.pop(key, None)
        known = self.everywhere if before is None else before
        changed = [one for one in passages if one.digest not in known]
        lost = len((before or frozenset()) - {one.digest for one in passages})
        self.vanished += lost
        self.characters += sum(one.characters for one in changed)
        if held.path in {FACTS, NAMES}:
            self.lines[held.path] = tuple(held.lines[one.first - 1] for one in changed)
        elif changed or lost or before is None:
            self.files.append(self._changed(held, changed, new=before is None, lost=lost))

    def _changed(self, held: Held, changed: Sequence[_Passage], *, new: bool, lost: int) -> ChangedFile:
        symbols = self.symbols(held.path)
        whole = new and len(changed) == sum(1 for _ in held.passages())
        ranges = list(held.spans) if whole else _around(held, changed, symbols)
        text, spans = _rendered(held, ranges)
        defines = (
            tuple(one.short for one in symbols if "." not in one.short)[:MOST_DEFINED] if lost > len(changed) else ()
        )
        return ChangedFile(held.path, held.role, new, text, spans, defines)


def marked(held: Iterable[Held]) -> tuple[dict[str, bytes], int]:
    """Digests of all passages by digest of their file's path, and how many characters they have."""
    material: dict[str, bytes] = {}
    characters = 0
    for one in held:
        passages = list(one.passages())
        material[name_digest(one.path)] = b"".join(passage.digest for passage in passages)
        characters += sum(passage.characters for passage in passages)
    return material, characters


def compare(basis: Basis, held: Iterable[Held], symbols: Callable[[str], Sequence[Symbol]]) -> Changes:
    """Say what has changed.

    Args:
        basis: Of the prose as it stands.
        held: All that a page written now would rest on.
        symbols: Definitions in the file of a path.
    """
    known = {key: frozenset(_units(digests)) for key, digests in basis.material.items()}
    compared = _Compared(basis, symbols, known, frozenset[bytes]().union(*known.values()))
    for one in held:
        compared.look_at(one)
    left = [units for key, units in compared.known.items() if key not in {name_digest(FACTS), name_digest(NAMES)}]
    vanished = compared.vanished + sum(map(len, left))
    return Changes(
        files=tuple(compared.files),
        facts=compared.lines.get(FACTS, ()),
        names=compared.lines.get(NAMES, ()),
        gone=len(left),
        characters=compared.characters + vanished * basis.characters // max(1, basis.passages),
        material=compared.material,
        whole=compared.whole,
    )


def name_digest(name: str) -> str:
    """By which a name is known again that is not written down."""
    return hashlib.blake2b(name.encode("utf-8", "surrogateescape"), digest_size=UNIT).hexdigest()


def _units(digests: bytes) -> Iterator[bytes]:
    return (digests[place : place + UNIT] for place in range(0, len(digests), UNIT))


def _passage(lines: Sequence[str], first: int, last: int) -> _Passage:
    """The digits of placeholders are made with a key of the user's own: on another machine they are others."""
    text = "\n".join(lines[first - 1 : last])
    plain = PLACEHOLDER.sub("REDACTED", text) if "REDACTED" in text else text
    digest = hashlib.blake2b(plain.encode("utf-8", "surrogatepass"), digest_size=UNIT).digest()
    return _Passage(first, last, digest, len(text))


def _around(held: Held, changed: Iterable[_Passage], symbols: Sequence[Symbol]) -> list[tuple[int, int]]:
    """Lines to be shown for changed passages: with the definition that each stands in, where the file has any."""
    blocks = blocks_of(held.lines, symbols) if symbols else ()
    ranges: list[tuple[int, int]] = []
    for passage in changed:
        found = list(_holding(held.lines, blocks, passage))
        ranges.extend(found or [(passage.first, passage.last)])
    return ranges


def _holding(lines: Sequence[str], blocks: Iterable[Block], passage: _Passage) -> Iterator[tuple[int, int]]:
    for block in blocks:
        first, last = max(block.first, passage.first), min(block.last, passage.last)
        if first > last:
            continue
        if block.last - block.first < (SHORT_LINES if block.inner else WHOLE_LINES):
            yield block.first, block.last
        elif block.inner:
            yield _class_line(lines, block)
            yield from _holding(lines, block.inner, passage)
        else:
            yield block.first, block.header or block.first
            yield first, last


def _class_line(lines: Sequence[str], block: Block) -> tuple[int, int]:
    """The line that opens a class, after its decorators."""
    found = (number for number in range(block.first, block.last + 1) if _CLASS.match(lines[number - 1]))
    number = next(found, block.first)
    return number, number


def _rendered(held: Held, ranges: Iterable[tuple[int, int]]) -> tuple[str, tuple[Span, ...]]:
    """Text of some lines, with a mark where lines that are not blank are left out between them."""
    merged: list[tuple[int, int]] = []
    for first, last in sorted(ranges):
        if merged and not any(map(str.strip, held.lines[merged[-1][1] : first - 1])):
            merged[-1] = (merged[-1][0], max(merged[-1][1], last))
        else:
            merged.append((first, last))
    texts = ["\n".join(held.lines[first - 1 : last]) for first, last in merged]
    return f"\n{GAP}\n".join(texts), tuple(Span(held.path, first, last) for first, last in merged)
