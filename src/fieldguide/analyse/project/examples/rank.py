"""Choose among examples: the one that a newcomer should paste first comes first.

Comes in: examples that run as they stand, and the project's public names, most important first. Goes out: the best
of them. Must never: change an example.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fieldguide.analyse.project.examples.signs import sign_score
from fieldguide.domain.project import Example, ExampleKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_KIND = {
    ExampleKind.EXAMPLE_FILE: 14.0,
    ExampleKind.DOCTEST: 12.0,
    ExampleKind.DOCUMENTATION: 13.0,
    ExampleKind.TEST: 0.0,
}
_SIDE_CASE = re.compile(
    r"rais|invalid|error|exception|fail|issue|bug|regress|none\b|_none|empty|missing|bad|wrong|deprecat|warn|unknown|edge"
    r"|corner|repr|_eq|equal|hash|pickl|copy|_str\b|type|subclass|intern|gh_?\d|_\d{2,}|unicode|legacy|not_|_no_|without"
    r"|compat|private|weird|special|ignor|disab|conflict|duplicat|overrid|default|version|thread|slots|mypy|timeout|nothing|generator|trailing|roundtrip|plugin|register|custom|hook",
    re.IGNORECASE,
)
_SIDE_FILE = re.compile(
    r"bugs?\b|regress|issue|deprecat|legacy|compat|benchmark|docs?/(?:[\w-]+/)*(?:testing|contribut|deploy|advanced|faq|migrat)",
    re.IGNORECASE,
)
_PLAIN_CASE = re.compile(
    r"basic|simple|example|usage|quick|hello|smoke|intro|getting.started|readme|tutorial", re.IGNORECASE
)
_NETWORK = re.compile(r"https?://(?![\w.]*\bexample\.|[\w.]*\.example\b|localhost)")
_OUTSIDE = re.compile(r"sleep\(|open\(|input\(|environ|getpass|/tmp/|\bx{3,}|path/to|\byour[-_ ]|YOUR_")
_HELPER = re.compile(r"\.(?:utils?|helpers?|compat|common|misc|testing|types|typing)\b")
"""Modules that serve the project's own code."""
_SHORT = (4, 15)
_WIDTH = 100
_WEIGHT_OF_FIRST_NAME = 18.0
_LEAST = -10.0
"""Below this an example says less than none."""
_LEAST_TEST = 8.0
"""The same, of a test: it was written to try the code, not to show it."""
_LEAST_CONSOLE = -2.5


def rank_examples(examples: Sequence[Example], exports_order: Sequence[str], limit: int = 12) -> tuple[Example, ...]:
    """Return at most `limit` examples of each language that are worth showing, best first; equal code is kept once.

    `exports_order` holds public names as a user imports them (`stamina.retry`), most important first.
    """
    order = {name: position for position, name in enumerate(exports_order)}
    scored = [(score(one, order), one) for one in examples]
    return _best(((total, one) for total, one in scored if total > _least(one, order) and _is_about(one, order)), limit)


def _least(example: Example, order: Mapping[str, int]) -> float:
    """Return the score that an example has to pass; a test's, once public names are known, is higher."""
    if example.language == "console":
        return _LEAST_CONSOLE
    return _LEAST_TEST if order and example.kind is ExampleKind.TEST else _LEAST


def choose_candidates(examples: Sequence[Example], limit: int) -> tuple[Example, ...]:
    """Return at most `limit` examples of each language, best first as far as they tell by themselves."""
    return _best(((score(one, {}), one) for one in examples), limit)


def _best(scored: Iterable[tuple[float, Example]], limit: int) -> tuple[Example, ...]:
    """The first of equal examples, by score."""
    unique: dict[tuple[str, tuple[str, ...]], tuple[float, Example]] = {}
    for total, example in scored:
        unique.setdefault((example.code, example.uses), (total, example))
    best = sorted(unique.values(), key=lambda one: (-one[0], one[1].span.path, one[1].span.first, one[1].code))
    python = [example for _, example in best if example.language != "console"]
    console = _varied([example for _, example in best if example.language == "console"])
    return (*python[:limit], *console[:limit])


