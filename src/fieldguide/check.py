"""The story of a check: settings → scan → analyse → read documents → resolve → judge → show.

Comes in: `Settings` and an observer of events.
Goes out: a `CheckReport`.
Must never: print; send anything; write but with `--fix` and `--write-baseline`; show a line that was not searched for
secrets.

The code is analysed as it stands, without the search for secrets that a run with a model makes first, since none of it
leaves: what is shown is searched instead (`fieldguide.showing`). What is kept of such a reading lies in a folder of the
cache that no other command reads, open to the user alone.
"""

from __future__ import annotations

import os
from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from fieldguide.analyse import FactsCache
from fieldguide.answers import Answer, earlier_answer, keep_answer, world_digest
from fieldguide.documented import Documented, selection
from fieldguide.domain.checks import CheckReport
from fieldguide.domain.report import Observer, Progress
from fieldguide.found import find
from fieldguide.hiding import Reader
from fieldguide.mend import Mending, mend
from fieldguide.protection import engine_rules, redactor
from fieldguide.publish import write_page
from fieldguide.showing import Curtain
from fieldguide.verify.baseline import baseline_text, beyond, read_baseline
from fieldguide.verify.checking import check_documents, with_doubtful
from fieldguide.verify.ignoring import unexplained
from fieldguide.workers import Workers

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from fieldguide.found import Found
    from fieldguide.settings import Settings

FOLDER: Final = "check"
"""Of the cache."""
RESOLVING: Final = "checking references"
_ONLY_MINE: Final = 0o700


def check(settings: Settings, observer: Observer) -> CheckReport:
    """Check the documentation of `settings.directory` against its code.

    Raises:
        UsageError: A document that is named is none that is read.
        ConfigurationError: The baseline is none.
        PublishError: What was to be written cannot be.
    """
    chosen = settings.check
    with ExitStack() as stack:
        rules = stack.enter_context(engine_rules(settings))
        workers = stack.enter_context(Workers(settings.jobs))
        cache = FactsCache(_own_folder(settings.cache))
        reader = Reader(settings.directory, redactor(settings, rules))
        found = find(settings.directory, selection(settings), observer)

        def read() -> Documented:
            return Documented.read(settings, found, reader, cache, workers, observer)

        tree = read() if chosen.coverage else None
        answer = _answer(settings, found, cache, lambda: tree or read(), observer)
        checked = with_doubtful(answer.checked) if chosen.doubtful else answer.checked
        mending = mend(settings.directory, checked.faults) if chosen.fix else Mending()
        left = tuple(one for one in checked.faults if one not in mending.faults)
        curtain = Curtain(reader, found.files, cache, workers, observer)
        shown, (changes,) = curtain.hide((*left, *mending.faults), mending.changes)
    report = CheckReport(
        checked=replace(checked, faults=shown[: len(left)]),
        mended=shown[len(left) :],
        stale=answer.stale,
        changes=changes,
        coverage=tree.coverage() if tree else None,
        threshold=chosen.threshold,
        unexplained=answer.unexplained,
    )
    return _against_baseline(report, settings)


def _answer(
    settings: Settings, found: Found, cache: FactsCache, read: Callable[[], Documented], observer: Observer
) -> Answer:
    """What the documents came to: as it is remembered, else by checking them."""
    root = settings.directory
    world = world_digest(root, found, settings.check.files, os.environ.get("VIRTUAL_ENV", ""))
    answer = earlier_answer(cache, root, world)
    if answer is None:
        tree = read()
        observer(Progress(RESOLVING))
        checked = check_documents(tree.chosen, tree.documents.values(), tree.resolver(), tree.occurring)
        answer = Answer(checked, unexplained(tree.chosen), tree.stale())
        keep_answer(cache, root, world, answer)
    return answer


def _own_folder(cache: Path | None) -> Path | None:
    """The folder of the cache for readings in which nothing is hidden; only its user may enter it."""
    if cache is None:
        return None
    folder = cache / FOLDER
    folder.mkdir(mode=_ONLY_MINE, parents=True, exist_ok=True)
    return folder


def _against_baseline(report: CheckReport, settings: Settings) -> CheckReport:
    """Write the baseline where that is wanted, or set aside what it lists.

    Raises:
        ConfigurationError: It is none.
        PublishError: It cannot be written.
    """
    path, checked = settings.check.baseline, report.checked
    if path is None:
        return report
    if settings.check.write_baseline:
        write_page(path, baseline_text(checked.faults), keep_old=False, root=settings.directory)
        return replace(report, baseline=str(path), listed=len(checked.faults))
    new, outlived = beyond(checked.faults, read_baseline(path.read_bytes(), str(path)))
    aside = checked.ignored + len(checked.faults) - len(new)
    return replace(report, checked=replace(checked, faults=new, ignored=aside), outlived=outlived)
