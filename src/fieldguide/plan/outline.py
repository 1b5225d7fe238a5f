"""Decides what a page will hold, and what the model gets to see for it, before anything is sent or written.

Comes in: a `Codebase`, the model's choice, a way to read a file's redacted text.
Goes out: an `Outline` with the evidence of one request, or with the reason why there is none.
Must never: call a model; cut a file; hold more text than the model's window takes.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from fieldguide.domain.page import Evidence, Outline
from fieldguide.domain.sections import FACTS_ONLY, WITH_MODEL
from fieldguide.domain.source import Role, Span
from fieldguide.plan.candidates import Candidate, candidates, generated
from fieldguide.plan.evidence import closed_up
from fieldguide.plan.limits import context_window
from fieldguide.plan.tokens import TokenCounter, encoding_name, token_counter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from fieldguide.domain.codebase import Codebase
    from fieldguide.domain.model import ModelChoice
    from fieldguide.domain.redacted import RedactedText

    Read = Callable[[str], RedactedText | None]

PROMPT_TOKENS: Final = 2_500
"""Reserved for the prompt's own words and the chat format; the shipped prompts take less (a test holds them to it)."""

FACTS_TOKENS: Final = 6_000
"""Reserved for the fact sections where they have not been rendered yet."""

FILE_TOKENS: Final = 30
"""Reserved a file for its heading and fences."""

DOCUMENTATION_TOKENS: Final = 12_000
"""Most tokens of hand-written documentation: it helps with the purpose, the code says the rest."""

BYTES_A_TOKEN: Final = 10
"""No text averages more: a file above this many bytes for each token of the room left is not even read."""


NO_CODE: Final = "there is no source code to write about"


def make_outline(
    codebase: Codebase,
    *,
    page: str,
    choice: ModelChoice | None,
    read: Read,
    facts: str | None = None,
    most: int | None = None,
) -> Outline:
    """Plan the page at `page`, and choose the evidence when a model is to write its prose.

    While all source modules fit one request it is one; else `Outline.refused` says what is needed. Manifests, examples
    and documentation are added as far as there is room.

    Args:
        codebase: What is known of the code.
        page: Path of the page, relative to the documented directory.
        choice: The model; `None` for a page of facts alone.
        read: Gives the redacted text of a path, `None` when it can no longer be read.
        facts: Markdown of the fact sections, which goes along in the request; `None` when it is not known yet.
        most: Tokens of prompt and reply that the request may have, where that is less than the model's window.
    """
    if choice is None:
        return Outline(page, FACTS_ONLY)
    counter, window = token_counter(choice), context_window(choice)
    beside = PROMPT_TOKENS + (FACTS_TOKENS if facts is None else counter.count(facts))
    most = window.tokens if most is None else min(window.tokens, most)
    selection = _Selection(counter, read, room=most - choice.reply_tokens - beside)
    needed = _take_required(selection, [one for one in candidates(codebase) if one.required])
    plain = Outline(page, FACTS_ONLY, window=window.tokens, assumed=assumptions(choice))
    if not needed:
        return replace(plain, refused=NO_CODE)
    if needed > selection.room:
        whole = needed + beside + choice.reply_tokens
        return replace(plain, refused=too_large(choice, whole, most, about=selection.overflowed))
    left_out = _take_optional(selection, (one for one in candidates(codebase) if not one.required))
    return replace(
        plain,
        sections=WITH_MODEL,
        evidence=tuple(selection.evidence),
        input_tokens=selection.used + beside,
        output_tokens=choice.reply_tokens,
        requests=1,
        left_out=(*left_out, *generated(codebase)),
    )


def weigh(outline: Outline, payload: str, choice: ModelChoice, *, most: int | None = None) -> Outline:
    """Replace the estimate of an outline by the tokens of the finished payload, and refuse it when it does not fit."""
    most = outline.window if most is None else min(outline.window, most)
    if not outline.requests:
        return outline
    tokens = token_counter(choice).count(payload)
    needed = tokens + outline.output_tokens
    if needed <= most:
        return replace(outline, input_tokens=tokens)
    return Outline(
        outline.path,
        FACTS_ONLY,
        window=outline.window,
        assumed=outline.assumed,
        refused=too_large(choice, needed, most, about=False),
    )


