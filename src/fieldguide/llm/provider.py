"""Builds LangChain's chat model for the provider that was chosen.

Comes in: a `ModelChoice`, parameters, an HTTP client, a token where Entra ID signs in. Goes out: a chat model.
Must never: take an address or a key from anywhere but the `ModelChoice`; retry; import a provider that is not wanted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast
from urllib.parse import urlsplit

from pydantic import SecretStr

from fieldguide.domain.environment import is_own_key, withheld
from fieldguide.domain.model import ModelChoice, Provider
from fieldguide.domain.request import Failure
from fieldguide.domain.trouble import Trouble
from fieldguide.errors import ConfigurationError
from fieldguide.llm.destination import takes_our_client
from fieldguide.llm.parameters import NEW_LIMIT

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from httpx2 import AsyncClient
    from langchain_core.language_models import BaseChatModel

    from fieldguide.llm.parameters import Parameters

    Hook = Callable[[Any], Awaitable[None]]

OPENAI_ADDRESS: Final = "https://api.openai.com/v1"
"""Said outright, for the client would else take one from the environment."""

ENTRA_SCOPE: Final = "https://cognitiveservices.azure.com/.default"

_NO_KEY: Final = "none"
"""Sent to servers that want no key: the client insists on one, and must not take another server's from elsewhere."""


def address_of(choice: ModelChoice) -> str:
    """The address that the choice names, for people to read: without a user and a password."""
    parts = urlsplit(choice.endpoint or OPENAI_ADDRESS)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()


def host_of(choice: ModelChoice) -> str:
    """Host and port of that address, or the provider's name where LangChain knows the address."""
    if choice.provider is Provider.LANGCHAIN and not choice.endpoint:
        return choice.model.partition(":")[0]
    return urlsplit(address_of(choice)).netloc or choice.endpoint


def own_address(choice: ModelChoice) -> str:
    """The address that the choice means; empty where only LangChain knows it."""
    return "" if choice.provider is Provider.LANGCHAIN and not choice.endpoint else address_of(choice)


def http_client(choice: ModelChoice, leaves: Hook, answered: Hook) -> AsyncClient:
    """A client for all calls of a run: proxies and certificates from the environment, and no redirects.

    A redirect would carry the code to a host that the user did not name.

    Args:
        choice: For its time limit.
        leaves: Awaited, in the context of the task that makes the call, with every request before it is sent; what it
            raises stops the request.
        answered: Awaited with every response before its body is read.

    Raises:
        ConfigurationError: The environment names a proxy that cannot be used.
    """
    import openai  # noqa: PLC0415  (0.6 s, only where a model is asked)

    try:
        hooks = {"request": [leaves], "response": [answered]}
        return openai.DefaultAsyncHttpxClient(follow_redirects=False, timeout=choice.timeout, event_hooks=hooks)
    except (ValueError, ImportError) as error:  # a scheme that is none, or SOCKS without its package
        fact = "the proxy that the environment names cannot be used"
        hint = "set `HTTPS_PROXY` and `ALL_PROXY` to an address such as http://proxy.example:3128"
        raise ConfigurationError(fact, hint=hint) from error


def chat_model(choice: ModelChoice, parameters: Parameters, client: AsyncClient, token: str) -> BaseChatModel:
    """Build the chat model. `token` is Entra ID's; empty where a key, or nothing, signs in.

    Raises:
        ConfigurationError: The provider needs a package that is not installed, or does not know these settings.
    """
    if choice.provider is Provider.LANGCHAIN:
        return _any_model(choice, parameters, client)
    if choice.provider is Provider.AZURE and choice.api_version:
        return _azure_model(choice, parameters, client, token)
    return _openai_model(choice, parameters, client, token)


def entra_token(choice: ModelChoice) -> tuple[str, float] | Failure:
    """Sign in with Entra ID as `DefaultAzureCredential` does: environment, managed identity, Azure CLI and so on.

    Returns the token and the time of its end, in seconds since the epoch.

    Raises:
        ConfigurationError: The extra `entra` is not installed.
    """
    try:
        from azure.core.exceptions import ClientAuthenticationError  # noqa: PLC0415  (an extra)
        from azure.identity import DefaultAzureCredential  # noqa: PLC0415  (an extra)
    except ImportError as error:
        fact = "signing in with Entra ID needs the package `azure-identity`, which is not installed"
        raise ConfigurationError(fact, hint="pip install 'fieldguide[entra]'") from error
    try:
        # Programs that are asked to sign in, such as `az`, need no key of the model.
        with withheld(is_own_key), DefaultAzureCredential(process_timeout=int(choice.timeout)) as credential:
            token = credential.get_token(ENTRA_SCOPE)
            return token.token, float(token.expires_on)
    except ClientAuthenticationError:
        return Failure(
            fact=f"no way to sign in with Entra ID worked for `{choice.endpoint}`",
            hint="sign in with `az login`, or give a key in `AZURE_OPENAI_API_KEY` and leave out `--azure-auth entra`",
            trouble=Trouble.REFUSED,
        )


