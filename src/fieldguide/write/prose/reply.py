"""Takes a model's reply apart into sections, however it was dressed up.

Comes in: the text of a reply, why it ended, the sections that were asked for. Goes out: their Markdown, and what is
missing. Must never: raise on any text; let through a section that was cut off.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fieldguide.domain.report import Missing
from fieldguide.domain.request import StopReason
from fieldguide.domain.sections import DESCRIPTIONS, HIGHLIGHTS, PITFALLS
from fieldguide.write.prose.shape import described, shaped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fieldguide.domain.basis import Basis

END: Final = "end"
CUT_OFF: Final = "the reply was cut off at its most tokens, which `--max-output-tokens` raises"
LEFT_OUT: Final = "the model left it out, and `--no-cache` asks it anew"
UNUSABLE: Final = "what the model wrote is not of the form asked for"

_THINKING: Final = re.compile(r"\A\s*<think(?:ing)?>.*?</think(?:ing)?>", re.DOTALL)
_FENCE: Final = re.compile(r" {0,3}(`{3,}|~{3,})")
_HEADING: Final = re.compile(r" {0,3}(#{1,6})\s+(\S.*?)\s*#*\s*$")
_BOLD_LINE: Final = re.compile(r"\s*\*\*([^*]+)\*\*:?\s*$")
_DECORATION: Final = re.compile(r"^[\d.)\s*_`\"']+|[\s*_`\"':]+$")
_NOTHING: Final = re.compile(r"\W*(?:none|n/?a|nothing(?: to (?:say|report))?|not applicable)\W*", re.IGNORECASE)
_KEPT: Final = re.compile(r"\W*(?:keep|kept|unchanged)\W*", re.IGNORECASE)
EARLIER: Final = "the earlier text"
_WITHOUT_FACTS: Final = frozenset({HIGHLIGHTS, PITFALLS, DESCRIPTIONS})


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a reply held of what was asked for."""

    sections: Mapping[str, str]
    descriptions: Mapping[str, str]
    missing: tuple[Missing, ...]
    answered: bool = True
    """It held anything that was asked for."""


def parse_reply(text: str, stop: StopReason, asked: Sequence[str]) -> Parsed:
    """Find the sections that were asked for beneath their headings, and bring each into its form.

    Chatter before the first heading and after `## end` falls away, as do a model's thinking, a fence around the whole
    reply, and headings that were not asked for. Of a reply that was cut off the last section is not used.
    """
    raw, complete = _split(_unwrapped(_THINKING.sub("", text)), frozenset(asked))
    cut = stop is not StopReason.STOP and not complete
    if cut and raw:
        raw.popitem()
    sections: dict[str, str] = {}
    descriptions: Mapping[str, str] = {}
    missing: list[Missing] = []
    for key in asked:
        body = raw.get(key)
        if body is None:
            missing.append(_missing(key, CUT_OFF if cut else LEFT_OUT))
        elif _NOTHING.fullmatch(body):
            continue
        elif key == DESCRIPTIONS:
            descriptions = described(body)
        elif written := shaped(key, body):
            sections[key] = written
        else:
            missing.append(_missing(key, UNUSABLE))
    return Parsed(sections, descriptions, tuple(missing))


def parse_revision(text: str, stop: StopReason, asked: Sequence[str], basis: Basis) -> Parsed:
    """The prose of a page after a revision: sections of the reply, and the earlier ones that are kept.

    A section that the reply does not hold stands as it was, and is named. Raises nothing, whatever the text.
    """
    raw, complete = _split(_unwrapped(_THINKING.sub("", text)), frozenset(asked))
    cut = stop is not StopReason.STOP and not complete
    if cut and raw:
        raw.popitem()
    earlier, lacking = basis.prose, {one.section: one for one in basis.missing}
    sections: dict[str, str] = {}
    missing: list[Missing] = []
    descriptions = dict(earlier.descriptions)
    for key in asked:
        body = raw.get(key)
        if key == DESCRIPTIONS:
            descriptions |= described(body or "")
            missing += [_missing(key, CUT_OFF if cut else LEFT_OUT)] if body is None else []
        elif body is None or _KEPT.fullmatch(body):
            sections |= {key: earlier.sections[key]} if key in earlier.sections else {}
            if key in lacking:
                missing.append(lacking[key])
            elif body is None:
                missing.append(Missing(key, CUT_OFF if cut else LEFT_OUT, EARLIER))
        elif not _NOTHING.fullmatch(body):
            written = shaped(key, body) or earlier.sections.get(key, "")
            sections |= {key: written} if written else {}
            missing += [] if shaped(key, body) else [Missing(key, UNUSABLE, EARLIER)]
    return Parsed(sections, descriptions, tuple(missing), answered=bool(raw))


def _missing(key: str, reason: str) -> Missing:
    return Missing(key, reason, "nothing" if key in _WITHOUT_FACTS else "facts")


def _unwrapped(text: str) -> list[str]:
    """Lines of the reply, without a fence that was opened before the first heading and the one that closes it."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    first = next((place for place, line in enumerate(lines) if _HEADING.match(line)), len(lines))
    opened = [place for place in range(first) if _FENCE.match(lines[place])]
    if len(opened) % 2 == 0:
        return lines
    closing = [place for place in range(first, len(lines)) if _FENCE.match(lines[place])]
    dropped = {opened[-1], *(closing[-1:] if len(closing) % 2 else [])}
    return [line for place, line in enumerate(lines) if place not in dropped]


def _split(lines: Sequence[str], asked: frozenset[str]) -> tuple[dict[str, str], bool]:
    """Bodies by key, in the reply's order, and whether it reached its end. Of a key given twice the first counts."""
    bodies: dict[str, list[str]] = {}
    current: list[str] = []
    fence = ""
    for line in lines:
        mark = _FENCE.match(line)
        if mark and (not fence or (mark[1].startswith(fence) and not line.strip(" `~"))):
            fence = "" if fence else mark[1]
        key, rest = (None, "") if fence or mark else _key(line, asked)
        if key == END:
            return _joined(bodies), True
        if key is None:
            current.append(line)
        else:
            current = [rest] if rest else []
            if key in asked:
                bodies.setdefault(key, current)
    return _joined(bodies), False


def _joined(bodies: Mapping[str, Sequence[str]]) -> dict[str, str]:
    return {key: "\n".join(lines).strip() for key, lines in bodies.items()}


def _key(line: str, asked: frozenset[str]) -> tuple[str | None, str]:
    """The key that a line announces and what follows it on the line; no key for a line of text.

    A heading of the first or second level that was not asked for has a key too, so that the section before it ends;
    a deeper one is text, which `shaped` drops.
    """
    heading = _HEADING.match(line)
    bold = None if heading else _BOLD_LINE.match(line)
    if not heading and not bold:
        return None, ""
    title = heading[2] if heading else bold[1] if bold else ""
    name, _, rest = title.partition(":")
    key = re.sub(r"[\s_-]+", "_", _DECORATION.sub("", name)).lower()
    if key in asked or key == END:
        return key, rest.strip(" *_")
    return ("", "") if heading and len(heading[1]) <= 2 else (None, "")  # noqa: PLR2004  (levels of headings)
