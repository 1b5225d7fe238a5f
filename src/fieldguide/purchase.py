"""Plans what is to be bought of a model for a page: one request, or notes from the files up and then the page.

Comes in: a gathered codebase, the model's choice, what the user allows.
Goes out: a `Purchase`: every request that can be known, and the digest by which a page answers it.
Must never: send anything; plan a request that is larger than the model's window or the quota of a minute.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from fieldguide.domain.page import Evidence, Outline
from fieldguide.domain.request import Request
from fieldguide.domain.sections import FACTS_ONLY, WITH_MODEL
from fieldguide.domain.source import Role
from fieldguide.domain.work import Errand, WorkPlan
from fieldguide.errors import ConfigurationError
from fieldguide.gather import Gathered
from fieldguide.plan import (
    NO_CODE,
    NoteSizes,
    Room,
    TokenCounter,
    assumptions,
    closed_up,
    context_window,
    expected,
    labels_of,
    make_outline,
    token_counter,
    too_large,
    weigh,
    work_plan,
)
from fieldguide.terms import Terms
from fieldguide.write import (
    Desk,
    Prompts,
    facts_for_model,
    label_of,
    load_prompts,
    names_text,
    prose_request,
    render_request,
    render_sections,
    undescribed,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fieldguide.domain.page import DraftSection
    from fieldguide.domain.redacted import Redaction

ONE_REQUEST: Final = 40_000
"""Tokens of prompt up to which a page is one request: beyond, notes that are kept make a small change cheap."""
PAGE_FACTS: Final = 3_000
"""Tokens of the facts beside the text that a page's request holds, where it holds notes: what they say is there."""
CHAT_TOKENS: Final = 12
"""For the form of a chat."""
NOTHING_EARLIER: Final = "There is none."
FENCE_TOKENS: Final = 12
"""For the fences around a note."""


@dataclass(frozen=True, slots=True)
class Purchase:
    """What the model will be asked. Without a request and without work `outline.refused` says why there is none."""

    outline: Outline
    terms: Terms
    request: Request | None = None
    """The page's own; of a page that rests on notes it is made when they are there (`page_request`)."""
    payload: str = ""
    """Exactly what would leave for `request`, as people read it."""
    digest: str = ""
    """By which a page says what it answers: of the request, or of everything that its notes rest on."""
    work: WorkPlan | None = None
    """Notes to be had before the page; `None` where the page is one request."""
    front: PageDesk | None = None
    """What the page's request is made with, wherever there is a digest."""
    desk: Desk | None = None
    notes_weigh: NoteSizes = field(default_factory=NoteSizes)
    """As the prompts ask for them."""


@dataclass(frozen=True, slots=True)
class PageDesk:
    """What the request of a page that rests on notes is made with."""

    outline: Outline
    terms: Terms
    gathered: Gathered
    facts: str
    undescribed: Sequence[str]
    needs: Sequence[str]
    """Keys of the topics whose notes go along, best first."""

    def request(self, notes: Mapping[str, str]) -> Request:
        """Make the page's request with as many of the notes as there is room for."""
        counter = token_counter(self.terms.choice)
        bare = self._request([])
        left = self.terms.request_tokens - self.terms.choice.reply_tokens - counter.count(render_request(bare))
        labelled: list[tuple[str, str]] = []
        for key in self.needs:
            if notes.get(key):
                left -= counter.count(f"{label_of(key)}:\n{notes[key]}") + FENCE_TOKENS
                if left < 0:
                    break
                labelled.append((label_of(key), notes[key]))
        return self._request(labelled) if labelled else bare

    def _request(self, notes: Sequence[tuple[str, str]]) -> Request:
        return prose_request(
            self.outline,
            self.gathered.codebase,
            self.terms.choice,
            self.facts,
            prompts=self.terms.prompts,
            seal=self.gathered.last_look.seal,
            undescribed=self.undescribed,
            notes=notes,
        )


def prepare(gathered: Gathered, terms: Terms) -> Purchase:
    """Plan what is asked for the page, exactly as it would be sent; nothing is sent.

    Raises:
        ConfigurationError: The user's prompts do not hold.
    """
    codebase, terms = gathered.codebase, terms.fitted()
    sections = render_sections(codebase, page=terms.page, outline_sections=FACTS_ONLY)
    facts = facts_for_model(sections)
    most = min(terms.request_tokens, ONE_REQUEST + terms.choice.reply_tokens)
    outline = make_outline(codebase, page=terms.page, choice=terms.choice, read=gathered.read, facts=facts, most=most)
    if outline.refused == NO_CODE:
        return Purchase(outline, terms)
    if outline.requests:
        desk = PageDesk(outline, terms, gathered, facts, undescribed(codebase), ())
        request = desk.request({})
        payload = render_request(request)
        if secrets := gathered.last_look.certain(payload):
            return _refused(outline, terms, _secret_left(secrets))
        weighed = weigh(outline, payload, terms.choice, most=most)
        if weighed.requests:
            return Purchase(
                weighed, terms, request, payload, terms.shaping(request.digest), front=replace(desk, outline=weighed)
            )
    return _from_notes(gathered, terms, sections)


