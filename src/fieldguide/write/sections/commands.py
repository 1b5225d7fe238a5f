"""The project's own commands, their arguments and options.

Comes in: command lines, entry points. Goes out: a part for each command, options that several commands share printed
once. Must never: print the developers' commands, which stand under Development.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from fieldguide.domain.project import CommandKind, CommandLine, Option, OptionKind
from fieldguide.write.sections.markdown import code, details, first_sentences, paragraphs, sentence, table
from fieldguide.write.sections.options import option_table
from fieldguide.write.sections.phrases import capital, listing
from fieldguide.write.sections.scripts import scripts
from fieldguide.write.sections.subject import Shape, console_scripts, is_aside, source_modules

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fieldguide.write.sections.subject import Subject

_UNFOLDED_ROWS = 90
_SHARED = 2
_FEW_SCRIPTS = 12
"""Of more loose scripts the options of one or two say nothing of the whole."""
_GROUP = 4
"""Options that an argument group must have to get a table of its own."""
_TAKERS = 5
"""Commands that must take a single option for it to be printed apart."""
_NAMED = 3
"""Commands that a heading names."""
_SENTENCES = 3
_PLAIN = 3
"""So many commands without options share a table."""
_HELP_FLAGS = frozenset({"-h", "--help"})

Key = tuple[tuple[str, ...], str, str | None]
"""What makes two options of different commands the same: names, help and default."""


def commands(subject: Subject) -> str:
    """Return every command with its options; of loose scripts a table."""
    lines = [one for one in subject.codebase.command_lines if one.program and not _for_developers(subject, one)]
    if subject.shape is Shape.SCRIPTS:
        few = len(lines) <= _SHARED and len(source_modules(subject.codebase)) <= _FEW_SCRIPTS
        return paragraphs(scripts(subject), _with_options(subject, lines) if few else "")
    described = {one.program for one in _all_lines(lines)}
    return paragraphs(_bare(subject, described), _with_options(subject, lines))


def _for_developers(subject: Subject, line: CommandLine) -> bool:
    """Tell whether a script is there for those who work on the project, which has commands for its users."""
    if is_aside(line.span.path):
        return True
    typed = line.program.split()
    script = typed[0] in {"python", "python3"} and typed[1:2] != ["-m"] and "manage.py" not in typed
    return script and bool(console_scripts(subject.codebase))


def _all_lines(lines: list[CommandLine]) -> Iterator[CommandLine]:
    for line in lines:
        yield line
        yield from _all_lines(list(line.subcommands))


def _bare(subject: Subject, described: set[str]) -> str:
    """Return the commands of which no option is known."""
    kinds = {CommandKind.CONSOLE_SCRIPT, CommandKind.MODULE}
    targets: set[str] = set()
    rows: list[tuple[str, str, str]] = []
    for one in subject.codebase.commands:
        if one.kind not in kinds or one.name in described or one.invocation in described:
            continue
        if one.kind is CommandKind.MODULE and (described or targets):
            continue
        targets.add(one.target)
        started = subject.codebase.symbols.get(one.target.replace(":", "."))
        own = one.summary or (started.docstring.summary if started else "")
        said = capital(subject.describe(one.name, own))
        target = subject.links.symbol(started, one.target) if started else code(one.target)
        rows.append((subject.links.span(one.span, code(one.invocation)), target, said))
    return table(("Command", "Starts", "What it does"), rows) if rows else ""


def _with_options(subject: Subject, roots: list[CommandLine]) -> str:
    lines = list({one.program: one for one in reversed(list(_all_lines(roots)))}.values())[::-1]
    shared = _shared(lines)
    taken = {key for keys in shared.values() for key in keys}
    silent = [one for one in lines if not _body(one, taken) and not taken.intersection(map(_key, _own(one)))]
    plain = [one for one in silent if len(silent) >= _PLAIN or not one.summary]
    parts = [_part(subject, one, taken) for one in lines if one not in plain]
    index = _index(subject, [one for one in plain if one.summary or not one.subcommands])
    tables = _shared_parts(shared, lines)
    if sum(len(_own(line)) for line in lines) <= _UNFOLDED_ROWS:
        return paragraphs(index, *parts, *tables)
    parts = [_part(subject, one, taken) for one in lines if _body(one, taken)]
    return paragraphs(_index(subject, lines), details("Options of each command", paragraphs(*parts, *tables)))


def _index(subject: Subject, lines: list[CommandLine]) -> str:
    """Return a table of commands with one sentence each."""
    rows = [
        (subject.links.span(one.span, code(_usage(one))), capital(first_sentences(one.summary, _SENTENCES)))
        for one in lines
    ]
    return table(("Command", "What it does"), rows) if rows else ""


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
    return {programs: keys for programs, keys in groups.items() if len(keys) >= _SHARED or len(programs) >= _TAKERS}


def _shared_parts(shared: dict[tuple[str, ...], list[Key]], lines: list[CommandLine]) -> list[str]:
    """Return a table for each group of shared options, under headings of which no two are alike."""
    parts: list[str] = []
    headings: set[str] = set()
    for programs, keys in shared.items():
        whole = f"Options of {listing([code(one) for one in programs])}"
        heading = f"Options of {listing([code(one) for one in programs], limit=_NAMED)}"
        if len(programs) == len(lines):
            heading = "Options of every command"
        elif heading in headings:
            heading = whole
        headings.add(heading)
        takers = f"Taken by {listing([code(one) for one in programs])}." if "more" in heading.split() else ""
        parts.append(_shared_part(heading, takers, programs, keys, lines))
    return parts


def _shared_part(
    heading: str, takers: str, programs: tuple[str, ...], keys: list[Key], lines: list[CommandLine]
) -> str:
    options = {_key(one): one for line in lines for one in _own(line)}
    parents = [code(one.program) for one in lines if one.subcommands and one.program in programs]
    verb = "takes" if len(parents) == 1 else "take"
    where = f"{listing(parents)} {verb} them before the subcommand." if parents else ""
    said = "\n".join(one for one in (takers, where) if one)
    return paragraphs(f"### {heading}", said, option_table([options[key] for key in keys]))


def _part(subject: Subject, line: CommandLine, taken: set[Key]) -> str:
    body = _body(line, taken)
    if not body and not line.summary and (line.subcommands or line.options):
        return ""
    heading = f"### {subject.links.span(line.span, code(_usage(line)))}"
    return paragraphs(heading, sentence(line.summary), *body)


def _body(line: CommandLine, taken: set[Key]) -> list[str]:
    """Return what is to say of a command besides its name and summary."""
    own = _own(line)
    flags = [one for one in own if one.kind is not OptionKind.ARGUMENT and _key(one) not in taken]
    arguments = [one for one in own if one.kind is OptionKind.ARGUMENT]
    explained = [one for one in arguments if one.help or one.choices or one.default]
    body = [option_table(explained, first="Argument")] if explained else []
    if line.subcommands and flags:
        body.append("These options stand before the subcommand.")
    return body + _grouped(flags)


def _usage(line: CommandLine) -> str:
    return " ".join([line.program, *(_argument(one) for one in _own(line) if one.kind is OptionKind.ARGUMENT)])


def _argument(option: Option) -> str:
    name = option.metavar or option.names[0]
    shown = f"{name} ..." if option.repeatable and not name.endswith("...") else name
    bracketed = shown.startswith(("[", "<"))
    return shown if option.required or bracketed else f"[{shown}]"


def _grouped(options: list[Option]) -> list[str]:
    """Return one table, or one for each group that the program itself names where the groups are large."""
    groups: dict[str, list[Option]] = defaultdict(list)
    for one in options:
        groups[one.group].append(one)
    if len(groups) < _SHARED or min(len(one) for one in groups.values()) < _GROUP:
        return [option_table(options)] if options else []
    parts: list[str] = []
    for group, members in groups.items():
        parts += [f"{capital(sentence(group)).rstrip('.')}:"] if group else []
        parts.append(option_table(members))
    return parts
