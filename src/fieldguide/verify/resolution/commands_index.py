"""Programs of one project by what is typed, and every flag that its code takes.

Comes in: a `Codebase`. Goes out: command lines by their first words, flags with where they are declared.
Must never: count the flag of a program that is not the project's as one of its own.
"""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from fieldguide.domain.project import CommandKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from fieldguide.domain.codebase import Codebase
    from fieldguide.domain.project import CommandLine, Option
    from fieldguide.domain.source import Span

_ASSIGNED: Final = re.compile(r"[A-Za-z_]\w*=.*")
_WRAPPERS: Final[tuple[tuple[str, ...], ...]] = (
    *(("uv", "run"), ("uv", "tool", "run"), ("poetry", "run"), ("pdm", "run"), ("hatch", "run"), ("pipenv", "run")),
    *(
        ("rye", "run"),
        ("pipx", "run"),
        ("uvx",),
        ("sudo",),
        ("time",),
        ("exec",),
        ("env",),
        ("nohup",),
        ("pixi", "run"),
    ),
    *(("coverage", "run", "-m"), ("python", "-X", "dev"), ("watch",), ("xargs",)),
)
"""What is typed before a program to run it somewhere."""
_OF_FRAMEWORKS: Final = frozenset({"python", "flask", "django-admin", "fab", "invoke"})
"""Programs of others, under which commands of the project may be listed."""
_INSTALLED: Final = re.compile(r".*/(?:bin|Scripts)/(?=[^/]+$)")
"""Where an environment has its programs."""
_PINNED: Final = re.compile(r"\[.*|[=<>~!@].*")
_PYTHONS: Final = re.compile(r"(?:[\w./-]*/)?(?:python(?:\d(?:\.\d+)?)?|py|pypy3?)(?:\.exe)?")


@dataclass(frozen=True, slots=True)
class Typed:
    """A command as typed, without what is put before it."""

    words: tuple[str, ...]
    wrapped: bool = False
    """A runner was put before it, so that its first word may be a task's name."""


def typed(text: str) -> Typed:
    """Take a command apart; a text that no shell would take has no words."""
    try:
        words = shlex.split(text.strip().removeprefix("$ "), comments=True)
    except ValueError:
        words = text.strip().removeprefix("$ ").split()
    wrapped = False
    while words:
        if _ASSIGNED.fullmatch(words[0]):
            words = words[1:]
            continue
        before = next((one for one in _WRAPPERS if tuple(words[: len(one)]) == one), None)
        if before is None or len(words) == len(before):
            break
        words = words[len(before) :]
        wrapped = wrapped or before != ("sudo",)
        while wrapped and words and words[0].startswith("-"):
            takes = words[0] in {"--with", "--from", "--python", "-p", "--extra", "--group", "--package"}
            words = words[2:] if takes else words[1:]
    if words and _PYTHONS.fullmatch(words[0]):
        words = ["python", *words[1:]]
    return Typed(tuple(words), wrapped)


