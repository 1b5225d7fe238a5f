"""Whether a task runner has the task that a document tells a reader to run: make, tox, nox, npm, just and the like.

Comes in: the words of a command, without what is put before it. Goes out: a `Verdict`; `None` where no runner is typed.
Must never: call a target missing that an included file, a pattern or another folder's makefile may bring.
"""

from __future__ import annotations

import itertools
import re
from fnmatch import fnmatchcase
from functools import cached_property
from posixpath import dirname, normpath
from typing import TYPE_CHECKING, Final

from fieldguide.domain.project import CommandKind
from fieldguide.verify.resolution.places_likeness import MISSPELT, likeness, nearest
from fieldguide.verify.resolution.places_verdicts import absent, holds, unknown, unseen

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from fieldguide.domain.codebase import Codebase
    from fieldguide.domain.documents import Document, Verdict
    from fieldguide.domain.project import Command, Makefile

_NAME: Final = re.compile(r"[A-Za-z][\w:./-]*")
_OF_ANY_PROJECT: Final = frozenset({"all", "install", "uninstall", "distclean", "altinstall", "check", "-j"})
"""Targets that documents tell of other people's software."""
_OF_SPHINX: Final = frozenset(
    {
        *("html", "dirhtml", "singlehtml", "livehtml", "epub", "latex", "latexpdf", "man", "texinfo", "text"),
        *("linkcheck", "doctest", "coverage", "gettext"),
    }
)
_VERSIONED: Final = re.compile(r"py(?:py)?\d*(?:\.\d+)?t?|\d+(?:\.\d+)*|lint|type|mypy|docs?|coverage")
_TASK_RUNNERS: Final = {
    "npm": ("npm run", "npm"),
    "yarn": ("npm run", "npm"),
    "pnpm": ("npm run", "npm"),
    "just": ("just",),
    "poe": ("poe",),
    "task": ("task",),
    "invoke": ("invoke",),
    "inv": ("invoke",),
}
_BUILT_IN: Final = frozenset(
    {
        *("install", "i", "ci", "test", "start", "stop", "restart", "run", "exec", "init", "add", "remove", "publish"),
        *("pack", "link", "update", "audit", "create", "build", "login", "version", "view", "x", "dlx", "global"),
        *("upgrade", "dev", "list"),
    }
)
_MOST: Final = 400
"""Environments of one generative entry that are told apart."""


class Tasks:
    """Tasks of one project."""

    def __init__(self, codebase: Codebase) -> None:
        """Keep the codebase."""
        self._codebase = codebase

    def resolve(self, words: Sequence[str], document: Document, *, wrapped: bool) -> Verdict | None:
        """Tell whether a runner has what it is asked for; `None` where no runner is typed."""
        runner, rest = words[0], list(words[1:])
        if runner == "make":
            return self._make(rest, document)
        if runner in {"tox", "nox"}:
            return self._environments(runner, rest)
        if runner in _TASK_RUNNERS:
            return self._task(runner, rest)
        if wrapped and any(self._invokes(one, runner) for one in self._codebase.commands):
            return holds(next(one.span for one in self._codebase.commands if self._invokes(one, runner)))
        return None

    @staticmethod
    def _invokes(command: Command, name: str) -> bool:
        return command.kind is CommandKind.TASK and command.name == name

    def _make(self, words: Sequence[str], document: Document) -> Verdict:  # noqa: PLR0911 - one question after another
        folder, named, targets = _make_words(words)
        if named:
            return unknown("it names a makefile of its own")
        files = self._makefiles(document, folder)
        every = [target for one in self._codebase.makefiles for target in one.targets if target != "%" or one in files]
        missing = [one for one in targets if not any(_made(one, target) for target in every)]
        if not missing:
            if not targets or not self._codebase.makefiles:
                return unknown("it names no target")
            spans = (one.span for one in self._codebase.commands if one.name == targets[0])
            return holds(next(spans, self._codebase.makefiles[0].path))
        if not files or not _NAME.fullmatch(missing[0]) or any(one in missing[0] for one in "./"):
            return unknown("no makefile of it is known")
        near = nearest(missing[0], every)
        written = [f"make {one}" for one in near]
        if missing[0] in _OF_ANY_PROJECT or (missing[0] in _OF_SPHINX and self._passes_on):
            return unknown("another makefile may have such a target")
        if near and all(one.whole for one in files):
            return absent("the makefile has no such target", written)
        return unseen("the makefile has no such target", (missing[0],), written)

    def _makefiles(self, document: Document, folder: str) -> list[Makefile]:
        """Makefiles in the folder of a document or one above it; in the named folder where one is named."""
        here = dirname(document.path)
        if folder:
            wanted = {normpath(folder), normpath(f"{here}/{folder}")}
            return [one for one in self._codebase.makefiles if dirname(one.path) in wanted]
        return [
            one
            for one in self._codebase.makefiles
            if not dirname(one.path) or here == dirname(one.path) or here.startswith(f"{dirname(one.path)}/")
        ]

    def _environments(self, runner: str, words: Sequence[str]) -> Verdict:
        asked = list(_asked(words, {"tox": ("-e", "--env"), "nox": ("-s", "--session", "--sessions", "-e")}[runner]))
        kind = CommandKind.TOX_ENVIRONMENT if runner == "tox" else CommandKind.NOX_SESSION
        commands = [one for one in self._codebase.commands if one.kind is kind]
        if not asked or not commands:
            return unknown("it names none of the project's")
        known = {name: one for one in commands for name in _expanded(one.name)}
        missing = [one for one in asked if not _is_environment(one, known)]
        if not missing:
            first = known.get(asked[0])
            return holds(first.span if first else commands[0].span)
        flag = "-e" if runner == "tox" else "-s"
        near = [f"{runner} {flag} {one}" for one in nearest(missing[0], known)]
        factors = {factor for name in known for factor in name.split("-")}
        strange = [one for one in missing[0].split("-") if one not in factors and not _VERSIONED.fullmatch(one)]
        words_of_it = (missing[0], missing[0].replace("-", "_"), *(strange if runner == "tox" else ()))
        if not near:  # documents show environments of others, and of their own making
            return unknown(f"{runner} has no such environment, nor one like it")
        return unseen(f"{runner} has no such environment", words_of_it, near)

    def _task(self, runner: str, words: Sequence[str]) -> Verdict:
        prefixes = _TASK_RUNNERS[runner]
        names = {one.name: one for one in self._codebase.commands if one.invocation.startswith(prefixes)}
        names = {name: one for name, one in names.items() if one.kind is CommandKind.TASK}
        rest = [one for one in words if not one.startswith("-")]
        explicit = bool(rest) and rest[0] == "run" and runner in {"npm", "yarn", "pnpm"}
        rest = rest[1:] if explicit else rest
        if not rest or not names:
            return unknown(f"what {runner} runs is not known")
        if rest[0] in names:
            return holds(names[rest[0]].span)
        near = nearest(rest[0], names)
        if (rest[0] in _BUILT_IN and not explicit) or not _NAME.fullmatch(rest[0]):
            return unknown(f"{runner} has it of its own")
        if not explicit and not (near and likeness(rest[0], near[0]) >= MISSPELT):
            return unknown(f"{runner} may know it from elsewhere")
        before = f"{runner} run" if explicit else runner
        return unseen(f"{runner} has no such task", (rest[0],), [f"{before} {one}" for one in near])

    @cached_property
    def _passes_on(self) -> bool:
        """Tell whether a makefile hands every target on to a program, as Sphinx's does."""
        return any("%" in one.targets for one in self._codebase.makefiles)


