"""Which model mends what the first could not, and what is said when it is named by half."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fieldguide.errors import ConfigurationError

if TYPE_CHECKING:
    from fieldguide.domain.model import ModelChoice
    from settings.conftest import Place

AZURE = {
    "AZURE_OPENAI_ENDPOINT": "https://example.openai.azure.com",
    "AZURE_OPENAI_API_KEY": "k-0123456789-secret",
    "AZURE_OPENAI_DEPLOYMENT": "prose",
    "OPENAI_API_VERSION": "2024-10-21",
}
OPENAI = {"OPENAI_API_KEY": "k-0123456789-secret"}


def _stronger(
    place: Place, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], **options: str
) -> ModelChoice | None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    return place.resolve(**options).stronger


def _fault(place: Place, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], **options: str) -> str:
    with pytest.raises(ConfigurationError) as caught:
        _stronger(place, monkeypatch, variables, **options)
    return f"{caught.value.fact}\n{caught.value.hint}"


def test_it_has_the_first_models_address_and_key_and_its_own_names(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = {"stronger-model": "gpt-4.1", "stronger-deployment": "careful", "context-window": "8000"}
    stronger = _stronger(place, monkeypatch, AZURE, **named)
    first = place.resolve(**named).model
    assert stronger is not None
    assert first is not None
    assert (stronger.model, stronger.family, stronger.context_window) == ("careful", "gpt-4.1", None)
    assert (stronger.endpoint, stronger.key, stronger.chosen_by) == (first.endpoint, first.key, first.chosen_by)


def test_outside_of_azure_a_model_is_its_name(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    stronger = _stronger(place, monkeypatch, OPENAI, **{"stronger-model": "gpt-5"})
    assert stronger is not None
    assert (stronger.model, stronger.underlying) == ("gpt-5", "gpt-5")


def test_without_the_option_there_is_none(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _stronger(place, monkeypatch, OPENAI) is None


def test_on_azure_it_is_reached_by_its_deployment(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    said = _fault(place, monkeypatch, AZURE, **{"stronger-model": "gpt-4.1"})
    assert "`--stronger-model` asks for `gpt-4.1`" in said
    assert "name it with `--stronger-deployment`" in said


def test_a_deployment_is_azures(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    said = _fault(place, monkeypatch, OPENAI, **{"stronger-deployment": "careful"})
    assert "the model is not Azure's" in said


def test_the_first_model_is_not_stronger_than_itself(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    said = _fault(place, monkeypatch, OPENAI, **{"stronger-model": "gpt-4.1"})
    assert "names the first model itself" in said


def test_one_by_langchain_has_its_provider_before_it(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    options = {"provider": "langchain", "model": "anthropic:small", "stronger-model": "large"}
    assert "LangChain takes `provider:model`" in _fault(place, monkeypatch, {}, **options)


def test_where_nobody_serves_a_model_none_is_stronger(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    said = _fault(place, monkeypatch, {}, **{"stronger-model": "gpt-5"})
    assert "`--stronger-model` asks for `gpt-5`, but nothing says who serves it" in said
    assert place.resolve(**{"stronger-model": "gpt-5", "no-model": "true"}).stronger is None
