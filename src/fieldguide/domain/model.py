"""Which model writes the prose: everything that the door and the planner need to know of it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from pydantic import SecretStr

_REASONING: Final = re.compile(r"(?:o[1-9]\d*|gpt-(?:[5-9]|1\d)(?!.*chat))(?![a-z])", re.IGNORECASE)
"""OpenAI's models that think before they answer: `o1`, `o3-mini`, `gpt-5`, `gpt-5.1-codex`; not `gpt-5-chat`."""

THINKING_TOKENS: Final = 12_000
"""Room for what a reasoning model thinks, which counts as output: reserved, and billed as far as it is used."""


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
    key_variable: str = ""
    """The variable that the key came from, for messages; empty when it is the provider's usual one."""
    entra: bool = False
    temperature: float | None = None
    """`None` sends none: reasoning models refuse it."""
    timeout: float = 120.0
    """Seconds for one call."""
    max_output_tokens: int = 4000
    context_window: int | None = None
    """As the user says; `None` to look it up by name."""
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    """Extra request headers as the user gives them; not in the `repr`, for a gateway's may hold a key."""
    allowed_hosts: frozenset[str] = frozenset()
    """Hosts that may be connected to, `host` or `host:port`; empty for the endpoint's own alone."""
    allow_http: bool = False
    """The endpoint may be `http://` although it is on another machine."""
    tracing: bool = False
    """Calls are traced as LangSmith's own variables say."""

    @property
    def underlying(self) -> str:
        """Name by which tables of tokens, windows and prices know the model."""
        return self.family or (self.model.partition(":")[2] if self.provider is Provider.LANGCHAIN else self.model)

    @property
    def reasoning(self) -> bool:
        """The model thinks before it answers: it refuses a temperature, and its thinking counts as output."""
        return _REASONING.match(self.underlying.rpartition("/")[2]) is not None

    @property
    def reply_tokens(self) -> int:
        """Most output tokens of one call: the text that is asked for, and the thinking before it."""
        return self.max_output_tokens + (THINKING_TOKENS if self.reasoning else 0)
