"""From argv to `Arguments`, by way of `fire`.

Comes in: the words of a command line. Goes out: `Arguments`, every value still the text that was typed.
Must never: run anything; turn a directory named `123` or `[x]` into something else; show the value of an unknown
option, for it may be a key.

`fire` would take `a,b` for a tuple, a switch's neighbour for its value, `--` for its own flags, and the last of a
repeated option for all of it. So each word is first brought, by the table of options, into the one form that it reads
in one way only, `--name=value`; its parser of values is replaced by the identity; and the commands that it calls do
nothing but record what was asked, so that nothing has happened when a fault comes to light.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from fieldguide.errors import UsageError
from fieldguide.settings.arguments import Arguments
from fieldguide.settings.options import BY_NAME, COMMANDS, OPERATIONS, OPTIONS, Option
from fieldguide.settings.quoting import printable, quoted
from fieldguide.settings.spelling import nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_FLAGS = {option.flag: option for option in OPTIONS if option.flag}
_SHORT = {f"-{option.short}": option for option in OPTIONS if option.short}
_KEY_WORDS = ("key", "token", "secret", "password")
_SEPARATOR = "\0"
"""Between the values of a repeated option: the one character that no word of a command line can hold."""


def parse(words: Sequence[str]) -> Arguments:
    """Return what the command line asks for.

    Raises:
        UsageError: An option, command or operation does not exist, a value or the directory is missing.

    """
    action, canonical = _canonical(words)
    recorded: list[Arguments] = []
    _fire({command: _recorder(command, recorded) for command in COMMANDS}, [action, *canonical])
    return recorded[0]


def _recorder(command: str, recorded: list[Arguments]) -> Callable[..., None]:
    def record(*, operation: str, directory: str, files: str, **options: str) -> None:
        values = {name.replace("_", "-"): value for name, value in options.items()}
        read = {name: _value(name, value) for name, value in values.items()}
        documents = tuple(files.split(_SEPARATOR)) if files else ()
        recorded.append(Arguments(command, directory, read, operation, documents))

    return record


def _value(name: str, text: str) -> str | tuple[str, ...]:
    return tuple(text.split(_SEPARATOR)) if BY_NAME[name].kind == "list" else text


def _fire(commands: dict[str, Callable[..., None]], words: list[str]) -> None:
    # Imported here: `--help` does not need it.
    import fire  # noqa: PLC0415  # pyright: ignore[reportMissingTypeStubs]
    from fire import decorators  # noqa: PLC0415  # pyright: ignore[reportMissingTypeStubs]

    parse_with = cast("Callable[[type], Callable[[Callable[..., None]], Callable[..., None]]]", decorators.SetParseFn)  # pyright: ignore[reportUnknownMemberType]
    identity = parse_with(str)
    component = {name: identity(command) for name, command in commands.items()}
    call = cast("Callable[..., object]", fire.Fire)
    call(component, command=words, name="fieldguide")


def _canonical(words: Sequence[str]) -> tuple[str, list[str]]:
    """Return the command, and `--name=value` for everything else."""
    positional: list[str] = []
    values: dict[str, list[str]] = {}
    rest = iter(words)
    for word in rest:
        if word == "--":
            # Everything after it is a name, whatever it looks like; a command is not among them.
            positional.extend(f"./{name}" if name in COMMANDS else name for name in rest)
        elif word.startswith("-") and word != "-":
            flag, equals, value = word.partition("=")
            option = _option(flag)
            if not equals:
                value = "true" if option.kind == "switch" else _next(rest, option)
            values.setdefault(option.name, []).append(value)
        else:
            positional.append(word)
    action = positional.pop(0) if positional and positional[0] in COMMANDS[1:] else "document"
    for name in values:
        _check_command(BY_NAME[name], action)
    operation = _operation(action, positional)
    call = f"{action} {operation}".strip()
    named, files = (positional[:1], positional[1:]) if action == "check" else (positional, [])
    directory = "" if action == "cache" else _directory(call, named)
    options = [f"--{name}={_joined(BY_NAME[name], given)}" for name, given in values.items()]
    documents = _SEPARATOR.join(files)
    return action, [f"--operation={operation}", f"--directory={directory}", f"--files={documents}", *options]


def _next(rest: Iterator[str], option: Option) -> str:
    value = next(rest, "--")
    if value == "--" or value.partition("=")[0] in _FLAGS:
        fact = f"`{option.flag}` has no value"
        raise UsageError(fact, hint=f"it takes {option.expected}: `{option.flag} {option.metavar}`")
    return value


def _option(flag: str) -> Option:
    option = _FLAGS.get(flag) or _SHORT.get(flag)
    if option is not None:
        return option
    shown = quoted(flag)
    name = flag.strip("-").lower()
    near = nearest(flag, [*_FLAGS, "--help", "--version"])
    # A misspelt `--secret-pattern` is no key; what is near to nothing of the kind may well be one.
    if any(word in name for word in _KEY_WORDS) and not any(word in near for word in _KEY_WORDS):
        fact = f"{shown} is not an option: on a command line a key would stand in the list of processes"
        where = "set `AZURE_OPENAI_API_KEY` or `OPENAI_API_KEY` in the environment or in `.env`"
        raise UsageError(fact, hint=f"{where}, or have it fetched with `--key-from`")
    hint = f"did you mean `{near}`?" if near else "`fieldguide --help` lists the options; a path comes after `--`"
    fact = f"{shown} is not an option"
    raise UsageError(fact, hint=hint)


def _check_command(option: Option, action: str) -> None:
    if action not in option.commands:
        fact = f"`{option.flag}` is not an option of `{_call(action)}`"
        raise UsageError(fact, hint=f"it belongs to `{_call(option.commands[0])}`")


def _joined(option: Option, given: list[str]) -> str:
    # Of an option that is not a list the last one counts, as everywhere: an alias can be overruled.
    return _SEPARATOR.join(given) if option.kind == "list" else given[-1]


def _operation(action: str, positional: list[str]) -> str:
    """Take what a command is to do from the front of what is left of its words."""
    operations = OPERATIONS.get(action, ())
    if positional and positional[0] in operations:
        operation = positional.pop(0)
        if action != "cache" or not positional:
            return operation
        fact = f"`{_call('cache clear')}` takes no directory: it removes what is kept for all of them"
        raise UsageError(fact, hint=f"type `{_call('cache clear')}` alone")
    if not operations or (action == "cache" and not positional):
        return ""
    said = quoted(positional[0]) if positional else ""
    near = nearest(positional[0], operations) if positional else ""
    where = "" if action == "cache" else f" {printable((positional[1:] or ['DIR'])[0])}"
    hint = f"did you mean `{_call(action)} {near}{where}`?" if near else _operations(action)
    fact = f"{said} is nothing that `{_call(action)}` does" if said else f"`{_call(action)}` is not told what to do"
    raise UsageError(fact, hint=hint)


def _operations(action: str) -> str:
    if action == "cache":
        return f"`{_call(action)}` concerns no single directory; `fieldguide ./{action}` documents one of that name"
    named = ", ".join(f"`{operation}`" for operation in OPERATIONS[action])
    return f"say one of {named}, then the directory; `fieldguide ./{action}` documents one of that name"


def _directory(call: str, positional: list[str]) -> str:
    if not positional:
        action = call.partition(" ")[0]
        hint = f"`{_call(call)} .` takes the current one"
        if action != "document":
            hint += f"; `fieldguide ./{action}` documents a directory of that name"
        fact = "no directory is named"
        raise UsageError(fact, hint=hint)
    if len(positional) == 1:
        return positional[0]
    first, second = positional[:2]
    near = nearest(first, COMMANDS[1:]) if call == "document" else ""
    if near:
        fact = f"{quoted(first)} is not a command"
        meant = {"cache": "cache", "batch": f"batch submit {printable(second)}"}.get(
            near, f"{near} {printable(second)}"
        )
        raise UsageError(fact, hint=f"did you mean `fieldguide {meant}`?")
    fact = f"{len(positional)} directories are named: {quoted(first)}, {quoted(second)}"
    fact += ", …" if len(positional) > len((first, second)) else ""
    raise UsageError(fact, hint="name one; a path with spaces wants quotes, and `fieldguide --help` lists the commands")


def _call(call: str) -> str:
    return "fieldguide" if call == "document" else f"fieldguide {call}"
