"""Read the targets of a makefile (GNU Make manual: "Writing Rules", "How to Use Variables").

Comes in: the makefile's text. Goes out: one `Command` for each target that a person would type. Must never: run make, expand a
function or a variable that a condition sets.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field

from fieldguide.analyse.project.sentences import first_sentence
from fieldguide.domain.project import Command, CommandKind
from fieldguide.domain.source import Span

_ASSIGNMENT = re.compile(r"(?:export\s+|override\s+)*([\w.-]+)\s*(\?=|::?:?=|\+=|!=|=)\s*(.*)")
_RULE = re.compile(r"((?:[^\s:=#]|\$[({][^)}]*[)}])[^:=#]*?)\s*::?(?!=)\s*([^#;]*)(?:;([^#]*))?(?:#(.*))?$")
_VARIABLE = re.compile(r"\$(?:\(([\w.-]+)\)|\{([\w.-]+)\})")
_CONDITION = re.compile(r"(?:ifeq|ifneq|ifdef|ifndef)\b")
_QUIET = re.compile(r"(?:echo|printf|@?:|true|exit)\b")
_DEPTH = 8


@dataclass(slots=True)
class _Rule:
    name: str
    first: int
    last: int
    comment: str
    recipe: list[str] = field(default_factory=list[str])


class _Makefile:
    def __init__(self, text: str) -> None:
        self.variables: dict[str, str] = {"MAKE": "make"}
        self.rules: dict[str, _Rule] = {}
        self.phony: set[str] = set()
        self.default = ""
        self._current: list[_Rule] = []
        self._comments: list[str] = []
        self._conditions = 0
        self._definition = False
        for first, last, line in _logical_lines(text):
            self._line(first, last, line)

    def _line(self, first: int, last: int, line: str) -> None:
        stripped = line.strip()
        if self._definition or stripped.startswith("define "):
            self._definition = stripped != "endef"
        elif line.startswith("\t") and self._current:
            for rule in self._current:
                rule.recipe.append(stripped)
                rule.last = last
        elif stripped.startswith("#"):
            self._comments.append(stripped)
        elif not stripped:
            self._comments = []
        elif _CONDITION.match(stripped):
            self._conditions += 1
        elif stripped == "endif":
            self._conditions -= 1
        elif not stripped.startswith(("else", "include", "-include", "sinclude", "export ", "unexport ")) or (
            _ASSIGNMENT.fullmatch(stripped)
        ):
            self._statement(first, last, stripped)

    def _statement(self, first: int, last: int, line: str) -> None:
        assignment = _ASSIGNMENT.fullmatch(line)
        if assignment:
            self._assign(assignment[1], assignment[2], assignment[3])
            self._comments = []
            return
        rule = _RULE.match(line)
        if rule is None:
            self._current, self._comments = [], []
            return
        targets = self.expand(rule[1]).split()
        if ".PHONY" in targets:
            self.phony.update(self.expand(rule[2]).split())
            self._current = []  # comments above go on to the rule that follows
            return
        comment = _comment(rule[4], self._comments)
        self._comments = []
        if _ASSIGNMENT.fullmatch(rule[2].strip()):  # a target's own variable
            return
        self._current = [self._rule(name, first, last, comment) for name in targets]
        for one in self._current:
            if rule[3]:
                one.recipe.append(rule[3].strip())

    def _rule(self, name: str, first: int, last: int, comment: str) -> _Rule:
        held = self.rules.setdefault(name, _Rule(name, first, last, comment))
        held.comment = held.comment or comment
        if not held.recipe and held.first != first:
            held.first, held.last = first, last
        return held

    def _assign(self, name: str, operator: str, raw: str) -> None:
        value = re.split(r"\s#", raw, maxsplit=1)[0].strip()
        if name == ".DEFAULT_GOAL":
            self.default = value
        elif self._conditions or operator in {"+=", "!="} or "$(shell" in value:
            self.variables.pop(name, None)
        elif operator != "?=" or name not in self.variables:
            self.variables[name] = value

    def expand(self, text: str, depth: int = 0) -> str:
        """Put in the values of simple variables; what is not known stays as written."""

        def value(match: re.Match[str]) -> str:
            known = self.variables.get(match[1] or match[2])
            return match[0] if known is None or depth > _DEPTH else self.expand(known, depth + 1)

        return _VARIABLE.sub(value, text)


def read_makefile(path: str, text: str) -> tuple[Command, ...]:
    """Return the targets in their order. Left out: patterns, files, and names that begin with `.` or `_`."""
    makefile = _Makefile(text)
    names = [name for name in makefile.rules if not name.startswith(".")]
    default = makefile.default or next((name for name in names if "%" not in name), "")
    folder = posixpath.dirname(path)
    prefix = f"make -C {folder} " if folder else "make "
    commands: list[Command] = []
    for name in names:
        rule = makefile.rules[name]
        if re.search(r"[.%/$=~<>\\\"']", name) or name.startswith(("_", "-")):
            continue
        if makefile.phony and name not in makefile.phony and not rule.comment and name != default:
            continue
        commands.append(
            Command(
                name=name,
                kind=CommandKind.MAKE_TARGET,
                invocation=prefix + name,
                span=Span(path, rule.first, rule.last),
                summary=rule.comment,
                runs=tuple(_runs(makefile, rule.recipe)),
                default=name == default,
            )
        )
    return tuple(commands)


def _logical_lines(text: str) -> list[tuple[int, int, str]]:
    lines: list[tuple[int, int, str]] = []
    held, first = "", 0
    for number, raw in enumerate(text.splitlines(), 1):
        first = first or number
        held += raw if not held else " " + raw.strip()
        if held.endswith("\\"):
            held = held[:-1].rstrip() or "\\"
            continue
        lines.append((first, number, held))
        held, first = "", 0
    if held:
        lines.append((first, first, held))
    return lines


def _comment(trailing: str | None, above: list[str]) -> str:
    """Return `## text` after a target or in the comment above it, else the plain comment above when it reads as text."""
    if trailing and trailing.startswith("#"):
        return _sentence(trailing)
    helping = [line for line in above if line.startswith("##")]
    return _sentence(" ".join(line.lstrip("#").strip() for line in helping or above))


def _sentence(text: str) -> str:
    cleaned = text.strip().strip("#").strip()
    cleaned = re.sub(r"^(?:@[\w-]+:?|[\w.-]+\s*:)\s+", "", cleaned)  # `@help text`, `target: text`
    if re.search(r"[=$(){};|]{1}\S*[=$;|]|^\W*$|-{3,}|={3,}", cleaned) or not re.search(r"[A-Za-z]{2}", cleaned):
        return ""
    return first_sentence(cleaned)


def _runs(makefile: _Makefile, recipe: list[str]) -> list[str]:
    runs: list[str] = []
    for line in recipe:
        command = " ".join(makefile.expand(line.lstrip("@-+ \t")).replace("$$", "\0").split())
        if "$" not in command and command and not command.startswith("#"):
            runs.append(command.replace("\0", "$"))
    return [run for run in runs if not _QUIET.match(run)]
