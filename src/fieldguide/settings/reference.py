"""The options told to people: the help text, and the options page as Markdown.

Comes in: the table of options. Goes out: text.
Must never: say what the table does not; import anything slow, for `--help` waits for it.
"""

from __future__ import annotations

from itertools import groupby

from fieldguide.errors import ExitCode
from fieldguide.settings.options import OPTIONS, Option

_WIDTH = 100
_INDENT = 26

_USAGE = {
    "document": "fieldguide [options] DIR",
    "plan": "fieldguide plan [options] DIR",
    "check": "fieldguide check [options] DIR [FILE…]",
    "batch": "fieldguide batch submit|status|collect|cancel [options] DIR",
    "ledger": "fieldguide ledger [options] DIR",
    "cache": "fieldguide cache [clear] [options]",
}

_INTRODUCTION = {
    "document": """\
Write documentation from a directory of code. It goes to DIR/README.md; words that a person wrote stay.

commands:
  fieldguide DIR            document the directory
  fieldguide plan DIR       say what would be read, hidden, sent and paid; send and write nothing
  fieldguide check DIR      say what documentation says of the code and the code does not bear out
  fieldguide batch … DIR    have the model asked at half the price, within a day: submit, status, collect, cancel
  fieldguide ledger DIR     say what has been sent of it so far, where and when
  fieldguide cache          say what is kept on this machine, for all directories; `cache clear` removes it

A directory named like a command is written `./plan`, one that begins with a dash comes after `--`.""",
    "plan": """\
Say what `fieldguide DIR` would read, hide, send and pay. Nothing is sent and nothing is written.""",
    "check": """\
Check documentation against the code: names, imports, calls, paths, links, flags, commands, variables, versions and
defaults. Without a model, without a network; nothing is written but with --fix or --write-baseline. All Markdown and
reStructuredText below DIR, or only the FILEs and directories that are named; the code is read whole in either case.

  <!-- fieldguide: ignore NAME — why -->   sets one fault of the next block aside; without NAME all of them
  <!-- fieldguide: ignore-file — why -->   sets aside all of a document""",
    "batch": """\
Have the model asked through the provider's Batch API: for half the price, answered within a day.

  fieldguide batch submit DIR    send the next requests that are not paid for yet, as one batch
  fieldguide batch status DIR    say how far it is
  fieldguide batch collect DIR   take the replies over, and say whether there is more to submit
  fieldguide batch cancel DIR    call it off; what was answered until then is paid for and can be collected

When everything is collected, `fieldguide DIR` writes the page from it.""",
    "ledger": """\
Say what of DIR has been sent so far: when, where, which lines of which files, and whether the record is whole.""",
    "cache": """\
Say what is kept on this machine so that nothing is read, analysed or paid for twice. The ledger is none of it.

  fieldguide cache               show how much there is of what, and where
  fieldguide cache clear         remove it: the next run of each directory pays for its requests again""",
}

_CLOSING = """\
Each option is also read from the environment (`FIELDGUIDE_MAX_FILE_SIZE` for --max-file-size), from `.env` of
the working directory, from `fieldguide.toml` or `[tool.fieldguide]` in `pyproject.toml` of DIR (which may only
set what is marked with *) and from the user's own `fieldguide.toml`: see --config. The order is that of strength.

keys, from the environment or from `.env` only:
{keys}

exit codes:
{exit_codes}"""


def usage(command: str) -> str:
    """Return the one line that says how a command is called."""
    return f"usage: {_USAGE[command]}"


def help_text(command: str) -> str:
    """Return the help of a command: plain text, its options by group, each with its default."""
    parts = [usage(command), _INTRODUCTION[command]]
    options = [option for option in OPTIONS if command in option.commands and not option.variable_only]
    for group, members in groupby(options, key=lambda option: option.group):
        parts.append(f"{group.lower()}:\n" + "\n".join(_entry(option) for option in members))
    about = (_line("  -h, --help", "Print this and exit"), _line("      --version", "Print the version and exit"))
    parts.append("about:\n" + "\n".join(about))
    keys = [option for option in OPTIONS if option.variable_only]
    parts.append(
        _CLOSING.format(
            keys="\n".join(_line(f"  {option.variables[0]}", option.help) for option in keys),
            exit_codes="\n".join(f"  {code.value:<4} {code.meaning}" for code in ExitCode),
        )
    )
    return "\n\n".join(parts) + "\n"


def _entry(option: Option) -> str:
    short = f"-{option.short}, " if option.short else "    "
    metavar = f" {option.metavar}" if option.metavar else ""
    described = option.help + ("*" if option.repository else "")
    if option.choices:
        described += f"; one of {', '.join(option.choices)}"
    default = option.default or option.shown_default
    if default:
        described += f" (default: {default})"
    return _line(f"  {short}{option.flag}{metavar}", described)


def _line(head: str, text: str) -> str:
    """Set `text` beside `head`, wrapped; a head that is too wide has a line of its own."""
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > _WIDTH - _INDENT - 2:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".lstrip()
    margin = "\n" + " " * (_INDENT + 2)
    first = head + (margin if len(head) > _INDENT else " " * (_INDENT + 2 - len(head)))
    return first + margin.join(lines)


def options_markdown() -> str:
    """Return the options as Markdown: one table for each group, headed by a level-3 heading."""
    return "\n\n".join(
        f"### {group}\n\n" + _table(tuple(members)) for group, members in groupby(OPTIONS, key=lambda o: o.group)
    )


def _table(options: tuple[Option, ...]) -> str:
    rows = ["| Option | Variables | Default | What it does |", "| --- | --- | --- | --- |"]
    for option in options:
        flag = option.flag + (f" {option.metavar}" if option.metavar else "")
        names = f"`{flag}`" if flag else "variable only"
        if option.short:
            names = f"`-{option.short}`, {names}"
        variables = ", ".join(f"`{variable}`" for variable in option.variables)
        default = f"`{option.default}`" if option.default else option.shown_default or "—"
        what = option.help + (" †" if option.repository else "")
        if option.choices:
            what += ": " + ", ".join(f"`{choice}`" for choice in option.choices)
        if len(option.commands) == 1 and option.commands != ("document",):
            what += f" (`{option.commands[0]}` only)"
        rows.append(f"| {names} | {variables} | {default} | {what}. |")
    return "\n".join(rows)
