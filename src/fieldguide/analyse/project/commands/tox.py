"""Read tox environments from `tox.ini`, `setup.cfg`, `tox.toml` and `[tool.tox]` (https://tox.wiki: Configuration).

Comes in: INI text, or a parsed TOML document. Goes out: one `Command` for each environment; environments that
differ only by factors in `envlist` and run the same are one. Must never: expand what depends on the machine.
"""

from __future__ import annotations

import itertools
import posixpath
import re
import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fieldguide.analyse.project.ini import IniValue, read_ini
from fieldguide.analyse.project.sentences import first_sentence
from fieldguide.analyse.project.values import as_list, as_table, as_text, as_texts
from fieldguide.domain.project import Command, CommandKind
from fieldguide.domain.source import Span

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fieldguide.analyse.project.manifests.pyproject import TomlDocument

_MOST = 200
"""Environments of one generative entry."""
_NAMED = 6
"""Environments that an invocation names; of more it names the first."""
_NOTHING = IniValue(0, ())
_FACTOR = re.compile(r"(!?[\w.{},-]+(?:\s*,\s*[\w.{},-]+)*)\s*:\s+(.*)")
_REFERENCE = re.compile(r"\{\[([^\]]+)\]([\w-]+)\}")
_DEFAULTED = re.compile(r"\{(?:posargs|env:\w+|\[\w+\]\w+):((?:[^{}]|\{[^{}]*\})*)\}")
_WORDS = {
    "{posargs}": "",
    "[]": "",
    "{envpython}": "python",
    "{toxinidir}/": "",
    "{toxinidir}": ".",
    "{tox_root}/": "",
    "{tox_root}": ".",
    "{/}": "/",
    "{envbindir}/": "",
    "{env_bin_dir}/": "",
    "{env_python}": "python",
}


@dataclass(frozen=True, slots=True)
class _Environment:
    name: str
    span: Span
    summary: str
    runs: tuple[str, ...]
    own: bool
    """It has a section of its own."""
    listed: bool


def read_tox_ini(path: str, text: str, first_line: int = 1) -> tuple[Command, ...]:
    """Return the environments of a `tox.ini`, or of a `setup.cfg` with `[tox:tox]`."""
    sections = read_ini(text, first_line)
    core = sections.get("tox:tox") or sections.get("tox") or {}
    if not core and not any(name.startswith("testenv") for name in sections):
        return ()
    listing = next((core[key] for key in ("envlist", "env_list") if key in core), _NOTHING)
    listed = {name: line.number for line in reversed(listing.lines) for name in reversed(expand(line.text))}
    listed = dict(reversed(listed.items()))
    own: dict[str, str] = {}
    for section in sections:
        if section.startswith("testenv:"):
            own |= dict.fromkeys(expand(section.removeprefix("testenv:")), section)
    base = sections.get("testenv", {})
    environments = [
        _ini_environment(path, sections, name, own.get(name), base, listed.get(name, 0), listed=name in listed)
        for name in dict.fromkeys([*listed, *own])
    ]
    if not listed and "commands" in base:
        environments[:0] = [_ini_environment(path, sections, "py", None, base, 0, listed=True)]
    return _commands(path, environments)


def expand(text: str) -> list[str]:
    """Return the environments of a generative list, e.g. `py{39,310}-{a,b}, lint`; a range `py3{9-11}` too."""
    names: list[str] = []
    for entry in re.split(r"[\s,]+(?![^{]*\})", text.strip().strip(",")):
        parts = re.split(r"(\{[^{}]*\})", entry)
        choices = [_choices(part) for part in parts if part]
        product = itertools.islice(itertools.product(*choices), _MOST)
        names += ["".join(choice).strip("-") for choice in product]
    return [name for name in names if name]


def _choices(part: str) -> list[str]:
    if not part.startswith("{"):
        return [part]
    found: list[str] = []
    for choice in part[1:-1].split(","):
        numbers = re.fullmatch(r"\s*(\d{1,4})-(\d{1,4})\s*", choice)
        if numbers:
            found += [str(number) for number in range(int(numbers[1]), int(numbers[2]) + 1)[:_MOST]]
        else:
            found.append(choice.strip())
    return found


def _ini_environment(
    path: str,
    sections: Mapping[str, Mapping[str, IniValue]],
    name: str,
    section: str | None,
    base: Mapping[str, IniValue],
    line: int,
    *,
    listed: bool,
) -> _Environment:
    values = {**base, **sections[section]} if section else base
    commands = values.get("commands", _NOTHING)
    lines = [(line.number, line.text) for line in commands.lines]
    runs = _ini_runs(sections, [text for _, text in lines], name)
    described = "\n".join(line.text for line in values.get("description", _NOTHING).lines)
    if section:
        held = list(sections[section].values())
        first = min((value.line for value in held), default=1) - 1
        span = Span(path, max(first, 1), max([first, 1, *(_last(value) for value in held)]))
    else:
        span = Span(path, line or commands.line, line or _last(commands)) if line or commands.line else Span(path, 1, 1)
    own_text = section is not None and "description" in sections[section]
    summary = _description(described, name) if own_text or described else ""
    return _Environment(name, span, summary, runs, own=section is not None, listed=listed)


def _last(value: IniValue) -> int:
    return max([value.line, *(line.number for line in value.lines)])


