"""Whether a flag is one that the program before it takes.

Comes in: a flag, the command that it is typed after (if any), the sentence around it, its document.
Goes out: a `Verdict`.
Must never: take the flag of another program for one of the project's that is missing.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Final

from rapidfuzz.distance import OSA, Levenshtein

from fieldguide.domain.documents import Form
from fieldguide.domain.page import ReferenceKind
from fieldguide.verify.resolution.commands_index import typed
from fieldguide.verify.resolution.places_likeness import MISSPELT, likeness, nearest
from fieldguide.verify.resolution.places_verdicts import absent, holds, unknown, unseen

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from fieldguide.domain.documents import Document, Mention, Verdict
    from fieldguide.domain.project import CommandLine
    from fieldguide.verify.resolution.commands_index import CommandIndex

_OF_EVERY_PROGRAM: Final = frozenset({"-h", "--help", "--version", "-V", "--", "-"})
_OF_PYTHON: Final = frozenset(
    {"--help", "--help-all", "--help-env", "--help-xoptions", "--version", "--check-hash-based-pycs"}
)
"""Long flags of the interpreter itself, as its documentation lists them ("Command line and environment")."""
_OTHERS: Final = re.compile(
    r"(?<![\w-])(?:pip|pipx|uv|uvx|poetry|pdm|hatch|conda|git|docker(?:-compose)?|podman|pytest|tox|nox|mypy|ruff|flake8|pylint"
    r"|sphinx(?:-build)?|mkdocs|gcc|clang|curl|wget|npm|npx|yarn|gunicorn|uvicorn|hypercorn|celery|flask|django-admin"
    r"|manage\.py|pre-commit|twine|apt-get|rsync|openssl|kubectl|cargo|cmake|psql|mysql|redis-cli|pg_dump|cython"
    r"|setuptools|setup\.py|docker-entrypoint|gdb|valgrind|strace|isort|bandit|virtualenv)(?![\w-])"
    r"|(?<=`)(?:make|find|go|node|black|coverage|compose|wheel|helm|brew|apt|ssh|bash|grep|tar|cp|rm|ls|sed|awk|venv"
    r"|python|pyenv|perf|configure)(?=[` ])",
    re.IGNORECASE,
)
_DERIVING: Final = frozenset(
    {
        *(
            "typer",
            "fire",
            "cyclopts",
            "tyro",
            "jsonargparse",
            "simple-parsing",
            "pydantic-settings",
            "clize",
            "defopt",
        ),
        *(
            "typed-argument-parser",
            "invoke",
            "fabric",
            "traitlets",
            "absl-py",
            "hydra-core",
            "plac",
            "docopt",
            "arguably",
        ),
    }
)
"""Distributions by which parameters of functions or fields of classes become flags."""
_NO_PROGRAM: Final = re.compile(r"`--[^`]*`|(?<=\w)\[[\w,-]+\]")
"""What a flag is given, and an extra, are no programs: of `--installer=uv`, of `build[virtualenv]`."""
_CONTAINERS: Final = frozenset({"docker", "podman", "nerdctl", "docker-compose"})
_PROGRAM: Final = r"`(?P<program>[a-z][\w.-]*(?: [a-z][\w-]*){0,2})`"
_OWNER_BEFORE: Final = re.compile(rf"{_PROGRAM}'s? (?:new |own )?`$")
_OWNER_AFTER: Final = re.compile(
    rf"(?:[ =][^`]{{0,40}})?` (?:(?:option|flag|switch|argument)s? )?(?:of|to|for)(?: the)? {_PROGRAM}"
)
_SLIP: Final = 2
"""Letters by which a flag that was written wrongly differs."""
_LONG_ENOUGH: Final = len("--abcd")
"""Below that, flags of two meanings may differ by a letter."""
_ENOUGH: Final = 3
"""Flags of a document that hold, from which on it is plainly about the project's own command line."""


