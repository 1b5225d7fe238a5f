"""The names that were probably meant by one that is not there.

Comes in: a mention that does not hold, and where its name ended.
Goes out: the verdict with names that hold, written as the mention is, nearest first; what to write where only one can
be meant; `UNKNOWN` where nothing known is near and the name may be another's.
Must never: propose a name that does not hold.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Final

from fieldguide.domain.documents import Form, State, Verdict
from fieldguide.verify.resolution.names_lookup import Way
from fieldguide.verify.resolution.names_nearness import LIKELY, Vocabulary, nearest_of
from fieldguide.verify.resolution.names_things import Absent, Thing

if TYPE_CHECKING:
    from fieldguide.domain.documents import Mention
    from fieldguide.verify.resolution.names_lookup import Led, Lookup
    from fieldguide.verify.resolution.names_members import Members

_IN_PROSE: Final = 90.0
"""Nearness that a name without backticks needs to be taken for one of the project's."""
_CLEAR: Final = 10.0
"""How much nearer than the next one a name has to be to be the only one that can be meant."""
_PROPOSED: Final = 3
_ELSEWHERE: Final = 5.0
"""What a name that stands somewhere else than where it was looked for is less near."""


class Proposals:
    """Names of one codebase to propose."""

    def __init__(self, members: Members, lookup: Lookup) -> None:
        """Keep both; all names are indexed when the first is looked for."""
        self._members = members
        self._lookup = lookup

    @cached_property
    def _vocabulary(self) -> Vocabulary:
        return Vocabulary(self._lookup.defined())

    @cached_property
    def _parameters(self) -> Vocabulary:
        return Vocabulary(self._lookup.parameters)

    def settle(self, mention: Mention, verdict: Verdict, led: Led, parts: list[str]) -> Verdict:
        """Give a verdict that is to be reported its nearest names, or take it back."""
        near = self._near(led, parts)
        if not verdict.certain and self._is_thin(mention, led, near):
            return Verdict(State.UNKNOWN, f"nothing here is like `{parts[-1]}`")
        nearest = tuple(dict.fromkeys(_written_as(mention, name) for _, name in near))[:_PROPOSED]
        clear = len(near) == 1 or (len(near) > 1 and near[1][0] < near[0][0] - _CLEAR)
        fix = nearest[0] if near and clear and near[0][0] >= LIKELY and not mention.written else ""
        return replace(verdict, nearest=nearest, fix=fix)

    def _is_thin(self, mention: Mention, led: Led, near: list[tuple[float, str]]) -> bool:
        """Tell whether the name may well be something that the project knows nothing of."""
        if mention.form is Form.ROLE and led.way is not Way.NOWHERE:
            return False
        if led.way in {Way.ABSOLUTE, Way.DEFINITION} and mention.form is not Form.PROSE:
            return False
        least = _IN_PROSE if mention.form is Form.PROSE else LIKELY
        return not near or near[0][0] < least

    def _near(self, led: Led, parts: list[str]) -> list[tuple[float, str]]:
        """Names to write in place of the whole, with their nearness: of the same container first."""
        found: dict[str, float] = {}
        for absent in led.absent:
            index = len(parts) - 1 - len(absent.rest)
            for score, name in nearest_of(absent.name, self._members.names_of(absent.container)):
                whole = [*parts[:index], name, *absent.rest]
                if not absent.rest or self._leads(absent, name):
                    found[".".join(whole)] = max(score, found.get(".".join(whole), 0.0))
        if not led.absent or not found or max(found.values()) < LIKELY:
            for score, name in self._elsewhere(led, parts):
                found.setdefault(name, score)
        return sorted(((score, name) for name, score in found.items()), key=lambda one: (-one[0], len(one[1]), one[1]))

    def _leads(self, absent: Absent, name: str) -> bool:
        return isinstance(self._members.walk(absent.container, [name, *absent.rest]), Thing)

    def _elsewhere(self, led: Led, parts: list[str]) -> list[tuple[float, str]]:
        """Names defined anywhere: the same name in another place first."""
        last = parts[-1]
        found: list[tuple[float, str]] = []
        if len(parts) > 1 and led.absent and not led.absent[0].rest:
            things = (one for one in self._lookup.definitions(last)[:_PROPOSED] if self._lookup.is_package(one))
            found.extend((LIKELY - _ELSEWHERE, _short(one.name, parts)) for one in things)
        prefix = ".".join(parts[:-1])
        for score, name in self._vocabulary.nearest(last):
            if len(parts) == 1:
                found.append((score, name))
            elif led.way is Way.NOWHERE or led.way is Way.VARIABLE:
                found.append((score - _ELSEWHERE / 5, f"{prefix}.{name}"))
            else:
                found.extend(
                    (score - _ELSEWHERE, _short(thing.name, parts))
                    for thing in self._lookup.definitions(name)[:1]
                    if self._lookup.is_package(thing)
                )
        if len(parts) == 1:
            found.extend((score - 1, name) for score, name in self._parameters.nearest(last))
        return found


def _short(qualified: str, parts: list[str]) -> str:
    """A qualified name with as many parts as the mention has."""
    return ".".join(qualified.split(".")[-len(parts) :]) if len(parts) > 1 else qualified.rpartition(".")[2]


def _written_as(mention: Mention, name: str) -> str:
    """A name in the mention's own way of writing: with its `@` or `()`."""
    at = "@" if mention.text.startswith("@") else ""
    receiver = next((one for one in ("self.", "cls.") if mention.text.startswith(one)), "")
    return f"{at}{receiver}{name}{'()' if mention.text.endswith('()') else ''}"
