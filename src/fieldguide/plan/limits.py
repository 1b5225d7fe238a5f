"""Looks up what a model takes at once and what it costs, in tables that come with `genai-prices`.

Comes in: a model choice, and a usage. Goes out: a context window, a price in US dollars or `None`.
Must never: touch the network; take one provider's price for another's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fieldguide.domain.model import ModelChoice, Provider

if TYPE_CHECKING:
    from genai_prices.types import ModelInfo
    from genai_prices.types import Provider as PricedProvider

    from fieldguide.domain.limits import Limits
    from fieldguide.domain.request import Usage

HOSTED_WINDOW: Final = 128_000
"""Assumed of a model of Azure or OpenAI that the tables do not know: that of their models since 2024. When one takes
less the provider refuses the request with the numbers and bills nothing."""

SERVED_WINDOW: Final = 8_192
"""Assumed of any other model: servers of one's own may cut a longer prompt without a word."""

_HOSTED: Final = (Provider.AZURE, Provider.OPENAI)

_LANGCHAIN_NAMES: Final = {
    "google_genai": "google",
    "google_vertexai": "google",
    "google_anthropic_vertex": "google",
    "bedrock": "aws",
    "bedrock_converse": "aws",
    "azure_openai": "azure",
    "azure_ai": "azure",
    "mistralai": "mistral",
    "xai": "x-ai",
}
"""Providers that `init_chat_model` and the price tables call by different names."""


@dataclass(frozen=True, slots=True)
class Window:
    """How many tokens a model takes, prompt and reply together; `assumed` when nobody says so."""

    tokens: int
    assumed: bool


def context_window(choice: ModelChoice) -> Window:
    """The model's context window: as the user says, else from the tables, else `HOSTED_WINDOW` or `SERVED_WINDOW`."""
    if choice.context_window:
        return Window(choice.context_window, assumed=False)
    found = _find(choice)
    if found and found[1].context_window:
        return Window(found[1].context_window, assumed=False)
    return Window(HOSTED_WINDOW if choice.provider in _HOSTED else SERVED_WINDOW, assumed=True)


def price(choice: ModelChoice, usage: Usage, limits: Limits | None = None) -> float | None:
    """What `usage` costs in US dollars, or `None` when no price of that provider's model is known.

    By the prices that the user gives in `limits` where both are there, else at list price.
    """
    if limits is not None and limits.price_in is not None and limits.price_out is not None:
        return (usage.input_tokens * limits.price_in + usage.output_tokens * limits.price_out) / 1_000_000
    found = _find(choice)
    if found is None:
        return None
    from genai_prices import Usage as PricedUsage  # noqa: PLC0415  (0.3 s of tables, wanted only with a model)
    from genai_prices import calc_price  # noqa: PLC0415

    provider, model = found
    counted = PricedUsage(input_tokens=usage.input_tokens, output_tokens=usage.output_tokens)
    return float(calc_price(counted, model.id, provider_id=provider.id).total_price)


def _find(choice: ModelChoice) -> tuple[PricedProvider, ModelInfo] | None:
    """The tables' entry for a model of a provider: by its name, or by its address."""
    from genai_prices.data_snapshot import get_snapshot  # noqa: PLC0415  (see above)

    name, address = _provider_id(choice), None
    if choice.provider is Provider.COMPATIBLE:
        name, address = None, choice.endpoint
    try:
        return get_snapshot().find_provider_model(choice.underlying, None, name, address)
    except LookupError:
        return None


def _provider_id(choice: ModelChoice) -> str:
    if choice.provider is not Provider.LANGCHAIN:
        return choice.provider.value
    prefix = choice.model.partition(":")[0]
    return _LANGCHAIN_NAMES.get(prefix, prefix)
