"""Strings, numbers and collections that are known in full, and the methods of them that programs use.

Comes in: values and calls of their methods. Goes out: `Value`s.
Must never: raise, or build a text beyond what a help text needs.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fieldguide.analyse.interfaces.values import Arguments, Machine, Unknown, Value

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


Plain = str | int | float | complex | bytes | bool | None

LONGEST_TEXT: Final = 20_000
"""Characters of a text that is put together; no program's help is longer."""
WIDE: Final = re.compile(r"%(?:\([^)]*\))?[-+ #0]*\d*\.?(?:\d{4}|\*)|\{[^{}]*:[^{}]*(?:\d{4}|\{)")
"""In a template: a field wide enough to fill the memory, or as wide as an argument says."""


@dataclass(frozen=True)
class Literal(Value):
    """A string, a number, a truth value or None."""

    value: Plain

    def source(self) -> str | None:
        """As Python writes it."""
        return repr(self.value)

    def truth(self) -> bool | None:
        """Of the literal."""
        return bool(self.value)

    def text(self) -> str | None:
        """The string."""
        return self.value if isinstance(self.value, str) else None

    def attribute(self, name: str, machine: Machine) -> Value:
        """Methods of strings are known by name."""
        del machine
        return StringMethod(self.value, name) if isinstance(self.value, str) else Unknown()


def literal_of(source: str) -> Literal | None:
    """The literal that a source text writes; `None` for any other expression."""
    try:
        value: object = ast.literal_eval(source)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return None
    return Literal(value) if isinstance(value, str | int | float) else None


@dataclass(frozen=True)
class StringMethod(Value):
    """A method of a known string."""

    of: str
    name: str

    def call(self, arguments: Arguments, machine: Machine) -> Value:  # noqa: PLR0911 (one a method)
        """Compute the methods that programs use on help texts and names."""
        del machine
        match self.name, arguments.positional:
            case (
                ("strip" | "lstrip" | "rstrip" | "lower" | "upper" | "title" | "capitalize" | "splitlines" | "split"),
                [],
            ):
                result: object = getattr(self.of, self.name)()
                if isinstance(result, list):
                    return Collection("list", [Literal(str(part)) for part in result])  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
                return Literal(str(result))
            case "replace", [Literal(value=str() as old), Literal(value=str() as new)] if (
                self.of.count(old) * len(new) < LONGEST_TEXT
            ):
                return Literal(self.of.replace(old, new))
            case "split", [Literal(value=str() as separator)] if separator:
                return Collection("list", [Literal(part) for part in self.of.split(separator)])
            case "join", [sequence]:
                texts = [element.text() for element in sequence.elements() or [Unknown()]]
                long = len(self.of) * len(texts) >= LONGEST_TEXT
                return Unknown() if None in texts or long else Literal(self.of.join(text or "" for text in texts))
            case "format", positional:
                return self._format(positional, arguments.keywords)
            case _:
                return Unknown()

    def _format(self, positional: Sequence[Value], keywords: Mapping[str, Value]) -> Value:
        plain = [value.value for value in positional if isinstance(value, Literal)]
        named = {name: value.value for name, value in keywords.items() if isinstance(value, Literal)}
        if len(plain) != len(positional) or len(named) != len(keywords) or WIDE.search(self.of):
            return Unknown()
        try:
            return Literal(self.of.format(*plain, **named))
        except (ValueError, LookupError, AttributeError, TypeError):
            return Unknown()


@dataclass
class Collection(Value):
    """A list, tuple or set whose elements are known one by one."""

    kind: str
    items: list[Value]

    def source(self) -> str | None:
        """As Python writes it, where every element can be written."""
        texts = [item.source() for item in self.items]
        if None in texts:
            return None
        inner = ", ".join(text or "" for text in texts)
        if self.kind == "list":
            return f"[{inner}]"
        if self.kind == "set":
            return f"{{{inner}}}" if inner else "set()"
        return f"({inner},)" if len(texts) == 1 else f"({inner})"

    def truth(self) -> bool | None:
        """Whether it has elements."""
        return bool(self.items)

    def elements(self) -> list[Value] | None:
        """The elements."""
        return list(self.items)

    def item(self, key: Value) -> Value:
        """The element at a known index."""
        if isinstance(key, Literal) and isinstance(key.value, int) and -len(self.items) <= key.value < len(self.items):
            return self.items[key.value]
        return Unknown()

    def attribute(self, name: str, machine: Machine) -> Value:
        """Methods that change it."""
        del machine
        return CollectionMethod(self, name)


@dataclass(frozen=True)
class CollectionMethod(Value):
    """A method of a known list."""

    of: Collection
    name: str

    def call(self, arguments: Arguments, machine: Machine) -> Value:
        """Follow `append`, `extend` and `insert`."""
        del machine
        match self.name, arguments.positional:
            case (("append" | "add"), [value]):
                self.of.items.append(value)
            case "extend", [value]:
                self.of.items.extend(value.elements() or [])
            case _:
                pass
        return Literal(None) if self.name in {"append", "add", "extend"} else Unknown()


@dataclass
class Dictionary(Value):
    """A mapping whose keys are known one by one."""

    pairs: list[tuple[Value, Value]]

    def source(self) -> str | None:
        """As Python writes it, where every key and value can be written."""
        texts = [(key.source(), value.source()) for key, value in self.pairs]
        if any(key is None or value is None for key, value in texts):
            return None
        return "{" + ", ".join(f"{key}: {value}" for key, value in texts) + "}"

    def truth(self) -> bool | None:
        """Whether it has entries."""
        return bool(self.pairs)

    def elements(self) -> list[Value] | None:
        """The keys."""
        return [key for key, _ in self.pairs]

    def item(self, key: Value) -> Value:
        """The value under a known key."""
        return next((value for known, value in reversed(self.pairs) if known == key), Unknown())

    def attribute(self, name: str, machine: Machine) -> Value:
        """Views and look-ups."""
        del machine
        return DictionaryMethod(self, name)


@dataclass(frozen=True)
class DictionaryMethod(Value):
    """A method of a known mapping."""

    of: Dictionary
    name: str

    def call(self, arguments: Arguments, machine: Machine) -> Value:
        """Compute the views, `get` and `update`."""
        del machine
        match self.name:
            case "keys":
                return Collection("list", [key for key, _ in self.of.pairs])
            case "values":
                return Collection("list", [value for _, value in self.of.pairs])
            case "items":
                return Collection("list", [Collection("tuple", list(pair)) for pair in self.of.pairs])
            case "get" if arguments.positional:
                return self.of.item(arguments.positional[0])
            case "update":
                for value in arguments.positional:
                    self.of.pairs.extend(value.pairs if isinstance(value, Dictionary) else [])
                self.of.pairs.extend((Literal(name), value) for name, value in arguments.keywords.items())
                return Literal(None)
            case _:
                return Unknown()
