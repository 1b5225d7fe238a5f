"""Whether a default that a document gives of a named thing is the one that the code gives it.

Comes in: a value, what it is said of, and the sentence and headings around it.
Goes out: a `Verdict`; its nearest is the right value.
Must never: compare with a default that is not a literal, or of a thing that another may be meant by.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Final

from fieldguide.domain.documents import State, Verdict
from fieldguide.domain.namespaces import BindingKind
from fieldguide.domain.source import Span
from fieldguide.verify.resolution.names_signatures import Signatures
from fieldguide.verify.resolution.names_things import Thing, ThingKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fieldguide.domain.codebase import Codebase
    from fieldguide.domain.documents import Document, Mention
    from fieldguide.domain.symbols import Parameter
    from fieldguide.verify.resolution.names_lookup import Lookup
    from fieldguide.verify.resolution.names_members import Members

_SPANS: Final = re.compile(r"`([^`]+)`")
_NAMES: Final = re.compile(r"[A-Za-z_][\w.]*")
_SECONDS: Final = {"ms": 0.001, "s": 1, "sec": 1, "second": 1, "min": 60, "minute": 60, "hour": 3600, "day": 86400}
_MEASURE: Final = re.compile(r"(-?\d[\d_,]*(?:\.\d+)?)\s*([A-Za-z]*)")
_TAKEN: Final = re.compile(r"\w+\.(?:pop|get|setdefault)\(['\"](\w+)['\"], (.+)\)")
"""What takes a keyword out of `**kwargs` says its default."""
_DEPTH: Final = 5
_Known = tuple[object, str, Thing]
"""A default's value, its source, and the thing that has it."""


class Values:
    """Defaults of parameters, attributes and fields."""

    def __init__(self, codebase: Codebase, members: Members, lookup: Lookup) -> None:
        """Keep what is asked."""
        self._members = members
        self._lookup = lookup
        self._signatures = Signatures(codebase, members)
        self._place = ("", tuple[str, ...]())
        self._mentioned = frozenset[str]()

    def resolve(self, mention: Mention, document: Document) -> Verdict:
        """Compare a default with the code's."""
        name = self._subject(mention)
        if mention.domain != "default" or not all(part.isidentifier() for part in name.split(".")):
            return Verdict(State.UNKNOWN, "what it is said of is no plain name")
        said = literal(mention.text)
        if said is _UNCLEAR:
            return Verdict(State.UNKNOWN, "it is no literal")
        known = list(self._defaults(name, mention, document))
        if not known:
            return Verdict(State.UNKNOWN, f"no default of `{name}` is known")
        for value, _, thing in known:
            if _same(said, value, mention.text):
                return Verdict(State.HOLDS, where=_span(thing))
        return _against(name, said, known)

    def _subject(self, mention: Mention) -> str:
        """What a default is said of: of "`retries` of `Client`" the parameter, with its owner before it."""
        name = mention.subject.strip("`*").removesuffix("=").partition("=")[0].removesuffix("()")
        things = self._lookup.find(name.split(".")).things
        for span in _SPANS.findall(mention.sentence):
            if span != name and any(known for thing in things for known in self._of(thing, span)):
                return f"{name}.{span}"
        return name

    def _defaults(self, name: str, mention: Mention, document: Document) -> Iterator[_Known]:
        """Defaults of what is called `name`, in what the sentence and the headings name, else anywhere."""
        *owner, last = name.split(".")
        around = [".".join(owner)] if owner else []
        for text in (mention.sentence, *reversed(mention.section)):
            spans = _SPANS.findall(text) or ([text] if text != mention.sentence else [])
            around.extend(found for span in spans for found in _NAMES.findall(span) if found != last)
        for one in around:
            things = [thing for thing in self._lookup.find(one.split(".")).things if self._is_told_of(thing)]
            found = [known for thing in things for known in self._of(thing, last)]
            if found:
                yield from found
                return
        if not owner:
            found = list(self._anywhere(last))
            named = self._named_in(mention, document)
            if len({source for _, source, _ in found}) == 1 and any(_owners(one) & named for _, _, one in found):
                yield from found

    def _is_told_of(self, thing: Thing) -> bool:
        """Tell whether documents may mean it by its own name: inner classes they do not."""
        nested = thing.kind is ThingKind.CLASS and thing.owner is not None and thing.owner.is_class
        return self._lookup.is_package(thing) and not nested

    def _named_in(self, mention: Mention, document: Document) -> frozenset[str]:
        """The parts of all names that stand in the same section of a document."""
        place = (document.path, mention.section)
        if self._place != place:
            beside = (one.text for one in document.mentions if one.section == mention.section)
            words = (found for text in beside for found in _NAMES.findall(text))
            self._place, self._mentioned = place, frozenset(part for word in words for part in word.split("."))
        return self._mentioned

    def _of(self, thing: Thing, name: str) -> Iterator[_Known]:
        """Defaults of the parameters and attributes of a callable or class that are called `name`."""
        taken = [one for one in self._taken(thing) if one.name == name]
        for one in taken:
            source = one.default if one.default is not None else "computed"
            yield self._value(source, thing), source, thing
        if not taken and thing.kind in {ThingKind.CLASS, ThingKind.MODULE}:
            found = self._members.member(thing, name)
            if isinstance(found, Thing):
                yield from self._of_value(found)

    def _taken(self, thing: Thing) -> tuple[Parameter, ...]:
        callable_ = thing.kind in {ThingKind.CLASS, ThingKind.FUNCTION}
        return self._signatures.of(thing).parameters if callable_ else ()

    def _of_value(self, thing: Thing) -> Iterator[_Known]:
        for one in thing.bindings:
            if one.kind is BindingKind.VALUE and thing.kind is ThingKind.VALUE:
                source = one.value or "computed"
                taken = _TAKEN.fullmatch(source)
                source = taken[2] if taken and taken[1] == one.name else source
                yield self._value(source, thing), source, thing

    def _anywhere(self, name: str) -> Iterator[_Known]:
        for space in self._lookup.callables_with(name):
            for binding in space.bindings:
                for one in binding.parameters:
                    if one.name == name:
                        thing = Thing(
                            ThingKind.FUNCTION,
                            f"{space.name}.{binding.name}",
                            None,
                            space,
                            (binding,),
                            space.path,
                            binding.line,
                        )
                        source = one.default if one.default is not None else "no default"
                        yield self._value(source, thing), source, thing
        for thing in self._lookup.definitions(name):
            owner = thing.owner
            nested = owner is not None and owner.is_class and owner.name.rpartition(".")[0] != owner.module
            if self._lookup.is_package(thing) and not nested:
                yield from self._of_value(thing)

    def _value(self, source: str, thing: Thing, depth: int = 0) -> object:
        """The value of a default: a literal, or a constant that leads to one."""
        value = literal(source)
        if value is not _UNCLEAR or depth > _DEPTH or (thing.owner is None and thing.namespace is None):
            return value
        space = thing.owner or thing.namespace
        if space is None or not all(part.isidentifier() for part in source.split(".")):
            return _UNCLEAR
        found = self._members.written(source, space)
        if found is None or found.kind is not ThingKind.VALUE or len(found.bindings) != 1:
            return _UNCLEAR
        further = found.bindings[0].value
        return self._value(further, found, depth + 1) if further is not None else _UNCLEAR


