"""How a value is put into a context: templates, and what the context's syntax asks of a value.

Comes in: templates with `@@` where the value goes, `$NAME`, `$name`, `$camel`, `$kebab` and `$words` where its name
goes. Goes out: placements. A line end inside of a value is escaped, indented or kept, as the syntax wants it.
"""

from __future__ import annotations

import base64
import json
import urllib.parse
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from string import Template
from typing import TYPE_CHECKING

from samples import Fragments, Part, Placement, Shape, halved, mapped, plain

if TYPE_CHECKING:
    from random import Random

ALL = frozenset(Shape)
ONE_LINE = ALL - {Shape.BLOCK}
"""Values without line ends."""
BARE = frozenset({Shape.TOKEN, Shape.BLOCK})
"""What tells by itself that it is secret, whatever the name."""
WHOLE = frozenset({Shape.TOKEN, Shape.NAMED, Shape.PASSWORD})
"""Values that are secret from end to end."""
LINES = frozenset({Shape.BLOCK})

Change = Callable[[Fragments], Fragments]


def raw(value: Fragments) -> Fragments:
    """As it is."""
    return value


def quoted(value: Fragments) -> Fragments:
    """Inside of double quotes, as in most languages."""
    return mapped(value, lambda text: text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n"))


def single(value: Fragments) -> Fragments:
    """Inside of single quotes."""
    return mapped(value, lambda text: text.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n"))


def field(value: Fragments) -> Fragments:
    """Inside of a formatted string."""
    return mapped(quoted(value), lambda text: text.replace("{", "{{").replace("}", "}}"))


def in_json(value: Fragments) -> Fragments:
    """Inside of a JSON string."""
    return mapped(value, lambda text: json.dumps(text, ensure_ascii=False)[1:-1])


def in_json_twice(value: Fragments) -> Fragments:
    """Inside of a JSON string inside of a JSON string."""
    return in_json(in_json(value))


def in_xml(value: Fragments) -> Fragments:
    """Inside of an element or an attribute."""
    return mapped(value, escape)


def in_sql(value: Fragments) -> Fragments:
    """Inside of single quotes that are doubled."""
    return mapped(value, lambda text: text.replace("'", "''"))


def in_url(value: Fragments) -> Fragments:
    """As a field of a URL's query."""
    return mapped(value, lambda text: urllib.parse.quote(text, safe=""))


def percent(value: Fragments) -> Fragments:
    """Every character as a percent escape."""
    return mapped(value, lambda text: "".join(f"%{byte:02X}" for byte in text.encode()))


def hexadecimal(value: Fragments) -> Fragments:
    """Every character as a hexadecimal escape of a string literal."""
    return mapped(value, lambda text: "".join(f"\\x{byte:02x}" for byte in text.encode()))


def unicode(value: Fragments) -> Fragments:
    """Every character as a Unicode escape of a string literal."""
    return mapped(value, lambda text: "".join(f"\\u{ord(one):04x}" for one in text))


def wrapped(value: Fragments) -> Fragments:
    """In base 64; all of it is secret then."""
    return (Part(base64.b64encode(plain(value).encode()).decode()),)


def after_user(value: Fragments) -> Fragments:
    """In base 64 behind a user's name, as for basic authentication."""
    return wrapped(("deploy:", *value))


def led(by: str) -> Change:
    """With something at the beginning of each further line."""
    return lambda value: mapped(value, lambda text: text.replace("\n", "\n" + by))


def split(between: str, change: Change = quoted) -> Change:
    """In two pieces, with something between them."""
    return lambda value: halved(change(value), between)


def lines_joined(value: Fragments) -> Fragments:
    """Each line a literal of its own, added up, as Java has it."""
    return mapped(quoted(value), lambda text: text.replace("\\n", '\\n" +\n      "'))


@dataclass(frozen=True, slots=True)
class Form:
    """A template as a placement."""

    template: str
    change: Change
    unfit: str = ""
    """Characters that a value in this place cannot have."""
    ascii_only: bool = False
    bare: bool = False
    """Half of the self-telling values get a name that says nothing."""

    def __call__(self, random: Random, variable: str, value: Fragments) -> Fragments:
        """Fill in name and value; nothing when the value does not fit.

        Raises:
            ValueError: The syntax of this place cannot hold the value.
        """
        text = plain(value)
        if any(one in text for one in self.unfit) or (self.ascii_only and not text.isascii()):
            message = "the syntax of this place cannot hold the value"
            raise ValueError(message)
        words = variable.split("_")
        names = {
            "NAME": variable.upper(),
            "name": variable,
            "camel": words[0] + "".join(word.title() for word in words[1:]),
            "kebab": variable.replace("_", "-"),
            "words": " ".join(words),
            "user": random.choice(("ada", "deploy", "svc-app")),
        }
        before, after = (Template(half).substitute(names) for half in self.template.split("@@"))
        return (before, *self.change(value), after)


def placement(name: str, path: str, shapes: frozenset[Shape], form: Form) -> Placement:
    """Name a form."""
    return Placement(name, path, shapes, form)
