"""Finds text that addresses a language model: whoever reads the repository with one should know of it.

Comes in: the redacted text of a file. Goes out: places, by kind.
Must never: be relied on: what it does not find is fenced as data all the same.

Kinds after OWASP's Top 10 for Large Language Model Applications (LLM01, prompt injection), and the Unicode controls
after "Trojan Source" (CVE-2021-42574) and the tag characters of U+E0000.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from ahocorasick_rs import AhoCorasick

from fieldguide.domain.injection import Injection, InjectionKind

if TYPE_CHECKING:
    from collections.abc import Iterator

_NAMED: Final = (
    r"(?:AIs?|A\.I\.|LLMs?|GPT(?:-\d\w*)?|ChatGPT|Claude|Copilot|(?:large )?language models?"
    r"|(?:AI|coding|code) (?:assistants?|agents?|models?|reviewers?|tools?))"
)
_MODEL: Final = rf"(?:{_NAMED}|(?:assistant|model|agent)s?)"
_OF: Final = r"(?:your|previous|prior|preceding|earlier|above|foregoing|other|system|safety)"
_OTHERS: Final = rf"(?:(?:any|every|the|of|these|those|its) ){{0,3}}(?:all|{_OF})(?: (?:the|of|{_OF})){{0,4}} "
_ORDERS: Final = r"(?:instructions?|directions?|directives?|guidelines?|prompts?|rules|messages?|commands?)"
_PLEASE: Final = (
    r"(?:please |you (?:must|should|shall) |always |never |do not "
    r"|include|write|say|add|state|mention|describe|recommend)"
)
_TOLD: Final = ("system", "initial", "hidden", "full", "original")
_PART: Final = r"(?:mode|developer|assistant|model|bot|persona|AI|LLM|writer|hacker|\w+GPT)"


class _Sign(NamedTuple):
    """A shape, and words of which one stands in whatever the shape fits, in lower case."""

    kind: InjectionKind
    shape: str
    words: tuple[str, ...]


_SIGNS: Final = (
    _Sign(
        InjectionKind.OVERRIDE,
        r"\b(?:ignor(?:e|ing)|disregard(?:ing)?|forget|override|overrule|bypass|do not (?:follow|obey)|stop following)"
        rf",? (?:completely )?{_OTHERS}{_ORDERS}\b(?! (?:file|queue|bus|header|set))",
        (
            *("ignore ", "ignoring ", "disregard", "forget ", "override ", "overrule ", "bypass ", "stop following"),
            *("do not follow", "do not obey"),
        ),
    ),
    _Sign(
        InjectionKind.OVERRIDE,
        rf"\b(?:new|updated|real|actual) {_ORDERS} (?:for|to) (?:the |any |all )?{_MODEL}\b",
        ("instructions for", "instructions to", "prompt for", "rules for", "directives for", "commands for"),
    ),
    _Sign(
        InjectionKind.ROLE,
        rf"\byou are (?:now |no longer )(?:(?:an?|the|in) (?:[\w\"'`-]+ ){{0,3}}{_PART}\b|DAN\b)"
        rf"|\byou are (?:an?|the) (?:[\w-]+ ){{0,3}}{_MODEL}\b"
        r"|\b(?:act|pretend|respond|behave) as (?:if you (?:are|were) )?(?:an? |the )?"
        rf"(?:unrestricted|unfiltered|jailbroken|DAN|{_MODEL})\b",
        ("you are ", "act as", "pretend as", "respond as", "behave as"),
    ),
    _Sign(
        InjectionKind.DICTATION,
        rf"\b(?:(?:note|message|notice|instructions?)(?: \w+)? (?:to|for) (?:the |any |all )?(?:\w+ )?{_MODEL}\b"
        rf"|(?:if|when) you are (?:an? )?{_MODEL}\b|to (?:any|all) {_MODEL} (?:reading|processing|summari|documenting)"
        rf"|{_MODEL} (?:that reads? this|reading this)|attention,? {_MODEL}\b)"
        rf"|(?:^|[^\w\s])[ \t]*(?:(?:dear|hey|hello|attention) )?{_NAMED}"
        rf"(?:[:,] {_PLEASE}| (?:must|should) (?:always|never)\b)"
        rf"|\b(?:AI|LLM|language model) {_MODEL} (?:must|shall)\b",
        (
            *(
                "to ai",
                "for ai",
                "any ai",
                "all ai",
                "an ai",
                "ai agent",
                "ai assist",
                "ai tool",
                "ai model",
                "ai code",
            ),
            *("ai:", "ai, ", "llm", "gpt", "claude", "copilot", "language model", "coding a", "code a", "ai review"),
            *(
                "to the model",
                "for the model",
                "to the agent",
                "for the agent",
                "to the assistant",
                "for the assistant",
            ),
        ),
    ),
    _Sign(
        InjectionKind.DICTATION,
        r"\bwhen (?:summari[sz]ing|documenting|describing|reviewing|analy[sz]ing) this "
        r"(?:code|file|repository|project|text)\b[^.\n]{0,40}\b(?:you|always|must|say|state|include|mention|never)\b",
        ("when summar", "when document", "when describ", "when review", "when analy"),
    ),
    _Sign(
        InjectionKind.DISCLOSURE,
        r"\b(?:reveal|repeat|print|output|show|leak|disclose|tell (?:me|us)|write out|include|append)\b[^.\n]{0,40}"
        r"\b(?:your|the) (?:(?:system|initial|hidden|full|original) )+(?:prompt|instructions?|messages?)\b",
        tuple(f"{one} {other}" for one in _TOLD for other in ("prompt", "instruction", "message")),
    ),
    _Sign(
        InjectionKind.CHAT_MARKUP,
        r"<\|(?:im_start|im_end|system|user|assistant|endoftext|start_header_id|eot_id)\|>|<</?SYS>>|\[/?INST\](?!\w)"
        r"|^#{2,3} ?(?:System|Instruction|Assistant) ?:|^\[(?:system|assistant)\] ?(?:\(|:)",
        (
            *("<|im_", "<|system", "<|user", "<|assist", "<|endof", "<|start_h", "<|eot", "sys>>", "inst]", "[system"),
            *("[assistant", "## system", "##system", "## instruction", "## assistant"),
        ),
    ),
)
_INVISIBLE: Final = re.compile(
    "[\u202a-\u202e\u2066-\u2069]|(?<![\U0001f3f4\U000e0020-\U000e007f])[\U000e0020-\U000e007f]{2,}|[\u200b\u2060\u2061-\u2064\ufeff]{3,}|[\u200b-\u200d\u2060]{8,}"
)
_CONTROLS: Final = re.compile("[\u200b-\u200d\u202a-\u202e\u2060-\u2069\ufeff\U000e0020-\U000e007f]")
_CONTINUED: Final = " \t#/*;>-"
"""What begins a line of a comment that goes on."""
_LONGEST_LINE: Final = 4_000
"""Characters of a line that are looked at: longer ones are data."""


def find_injections(path: str, text: str) -> tuple[Injection, ...]:
    """Places in a file that address a model or hide text from people, in their order, each line once a kind."""
    found = {Injection(path, line, kind): None for line, kind in _places(text)}
    return tuple(sorted(found))


def _places(text: str) -> Iterator[tuple[int, InjectionKind]]:
    suspects = _suspect_lines(text)
    lines = text.split("\n") if suspects else []
    for number, signs in suspects.items():
        line = lines[number - 1][:_LONGEST_LINE]
        following = lines[number][:_LONGEST_LINE].lstrip(_CONTINUED) if number < len(lines) else ""
        for sign in signs:
            match = _shape(sign).search(f"{line} {following}")
            if match and match.start() < len(line):
                yield number, _SIGNS[sign].kind
    if not text.isascii() and _CONTROLS.search(text):
        for number, line in enumerate(text.split("\n"), start=1):
            if len(line) <= _LONGEST_LINE and not line.isascii() and _INVISIBLE.search(line):
                yield number, InjectionKind.HIDDEN


def _suspect_lines(text: str) -> dict[int, set[int]]:
    """Signs by the number, from 1, of a line with one of their words, or before it: a sentence may be broken there."""
    lowered = text.lower()
    found: dict[int, set[int]] = defaultdict(set)
    automaton, signs = _automaton()
    number, last = 1, 0
    for word, start, _ in automaton.find_matches_as_indexes(lowered):
        number += lowered.count("\n", last, start)
        last = start
        found[number].update(signs[word])
        if number > 1:
            found[number - 1].update(signs[word])
    return found


@lru_cache(maxsize=1)
def _automaton() -> tuple[AhoCorasick, list[list[int]]]:
    """The words of all signs, and the signs of each word."""
    by_word: dict[str, list[int]] = defaultdict(list)
    for index, sign in enumerate(_SIGNS):
        for word in sign.words:
            by_word[word].append(index)
    return AhoCorasick(list(by_word)), list(by_word.values())


@lru_cache(maxsize=len(_SIGNS))
def _shape(sign: int) -> re.Pattern[str]:
    return re.compile(_SIGNS[sign].shape, re.IGNORECASE)
