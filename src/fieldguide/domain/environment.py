"""The environment that child processes get: what they need, and no credential.

Comes in: the process's environment. Goes out: a copy for a child, or a span of time in which the environment is one.
Must never: show a value; leave the environment changed when the span ends.

Git, the workers that read code and the programs that sign in elsewhere need none of this process's keys, and what is
in a child's environment can be read by whatever runs in that child, in `/proc`, and in its core dump.
"""

from __future__ import annotations

import os
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping

OWN_PREFIX: Final = "FIELDGUIDE_"
OWN_KEYS: Final = frozenset({"AZURE_OPENAI_API_KEY", "OPENAI_API_KEY"})
"""Variables with keys for the model whose names are other tools'. All others begin with `OWN_PREFIX`."""

_CREDENTIAL: Final = re.compile(
    r"(?:KEYS?|TOKENS?|SECRETS?|PASSWORDS?|PASSWD|PASSPHRASE|PASS|PWD|PW|CREDENTIALS?|COOKIES?|DSN|AUTHORIZATION)"
    r"(?:_|$)|CONNECTION_?STRING",
    re.IGNORECASE,
)
"""Within a name, at the end of a word: `AWS_SECRET_ACCESS_KEY`, `PGPASSWORD`, `MYSQL_PWD`, `SENTRY_DSN`."""
_PLAIN: Final = frozenset({"PWD", "OLDPWD"})
_PASSWORD_IN_ADDRESS: Final = re.compile(r"://[^/\s@:]{0,200}:[^/\s@]{1,400}@")


def is_own_key(name: str, value: str) -> bool:  # noqa: ARG001  # one form for both kinds of question
    """Whether a variable belongs to fieldguide, or holds a key of the model."""
    return name.startswith(OWN_PREFIX) or name in OWN_KEYS


def is_credential(name: str, value: str) -> bool:
    """Whether a variable is our own or looks like a credential: by its name, or as an address with a password."""
    named = name not in _PLAIN and _CREDENTIAL.search(name) is not None
    return is_own_key(name, value) or named or _PASSWORD_IN_ADDRESS.search(value) is not None


def child_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """Return what a child may see of `environment`: everything but credentials."""
    return {name: value for name, value in environment.items() if not is_credential(name, value)}


@contextmanager
def withheld(belongs: Callable[[str, str], bool] = is_credential) -> Generator[None]:
    """Take variables out of this process's own environment while children start that inherit it, then put them back.

    For children whose start is not ours to arrange: the fork server of `multiprocessing`, and programs that a library
    runs to sign in, which may need credentials of their own (`belongs=is_own_key`).
    """
    hidden = {name: value for name, value in os.environ.items() if belongs(name, value)}
    for name in hidden:
        del os.environ[name]
    try:
        yield
    finally:
        os.environ.update(hidden)