class Flags:
    """Flags of one project."""

    def __init__(self, index: CommandIndex, names: frozenset[str], uses: frozenset[str]) -> None:
        """Keep what flags are looked up in.

        Args:
            index: Commands of the project.
            names: Of its distributions and packages, in lower case.
            uses: Names of the distributions that it uses.
        """
        self._derives = not _DERIVING.isdisjoint(names | uses)
        self._index = index
        self._names = names
        self._about: dict[str, int] = {}

    def resolve(self, mention: Mention, document: Document) -> Verdict:
        """Tell whether a flag is taken."""
        flag = mention.text.strip().partition("=")[0].split(" ")[0]
        words = typed(mention.subject).words
        if mention.subject and not words:
            return unknown("the command before it cannot be taken apart")
        words = words or self._said_of(mention)
        if words:
            return self._of_program(flag, words, in_help=mention.domain == "help")
        if flag in self._index.declared:
            return holds(self._index.declared[flag])
        if flag in self._index.spelt:
            return holds()
        if flag in _OF_EVERY_PROGRAM or not flag.startswith("--"):
            return unknown("many programs have such a flag")
        return self._of_nobody(flag, mention, document)

    def _of_program(self, flag: str, words: tuple[str, ...], *, in_help: bool) -> Verdict:  # noqa: PLR0911 - one question after another
        words = self._inside(tuple(self._index.of_module(words)))
        if words == ("python",) and flag.startswith("--") and not in_help:
            known = flag in _OF_PYTHON or self._near(flag, _OF_PYTHON) == ()
            return unknown("Python itself") if known else _as_slip(flag, self._none_of_python(flag))
        line = self._index.line(words)
        if line is None:
            if words[0] not in self._index.programs and not self._index.is_script(words):
                return unknown(f"what {words[0]} takes is not known")
            return self._of_unread(flag)
        known = self._index.flags(line)
        if flag in known:
            return holds(known[flag].span)
        if flag in _OF_EVERY_PROGRAM or not flag.startswith("--"):
            return unknown("many programs have such a flag")
        if not known or "--" in words or self._runs_another(words, line):
            return unknown("it may be handed on to another program")
        abbreviated = [
            name for name in known if name.startswith(f"{flag}-") or (name.startswith(flag) and "-" not in flag[2:])
        ]
        if (
            not in_help
            and line.framework in {"argparse", "optparse"}
            and len(abbreviated) == 1
            and len(flag) > len("--a")
        ):
            return unknown("it abbreviates another")
        return self._missing(flag, f"{line.program} has no such flag", known)

    def _none_of_python(self, flag: str) -> Verdict:
        near = self._near(flag, _OF_PYTHON)
        return absent("Python has no such flag", near, fix=self._fix(flag, near))

    def _inside(self, words: tuple[str, ...]) -> tuple[str, ...]:
        """Words from the project's program on, where a container is told to run it."""
        if words[0] not in _CONTAINERS or "build" in words[:2]:
            return words
        own = [at for at, one in enumerate(words) if one in self._index.programs]
        return words[own[0] :] if own else words

    def _said_of(self, mention: Mention) -> tuple[str, ...]:
        """The command of the project that a sentence gives a flag to: "`tool run`'s `--flag`", "`--flag` of `tool`"."""
        before, _, after = mention.sentence.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").partition(mention.text)
        said = _OWNER_BEFORE.search(before) or _OWNER_AFTER.match(after)
        words = typed(said["program"]).words if said else ()
        return words if words and words[0] in self._index.programs else ()

    @staticmethod
    def _runs_another(words: tuple[str, ...], line: CommandLine) -> bool:
        """Tell whether words before the flag, which are no subcommand, may be a program that gets it."""
        rest = [one for one in words[len(line.program.split()) :] if not one.startswith("-")]
        return bool(rest) and rest[0] in {"python", "pytest", "pip", "docker", "run", "exec", "--"}

    def _of_unread(self, flag: str) -> Verdict:
        if flag in self._index.spelt or flag in self._index.declared:
            return holds(self._index.declared.get(flag))
        near = self._near(flag, self._own)
        if flag.startswith("--") and near:
            return _as_slip(flag, unseen("no parser of the project has such a flag", self._words(flag, near), near))
        return unknown("what this program takes is not known")

    def _of_nobody(self, flag: str, mention: Mention, document: Document) -> Verdict:
        near = self._near(flag, self._own)
        if self._is_typed_after_another(flag, document):
            return unknown("the document types it after another program")
        others = self._tells_of_others(mention)
        alike = [one for one in near if self._alike(flag, one, document)]
        if alike and (not others or OSA.distance(flag, alike[0]) == 1):
            near = tuple(dict.fromkeys((*alike, *near)))
            why = "no command of the project has such a flag"
            words = self._words(flag, near, known=self._is_about_own(document))
            return _as_slip(flag, unseen(why, words, near, fix=self._fix(flag, near)))
        if others or mention.form is Form.SHELL:
            return unknown("it may be a flag of another program")
        if not near or not self._index.declared or not self._is_about_own(document):
            return unknown("it is not said which program takes it")
        return unseen("no command of the project has such a flag", self._words(flag, near), near)

    def _is_typed_after_another(self, flag: str, document: Document) -> bool:
        """Tell whether the document shows the flag with a program that is not the project's."""
        own = self._names | self._index.programs
        shown = (one for one in document.mentions if one.kind is ReferenceKind.FLAG and one.text == flag)
        programs = (typed(one.subject).words for one in shown if one.subject)
        return any(words and words[0] not in own and self._index.line(words) is None for words in programs)

    def _tells_of_others(self, mention: Mention) -> bool:
        """Tell whether the sentence or a heading above names a program that is not the project's."""
        around = _NO_PROGRAM.sub(" ", " ".join((mention.sentence, *mention.section)))
        said = {one.lower() for one in _OTHERS.findall(around)}
        return not said <= self._names | self._index.programs

    @cached_property
    def _own(self) -> frozenset[str]:
        return frozenset({*self._index.declared, *self._index.spelt})

    def _is_about_own(self, document: Document) -> bool:
        """Tell whether the flags of a document are mostly the project's own."""
        held = self._held(document)
        return held >= _ENOUGH and held * 3 >= len(self._named(document)) * 2

    def _held(self, document: Document) -> int:
        if document.path not in self._about:
            self._about[document.path] = sum(one in self._own for one in self._named(document))
        return self._about[document.path]

    @staticmethod
    def _named(document: Document) -> set[str]:
        """Long flags that a document names without a program before them."""
        return {
            one.text.partition("=")[0]
            for one in document.mentions
            if one.kind is ReferenceKind.FLAG and one.text.startswith("--") and not one.subject
        } - _OF_EVERY_PROGRAM

    def _missing(self, flag: str, why: str, known: Mapping[str, object]) -> Verdict:
        near = self._near(flag, {*known, "--help"}) or self._near(flag, self._index.declared)
        if flag in self._index.declared or flag in self._index.spelt:
            return unknown("another command of the project takes it")
        verdict = _as_slip(flag, unseen(why, self._words(flag, near, known=True), near, fix=self._fix(flag, near)))
        return replace(verdict, certain=verdict.likely)

    def _words(self, flag: str, near: tuple[str, ...], *, known: bool = False) -> tuple[str, ...]:
        """How the code may spell a flag; where parsers are told flags as they are, a slip of one is not made anew."""
        slip = near and Levenshtein.distance(flag, near[0]) <= _SLIP
        if known and near and not self._derives and _is_part(flag, near[0]):
            return (flag, flag.lstrip("-"))
        return (flag,) if slip and (known or not self._derives) else _spellings(flag)

    @staticmethod
    def _near(flag: str, candidates: Iterable[str]) -> tuple[str, ...]:
        return nearest(flag, (one for one in candidates if one.startswith("--")))

    def _alike(self, flag: str, other: str, document: Document) -> bool:
        """Written wrongly; or with a word more or less, where the document names flags of the project."""
        return likeness(flag, other) >= MISSPELT or (_is_part(flag, other) and self._held(document) > 0)

    @staticmethod
    def _fix(flag: str, near: tuple[str, ...]) -> str:
        return near[0] if len(near) == 1 and likeness(flag, near[0]) >= MISSPELT else ""


def _is_part(flag: str, other: str) -> bool:
    """Tell whether one of two flags is the other with a word more."""
    one, two = set(flag.strip("-").split("-")), set(other.strip("-").split("-"))
    return one < two or two < one


def _as_slip(flag: str, verdict: Verdict) -> Verdict:
    """The same, with whether it is a flag that is there but for a letter, or most likely one."""
    near = verdict.nearest[0] if verdict.nearest else ""
    likely = bool(near) and (_is_part(flag, near) or likeness(flag, near) >= MISSPELT)
    return replace(verdict, slip=len(flag) >= _LONG_ENOUGH and OSA.distance(flag, near) == 1, likely=likely)


def _spellings(flag: str) -> tuple[str, ...]:
    """How the code may spell a flag: parsers make them from parameters too."""
    body = flag.lstrip("-")
    bare = body.removeprefix("no-")
    return (flag, body, body.replace("-", "_"), *((f"--{bare}", bare, bare.replace("-", "_")) if bare != body else ()))
