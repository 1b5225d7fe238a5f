"""Whether a default that a document gives of a named thing is the one that the code gives it.

Comes in: a value, what it is said of, and the sentence and headings around it.
Goes out: a `Verdict`; its nearest is the right value.
Must never: compare with a default that is not a literal, or of a thing that another may be meant by.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from fieldguide.domain.documents import Form, State, Verdict
from fieldguide.domain.namespaces import BindingKind
from fieldguide.domain.source import Span
from fieldguide.verify.resolution.names_literals import (
    UNCLEAR,
    comparable,
    has_other_unit,
    literal,
    never_bool,
    plain_text,
    said_after,
    same,
)
from fieldguide.verify.resolution.names_signatures import Signatures
from fieldguide.verify.resolution.names_things import Thing, ThingKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fieldguide.domain.codebase import Codebase
    from fieldguide.domain.documents import Document, Mention
    from fieldguide.domain.symbols import Parameter
    from fieldguide.verify.resolution.names_lookup import Lookup
    from fieldguide.verify.resolution.names_members import Members

_SPANS: Final = re.compile(r"`([^`]+)`")
_NAMES: Final = re.compile(r"[A-Za-z_][\w.]*")
_TAKEN: Final = re.compile(r"\w+\.(?:pop|get|setdefault)\(['\"](\w+)['\"], (.+)\)")
"""What takes a keyword out of `**kwargs` says its default."""
_DEPTH: Final = 5
_Known = tuple[object, str, Thing]
"""A default's value, its source, and the thing that has it."""


class Values:
    """Defaults of parameters, attributes and fields."""

    def __init__(self, codebase: Codebase, members: Members, lookup: Lookup) -> None:
        """Keep what is asked."""
        self._symbols = codebase.symbols
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
        said = plain_text(mention.text) if said is UNCLEAR else said
        if said is UNCLEAR or has_other_unit(mention.text):
            return Verdict(State.UNKNOWN, "it is no literal")
        known = list(self._defaults(name, mention, document))
        if not known:
            return Verdict(State.UNKNOWN, f"no default of `{name}` is known")
        for value, _, thing in known:
            if same(said, value, mention.text):
                return Verdict(State.HOLDS, where=_span(thing))
        verdict = self._against(name, said, known)
        right = (same(literal(one), known[0][0], one) for one in said_after(mention.text, mention.sentence))
        if verdict.state is State.BROKEN and mention.form is not Form.ROLE and any(right):
            return Verdict(State.UNKNOWN, "the sentence names the code's default too")
        return verdict

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
            named = self._named_in(mention, document)
            yield from _alike(one for one in self._anywhere(last) if _is_constant(one[2]) or _owners(one[2]) & named)
        elif "_" in last and self._takes_any(owner):
            yield from _alike(self._anywhere(last))

    def _takes_any(self, owner: list[str]) -> bool:
        """Tell whether a callable of the project hands keywords on that it does not name."""
        things = [one for one in self._lookup.find(owner).things if self._is_told_of(one)]
        return any(self._signatures.of(one).open for one in things)

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

    def _against(self, name: str, said: object, known: list[_Known]) -> Verdict:
        """What to say where no default is the one that was said."""
        value, source, thing = known[0]
        if len({one for _, one, _ in known}) > 1:
            return Verdict(State.UNKNOWN, f"`{name}` has several defaults")
        if not comparable(said, value, may_be_bool=not self._is_never_bool(thing, name.rpartition(".")[2])):
            return Verdict(State.UNKNOWN, f"the default of `{name}` is computed, or of another kind")
        why = f"in `{thing.name}` the default of `{name}` is `{source}`"
        return Verdict(State.BROKEN, why, where=_span(thing), nearest=(source,), certain=True, fix=source)

    def _is_never_bool(self, thing: Thing, name: str) -> bool:
        """Tell whether no truth value can be meant by what has the default `None`, as its type says."""
        if thing.kind is ThingKind.VALUE:
            annotation = thing.bindings[0].annotation
            return not annotation or never_bool(annotation)
        symbol = self._symbols.get(thing.name)
        typed = (one.annotation or "" for one in (symbol.parameters if symbol else ()) if one.name == name)
        annotation = next(typed, "")
        return bool(annotation) and never_bool(annotation)

    def _value(self, source: str, thing: Thing, depth: int = 0) -> object:
        """The value of a default: a literal, or a constant that leads to one."""
        value = literal(source)
        if value is not UNCLEAR or depth > _DEPTH or (thing.owner is None and thing.namespace is None):
            return value
        space = thing.owner or thing.namespace
        if space is None or not all(part.isidentifier() for part in source.split(".")):
            return UNCLEAR
        found = self._members.written(source, space)
        if found is None or found.kind is not ThingKind.VALUE or len(found.bindings) != 1:
            return UNCLEAR
        if depth and found.owner is not None and found.owner.is_class:
            return UNCLEAR  # a constant that is a member stands for more than its value, as one of an enumeration does
        further = found.bindings[0].value
        return self._value(further, found, depth + 1) if further is not None else UNCLEAR


def _alike(found: Iterable[_Known]) -> list[_Known]:
    """All of them where they have one default, else none."""
    known = list(found)
    return known if len({source for _, source, _ in known}) == 1 else []


def _is_constant(thing: Thing) -> bool:
    """Tell whether it is a constant of a module, which only one thing can be meant by."""
    inside = thing.owner is not None and thing.owner.is_class
    return thing.kind is ThingKind.VALUE and not inside and thing.name.rpartition(".")[2].isupper()


def _owners(thing: Thing) -> set[str]:
    """Names of the function, and of the class, that have a default."""
    parts = thing.name.split(".")
    named = [*parts[-1:], *(parts[-2:-1] if thing.owner is not None and thing.owner.is_class else [])]
    return {one for one in named if thing.kind is ThingKind.FUNCTION or one != parts[-1]}


def _span(thing: Thing) -> Span | None:
    return Span(thing.path, thing.line, thing.line) if thing.path and thing.line else None
