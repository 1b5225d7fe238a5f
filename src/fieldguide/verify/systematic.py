"""Folders in which links follow a layout that is not known here: a website's, whose pages do not lie as its addresses.

Comes in: links that lead somewhere and links that do not, by document. Goes out: those of which it cannot be known.
Must never: doubt a link within its own page; take one document that was moved for a website.

People who keep their documents break a link here and there. Where a good part of many documents leads nowhere, it is
the generator of a site that gives the addresses, by rules that nobody told us.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final

from fieldguide.domain.page import ReferenceKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from fieldguide.domain.documents import Mention

    Place = tuple[str, Mention]
    """A document's path, and what it mentions."""

_SHARE: Final = 0.25
"""Of a folder's links, for them to be laid out by rules that are not known."""
_TARGETS: Final = 8
_DOCUMENTS: Final = 3
"""Fewer may have been moved and forgotten."""


def laid_out_otherwise(holding: Iterable[Place], broken: Iterable[Place]) -> Callable[[str, Mention], bool]:
    """Say of a link that leads nowhere whether its folder is one in which links are no paths.

    Args:
        holding: Mentions that hold, each with the path of its document.
        broken: Mentions that do not.
    """
    good = Counter(folder for path, mention in holding if _is_path(mention) for folder in _folders(path))
    bad: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
    for path, mention in broken:
        for folder in _folders(path) if _is_path(mention) else ():
            bad[folder].add((path, mention.text))
    doubtful = {folder for folder, places in bad.items() if _is_layout(places, good[folder])}
    return lambda path, mention: _is_path(mention) and not doubtful.isdisjoint(_folders(path))


def _is_layout(places: set[tuple[str, str]], good: int) -> bool:
    """Whether so many different targets of so many documents lead nowhere that this is how they are meant."""
    targets, documents = {text for _, text in places}, {path for path, _ in places}
    share = len(places) / (len(places) + good)
    return len(targets) >= _TARGETS and len(documents) >= _DOCUMENTS and share >= _SHARE


def _is_path(mention: Mention) -> bool:
    return mention.kind is ReferenceKind.LINK and not mention.text.startswith("#")


def _folders(path: str) -> Iterator[str]:
    """Every folder above a document, but for the tree itself."""
    parts = path.split("/")[:-1]
    yield from ("/".join(parts[:depth]) for depth in range(1, len(parts) + 1))
