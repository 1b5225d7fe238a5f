"""The command line: the only place that reads `sys.argv`, prints, and decides exit codes.

Comes in: the words that a person typed. Goes out: the result on standard output, everything else on standard error,
and an exit code.
Must never: import what is slow before it is needed (`--help` and `--version` are answered first); let a traceback be
the answer to a fault that was foreseen.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from fieldguide.domain.redacted import Redaction
    from fieldguide.errors import ExitCode
    from fieldguide.settings import Arguments, Settings
    from fieldguide.terminal.progress import Account

_INTERRUPTED = 130
"""`ExitCode.INTERRUPTED`, without the import that `--help` does not wait for."""
BROKEN_PIPE = 141
"""What a shell reports of a program whose reader has gone: 128 and the number of SIGPIPE."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command that `argv` names (`sys.argv` when it is `None`) and return its exit code."""
    words = list(sys.argv[1:] if argv is None else argv)
    try:
        # Only a process that is wholly ours may be ended from within.
        return _answer(words, heeds_signals=argv is None)
    except BrokenPipeError:
        _drop_output()
        return BROKEN_PIPE
    except KeyboardInterrupt:
        # Before anything was begun, or for the second time.
        from fieldguide.terminal.interruption import forget_interrupt  # noqa: PLC0415  # not on the way to `--help`

        forget_interrupt()
        return _INTERRUPTED
    except OSError as error:
        # A full disk, or a directory taken away while it was read; what a stage foresees it reports itself.
        return _system_error(error)


def _answer(words: list[str], *, heeds_signals: bool) -> int:
    """Answer what needs no settings, and run the rest."""
    options = words[: words.index("--")] if "--" in words else words
    if "--help" in options or "-h" in options:
        return _print_help(options)
    if "--version" in options:
        return _print_version()
    return _guarded(words, heeds_signals=heeds_signals)


def _print_help(words: list[str]) -> int:
    from fieldguide.settings.options import COMMANDS  # noqa: PLC0415  # only for `--help`
    from fieldguide.settings.reference import help_text  # noqa: PLC0415

    command = next((word for word in words if not word.startswith("-")), "")
    print(help_text(command if command in COMMANDS else COMMANDS[0]), end="", flush=True)
    return 0


def _print_version() -> int:
    from importlib.metadata import version  # noqa: PLC0415  # only for `--version`

    print(f"fieldguide {version('fieldguide')}", flush=True)
    return 0


def _guarded(words: list[str], *, heeds_signals: bool) -> int:
    """Run a command, and turn what can go wrong into two lines and an exit code."""
    from fieldguide.errors import FieldguideError, UsageError  # noqa: PLC0415  # not on the way to `--help`
    from fieldguide.process import collect_seldom, leave_memory  # noqa: PLC0415
    from fieldguide.terminal.interruption import Interruption  # noqa: PLC0415
    from fieldguide.terminal.output import say, say_error  # noqa: PLC0415
    from fieldguide.terminal.progress import Account  # noqa: PLC0415

    account = Account()
    interruption = Interruption(account)
    try:
        if heeds_signals:
            interruption.heed()
            collect_seldom()
        code = _run(words, account)
    except FieldguideError as error:
        if isinstance(error, UsageError):
            _say_usage(words)
        say_error(error)
        return error.exit_code
    except KeyboardInterrupt:
        interruption.tell(say)
        if heeds_signals:
            interruption.leave()
        return interruption.exit_code
    except BaseException:
        # What a library makes of Ctrl-C is its own: one in Rust panics where its import is cut short.
        if not (heeds_signals and interruption.came()):
            raise
        interruption.tell(say)
        interruption.leave()
    if heeds_signals:
        leave_memory()
    return code


def _drop_output() -> None:
    from fieldguide.terminal.output import drop_output  # noqa: PLC0415  # not on the way to `--help`

    drop_output()


