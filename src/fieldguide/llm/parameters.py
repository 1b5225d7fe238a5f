"""What a call asks for besides its text, and how it adapts to a server that refuses one of the parameters.

Comes in: a model choice, a request, a server's refusal. Goes out: parameters, or `None` when nothing can be adapted.
Must never: try the same parameter twice, so that a run of refusals ends.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from fieldguide.domain.model import ModelChoice, Provider

if TYPE_CHECKING:
    from fieldguide.domain.request import Request
    from fieldguide.llm.refusal import Refusal

NEW_LIMIT: Final = "max_completion_tokens"
OLD_LIMIT: Final = "max_tokens"

_NEW_LIMIT_SINCE: Final = "2024-09-01"
"""First Azure API version that knows `max_completion_tokens`; earlier ones refuse it."""

_REFUSES: Final = re.compile(
    r"unsupported|unrecognized|not (?:supported|permitted|allowed)|does not support|extra (?:fields|inputs)|unknown",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Parameters:
    """Parameters of one call. `limit` is the name under which the most output tokens are sent."""

    output_tokens: int
    limit: str
    temperature: float | None
    adapted: frozenset[str] = frozenset()
    """Names of the parameters that were changed already."""

    def after(self, refusal: Refusal) -> Parameters | None:
        """Return what to send after a server refused a parameter by name; `None` when that was not the trouble."""
        named = refusal.param or _named(refusal)
        if refusal.status not in {400, 422} or not named or named in self.adapted:
            return None
        adapted = self.adapted | {named}
        if named == "temperature" and self.temperature is not None:
            return replace(self, temperature=None, adapted=adapted)
        if named == self.limit and _is_refusal(refusal):
            return replace(self, limit=OLD_LIMIT if self.limit == NEW_LIMIT else NEW_LIMIT, adapted=adapted)
        return None


def first_parameters(request: Request, choice: ModelChoice) -> Parameters:
    """What is tried first: what the provider's documentation asks for of that kind of model."""
    old_azure = bool(choice.api_version) and choice.api_version[:10] < _NEW_LIMIT_SINCE and not choice.reasoning
    old = choice.provider is Provider.COMPATIBLE or (choice.provider is Provider.AZURE and old_azure)
    return Parameters(
        output_tokens=request.max_output_tokens,
        limit=OLD_LIMIT if old else NEW_LIMIT,
        temperature=None if choice.reasoning else choice.temperature,
    )


def _is_refusal(refusal: Refusal) -> bool:
    """A limit that is known but too high is named as well: then its other name would not help."""
    return refusal.code in {"unsupported_parameter", "unsupported_value"} or bool(_REFUSES.search(refusal.message))


def _named(refusal: Refusal) -> str:
    """The parameter that the message of a server without a `param` names."""
    if not _is_refusal(refusal):
        return ""
    found = re.search(rf"\b(temperature|{NEW_LIMIT}|{OLD_LIMIT})\b", refusal.message)
    return found[1] if found else ""
