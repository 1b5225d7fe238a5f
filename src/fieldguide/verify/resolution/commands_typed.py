"""Whether what a document tells a reader to type can be typed: programs, subcommands, targets, tasks, scripts.

Comes in: a command as typed, and its document. Goes out: a `Verdict`.
Must never: run anything; judge a program that is not the project's.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from fieldguide.domain.source import Role
from fieldguide.verify.resolution.commands_index import typed
from fieldguide.verify.resolution.commands_tasks import Tasks
from fieldguide.verify.resolution.places_likeness import nearest
from fieldguide.verify.resolution.places_verdicts import absent, holds, unknown, unseen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fieldguide.domain.codebase import Codebase
    from fieldguide.domain.documents import Document, Mention, Verdict
    from fieldguide.domain.project import CommandLine
    from fieldguide.verify.resolution.commands_index import CommandIndex
    from fieldguide.verify.resolution.places_index import PlaceIndex

_PLAIN: Final = re.compile(r"[A-Za-z][\w:-]*")
_SCRIPT: Final = re.compile(r"(?:\./)?(?:[\w.-]+/)*[\w.-]+\.(?:py|sh)")
_MODULES_WITH_COMMANDS: Final = 2


class TypedCommands:
    """Commands of one project."""

    def __init__(self, codebase: Codebase, index: CommandIndex, places: PlaceIndex) -> None:
        """Keep what commands are looked up in."""
        self._codebase = codebase
        self._index = index
        self._places = places
        self._tasks = Tasks(codebase)

    def resolve(self, mention: Mention, document: Document) -> Verdict:  # noqa: PLR0911 - one question after another
        """Tell whether a command can be typed."""
        command = typed(mention.text)
        words = command.words
        if not words:
            return unknown("it cannot be taken apart")
        task = self._tasks.resolve(words, document, wrapped=command.wrapped)
        if task is not None:
            return task
        if words[0] == "python":
            return self._python(words[1:], document)
        line = self._index.line(words)
        if line is not None:
            return self._subcommand(line, words)
        if words[0] in self._index.programs:
            return holds()
        if _SCRIPT.fullmatch(words[0]) and "/" in words[0]:
            return self._script(words[0], document)
        return unknown(f"{words[0]} is another program")

    def _subcommand(self, line: CommandLine, words: Sequence[str]) -> Verdict:
        """Tell whether the word after a program with subcommands is one of them."""
        rest = [one for one in words[len(line.program.split()) :] if not one.startswith("-")]
        options = [option for option in line.options if any(name.startswith("-") for name in option.names)]
        if not line.subcommands or not rest or len(options) < len(line.options):
            return holds(line.span)
        known = [one.program.rpartition(" ")[2] for one in line.subcommands]
        after = words[len(line.program.split())]
        if any(one in known for one in rest) or not _PLAIN.fullmatch(rest[0]) or after != rest[0]:
            return holds(line.span)
        near = nearest(rest[0], known)
        text = " ".join(words)
        written = [text.replace(rest[0], one, 1) for one in near]
        return unseen(f"{line.program} has no such subcommand", (rest[0], rest[0].replace("-", "_")), written)

    def _python(self, words: Sequence[str], document: Document) -> Verdict:
        if not words:
            return unknown("Python itself")
        line = self._index.line(["python", *words])
        if line is not None:
            return holds(line.span)
        if words[0] == "-m" and len(words) > 1:
            return self._module(words[1])
        script = next((one for one in words if not one.startswith("-")), "")
        if _SCRIPT.fullmatch(script):
            return self._script(script, document)
        return unknown("what Python is given is not a script of the project")

    def _module(self, name: str) -> Verdict:
        modules = self._codebase.modules
        top = name.partition(".")[0]
        if name in modules:
            return holds(self._span_of(name))
        if top not in modules or not modules[top].is_package or modules[top].role is not Role.SOURCE:
            return unknown(f"{top} is another package")
        near = nearest(name, (one for one in modules if one.startswith(f"{top}.")))
        return absent("there is no such module", [f"python -m {one}" for one in near])

    def _span_of(self, name: str) -> str:
        return self._codebase.modules[name].path

    def _script(self, script: str, document: Document) -> Verdict:
        path = script.removeprefix("./")
        if self._places.knows(path):
            found = self._places.ending(path)
            return holds(found[0] if found else None)
        folder = path.rpartition("/")[0]
        if not folder or folder.partition("/")[0] not in self._places.directories or path in document.defines:
            return unknown("it may be a script of the reader's own")
        near = self._places.nearest(path)
        moved = self._places.moved(path)
        return unseen("there is no such script", (path,), near, fix=moved)