@dataclass(slots=True)
class _Selection:
    """Evidence as it grows. Once it has overflowed it holds no text any more."""

    counter: TokenCounter
    read: Read
    room: int
    used: int = 0
    overflowed: bool = False
    evidence: list[Evidence] = field(default_factory=list[Evidence])

    def fetch(self, candidate: Candidate) -> Evidence | None:
        """Read a candidate whole; `None` when it cannot be read any more or says nothing."""
        text = self.read(candidate.path)
        if text is None:
            return None
        if candidate.role is Role.DOCUMENTATION:
            text = closed_up(text)
        span = candidate.span or Span(candidate.path, 1, len(text.text.rstrip("\n").split("\n")))
        part = text.lines(span.first, span.last) if candidate.span else text
        if not part.text.strip():
            return None
        return Evidence(span, part, self.counter.count(part.text) + FILE_TOKENS, candidate.role)

    def add(self, evidence: Evidence) -> None:
        self.evidence.append(evidence)
        self.used += evidence.tokens


def _take_required(selection: _Selection, required: list[Candidate]) -> int:
    """Take every required candidate and return the tokens that they need.

    When they do not fit the rest is estimated from its size, at the rate of what was read so far, and not read.
    """
    read_bytes = 0
    for place, candidate in enumerate(required):
        evidence = selection.fetch(candidate)
        read_bytes += candidate.size
        if evidence is None:
            continue
        if selection.used + evidence.tokens > selection.room:
            needed = selection.used + evidence.tokens
            rest = sum(one.size for one in required[place + 1 :])
            selection.overflowed = rest > 0
            selection.evidence.clear()
            return needed + round(rest * needed / max(1, read_bytes))
        selection.add(evidence)
    return selection.used


def _take_optional(selection: _Selection, optional: Iterable[Candidate]) -> list[str]:
    """Take what there is room for, in its order, and return the paths of what there is none for."""
    left_out: list[str] = []
    documentation = 0
    for candidate in optional:
        prose = candidate.role is Role.DOCUMENTATION
        room = min(selection.room - selection.used, DOCUMENTATION_TOKENS - documentation if prose else selection.room)
        evidence = None
        if candidate.size <= room * BYTES_A_TOKEN:
            evidence = selection.fetch(candidate)
            if evidence is None:
                continue
        if evidence is None or evidence.tokens > room:
            left_out.append(candidate.path)
            continue
        documentation += evidence.tokens if prose else 0
        selection.add(evidence)
    return left_out


def too_large(choice: ModelChoice, needed: int, window: int, *, about: bool, quota: bool = False) -> str:
    """Say what a request needs, and what the model takes, or a minute of its `quota`."""
    amount = f"about {_rounded(needed):,}" if about else f"{needed:,}"
    taker = "a minute of the quota" if quota else f"`{choice.underlying}`"
    return f"the code needs {amount} tokens with prompt and reply, {taker} takes {window:,}"


def _rounded(tokens: int) -> int:
    """Two figures: an estimate is not known better than that."""
    step = 10 ** max(0, len(str(tokens)) - 2)
    return round(tokens / step) * step


def assumptions(choice: ModelChoice) -> str:
    """What is not known of the model and is assumed instead; empty when everything is known."""
    unknown: list[str] = []
    window = context_window(choice)
    if window.assumed:
        unknown.append(
            f"its context window is not known, {window.tokens:,} tokens are assumed (--context-window says better)"
        )
    if encoding_name(choice.underlying) is None:
        unknown.append("its tokenizer is not known, so tokens are counted with a margin of a quarter")
    return f"`{choice.underlying}`: {'; '.join(unknown)}" if unknown else ""
