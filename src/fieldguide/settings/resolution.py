"""From what a command line says to the settings of a run.

Comes in: `Arguments`, the process's environment, the working directory, configuration files. Goes out: `Settings`.
Must never: stop at the first fault; let configuration of the documented directory decide where anything is sent.
"""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from fieldguide.domain.limits import Limits
from fieldguide.errors import ConfigurationError, UsageError
from fieldguide.settings.checking import baseline_faults, check_settings
from fieldguide.settings.configuration import Found, read_repository_file, read_user_file, user_file
from fieldguide.settings.hosts import hosts
from fieldguide.settings.keys import key_source, with_key
from fieldguide.settings.options import BY_NAME, EXCLUSIVE
from fieldguide.settings.provider import Chosen, choose
from fieldguide.settings.quoting import quoted
from fieldguide.settings.redaction import hiding
from fieldguide.settings.sources import from_command_line, from_dotenv, from_variables
from fieldguide.settings.spelling import nearest
from fieldguide.settings.stronger import stronger_choice, stronger_faults
from fieldguide.settings.structure import (
    Action,
    OutputSettings,
    ScanSettings,
    Settings,
    TerminalSettings,
)
from fieldguide.settings.values import Fault, Layer, Values, validate

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fieldguide.domain.model import ModelChoice
    from fieldguide.domain.report import Note
    from fieldguide.settings.arguments import Arguments
    from fieldguide.settings.structure import RedactionSettings


_ASKING_NOBODY = frozenset({Action.LEDGER, Action.CACHE, Action.CHECK})
"""Actions that no model is chosen for."""


def resolve(arguments: Arguments) -> Settings:
    """Return the settings of a run.

    The order is flags, environment, `.env` of the working directory, TOML of the documented directory, the user's own
    TOML, defaults; the documented directory's may set only what concerns its own files.

    Raises:
        UsageError: The directory is missing or is none.
        ConfigurationError: Settings do not hold; every one is listed.

    """
    directory = _directory(arguments.directory) if arguments.directory else Path.cwd()
    found, faults, notes = _layers(arguments, directory)
    layers, clashes = _settle(found)
    values, invalid = validate(layers)
    flags = frozenset(field for layer in layers if layer.flags for field in layer.values)
    origin = partial(_origin, layers)
    source = key_source(values, origin)
    if source.layer:
        layers = (*source.layer, *layers)
        values, origin = validate(layers)[0], partial(_origin, layers)
    # Who was meant cannot be known where the word for it does not hold; and some commands ask nobody.
    unknown = "provider" in invalid or "azure_auth" in invalid or arguments.action in _ASKING_NOBODY
    allowed = hosts(values.allow_host, origin("allow_host"))
    chosen = Chosen() if unknown else choose(values, origin, from_flags=flags, allowed=allowed.named)
    hidden = hiding(values, origin)
    faults = (*faults, *clashes, *invalid.values(), *_paths(values, layers), *_prices(values, origin))
    faults = (
        *faults,
        *baseline_faults(values, origin),
        *hidden.faults,
        *allowed.faults,
        *source.faults,
        *chosen.faults,
        *stronger_faults(values, origin, chosen.model),
    )
    if faults:
        raise _error(faults)
    model = with_key(chosen.model, source, layers, wanted=arguments.action in {Action.DOCUMENT, Action.BATCH})
    decided = _Decided(
        directory,
        hidden.settings,
        model,
        stronger_choice(values, model),
        _state(found),
        allowed.named,
        (*notes, *chosen.notes),
    )
    return _settings(values, layers, arguments, decided)


class _Decided(NamedTuple):
    """What took more than one value to settle."""

    directory: Path
    redaction: RedactionSettings
    model: ModelChoice | None
    stronger: ModelChoice | None
    state: Path
    allowed_hosts: frozenset[str]
    notes: tuple[Note, ...]


def _settings(values: Values, layers: Sequence[Layer], arguments: Arguments, decided: _Decided) -> Settings:
    action = Action(arguments.action)
    trusted = not _by_repository(layers, "include")
    return Settings(
        **decided._asdict(),
        action=action,
        operation=arguments.operation,
        scan=ScanSettings(values.include, values.exclude, values.max_file_size, trusted=trusted),
        output=OutputSettings(values.output, values.stdout, values.replace),
        check=check_settings(values, arguments.files, decided.directory),
        limits=_limits(values),
        prompts=values.prompts,
        show_prompts=values.show_prompts,
        wait=values.wait,
        jobs=values.jobs,
        cache=_cache(values, action),
        terminal=TerminalSettings(values.verbose, values.quiet, values.json_report, values.log_file),
    )


def _directory(text: str) -> Path:
    path = Path(text)
    try:
        if path.is_dir():
            return path.resolve()
        exists = path.exists()
    except OSError as error:
        fact = f"directory {quoted(text)} cannot be opened: {error.strerror}"
        raise UsageError(fact, hint="check its name and its permissions") from error
    if exists:
        hint = f"name the directory that it lies in: `fieldguide {path.parent}`"
        fact = f"{quoted(text)} is a file, not a directory"
        raise UsageError(fact, hint=hint)
    parent = path.parent
    siblings = [entry.name for entry in parent.iterdir() if entry.is_dir()] if os.access(parent, os.R_OK) else []
    near = nearest(path.name, siblings)
    hint = f"did you mean {quoted(parent / near)}?" if near else "name one that exists: `fieldguide .` takes this one"
    fact = f"directory {quoted(text)} does not exist"
    raise UsageError(fact, hint=hint)