def _make_words(words: Sequence[str]) -> tuple[str, bool, list[str]]:
    """Folder, whether a makefile is named, and targets of what is typed after `make`."""
    folder, named = "", False
    targets: list[str] = []
    rest = iter(words)
    for word in rest:
        if word in {"-C", "--directory"}:
            folder = next(rest, "")
        elif word.startswith(("-C", "--directory=")):
            folder = word.removeprefix("--directory=").removeprefix("-C")
        elif word in {"-f", "--file", "--makefile"}:
            named = True
            next(rest, "")
        elif word in {"-j", "-l"}:
            continue
        elif word in {"&&", "||", ";", "|", "#", ">", "&"}:
            break
        elif not word.startswith("-") and "=" not in word and not word.isupper() and not word.isdigit():
            targets.append(word)
    return folder, named, [one for one in targets if not any(mark in one for mark in "<>{}$*[]")]


def _made(asked: str, target: str) -> bool:
    return asked == target or ("%" in target and fnmatchcase(asked, target.replace("%", "*")))


def _asked(words: Sequence[str], flags: tuple[str, ...]) -> Iterator[str]:
    """Names that are given to one of these flags."""
    rest = list(words)
    for position, word in enumerate(rest):
        flag, equals, value = word.partition("=")
        if flag in flags:
            given = value if equals else next(iter(rest[position + 1 :]), "")
            yield from (one for one in re.split(r",(?![^{]*\})", given) if one and not re.search(r"[<>{}$*]", one))


def _expanded(name: str) -> Iterable[str]:
    """Environments of a generative name: `py{39,310}-{a,b}` is four."""
    names: list[str] = []
    for entry in re.split(r",\s+", name):
        parts = [one for one in re.split(r"(\{[^{}]*\})", entry) if one]
        choices = [one[1:-1].split(",") if one.startswith("{") else [one] for one in parts]
        names += ["".join(one) for one in itertools.islice(itertools.product(*choices), _MOST)]
    return names


def _is_environment(asked: str, known: Iterable[str]) -> bool:
    """Tell whether an environment is there, or is put together of factors and parameters as its runner allows."""
    names = set(known)
    if asked in names or re.split(r"\(|-\d", asked)[0] in names or asked.replace("_", "-") in names:
        return True
    factors = {factor for name in names for factor in name.split("-")}
    return all(one in factors or _VERSIONED.fullmatch(one) for one in asked.split("-"))
