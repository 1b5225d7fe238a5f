"""What the three vaults have in common.

Comes in: a reference, and who named it. Goes out: `{"api_key": SecretStr}`, as a source of pydantic-settings.
Must never: show a value; answer later than its time allows.
"""

from __future__ import annotations

import threading
from abc import abstractmethod
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, ClassVar, NoReturn

from pydantic import SecretStr
from pydantic_settings import PydanticBaseSettingsSource

from fieldguide.domain.environment import is_own_key, withheld
from fieldguide.errors import ConfigurationError
from fieldguide.settings.quoting import quoted
from fieldguide.settings.values import Values

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic.fields import FieldInfo

SECONDS = 10.0
"""That a vault may take in all, signing in included."""
FIELD = "api_key"
"""The field that the fetched key becomes: the one for whichever provider is chosen."""


class VaultSource(PydanticBaseSettingsSource):
    """One secret of one vault, fetched when the source is called, and then once only."""

    vault: ClassVar[str]
    """Its name, as people call it."""

    def __init__(self, secret: str, by: str) -> None:
        """Keep what messages name: the secret, as asked for, and the flag, variable or TOML key that names it."""
        super().__init__(Values)
        self._secret = secret
        self._by = by
        self._fetched: SecretStr | None = None

    @abstractmethod
    def fetch(self) -> str:
        """Return the value.

        Raises:
            ConfigurationError: It cannot be had; vault and secret are named.
        """

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[object, str, bool]:  # noqa: ARG002  # the base class asks for it
        """Return the value of one field, its key, and that nothing in it is JSON."""
        return self().get(field_name), field_name, False

    def __call__(self) -> dict[str, object]:
        """Return the key by its field.

        Raises:
            ConfigurationError: It cannot be had, or is none.
        """
        if self._fetched is None:
            # Programs that a vault's library runs to sign in (`az`, `pass`) need none of our keys.
            with withheld(is_own_key):
                text = self.fetch().strip()
            if not text or any(character.isspace() or not character.isprintable() for character in text):
                self.refuse("is not a key: it is empty, or holds spaces or line ends", "put the key alone there")
            self._fetched = SecretStr(text)
        return {FIELD: self._fetched}

    def __repr__(self) -> str:
        """Show the vault and what was asked for."""
        return f"{type(self).__name__}({self._secret!r})"

    def refuse(self, what: str, hint: str) -> NoReturn:
        """Say what is the matter with the secret.

        Raises:
            ConfigurationError: Always. It has no cause: a library's error may quote what it had in hand.
        """
        fact = f"`{self._by}` names {quoted(self._secret)} in {self.vault}, which {what}"
        raise ConfigurationError(fact, hint=hint) from None

    def without_package(self, package: str, extra: str) -> NoReturn:
        """Say that the vault's library is missing.

        Raises:
            ConfigurationError: Always.
        """
        fact = f"`{self._by}` names {quoted(self._secret)} in {self.vault}, which needs the package `{package}`"
        raise ConfigurationError(fact, hint=f"pip install 'fieldguide[{extra}]'") from None

    def in_time(self, ask: Callable[[], str]) -> str:
        """Return what `ask` returns, raise what it raises, and wait no longer than `SECONDS`.

        Timeouts of a connection do not bound the search for a host's name or a program that signs in, so the
        question is put in a thread of its own, which is left behind when its time is over.

        Raises:
            ConfigurationError: There was no answer in time.
        """
        answers: SimpleQueue[str | BaseException] = SimpleQueue()

        def put() -> None:
            try:
                answers.put(ask())
            except BaseException as error:  # noqa: BLE001  # carried over to the thread that asked, and raised there
                answers.put(error)

        threading.Thread(target=put, daemon=True).start()
        try:
            answer = answers.get(timeout=SECONDS)
        except Empty:
            self.refuse(f"did not answer within {SECONDS:g} seconds", "check the network, and sign in beforehand")
        if isinstance(answer, BaseException):
            raise answer
        return answer
