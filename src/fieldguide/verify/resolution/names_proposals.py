"""The names that were probably meant by one that is not there.

Comes in: a mention that does not hold, and where its name ended.
Goes out: the verdict with names that hold, written as the mention is, nearest first; what to write where only one can
be meant; `UNKNOWN` where nothing known is near and the name may be another's.
Must never: propose a name that does not hold.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Final

from fieldguide.domain.documents import Form, State, Verdict
from fieldguide.domain.page import ReferenceKind
from fieldguide.verify.reading.roles import OWN_ROLE
from fieldguide.verify.resolution.names_changes import (
    is_cut,
    is_extended,
    is_likely,
    is_misspelt,
    is_padded,
    is_shortened,
    is_swapped,
)
from fieldguide.verify.resolution.names_lookup import Way
from fieldguide.verify.resolution.names_nearness import LIKELY, Vocabulary, nearest_of
from fieldguide.verify.resolution.names_things import Absent, Openness, Thing, ThingKind
from fieldguide.verify.resolution.names_told import is_description

if TYPE_CHECKING:
    from fieldguide.domain.documents import Mention
    from fieldguide.verify.resolution.names_lookup import Led, Lookup
    from fieldguide.verify.resolution.names_members import Members
    from fieldguide.verify.resolution.names_told import Told

_TELLING: Final = 6
"""Letters from which a name that is a slip away from a known one is that one for certain."""
_SEVERAL: Final = re.compile(
    r"\b(?:multiple|various|many|several|both|all|few|these|those|more|other|two|three|different)"
    r"(?:\s+\w+)?\s+`?$",
    re.IGNORECASE,
)
"""Words before a class's name that put it into the plural."""
_CLEAR: Final = 10.0
"""How much nearer than the next one a name has to be to be the only one that can be meant."""
_BEGINNING: Final = re.compile(r"\b(?:typing|to type|(?:begin(?:s|ning)?|start(?:s|ing)?) (?:with|by)|prefix\w*)\b")
_LOOKED_AT: Final = 20
_FEW: Final = 3
_OFTEN: Final = frozenset(
    {"get", "set", "is", "has", "to", "from", "on", "find", "list", "fetch", "load", "read", "make", "create"}
)
"""Words with which functions of all kinds begin: with one more they are other functions."""
_PROPOSED: Final = 3
_ELSEWHERE: Final = 5.0
"""What a name that stands somewhere else than where it was looked for is less near."""


