"""What `fieldguide check` is told: which documents, and where the faults that are known are listed.

Comes in: validated values, and the documents that the command line names. Goes out: `CheckSettings`, and faults.
Must never: take a document from outside of the directory; read one.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from fieldguide.errors import UsageError
from fieldguide.settings.quoting import quoted
from fieldguide.settings.spelling import nearest
from fieldguide.settings.structure import CheckSettings
from fieldguide.settings.values import Fault

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fieldguide.settings.values import Values


def check_settings(values: Values, files: Sequence[str], directory: Path) -> CheckSettings:
    """Return what `check` is to do; `files` are named from the working directory or from the directory.

    Raises:
        UsageError: A document does not exist, or lies outside of the directory.
    """
    return CheckSettings(
        files=tuple(_document(file, directory) for file in files),
        form="json" if values.json_report else values.report_form,
        baseline=values.baseline,
        write_baseline=values.write_baseline,
        doubtful=values.doubtful,
        fix=values.fix,
        coverage=values.coverage or values.coverage_threshold is not None,
        threshold=values.coverage_threshold,
    )


def baseline_faults(values: Values, origin: Callable[[str], str]) -> tuple[Fault, ...]:
    """A baseline is read where it is there, and written where that is said."""
    path = values.baseline
    if path is None:
        fact = f"`{origin('write_baseline')}` is given without `--baseline`"
        return (Fault(fact, "name the file: `--baseline fieldguide-baseline.json`"),) if values.write_baseline else ()
    if path.is_file() or (values.write_baseline and not path.exists() and path.parent.is_dir()):
        return ()
    named = f"`{origin('baseline')}` is {quoted(path)}, which"
    if path.exists():
        return (Fault(f"{named} is no file", "name a file: `--baseline fieldguide-baseline.json`"),)
    if values.write_baseline:
        return (Fault(f"{named} lies in no directory", f"make it: `mkdir -p {path.parent}`"),)
    return (Fault(f"{named} does not exist", "write it once with `--write-baseline`"),)


def _document(text: str, directory: Path) -> Path:
    for base in (Path.cwd(), directory):
        path = Path(os.path.normpath(base / text))
        if path.exists() and path.resolve().is_relative_to(directory):
            return path.resolve()
    if (Path.cwd() / text).exists():
        fact = f"{quoted(text)} does not lie in {quoted(directory)}"
        raise UsageError(fact, hint="name the directory that both the code and the document lie in")
    parent = (Path.cwd() / text).parent
    near = nearest(Path(text).name, [entry.name for entry in parent.iterdir()] if parent.is_dir() else [])
    hint = f"did you mean {quoted(Path(text).parent / near)}?" if near else "name a document that exists"
    fact = f"document {quoted(text)} does not exist"
    raise UsageError(fact, hint=hint)
