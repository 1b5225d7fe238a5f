"""Whether a call that a document shows names only parameters that its callee has.

Comes in: a call, and what its callee's name leads to.
Goes out: a `Verdict`; its `part` is the keyword that the callee does not take.
Must never: judge keywords of a callee of which not every parameter is known.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from fieldguide.domain.documents import Form, State, Verdict
from fieldguide.domain.source import Span
from fieldguide.verify.resolution.names_changes import is_changed
from fieldguide.verify.resolution.names_lookup import Way
from fieldguide.verify.resolution.names_nearness import LIKELY, NEAR, nearest_of, spelling
from fieldguide.verify.resolution.names_signatures import Signatures
from fieldguide.verify.resolution.names_things import Thing, ThingKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fieldguide.domain.codebase import Codebase
    from fieldguide.domain.documents import Mention
    from fieldguide.verify.resolution.names_lookup import Led, Lookup
    from fieldguide.verify.resolution.names_members import Members
    from fieldguide.verify.resolution.names_signatures import Signature


_TELLING: Final = 8
"""Letters from which a callable's name alone tells which one is called."""


class Calls:
    """Keyword arguments against signatures."""

    def __init__(self, codebase: Codebase, members: Members) -> None:
        """Keep what signatures are read from."""
        self.signatures = Signatures(codebase, members)

    def resolve(self, mention: Mention, led: Led) -> Verdict:
        """Say whether every keyword of a call whose callee is there is one of its parameters."""
        first = led.things[0]
        where = Span(first.path, first.line, first.line) if first.path and first.line else None
        if led.way is Way.FOREIGN:
            return Verdict(State.HOLDS, where=where)
        signatures = [self.signatures.of(one) for one in led.things]
        wrong = next((one for one in mention.keywords if not any(one in each.names for each in signatures)), "")
        if not wrong:
            return Verdict(State.HOLDS, where=where)
        why = f"`{first.name}` takes no `{wrong}`"
        opened = [one for one in signatures if one.open]
        if opened:
            if not any(one.parameters for one in signatures):
                return Verdict(State.HOLDS, where=where)
            return Verdict(State.BROKEN, why, words=(wrong,), part=wrong)
        sure = led.way is Way.ABSOLUTE or (led.way is Way.DEFINITION and len(led.things) == 1 and _is_meant(mention))
        return Verdict(State.BROKEN, why, certain=sure, words=() if sure else (wrong,), part=wrong)

    def of_any(self, mention: Mention, parts: list[str], lookup: Lookup) -> Verdict | None:
        """A call on what is not known whose keyword is almost one of the only callable of its name; else nothing."""
        things = receiverless(mention, parts, lookup)
        taken = {name for one in things for name in self.signatures.of(one).names}
        wrong = next((one for one in mention.keywords if one not in taken), "")
        if not wrong or not any(is_changed(wrong, name) for name in taken - set(mention.keywords)):
            return None
        return Verdict(State.BROKEN, f"`{things[0].name}` takes no `{wrong}`", words=(wrong,), part=wrong)

    def settle(self, mention: Mention, verdict: Verdict, things: Sequence[Thing]) -> Verdict:
        """Name the parameters that are nearest to a wrong keyword; `UNKNOWN` where none is and others may be taken."""
        signatures = [self.signatures.of(one) for one in things]
        names = {name for one in signatures for name in one.names} - set(mention.keywords)
        near = nearest_of(verdict.part, names)
        likely = any(_is_likely(verdict.part, name) for name in names)
        if not verdict.certain and not likely:
            return Verdict(State.UNKNOWN, _open(signatures) or "another callee may be meant")
        nearest = tuple(name for _, name in near)[:3]
        fix = ""
        if verdict.certain and near and near[0][0] >= LIKELY and (len(near) == 1 or near[1][0] < near[0][0] - 10):
            fix = near[0][1]
        return replace(verdict, nearest=nearest, likely=likely, words=(), fix=fix)


def _is_likely(keyword: str, name: str) -> bool:
    """Tell whether a keyword that stands nowhere in the code is a parameter's name, written wrongly."""
    return is_changed(keyword, name) or spelling(keyword, name) >= NEAR


def receiverless(mention: Mention, parts: list[str], lookup: Lookup) -> list[Thing]:
    """The one callable of the package that a call can mean whose receiver is not known; else nothing."""
    name = parts[-1]
    left_open = mention.domain == "unbound" or parts[0] in lookup.tops
    if mention.form is not Form.PYTHON or not left_open or len(parts) == 1 or len(name) < _TELLING:
        return []
    found = [one for one in lookup.definitions(name) if lookup.is_package(one)]
    return found if len(found) == 1 and found[0].kind is ThingKind.FUNCTION else []


def _open(signatures: list[Signature]) -> str:
    return next((one.open for one in signatures if one.open), "")


def _is_meant(mention: Mention) -> bool:
    """The callee is named with its own name, not as one of many members."""
    return mention.domain != "unbound" and (mention.form in {Form.PYTHON, Form.ROLE} or mention.text[:1].isupper())
