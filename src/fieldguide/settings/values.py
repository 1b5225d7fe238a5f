"""Raw values from several places become typed values, through pydantic-settings.

Comes in: layers of raw values, the strongest first. Goes out: `Values`, and the faults of those that do not hold.
Must never: read a place itself; show the value of a secret.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple, cast

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, StringConstraints, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from fieldguide.settings.options import BY_NAME, OPTIONS, Option
from fieldguide.settings.quoting import quoted
from fieldguide.settings.spelling import nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from pydantic.fields import FieldInfo


class Fault(NamedTuple):
    """One setting that does not hold."""

    fact: str
    hint: str


class Layer(NamedTuple):
    """What one place says. Values are raw; those of secrets are already `SecretStr`."""

    values: Mapping[str, object]
    """By field."""
    origins: Mapping[str, str]
    """By field: the flag, variable or TOML key that a message names."""
    flags: bool = False
    """It is the command line."""
    repository: bool = False
    """It is the documented directory, which may be a stranger's."""

    def without(self, fields: frozenset[str]) -> Layer:
        """Return the layer as if it said nothing of `fields`."""
        return self._replace(values={field: value for field, value in self.values.items() if field not in fields})


_SIZE = re.compile(r"(\d{1,15})\s*([kmg]?)i?b?", re.IGNORECASE | re.ASCII)
_UNITS = {"": 1, "k": 1_000, "m": 1_000_000, "g": 1_000_000_000}


def _no_switch(value: object) -> object:
    """Refuse `true` where a number is wanted: pydantic takes it for 1."""
    if isinstance(value, bool):
        message = "a number is wanted"
        raise ValueError(message)  # noqa: TRY004  # pydantic turns a ValueError into a fault, a TypeError into a crash
    return value


def _size(value: object) -> object:
    if isinstance(value, str):
        match = _SIZE.fullmatch(value.strip())
        if match is None:
            message = "not a size"
            raise ValueError(message)
        return int(match[1]) * _UNITS[match[2].lower()]
    return _no_switch(value)


def _one_or_many(value: object) -> object:
    return (value,) if isinstance(value, str) else value


def _no_null(value: object) -> object:
    if "\0" in str(value) or str(value) in {"", "."}:
        message = "not a path"
        raise ValueError(message)
    return value


PathText = Annotated[Path, BeforeValidator(_no_null)]
Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Texts = Annotated[tuple[Text, ...], BeforeValidator(_one_or_many)]
Count = Annotated[int, BeforeValidator(_no_switch), Field(ge=1)]
Size = Annotated[int, BeforeValidator(_size), Field(ge=1)]
Seconds = Annotated[float, BeforeValidator(_no_switch), Field(gt=0, allow_inf_nan=False)]
Percent = Annotated[float, BeforeValidator(_no_switch), Field(ge=0, le=100, allow_inf_nan=False)]
Dollars = Annotated[float, BeforeValidator(_no_switch), Field(ge=0, allow_inf_nan=False)]
Temperature = Annotated[float, BeforeValidator(_no_switch), Field(ge=0, le=2, allow_inf_nan=False)]


def _key(value: object) -> object:
    text = value.get_secret_value() if isinstance(value, SecretStr) else ""
    if not text or any(character.isspace() or not character.isprintable() for character in text):
        message = "not a key"
        raise ValueError(message)
    return value


Key = Annotated[SecretStr, BeforeValidator(_key)]

_SHORTEST_REDACTION_KEY = 16
_FINGERPRINT = re.compile(r"[0-9a-f]{32}")


def _redaction_key(value: object) -> object:
    if not isinstance(value, SecretStr) or len(value.get_secret_value()) < _SHORTEST_REDACTION_KEY:
        message = "too short"
        raise ValueError(message)
    return value


RedactionKey = Annotated[SecretStr, BeforeValidator(_redaction_key)]


def _fingerprints(value: tuple[str, ...]) -> tuple[str, ...]:
    lowered = tuple(one.lower() for one in value)
    if not all(_FINGERPRINT.fullmatch(one) for one in lowered):
        message = "not a fingerprint"
        raise ValueError(message)
    return lowered


Fingerprints = Annotated[Texts, AfterValidator(_fingerprints)]


def _choice_of(name: str) -> BeforeValidator:
    choices = BY_NAME[name].choices

    def check(value: object) -> object:
        if value not in choices:
            message = "not a choice"
            raise ValueError(message)
        return value

    return BeforeValidator(check)


def _choices_of(name: str) -> AfterValidator:
    choices = BY_NAME[name].choices

    def check(value: tuple[str, ...]) -> tuple[str, ...]:
        if not set(value) <= set(choices):
            message = "not a choice"
            raise ValueError(message)
        return value

    return AfterValidator(check)


