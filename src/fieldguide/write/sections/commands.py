"""The project's own commands, their arguments and options.

Comes in: command lines, entry points, scripts. Goes out: a part for each command, options that several commands
share printed once. Must never: print the developers' commands, which stand under Development.
"""

from __future__ import annotations

import posixpath
from collections import defaultdict
from typing import TYPE_CHECKING

from fieldguide.domain.project import CommandKind, CommandLine, Option, OptionKind
from fieldguide.write.sections.markdown import code, details, paragraphs, sentence, table
from fieldguide.write.sections.options import option_table
from fieldguide.write.sections.phrases import capital, listing
from fieldguide.write.sections.subject import Shape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fieldguide.domain.project import Command
    from fieldguide.write.sections.subject import Subject

_UNFOLDED_ROWS = 90
_SHARED = 2
_SCRIPTS_SHOWN = 40
_HELP_FLAGS = frozenset({"-h", "--help"})

Key = tuple[tuple[str, ...], str, str | None]
"""What makes two options of different commands the same: names, help and default."""


def commands(subject: Subject) -> str:
    """Return every command with its options; of loose scripts a table."""
    lines = [one for one in subject.codebase.command_lines if one.program]
    if subject.shape is Shape.SCRIPTS:
        return paragraphs(_scripts(subject), _with_options(subject, lines) if len(lines) <= _SHARED else "")
    described = {one.program for one in _all_lines(lines)}
    return paragraphs(_bare(subject, described), _with_options(subject, lines))


def _all_lines(lines: list[CommandLine]) -> Iterator[CommandLine]:
    for line in lines:
        yield line
        yield from _all_lines(list(line.subcommands))


def _bare(subject: Subject, described: set[str]) -> str:
    """Return the commands of which no option is known."""
    kinds = {CommandKind.CONSOLE_SCRIPT, CommandKind.MODULE}
    targets: set[str] = set()
    lines: list[str] = []
    for one in subject.codebase.commands:
        if one.kind not in kinds or one.name in described or one.invocation in described:
            continue
        if one.kind is CommandKind.MODULE and (described or targets):
            continue
        targets.add(one.target)
        said = subject.describe(one.name, one.summary)
        lines.append(f"- {subject.links.span(one.span, code(one.invocation))}" + (f": {capital(said)}" if said else ""))
    return "\n".join(lines)


def _with_options(subject: Subject, roots: list[CommandLine]) -> str:
    lines = [one for one in _all_lines(roots) if _own(one) or one.summary or not one.subcommands]
    if not lines:
        return ""
    shared = _shared(lines)
    taken = {key for keys in shared.values() for key in keys}
    tables = [_shared_part(programs, keys, lines) for programs, keys in shared.items()]
    parts = [_part(subject, line, taken) for line in lines]
    rows = sum(len(_own(line)) for line in lines)
    if rows <= _UNFOLDED_ROWS:
        return paragraphs(*parts, *tables)
    index = [(subject.links.span(one.span, code(one.program)), capital(sentence(one.summary))) for one in lines]
    body = paragraphs(*parts, *tables)
    return paragraphs(table(("Command", "What it does"), index), details("Options of each command", body))


def _own(line: CommandLine) -> tuple[Option, ...]:
    return tuple(one for one in line.options if not _HELP_FLAGS.issuperset(one.names))


def _key(option: Option) -> Key:
    return option.names, option.help, option.default


def _shared(lines: list[CommandLine]) -> dict[tuple[str, ...], list[Key]]:
    """Return the options that several commands take, by the programs that take them."""
    takers: dict[Key, list[str]] = defaultdict(list)
    for line in lines:
        for one in _own(line):
            if one.kind is OptionKind.FLAG and line.program not in takers[_key(one)]:
                takers[_key(one)].append(line.program)
    groups: dict[tuple[str, ...], list[Key]] = defaultdict(list)
    for key, programs in takers.items():
        if len(programs) >= _SHARED:
            groups[tuple(programs)].append(key)
    return {programs: keys for programs, keys in groups.items() if len(keys) >= _SHARED}


