"""Read the targets of a makefile (GNU Make manual: "Writing Rules", "How to Use Variables").

Comes in: the makefile's text. Goes out: one `Command` for each target that a person would type. Must never: run
make, expand a function or a variable that a condition sets.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field

from fieldguide.analyse.project.sentences import first_sentence
from fieldguide.domain.project import Command, CommandKind, Makefile
from fieldguide.domain.source import Span

_ASSIGNMENT = re.compile(r"(?:export\s+|override\s+)*([\w.-]+)\s*(\?=|::?:?=|\+=|!=|=)\s*(.*)")
_RULE = re.compile(r"((?:[^\s:=#]|\$[({][^)}]*[)}])[^:=#]*?)\s*::?(?!=)\s*([^#;]*)(?:;([^#]*))?(?:#(.*))?$")
_VARIABLE = re.compile(r"\$(?:\(([\w.-]+)\)|\{([\w.-]+)\})")
_CONDITION = re.compile(r"(?:ifeq|ifneq|ifdef|ifndef)\b")
_QUIET = re.compile(r"(?:echo|printf|@?:|true|exit|\.|source)(?:\s|$)")
_SHELL = re.compile(r"(?:if|for|while|case|test|\[|\{|\(|then|else|fi|do|done)\b|[\[({]")
_SHORT_OPTION = re.compile(r"-[A-Za-z]")
_LONGEST = 160
"""Characters of a command that still tells a reader something."""
_DEPTH = 8


@dataclass(slots=True)
class _Rule:
    name: str
    first: int
    last: int
    comment: str
    prerequisites: list[str] = field(default_factory=list[str])
    recipe: list[str] = field(default_factory=list[str])


class _Makefile:
    def __init__(self, text: str) -> None:
        self.variables: dict[str, str] = {"MAKE": "make"}
        self.rules: dict[str, _Rule] = {}
        self.phony: set[str] = set()
        self.default = ""
        self._current: list[_Rule] = []
        self._comments: list[str] = []
        self._expanded: dict[str, str] = {}
        self._conditions = 0
        self._definition = False
        self.whole = True
        for first, last, line in _logical_lines(text):
            self._line(first, last, line)

    def _line(self, first: int, last: int, line: str) -> None:
        stripped = line.strip()
        if re.match(r"(?:[-s]?include\b|define\b|\$[({](?:eval|foreach|call)\b)", stripped):
            self.whole = False
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
            one.prerequisites += self.expand(rule[2]).split()
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
        self._expanded.clear()
        if name == ".DEFAULT_GOAL":
            self.default = value
        elif self._conditions or operator in {"+=", "!="} or "$(shell" in value:
            self.variables.pop(name, None)
        elif operator != "?=" or name not in self.variables:
            self.variables[name] = value

    def expand(self, text: str, depth: int = 0) -> str:
        """Put in the values of simple variables; what is not known stays as written."""

        def value(match: re.Match[str]) -> str:
            name = match[1] or match[2]
            if name not in self.variables or depth > _DEPTH:
                return match[0]
            if name not in self._expanded:
                expanded = self.expand(self.variables[name], depth + 1)
                self._expanded[name] = expanded if len(expanded) <= _LONGEST else match[0]
            return self._expanded[name]

        return _VARIABLE.sub(value, text)


def read_makefile(path: str, text: str) -> tuple[Command, ...]:
    """Return the targets in their order. Left out: patterns, files, and names that begin with `.` or `_`."""
    makefile = _Makefile(text)
    names = [name for name in makefile.rules if not name.startswith(".")]
    default = makefile.default or next((name for name in names if "%" not in name), "")
    folder = posixpath.dirname(path)
    prefix = f"make -C {folder} " if folder else "make "
    shown = [name for name in names if _is_shown(makefile, makefile.rules[name], default)]
    shown = [name for position, name in enumerate(shown) if not _is_alias(makefile, name, shown[:position])]
    listed = frozenset(shown)
    return tuple(
        Command(
            name=name,
            kind=CommandKind.MAKE_TARGET,
            invocation=prefix + name,
            span=Span(path, makefile.rules[name].first, makefile.rules[name].last),
            summary=makefile.rules[name].comment,
            runs=tuple(_runs(makefile, makefile.rules[name], listed)),
            default=name == default,
        )
        for name in shown
    )


def read_targets(path: str, text: str) -> Makefile:
    """Return every target of a makefile, special ones left out, and whether there may be more."""
    makefile = _Makefile(text)
    names = tuple(name for name in makefile.rules if "$" not in name and not name.startswith("."))
    return Makefile(path, names, makefile.whole and not any("$" in name for name in makefile.rules))


def _is_alias(makefile: _Makefile, name: str, before: list[str]) -> bool:
    """Tell whether a target is a second name of a rule: `test tests: …`."""
    return any(makefile.rules[other].first == makefile.rules[name].first for other in before)


def _is_shown(makefile: _Makefile, rule: _Rule, default: str) -> bool:
    if re.search(r"[.%/$=~<>\\\"']", rule.name) or rule.name.startswith(("_", "-")):
        return False
    if makefile.phony and rule.name not in makefile.phony and not rule.comment and rule.name != default:
        return False
    return bool(rule.comment or rule.prerequisites) or any(
        not _QUIET.match(line.lstrip("@-+ ")) for line in rule.recipe
    )


def _logical_lines(text: str) -> list[tuple[int, int, str]]:
    lines: list[tuple[int, int, str]] = []
    held, first = "", 0
    for number, raw in enumerate(text.split("\n"), 1):
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
    """Return `## text` after a target or above it, else the plain comment above when it reads as text."""
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


def _runs(makefile: _Makefile, rule: _Rule, listed: frozenset[str]) -> list[str]:
    """Return a target's recipe; of one without a recipe what its prerequisites are or run."""
    if rule.recipe:
        return [run for line in rule.recipe for run in _commands(makefile, line)]
    runs: list[str] = []
    for name in rule.prerequisites:
        if name in listed:
            runs.append(f"make {name}")
        elif name in makefile.rules:
            runs += [run for line in makefile.rules[name].recipe for run in _commands(makefile, line)]
    return runs


def _commands(makefile: _Makefile, line: str) -> list[str]:
    """Return the commands of a recipe's line, each up to the first word that is not known."""
    text = " ".join(makefile.expand(line.lstrip("@-+ \t")).replace("$$", "\0").split())
    if not text or text.startswith("#") or _SHELL.match(text):
        return []
    parts = text.split(" && ") if not re.search(r"[\"'(][^\"')]* && |^(?:cd|export|set|pushd) ", text) else [text]
    found: list[str] = []
    for part in parts:
        words: list[str] = []
        for word in part.split():
            inside = re.sub(r"^\$[({][^)}]*[)}]/", "", word) if not words else word  # a program in a variable's folder
            if "$" in inside:
                if len(words) > 1 and _SHORT_OPTION.fullmatch(words[-1]):  # its value may be what is not known
                    words.pop()
                break
            words.append(inside)
        command = " ".join(words).replace("\0", "$")
        if command and len(command) <= _LONGEST and not _QUIET.match(command):
            found.append(command)
    return found
