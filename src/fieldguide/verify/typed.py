"""Whether what a draft tells a reader to type can be typed as far as the code says: every word of it.

Comes in: a command, and what a project's commands, files and words are looked up in.
Goes out: yes or no.
Must never: run anything; answer yes to a target, subcommand, flag or value that is not declared.
"""

from __future__ import annotations

import re
import shlex
from functools import cached_property
from typing import TYPE_CHECKING, Final

from packaging.utils import canonicalize_name

from fieldguide.domain.documents import Document, State
from fieldguide.domain.project import OptionKind
from fieldguide.verify.frameworks import brought, programs
from fieldguide.verify.resolution.commands_index import typed
from fieldguide.verify.resolution.commands_tasks import Tasks
from fieldguide.verify.standard_library import in_python

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from fieldguide.domain.codebase import Codebase
    from fieldguide.domain.project import CommandLine, Option
    from fieldguide.verify.resolution.commands_index import CommandIndex
    from fieldguide.verify.resolution.places_index import PlaceIndex

SHELL_WORDS: Final = frozenset((
    "pip", "pip3", "pipx", "uv", "uvx", "poetry", "pdm", "hatch", "python", "python3", "py", "git", "make", "nox",
    "tox", "pytest", "sphinx", "pre-commit", "docker", "npm", "node", "conda", "bash", "sh", "cd", "export", "sudo",
    "curl",
))  # fmt: skip
"""Programs that a reader has, or knows how to get; as a word alone each of them may be named."""
_PATHS_ONLY: Final = frozenset({"cd", "cat", "ls", "less"})
_OF_EVERY_PROGRAM: Final = frozenset({"-h", "--help", "--", "--version", "-"})
_INSTALLERS: Final = frozenset({"pip", "pip3", "pipx", "uv", "poetry", "pdm", "python"})
_OF_INSTALLERS: Final = frozenset((
    "-e", "--editable", "-r", "--requirement", "-c", "--constraint", "-U", "--upgrade", "--user", "--pre", "-q",
    "--quiet", "--no-deps", "--group", "--extra", "--dev", "-m",
))  # fmt: skip
_OF_RUNNERS: Final = frozenset((
    "-e", "-s", "-C", "-j", "-p", "-r", "-l", "-B", "-n", "--session", "--sessions", "--list", "--directory", "--",
    "--with", "--from", "--python", "--extra", "--group", "--package",
))  # fmt: skip
_REQUIREMENT = re.compile(r"(?P<name>[A-Za-z0-9.][\w.-]*?|\.)(?:\[(?P<extras>[\w., -]+)\])?(?:[<>=!~].*)?")
_ASSIGNED = re.compile(r"(?P<name>[A-Za-z_]\w*)=.*", re.DOTALL)
_ENVIRONMENT = re.compile(r"[.\w-]*v?env[\w-]*")
_ACTIVATION = re.compile(r"(?:\./)?[.\w-]*v?env[\w-]*/(?:bin|Scripts)/activate")
_PAGE: Final = Document("README.md", "markdown")


