"""The rules of `rules.toml` and the formats of `formats.toml`, compiled.

Comes in: the data files beside this module. Goes out: rules, the same for every caller.
Must never: be read before text is to be redacted.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, cast

from ahocorasick_rs import AhoCorasick


@dataclass(frozen=True, slots=True)
class TokenRule:
    """A value that its shape gives away; see `rules.toml` for the fields."""

    kind: str
    keywords: tuple[str, ...]
    pattern: re.Pattern[str]
    boundary: re.Pattern[str] | None
    before: tuple[int, ...]
    any_case: bool
    judged: bool


@dataclass(frozen=True, slots=True)
class TokenSearch:
    """All token rules whose keywords are searched in the same text, at once."""

    any_case: bool
    """Search the lower-case text."""
    keywords: AhoCorasick
    rules: tuple[tuple[TokenRule, ...], ...]
    """By the number of the keyword: its rules, in the order of the data."""


@dataclass(frozen=True, slots=True)
class Rules:
    """Everything that `rules.toml` says."""

    tokens: tuple[TokenSearch, ...]
    shapes: re.Pattern[str]
    """Matches all of a run of letters that is a token; the group that took part is `s` and a number."""
    shape_kinds: Mapping[str, str]
    """By the name of the group: what its token is called."""
    words: frozenset[str]
    beginnings: tuple[str, ...]
    naming: frozenset[str]


@cache
def load_rules() -> Rules:
    """Read the rules once in a process."""
    data, formats = (
        tomllib.loads(Path(__file__).with_name(name).read_text(encoding="utf-8"))
        for name in ("rules.toml", "formats.toml")
    )
    tokens = [*map(_token, data["token"]), *map(_format, formats["formats"])]
    return Rules(
        tokens=tuple(_search(tokens, any_case=case) for case in (False, True)),
        shapes=re.compile("|".join(f"(?P<s{number}>{shape})" for number, (_, shape) in enumerate(formats["shapes"]))),
        shape_kinds={f"s{number}": kind for number, (kind, _) in enumerate(formats["shapes"])},
        words=frozenset(data["harmless"]["words"]),
        beginnings=tuple(data["harmless"]["beginnings"]),
        naming=frozenset(data["harmless"]["naming"]),
    )


def _search(rules: list[TokenRule], *, any_case: bool) -> TokenSearch:
    """Put keywords into one automaton, which reads a text once however many there are."""
    by_keyword: dict[str, list[TokenRule]] = {}
    for rule in rules:
        if rule.any_case is any_case:
            for keyword in rule.keywords:
                by_keyword.setdefault(keyword, []).append(rule)
    return TokenSearch(any_case, AhoCorasick(list(by_keyword)), tuple(map(tuple, by_keyword.values())))


def _token(entry: dict[str, Any]) -> TokenRule:
    boundary = cast("str", entry.get("boundary", "A-Za-z0-9_"))
    before = entry.get("before", 0)
    return TokenRule(
        kind=entry["kind"],
        keywords=tuple(entry["keywords"]),
        pattern=re.compile(entry["pattern"]),
        boundary=re.compile(f"[{boundary}]") if boundary else None,
        before=tuple(cast("list[int]", before)) if isinstance(before, list) else (cast("int", before),),
        any_case=entry.get("any_case", False),
        judged=entry.get("judged", False),
    )


def _format(entry: tuple[str, list[str], str]) -> TokenRule:
    kind, beginnings, rest = entry
    return TokenRule(
        kind=kind,
        keywords=tuple(beginnings),
        pattern=re.compile(rf"(?:{'|'.join(map(re.escape, beginnings))})(?:{rest})(?![A-Za-z0-9])"),
        boundary=re.compile("[A-Za-z0-9_]"),
        before=(0,),
        any_case=False,
        judged=False,
    )