def _system_error(error: OSError) -> int:
    from fieldguide.errors import ExitCode  # noqa: PLC0415  # not on the way to `--help`
    from fieldguide.terminal.output import say  # noqa: PLC0415

    where = f": `{error.filename}`" if error.filename else ""
    say(f"error: {(error.strerror or 'the system refused').lower()}{where}")
    say("hint: mend that and type the same command again")
    _drop_output()
    return ExitCode.USAGE


def _say_usage(words: list[str]) -> None:
    if not words:
        from fieldguide.settings.reference import usage  # noqa: PLC0415  # not on the way to `--help`
        from fieldguide.terminal.output import say  # noqa: PLC0415

        say(f"{usage('document')}\n       {usage('plan').removeprefix('usage: ')}")


def _run(words: list[str], account: Account) -> ExitCode:
    from fieldguide.process import forbid_core_dumps  # noqa: PLC0415  # not on the way to `--help`
    from fieldguide.settings import resolve  # noqa: PLC0415  # not on the way to `--help`
    from fieldguide.terminal.arguments import parse  # noqa: PLC0415
    from fieldguide.terminal.journal import journal, keeping_log  # noqa: PLC0415

    forbid_core_dumps()
    arguments: Arguments = parse(words)
    settings: Settings = resolve(arguments)
    with keeping_log(settings.terminal.log_file, verbose=settings.terminal.verbose):
        journal().info("%s %s", settings.action, settings.directory)
        try:
            code = _acted(settings, account)
        except KeyboardInterrupt:
            journal().warning("interrupted")
            raise
        journal().info("exit code %d", code)
    return code


def _acted(settings: Settings, account: Account) -> ExitCode:
    """Run the command; a run that secrets end still lists them where that was asked for."""
    from functools import partial  # noqa: PLC0415  # not on the way to `--help`

    from fieldguide.domain.report import SecretsFoundError  # noqa: PLC0415  # not on the way to `--help`

    reading = {
        "document": partial(_document, account),
        "plan": partial(_plan, account),
        "check": partial(_check, account),
        "batch": partial(_batch, account),
    }
    try:
        return (reading | _OTHERS)[settings.action](settings)
    except SecretsFoundError as error:
        _list_redactions(settings, error.redactions)
        raise


def _list_redactions(settings: Settings, redactions: Sequence[Redaction]) -> None:
    if settings.redaction.report is None:
        return
    from fieldguide.terminal.redaction_report import write_redaction_report  # noqa: PLC0415  # only when asked for

    write_redaction_report(settings.redaction.report, redactions, root=settings.directory)


def _document(account: Account, settings: Settings) -> ExitCode:
    from dataclasses import replace  # noqa: PLC0415  # not on the way to `--help`

    from fieldguide import pipeline  # noqa: PLC0415  # imports every stage
    from fieldguide.terminal.machine import run_json  # noqa: PLC0415
    from fieldguide.terminal.output import deliver, say  # noqa: PLC0415
    from fieldguide.terminal.progress import progress  # noqa: PLC0415
    from fieldguide.terminal.summary import run_losses, run_summary  # noqa: PLC0415

    terminal = settings.terminal
    with progress(quiet=terminal.quiet, verbose=terminal.verbose, account=account) as observer:
        for note in settings.notes:
            observer(note)
        report = replace(pipeline.document(settings, observer), spending=account.spending)
    _list_redactions(settings, report.redactions)
    said = run_losses(report) if terminal.quiet else run_summary(report, verbose=terminal.verbose)
    if said:
        say(said)
    if terminal.json:
        deliver(run_json(report))
    else:
        deliver(report.text if settings.output.stdout else f"{report.path}\n")
    return report.exit_code


def _plan(account: Account, settings: Settings) -> ExitCode:
    from fieldguide import pipeline  # noqa: PLC0415  # imports every stage
    from fieldguide.errors import ExitCode  # noqa: PLC0415
    from fieldguide.terminal.machine import plan_json  # noqa: PLC0415
    from fieldguide.terminal.output import deliver  # noqa: PLC0415
    from fieldguide.terminal.progress import progress  # noqa: PLC0415
    from fieldguide.terminal.summary import plan_summary  # noqa: PLC0415

    terminal = settings.terminal
    with progress(quiet=terminal.quiet, verbose=terminal.verbose, account=account) as observer:
        for note in settings.notes:
            observer(note)
        report = pipeline.plan(settings, observer)
    _list_redactions(settings, report.redactions)
    deliver(plan_json(report) if terminal.json else plan_summary(report, verbose=terminal.verbose) + "\n")
    return ExitCode.DONE