def _layers(arguments: Arguments, directory: Path) -> tuple[tuple[Layer, ...], tuple[Fault, ...], tuple[Note, ...]]:
    here = Path.cwd()
    flags = from_command_line(arguments, here)
    environment = from_variables(os.environ, here)
    dotenv = from_dotenv(here)
    # The cache is no matter of the directory that one happens to stand in.
    repository = read_repository_file(directory) if arguments.directory else Found()
    trusted = (flags, environment.layer, dotenv.layer)
    named = next((layer for layer in trusted if "config" in layer.values), None)
    path = named.values["config"] if named is not None else user_file()
    user = read_user_file(Path(str(path)), named_by=named.origins["config"] if named is not None else "")
    found = (environment, dotenv, repository, user)
    return (
        (flags, *(place.layer for place in found)),
        tuple(fault for place in found for fault in place.faults),
        tuple(note for place in found for note in place.notes),
    )


def _settle(layers: Sequence[Layer]) -> tuple[tuple[Layer, ...], tuple[Fault, ...]]:
    """Let the stronger place decide between options that exclude each other; in one place both are a fault."""
    faults: list[Fault] = []
    settled = list(layers)
    for pair in EXCLUSIVE:
        first, second = (BY_NAME[name].field for name in pair)
        decided = ""
        for index, layer in enumerate(settled):
            said = [field for field in (first, second) if _is_on(layer, field)]
            if decided:
                settled[index] = layer.without(frozenset({first, second} - {decided}))
            elif len(said) == len(pair):
                both = f"`{layer.origins[first]}` and `{layer.origins[second]}`"
                faults.append(Fault(f"{both} exclude each other", "give only one of them"))
                decided = first
            elif said:
                decided = said[0]
    return tuple(settled), tuple(faults)


def _is_on(layer: Layer, field: str) -> bool:
    value = layer.values.get(field)
    return value is not None and str(value).lower() not in {"false", "0", "no", "off", "f", "n"}


def _by_repository(layers: Sequence[Layer], field: str) -> bool:
    """Whether the documented directory decided a field."""
    return next((layer.repository for layer in layers if field in layer.values), False)


def _origin(layers: Sequence[Layer], field: str) -> str:
    return next((layer.origins[field] for layer in layers if field in layer.values), "")


def _paths(values: Values, layers: Sequence[Layer]) -> tuple[Fault, ...]:
    """Check what has to lie on the disk already."""
    faults: list[Fault] = []
    if values.prompts is not None and not values.prompts.is_dir():
        fact = f"`{_origin(layers, 'prompts')}` is {quoted(values.prompts)}, which is not a directory"
        faults.append(Fault(fact, "name a directory of prompt files"))
    for field, path, name in (
        ("output", values.output, "README.md"),
        ("redaction_report", values.redaction_report, "redactions.sarif"),
    ):
        if path is not None and path.is_dir():
            fact = f"`{_origin(layers, field)}` is {quoted(path)}, which is a directory"
            faults.append(Fault(fact, f"name the file: {quoted(path / name)}"))
    written = (("output", values.output), ("log_file", values.log_file), ("redaction_report", values.redaction_report))
    for field, path in written:
        if path is not None and not path.parent.is_dir():
            fact = f"`{_origin(layers, field)}` is {quoted(path)}, whose directory does not exist"
            faults.append(Fault(fact, f"make it: `mkdir -p {path.parent}`"))
    return tuple(faults)


def _prices(values: Values, origin: Callable[[str], str]) -> tuple[Fault, ...]:
    """A price of prompts alone, or of replies alone, makes no sum."""
    both = {"price_in": values.price_in, "price_out": values.price_out}
    said = [field for field, value in both.items() if value is not None]
    if len(said) != 1:
        return ()
    other = BY_NAME["price-out" if said == ["price_in"] else "price-in"].flag
    return (Fault(f"`{origin(said[0])}` is given without `{other}`", f"give `{other}` too; a price may be 0"),)


def _limits(values: Values) -> Limits:
    return Limits(
        requests_per_minute=values.rpm,
        tokens_per_minute=values.tpm,
        max_cost=values.max_cost,
        max_tokens=values.max_tokens,
        concurrency=values.concurrency,
        price_in=values.price_in,
        price_out=values.price_out,
    )


def _cache(values: Values, action: Action) -> Path | None:
    # A variable may say so for every run; what a batch brings has to be kept all the same, and shown where it is.
    if values.no_cache and action in {Action.DOCUMENT, Action.PLAN, Action.CHECK}:
        return None
    if values.cache_dir is not None:
        return values.cache_dir
    # Imported here: a run that names its cache does not need it.
    from platformdirs import user_cache_path  # noqa: PLC0415

    return user_cache_path("fieldguide")


def _state(layers: Sequence[Layer]) -> Path:
    """Where the ledger is kept: what left must be on record, so `--no-cache` neither prevents nor moves it."""
    named = next((str(layer.values["cache_dir"]) for layer in layers if "cache_dir" in layer.values), "")
    if named.strip(".") and "\0" not in named:
        return Path(named)
    # Imported here: a run that names its cache does not need it.
    from platformdirs import user_state_path  # noqa: PLC0415

    return user_state_path("fieldguide")


def _error(faults: Sequence[Fault]) -> ConfigurationError:
    unique = list(dict.fromkeys(faults))
    hints = dict.fromkeys(fault.hint for fault in unique)
    return ConfigurationError("\n".join(fault.fact for fault in unique), hint="; ".join(hints))