def _shared_part(programs: tuple[str, ...], keys: list[Key], lines: list[CommandLine]) -> str:
    options = {_key(one): one for line in lines for one in _own(line)}
    chosen = [options[key] for key in keys]
    every = len(programs) == len(lines)
    groups = {one.group for one in chosen}
    title = groups.pop().rstrip(":.") if len(groups) == 1 else ""
    heading = "Options of every command" if every else capital(title) or "Shared options"
    takers = "" if every else f"Taken by {listing([code(one) for one in programs], limit=8)}."
    return paragraphs(f"### {heading}", takers, option_table(chosen))


def _part(subject: Subject, line: CommandLine, taken: set[Key]) -> str:
    own = _own(line)
    arguments = [one for one in own if one.kind is OptionKind.ARGUMENT]
    usage = " ".join([line.program, *map(_argument, arguments)])
    flags = [one for one in own if one.kind is not OptionKind.ARGUMENT and _key(one) not in taken]
    explained = [one for one in arguments if one.help or one.choices or one.default]
    body: list[str] = [sentence(line.summary)]
    if explained:
        body.append(option_table(explained, first="Argument"))
    if line.subcommands and flags:
        body.append("These options stand before the subcommand.")
    body += _grouped(flags)
    heading = f"### {subject.links.span(line.span, code(usage))}"
    return paragraphs(heading, *(one for one in body if one))


def _argument(option: Option) -> str:
    name = option.metavar or option.names[0]
    shown = f"{name} ..." if option.repeatable and not name.endswith("...") else name
    bracketed = shown.startswith(("[", "<"))
    return shown if option.required or bracketed else f"[{shown}]"


def _grouped(options: list[Option]) -> list[str]:
    """Return one table for each group of options that the program itself names."""
    groups: dict[str, list[Option]] = defaultdict(list)
    for one in options:
        groups[one.group].append(one)
    parts: list[str] = []
    for group, members in groups.items():
        if group and len(groups) > 1:
            parts.append(f"{capital(sentence(group)).rstrip('.')}:")
        parts.append(option_table(members))
    return parts


def _scripts(subject: Subject) -> str:
    """Return a table of scripts, those of which nothing is known folded away."""
    kinds = {CommandKind.SCRIPT, CommandKind.MODULE, CommandKind.CONSOLE_SCRIPT}
    found = [one for one in subject.codebase.commands if one.kind in kinds]
    rows = [(one, capital(subject.describe(one.span.path, _said(subject, one)))) for one in found]
    told = [row for row in rows if row[1]]
    silent = [row for row in rows if not row[1]]
    shown = told[:_SCRIPTS_SHOWN] or silent[:_SCRIPTS_SHOWN]
    rest = [row for row in (*told, *silent) if row not in shown]
    return paragraphs(_script_table(subject, shown), _more_scripts(subject, rest))


def _said(subject: Subject, command: Command) -> str:
    return command.summary or subject.codebase.summaries.get(command.span.path, "")


def _script_table(subject: Subject, rows: list[tuple[Command, str]]) -> str:
    cells = [(subject.links.path(one.span.path), said) for one, said in rows]
    return table(("Script", "What it does"), cells) if cells else ""


def _more_scripts(subject: Subject, rows: list[tuple[Command, str]]) -> str:
    if not rows:
        return ""
    folders: dict[str, list[str]] = defaultdict(list)
    for one, _ in rows:
        folders[posixpath.dirname(one.span.path)].append(
            subject.links.path(one.span.path, posixpath.basename(one.span.path))
        )
    lines = [f"- {code(folder + '/') if folder else 'At the top'}: {', '.join(folders[folder])}" for folder in folders]
    return details(f"{len(rows):,} more scripts", "\n".join(lines))
