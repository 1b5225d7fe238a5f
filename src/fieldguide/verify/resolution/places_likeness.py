"""The nearest things that are there, for one that is not.

Comes in: what was written, and candidates. Goes out: candidates, nearest first.
Must never: propose what merely begins with the same letter.
"""

from __future__ import annotations

import re
from posixpath import basename, dirname, splitext
from typing import TYPE_CHECKING, Final

from rapidfuzz import fuzz, process
from rapidfuzz.distance import Levenshtein

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

NEAR: Final = 62
"""Similarity, out of 100, from which something is worth proposing."""
MISSPELT: Final = 80
"""Similarity from which one thing is most likely another, written wrongly."""
PROPOSED: Final = 3
ONE_WORD_MORE: Final = 79
"""Likeness of two names of which one is the other with a word before, within or after it."""
_SAME_NAME: Final = 30
_SAME_FOLDER: Final = 12
_SAME_SUFFIX: Final = 6
_ALIKE: Final[tuple[frozenset[str], ...]] = (
    frozenset({"get", "fetch", "load", "read", "show", "print", "list", "view"}),
    frozenset({"remove", "delete", "rm", "drop", "erase", "clear", "clean", "purge"}),
    frozenset({"add", "create", "new", "make", "init", "append", "insert"}),
    frozenset({"run", "start", "execute", "exec", "launch", "serve"}),
    frozenset({"check", "verify", "validate", "lint", "test"}),
    frozenset({"skip", "ignore", "exclude", "no", "disable", "without"}),
    frozenset({"only", "include", "enable", "with"}),
    frozenset({"dir", "directory", "folder", "path", "root"}),
    frozenset({"file", "filename", "path"}),
    frozenset({"config", "configuration", "settings", "conf", "options"}),
    frozenset({"out", "output", "dest", "destination", "target"}),
    frozenset({"quiet", "silent"}),
    frozenset({"verbose", "debug"}),
    frozenset({"workers", "jobs", "processes", "concurrency", "threads", "parallel"}),
    frozenset({"install", "installation", "installing", "setup"}),
    frozenset({"usage", "use", "using", "quickstart", "start", "started"}),
)
_WORDS: Final = re.compile(r"[^\W_]+")
_PART: Final = 3
"""Letters from which a word that begins alike counts as the same word in another form."""


def nearest(text: str, candidates: Iterable[str], *, cutoff: float = NEAR) -> tuple[str, ...]:
    """Candidates by spelling and by meaning, nearest first: reordered words, synonyms and plurals count as near."""
    ordered = sorted(set(candidates) - {text})
    scored = [(likeness(text, one), one) for one in _shortlist(text, ordered)]
    kept = sorted((-score, -fuzz.ratio(text, one), one) for score, one in scored if score >= cutoff)
    return tuple(one for _, _, one in kept[:PROPOSED])


def _shortlist(text: str, candidates: Sequence[str]) -> Iterable[str]:
    """Those that share a word or letters in order; scoring every one closely would be slow."""
    if len(candidates) <= 200:  # noqa: PLR2004 - few enough to score all
        return candidates
    by_letters = process.extract(text, candidates, scorer=fuzz.ratio, limit=20, score_cutoff=NEAR - 15)
    words = set(_words(text))
    by_words = [one for one in candidates if words & set(_words(one))]
    return dict.fromkeys((*(one[0] for one in by_letters), *by_words[:200]))


def likeness(first: str, second: str) -> float:
    """How alike two names are, out of 100: by letters, or by their words whatever the order."""
    letters = Levenshtein.normalized_similarity(first.lower(), second.lower()) * 100
    ratio = fuzz.ratio(first.lower(), second.lower())
    return max(letters, ratio, _by_words(first, second))


def _by_words(first: str, second: str) -> float:
    """Share of the words that the two have in common, synonyms counting for a little less than the same word."""
    one, other = _words(first), _words(second)
    if not one or not other:
        return 0.0
    left = list(other)
    total = 0.0
    for word in one:
        best = max(((_word_likeness(word, each), each) for each in left), default=(0.0, ""))
        if best[0] > 0:
            total += best[0]
            left.remove(best[1])
    share = 96.0 * 2 * total / (len(one) + len(other))
    longer = max(len(one), len(other))
    return max(share, ONE_WORD_MORE) if total == min(len(one), len(other)) == longer - 1 else share


def _word_likeness(first: str, second: str) -> float:
    if first == second:
        return 1.0
    if any(first in group and second in group for group in _ALIKE):
        return 0.85
    shorter, longer = sorted((first, second), key=len)
    return 0.8 if len(shorter) >= _PART and longer.startswith(shorter) and len(longer) - len(shorter) <= _PART else 0.0


def _words(text: str) -> list[str]:
    return _WORDS.findall(text.lower())


def nearest_paths(path: str, paths: Sequence[str], likely: Iterable[str]) -> tuple[str, ...]:
    """Paths nearest to one that is not there: the same name elsewhere, another name in the same folder, then any.

    Args:
        path: What is not there.
        paths: Everything that is there, sorted.
        likely: Those of them whose last part is the same, or that lie in the same folder.
    """
    folder, name = dirname(path), basename(path)
    anywhere = process.extract(path, paths, scorer=fuzz.ratio, limit=5, score_cutoff=NEAR)
    scored: list[tuple[float, str]] = []
    for one in dict.fromkeys((*likely, *(found[0] for found in anywhere))):
        score = fuzz.ratio(path.lower(), one.lower())
        score += _SAME_NAME * (basename(one).lower() == name.lower())
        score += _SAME_FOLDER * (dirname(one) == folder and likeness(name, basename(one)) >= NEAR)
        score += _SAME_SUFFIX * (splitext(one)[1] == splitext(path)[1])
        scored.append((score, one))
    kept = sorted((-score, one) for score, one in scored if score >= NEAR + _SAME_SUFFIX)
    return tuple(one for _, one in kept[:PROPOSED])
