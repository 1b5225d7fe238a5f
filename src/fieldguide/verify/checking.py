"""Checks what documents mention: every mention is resolved, and what does not hold is judged.

Comes in: the documents of a tree, what resolves a mention, and a search for words in the code.
Goes out: `Checked`: faults in the order of their places, and how many mentions hold or cannot be known.
Must never: read a file; report what may stand somewhere in the code.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from fieldguide.domain.documents import Checked, Document, Fault, Mention, State, Verdict
from fieldguide.domain.page import ReferenceKind
from fieldguide.verify.declarations import declared_names, doubted
from fieldguide.verify.doubt import is_doubtful
from fieldguide.verify.ignoring import is_ignored
from fieldguide.verify.judgement import LINKS, Judge, templated_names
from fieldguide.verify.systematic import laid_out_otherwise
from fieldguide.verify.translations import Repetitions

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_OF_NAMES = frozenset({ReferenceKind.NAME, ReferenceKind.IMPORT, ReferenceKind.CALL})

Occurring = Callable[[Collection[str]], Collection[str]]
"""Which of some words stand anywhere in the code."""


class MentionResolver(Protocol):
    """Says what the code says to a mention."""

    def resolve(self, mention: Mention, document: Document) -> Verdict:
        """Return one of three answers."""
        ...

    def settle(self, mention: Mention, verdict: Verdict) -> Verdict:
        """Give a verdict that is to be reported its nearest names, or take it back."""
        ...


class PlaceResolving(Protocol):
    """Says at once what it has to say to a mention."""

    def resolve(self, mention: Mention, document: Document) -> Verdict:
        """Return one of three answers."""
        ...


@dataclass(frozen=True, slots=True)
class Resolution:
    """What is resolved by whom."""

    names: MentionResolver
    places: PlaceResolving

    def resolve(self, mention: Mention, document: Document) -> Verdict:
        """Return what the code says to a mention; of a value, what either knows."""
        if mention.kind in _OF_NAMES:
            return self.names.resolve(mention, document)
        if mention.kind is not ReferenceKind.VALUE:
            return self.places.resolve(mention, document)
        verdict = self.places.resolve(mention, document)
        return verdict if verdict.state is not State.UNKNOWN else self.names.resolve(mention, document)

    def settle(self, mention: Mention, verdict: Verdict) -> Verdict:
        """Give a name that is to be reported its nearest names, or take the verdict back."""
        return self.names.settle(mention, verdict) if mention.kind in _OF_NAMES else verdict


@dataclass(frozen=True, slots=True)
class _Broken:
    document: Document
    mention: Mention
    verdict: Verdict


def check_documents(
    chosen: Sequence[Document], documents: Collection[Document], resolver: MentionResolver, occurring: Occurring
) -> Checked:
    """Check documents.

    Args:
        chosen: Those whose faults are wanted.
        documents: All of the tree.
        resolver: Of every mention.
        occurring: Is asked once, for the names of which it is only known that nothing defines them.
    """
    states: Counter[State] = Counter()
    broken: list[_Broken] = []
    holding: list[tuple[str, Mention]] = []
    for document in chosen:
        for mention in document.mentions:
            verdict = resolver.resolve(mention, document)
            states[verdict.state] += 1
            if verdict.state is State.HOLDS and mention.kind in LINKS:
                holding.append((document.path, mention))
            if verdict.state is State.BROKEN:
                broken.append(_Broken(document, mention, verdict))
    repetitions = Repetitions({one.path: one for one in documents})
    broken = _doubted((one for one in broken if not repetitions.has(one.document.path, one.mention)), documents)
    templated = templated_names({one.document.path: one.document for one in broken}.values())
    defined = frozenset(name for one in documents for name in one.defines)
    judges = {one.document.path: Judge(one.document, templated, defined) for one in broken}
    suspects = [one for one in broken if not _is_excused_anyway(one, judges[one.document.path])]
    settled = _settled(_absent(suspects, occurring), resolver)
    judged = [one for one in settled if not judges[one.document.path].excuse(one.mention, one.verdict)]
    otherwise = laid_out_otherwise(holding, [(one.document.path, one.mention) for one in judged])
    absent = [one for one in judged if not otherwise(one.document.path, one.mention)]
    faults = [one for one in absent if not is_ignored(one.mention, one.document)]
    doubtful = [one for one in faults if is_doubtful(one.mention, one.verdict)]
    return Checked(
        faults=_once(one for one in faults if one not in doubtful),
        documents=len(chosen),
        mentions=states.total(),
        holding=states[State.HOLDS],
        unknown=states.total() - states[State.HOLDS] - len(absent) + len(doubtful),
        ignored=len(absent) - len(faults),
        doubtful=_once(doubtful),
    )


def with_doubtful(checked: Checked) -> Checked:
    """The same, with what is doubtful among the faults."""
    faults = sorted(
        (*checked.faults, *checked.doubtful), key=lambda one: (one.path, one.mention.line, one.mention.column)
    )
    unknown = checked.unknown - len(checked.doubtful)
    return replace(checked, faults=tuple(faults), unknown=unknown, doubtful=())


def _is_excused_anyway(one: _Broken, judge: Judge) -> bool:
    """Whether the mention would be excused however sure a closer look made it, and so needs none.

    A link is judged by what is nearest to it, which is found only then.
    """
    surest = replace(one.verdict, certain=True, likely=True, slip=True)
    return one.mention.kind not in LINKS and bool(judge.excuse(one.mention, surest))


def _doubted(broken: Iterable[_Broken], documents: Iterable[Document]) -> list[_Broken]:
    """The same, less sure where a document declares what is meant."""
    declared = declared_names(documents)
    return [replace(one, verdict=doubted(one.mention, one.verdict, declared)) for one in broken]


def _absent(broken: Sequence[_Broken], occurring: Occurring) -> list[_Broken]:
    """Those of which no word stands anywhere in the code, where that could make them hold."""
    words = {word for one in broken for word in one.verdict.words}
    there = frozenset(occurring(words)) if words else frozenset[str]()
    return [one for one in broken if there.isdisjoint(one.verdict.words)]


def _settled(broken: Iterable[_Broken], resolver: MentionResolver) -> list[_Broken]:
    """What still does not hold when it is looked at closely, which only the few that are left are."""
    settled = (replace(one, verdict=resolver.settle(one.mention, one.verdict)) for one in broken)
    return [one for one in settled if one.verdict.state is State.BROKEN]


def _once(broken: Iterable[_Broken]) -> tuple[Fault, ...]:
    """Faults in the order of their places. Of several mentions that begin at one place the surest is told."""
    chosen: dict[tuple[str, int, int], Fault] = {}
    for one in broken:
        mention = _at_part(one.mention, one.verdict)
        place = (one.document.path, mention.line, mention.column)
        rival = chosen.get(place)
        if rival is None or (one.verdict.certain and not rival.verdict.certain):
            chosen[place] = Fault(one.document.path, mention, one.verdict)
    return tuple(chosen[place] for place in sorted(chosen))


def _at_part(mention: Mention, verdict: Verdict) -> Mention:
    """The mention at the place of what does not hold in it: a keyword may stand lines below its call."""
    if verdict.part not in mention.keywords or len(mention.keyword_places) != len(mention.keywords):
        return mention
    line, column = mention.keyword_places[mention.keywords.index(verdict.part)]
    return replace(mention, line=line, column=column, written=verdict.part)
