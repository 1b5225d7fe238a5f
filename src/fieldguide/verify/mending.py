"""Writes what is right in place of what is not, where only one thing can be meant.

Comes in: the text of a document as it is on the disk, and faults of it. Goes out: the mended text, and which faults
that were. Must never: touch a character outside of a mention; change a section that fieldguide wrote, whose marker
carries its digest (it is written anew by a run); write over what is not there as it was read.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from fieldguide.domain.markers import find_sections

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fieldguide.domain.documents import Fault

_LINE_END: Final = re.compile(r"(\r\n|\r|\n)")


def mended(text: str, faults: Sequence[Fault]) -> tuple[str, tuple[Fault, ...]]:
    """Return the text with every fault mended that can be, and these faults in their order.

    Args:
        text: Decoded, with its line ends as they are.
        faults: Of this document; only certain ones with a `fix` are mended.
    """
    parts = _LINE_END.split(text)
    lines, ends = parts[::2], [*parts[1::2], ""]
    own = [(_line(text, one.start), _line(text, one.end)) for one in find_sections(text)]
    done: list[Fault] = []
    # From the end of each line, so that the columns before it stay true.
    for fault in sorted(faults, key=lambda one: (one.mention.line, -one.mention.column)):
        mention, verdict = fault.mention, fault.verdict
        if not (verdict.certain and verdict.fix) or any(first <= mention.line < last for first, last in own):
            continue
        line = lines[mention.line - 1] if mention.line <= len(lines) else ""
        start, old, new = mention.column - 1, mention.written or mention.text, _written_anew(fault)
        place = start
        if fault.verdict.part:
            old, new = fault.verdict.part, fault.verdict.fix
            keyword = re.compile(rf"(?<!\w){re.escape(old)}(?=\s*=)").search(line, start)
            place = keyword.start() if keyword else -1
        if new and place >= 0 and line.startswith(old, place):
            lines[mention.line - 1] = line[:place] + new + line[place + len(old) :]
            done.append(fault)
    whole = "".join(line + end for line, end in zip(lines, ends, strict=True))
    return whole, tuple(one for one in faults if one in done)


def _written_anew(fault: Fault) -> str:
    """What to write at the place of a mention; empty where its text stands there in another form that says less."""
    mention, fix = fault.mention, fault.verdict.fix
    if mention.written in {"", mention.text, fault.verdict.part}:
        return fix
    # `client.get_all` stands for `httpx.Client.get_all`: only its last name can be put right.
    owner, _, name = mention.text.rpartition(".")
    if fix.rpartition(".")[0] != owner or not mention.written.endswith(f".{name}"):
        return ""
    return mention.written.removesuffix(name) + fix.rpartition(".")[2]


def _line(text: str, offset: int) -> int:
    return len(_LINE_END.findall(text, 0, offset)) + 1
