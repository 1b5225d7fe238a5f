"""All forms of the tables, and the parameters of addresses, as one detector.

Comes in: a prepared text. Goes out: where the secrets stand. Must never: build its search before there is a text.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from fieldguide.redact.forms.connections import CERTAIN_PARAMETER, CONNECTIONS, QUERY
from fieldguide.redact.forms.form import FormSearch, Judgement, judged
from fieldguide.redact.forms.headers import COMMANDS, ENCODED, HEADERS
from fieldguide.redact.forms.tool_files import ACCOUNTS, ENCRYPTED, HASHES, KEYS
from fieldguide.redact.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fieldguide.redact.rules import Rules
    from fieldguide.redact.subject import Subject


def find_forms(subject: Subject, rules: Rules) -> Iterator[Secret]:
    """Find secrets by what stands around them."""
    yield from _search().find(subject, rules)
    yield from _find_parameters(subject, rules)


@cache
def _search() -> FormSearch:
    return FormSearch.of((*CONNECTIONS, *HEADERS, *COMMANDS, *ENCODED, *ACCOUNTS, *KEYS, *ENCRYPTED, *HASHES))


def _find_parameters(subject: Subject, rules: Rules) -> Iterator[Secret]:
    """Find secrets among the parameters of addresses and form bodies."""
    for match in QUERY.finditer(subject.lowered):
        start, end = match.span("secret")
        opened = subject.lowered[match.start()]
        if opened in "\"'" and not subject.lowered.startswith("&", end):
            continue  # a literal `password=…` is an assignment
        certain = CERTAIN_PARAMETER.search(match["name"]) is not None
        if judged(subject.text[start:end], Judgement.CERTAIN if certain else Judgement.LIKELY, rules):
            yield Secret("url-parameter", ((start, end),))
