"""The story of a run: settings → scan → redact → analyse → plan → write → verify → publish.

Comes in: `Settings` and an observer of events.
Goes out: a `RunReport`, or a `PlanReport` when nothing is to be written or sent.
Must never: print, read the environment, or know how a stage does its work.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from fieldguide.analyse import FactsCache
from fieldguide.asking import Counter
from fieldguide.buy import Bought, buy, sections_for, usage_of
from fieldguide.demand import holds_prose
from fieldguide.domain.page import Author, Draft, DraftSection, ExistingPage, Finding, Outline
from fieldguide.domain.redacted import PLACEHOLDER, Redaction
from fieldguide.domain.report import Counts, Note, Observer, PlanReport, Progress, RunReport
from fieldguide.domain.sections import FACTS_ONLY, FOOTER_REFERENCES, page_sections
from fieldguide.domain.unseen import seen
from fieldguide.found import Selection
from fieldguide.gather import Gathered, gather
from fieldguide.hiding import Reader
from fieldguide.inspection import inspected, placed, stop_on_secrets, warn_of_secrets
from fieldguide.llm import Ledger, ledger_file, ledger_key
from fieldguide.llm.store_windows import with_learnt_window
from fieldguide.plan import price
from fieldguide.process import collect_if_large
from fieldguide.protection import engine_rules, own_files, redactor
from fieldguide.publish import Written, merge, read_page, write_page
from fieldguide.purchase import Purchase, prepare
from fieldguide.quote import quoted_plan
from fieldguide.readying import load_model, readying
from fieldguide.terms import Terms
from fieldguide.verify import CitedCode, relocated, verify
from fieldguide.workers import Workers
from fieldguide.write import ReplyStore, render_sections

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator

    from fieldguide.settings import Settings

PAGE = "README.md"
STANDARD_OUTPUT = "-"


def document(settings: Settings, observer: Observer) -> RunReport:
    """Write the page of `settings.directory`, and say what was read, sent, paid, checked and left out.

    Raises:
        ConfigurationError: The user's prompts or the provider's package do not hold.
        PublishError: The page cannot be written where it belongs.
        SecretsFoundError: There are secrets in what was read, and the user wants none.
    """
    with engine_rules(settings) as rules:
        started = monotonic()
        return _document(_open(settings, rules, observer, asks=True), settings, observer, started)


def _document(run: _Run, settings: Settings, observer: Observer, started: float) -> RunReport:
    """Buy, check and write the page of a run that is open."""
    existing = read_page(run.target, root=settings.directory)
    merged_with = None if settings.output.replace else existing
    bought = Bought()
    if run.purchase:
        counter = Counter(settings.cache, settings.directory, ledger_of(settings), observer)
        bought = buy(run.purchase, run.gathered, merged_with, counter)
    if holds_prose(merged_with) and not (run.purchase and run.purchase.digest):
        message = "the page's prose, which a model wrote, gives way to facts: no model can be asked for it anew"
        observer(Note(message, warning=True))
    page = _checked_page(run, bought, merged_with, observer)
    written = Written(changed=False, kept=None)
    warn_of_secrets(run.page, existing, run.gathered.last_look, observer)
    if not settings.output.stdout:
        observer(Progress("writing the page"))
        keep = settings.output.replace
        written = write_page(run.target, page.text, keep_old=keep, root=settings.directory, expected=existing)
    return RunReport(
        path=STANDARD_OUTPUT if settings.output.stdout else _as_found(run.target),
        text=page.text,
        changed=written.changed,
        counts=_counts(run.gathered),
        skipped=run.gathered.codebase.skipped,
        redactions=(*run.gathered.codebase.redactions, *page.redactions),
        injections=run.gathered.codebase.injections,
        provider=_provider(settings),
        requests=bought.requests,
        usage=usage_of(bought),
        references_checked=page.checked,
        findings=(*bought.findings, *page.findings),
        missing=bought.missing,
        failure=bought.failure,
        kept=_as_found(written.kept) if written.kept else "",
        seconds=monotonic() - started,
        spending=bought.spending,
    )


def plan(settings: Settings, observer: Observer) -> PlanReport:
    """Say what `document` would read, redact, send and pay; nothing is sent and nothing is written but the cache.

    Raises:
        ConfigurationError: The user's prompts do not hold.
        SecretsFoundError: There are secrets in what was read, and the user wants none.
    """
    with engine_rules(settings) as rules:
        run = _open(settings, rules, observer)
    existing = read_page(run.target, root=settings.directory)
    outline = run.purchase.outline if run.purchase else Outline(run.page, FACTS_ONLY)
    report = PlanReport(
        outline=outline,
        counts=_counts(run.gathered),
        skipped=run.gathered.codebase.skipped,
        redactions=run.gathered.codebase.redactions,
        injections=run.gathered.codebase.injections,
        provider=_provider(settings),
        cost=None,
    )
    if run.purchase is None or not run.purchase.digest:
        return report
    return quoted_plan(
        report, run.purchase, existing, settings.cache, settings.directory, show_prompts=settings.show_prompts
    )


@dataclass(frozen=True, slots=True)
class Opened:
    """What is to be bought for a page, for commands that buy it in another way than `document`."""

    purchase: Purchase | None
    """`None` without a model."""
    page: ExistingPage | None
    ledger: Ledger


@contextmanager
def opened(settings: Settings, observer: Observer) -> Generator[Opened]:
    """Read a directory, and plan what is to be bought for its page; nothing is sent. Raises what `plan` does."""
    with engine_rules(settings) as rules:
        run = _open(settings, rules, observer)
        yield Opened(run.purchase, read_page(run.target, root=settings.directory), ledger_of(settings))


@dataclass(frozen=True, slots=True)
class _Run:
    """A run before anything is bought or written."""

    target: Path
    """Of the page: absolute."""
    page: str
    """The same, relative to the documented directory."""
    directory: Path
    gathered: Gathered
    purchase: Purchase | None
    """`None` without a model."""

    @property
    def way(self) -> str:
        """From the folder of a page outside of the directory to the directory; empty for a page inside."""
        if not self.page.startswith("../"):
            return ""
        return Path(os.path.relpath(self.directory, self.target.parent)).as_posix()

    def read(self, path: str) -> str | None:
        """The redacted text of a file that was read."""
        text = self.gathered.read(path)
        return text.text if text is not None else None


@dataclass(frozen=True, slots=True)
class _CheckedPage:
    """A page in which every reference holds, merged with what a person wrote."""

    text: str
    checked: int
    findings: tuple[Finding, ...]
    redactions: tuple[Redaction, ...]
    """Of what was still secret in sections that were finished."""


def _open(settings: Settings, rules: Path, observer: Observer, *, asks: bool = False) -> _Run:
    """Scan, redact and analyse the directory, and plan what is to be bought for its page, by a run that then `asks`."""
    named = settings.output.path or settings.directory / PAGE
    target = named.parent.resolve() / named.name
    page = Path(os.path.relpath(target, settings.directory)).as_posix()
    gathered = _gathered(settings, rules, page, observer, asks=asks)
    if settings.redaction.fail:
        stop_on_secrets(gathered.codebase.redactions)
    purchase = None
    if settings.model:
        with ReplyStore(settings.cache) as store:
            choice = with_learnt_window(store, settings.model)
        purchase = prepare(gathered, Terms(choice, settings.limits, page, settings.prompts, settings.stronger))
    return _Run(target, page, settings.directory, gathered, purchase)


def _gathered(settings: Settings, rules: Path, page: str, observer: Observer, *, asks: bool) -> Gathered:
    """Read the directory, and load what a model is asked with in the meantime if something of it has changed."""
    chosen, reader = settings.scan, Reader(settings.directory, redactor(settings, rules))
    loads = [reader.redactor.detector.load]
    if settings.model:
        loads.append(partial(load_model, settings.model, asks=asks))
    with readying(*loads) as begin, Workers(settings.jobs) as workers:
        return gather(
            reader,
            Selection(
                chosen.include, (*chosen.exclude, *own_files(settings)), chosen.max_file_size, trusted=chosen.trusted
            ),
            pages=(page,),
            cache=FactsCache(settings.cache),
            workers=workers,
            observer=observer,
            meanwhile=begin,
        )


def ledger_of(settings: Settings) -> Ledger:
    """The record of what leaves of this directory, with prices as the model's provider has them."""
    key, model = settings.redaction.key, settings.model
    return Ledger(
        ledger_file(settings.state, settings.directory),
        ledger_key(key.get_secret_value()) if key else None,
        partial(price, model, limits=settings.limits) if model else None,
    )