class Commands:
    """Commands of one codebase."""

    def __init__(
        self, codebase: Codebase, index: CommandIndex, places: PlaceIndex, is_variable: Callable[[str], bool],
        is_address: Callable[[str], bool],
    ) -> None:  # fmt: skip
        """Keep what commands are looked up in, and what says whether variables and addresses hold."""
        self._codebase = codebase
        self._index = index
        self._places = places
        self._tasks = Tasks(codebase)
        self._is_variable = is_variable
        self._is_address = is_address

    @cached_property
    def programs(self) -> frozenset[str]:
        """First words of commands: the project's own programs, and those of the shell."""
        own = (line.program.partition(" ")[0] for line in self._index.lines)
        invoked = (command.invocation.partition(" ")[0] for command in self._codebase.commands)
        return frozenset({*own, *invoked, *SHELL_WORDS, *programs(self._dependencies)} - {""})

    def holds(self, text: str) -> bool:
        """Tell whether a command, typed as `text`, exists as far as code can say."""
        text = text.strip().removeprefix("$ ").strip()
        if text in self._known:
            return True
        try:
            before = shlex.split(text)
        except ValueError:
            return False
        command = typed(text)
        words = list(command.words)
        dropped = before[: len(before) - len(words)]
        assigned = [match["name"] for one in dropped if (match := _ASSIGNED.fullmatch(one))]
        flags = [one for one in dropped if one.startswith("-")]
        if not words or not all(map(self._is_variable, assigned)) or not _OF_RUNNERS.issuperset(flags):
            return False
        return (
            brought(words, self._dependencies)
            or self._of_program(words)
            or self._of_tool(words, wrapped=command.wrapped)
        )

    @cached_property
    def _dependencies(self) -> frozenset[str]:
        declared = (one.name for manifest in self._codebase.manifests for one in manifest.dependencies)
        return frozenset((*declared, *(one.name for one in self._codebase.dependencies)))

    @cached_property
    def _known(self) -> frozenset[str]:
        commands = self._codebase.commands
        return frozenset({*(one.invocation for one in commands), *(run for one in commands for run in one.runs)})

    def _of_program(self, words: Sequence[str]) -> bool:
        """Tell whether a program of the project takes these words: subcommands, flags and choices must be declared."""
        line = self._index.line(words)
        if line is None:
            own = words[0] in self._index.programs or self._is_script(words[0])
            return own and _OF_EVERY_PROGRAM.issuperset(words[1:])
        rest = _after(words, line)
        options = {name: option for one in self._above(line) for option in one.options for name in _flags(option)}
        for position, word in enumerate(rest):
            flag, _, value = word.partition("=")
            if flag.startswith("-") and flag not in options and flag not in _OF_EVERY_PROGRAM:
                return False
            given = value or next(iter(rest[position + 1 :]), "")
            choices = options[flag].choices if flag in options else ()
            if choices and options[flag].takes_value and given and given not in choices:
                return False
        takes_words = any(option.kind is OptionKind.ARGUMENT or option.takes_value for option in line.options)
        first_is_word = bool(rest) and not rest[0].startswith("-")
        return not (first_is_word and (line.subcommands or not takes_words))

    def _is_script(self, word: str) -> bool:
        """Tell whether a file of the project is run, named from its root."""
        return "/" in word and word.removeprefix("./") in self._places.files

    def _above(self, line: CommandLine) -> Iterator[CommandLine]:
        """A command line, and those that lead to it."""
        words = line.program.split()
        for one in self._index.lines:
            first = one.program.split()
            if one is line or (first and words[: len(first)] == first):
                yield one

    def _of_tool(self, words: Sequence[str], *, wrapped: bool) -> bool:
        program, rest = words[0], list(words[1:])
        task = self._tasks.resolve(words, _PAGE, wrapped=wrapped)
        if task is not None and (rest or wrapped):
            asked = {one.partition("=")[0] for one in rest if one.startswith("-")}
            # A word in capitals stands for one of the reader's choice.
            named = task.state is State.HOLDS or all(one.isupper() or one.startswith("-") for one in rest)
            return named and _OF_RUNNERS.issuperset(asked)
        verb = next((one for one in rest if one in {"install", "add"}), "")
        if program in _INSTALLERS and verb and (program != "python" or rest[:2] == ["-m", "pip"]):
            return self._installs(rest[rest.index(verb) + 1 :])
        if program == "python":
            return self._runs_python(rest)
        return self._of_shell(program, rest)

    def _of_shell(self, program: str, rest: Sequence[str]) -> bool:
        if program in _PATHS_ONLY and rest:
            return all(self._is_place(one) for one in rest)
        if program in {"source", "."}:
            return len(rest) == 1 and _ACTIVATION.fullmatch(rest[0]) is not None
        if program == "git" and rest[:1] == ["clone"]:
            return len(rest) == 2 and self._is_address(rest[1])  # noqa: PLR2004 - what, and from where
        return program in SHELL_WORDS and not rest

    def _is_place(self, word: str) -> bool:
        own = {self._codebase.name, *(one.name for one in self._codebase.manifests)}
        return word in own or (not word.startswith(("-", "/", "~")) and self._places.knows(word))

    def _installs(self, words: Sequence[str]) -> bool:
        before = ""
        for word in words:
            if word.startswith("-"):
                held = word.partition("=")[0] in _OF_INSTALLERS
            elif before in {"-r", "--requirement", "-c", "--constraint"}:
                held = self._places.knows(word)
            else:
                held = self._is_requirement(word, before)
            if not held:
                return False
            before = word
        return bool(words)

    def _is_requirement(self, word: str, before: str) -> bool:
        match = _REQUIREMENT.fullmatch(word)
        if match is None:
            return False
        extras = {one.strip() for one in (match["extras"] or "").split(",")} - {""}
        manifests = self._codebase.manifests
        if before in {"--group", "--extra"}:
            return any(word in {one.group, one.extra} for manifest in manifests for one in manifest.dependencies)
        if not extras <= {canonical for manifest in manifests for canonical in manifest.extras}:
            return False
        names = {self._codebase.name, *(one.name for one in (*manifests, *self._codebase.dependencies)), "pip"}
        return match["name"] == "." or canonicalize_name(match["name"]) in {canonicalize_name(one) for one in names}

    def _runs_python(self, words: Sequence[str]) -> bool:
        if not words:
            return True
        if words[0] == "-m" and len(words) > 1:
            rest = words[2:]
            module = words[1] in self._codebase.modules or in_python(words[1])
            made = words[1] == "venv" and len(rest) == 1 and _ENVIRONMENT.fullmatch(rest[0])
            return module and (not rest or bool(made))
        if words[0] not in self._places.files:
            return False
        return len(words) == 1 or not (words[0].endswith("manage.py") or any(one.startswith("-") for one in words))


def _after(words: Sequence[str], line: CommandLine) -> list[str]:
    """What stands after a program and the subcommands that lead to its command line."""
    program = line.program.split()
    rest = list(words[1:])
    if words[0] == "python" and rest[:1] and program[:1] != ["python"]:
        rest = rest[1:]
    for word in program[1:]:
        if word in rest:
            rest.remove(word)
    return rest


def _flags(option: Option) -> Iterator[str]:
    for name in option.names:
        if name.startswith("-"):
            yield from (part.strip() for part in name.split("/"))