class Values(BaseSettings):
    """One typed field for each option of the table; defaults stand in the table alone."""

    model_config = SettingsConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    include: Texts = ()
    exclude: Texts = ()
    max_file_size: Size
    report_form: Annotated[str, _choice_of("format"), Field(alias="format")]
    baseline: PathText | None = None
    write_baseline: bool = False
    doubtful: bool = False
    fix: bool = False
    coverage: bool = False
    coverage_threshold: Percent | None = None
    redact: Annotated[str, _choice_of("redact")]
    hide: Annotated[Texts, _choices_of("hide")] = ()
    secret_pattern: Texts = ()
    reviewed: Fingerprints = ()
    fail_on_secret: bool = False
    redaction_report: PathText | None = None
    redaction_key: RedactionKey | None = None
    output: PathText | None = None
    stdout: bool = False
    replace: bool = False
    provider: Annotated[str, _choice_of("provider")]
    no_model: bool = False
    model: Text | None = None
    deployment: Text | None = None
    stronger_model: Text | None = None
    stronger_deployment: Text | None = None
    endpoint: Text | None = None
    api_version: Text | None = None
    azure_auth: Annotated[str, _choice_of("azure-auth")]
    base_url: Text | None = None
    header: Texts = ()
    key_from: Text | None = None
    api_key: Key | None = None
    azure_api_key: Key | None = None
    openai_api_key: Key | None = None
    prompts: PathText | None = None
    show_prompts: bool = False
    wait: bool = False
    temperature: Temperature | None = None
    timeout: Seconds
    max_output_tokens: Count
    context_window: Count | None = None
    rpm: Count | None = None
    tpm: Size | None = None
    max_cost: Dollars | None = None
    max_tokens: Size | None = None
    price_in: Dollars | None = None
    price_out: Dollars | None = None
    concurrency: Count
    allow_host: Texts = ()
    allow_http: bool = False
    tracing: bool = False
    verbose: bool = False
    quiet: bool = False
    json_report: Annotated[bool, Field(alias="json")] = False
    log_file: PathText | None = None
    jobs: Count | None = None
    cache_dir: PathText | None = None
    no_cache: bool = False
    config: PathText | None = None


class LayerSource(PydanticBaseSettingsSource):
    """A layer as a source of pydantic-settings, which merges the sources in their order."""

    def __init__(self, layer: Layer) -> None:
        """Keep the layer."""
        super().__init__(Values)
        self._layer = layer

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[object, str, bool]:  # noqa: ARG002  # the base class asks for it
        """Return the raw value, its key, and that nothing in it is JSON."""
        return self._layer.values.get(field_name), field_name, False

    def __call__(self) -> dict[str, object]:
        """Return what the layer says."""
        return dict(self._layer.values)


DEFAULTS = Layer({option.field: option.default for option in OPTIONS if option.default}, {})
"""The weakest layer: the defaults of the table."""


def validate(
    layers: Sequence[Layer], *, first: tuple[PydanticBaseSettingsSource, ...] = ()
) -> tuple[Values, dict[str, Fault]]:
    """Merge `layers`, the strongest first, over the defaults, and convert every value; `first` goes before them all.

    A value that does not hold is reported by its field, and stands as if nobody had said it, so that the checks that
    follow can report theirs in the same run.
    """
    try:
        return _merge(layers, first), {}
    except ValidationError as error:
        fields = dict.fromkeys(str(detail["loc"][0]) for detail in error.errors(include_url=False, include_input=False))
    faults = {field: _fault(_option(field), layers) for field in fields}
    return _merge([layer.without(frozenset(fields)) for layer in layers], first), faults


def _merge(layers: Sequence[Layer], first: tuple[PydanticBaseSettingsSource, ...]) -> Values:
    # Its declared signature asks for the fields, which is what the sources are there to give.
    build = cast("Callable[..., Values]", Values)
    return build(_build_sources=((*first, *(LayerSource(layer) for layer in (*layers, DEFAULTS))), {}))


def _option(field: str) -> Option:
    return next(option for option in OPTIONS if option.field == field)


def _fault(option: Option, layers: Sequence[Layer]) -> Fault:
    layer = next(layer for layer in layers if option.field in layer.values)
    origin = layer.origins[option.field]
    value = layer.values[option.field]
    # A header may carry a key and a pattern may be one, so their values are no more shown than a key's.
    hidden = option.kind == "secret" or option.name in {"header", "secret-pattern"}
    shown = "does not hold" if hidden else f"is {quoted(_as_written(value))}"
    near = nearest(value, option.choices) if isinstance(value, str) else ""
    hint = f"did you mean `{near}` for `{origin}`?" if near else f"give `{origin}` {option.expected}"
    return Fault(f"`{origin}` {shown}: it takes {option.expected}", hint)


def _as_written(value: object) -> object:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple | list):
        return ", ".join(str(item) for item in cast("Sequence[object]", value))
    return value
