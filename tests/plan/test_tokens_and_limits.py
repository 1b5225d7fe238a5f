"""Tokens, windows and prices of models, all without a network."""

from __future__ import annotations

import pytest
import tiktoken
from hypothesis import given
from hypothesis import strategies as st

from fieldguide.domain.model import ModelChoice, Provider
from fieldguide.domain.request import Usage
from fieldguide.plan.limits import HOSTED_WINDOW, SERVED_WINDOW, context_window, price
from fieldguide.plan.tokens import encoding_name, token_counter

OPENAI_MODELS = (
    "gpt-4o",
    "gpt-4o-mini",
    "gpt-4o-2024-08-06",
    "gpt-4.1",
    "gpt-4.1-mini-2025-04-14",
    "gpt-4",
    "gpt-4-turbo",
    "gpt-4-32k",
    "gpt-3.5-turbo",
    "gpt-35-turbo",
    "o1",
    "o3-mini",
    "o4-mini",
    "gpt-5",
    "gpt-5-mini",
)


def model(name: str, provider: Provider = Provider.OPENAI, **more: object) -> ModelChoice:
    family, endpoint = str(more.get("family", "")), str(more.get("endpoint", ""))
    return ModelChoice(provider, name, "test", family=family, endpoint=endpoint)


@pytest.mark.parametrize("name", OPENAI_MODELS)
def test_encodings_agree_with_tiktokens_table(name: str) -> None:
    assert encoding_name(name) == tiktoken.encoding_name_for_model(name)


def test_counts_are_those_published_for_the_encodings() -> None:
    """The example of OpenAI's cookbook on counting tokens: these encodings differ on it."""
    text = "お誕生日おめでとう"
    assert token_counter(model("gpt-4")).count(text) == 9
    assert token_counter(model("gpt-4o")).count(text) == 8


def test_special_tokens_in_code_are_counted_as_text() -> None:
    assert token_counter(model("gpt-4o")).count("<|endoftext|>") > 1


@given(st.text(max_size=200))
def test_an_unknown_tokenizer_is_never_counted_lower(text: str) -> None:
    known, unknown = token_counter(model("gpt-4o")), token_counter(model("mystery"))
    assert not unknown.exact
    assert unknown.count(text) >= known.count(text)


def test_the_window_is_what_the_user_says_else_what_the_tables_say() -> None:
    said = ModelChoice(Provider.AZURE, "gpt-4o", "test", context_window=32_000)
    assert context_window(said).tokens == 32_000
    assert context_window(model("gpt-4o", Provider.AZURE)).tokens == 128_000
    assert context_window(model("prod", Provider.AZURE, family="gpt-4")).tokens == 8_192
    assert not context_window(model("gpt-4o", Provider.AZURE)).assumed


def test_an_unknown_window_is_assumed_and_said_to_be() -> None:
    hosted = context_window(model("prod", Provider.AZURE))
    served = context_window(model("llama", Provider.COMPATIBLE, endpoint="http://127.0.0.1:11434/v1"))
    assert (hosted.tokens, hosted.assumed) == (HOSTED_WINDOW, True)
    assert (served.tokens, served.assumed) == (SERVED_WINDOW, True)


def test_prices_are_those_of_the_provider_that_is_asked() -> None:
    usage = Usage(1_000_000, 100_000)
    assert price(model("gpt-4o", Provider.AZURE), usage) == pytest.approx(2.5 + 1.0)
    claude = price(model("anthropic:claude-sonnet-4-5", Provider.LANGCHAIN), Usage(100_000, 10_000))
    assert claude == pytest.approx(0.3 + 0.15)


def test_a_server_of_ones_own_has_no_price_even_when_its_model_has_a_known_name() -> None:
    choice = model("gpt-4o", Provider.COMPATIBLE, endpoint="http://127.0.0.1:8000/v1")
    assert price(choice, Usage(1_000, 1_000)) is None
    assert price(model("prod", Provider.AZURE), Usage(1_000, 1_000)) is None
