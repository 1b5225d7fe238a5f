"""All positions as one.

Comes in: a text and rules. Goes out: where the values of credential positions stand.
Must never: decide what a value is (`values.py`) or what a name says (`names.py`).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from fieldguide.redact.positions.anchors import find_anchors
from fieldguide.redact.positions.bare import find_bare
from fieldguide.redact.positions.calls import find_in_call
from fieldguide.redact.positions.code import find_in_code
from fieldguide.redact.positions.commands import find_flags, find_in_command, find_in_statements
from fieldguide.redact.positions.manifests import find_in_manifests
from fieldguide.redact.positions.names import Sureness, named
from fieldguide.redact.positions.pairs import find_in_pairs
from fieldguide.redact.positions.remarks import find_in_remarks
from fieldguide.redact.positions.surroundings import Surroundings
from fieldguide.redact.positions.tables import find_in_tables
from fieldguide.redact.secret import spanning
from fieldguide.redact.values import Need, is_value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fieldguide.redact.positions.literals import Extent
    from fieldguide.redact.positions.names import Name
    from fieldguide.redact.rules import Rules
    from fieldguide.redact.secret import Secret
    from fieldguide.redact.subject import Subject

_HAS_DIGIT: Final = re.compile(r"\d")
_KEY_ENDS: Final = re.compile(r"[\"'][ \t]?:")
"""Behind the last part of a type's name that is a key: `"AWS::SecretsManager::Secret": …`."""


def find_positions(subject: Subject, rules: Rules) -> Iterator[Secret]:
    """Find the values that names, commands, calls, tables and manifests give away."""
    for kind, extent, need, identifier in _candidates(subject):
        start, end = extent
        value = subject.text[start:end]
        repeated = _letters(value) in _letters(identifier)
        if repeated and (need is not Need.ANY or not (value.isalpha() and value.islower())):
            continue
        if is_value(value, rules, need):
            secret = spanning(kind, subject.text, start, end)
            if secret is not None:
                yield secret


def _candidates(subject: Subject) -> Iterator[tuple[str, Extent, Need, str]]:
    around = Surroundings(subject)
    for anchor in find_anchors(subject):
        name = named(anchor)
        if name is not None and not (
            subject.text.startswith("::", name.start - 2)
            and (name.sureness < Sureness.CERTAIN or _KEY_ENDS.match(subject.text, name.end))
        ):
            for extent, need in _of_name(around, name):
                weaker = need is Need.RANDOM and name.kind == "api-key" and _HAS_DIGIT.search(subject.text, *extent)
                yield name.kind, extent, Need.MIXED if weaker else need, name.identifier
        for find in (find_in_call, find_in_command):
            for extent, need in find(subject, anchor):
                yield "password", extent, need, ""
    for extent, need in find_in_statements(subject):
        yield "password", extent, need, ""
    for find in (find_in_manifests, find_in_remarks):
        for extent, need in find(subject):
            yield "secret", extent, need, ""


def _of_name(around: Surroundings, name: Name) -> Iterator[tuple[Extent, Need]]:
    """What a name is given; without quotes only where nothing is given in quotes."""
    found = [*find_in_code(around.subject, name), *find_in_pairs(around.subject, name)]
    if not found and name.sureness > Sureness.VAGUE:
        found = [*find_flags(around.subject, name), *find_in_tables(around.subject, name)]
    yield from found
    if not found or name.sureness is Sureness.VAGUE:
        yield from find_bare(around, name)


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.lower()))