class Proposals:
    """Names of one codebase to propose."""

    def __init__(self, members: Members, lookup: Lookup, told: Told) -> None:
        """Keep them; all names are indexed when the first is looked for."""
        self._told = told
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
        near = self._likely_first(mention, led, parts)
        if _is_beginning(mention, near):
            return Verdict(State.UNKNOWN, "it is what names begin with")
        likely = any(self._is_likely(mention, *_changed(led, parts, name)) for _, name in near)
        doubtful = not verdict.certain or is_description(mention)
        if doubtful and self._is_thin(mention, led, near, parts, likely=likely):
            return Verdict(State.UNKNOWN, f"nothing here is like `{parts[-1]}`")
        nearest = tuple(dict.fromkeys(_written_as(mention, name) for _, name in near))[:_PROPOSED]
        clear = len(near) == 1 or (len(near) > 1 and near[1][0] < near[0][0] - _CLEAR)
        fix = nearest[0] if near and clear and near[0][0] >= LIKELY and not mention.written else ""
        slip = bool(near) and self._is_slip(mention, led, parts, near[0][1])
        closed = bool(led.absent) and all(one.openness is Openness.CLOSED for one in led.absent)
        certain = verdict.certain or slip or (likely and closed and led.way is not Way.VARIABLE)
        return replace(verdict, nearest=nearest, fix=fix, certain=certain, likely=likely, slip=slip)

    def _is_slip(self, mention: Mention, led: Led, parts: list[str], name: str) -> bool:
        """Tell whether the name is a known one for certain, but for a letter or two."""
        ours = mention.form is Form.CODE or (mention.form is Form.ROLE and led.way is not Way.FOREIGN)
        return ours and _is_slip(*_changed(led, parts, name))

    def _is_thin(
        self, mention: Mention, led: Led, near: list[tuple[float, str]], parts: list[str], *, likely: bool
    ) -> bool:
        """Tell whether the name may well be something that the project knows nothing of."""
        last = parts[-1]
        if is_description(mention):
            return not any(self._is_likely(mention, last, name.rpartition(".")[2]) for _, name in near)
        several = mention.form is not Form.ROLE and any(is_plural(last, one) for _, one in near)
        unoffered = mention.text == last and not any(self._is_offered_class(name) for _, name in near[:1])
        if several and (unoffered or _SEVERAL.search(mention.sentence.partition(mention.text)[0])):
            return True
        in_container = led.way in {Way.ABSOLUTE, Way.DEFINITION} and mention.form is not Form.PROSE
        if mention.form is Form.ROLE and led.way is not Way.NOWHERE:
            return False
        if in_container and all(one.container.kind is ThingKind.CLASS for one in led.absent):
            return False
        if in_container and led.way is Way.ABSOLUTE:
            return not near or (led.absent[0].name.islower() and near[0][0] < LIKELY and not likely)
        return not likely

    def _is_likely(self, mention: Mention, last: str, name: str) -> bool:
        if mention.domain.startswith(OWN_ROLE):
            return is_likely(last, name) and name in self._told.of_role(mention.domain)
        if mention.form is Form.PROSE and not is_called(mention):
            return is_misspelt(last, name) and name != f"{last}s"
        if mention.text == last and not is_called(mention) and self._is_only_module(name):
            # With a word more or less it is most likely another package.
            return is_misspelt(last, name) and is_likely(last, name)
        member = is_called(mention) and "." in mention.text.removeprefix("self.")
        if member and self._lookup.find([mention.text.partition(".")[0]]).way is Way.NOWHERE:
            member = is_padded(last, name)  # of a variable of which nothing is known
        extended = is_extended(last, name) and (member or (last[:1].isupper() and self._is_offered_class(name)))
        if is_likely(last, name) or extended or self._is_likely_said(mention, last, name):
            return True
        return is_shortened(last, name) and any(
            self._lookup.is_offered(one) and (one.owner is None or not one.owner.is_class)
            for one in self._lookup.definitions(name)[:_LOOKED_AT]
        )

    def _is_only_module(self, name: str) -> bool:
        found = self._lookup.definitions(name)[:_LOOKED_AT]
        return bool(found) and all(one.kind is ThingKind.MODULE for one in found)

    def _is_likely_said(self, mention: Mention, last: str, name: str) -> bool:
        """Tell whether what is called, or what a role names, is a thing of the package that the documents speak of."""
        named = name.rpartition(".")[2]
        if (mention.form is Form.ROLE or "." in mention.text) and is_cut(last, named) and named in self._told.named:
            return self._has(named)
        if not (is_called(mention) or mention.form is Form.ROLE) or named in _OFTEN or not self._has(named):
            return is_shortened(last, named) and named in self._told.named and self._has(named)
        if sorted(last) == sorted(named) and is_swapped(last, named) and len(named) > _FEW:
            return True
        if is_padded(last, named):
            return True
        if named not in self._told.called:
            return named.startswith("_") and is_shortened(last, named)
        return is_shortened(last, named) or is_swapped(last, named) or last == f"{named}s"

    def _has(self, name: str) -> bool:
        """Tell whether the package defines a name."""
        return any(self._lookup.is_package(one) for one in self._lookup.definitions(name)[:_LOOKED_AT])

    def _is_offered_class(self, name: str) -> bool:
        found = self._lookup.definitions(name)[:_LOOKED_AT]
        return any(one.kind is ThingKind.CLASS and self._lookup.is_offered(one) for one in found)

    def _likely_first(self, mention: Mention, led: Led, parts: list[str]) -> list[tuple[float, str]]:
        """Names to write in place of the whole, those first that it is most likely a change of."""
        near = self._near(led, parts)
        owner = "".join(f"{one}." for one in parts[: _index(led, parts)])
        return sorted(
            near,
            key=lambda one: (
                not self._is_likely(mention, *_changed(led, parts, one[1])),
                not one[1].startswith(owner),
            ),
        )

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
        length = len(".".join(parts))
        return sorted(
            ((score, name) for name, score in found.items()),
            key=lambda one: (-one[0], abs(len(one[1]) - length), len(one[1]), one[1]),
        )

    def _leads(self, absent: Absent, name: str) -> bool:
        return isinstance(self._members.walk(absent.container, [name, *absent.rest]), Thing)

    def _elsewhere(self, led: Led, parts: list[str]) -> list[tuple[float, str]]:
        """Names defined anywhere: the same name in another place first."""
        last = parts[-1]
        found: list[tuple[float, str]] = []
        if len(parts) > 1 and led.absent:
            found.extend((LIKELY - _ELSEWHERE, name) for name in self._places(last, led, parts))
        prefix = ".".join(parts[:-1])
        for score, name in self._vocabulary.nearest(last):
            if len(parts) == 1:
                found.append((score, name))
            elif led.way in {Way.NOWHERE, Way.VARIABLE}:
                found.append((score - _ELSEWHERE / 5, f"{prefix}.{name}"))
            else:
                found.extend((score - _ELSEWHERE, one) for one in self._places(name, led, parts)[:1])
        if len(parts) == 1:
            found.extend((score - 1, name) for score, name in self._parameters.nearest(last))
        return found

    def _places(self, name: str, led: Led, parts: list[str]) -> list[str]:
        """Where a name is defined in the package, written from the top where the mention is."""
        things = [one for one in self._lookup.definitions(name)[:_LOOKED_AT] if self._lookup.is_package(one)]
        if led.way is not Way.ABSOLUTE:
            return [".".join(one.name.split(".")[-len(parts) :]) for one in things[:_PROPOSED]]
        members = led.absent[0].container.kind is ThingKind.CLASS
        suited = [one for one in things if members or one.owner is None or not one.owner.is_class]
        return [self._lookup.public_name(one) for one in suited[:_PROPOSED]]


