"""Whether a name, an import, a call or a value that a document says of Python code holds.

Comes in: a mention and its document; a codebase, and the code that is installed beside it.
Goes out: a `Verdict`; for one that is to be reported, the names that were probably meant.
Must never: call a name absent because it was not found: what holds it has to be known.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Final

from fieldguide.domain.documents import Form, State, Verdict
from fieldguide.domain.page import ReferenceKind
from fieldguide.domain.source import Span
from fieldguide.verify.resolution.names_calls import Calls, receiverless
from fieldguide.verify.resolution.names_changes import is_dunder
from fieldguide.verify.resolution.names_lookup import Led, Lookup, Way
from fieldguide.verify.resolution.names_members import Members
from fieldguide.verify.resolution.names_proposals import Proposals, is_called
from fieldguide.verify.resolution.names_things import Openness, Thing, ThingKind
from fieldguide.verify.resolution.names_told import Told
from fieldguide.verify.resolution.names_values import Values
from fieldguide.verify.resolution.names_words import words_of_project
from fieldguide.verify.standard_library import in_python, standard_names

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fieldguide.domain.codebase import Codebase
    from fieldguide.domain.documents import Document, Mention
    from fieldguide.domain.namespaces import InstalledCode
    from fieldguide.verify.resolution.names_signatures import Signature
    from fieldguide.verify.resolution.names_things import Absent

_PLAIN_WORD: Final = re.compile(r"[a-z\d]+|[A-Z\d]+|.")
"""What may be any word: only its call, its role or its package makes it a name of code."""
_HOSTS: Final = frozenset(
    {"com", "org", "io", "net", "dev", "app", "html", "htm", "readthedocs", "github", "conf", "local"}
)
"""Last parts of what looks like a dotted name and is an address or a file."""
_OF_PACKAGE: Final = re.compile(
    r"^\W*(?:\w+ )?(?:of|from|in|by) (?:the )?`(?P<package>[\w-]+)`"
    r" (?:package|library|distribution|add-?on|extension|plug-?in)\b"
)
"""What follows a name of another's: "the `add_tide` directive of the `harbours` package"."""
_PRIVATE_WORDS: Final = frozenset({"self", "cls"})