def _azure_model(choice: ModelChoice, parameters: Parameters, client: AsyncClient, token: str) -> BaseChatModel:
    from langchain_openai import AzureChatOpenAI  # noqa: PLC0415  (1.5 s and 90 MB)

    return AzureChatOpenAI(
        azure_endpoint=choice.endpoint,
        azure_deployment=choice.model,
        api_version=choice.api_version,
        api_key=None if token else choice.key,
        azure_ad_token=SecretStr(token) if token else None,
        **_common(choice, parameters, client),
    )


def _openai_model(choice: ModelChoice, parameters: Parameters, client: AsyncClient, token: str) -> BaseChatModel:
    from langchain_openai import ChatOpenAI  # noqa: PLC0415  (1.5 s and 90 MB)

    return ChatOpenAI(
        base_url=_address(choice),
        api_key=SecretStr(token) if token else choice.key or SecretStr(_NO_KEY),
        # Other servers have only the chat protocol; OpenAI's newest models have only the other one.
        use_responses_api=False if choice.provider is Provider.COMPATIBLE else None,
        **_common(choice, parameters, client),
    )


def _common(choice: ModelChoice, parameters: Parameters, client: AsyncClient) -> dict[str, Any]:
    """Arguments of both classes. What is `None` here would else be taken from the environment or be guessed."""
    new = parameters.limit == NEW_LIMIT
    return {
        "model": choice.model,
        "temperature": parameters.temperature,
        "max_tokens": parameters.output_tokens if new else None,
        "extra_body": None if new else {parameters.limit: parameters.output_tokens},
        "timeout": choice.timeout,
        "max_retries": 0,
        "default_headers": dict(choice.headers) or None,
        "http_async_client": client,
        "openai_proxy": None,
        "output_version": None,
        "stream_usage": False,
    }


def _address(choice: ModelChoice) -> str:
    if choice.provider is Provider.AZURE:
        return choice.endpoint.rstrip("/").removesuffix("/openai/v1") + "/openai/v1/"
    return choice.endpoint or OPENAI_ADDRESS


def _any_model(choice: ModelChoice, parameters: Parameters, client: AsyncClient) -> BaseChatModel:
    """Whatever `init_chat_model` makes of `provider:model`, with our client where it takes one."""
    try:
        from langchain.chat_models import init_chat_model  # noqa: PLC0415  (an extra)
    except ImportError as error:
        fact = f"`{choice.model}` needs the package `langchain`, which is not installed"
        raise ConfigurationError(fact, hint="pip install 'fieldguide[providers]'") from error
    said: dict[str, Any] = {
        "temperature": parameters.temperature,
        "base_url": choice.endpoint or None,
        "api_key": choice.key,
        "default_headers": dict(choice.headers) or None,
        "http_async_client": client if takes_our_client(choice) else None,
    }
    given = {name: value for name, value in said.items() if value is not None}
    provider = choice.model.partition(":")[0]
    try:
        build = cast("Callable[..., BaseChatModel]", init_chat_model)
        return build(choice.model, max_tokens=parameters.output_tokens, timeout=choice.timeout, max_retries=0, **given)
    except ImportError as error:
        fact = f"`{choice.model}` needs LangChain's package for `{provider}`, which is not installed"
        raise ConfigurationError(fact, hint=f"pip install {_integration(error, provider)}") from error
    except ValueError as error:
        # pydantic's errors are `ValueError`s too and may quote a key: the text is not passed on.
        fact = f"LangChain cannot build a chat model from `{choice.model}` with these settings"
        hint = "name the model as `provider:model`, such as `anthropic:claude-sonnet-4-5`, and set that provider's key"
        raise ConfigurationError(fact, hint=hint) from error


def _integration(error: ImportError, provider: str) -> str:
    """Distribution of the missing package, as LangChain names them."""
    name = error.name or f"langchain_{provider}"
    return name.partition(".")[0].replace("_", "-")
