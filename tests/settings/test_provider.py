"""Which model is chosen, by which variable, and what is said when a provider is configured by half."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import settings as trial
from hypothesis import strategies as st

from fieldguide.domain.model import ModelChoice, Provider
from fieldguide.errors import ConfigurationError

if TYPE_CHECKING:
    from settings.conftest import Place

KEY = "k-0123456789-secret"
AZURE = {
    "AZURE_OPENAI_ENDPOINT": "https://example.openai.azure.com",
    "AZURE_OPENAI_API_KEY": KEY,
    "AZURE_OPENAI_DEPLOYMENT": "prose",
    "OPENAI_API_VERSION": "2024-10-21",
}


def _chosen(place: Place, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], **options: str) -> ModelChoice:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    model = place.resolve(**options).model
    assert model is not None
    return model


def _fault(place: Place, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], **options: str) -> str:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ConfigurationError) as caught:
        place.resolve(**options)
    assert KEY not in caught.value.fact + caught.value.hint
    return f"{caught.value.fact}\n{caught.value.hint}"


def test_azures_four_variables_choose_azure(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    model = _chosen(place, monkeypatch, AZURE, model="gpt-4o", temperature="0.2")
    assert model.provider is Provider.AZURE
    assert (model.model, model.family) == ("prose", "gpt-4o")
    assert (model.endpoint, model.api_version) == ("https://example.openai.azure.com/", "2024-10-21")
    assert model.chosen_by == "AZURE_OPENAI_ENDPOINT"
    assert model.key is not None
    assert model.key.get_secret_value() == KEY
    assert model.key_variable == "AZURE_OPENAI_API_KEY"
    assert model.temperature == 0.2
    assert (model.timeout, model.max_output_tokens) == (120.0, 4000)


def test_the_key_shows_nowhere(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in AZURE.items():
        monkeypatch.setenv(name, value)
    settings = place.resolve(header=(f"X-Gateway-Key: {KEY}",))
    assert settings.model is not None
    assert settings.model.headers == (("X-Gateway-Key", KEY),)
    assert KEY not in repr(settings)
    assert KEY not in "".join(note.message for note in settings.notes)
    assert settings.notes[0].message == (
        "prose by the deployment `prose` at example.openai.azure.com "
        "(chosen by AZURE_OPENAI_ENDPOINT, key from AZURE_OPENAI_API_KEY)"
    )


@pytest.mark.parametrize("missing", list(AZURE))
def test_azure_by_half_names_what_is_missing_even_beside_openai(
    place: Place, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    """No silent fall to no model, and none to OpenAI whose key is there."""
    variables = {name: value for name, value in AZURE.items() if name != missing}
    said = _fault(place, monkeypatch, {**variables, "OPENAI_API_KEY": KEY})
    assert f"not set: `{missing}`" in said
    assert not any(f"`{name}` (" in said for name in variables)


def test_an_endpoint_alone_lists_all_three_that_are_missing(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    said = _fault(place, monkeypatch, {"AZURE_OPENAI_ENDPOINT": AZURE["AZURE_OPENAI_ENDPOINT"]})
    for name in ("AZURE_OPENAI_API_KEY", "AZURE_OPENAI_DEPLOYMENT", "OPENAI_API_VERSION"):
        assert f"`{name}` (" in said


@pytest.mark.parametrize("missing", list(AZURE))
def test_other_names_of_azures_variables_are_honoured(
    place: Place, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    other = {
        "AZURE_OPENAI_ENDPOINT": "AZURE_ENDPOINT",
        "AZURE_OPENAI_API_KEY": "FIELDGUIDE_API_KEY",
        "AZURE_OPENAI_DEPLOYMENT": "AZURE_OPENAI_DEPLOYMENT_NAME",
        "OPENAI_API_VERSION": "AZURE_OPENAI_API_VERSION",
    }[missing]
    variables = {other if name == missing else name: value for name, value in AZURE.items()}
    assert _chosen(place, monkeypatch, variables).provider is Provider.AZURE


def test_the_old_pair_of_names_means_azure(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    variables = {
        "AZURE_ENDPOINT": AZURE["AZURE_OPENAI_ENDPOINT"],
        "OPENAI_API_KEY": KEY,
        "AZURE_OPENAI_DEPLOYMENT": "prose",
        "OPENAI_API_VERSION": "2024-10-21",
    }
    model = _chosen(place, monkeypatch, variables)
    assert model.provider is Provider.AZURE
    assert model.key is not None
    assert model.key_variable == "OPENAI_API_KEY"


def test_openais_key_goes_to_no_azure_address_that_the_old_pair_does_not_name(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    variables = {name: value for name, value in AZURE.items() if name != "AZURE_OPENAI_API_KEY"}
    assert "`AZURE_OPENAI_API_KEY` (" in _fault(place, monkeypatch, {**variables, "OPENAI_API_KEY": KEY})


@pytest.mark.parametrize("ending", ["/openai/v1", "/openai/v1/"])
def test_azures_v1_address_needs_no_version(place: Place, monkeypatch: pytest.MonkeyPatch, ending: str) -> None:
    endpoint = "https://example.openai.azure.com" + ending
    model = _chosen(place, monkeypatch, {**AZURE, "AZURE_OPENAI_ENDPOINT": endpoint})
    assert (model.endpoint, model.api_version) == ("https://example.openai.azure.com/openai/v1/", "")


def test_entra_needs_no_key(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    variables = {name: value for name, value in AZURE.items() if name != "AZURE_OPENAI_API_KEY"}
    model = _chosen(place, monkeypatch, variables, azure_auth="entra")
    assert model.entra
    assert model.key is None


def test_openais_key_alone_means_openai_with_a_default_model(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    model = _chosen(place, monkeypatch, {"OPENAI_API_KEY": KEY})
    assert (model.provider, model.model, model.endpoint) == (Provider.OPENAI, "gpt-4.1", "")
    assert model.chosen_by == "OPENAI_API_KEY"


def test_openai_by_name_without_its_key_is_a_fault(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "`OPENAI_API_KEY` (" in _fault(place, monkeypatch, {}, provider="openai")


def test_a_base_url_means_a_compatible_server_and_needs_no_key(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    model = _chosen(place, monkeypatch, {"OPENAI_BASE_URL": "http://127.0.0.1:8080/v1"}, model="local")
    assert (model.provider, model.endpoint, model.key) == (Provider.COMPATIBLE, "http://127.0.0.1:8080/v1/", None)


def test_a_base_url_that_is_openais_own_means_openai(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    variables = {"OPENAI_BASE_URL": "https://api.openai.com/v1", "OPENAI_API_KEY": KEY}
    assert _chosen(place, monkeypatch, variables).provider is Provider.OPENAI


def test_a_base_url_without_a_model_names_what_is_missing(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "`--model`" in _fault(place, monkeypatch, {}, base_url="http://localhost:1/v1")


def test_a_flag_of_one_provider_decides_before_the_environment_of_another(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = _chosen(place, monkeypatch, AZURE, base_url="http://localhost:1/v1", model="local")
    assert (model.provider, model.chosen_by) == (Provider.COMPATIBLE, "--base-url")


def test_azure_in_dotenv_goes_before_a_key_for_openai_in_the_environment(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    (place.here / ".env").write_text("".join(f"{name}={value}\n" for name, value in AZURE.items()))
    assert _chosen(place, monkeypatch, {"OPENAI_API_KEY": "other"}).provider is Provider.AZURE


@pytest.mark.parametrize("options", [{"no_model": "true"}, {"provider": "none"}])
def test_no_model_is_none_whatever_is_configured(
    place: Place, monkeypatch: pytest.MonkeyPatch, options: dict[str, str]
) -> None:
    for name, value in AZURE.items():
        monkeypatch.setenv(name, value)
    settings = place.resolve(**options)
    assert settings.model is None
    assert "written from the code alone" in settings.notes[0].message


def test_a_model_that_nobody_serves_is_a_fault(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "nothing says who serves it" in _fault(place, monkeypatch, {}, model="gpt-4o")


def test_langchain_takes_provider_and_model(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    model = _chosen(place, monkeypatch, {}, provider="langchain", model="anthropic:claude-sonnet-4-5")
    assert (model.provider, model.model, model.key) == (Provider.LANGCHAIN, "anthropic:claude-sonnet-4-5", None)
    assert "`provider:model`" in _fault(place, monkeypatch, {}, provider="langchain", model="gpt-4o")


@pytest.mark.parametrize(
    ("address", "part"),
    [
        ("http://example.com/v1", "unencrypted"),
        ("http://127.0.0.1.example.com/v1", "unencrypted"),
        ("http://0.0.0.0/v1", "unencrypted"),
        ("example.com/v1", "not a web address"),
        ("ftp://example.com", "not a web address"),
        ("https://", "not a web address"),
        ("https://host:port/", "not a web address"),
        ("https://[::1", "not a web address"),
        (f"https://user:{KEY}@example.com/v1", "a name or password"),
        (f"https://example.com/v1?key={KEY}", "more than an address"),
        ("https://example.com/a b", "a space or control character"),
    ],
)
def test_addresses_that_would_lose_a_key_are_refused(
    place: Place, monkeypatch: pytest.MonkeyPatch, address: str, part: str
) -> None:
    assert part in _fault(place, monkeypatch, {}, base_url=address, model="m")


@pytest.mark.parametrize("host", ["localhost:1", "127.8.9.1", "[::1]:5", "models.localhost"])
def test_this_machine_may_be_asked_unencrypted(place: Place, monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    assert _chosen(place, monkeypatch, {}, base_url=f"http://{host}/v1", model="m").endpoint == f"http://{host}/v1/"


def test_a_pasted_address_of_a_deployment_is_taken_apart(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    address = "https://example.openai.azure.com/openai/deployments/prose/chat/completions?api-version=2024-10-21"
    said = _fault(place, monkeypatch, {**AZURE, "AZURE_OPENAI_ENDPOINT": address})
    for part in (
        "AZURE_OPENAI_ENDPOINT=https://example.openai.azure.com/",
        "AZURE_OPENAI_DEPLOYMENT=prose",
        "OPENAI_API_VERSION=2024-10-21",
    ):
        assert part in said


def test_a_header_that_is_none_is_counted_and_not_shown(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in AZURE.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ConfigurationError, match="header 2 of `--header`") as caught:
        place.resolve(header=("X-Team: docs", KEY))
    assert KEY not in caught.value.fact + caught.value.hint


@trial(max_examples=150)
@given(names=st.sets(st.sampled_from([*AZURE, "OPENAI_API_KEY", "OPENAI_BASE_URL"])))
def test_no_set_of_variables_is_silently_without_a_model(place: Place, names: set[str]) -> None:
    """As long as anything but a version is set there is a model or a fault, and the key stays hidden."""
    values = {**AZURE, "OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": "http://localhost:1/v1"}
    with pytest.MonkeyPatch.context() as patch:
        for name in names:
            patch.setenv(name, values[name])
        try:
            settings = place.resolve()
        except ConfigurationError as error:
            assert names - {"OPENAI_API_VERSION"}
            assert KEY not in error.fact + error.hint  # noqa: PT017  # either outcome is right, a shown key is not
            return
    assert (settings.model is None) == (not names - {"OPENAI_API_VERSION"})
    assert KEY not in repr(settings)