def _checked_page(run: _Run, bought: Bought, existing: ExistingPage | None, observer: Observer) -> _CheckedPage:
    """Render the sections, take out what the code does not bear out, and put the rest among the person's words."""
    codebase = run.gathered.codebase
    if bought.page_stands and existing is not None:
        return _CheckedPage(existing.text, 0, (), ())
    observer(Progress("checking references"))
    collect_if_large(len(codebase.symbols))  # what checked the prose refers to itself
    sections = page_sections(sections_for(bought))
    rendered = render_sections(codebase, page=run.page, outline_sections=sections, prose=bought.prose)
    draft = Draft(run.page, tuple(map(_as_rendered, rendered)))
    if run.way:
        draft = relocated(draft, run.way)
    verified = verify(draft, codebase, page=run.page, directory=run.directory.as_posix())
    prose = frozenset(one.key for one in sections if one.author is Author.MODEL)
    clean, hidden = inspected(verified.draft.sections, run.gathered.last_look)
    finished = (_finished(one, verified.checked, prose, bought.digest) for one in clean)
    merged = merge(existing, Draft(run.page, tuple(_with_evidence(finished, run))))
    for key in merged.kept_edits:
        observer(Note(f"the section `{key}` was edited by hand and stays as it is; `--replace` writes it anew"))
    for key in merged.already_there:
        observer(Note(f"the section `{key}` is left out: the page has one of its own"))
    return _CheckedPage(merged.text, verified.checked, verified.findings, placed(run.page, merged.text, hidden))


