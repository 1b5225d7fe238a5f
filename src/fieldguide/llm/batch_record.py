"""What was submitted of a directory, on disk: so that no batch is lost and none is made twice.

Comes in: what is about to be submitted, before it is. Goes out: the same, in any later run.
Must never: hold a prompt, a reply or a path of the project that is not in the ledger too; be half written.

There is one file for each documented directory, and one command at a time may change it.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import msgspec

from fieldguide.domain.batch import NoteAsked
from fieldguide.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

FOLDER: Final = "batches"
FORM: Final = 1


@dataclass(frozen=True, slots=True)
class Submission:
    """A batch of ours, written down before its file is uploaded."""

    tag: str
    """Written on the batch, by which it is found again: of the digests of its requests."""
    endpoint: str
    """Address of the provider."""
    lines: Mapping[str, tuple[NoteAsked, ...]]
    """Notes that each request asks for, by its digest; none for the page's."""
    tokens: int
    """Of all prompts and the most of all replies."""
    limit: str = ""
    """Name of the parameter for the most tokens of a reply."""
    temperature: float | None = None
    """As it was sent."""
    file: str = ""
    """The provider's name for the uploaded file; empty until it is known."""
    batch: str = ""
    """The provider's name for the batch; empty until it is known."""


@dataclass(frozen=True, slots=True)
class BatchRecord:
    """Everything that is remembered."""

    form: int = FORM
    submission: Submission | None = None
    """What was submitted and not yet collected."""
    collected: tuple[str, ...] = ()
    """Names of the latest batches that are done with."""
    refused: Mapping[str, str] = field(default_factory=dict[str, str])
    """Why requests would fare no better in another batch, by their digest."""
    most_tokens: int | None = None
    """The most that the provider has been seen not to take at once, halved."""
    limit: str = ""
    """Name under which the model wants to be told the most tokens of a reply, where it refused another."""
    takes_temperature: bool = True


MOST_COLLECTED: Final = 200


def record_file(state: Path, directory: Path) -> Path:
    """Where the record of `directory` lies below `state`; the name betrays nothing of the directory's."""
    name = hashlib.blake2b(os.fsencode(directory.resolve()), digest_size=16).hexdigest()
    return state / FOLDER / f"{name}.json"


def read_record(path: Path) -> BatchRecord:
    """What is remembered; nothing where there is no file.

    Raises:
        ConfigurationError: The file cannot be read, or a later version has written it.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return BatchRecord()
    except OSError as error:
        raise _unusable(path, error.strerror or "the system refused") from error
    try:
        record = msgspec.convert(json.loads(content), BatchRecord)
    except (msgspec.ValidationError, ValueError) as error:
        raise _unusable(path, "it is damaged") from error
    if record.form != FORM:
        raise _unusable(path, "a later version of this program wrote it")
    return record


def write_record(path: Path, record: BatchRecord) -> None:
    """Write it whole, on disk before this returns.

    Raises:
        ConfigurationError: It cannot be written: then nothing may be submitted.
    """
    beside = path.with_suffix(".new")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            # In ASCII: a file's name that is no UTF-8 has lone surrogates.
            file.write(json.dumps(msgspec.to_builtins(record), ensure_ascii=True).encode())
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
        folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        raise _unusable(path, error.strerror or "the system refused") from error


@contextmanager
def alone(path: Path) -> Generator[None]:
    """Hold the record: no other command submits or collects in the meantime. The lock ends with the process.

    Raises:
        ConfigurationError: Another command holds it, or it cannot be held.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
        descriptor = os.open(path.with_suffix(".lock"), flags, 0o600)
    except OSError as error:
        raise _unusable(path, error.strerror or "the system refused") from error
    try:
        _hold(descriptor)
        yield
    finally:
        os.close(descriptor)


def _hold(descriptor: int) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        fact = "another `fieldguide batch` is at work on this directory"
        raise ConfigurationError(fact, hint="wait for its end, then type the same command again") from error


def _unusable(path: Path, why: str) -> ConfigurationError:
    fact = f"the record of what was submitted cannot be kept: `{path}`: {why}"
    return ConfigurationError(fact, hint="mend or remove that file, or name another place with `--cache-dir`")
