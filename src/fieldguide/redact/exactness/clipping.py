"""Cutting what detectors found to what may be hidden without a change to anything else.

Comes in: a text with its path, and secrets. Goes out: secrets whose pieces lie inside of literals and comments.
Must never: let a file that parsed parse no more; hide less than was found in a file that nothing can parse.

In Python a piece is the inside of a literal in quotes, the text of an f-string, or a comment; or a whole number, or a
whole expression of names that the file does not know (see `python_values`). In JSON, TOML and YAML it is the inside of
a string or a comment, or a whole bare value, which then needs quotes (see `bare_values`). In a file of these languages
that does not parse there is no law to keep: what a cut would take away stays hidden. Other files are left as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fieldguide.redact.exactness.data_literals import (
    bare_value,
    is_json,
    is_json_value,
    is_toml,
    json_parts,
    toml_parts,
    yaml_parts,
)
from fieldguide.redact.exactness.part import Part, Parts, may_vanish
from fieldguide.redact.exactness.python_literals import python_parts
from fieldguide.redact.exactness.python_values import parse, values_in_code
from fieldguide.redact.secret import Piece, Secret, spanning

if TYPE_CHECKING:
    from fieldguide.redact.subject import Subject

_PYTHON: Final = frozenset({".py", ".pyi", ".pyw"})
_JSON: Final = frozenset({".json", ".ipynb", ".geojson", ".webmanifest", ".har", ".tfstate"})
_TOML: Final = frozenset({".toml"})
_TOML_NAMES: Final = frozenset({"pipfile", "poetry.lock", "uv.lock"})
_YAML: Final = frozenset({".yml", ".yaml"})
_OF_LITERALS: Final = frozenset({"credential", "telephone-number"})
"""Kinds that the look of a value tells: outside of a literal it is a number of the code."""


@dataclass(frozen=True, slots=True)
class _Format:
    """How a format is read: its parts, whether a text of it parses, and which stretches outside of parts are values."""

    parts: Callable[[str], Sequence[Part] | None]
    parses: Callable[[str], bool]
    values: Callable[[str, frozenset[Piece]], dict[Piece, Piece]]
    """Given stretches outside of parts, the whole values that give way for them."""


def clip(subject: Subject, secrets: Sequence[Secret]) -> tuple[Secret, ...]:
    """Cut secrets to what may be hidden; one of which nothing is left is dropped.

    Args:
        subject: The text in which they were found.
        secrets: In order and without overlaps.
    """
    form = _form(subject)
    found = form.parts(subject.text) if secrets and form is not None else None
    if form is None or found is None:
        return tuple(one for secret in secrets if (one := _line_by_line(subject.text, secret)) is not None)
    parts = Parts.of(subject.text, found)
    cuts = [_cut(parts, secret) for secret in secrets]
    lossy = {index for index, secret in enumerate(secrets) if _loses(subject.text, secret, cuts[index])}
    if lossy and not form.parses(subject.text):
        kept = (
            _line_by_line(subject.text, secret) if index in lossy else secret for index, secret in enumerate(secrets)
        )
        whole = tuple(one for one in kept if one is not None)
        return _in_order(whole)
    outside = {index for index in lossy if not cuts[index]}
    wanted = frozenset(
        piece for index in outside if secrets[index].kind not in _OF_LITERALS for piece in secrets[index].pieces
    )
    values = form.values(subject.text, wanted) if wanted else {}
    clipped: list[Secret] = []
    for index, secret in enumerate(secrets):
        if index in outside:
            whole_values = dict.fromkeys(values[piece] for piece in secret.pieces if piece in values)
            clipped.extend(Secret(secret.kind, (value,)) for value in whole_values)
        else:
            clipped.extend(_joined(subject.text, secret.kind, cuts[index]))
    return _in_order(clipped)


def bare_values(subject: Subject, secrets: Sequence[Secret]) -> frozenset[Secret]:
    """Those secrets whose placeholders need double quotes around them: bare numbers and names of JSON and TOML."""
    form = _form(subject)
    if not secrets or form is None or form is _PYTHON_FORMAT or form is _YAML_FORMAT:
        return frozenset()
    suspects = [one for one in secrets if bare_value(subject.text, one.start, one.end) == (one.start, one.end)]
    found = form.parts(subject.text) if suspects else None
    if found is None:
        return frozenset()
    parts = Parts.of(subject.text, found)
    outside = [one for one in suspects if not any(parts.within((one.start, one.end)))]
    if form is _JSON_FORMAT:
        return frozenset(one for one in outside if is_json_value(subject.text, one.start, one.end))
    return frozenset(outside) if outside and is_toml(subject.text) else frozenset()


def _form(subject: Subject) -> _Format | None:
    if subject.suffix in _PYTHON:
        return _PYTHON_FORMAT
    if subject.suffix in _JSON:
        return _JSON_FORMAT
    if subject.suffix in _TOML or subject.name in _TOML_NAMES:
        return _TOML_FORMAT
    return _YAML_FORMAT if subject.suffix in _YAML else None


Cut = list[tuple[Part, "Piece"]]


def _cut(parts: Parts, secret: Secret) -> Cut:
    return [inside for piece in secret.pieces for inside in parts.within(piece)]


def _loses(text: str, secret: Secret, cut: Cut) -> bool:
    """Whether a cut takes away what may be part of a value: more than quotes, spaces, backslashes and line ends."""
    kept = iter([*(piece for _, piece in cut), (len(text), len(text))])
    inner_start, inner_end = next(kept)
    for start, end in secret.pieces:
        position = start
        while inner_end <= position and inner_start < len(text):
            inner_start, inner_end = next(kept)
        while position < end:
            if text[position : max(position, min(inner_start, end))].strip("\"'\\ \t\n"):
                return True
            position = max(position, min(inner_end, end)) if inner_start < end else end
            if position < end:
                inner_start, inner_end = next(kept)
    return False


def _joined(text: str, kind: str, cut: Cut) -> list[Secret]:
    """One secret of what is left of one; more where a piece may not vanish and gets a placeholder of its own."""
    groups: list[list[Piece]] = []
    for part, piece in cut:
        if groups and groups[-1][-1][1] >= piece[0]:
            groups[-1][-1] = (groups[-1][-1][0], max(piece[1], groups[-1][-1][1]))
        elif groups and may_vanish(text, part, piece):
            groups[-1].append(piece)
        elif text[slice(*piece)].strip():
            groups.append([piece])
    return [Secret(kind, tuple(group)) for group in groups]


def _line_by_line(text: str, secret: Secret) -> Secret | None:
    """The same secret with no line end in its pieces."""
    lines = (spanning(secret.kind, text, *piece) for piece in secret.pieces)
    pieces = tuple(piece for line in lines if line is not None for piece in line.pieces)
    return Secret(secret.kind, pieces) if pieces else None


def _in_order(secrets: Sequence[Secret]) -> tuple[Secret, ...]:
    """Secrets that share no character: one that has grown over the next one takes from it what it covers."""
    ordered: list[Secret] = []
    end = 0
    for secret in sorted(secrets, key=lambda one: one.start):
        pieces = tuple((max(start, end), stop) for start, stop in secret.pieces if stop > end)
        if pieces:
            ordered.append(Secret(secret.kind, pieces))
            end = pieces[-1][1]
    return tuple(ordered)


def _python_values(text: str, wanted: frozenset[Piece]) -> dict[Piece, Piece]:
    tree = parse(text)
    return {} if tree is None else {piece: piece for piece in values_in_code(text, tree, wanted)}


def _json_values(text: str, wanted: frozenset[Piece]) -> dict[Piece, Piece]:
    values = _bare_values(text, wanted)
    return {piece: value for piece, value in values.items() if is_json_value(text, *value)}


def _bare_values(text: str, wanted: frozenset[Piece]) -> dict[Piece, Piece]:
    return {piece: value for piece in wanted if (value := bare_value(text, *piece)) is not None}


def _yaml_values(_text: str, _wanted: frozenset[Piece]) -> dict[Piece, Piece]:
    """Nothing outside of scalars and comments is a value in YAML."""
    return {}


_PYTHON_FORMAT: Final = _Format(python_parts, lambda text: parse(text) is not None, _python_values)
_JSON_FORMAT: Final = _Format(json_parts, is_json, _json_values)
_TOML_FORMAT: Final = _Format(toml_parts, is_toml, _bare_values)
_YAML_FORMAT: Final = _Format(yaml_parts, lambda _text: True, _yaml_values)
