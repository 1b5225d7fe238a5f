"""Which model writes the prose: everything that the door and the planner need to know of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pydantic import SecretStr


class Provider(StrEnum):
    """Who serves the model."""

    AZURE = "azure"
    OPENAI = "openai"
    COMPATIBLE = "compatible"
    """Any OpenAI-compatible address: Ollama, vLLM, llama.cpp."""
    LANGCHAIN = "langchain"
    """Any provider that `langchain.chat_models.init_chat_model` knows, by the extra `providers`."""


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """A model, resolved from settings. Its `repr` shows no key."""

    provider: Provider
    model: str
    """What the provider calls it: the deployment on Azure, `provider:model` for LangChain."""
    chosen_by: str
    """The flag or variable that decided: `AZURE_OPENAI_ENDPOINT`."""
    family: str = ""
    """Name of the underlying model, for tokens, window and price, where `model` is a deployment's own name."""
    endpoint: str = ""
    """Address; empty for the provider's own."""
    api_version: str = ""
    """Azure's; empty for its v1 endpoint."""
    key: SecretStr | None = None
    """`None` for Entra ID and for servers that want none."""
    entra: bool = False
    temperature: float | None = None
    """`None` sends none: reasoning models refuse it."""
    timeout: float = 120.0
    """Seconds for one call."""
    max_output_tokens: int = 4000
    context_window: int | None = None
    """As the user says; `None` to look it up by name."""
    headers: tuple[tuple[str, str], ...] = ()
    """Extra request headers as the user gives them."""