class NameResolver:
    """Resolves mentions of names, imports, calls and values against one codebase."""

    def __init__(
        self, codebase: Codebase, installed: InstalledCode, documents: Mapping[str, Document] | None = None
    ) -> None:
        """Keep what is given; indexes are built when they are first asked.

        Args:
            codebase: The project.
            installed: Code that is not the project's.
            documents: All documents of the tree by path: what one describes by a directive, others may refer to.
        """
        self._told = Told(documents or {})
        self._installed = installed
        self._members = Members(codebase, installed)
        self._lookup = Lookup(codebase, self._members)
        self._codebase = codebase
        self._calls = Calls(codebase, self._members)
        self._proposals = Proposals(self._members, self._lookup, self._told)
        self._values = Values(codebase, self._members, self._lookup)
        self._found: dict[str, Led] = {}

    def resolve(self, mention: Mention, document: Document) -> Verdict:
        """Say whether a mention holds. Nearest names are left to `settle`: few that do not hold are reported."""
        if mention.kind is ReferenceKind.VALUE:
            return self._values.resolve(mention, document)
        parts = _parts(mention.text)
        if not parts:
            return Verdict(State.UNKNOWN, "it is no plain name")
        led = self._led(parts)
        if led.things and mention.keywords:
            return self._calls.resolve(mention, led)
        if led.things or self._known_otherwise(mention.text, parts):
            return _holds(led.things)
        told = self._told.of(mention, document, parts, owned=any(not one.rest for one in led.absent))
        verdict = Verdict(State.UNKNOWN, told) if told else self._of_absent(mention, document, led, parts)
        if not verdict.certain and mention.keywords:
            return self._calls.of_any(mention, parts, self._lookup) or verdict
        return verdict

    def _of_absent(self, mention: Mention, document: Document, led: Led, parts: list[str]) -> Verdict:
        """A name that leads to nothing."""
        if mention.kind is ReferenceKind.IMPORT:
            return self._of_import(led, parts)
        return self._of_one(mention, parts[0]) if len(parts) == 1 else self._of_dotted(mention, document, led, parts)

    @cached_property
    def words(self) -> frozenset[str]:
        """Names of the project that are no definitions."""
        return words_of_project(self._codebase)

    def is_known(self, name: str) -> bool:
        """Tell whether a name is the project's, Python's, or of a distribution that the project says it uses.

        That a variable may be called after a class is not enough.
        """
        parts = _parts(name)
        if name in self.words or in_python(name):
            return True
        return bool(parts) and (bool(self._found_by_name(parts)) or self._known_otherwise(name, parts))

    def definitions(self, name: str) -> Sequence[Thing]:
        """What a dotted name leads to, however it is written in code: `retry`, `@Client.get()`."""
        parts = _parts(name)
        return self._found_by_name(parts) if parts else ()

    def lineage(self, name: str) -> list[str]:
        """Names of a class and of all of which it inherits, as far as they are known."""
        return [one.name for thing in self.definitions(name)[:1] for one in self._members.lineage(thing)]

    def signatures(self, name: str) -> list[Signature]:
        """What each callable takes that a dotted name leads to."""
        return [self._calls.signatures.of(one) for one in self.definitions(name)]

    def _found_by_name(self, parts: list[str]) -> Sequence[Thing]:
        led = self._led(parts)
        after_class = led.way is Way.VARIABLE and len(parts) == 1
        undeclared = led.way is Way.FOREIGN and parts[0] not in self.words and not in_python(parts[0])
        return () if after_class or undeclared else led.things

    def settle(self, mention: Mention, verdict: Verdict) -> Verdict:
        """Give the nearest names of a mention that is to be reported; `UNKNOWN` where too little speaks against it."""
        if verdict.state is not State.BROKEN or mention.kind is ReferenceKind.VALUE:
            return verdict
        parts = _parts(mention.text)
        led = self._led(parts)
        if verdict.part:
            return self._calls.settle(mention, verdict, led.things or receiverless(mention, parts, self._lookup))
        return self._proposals.settle(mention, verdict, led, parts)

    def _led(self, parts: list[str]) -> Led:
        key = ".".join(parts)
        if key not in self._found:
            self._found[key] = self._lookup.find(parts)
        return self._found[key]

    def _known_otherwise(self, text: str, parts: list[str]) -> bool:
        """Tell whether a name is Python's, or stands in the project as something else than a definition."""
        name = ".".join(parts)
        if in_python(name) or name in self.words or (len(parts) == 1 and name in standard_names()):
            return True
        if text.startswith(("self.", "cls.")) or len(parts) == 1:
            return all(self._lookup.knows(one) for one in parts)
        return False

    def _of_import(self, led: Led, parts: list[str]) -> Verdict:
        if not led.absent or led.way not in {Way.ABSOLUTE, Way.FOREIGN}:
            return Verdict(State.UNKNOWN, f"`{parts[0]}` is not known here")
        first = led.absent[0]
        if led.way is Way.FOREIGN:
            return self._of_foreign(first, parts)
        return _absent(first, certain=first.openness is Openness.CLOSED, words=(first.name,))

    def _of_foreign(self, absent: Absent, parts: list[str]) -> Verdict:
        """A name that another's module does not have here: another version may, unless it is much like one it has."""
        if absent.openness is Openness.OPEN or absent.container.kind is not ThingKind.MODULE:
            return Verdict(State.UNKNOWN, absent.why)
        own = self._installed.own_environment(parts[0])
        standard = not own and in_python(parts[0])
        if not own and not standard:
            return Verdict(State.UNKNOWN, f"the project's own version of `{parts[0]}` is not installed here")
        return _absent(absent, certain=False, words=(absent.name,))

    def _of_one(self, mention: Mention, name: str) -> Verdict:
        """A name without a dot that nothing in the project has."""
        called = is_called(mention)
        if (name.endswith("_") and ("__" not in name or is_dunder(name))) or (called and name.isupper()):
            return Verdict(State.UNKNOWN, "it is what names begin with, or a function of another language")
        if _PLAIN_WORD.fullmatch(name.strip("_")) and not called and mention.form is not Form.ROLE:
            return Verdict(State.UNKNOWN, "it may be any word")
        other = _OF_PACKAGE.search(mention.sentence.partition(name)[2])
        if other is not None and other["package"].replace("-", "_").lower() not in self._own_names:
            return Verdict(State.UNKNOWN, f"the sentence says that it is of {other['package']}")
        return Verdict(State.BROKEN, "nothing is called so", words=(name,))

    @cached_property
    def _own_names(self) -> frozenset[str]:
        names = (self._codebase.name, *(one.name for one in self._codebase.manifests), *self._members.tops)
        return frozenset(one.replace("-", "_").lower() for one in names)

    def _of_dotted(self, mention: Mention, document: Document, led: Led, parts: list[str]) -> Verdict:
        if mention.form in {Form.CODE, Form.PROSE} and parts[-1].lower() in _HOSTS:
            return Verdict(State.UNKNOWN, "it may be an address")
        if led.way in {Way.NOWHERE, Way.ELSEWHERE}:
            return self._of_unknown_root(mention, parts)
        if led.way is Way.FOREIGN:
            return self._of_foreign(led.absent[0], parts)
        open_one = next((one for one in led.absent if one.openness is Openness.OPEN), None)
        if open_one is not None:
            unsure = self._of_unknown_root(mention, parts) if led.way is not Way.ABSOLUTE else None
            return unsure if unsure and unsure.state is State.BROKEN else Verdict(State.UNKNOWN, open_one.why)
        return self._of_known_root(mention, document, led, parts)

    def _of_known_root(self, mention: Mention, document: Document, led: Led, parts: list[str]) -> Verdict:
        """A name that begins as something of the project and ends where that has none of the name."""
        first = led.absent[0]
        closed = all(one.openness is Openness.CLOSED for one in led.absent)
        words = tuple(dict.fromkeys(one.name for one in led.absent))
        in_text = mention.form in {Form.CODE, Form.PROSE}
        shadowed = in_text and parts[0] in document.defines
        if is_dunder(first.name):
            return Verdict(State.UNKNOWN, "Python gives objects such names")
        if mention.domain == "unbound" and (why := self._of_unbound(led, document, parts)):
            return Verdict(State.UNKNOWN, why)
        if led.way is Way.ABSOLUTE:
            if shadowed or (in_text and _may_be_a_string(mention, first)):
                return _absent(first, certain=False, words=(".".join(parts), *(words if shadowed else ())))
            if in_text and closed:  # certain, unless a string of the code says it
                return replace(_absent(first, certain=True, words=()), words=(".".join(parts),))
            return _absent(first, certain=closed, words=words)
        classes = all(one.container.kind is ThingKind.CLASS for one in led.absent)
        sure = led.way is Way.DEFINITION and classes and closed and len(led.absent) == 1 and parts[0][:1].isupper()
        meant = self._lookup.is_top_level(first.container) and parts[0] not in document.defines
        return _absent(first, certain=sure and meant, words=words)

    def _of_unbound(self, led: Led, document: Document, parts: list[str]) -> str:
        """Why a name whose root an example does not show may be another's; empty where it may not."""
        modules = all(one.container.kind is ThingKind.MODULE for one in led.absent)
        if led.way is Way.DEFINITION and modules:
            return f"`{parts[0]}` may be any variable"
        return f"the document names another's `{parts[0]}`" if self._is_of_others(parts[0], document) else ""

    def _is_of_others(self, name: str, document: Document) -> bool:
        """Tell whether a document names a thing of this name by a path that begins with a foreign package."""
        dotted = (one.text for one in document.mentions if one.text.endswith(f".{name}"))
        tops = {one.partition(".")[0] for one in dotted}
        return any(one not in self._members.tops and (in_python(one) or self._lookup.knows(one)) for one in tops)

    def _of_unknown_root(self, mention: Mention, parts: list[str]) -> Verdict:
        """A member of something that the project does not know: only a name much like a known one is worth a word."""
        head, last = parts[0], parts[-1]
        plain = mention.form is Form.CODE and mention.domain != "unbound" and len(parts) == 2 and head.islower()  # noqa: PLR2004  `client.get`
        if not plain or self._lookup.knows(last) or (_PLAIN_WORD.fullmatch(last) and not is_called(mention)):
            return Verdict(State.UNKNOWN, f"nothing here is called `{parts[0]}`")
        return Verdict(State.BROKEN, f"nothing has a member called `{parts[-1]}`", words=(parts[-1],))