def _description(text: str, name: str) -> str:
    kept = [line for line in text.splitlines() if (selected := _select(line, name)) and selected[0]]
    cleaned = " ".join(_select(line, name)[1] for line in kept)
    return "" if "{" in cleaned else first_sentence(cleaned)


def _select(line: str, name: str) -> tuple[bool, str]:
    """Return whether a line with a factor condition holds for an environment, and the line without the condition."""
    match = _FACTOR.fullmatch(line)
    if not match:
        return True, line
    have = set(name.split("-"))
    for alternative in expand(match[1]):
        wanted = alternative.split("-")
        if all((factor[1:] not in have) if factor.startswith("!") else (factor in have) for factor in wanted):
            return True, match[2]
    return False, match[2]


def _ini_runs(
    sections: Mapping[str, Mapping[str, IniValue]], lines: list[str], name: str, depth: int = 0
) -> tuple[str, ...]:
    runs: list[str] = []
    held = ""
    for raw in lines:
        joined = f"{held} {raw}".strip()
        if joined.endswith("\\"):
            held = joined[:-1].rstrip()
            continue
        held = ""
        applies, command = _select(joined, name)
        reference = _REFERENCE.fullmatch(command.strip())
        if applies and reference and depth < 4:  # noqa: PLR2004 - references do not nest deeper in earnest
            value = sections.get(reference[1], {}).get(reference[2], _NOTHING)
            runs += _ini_runs(sections, [line.text for line in value.lines], name, depth + 1)
        elif applies:
            runs.append(substitute(command))
    return tuple(run for run in runs if run and "{" not in run)


def substitute(command: str) -> str:
    """Return a command with tox's own words replaced by what they mean without arguments."""
    text = command.strip().lstrip("-!@ ").strip() if not command.strip().startswith("--") else command.strip()
    previous = ""
    while previous != text:
        previous, text = text, _DEFAULTED.sub(r"\1", text)
    for word, meaning in _WORDS.items():
        text = text.replace(word, meaning)
    return " ".join(text.split()).removesuffix(" --")


def _commands(path: str, environments: list[_Environment]) -> tuple[Command, ...]:
    """Make one command of each environment, or of all that have no section of their own and run the same."""
    folder = posixpath.dirname(path)
    prefix = f"tox -c {folder} -e " if folder else "tox -e "
    grouped: dict[tuple[str, ...], list[_Environment]] = {}
    for position, one in enumerate(environments):
        alike = (one.summary, *one.runs) if not one.own else (f"\0{position}",)
        grouped.setdefault(alike, []).append(one)
    commands: list[Command] = []
    for group in grouped.values():
        names = [one.name for one in group]
        commands.append(
            Command(
                name=condense(names),
                kind=CommandKind.TOX_ENVIRONMENT,
                invocation=prefix + (",".join(names) if len(names) <= _NAMED else names[0]),
                span=group[0].span,
                summary=group[0].summary,
                runs=group[0].runs,
                default=group[0].listed,
            )
        )
    return tuple(commands)


def condense(names: list[str]) -> str:
    """Return names as tox would generate them, as far as they begin and end alike.

    >>> condense(["py39-unit", "py310-unit"])
    'py{39,310}-unit'
    """
    if len(names) == 1:
        return names[0]
    head = re.sub(r"\d+$", "", posixpath.commonprefix(names))
    tails = [name[len(head) :] for name in names]
    tail = posixpath.commonprefix([rest[::-1] for rest in tails])[::-1]
    tail = tail[tail.index("-") :] if "-" in tail else ""
    middles = [rest[: len(rest) - len(tail)] for rest in tails]
    return f"{head}{{{','.join(middles)}}}{tail}" if head or tail else ", ".join(names)


def read_tox_toml(document: TomlDocument, *keys: str) -> tuple[Command, ...]:
    """Return the environments of `tox.toml` (no keys) or of `[tool.tox]` (keys `tool`, `tox`)."""
    config = document.table(*keys) if keys else document.data
    legacy = as_text(config.get("legacy_tox_ini"))
    if legacy:
        line = document.span(*keys, "legacy_tox_ini").first
        return read_tox_ini(document.path, legacy, line + 1)
    base = as_table(config.get("env_run_base"))
    listed = as_texts(config.get("env_list")) or as_texts(config.get("envlist"))
    environments: list[_Environment] = []
    for name in dict.fromkeys([*listed, *as_table(config.get("env"))]):
        own = as_table(as_table(config.get("env")).get(name))
        values = {**base, **own}
        span = document.span(*keys, "env", name) if own else document.span(*keys, "env_list")
        runs = tuple(filter(None, (_toml_run(command) for command in as_list(values.get("commands")))))
        summary = first_sentence(as_text(values.get("description")))
        environments.append(_Environment(name, span, summary, runs, own=bool(own), listed=name in listed))
    return _commands(document.path, environments)


def _toml_run(command: object) -> str:
    words: list[str] = []
    for word in as_list(command):
        table = as_table(word)
        if as_text(table.get("replace")) == "posargs":
            words += as_texts(table.get("default"))
        elif table:
            return ""
        else:
            words.append(substitute(as_text(word)) if "{" in as_text(word) else as_text(word))
    return shlex.join(word for word in words if word) if not any("{" in word for word in words) else ""