def _as_rendered(one: DraftSection) -> DraftSection:
    """A section in which code has linked verified prose: its links are checked, its prose already was."""
    return replace(one, section=replace(one.section, author=Author.FACTS))


def _finished(one: DraftSection, checked: int, prose: frozenset[str], digest: str) -> DraftSection:
    """A section with the number of checked references filled in, and the request that bought its prose named."""
    # The digits of a placeholder are the user's own: the same page comes out on another machine without them.
    markdown = PLACEHOLDER.sub(lambda found: found[0].rpartition("_")[0], one.markdown)
    # Facts quote docstrings, and what is hidden in those must not be handed on to whoever reads the page.
    markdown = seen(markdown).replace(FOOTER_REFERENCES, f"{checked:,}")
    return replace(one, markdown=markdown, request_digest=digest if one.section.key in prose else "")


def _with_evidence(sections: Iterable[DraftSection], run: _Run) -> Iterator[DraftSection]:
    """The sections with digests of what they cite; a page outside of the directory is not one that `check` reads."""
    evidence = CitedCode(run.gathered.codebase, run.read)
    for one in sections:
        whole = bool(one.request_digest)
        digests = "" if run.way else evidence.digests(one.markdown, run.page, whole=whole)
        yield replace(one, evidence=digests)


def _counts(gathered: Gathered) -> Counts:
    codebase = gathered.codebase
    return Counts(
        read=len(codebase.files),
        listed=len(codebase.others),
        lines=codebase.lines,
        symbols=len(codebase.symbols),
        from_cache=gathered.from_cache,
    )


def _provider(settings: Settings) -> str:
    model = settings.model
    return f"{model.provider} by {model.chosen_by}" if model else "no model"


def _as_found(path: Path) -> str:
    """A path as the user will find it: from the working directory when it lies below it, else whole."""
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)
