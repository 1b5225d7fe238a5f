"""Joins a draft with the page that is on disk: what is ours is renewed, what a person wrote stays.

Comes in: the page as it is, or none, and the draft that is to be published.
Goes out: the page's new text, and the keys of sections where a person's words took precedence.
Must never: change a line outside our markers, or inside markers whose digest says that a person was there.

Blank lines next to our sections are the one thing outside markers that comes and goes with them, one at a time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fieldguide.domain.markers import find_sections, without_sections
from fieldguide.domain.page import Merged
from fieldguide.domain.sections import OVERVIEW, TAGLINE, TITLE
from fieldguide.publish.insertion import BYTE_ORDER_MARK, inserted, line_end_of, removed
from fieldguide.publish.presence import contents_of, sections_named
from fieldguide.publish.rendering import rendered_sections

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from fieldguide.domain.markers import MarkedSection
    from fieldguide.domain.page import Draft, ExistingPage
    from fieldguide.publish.rendering import RenderedSection


def merge(existing: ExistingPage | None, draft: Draft) -> Merged:
    """Return the page that holds the draft and every word of a person.

    Sections of ours are renewed where they stand. Ones that the draft no longer has go, unless edited. New ones come
    after the nearest section that precedes them in the draft, or at the end of a page that is all a person's, and
    not at all where the person's text has them already. Merging the result with the same draft changes nothing.
    """
    wanted = rendered_sections(draft)
    text = "" if existing is None else existing.text
    while True:
        # Once is enough, except on a page with a fence that is open by mistake: a block of ours can close it, and a
        # section that a person edited is then inside it, or no longer. Each round adds a section, or is the last.
        merged = _merged_once(text, wanted)
        if merged.text == text:
            return merged
        text = merged.text


def _merged_once(text: str, wanted: Mapping[str, RenderedSection]) -> Merged:
    text = _without_stale(text, wanted)
    if wanted and not _words(text):
        mark = BYTE_ORDER_MARK if text.startswith(BYTE_ORDER_MARK) else ""
        return Merged(inserted(mark, len(mark), [one.block("\n") for one in wanted.values()], "\n"))
    line_end = line_end_of(_outside(text)) or line_end_of(text) or "\n"
    text = _renewed(text, wanted, line_end)
    sections = find_sections(text)
    theirs = _already_there(text, sections, wanted)
    placed = {marked.section.key: marked for marked in sections}
    missing = [key for key in wanted if key not in placed and key not in theirs]
    for offset, keys in sorted(_places(list(wanted), placed, missing, len(text)).items(), reverse=True):
        text = inserted(text, offset, [wanted[key].block(line_end) for key in keys], line_end)
    edited = tuple(marked.section.key for marked in sections if marked.section.edited)
    return Merged(text, kept_edits=edited, already_there=theirs)


def _words(text: str) -> str:
    return text.removeprefix(BYTE_ORDER_MARK).strip(" \t\r\n")


def _outside(text: str) -> str:
    """Return what stands outside our sections, with its own line ends, which decide on those of the page."""
    starts = [0]
    ends: list[int] = []
    for marked in find_sections(text):
        ends.append(marked.start)
        starts.append(marked.end)
    return "".join(text[start:end] for start, end in zip(starts, [*ends, len(text)], strict=True))


def _without_stale(text: str, wanted: Collection[str]) -> str:
    """Remove the sections that the draft no longer has and nobody edited."""
    while True:
        stale = [one for one in find_sections(text) if one.section.key not in wanted and not one.section.edited]
        if not stale:
            return text
        # Then look again: a second section with the same key comes to light only when the first is gone.
        for marked in reversed(stale):
            text = removed(text, marked.start, marked.end)


def _renewed(text: str, wanted: Mapping[str, RenderedSection], line_end: str) -> str:
    """Replace the text of our sections in place, except where a person edited it or where nothing is new."""
    for marked in reversed(find_sections(text)):
        old, new = marked.section, wanted.get(marked.section.key)
        if new is None:
            continue
        same = new.markdown == old.markdown
        as_marked = (new.request_digest, new.evidence) == (old.request_digest, old.evidence)
        if same and not old.edited and as_marked:
            continue
        if same or not old.edited:
            block = text[marked.start : marked.end]
            kept_end = block[len(block.rstrip("\r\n")) :]
            text = text[: marked.start] + new.block(line_end) + kept_end + text[marked.end :]
    return text


def _already_there(
    text: str, sections: Sequence[MarkedSection], wanted: Mapping[str, RenderedSection]
) -> tuple[str, ...]:
    """Return the keys of sections that are not on the page because the person's own text has them."""
    placed = {marked.section.key for marked in sections}
    missing = {key: one for key, one in wanted.items() if key not in placed}
    if not missing:
        return ()
    person = without_sections(text)
    contents = contents_of(person)
    name = wanted[TITLE].markdown if TITLE in wanted else ""
    theirs = sections_named(contents, {key: one.heading for key, one in missing.items()}, name)
    lines = "\n" + person.replace("\r\n", "\n") + "\n"
    theirs |= {key for key, one in missing.items() if not one.heading and f"\n{one.markdown}\n" in lines}
    if TITLE not in placed and (contents.has_title or _words(text[: sections[0].start] if sections else text)):
        # Whoever has opened the page wants no second opening, and least of all in the middle.
        theirs |= {TITLE, TAGLINE}
        if contents.has_introduction:
            theirs |= {OVERVIEW}
    return tuple(key for key in missing if key in theirs)


def _places(
    order: Sequence[str], placed: Mapping[str, MarkedSection], missing: Iterable[str], end: int
) -> dict[int, list[str]]:
    """Return where the missing sections belong: offsets in the page, each with the keys that go there, in order."""
    places: dict[int, list[str]] = {}
    for key in missing:
        position = order.index(key)
        before = [one for one in order[:position] if one in placed]
        after = [one for one in order[position:] if one in placed]
        offset = placed[before[-1]].end if before else placed[after[0]].start if after else end
        places.setdefault(offset, []).append(key)
    return places