def _parts(text: str) -> list[str]:
    """The parts of a dotted name; nothing where the text is something else."""
    bare = text.strip().removesuffix("()").lstrip("@*")
    for receiver in _PRIVATE_WORDS:
        bare = bare.removeprefix(f"{receiver}.")
    parts = bare.split(".")
    return parts if bare.isascii() and all(part.isidentifier() for part in parts) else []


def _may_be_a_string(mention: Mention, absent: Absent) -> bool:
    """Tell whether a dotted name may be a logger's, a signal's or a setting's: such are strings in code."""
    plain = all(re.fullmatch(r"[a-z\d]+(?:[A-Z][a-z\d]*)*", one) for one in (absent.name, *absent.rest))
    return plain and not is_called(mention) and absent.container.kind is ThingKind.MODULE


def _holds(things: Sequence[Thing]) -> Verdict:
    place = next((one for one in things[:1] if one.path and one.line), None)
    return Verdict(State.HOLDS, where=Span(place.path, place.line, place.line) if place is not None else None)


def _absent(absent: Absent, *, certain: bool, words: tuple[str, ...]) -> Verdict:
    if absent.openness is Openness.OPEN:
        return Verdict(State.UNKNOWN, absent.why)
    what = "module" if absent.container.kind is ThingKind.MODULE else "class"
    kind = f"the {what} `{absent.container.name}` has no `{absent.name}`"
    if absent.container.kind is ThingKind.FUNCTION:
        kind = f"`{absent.container.name}` has no `{absent.name}`"
    return Verdict(State.BROKEN, kind, certain=certain, words=() if certain else words)
