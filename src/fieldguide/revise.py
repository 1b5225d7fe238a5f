"""Plans a revision: after a small change the page's prose is brought up to date, not bought anew.

Comes in: a `Purchase`, the page as it stands, what was kept of earlier pages.
Goes out: a `Revision`: what has changed, and the request for the sections that are no longer true.
Must never: send anything; revise what was revised so often that it has become another code's page.

What was read of the code, passage by passage, is kept as digests with the prose that was written from it (`Basis`),
under the digest that the page carries. Notes on files and packages are none of a revision's business: they are
brought up to date when the page is written whole again.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from fieldguide.domain.basis import Basis, Changes
from fieldguide.domain.page import Prose
from fieldguide.domain.request import Request
from fieldguide.domain.source import Role
from fieldguide.domain.work import Purpose
from fieldguide.plan import FACTS, NAMES, Held, closed_up, compare, marked, name_digest, token_counter
from fieldguide.verify import verify_prose
from fieldguide.write import PageShelf, Reviser, load_prompts, render_request, revision_request

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from fieldguide.domain.page import ExistingPage
    from fieldguide.domain.symbols import Symbol
    from fieldguide.gather import Gathered
    from fieldguide.purchase import PageDesk, Purchase
    from fieldguide.write import NoteShelf, Prompts

NO_PROSE: Final = Prose({}, {})
AT_ONCE: Final = 0.25
"""Of what a page rests on: as much may have changed for a revision."""
SINCE_WHOLE: Final = 0.30
"""As much may have been changed by revisions since the page was written whole, one after the other."""
MOST_TOKENS: Final = 16_000
"""Of a request for a revision: more of the code is not weighed well against one page."""
WORTH: Final = 0.5
"""Of the tokens of all requests for a whole page: what would take more is bought whole."""


@dataclass(frozen=True, slots=True)
class Revision:
    """What becomes of a page whose code has changed a little."""

    basis: Basis
    """Of the prose as it stands."""
    changes: Changes
    request: Request | None = None
    """`None` where nothing has changed that the prose rests on."""
    tokens: int = 0
    """Of the request."""

    def basis_after(self, purchase: Purchase) -> Basis:
        """What the revised prose rests on; the prose itself is still the earlier one."""
        return replace(
            self.basis,
            digest=purchase.digest,
            material=self.changes.material,
            characters=self.changes.whole,
            drift=self.basis.drift + self.changes.characters,
            revised=True,
        )


def kept_answer(purchase: Purchase, pages: PageShelf) -> Basis | None:
    """The prose of a revision that answers exactly this purchase, where it was kept."""
    kept = pages.get(purchase.digest) if purchase.digest else None
    return kept if kept is not None and kept.revised and kept.digest == purchase.digest else None


def revision_for(purchase: Purchase, page: ExistingPage | None, pages: PageShelf, shelf: NoteShelf) -> Revision | None:
    """Plan a revision; `None` where the page has to be written whole."""
    front, prompts = purchase.front, load_prompts(purchase.terms.prompts)
    basis = _basis(page, purchase.terms.page, pages)
    if front is None or basis is None or basis.terms != _terms(purchase, prompts):
        return None
    if basis.digest == purchase.digest or not basis.prose.sections:
        return None  # what it lacks may be had now
    changes = compare(basis, _held(purchase, front), _symbols(front.gathered))
    if changes.none or _too_much(basis, changes):
        return Revision(basis, changes) if changes.none else None
    request = _request(purchase, front, basis, changes, shelf)
    payload = render_request(request)
    tokens = token_counter(purchase.terms.choice).count(payload)
    room = min(MOST_TOKENS, purchase.terms.request_tokens - purchase.terms.choice.reply_tokens)
    # A secret in the user's own prompt is what the whole request is refused for.
    fits = tokens <= min(room, WORTH * purchase.outline.input_tokens) and not front.gathered.last_look.certain(payload)
    wanted = fits and not shelf.refused([request.digest])
    return Revision(basis, changes, request, tokens) if wanted else None


def basis_of(purchase: Purchase) -> Basis | None:
    """What a page rests on that was written whole, without its prose; `None` where nothing can be said of it."""
    if purchase.front is None:
        return None
    material, characters = marked(_held(purchase, purchase.front))
    prompts = load_prompts(purchase.terms.prompts)
    return Basis(purchase.digest, _terms(purchase, prompts), NO_PROSE, material, characters)


def _basis(page: ExistingPage | None, path: str, pages: PageShelf) -> Basis | None:
    """Of the page on disk; where that has no prose of a model's, of what was last written there."""
    sections = [one for one in page.sections if one.request_digest] if page is not None else []
    untouched = [one for one in sections if not one.edited]
    digests = {one.request_digest for one in untouched or sections}
    if not digests:
        return pages.latest(path)
    return pages.get(digests.pop()) if len(digests) == 1 else None