def _from_notes(gathered: Gathered, terms: Terms, sections: Sequence[DraftSection]) -> Purchase:
    """Plan notes on every file, from which the page is written."""
    codebase, choice = gathered.codebase, terms.choice
    prompts = load_prompts(terms.prompts)
    _check_notes_field(prompts, terms)
    counter, silent = token_counter(choice), undescribed(codebase)
    room = _room(codebase.name, prompts, terms, counter, silent)
    window = context_window(choice).tokens
    plain = Outline(terms.page, WITH_MODEL, window=window, assumed=assumptions(choice))
    least = room.page_prompt + choice.reply_tokens
    free = room.request - least
    if free <= 0 or room.errand <= 0:
        return _refused(plain, terms, too_large(choice, least, room.request, about=False, quota=terms.quota_is_less))
    facts = _facts_within(sections, counter, min(PAGE_FACTS, free // 2))
    work = work_plan(
        codebase,
        page=terms.page,
        counter=counter,
        room=room,
        read=gathered.read,
        facts_tokens=counter.count(facts),
    )
    return _with_front(gathered, terms, prompts, work, room, plain, facts)


def _with_front(
    gathered: Gathered, terms: Terms, prompts: Prompts, work: WorkPlan, room: Room, plain: Outline, facts: str
) -> Purchase:
    """A planned purchase with its page's errand as that will be sent, but for the notes."""
    codebase, choice = gathered.codebase, terms.choice
    counter = token_counter(choice)
    topic = work.errands[-1].topics[0]
    outline = replace(
        plain,
        evidence=_page_evidence(work, gathered, counter),
        requests=len(work.errands),
        left_out=tuple(path for path, _ in work.left_out),
    )
    front = PageDesk(outline, terms, gathered, facts, undescribed(codebase), topic.needs)
    desk = Desk(codebase.name, choice, prompts, gathered.read, gathered.last_look.seal)
    bare = front.request({})
    payload = render_request(bare)
    if secrets := gathered.last_look.certain(f"{prompts.files}\n{prompts.package}\n{payload}"):
        return _refused(outline, terms, _secret_left(secrets))
    fixed = counter.count(payload) + labels_of(topic.needs, counter)
    page_errand = expected(Errand((topic,), 0, choice.reply_tokens, fixed_tokens=fixed), room.notes_weigh)
    work = replace(work, errands=(*work.errands[:-1], page_errand))
    outline = replace(outline, input_tokens=work.input_tokens, output_tokens=work.output_tokens)
    front = replace(front, outline=outline)
    digest = terms.shaping(desk.tree_digest(work, bare))
    return Purchase(outline, terms, digest=digest, work=work, front=front, desk=desk, notes_weigh=room.notes_weigh)


def _room(project: str, prompts: Prompts, terms: Terms, counter: TokenCounter, silent: Sequence[str]) -> Room:
    """What one request may hold under these terms."""
    choice = terms.choice
    bare = defaultdict(str, project=f"`{project}`", earlier=NOTHING_EARLIER)
    own = {
        name: counter.count(f"{prompts.system}\n{text.format_map(bare)}") + CHAT_TOKENS
        for name, text in (("files", prompts.files), ("package", prompts.package), ("page", prompts.readme))
    }
    return Room(
        request=terms.request_tokens,
        reply=choice.max_output_tokens,
        thinking=choice.reply_tokens - choice.max_output_tokens,
        file_prompt=own["files"],
        package_prompt=own["package"],
        page_prompt=own["page"] + counter.count(names_text(silent, "~" * 8)),
        notes_weigh=NoteSizes.asked(prompts.files, prompts.package),
        minute=terms.minute,
    )


def _facts_within(sections: Sequence[DraftSection], counter: TokenCounter, most: int) -> str:
    """Facts for the model, without the longest sections where they are more than fit."""
    kept = list(sections)
    while counter.count(text := facts_for_model(kept)) > most and kept:
        kept.remove(max(kept, key=lambda one: len(one.markdown)))
    return text


def _page_evidence(work: WorkPlan, gathered: Gathered, counter: TokenCounter) -> tuple[Evidence, ...]:
    """The code and the documents that the page's request holds word for word."""
    found: list[Evidence] = []
    for piece in work.errands[-1].topics[0].pieces:
        text = gathered.read(piece.span.path)
        if text is None:
            continue
        shown = closed_up(text) if piece.role is Role.DOCUMENTATION else text
        part = shown.lines(piece.span.first, piece.span.last)
        found.append(Evidence(piece.span, part, counter.count(part.text), piece.role))
    return tuple(found)


def _check_notes_field(prompts: Prompts, terms: Terms) -> None:
    """Refuse a prompt of the user's that has no place for what the page must rest on.

    Raises:
        ConfigurationError: It has none.
    """
    if "{notes}" not in prompts.readme:
        fact = f"`{terms.prompts}/readme.md` has no field `notes`, and this tree is too large to be sent without notes"
        raise ConfigurationError(fact, hint="declare `notes` in its front matter, and put `{notes}` where they belong")


def _refused(outline: Outline, terms: Terms, reason: str) -> Purchase:
    plain = Outline(outline.path, FACTS_ONLY, window=outline.window, assumed=outline.assumed, refused=reason)
    return Purchase(plain, terms)


def _secret_left(secrets: Sequence[Redaction]) -> str:
    """Why nothing is sent: a secret would leave in the words of the request, the user's own prompts, say."""
    kinds = ", ".join(sorted({one.kind for one in secrets}))
    return f"the finished request holds a secret ({kinds}) that does not come from the files that were read"
