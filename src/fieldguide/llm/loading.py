"""Loads what a call to a model needs, before there is anything to call for.

Comes in: a `ModelChoice`. Goes out: nothing; modules are imported.
Must never: connect to anything; import a provider that is not wanted.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from fieldguide.domain.model import Provider

if TYPE_CHECKING:
    from fieldguide.domain.model import ModelChoice


def load_client(choice: ModelChoice) -> None:
    """Import what asks this model, which takes longer than most files take to be read; of an extra's, nothing."""
    if choice.provider is not Provider.LANGCHAIN:
        import_module("langchain_openai")
        import_module("langchain_core.prompts")
        import_module("openai.resources.chat")  # the client imports it when it is first asked
