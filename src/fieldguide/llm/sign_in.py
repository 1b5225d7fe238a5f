"""Keeps a sign-in with Entra ID valid for as long as a run takes.

Comes in: a model's choice. Goes out: a token that is in force; empty where a key, or nothing, signs in.
Must never: sign in twice at once; hold a token after its time.
"""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Final

from fieldguide.domain.request import Failure
from fieldguide.llm.provider import entra_token

if TYPE_CHECKING:
    from fieldguide.domain.model import ModelChoice

REFRESH: Final = 300.0
"""Seconds before its end at which a token is replaced, as `azure-identity` advises: a long call may be under way."""


class SignIn:
    """One run's token, and until when it holds."""

    def __init__(self, choice: ModelChoice) -> None:
        """Nobody is signed in yet."""
        self._choice = choice
        self._token = ""
        self._until = 0.0
        self._turn = asyncio.Lock()

    async def token(self) -> str | Failure:
        """The token to send now.

        Raises:
            ConfigurationError: The extra `entra` is not installed.
        """
        if not self._choice.entra:
            return ""
        async with self._turn:
            if time.time() > self._until - REFRESH:
                signed_in = await asyncio.to_thread(entra_token, self._choice)
                if isinstance(signed_in, Failure):
                    return signed_in
                self._token, self._until = signed_in
            return self._token
