"""Whether a document asks for the Python version, the distribution and the extras that the manifests declare.

Comes in: "Python 3.8+", `package[extra]`, and the sentence around it.
Goes out: a `Verdict`.
Must never: judge what is said of another version, of the past or under a condition.

Source of the rules: PEP 440 (versions), PEP 508 and PEP 685 (names of distributions and extras).
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Final

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

from fieldguide.verify.resolution.places_likeness import nearest
from fieldguide.verify.resolution.places_verdicts import absent, holds, unknown, unseen

if TYPE_CHECKING:
    from fieldguide.domain.codebase import Codebase
    from fieldguide.domain.documents import Mention, Verdict
    from fieldguide.domain.source import Span

_NUMBER: Final = r"(\d+\.\d+)(?:\.\d+)?"
_AT_LEAST: Final = (
    re.compile(rf"(?:[Pp]ython|[Cc][Pp]ython)\s*(?:versions?\s*)?(?:>=|≥)\s*{_NUMBER}(?!\S*\s*(?:,|and|<|or <))"),
    re.compile(
        rf"[Pp]ython\s*(?:versions?\s*)?{_NUMBER}\s*(?:\+|(?:or|and) (?:later|newer|above|greater|higher|upwards?)\b)"
    ),
)
_REQUIRES: Final = re.compile(
    r"\b(?:requires?|required|requirements?|prerequisites?|needs?|needed|supports?|supported|works? (?:with|on)"
    r"|compatible|runs? on|minimum|officially|tested (?:on|with|against))\b",
    re.IGNORECASE,
)
_CONDITIONAL: Final = re.compile(
    r"\b(?:if|when|since|until|before|dropped|drops|versions? (?:prior|before)|older|for python|unless|only|feature"
    r"|syntax|this requires"
    r"|v?\d+\.\d+(?:\.\d+)? (?:requires|supports|needs)|optional|below|on python|using?|with the)\b",
    re.IGNORECASE,
)
_SOMETHING_ELSE: Final = re.compile(
    r"\b(?:package|plugin|library|extension|integration|tool|project|app|module|toolkit|framework|version of)s?\b",
    re.IGNORECASE,
)
_EXTRA: Final = re.compile(r"(?P<name>[A-Za-z0-9][\w.-]*|\.)?\[(?P<extras>[\w., -]+)\]")


class Versions:
    """Versions, distributions and extras of one tree."""

    def __init__(self, codebase: Codebase) -> None:
        """Keep the manifests."""
        self._codebase = codebase

    def version(self, mention: Mention) -> Verdict:
        """Tell whether the oldest Python that a document asks for is the oldest that the manifest allows."""
        lowest, where = self._lowest
        said = self._at_least(mention)
        if lowest is None or said is None:
            return unknown("it is not said what it is a version of")
        if said == lowest:
            return holds(where)
        if not self._is_of_project(mention):
            return unknown("it may be said of something else")
        declared = f"{lowest.major}.{lowest.minor}"
        fix = mention.text.replace(f"{said.major}.{said.minor}", declared)
        if said > lowest:
            return unknown("it asks for more than the manifest does")
        return absent(f"the manifest requires Python {declared} or later", [fix], fix=fix)

    def _is_of_project(self, mention: Mention) -> bool:
        """Tell whether a sentence says what the project itself asks for, today and always."""
        sentence = mention.sentence
        if not _REQUIRES.search(sentence) or _CONDITIONAL.search(sentence):
            return False
        named = any(re.search(rf"(?<![\w-]){re.escape(one)}(?![\w-])", sentence, re.IGNORECASE) for one in self._named)
        return named or not _SOMETHING_ELSE.search(sentence)

    @cached_property
    def _named(self) -> tuple[str, ...]:
        names = {one for each in self._distributions for one in (each, each.replace("-", " "), each.replace("-", "_"))}
        return tuple(sorted(names))

    @staticmethod
    def _at_least(mention: Mention) -> Version | None:
        for text in (mention.text, mention.sentence):
            for pattern in _AT_LEAST:
                found = pattern.search(text)
                if found is not None and found[1] in mention.text:
                    return Version(found[1])
        return None

    @cached_property
    def _lowest(self) -> tuple[Version | None, Span | None]:
        """The oldest Python that every distribution of the tree asks for, where they agree, and where it is said."""
        found: set[Version] = set()
        where: Span | None = None
        for manifest in self._codebase.manifests:
            if not manifest.requires_python:
                continue
            try:
                specifiers = SpecifierSet(manifest.requires_python)
            except InvalidSpecifier:
                return None, None
            lower = [one.version for one in specifiers if one.operator in {">=", "~="}]
            if len(lower) != 1:
                return None, None
            full = Version(lower[0])
            found.add(Version(f"{full.major}.{full.minor}"))
            where = where or next((span for name, span in manifest.lines if name == "requires_python"), None)
        return (found.pop(), where) if len(found) == 1 else (None, None)

    def of_distribution(self, mention: Mention) -> Verdict:
        """Tell whether a distribution of the project has the extras that are named."""
        match = _EXTRA.search(mention.text)
        name = canonicalize_name((match["name"] or "") if match else mention.text.strip().strip("\"'"))
        name = name if match is None or match["name"] != "." else ""
        if name and name not in self._distributions:
            return unknown("it is another distribution") if match else self._distribution(name)
        if match is None:
            return holds()
        asked = [one.strip() for one in match["extras"].split(",") if one.strip()]
        missing = [one for one in asked if canonicalize_name(one) not in self._extras]
        if not missing:
            return holds()
        if not self._extras and not name:
            return unknown("it may be the reader's own project")
        near = nearest(missing[0], self._extras.values(), cutoff=50)
        written = [mention.text.replace(missing[0], one) for one in near]
        words = (missing[0], missing[0].replace("-", "_"), missing[0].replace("_", "-"))
        return unseen(f"there is no extra {missing[0]}", words, written)

    @staticmethod
    def _distribution(name: str) -> Verdict:
        return unknown(f"{name} is another distribution")

    @cached_property
    def _distributions(self) -> frozenset[str]:
        names = (self._codebase.name, *(one.name for one in self._codebase.manifests))
        return frozenset(canonicalize_name(one) for one in names if one)

    @cached_property
    def _extras(self) -> dict[str, str]:
        manifests = self._codebase.manifests
        return {canonicalize_name(one): one for manifest in manifests for one in manifest.extras}