class CommandIndex:
    """What can be typed in one project."""

    def __init__(self, codebase: Codebase) -> None:
        """Keep the codebase; indexes are built when they are first asked."""
        self._codebase = codebase

    def line(self, words: Sequence[str]) -> CommandLine | None:
        """The longest program or subcommand of the project that these words begin with, flags between them skipped."""
        words = self._plain(words)
        begins = (self._programs.get(tuple(words[:length])) for length in (3, 2, 1))
        line = next((one for one in begins if one is not None), None)
        if line is None:
            return None
        rest = list(words[len(line.program.split()) :])
        while rest:
            below: dict[str, CommandLine] = {one.program.rpartition(" ")[2]: one for one in line.subcommands}
            if rest[0] in below:
                line = below[rest.pop(0)]
            elif rest[0].startswith("-") or below:
                rest.pop(0)
            else:
                break
        return line

    def _plain(self, words: Sequence[str]) -> list[str]:
        """The words with the program named as its command line is: `./manage.py x`, `x.py` by the path that it has."""
        rest = self.of_module(words)
        if rest[0] == "python" and len(rest) > 1 and rest[1].endswith(".py"):
            rest = rest[1:]
        if rest[0].rpartition("/")[2] == "manage.py" or rest[0] == "django-admin":
            return [*self._management, *rest[1:]]
        if rest[0].endswith(".py"):
            path = rest[0].removeprefix("./")
            known = [one for one in self._programs if len(one) == 2 and _ends(one[1], path)]  # noqa: PLR2004 - python, path
            return [*known[0], *rest[1:]] if len(known) == 1 else list(words)
        return rest

    def of_module(self, words: Sequence[str]) -> list[str]:
        """The words with `python -m build` named as the program that it runs, where that is the project's and known."""
        run = words[2] if tuple(words[:2]) == ("python", "-m") and len(words) > 2 else ""  # noqa: PLR2004 - the module
        program = "" if tuple(words[:3]) in self._programs else self._of_modules.get(run, "")
        if program:
            return [*program.split(), *words[3:]]
        first = _INSTALLED.sub("", words[0])
        return [self._of_distribution.get(_PINNED.sub("", first).lower(), first), *words[1:]]

    @cached_property
    def _of_distribution(self) -> Mapping[str, str]:
        """The one program of a distribution, which runners start by the distribution's name: `pipx run 'build[uv]'`."""
        scripts = {one.name for one in self._codebase.commands if one.kind is CommandKind.CONSOLE_SCRIPT}
        names = {one.name.lower() for one in self._codebase.manifests if one.name}
        own = next(iter(scripts)) if len(scripts) == len(names) == 1 else ""
        return {name: own for name in names if own and own not in names}

    @cached_property
    def _of_modules(self) -> Mapping[str, str]:
        """The one program that a module runs: told by what lies in it, by its entry point, or by its name."""
        found: dict[str, str] = {}
        scripts = [one for one in self._codebase.commands if one.kind is CommandKind.CONSOLE_SCRIPT]
        for name in (one.name for one in self._codebase.commands if one.kind is CommandKind.MODULE):
            inside = {name, f"{name}.__main__"}
            own = {one.program for one in self._codebase.command_lines if one.module in inside and one.program}
            own = own or {one.name for one in scripts if one.target.partition(":")[0] in inside or one.name == name}
            if len(own) == 1:
                found[name] = own.pop()
        return found

    @cached_property
    def _management(self) -> tuple[str, ...]:
        """What Django's management commands of the project are listed under."""
        below = (one[:-1] for one in self._programs)
        return next(
            (one for one in below if one and one[-1].endswith(("manage.py", "django-admin"))), ("django-admin",)
        )

    def is_script(self, words: Sequence[str]) -> bool:
        """Tell whether a file of the tree is run, of which no command line is known."""
        named = words[1] if words[0] == "python" and len(words) > 1 else words[0]
        path = named.removeprefix("./")
        return path.endswith((".py", ".sh")) and any(_ends(one.path, path) for one in self._codebase.files)

    @cached_property
    def programs(self) -> frozenset[str]:
        """First words of the project's own commands; Python and runners are none."""
        scripts = (one.name for one in self._codebase.commands if one.kind is CommandKind.CONSOLE_SCRIPT)
        lines = (one.program.partition(" ")[0] for one in self._codebase.command_lines)
        return frozenset({*scripts, *(set(lines) - _OF_FRAMEWORKS)} - {""})

    def flags(self, line: CommandLine) -> Mapping[str, Option]:
        """Flags of a command, of those above it and of those below it."""
        first = line.program.split()
        found: dict[str, Option] = {}
        for one in self.lines:
            words = one.program.split()
            shorter, longer = sorted((words, first), key=len)
            if words and longer[: len(shorter)] == shorter:
                for option in one.options:
                    found.update((name, option) for name in _spellings(option))
        return found

    @cached_property
    def lines(self) -> tuple[CommandLine, ...]:
        """Every command line, subcommands after their parents."""
        return tuple(_below(self._codebase.command_lines))

    @cached_property
    def declared(self) -> Mapping[str, Span]:
        """Every flag that a parser of the project takes, and where it is declared."""
        return {name: option.span for line in self.lines for option in line.options for name in _spellings(option)}

    @cached_property
    def spelt(self) -> frozenset[str]:
        """Flags that stand in strings of the code, whatever they are given to."""
        return frozenset(self._codebase.flags)

    @cached_property
    def options(self) -> Mapping[str, tuple[Option, ...]]:
        """Options of all parsers by each of their spellings."""
        found: dict[str, list[Option]] = {}
        for line in self.lines:
            for option in line.options:
                for name in _spellings(option):
                    found.setdefault(name, []).append(option)
        return {name: tuple(ones) for name, ones in found.items()}

    @cached_property
    def _programs(self) -> Mapping[tuple[str, ...], CommandLine]:
        found: dict[tuple[str, ...], CommandLine] = {}
        for line in self._codebase.command_lines:
            if line.program:
                found.setdefault(tuple(line.program.split()), line)
        for command in self._codebase.commands:
            own = (command.name,)
            if command.kind is CommandKind.CONSOLE_SCRIPT and own not in found:
                same = [one for one in self._codebase.command_lines if _is_target(command.target, one)]
                if len(same) == 1:
                    found[own] = same[0]
        return found


def _ends(path: str, tail: str) -> bool:
    return path == tail or path.endswith(f"/{tail}")


def _is_target(target: str, line: CommandLine) -> bool:
    return bool(line.symbol) and target.replace(":", ".") == line.symbol


def _below(lines: Iterable[CommandLine]) -> Iterator[CommandLine]:
    for line in lines:
        yield line
        yield from _below(line.subcommands)


def _spellings(option: Option) -> Iterator[str]:
    """Names of a flag with their dashes; `--a/--no-a` is two."""
    for name in option.names:
        if name.startswith("-"):
            yield from (part.strip() for part in name.split("/"))
