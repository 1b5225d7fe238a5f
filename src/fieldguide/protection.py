"""What hides secrets in a run, as its user wants it, and what a run leaves in the directory that is none of its code.

Comes in: `Settings`. Goes out: a `Redactor`, the place of its engine's rules, globs.
Must never: obey the directory in what is hidden.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from fieldguide.redact import Detector, Redactor, load_key

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from fieldguide.settings import Settings

ENGINE = "rules"
"""Folder of the cache where the engine of redaction keeps its compiled rules."""


@contextmanager
def engine_rules(settings: Settings) -> Generator[Path]:
    """Where the engine's compiled rules lie: in the cache, and without one where they last as long as the run."""
    if settings.cache is not None:
        yield settings.cache / ENGINE
        return
    with TemporaryDirectory(prefix="fieldguide-") as directory:
        yield Path(directory)


def redactor(settings: Settings, rules: Path) -> Redactor:
    """What hides secrets, as the user wants it; the key of the model is one that must not leave in a text either."""
    chosen, model = settings.redaction, settings.model
    detector = Detector(
        level=chosen.level,
        hide=chosen.hide,
        patterns=chosen.patterns,
        engine_cache=rules,
    )
    made = Redactor(chosen.key_bytes or load_key(settings.cache), detector, reviewed=chosen.reviewed)
    key = model.key.get_secret_value() if model and model.key else ""
    return made.knowing([("provider-key", (key,))]) if key else made


def own_files(settings: Settings) -> Iterator[str]:
    """Globs of what a run keeps inside the directory because an option says so: none of it is the project's."""
    for path in (settings.cache, settings.state, settings.terminal.log_file, settings.redaction.report):
        place = path.resolve() if path else settings.directory
        if settings.directory in place.parents:
            yield "/" + re.sub(r"([\\*?\[\]! ])", r"\\\1", place.relative_to(settings.directory).as_posix())
