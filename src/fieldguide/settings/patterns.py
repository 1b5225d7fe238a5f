"""Regular expressions of the user's own, held to a bounded time.

Comes in: `KIND=REGEX`. Goes out: the two parts, or what is wrong with them.
Must never: show the expression, which may be a secret itself; let one pass that a hostile file could keep busy.

Python's engine tries every way in which an expression can match at a place, so the most steps at one place are
counted from the parsed expression: with a bound on those, a file is searched in a time proportional to its length.
A repetition without an upper bound has none, not even a harmless-looking one: `A[A-Z]*!` takes a quadratic time on a
line of five million `A`s.
"""

from __future__ import annotations

import re
import warnings
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

from fieldguide.settings.first_characters import first_characters

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_STEPS: Final = 2_000
"""At one place of a text: `[a-z]{1,60}[0-9a-f]{1,20}!` takes 1,320, and a second for 100 kB that are made to hurt."""
_LONGEST: Final = 2_000
_KIND: Final = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_LONGEST_KIND: Final = 40
_REPEATS: Final = frozenset({"MAX_REPEAT", "MIN_REPEAT"})
_ONE_CHARACTER: Final = frozenset({"LITERAL", "NOT_LITERAL", "IN", "ANY"})
_CEILING: Final = 10**9
"""Counts stop here: what lies above is refused all the same, and its digits would fill the memory."""


class Wrong(NamedTuple):
    """What is wrong with a pattern: a phrase after its name, and what to do."""

    fact: str
    hint: str


class _Cost(NamedTuple):
    """Of a part of an expression, at one place."""

    ways: int
    """In which it can match, at most."""
    steps: int
    """To try them all, at most."""


def kind_and_pattern(text: str) -> tuple[str, str] | Wrong:
    """Split `KIND=REGEX`, and check both parts."""
    kind, equals, pattern = text.partition("=")
    kind = kind.strip()
    if not equals or _KIND.fullmatch(kind) is None or len(kind) > _LONGEST_KIND:
        return Wrong("does not begin with a kind and `=`", "name the kind in small letters: `badge=BDG-[0-9A-F]{16}`")
    if len(pattern) > _LONGEST:
        return Wrong(f"is longer than {_LONGEST} characters", "split it into several patterns of the same kind")
    return _checked(pattern) or (kind, pattern)


def _checked(pattern: str) -> Wrong | None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            compiled = re.compile(pattern)
            parsed = _parse(pattern)
        except re.error as error:
            where = "" if error.pos is None else f" at character {error.pos + 1}"
            # The message may quote a name of the expression, which is no more shown than the rest.
            return Wrong(
                f"is not a regular expression of Python's{where}", "mend it: the syntax is that of Python's module `re`"
            )
        except (Warning, OverflowError, RecursionError):
            return Wrong("is not a regular expression that Python takes without a warning", "write it more plainly")
    if compiled.search("") is not None or parsed.getwidth()[0] == 0:
        return Wrong("matches an empty text", "let it begin with what the secret begins with")
    if not isinstance(cost := _sequence(parsed), _Cost):
        return cost
    if cost.steps > MOST_STEPS:
        hint = "give its repetitions narrower bounds, put none inside another, and write `[ab]` for `(a|b)`"
        return Wrong("can match one place in too many ways for a file that is made to hurt", hint)
    return None


def _parse(pattern: str) -> Any:  # noqa: ANN401  # the standard library's own tree, which has no public type
    # `re` keeps its parser to itself; that of `sre_parse` is the same one, and warns.
    return import_module("re._parser").parse(pattern)


def _sequence(parts: Any) -> _Cost | Wrong:  # noqa: ANN401
    """Of parts after each other: a way of the first is tried with every way of the rest."""
    ways, steps = 1, 0
    for index, part in enumerate(parts):
        name = str(part[0])
        cost = _part(name, part[1])
        if not isinstance(cost, _Cost):
            return cost
        steps = min(_CEILING, steps + ways * cost.steps)
        if name in _REPEATS and _is_one_character(part[1][2]):
            # In `[a-z]{1,9}=` one length alone can go on: what follows is none of the characters that repeat.
            follows = first_characters(parts[index + 1 :])
            ways *= 1 if follows.isdisjoint(first_characters(part[1][2])) else cost.ways
        else:
            ways *= cost.ways
        ways = min(_CEILING, ways)
    return _Cost(ways, steps)


def _is_one_character(body: Any) -> bool:  # noqa: ANN401
    return len(body) == 1 and str(body[0][0]) in _ONE_CHARACTER


def _part(operation: str, argument: Any) -> _Cost | Wrong:  # noqa: ANN401
    match operation:
        case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
            return _repetition(*argument, possessive=operation == "POSSESSIVE_REPEAT")
        case "BRANCH":
            return _alternatives(argument[1])
        case "SUBPATTERN":
            return _sequence(argument[3])
        case "ATOMIC_GROUP" | "ASSERT" | "ASSERT_NOT":
            inner = _sequence(argument if operation == "ATOMIC_GROUP" else argument[1])
            return inner._replace(ways=1) if isinstance(inner, _Cost) else inner
        case "GROUPREF_EXISTS":
            return _alternatives([one for one in argument[1:] if one is not None])
        case _:
            # A reference to a group compares as many characters as that has.
            return _Cost(1, _LONGEST if operation.startswith("GROUPREF") else 1)


def _repetition(least: int, most: Any, body: Any, *, possessive: bool) -> _Cost | Wrong:  # noqa: ANN401
    # The marker for "no limit" is a number too: the largest.
    if most >= int(cast("Any", import_module("re._constants")).MAXREPEAT):
        return Wrong("has a repetition without an upper bound", "write `{1,200}` for `+` and `{0,200}` for `*`")
    inner = _sequence(body)
    if not isinstance(inner, _Cost):
        return inner
    ways, steps, once = 0, 0, 1
    for count in range(int(most) + 1):
        ways += once if count >= least else 0
        steps += once * inner.steps if count < int(most) else 0
        once *= inner.ways
        if steps > _CEILING or once > _CEILING:
            return _Cost(_CEILING, _CEILING)
    return _Cost(1 if possessive else max(1, ways), max(1, steps))


def _alternatives(branches: Sequence[Any]) -> _Cost | Wrong:
    ways, steps = 0, 0
    for branch in branches:
        cost = _sequence(branch)
        if not isinstance(cost, _Cost):
            return cost
        ways, steps = ways + cost.ways, steps + cost.steps
    # Alternatives that begin with different characters are told apart by the first: one of them can match at most.
    firsts = [first_characters(branch) for branch in branches]
    told_apart = sum(map(len, firsts)) == len(frozenset[int]().union(*firsts))
    return _Cost(1 if told_apart and ways == len(firsts) else max(1, ways), max(1, steps))