def _is_about(example: Example, order: Mapping[str, int]) -> bool:
    """Tell whether an example uses a public name, as far as public names are known."""
    return not order or example.language == "console" or any(_position(use, order) is not None for use in example.uses)


def score(example: Example, order: Mapping[str, int]) -> float:
    """Return how well an example serves a newcomer; higher is better, 0 is ordinary."""
    if example.language == "console":
        return _console_score(example)
    total = _KIND[example.kind] + _name_score(example, order) + _length_score(example.code)
    total += sign_score(example)
    total -= 8.0 if _HELPER.search(example.uses[0] if example.uses else "") else 0.0
    total -= 6.0 if _SIDE_CASE.search(example.title.rpartition("/")[2]) and example.kind is ExampleKind.TEST else 0.0
    total -= 14.0 if _SIDE_FILE.search(example.span.path) else 0.0
    total += 4.0 if example.title.endswith("__init__.py") and example.kind is ExampleKind.DOCTEST else 0.0
    total += 4.0 if _PLAIN_CASE.search(example.title) else 0.0
    if example.kind is ExampleKind.DOCUMENTATION:  # a page begins with what is plain
        total -= min(4.0, example.span.first / 100)
    total -= 7.0 if _OUTSIDE.search(example.code) else 0.0
    total -= 4.0 if _NETWORK.search(example.code) else 0.0
    return total


def _name_score(example: Example, order: Mapping[str, int]) -> float:
    """Favour an example about a name at the head of the public ones, and about few names."""
    positions = [position for use in example.uses if (position := _position(use, order)) is not None]
    if not positions:
        return 0.0
    best, first = (_WEIGHT_OF_FIRST_NAME / (1 + 0.25 * place) for place in (min(positions), positions[0]))
    return 0.6 * best + 0.4 * first - 0.5 * max(0, len(positions) - 3)


def _position(use: str, order: Mapping[str, int]) -> int | None:
    """Return the place of the public name that a use is, or is an attribute of.

    A name imported from where it is defined counts as the name that its top package offers.
    """
    package = use.partition(".")[0]
    while use:
        if use in order:
            return order[use]
        short = f"{package}.{use.rpartition('.')[2]}"
        if "." in use and short in order:
            return order[short]
        use = use.rpartition(".")[0]
    return None


def _length_score(code: str) -> float:
    lines = sum(1 for line in code.splitlines() if line.strip())
    least, most = _SHORT
    wide = any(len(line) > _WIDTH for line in code.splitlines())
    return -1.0 * max(0, least - lines) - 0.6 * max(0, lines - most) - 0.2 * lines - (2.0 if wide else 0.0)


def _console_score(example: Example) -> float:
    words = example.code.split()
    total = -0.7 * abs(len(words) - 4)
    total -= 6.0 if words[-1] in {"--help", "-h", "--version", "-V", "help"} or len(words) == 1 else 0.0
    total -= 4.0 if _SIDE_CASE.search(example.title) else 0.0
    total += 2.0 if any(word.startswith("--") for word in words) else 0.0
    total -= 2.0 * (len(words) - len(set(words)))
    total -= 3.0 if re.search(r"\b(?:foo|bar|baz|test)\b|[{}<>|;*]", example.code) else 0.0
    return total


def _varied(ranked: list[Example]) -> list[Example]:
    """Put the best of each subcommand before a second one of any."""
    seen: dict[str, int] = {}
    keyed: list[tuple[int, int, Example]] = []
    for position, example in enumerate(ranked):
        head = " ".join(example.code.split()[:2])
        keyed.append((seen.get(head, 0), position, example))
        seen[head] = seen.get(head, 0) + 1
    return [example for _, _, example in sorted(keyed, key=lambda item: item[:2])]