def _against(name: str, said: object, known: list[_Known]) -> Verdict:
    """What to say where no default is the one that was said."""
    value, source, thing = known[0]
    if len({one for _, one, _ in known}) > 1:
        return Verdict(State.UNKNOWN, f"`{name}` has several defaults")
    if not _comparable(said, value):
        return Verdict(State.UNKNOWN, f"the default of `{name}` is computed, or of another kind")
    why = f"in `{thing.name}` the default of `{name}` is `{source}`"
    return Verdict(State.BROKEN, why, where=_span(thing), nearest=(source,), certain=True, fix=source)


def _owners(thing: Thing) -> set[str]:
    """Names of the function, and of the class, that have a default."""
    parts = thing.name.split(".")
    named = [*parts[-1:], *(parts[-2:-1] if thing.owner is not None and thing.owner.is_class else [])]
    return {one for one in named if thing.kind is ThingKind.FUNCTION or one != parts[-1]}


class _Unclear:
    """Stands for a value that is not known."""


_UNCLEAR: Final = _Unclear()


def literal(source: str) -> object:
    """The value of a literal's source, `5 seconds` as a number; what is none is not clear."""
    text = source.strip().strip("`")
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        pass
    match = _MEASURE.fullmatch(text)
    if match is None:
        return {"true": True, "false": False, "none": None, "null": None}.get(text.lower(), _UNCLEAR)
    return float(match[1].replace(",", "").replace("_", ""))


def _same(said: object, value: object, text: str) -> bool:
    """Tell whether two values are one: `30`, `30.0` and `30 seconds` are; and a minute is sixty."""
    if isinstance(said, bool) or isinstance(value, bool):
        return said is value
    if isinstance(said, int | float) and isinstance(value, int | float):
        match = _MEASURE.fullmatch(text.strip("` "))
        unit = match[2].lower().rstrip("s") or match[2].lower() if match else ""
        scale = _SECONDS.get(unit, 1)
        return any(abs(said * one - value) < _SMALL * max(1.0, abs(value)) for one in (1, scale, 1000 * scale))
    return type(said) is type(value) and said == value


_SMALL: Final = 1e-9


def _comparable(said: object, value: object) -> bool:
    """Tell whether values are of a kind: a number against `None` may be said of what `None` comes to."""
    if isinstance(said, bool) or isinstance(value, bool):
        return isinstance(said, bool) and isinstance(value, bool)
    if isinstance(said, int | float):
        return isinstance(value, int | float)
    return False


def _span(thing: Thing) -> Span | None:
    return Span(thing.path, thing.line, thing.line) if thing.path and thing.line else None
