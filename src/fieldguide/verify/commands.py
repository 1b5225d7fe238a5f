"""Whether what a text tells a reader to type would do what the code says.

Comes in: the words of a command, a `Catalogue` and `Places`.
Goes out: yes or no.
Must never: run anything; answer yes to a target, subcommand or flag that is not declared.
"""

from __future__ import annotations

import re
import shlex
from functools import cached_property
from typing import TYPE_CHECKING, Final

from packaging.utils import canonicalize_name

from fieldguide.domain.project import CommandKind, OptionKind
from fieldguide.verify.frameworks import brought, programs
from fieldguide.verify.standard_library import in_python

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fieldguide.domain.codebase import Codebase
    from fieldguide.domain.project import CommandLine
    from fieldguide.verify.catalogue import Catalogue
    from fieldguide.verify.places import Places

SHELL_WORDS: Final = frozenset(
    {
        "pip",
        "pip3",
        "pipx",
        "uv",
        "uvx",
        "poetry",
        "pdm",
        "hatch",
        "python",
        "python3",
        "py",
        "git",
        "make",
        "nox",
        "tox",
    }
    | {"pytest", "sphinx", "pre-commit", "docker", "npm", "node", "conda", "bash", "sh", "cd", "export", "sudo", "curl"}
)
"""Programs that a reader has, or knows how to get; as a word alone each of them may be named."""
_INSTALLERS: Final = frozenset({"pip", "pip3", "pipx", "uv", "uvx", "python", "python3"})
_RUNNERS: Final = {
    "make": CommandKind.MAKE_TARGET,
    "nox": CommandKind.NOX_SESSION,
    "tox": CommandKind.TOX_ENVIRONMENT,
}
_REQUIREMENT = re.compile(r"(?P<name>[A-Za-z0-9.][\w.-]*?|\.)(?:\[(?P<extras>[\w., -]+)\])?(?:[<>=!~].*)?")
_FACTOR = re.compile(r"py\d*|\d+(?:\.\d+)*")


class Commands:
    """Commands of one codebase."""

    def __init__(self, codebase: Codebase, catalogue: Catalogue, places: Places) -> None:
        """Keep what commands are looked up in."""
        self._codebase = codebase
        self._catalogue = catalogue
        self._places = places

    @cached_property
    def programs(self) -> frozenset[str]:
        """First words of commands: the project's own programs, and those of the shell."""
        own = (line.program.partition(" ")[0] for line in self._codebase.command_lines)
        typed = (command.invocation.partition(" ")[0] for command in self._codebase.commands)
        return frozenset({*own, *typed, *SHELL_WORDS, *programs(self._dependencies)} - {""})

    def holds(self, text: str) -> bool:
        """Tell whether a command, typed as `text`, exists as far as code can say."""
        text = text.removeprefix("$ ").strip()
        if text in self._known:
            return True
        try:
            words = shlex.split(text)
        except ValueError:
            return False
        while words and re.fullmatch(r"[A-Za-z_]\w*=.*", words[0]):
            if words.pop(0).partition("=")[0] not in self._catalogue.variables:
                return False
        if not words:
            return False
        return brought(words, self._dependencies) or self._of_program(words) or self._of_tool(words)

    @cached_property
    def _dependencies(self) -> frozenset[str]:
        declared = (one.name for manifest in self._codebase.manifests for one in manifest.dependencies)
        return frozenset((*declared, *(one.name for one in self._codebase.dependencies)))

    @cached_property
    def _known(self) -> frozenset[str]:
        commands = self._codebase.commands
        return frozenset({*(one.invocation for one in commands), *(run for one in commands for run in one.runs)})

    def _of_program(self, words: Sequence[str]) -> bool:
        """Tell whether a program of the project takes these words: subcommands and flags must be declared."""
        line = self._command_line(words)
        if line is None:
            scripts = {one.invocation for one in self._codebase.commands}
            return len(words) == 1 and words[0] in scripts
        rest = words[len(line.program.split()) :]
        flags = {name for one in self._catalogue.command_lines if _leads_to(one, line) for name in _flags(one)}
        asked = [word.partition("=")[0] for word in rest if word.startswith("-") and word != "-"]
        if not all(flag in flags or flag in {"-h", "--help", "--", "--version"} for flag in asked):
            return False
        takes_words = any(option.kind is OptionKind.ARGUMENT or option.takes_value for option in line.options)
        first_is_word = bool(rest) and not rest[0].startswith("-")
        return not (first_is_word and (line.subcommands or not takes_words))

    def _command_line(self, words: Sequence[str]) -> CommandLine | None:
        """The longest program or subcommand that these words begin with."""
        fitting = [one for one in self._catalogue.command_lines if one.program and _begins(words, one.program.split())]
        return max(fitting, key=lambda one: len(one.program.split()), default=None)

    def _of_tool(self, words: Sequence[str]) -> bool:
        program, rest = words[0], list(words[1:])
        if program in _RUNNERS:
            return self._runs_targets(_RUNNERS[program], rest)
        if program in _INSTALLERS and "install" in rest:
            return self._installs(rest[rest.index("install") + 1 :])
        if program in {"python", "python3", "py"}:
            return self._runs_python(rest)
        return program in SHELL_WORDS and not rest

    def _runs_targets(self, kind: CommandKind, words: Sequence[str]) -> bool:
        """Tell whether every target is declared; a word in capitals stands for one of the reader's choice."""
        known = {one.name for one in self._codebase.commands if one.kind is kind}
        targets = [word for word in words if not word.startswith("-") and "=" not in word and not word.isupper()]
        if kind is CommandKind.TOX_ENVIRONMENT:
            return all(word in known or all(_FACTOR.fullmatch(one) for one in word.split("-")) for word in targets)
        return all(word in known for word in targets)

    def _installs(self, words: Sequence[str]) -> bool:
        before = ""
        for word in words:
            held = word.startswith("-") or (
                self._places.knows(word)
                if before in {"-r", "--requirement", "-c"}
                else self._is_requirement(word, before)
            )
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
            module = words[1]
            if module == "pip" and "install" in words:
                return self._installs(words[words.index("install") + 1 :])
            return len(words) == 2 and (module in self._codebase.modules or in_python(module))  # noqa: PLR2004
        if self._command_line(words) is not None:
            return self._of_program(words)
        if words[0] not in self._places.files:
            return False
        return len(words) == 1 or not (words[0].endswith("manage.py") or any(one.startswith("-") for one in words))


def _begins(words: Sequence[str], program: Sequence[str]) -> bool:
    return list(words[: len(program)]) == list(program)


def _leads_to(line: CommandLine, below: CommandLine) -> bool:
    return bool(line.program) and _begins(below.program.split(), line.program.split())


def _flags(line: CommandLine) -> set[str]:
    return {name for option in line.options for name in option.names if name.startswith("-")}
