"""What a model was found to take at once, kept for the next run: a refusal for its length is had once.

Comes in: a model's choice, tokens that a provider named. Goes out: those tokens.
Must never: write an address into the store.
"""

from __future__ import annotations

import json
from dataclasses import replace
from hashlib import blake2b
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from fieldguide.domain.model import ModelChoice
    from fieldguide.llm.store import ReplyStore

KIND: Final = "window"


def with_learnt_window(store: ReplyStore, choice: ModelChoice) -> ModelChoice:
    """The choice with the window that an earlier run learnt of the model at its address; the user's word stands."""
    if choice.context_window is not None:
        return choice
    key = _name(choice)
    content = store.get_kept(KIND, [key]).get(key)
    learnt = int(content) if content is not None and content.isdigit() else None
    return replace(choice, context_window=learnt)


def keep_window(store: ReplyStore, choice: ModelChoice, tokens: int) -> bool:
    """Keep what was learnt; whether it is there."""
    return store.put_kept((KIND, {_name(choice): str(tokens).encode()}))


def _name(choice: ModelChoice) -> str:
    shown = [choice.provider.value, choice.model, choice.family, choice.endpoint]
    return blake2b(json.dumps(shown).encode(), digest_size=16).hexdigest()
