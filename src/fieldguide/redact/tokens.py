"""Secrets that their own shape gives away: provider tokens, web tokens, passwords in addresses, private keys.

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

_KEY_BEGIN: Final = re.compile(r"-----BEGIN (?:[A-Z0-9]{1,20} ){0,4}PRIVATE KEY(?: BLOCK)?-----")
_KEY_BODY: Final = re.compile(
    r"""(?:(?!-----)[A-Za-z0-9+/=\s"'`,()#*>;|\\-]|(?:Proc-Type|DEK-Info|Version|Comment|Hash):[^\n\\"']{0,100})*+"""
)
_KEY_RUN: Final = re.compile(r"\\[nrt\\]|(?P<run>[A-Za-z0-9+/]{4,}+={0,2})")
_TOLD_BY: Final = 16
"""Letters in one run that tell a key from a page that speaks of keys."""
_CUT_OFF: Final = 40
"""Letters in one run of a key whose end is missing; a line of a key has 64."""
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


def find_private_keys(text: str) -> Iterator[Secret]:
    """Find the bodies of private keys in PEM armour, also cut off, and also spread over string literals."""
    position = 0
    while (begin := _KEY_BEGIN.search(text, position)) is not None:
        body = _KEY_BODY.match(text, begin.end())
        position = begin.end() if body is None else max(body.end(), begin.end())
        if body is None:
            continue
        runs = [match.span("run") for match in _KEY_RUN.finditer(text, *body.span()) if match["run"]]
        longest = max((end - start for start, end in runs), default=0)
        complete = text.startswith("-----END", body.end())
        if not complete:
            runs = [(start, end) for start, end in runs if end - start >= _CUT_OFF or _is_last_line(text, start, end)]
        if longest >= (_TOLD_BY if complete else _CUT_OFF):
            yield Secret("private-key", tuple(runs))


def _is_last_line(text: str, start: int, end: int) -> bool:
    """Whether a short run looks like the rest of a key that was cut in the middle of a line."""
    run = text[start:end]
    return len(run) >= _TOLD_BY and any(map(str.isdigit, run)) and run.lower() != run and run.upper() != run