def _too_much(basis: Basis, changes: Changes) -> bool:
    whole = max(1, basis.characters)
    return changes.characters > AT_ONCE * whole or basis.drift + changes.characters > SINCE_WHOLE * whole


def _request(purchase: Purchase, front: PageDesk, basis: Basis, changes: Changes, shelf: NoteShelf) -> Request:
    terms, codebase, look = purchase.terms, front.gathered.codebase, front.gathered.last_look
    keys = {f"file:{one.path}": one.path for one in changes.files if not one.new and one.role is Role.SOURCE}
    noted = shelf.earlier_notes(list(keys) if purchase.work is not None else [])
    evidence, read, installed = purchase.outline.evidence, front.gathered.read, front.gathered.installed
    findings = verify_prose(basis.prose, codebase, evidence=evidence, read=read, installed=installed).findings
    return revision_request(
        Reviser(codebase.name, terms.choice, load_prompts(terms.prompts), look.seal),
        basis.prose,
        changes,
        notes={keys[key]: note for key, note in noted.items() if note},
        gone=list(dict.fromkeys(one.reference.text for one in findings)),
    )


def _held(purchase: Purchase, front: PageDesk) -> Iterator[Held]:
    """All that a page rests on: the lines of code and documents that a model gets to see, facts, names to describe."""
    shown: dict[str, list[tuple[int, int]]] = defaultdict(list)
    roles: dict[str, Role] = {}
    for topic in (topic for errand in (purchase.work.errands if purchase.work else ()) for topic in errand.topics):
        for piece in topic.pieces if topic.purpose is Purpose.FILE else ():
            shown[piece.span.path].append((piece.span.first, piece.span.last))
            roles[piece.span.path] = piece.role
    for one in purchase.outline.evidence:
        if purchase.work is None or one.role is not Role.SOURCE:
            shown[one.span.path].append((one.span.first, one.span.last))
            roles[one.span.path] = one.role
    for path, spans in shown.items():
        text = front.gathered.read(path)
        if text is not None:
            lines = (closed_up(text) if roles[path] is Role.DOCUMENTATION else text).text.split("\n")
            within = tuple((first, min(last, len(lines))) for first, last in spans)
            yield Held(path, roles[path], lines, within)
    for key, lines in ((FACTS, front.facts.split("\n")), (NAMES, list(front.undescribed))):
        yield Held(key, Role.DOCUMENTATION, lines, ((1, len(lines)),))


def _symbols(gathered: Gathered) -> Callable[[str], Sequence[Symbol]]:
    by_path: Mapping[str, list[Symbol]] = defaultdict(list)
    for symbol in gathered.codebase.symbols.values():
        by_path[symbol.span.path].append(symbol)
    return lambda path: by_path.get(path, ())


def _terms(purchase: Purchase, prompts: Prompts) -> str:
    """Digest of what shapes a page besides its code."""
    choice = purchase.terms.choice
    shaping = [
        [prompts.system, prompts.readme, prompts.files, prompts.package],
        [choice.provider.value, choice.model, choice.family, choice.temperature, choice.reply_tokens],
    ]
    if (stronger := purchase.terms.stronger) is not None:
        shaping.append([stronger.provider.value, stronger.model, stronger.family])
    return hashlib.blake2b(json.dumps(shaping).encode(), digest_size=16).hexdigest()


def topics_without(purchase: Purchase, basis: Basis, changes: Changes) -> dict[str, str]:
    """Why the page goes without notes that could not be had when it was written whole, by topic's key.

    A file that has changed since went into the revision itself.
    """
    errands = purchase.work.errands if purchase.work else ()
    keys = [topic.key for errand in errands for topic in errand.topics]
    digests = {key: name_digest(key) for key in keys} if basis.without else {}
    changed = {f"file:{one.path}" for one in changes.files}
    return {
        key: basis.without[digest]
        for key, digest in digests.items()
        if digest in basis.without and key.partition("#")[0] not in changed
    }
