"""Secrets that a kept engine knows: `kingfisher-secret-scanner`, several hundred formats of providers, in-process.

Comes in: text. Goes out: where its secrets stand, in characters. Must never: use the network; read a configuration, a
path or a comment of the documented directory; take a place for its rules that anybody but the caller chose.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from itertools import chain
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Final

from fieldguide.domain.redacted import PLACEHOLDER
from fieldguide.redact.engine_kinds import kind_of
from fieldguide.redact.engine_views import views
from fieldguide.redact.rules import load_rules
from fieldguide.redact.secret import Secret, spanning
from fieldguide.redact.values import is_secret

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from kingfisher_sdk import Scanner

    from fieldguide.redact.rules import Rules
    from fieldguide.redact.subject import Subject

_LAYERS: Final = 3
"""Base64 inside of base64 is decoded so often; measured to cost nothing."""
_ARMOUR: Final = "-----BEGIN"
_KEY_LINE: Final = re.compile(r"\\[nrt\\]|-----[A-Z ]{3,60}-----|(?P<run>[A-Za-z0-9+/]{4,}+={0,2})")
_TOLD_BY: Final = 16
"""Letters in one run that tell a key from a page that speaks of keys."""
_USERINFO: Final = re.compile(r"://[^\s/:@]{0,200}:(?P<secret>[^\s@]{1,500})@")
_LETTERS: Final = re.compile(r"[A-Za-z0-9_-]+")
_COMPONENT: Final = re.compile(r"(?:key|secret|token|passphrase)(?:\.\d+)?$")
"""Ends of the names of invisible rules that find one half of a pair and are worth hiding alone; the others find
client identifiers, hosts and account names, which open nothing."""
_OPENING: Final = b"-----BEGIN"
_MOST_OPENINGS: Final = 100
"""No file of honest code has so many key blocks."""
_PUBLIC: Final = re.compile(r"public-key|id(?:\.\d+)?$")


class Engine:
    """The compiled rules of the engine. Lives in one process and is never pickled."""

    def __init__(self, scanner: Scanner, plain: Scanner, kinds: Mapping[str, str]) -> None:
        """Keep the scanners, and kinds by the identifiers of their rules; a rule without a kind finds no secrets.

        Args:
            scanner: Looks into base64 too.
            plain: Does not.
            kinds: Readable kinds.
        """
        self._scanner = scanner
        self._plain = plain
        self._kinds = kinds

    def find(self, subject: Subject) -> Iterator[Secret]:
        """Find what the engine's rules describe.

        The engine is given bytes without a path, because it leaves out files by their names. Values that stand in for
        a secret are judged as ours are.
        """
        data = _without_openings(subject.text.encode("ascii", "replace"))  # a byte a character: offsets stay the same
        found = [self._scanner.scan(data), *map(self._plain.scan, views(data))]
        findings = [one for one in chain.from_iterable(found) if one.rule_id in self._kinds]
        rules = load_rules()
        seen: set[tuple[int, int]] = set()
        for finding in findings:
            start, end = finding.location["start_offset"], finding.location["end_offset"]
            if (start, end) in seen:
                continue  # most are found in each view, and by rules that overlap
            seen.add((start, end))
            kind = self._kinds[finding.rule_id]
            if finding.is_base64_encoded:
                secret = _judged(kind, subject.text, (start, end), finding.secret, rules)
            elif subject.text.find(_ARMOUR, start, end) >= 0:
                secret = _key(subject.text, start, end)
            else:
                start, end = _credential(subject.text, start, end)
                secret = _judged(kind, subject.text, (start, end), subject.text[start:end], rules)
            if secret is not None:
                yield secret


def _without_openings(data: bytes) -> bytes:
    """Blank the openings of armour where there are very many: the engine's time grows faster than their number.

    Key blocks are found beside the engine too (`forms/private_keys.py`), however many there are.
    """
    return data.replace(_OPENING, b" " * len(_OPENING)) if data.count(_OPENING) > _MOST_OPENINGS else data


def warm(cache_directory: Path | None) -> bool:
    """Compile the engine's rules into a directory, which takes seconds once for a version of the engine.

    Args:
        cache_directory: The user's; created when it is missing. `None` compiles and keeps nothing.

    Returns:
        Whether the next process finds them there.
    """
    from kingfisher_sdk import Rules  # noqa: PLC0415  (a library of 36 MB)

    rules = Rules(cache=cache_directory is not None, cache_dir=cache_directory)
    return rules.cache_status != "bypassed"


@dataclass(frozen=True, slots=True)
class _Kept:
    """Where compiled rules are kept. Every place holds the same rules: one is as good as another."""

    directory: Path | None = field(compare=False)


def load_engine(cache_directory: Path | None) -> Engine:
    """Load the engine once in a process.

    Args:
        cache_directory: Where compiled rules are kept; the variables that the engine reads itself count for nothing.
            One that cannot be read or written, or whose content is damaged, costs the seconds of compiling and no more.
            Only the first counts: it is the rules that are loaded, and they do not depend on their place.
    """
    with _LOADING:
        return _loaded(_Kept(cache_directory))


_LOADING: Final = Lock()
"""Whoever asks while the engine is loaded waits for it, in place of loading another."""


@cache
def _loaded(kept: _Kept) -> Engine:
    from kingfisher_sdk import DetectionPolicy, Rules, Scanner  # noqa: PLC0415  (a library of 36 MB)

    rules = Rules(cache=kept.directory is not None, cache_dir=kept.directory)
    policy = DetectionPolicy(
        inline_ignores=False,  # no comment of a repository switches us off
        markup_context=False,
        cli_match_semantics=False,  # what one finding contains of another is united later
        base64_max_depth=_LAYERS,
        base64_max_input_bytes=None,
    )
    kinds = {
        rule["id"]: kind_of(rule["id"], rule["name"])
        for rule in rules.metadata()
        if rule["visible"] or (_COMPONENT.search(rule["id"]) and not _PUBLIC.search(rule["id"]))
    }
    return Engine(Scanner(rules, policy=policy), Scanner(rules, base64=False, policy=policy), kinds)


def _credential(text: str, start: int, end: int) -> tuple[int, int]:
    """What is secret of a finding: of an address with a password, the password."""
    match = _USERINFO.search(text, start, end)
    return (start, end) if match is None else match.span("secret")


def _judged(kind: str, text: str, span: tuple[int, int], value: str, rules: Rules) -> Secret | None:
    """A finding whose value does not stand in for a secret. Of an address, its longest run of letters is looked at."""
    bare = PLACEHOLDER.sub("", value) if "REDACTED_" in value else value
    if "://" in bare:
        bare = max(_LETTERS.findall(bare.partition("://")[2].partition("/")[2]), key=len, default="")
    return spanning(kind, text, *span) if is_secret(bare, rules, certain=True) else None


def _key(text: str, start: int, end: int) -> Secret | None:
    """The lines of a key block without its armour."""
    runs = tuple(match.span("run") for match in _KEY_LINE.finditer(text, start, end) if match["run"])
    return Secret("private-key", runs) if runs and max(last - first for first, last in runs) >= _TOLD_BY else None