def is_called(mention: Mention) -> bool:
    """Tell whether a name is written as a call."""
    return mention.text.endswith("()") or mention.kind is ReferenceKind.CALL


def _is_beginning(mention: Mention, near: list[tuple[float, str]]) -> bool:
    """Tell whether a text stands for the beginning of names: "start to type `Fi`"."""
    begun = mention.text.endswith("_") or any(name.startswith(mention.text) for _, name in near)
    return begun and _BEGINNING.search(mention.sentence) is not None


def _index(led: Led, parts: list[str]) -> int:
    """Where in a name the part stands that is not there."""
    return len(parts) - 1 - (len(led.absent[0].rest) if led.absent else 0)


def _changed(led: Led, parts: list[str], whole: str) -> tuple[str, str]:
    """The part of a name that is not there, and what stands in its place in a name that is proposed."""
    index = _index(led, parts)
    written = whole.split(".")
    return parts[index], written[index] if len(written) == len(parts) else written[-1]


def _is_slip(name: str, known: str) -> bool:
    """Tell whether a name is another for certain, but for a letter or two."""
    last = known.rpartition(".")[2]
    return len(name) >= _TELLING and not is_plural(name, known) and is_misspelt(name, last)


def is_plural(name: str, singular: str) -> bool:
    """Tell whether a class's name stands in the plural."""
    return name[:1].isupper() and name == f"{singular.rpartition('.')[2]}s"


def _written_as(mention: Mention, name: str) -> str:
    """A name in the mention's own way of writing: with its `@` or `()`."""
    at = "@" if mention.text.startswith("@") else ""
    receiver = next((one for one in ("self.", "cls.") if mention.text.startswith(one)), "")
    return f"{at}{receiver}{name}{'()' if mention.text.endswith('()') else ''}"
