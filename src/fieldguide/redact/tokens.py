"""Secrets that their own shape gives away: provider tokens, web tokens, passwords in addresses.

Comes in: text. Goes out: where they stand. Must never: read a place of the text more than a bounded number of times.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from fieldguide.redact.secret import Secret, spanning
from fieldguide.redact.values import is_hidden, is_secret

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fieldguide.redact.rules import Rules, TokenRule

_ESCAPE: Final = re.compile(r"\\[nrt]")


def find_tokens(text: str, lowered: str, rules: Rules) -> Iterator[Secret]:
    """Find what one of the token rules describes."""
    for search in rules.tokens:
        done = 0
        found = search.keywords.find_matches_as_indexes(lowered if search.any_case else text, overlapping=True)
        for number, position, _ in sorted(found, key=_position):
            if position < done:
                continue
            for rule in search.rules[number]:
                match = _match(rule, text, position)
                secret = None if match is None else _secret(rule, match, rules)
                if secret is not None:
                    yield secret
                    done = max(done, secret.end)


def _position(found: tuple[int, int, int]) -> int:
    """Where a keyword begins: the automaton tells them by their ends."""
    return found[1]


def _secret(rule: TokenRule, match: re.Match[str], rules: Rules) -> Secret | None:
    group = "secret" if "secret" in rule.pattern.groupindex else 0
    value = match[group]
    hidden = is_secret(value, rules, certain=True) if rule.judged else not is_hidden(value)
    return spanning(rule.kind, match.string, *match.span(group)) if hidden else None


def _match(rule: TokenRule, text: str, position: int) -> re.Match[str] | None:
    for before in rule.before:
        start = position - before
        if start < 0:
            continue
        joined = rule.boundary is not None and start and rule.boundary.match(text, start - 1)
        if joined and not (start > 1 and _ESCAPE.match(text, start - 2)):  # the n of \n belongs to no token
            continue
        match = rule.pattern.match(text, start)
        if match is not None:
            return match
    return None
