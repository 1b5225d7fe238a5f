"""Takes a reply with notes apart, however it was dressed up.

Comes in: the text of a reply, the topics that were asked for. Goes out: the note on each of them that it holds.
Must never: raise on any text; give one topic the note of another; keep the last note of a reply that was cut off.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from fieldguide.domain.request import StopReason
from fieldguide.write.notes.labels import by_label, label_of, plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MOST_CHARACTERS: Final = 1_600
"""Of a note: a model that writes more than it was asked for would crowd out the other notes."""

_HEADING: Final = re.compile(r" {0,3}#{1,6}\s+(\S.*?)\s*#*\s*$|\s*\*\*([^*]+)\*\*:?\s*$")
_THINKING: Final = re.compile(r"\A\s*<think(?:ing)?>.*?</think(?:ing)?>", re.DOTALL)
_UNCHANGED: Final = re.compile(r"\W*unchanged\W*", re.IGNORECASE)
_NOTHING: Final = re.compile(r"\W*(?:none|n/?a|nothing(?: (?:to say|of interest))?)\W*", re.IGNORECASE)
_SENTENCE_END: Final = re.compile(r"[.!?:][\"')\]`]*(?=\s)")
_BLANKS: Final = re.compile(r"[ \t]+")


def parse_notes(text: str, stop: StopReason, asked: Sequence[str], earlier: Mapping[str, str]) -> dict[str, str]:
    """Notes by key; empty for a file of which nothing is to be said. What the reply does not hold is not there.

    Args:
        text: Of the reply.
        stop: Why it ended.
        asked: Keys of the topics.
        earlier: Earlier notes that went along, by key: `unchanged` stands for them.
    """
    bodies, complete = _bodies(_THINKING.sub("", text), by_label(asked))
    if not bodies and len(asked) == 1 and stop is StopReason.STOP and text.strip():
        bodies, complete = _without_its_heading(_THINKING.sub("", text), asked[0]), True
    if stop is not StopReason.STOP and not complete and bodies:
        last, lines = bodies.popitem()
        if stop is StopReason.LENGTH and len(asked) == 1:  # asked again it would only be cut off again
            bodies[last] = whole_sentences("\n".join(lines)).splitlines()
    notes: dict[str, str] = {}
    for key, lines in bodies.items():
        body = _tidy(lines)
        if _UNCHANGED.fullmatch(body):
            if key in earlier:
                notes[key] = earlier[key]
        elif body:
            notes[key] = "" if _NOTHING.fullmatch(body) else _bounded(body)
    return notes


def _bodies(text: str, keys: Mapping[str, str]) -> tuple[dict[str, list[str]], bool]:
    """Lines beneath the headings that were asked for, and whether the reply reached its end."""
    bodies: dict[str, list[str]] = {}
    current: list[str] = []
    for line in text.replace("\r\n", "\n").split("\n"):
        heading = _HEADING.match(line)
        title = plain(heading[1] or heading[2]) if heading else ""
        if title.lower() == "end":
            return bodies, True
        if title in keys:
            current = []
            bodies.setdefault(keys[title], current)
        elif not heading:
            current.append(line)
    return bodies, False


def _without_its_heading(text: str, key: str) -> dict[str, list[str]]:
    """A note beneath no heading, or beneath another than was asked for; none when that is another file's."""
    label = plain(label_of(key))
    kept: list[str] = []
    for line in text.splitlines():
        heading = _HEADING.match(line)
        title = plain(heading[1] or heading[2]) if heading else ""
        if not heading:
            kept.append(line)
        elif any(mark in title for mark in "./") and not label.endswith(title):
            return {}
    return {key: kept}


def _tidy(lines: Sequence[str]) -> str:
    """Lines without blank ones and without runs of blanks, so that a note that says the same is the same."""
    stripped = (_BLANKS.sub(" ", line).strip() for line in lines)
    return "\n".join(line for line in stripped if line and not line.startswith(("```", "~~~")))


def _bounded(body: str) -> str:
    """A note of bounded length, which ends with a whole sentence where there is one."""
    if len(body) <= MOST_CHARACTERS:
        return body
    return whole_sentences(body[:MOST_CHARACTERS]) or body[:MOST_CHARACTERS].rpartition(" ")[0]


def whole_sentences(text: str) -> str:
    """A text that was cut off, up to its last whole sentence; empty without one."""
    ends = [match.end() for match in _SENTENCE_END.finditer(text)]
    return text[: ends[-1]] if ends else ""


def first_sentence(note: str) -> str:
    """What a note begins with: what its topic is for."""
    end = _SENTENCE_END.search(note)
    return note[: end.end()] if end else note