def _check(account: Account, settings: Settings) -> ExitCode:
    from fieldguide.check import check  # noqa: PLC0415  # imports most stages
    from fieldguide.terminal.check_forms import told  # noqa: PLC0415  # not on the way to `--help`
    from fieldguide.terminal.check_report import COLOURS  # noqa: PLC0415
    from fieldguide.terminal.output import deliver, wants_colours  # noqa: PLC0415
    from fieldguide.terminal.progress import progress  # noqa: PLC0415

    terminal = settings.terminal
    with progress(quiet=terminal.quiet, verbose=terminal.verbose, account=account) as observer:
        for note in settings.notes:
            observer(note)
        report = check(settings, observer)
    deliver(told(report, settings, colours=wants_colours()), COLOURS)
    return report.exit_code


def _ledger(settings: Settings) -> ExitCode:
    from fieldguide.llm import ledger_file, ledger_key, read_ledger  # noqa: PLC0415  # not on the way to `--help`
    from fieldguide.terminal.ledger_report import ledger_exit_code, ledger_json, ledger_summary  # noqa: PLC0415
    from fieldguide.terminal.output import deliver, say  # noqa: PLC0415

    terminal, key = settings.terminal, settings.redaction.key
    reading = read_ledger(
        ledger_file(settings.state, settings.directory), ledger_key(key.get_secret_value()) if key else None
    )
    summary = ledger_summary(reading, str(settings.directory), verbose=terminal.verbose)
    deliver(ledger_json(reading) if terminal.json else summary + "\n")
    if reading.fault and terminal.json:
        say(f"error: the ledger's chain is broken: {reading.fault}")
    return ledger_exit_code(reading)


def _cache(settings: Settings) -> ExitCode:
    from fieldguide.errors import ExitCode  # noqa: PLC0415  # not on the way to `--help`
    from fieldguide.llm.store_bounds import MAX_BYTES, MAX_DAYS  # noqa: PLC0415
    from fieldguide.terminal.cache_report import cache_json, cache_summary, clear_summary  # noqa: PLC0415
    from fieldguide.terminal.cache_survey import clear, survey  # noqa: PLC0415
    from fieldguide.terminal.output import deliver  # noqa: PLC0415

    # Only a run that documents or plans can be told to keep none.
    directory = cast("Path", settings.cache)
    clears = settings.operation == "clear"
    found = clear(directory) if clears else survey(directory)
    if settings.terminal.json:
        deliver(cache_json(found, settings.operation))
    else:
        shown = clear_summary(found) if clears else cache_summary(found, max_bytes=MAX_BYTES, max_days=MAX_DAYS)
        deliver(f"{shown}\n")
    return ExitCode.DONE


def _batch(account: Account, settings: Settings) -> ExitCode:
    from fieldguide.batch import OPERATIONS  # noqa: PLC0415  # imports every stage
    from fieldguide.terminal.batch_report import batch_json, batch_summary  # noqa: PLC0415
    from fieldguide.terminal.output import deliver  # noqa: PLC0415
    from fieldguide.terminal.progress import progress  # noqa: PLC0415

    terminal = settings.terminal
    with progress(quiet=terminal.quiet, verbose=terminal.verbose, account=account) as observer:
        for note in settings.notes:
            observer(note)
        report = OPERATIONS[settings.operation](settings, observer)
    deliver(batch_json(report) if terminal.json else batch_summary(report, str(settings.directory)) + "\n")
    return report.exit_code


_OTHERS = {"ledger": _ledger, "cache": _cache}
"""By the value of `Action`."""


if __name__ == "__main__":
    sys.exit(main())
