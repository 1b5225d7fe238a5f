"""Which model writes the prose, and by whose word.

Comes in: `Values`, and where each was said. Goes out: a `ModelChoice`, or `None` for no model, with the note that says
so; or faults, each naming every variable that is missing.
Must never: fall back to no model, or to another provider, because the chosen one is configured by half; show a key.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from fieldguide.domain.model import ModelChoice, Provider
from fieldguide.domain.report import Note
from fieldguide.settings.address import OPENAI_ADDRESS, address_fault, host, is_openai, is_v1
from fieldguide.settings.hosts import host_fault
from fieldguide.settings.quoting import quoted
from fieldguide.settings.values import Fault, Values

if TYPE_CHECKING:
    from pydantic import SecretStr

DEFAULT_OPENAI_MODEL = "gpt-4.1"
"""No reasoning model (they are slow and refuse a temperature), and a window of a million tokens."""

Origin = Callable[[str], str]
"""Takes a field, returns the flag, variable or TOML key that set it; empty where nothing did."""

_HEADER = re.compile(r"([!#$%&'*+.^_`|~0-9A-Za-z-]+)\s*:\s*([\t\x20-\x7e\x80-\xff]*)")
OF_LANGCHAIN = re.compile(r"[\w-]+:\S+")
"""How LangChain is told a model: its provider, and its name there."""
_AZURE_FIELDS = ("endpoint", "deployment", "azure_api_key")
_LEGACY_ENDPOINT = "AZURE_ENDPOINT"


class Chosen(NamedTuple):
    """The outcome: a model or none, what to say of it, and what does not hold."""

    model: ModelChoice | None = None
    notes: tuple[Note, ...] = ()
    faults: tuple[Fault, ...] = ()


def choose(values: Values, origin: Origin, *, from_flags: frozenset[str], allowed: frozenset[str]) -> Chosen:
    """Resolve the provider.

    A flag that belongs to one provider decides before the environment does. Then the order is Azure OpenAI, a
    compatible address, OpenAI: `OPENAI_API_KEY` means OpenAI only where it stands alone.

    Args:
        values: What is set.
        origin: Where each value was said.
        from_flags: Fields that the command line sets.
        allowed: Hosts that may be connected to; empty for the model's own.

    """
    provider, by = _provider(values, origin, from_flags)
    if provider is None:
        return _none(values, origin, by, from_flags)
    builders = {
        Provider.AZURE: _azure,
        Provider.OPENAI: _openai,
        Provider.COMPATIBLE: _compatible,
        Provider.LANGCHAIN: _langchain,
    }
    headers, faults = _headers(values, origin)
    chosen = builders[provider](values, origin, by, headers)
    if chosen.model is None:
        return chosen._replace(faults=(*chosen.faults, *faults))
    address = chosen.model.endpoint or (OPENAI_ADDRESS if provider is Provider.OPENAI else "")
    faults += host_fault(address, by, allowed) if address else ()
    model = replace(chosen.model, allowed_hosts=allowed, allow_http=values.allow_http, tracing=values.tracing)
    return chosen._replace(model=model, faults=(*chosen.faults, *faults))


def _provider(values: Values, origin: Origin, from_flags: frozenset[str]) -> tuple[Provider | None, str]:
    if values.no_model or values.provider == "none":
        return None, origin("no_model" if values.no_model else "provider")
    if values.provider != "auto":
        return Provider(values.provider), origin("provider")
    base_url = Provider.OPENAI if is_openai(values.base_url or "") else Provider.COMPATIBLE
    meant = dict.fromkeys(_AZURE_FIELDS, Provider.AZURE) | {"base_url": base_url, "openai_api_key": Provider.OPENAI}
    if values.azure_auth == "entra":
        meant = {"azure_auth": Provider.AZURE, **meant}
    said = [(field, provider) for field, provider in meant.items() if origin(field)]
    # Sorting is stable: what a flag says comes first, each part in the order above.
    for field, provider in sorted(said, key=lambda pair: pair[0] not in from_flags):
        return provider, origin(field)
    return None, ""


def _none(values: Values, origin: Origin, by: str, from_flags: frozenset[str]) -> Chosen:
    if by:
        return Chosen(notes=(Note(f"no model: the page is written from the code alone (`{by}`)"),))
    asked = next((field for field in ("model", "stronger_model", "key_from") if field in from_flags), "")
    if asked:
        named = {"model": values.model, "stronger_model": values.stronger_model}.get(asked)
        what = f"asks for {quoted(named)}" if named else "names a key"
        fact = f"`{origin(asked)}` {what}, but nothing says who serves it"
        return Chosen(faults=(Fault(fact, "set `AZURE_OPENAI_ENDPOINT` or `OPENAI_API_KEY`, or give `--base-url`"),))
    message = "no model is configured: the page is written from the code alone"
    return Chosen(notes=(Note(message),))


def _azure(values: Values, origin: Origin, by: str, headers: tuple[tuple[str, str], ...]) -> Chosen:
    entra = values.azure_auth == "entra"
    key, key_by = _azure_key(values, origin)
    endpoint = (values.endpoint or "").rstrip("/")
    v1 = is_v1(endpoint)
    needed = {
        "`AZURE_OPENAI_ENDPOINT` (the address of the resource)": bool(endpoint),
        "`AZURE_OPENAI_API_KEY` (a key of the resource)": key is not None or entra,
        "`AZURE_OPENAI_DEPLOYMENT` (the name of the deployment)": bool(values.deployment),
        "`OPENAI_API_VERSION` (such as `2024-10-21`)": bool(values.api_version) or v1,
    }
    faults = _missing("Azure OpenAI", by, needed)
    if endpoint:
        faults += address_fault(endpoint, origin("endpoint"), azure=True, allow_http=values.allow_http)
    if faults:
        return Chosen(faults=faults)
    choice = ModelChoice(
        provider=Provider.AZURE,
        model=values.deployment or "",
        chosen_by=by,
        family=values.model or "",
        endpoint=endpoint + "/",
        api_version="" if v1 else values.api_version or "",
        key=None if entra else key,
        key_variable="" if entra else key_by.partition(" ")[0],
        entra=entra,
        temperature=values.temperature,
        timeout=values.timeout,
        max_output_tokens=values.max_output_tokens,
        context_window=values.context_window,
        headers=headers,
    )
    signed = "signed in by Entra ID" if entra else f"key from {key_by}"
    return Chosen(choice, _said(f"the deployment {quoted(choice.model)} at {host(endpoint)}", by, signed))


def _azure_key(values: Values, origin: Origin) -> tuple[SecretStr | None, str]:
    """Return the key for Azure and where it was said.

    A key for OpenAI goes to an Azure address only where the old pair of names says so: it is another secret.
    """
    for field, key in (("api_key", values.api_key), ("azure_api_key", values.azure_api_key)):
        if key is not None:
            return key, origin(field)
    if origin("endpoint").split(" ")[0] == _LEGACY_ENDPOINT:
        return values.openai_api_key, origin("openai_api_key")
    return None, ""


def _openai(values: Values, origin: Origin, by: str, headers: tuple[tuple[str, str], ...]) -> Chosen:
    key = values.api_key or values.openai_api_key
    faults = _missing("OpenAI", by, {"`OPENAI_API_KEY` (a key of your account)": key is not None})
    if values.base_url and not is_openai(values.base_url):
        fact = f"`{origin('base_url')}` is another address than OpenAI's, but `{by}` chooses OpenAI"
        faults += (Fault(fact, "give `--provider compatible` to use the address, or take it out"),)
    if faults:
        return Chosen(faults=faults)
    model = values.model or DEFAULT_OPENAI_MODEL
    key_by = origin("api_key") or origin("openai_api_key")
    choice = _plain(Provider.OPENAI, model, by, values, (key, key_by), headers)
    return Chosen(choice, _said(f"{quoted(model)} at OpenAI", by, f"key from {key_by}"))


def _compatible(values: Values, origin: Origin, by: str, headers: tuple[tuple[str, str], ...]) -> Chosen:
    faults = _missing(
        "an OpenAI-compatible server",
        by,
        {
            "`FIELDGUIDE_BASE_URL` (or `--base-url`: the address, up to /v1)": bool(values.base_url),
            "`FIELDGUIDE_MODEL` (or `--model`: the name that the server knows)": bool(values.model),
        },
    )
    endpoint = (values.base_url or "").rstrip("/")
    if endpoint:
        faults += address_fault(endpoint, origin("base_url"), allow_http=values.allow_http)
    if faults:
        return Chosen(faults=faults)
    key = values.api_key or values.openai_api_key
    key_by = origin("api_key") or origin("openai_api_key")
    choice = _plain(Provider.COMPATIBLE, values.model or "", by, values, (key, key_by), headers, endpoint + "/")
    signed = f"key from {key_by}" if key is not None else "no key"
    return Chosen(choice, _said(f"{quoted(choice.model)} at {host(endpoint)}", by, signed))


def _langchain(values: Values, origin: Origin, by: str, headers: tuple[tuple[str, str], ...]) -> Chosen:
    model = values.model or ""
    if not OF_LANGCHAIN.fullmatch(model):
        said = f"`{origin('model')}` is {quoted(model)}" if model else "no model is named"
        fact = f"`{by}` chooses LangChain, but {said}: it takes `provider:model`"
        return Chosen(faults=(Fault(fact, "give for example `--model anthropic:claude-sonnet-4-5`"),))
    key_by = origin("api_key")
    choice = _plain(Provider.LANGCHAIN, model, by, values, (values.api_key, key_by), headers)
    signed = f"key from {key_by}" if key_by else "key as that provider's package finds it"
    return Chosen(choice, _said(f"{quoted(model)} by LangChain", by, signed))


def _plain(
    provider: Provider,
    model: str,
    by: str,
    values: Values,
    key: tuple[SecretStr | None, str],
    headers: tuple[tuple[str, str], ...],
    endpoint: str = "",
) -> ModelChoice:
    return ModelChoice(
        provider=provider,
        model=model,
        chosen_by=by,
        endpoint=endpoint,
        key=key[0],
        key_variable=key[1].partition(" ")[0],
        temperature=values.temperature,
        timeout=values.timeout,
        max_output_tokens=values.max_output_tokens,
        context_window=values.context_window,
        headers=headers,
    )


def _missing(name: str, by: str, needed: dict[str, bool]) -> tuple[Fault, ...]:
    """Return one fault that lists everything that is not there."""
    missing = [variable for variable, there in needed.items() if not there]
    if not missing:
        return ()
    fact = f"{name} is chosen by `{by}`, but not set: {', '.join(missing)}"
    return (Fault(fact, "set what is missing in the environment or in `.env`, or give `--no-model`"),)


def _said(what: str, by: str, signed: str) -> tuple[Note, ...]:
    return (Note(f"prose by {what} (chosen by {by}, {signed})"),)


def _headers(values: Values, origin: Origin) -> tuple[tuple[tuple[str, str], ...], tuple[Fault, ...]]:
    """Split `Name: value`; a header that is none is a fault that does not show it, for it may carry a key."""
    headers: list[tuple[str, str]] = []
    for number, text in enumerate(values.header, start=1):
        match = _HEADER.fullmatch(text)
        if match is None:
            fact = f"header {number} of `{origin('header')}` is not of the form `NAME: VALUE`"
            return (), (Fault(fact, 'give for example `--header "X-Team: docs"`'),)
        headers.append((match[1], match[2].strip()))
    return tuple(headers), ()
