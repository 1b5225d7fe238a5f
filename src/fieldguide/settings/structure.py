"""What settings become: one frozen value, nested so that each stage gets only the part that it needs.

Comes in: validated values. Goes out: `Settings`.
Must never: be read as a global; hold a key in plain text.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import scrypt
from pathlib import Path

from pydantic import SecretStr

from fieldguide.domain.limits import Limits
from fieldguide.domain.model import ModelChoice
from fieldguide.domain.report import Note

_SALT = b"fieldguide redaction key"
"""The same for everybody, since several machines are to come to the same key without telling each other."""


class Action(StrEnum):
    """What a run does."""

    DOCUMENT = "document"
    PLAN = "plan"
    CHECK = "check"
    BATCH = "batch"
    LEDGER = "ledger"
    CACHE = "cache"


@dataclass(frozen=True, slots=True)
class ScanSettings:
    """What is read."""

    include: tuple[str, ...]
    """Patterns with the semantics of `.gitignore`."""
    exclude: tuple[str, ...]
    max_file_size: int
    """Bytes."""
    trusted: bool = True
    """`include` is the user's own word: the documented directory opens neither credentials nor what git ignores."""


@dataclass(frozen=True, slots=True)
class RedactionSettings:
    """What is hidden, and what follows from it. The documented directory decides none of this."""

    level: str = "standard"
    """`standard`, or `strict`: what only looks random is hidden too."""
    hide: frozenset[str] = frozenset()
    """Kinds of personal data that are hidden on demand only."""
    patterns: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    """The user's own kinds, each with its regular expression, which compiles and takes a bounded time at a place."""
    reviewed: frozenset[str] = frozenset()
    """Fingerprints of what a person looked at and found to be no secret."""
    fail: bool = False
    """A secret ends the run before anything is sent or written."""
    report: Path | None = None
    """Absolute; what was hidden where is listed there."""
    key: SecretStr | None = None
    """Text of 16 characters or more behind placeholders and fingerprints; `None` for the key of the cache."""

    @property
    def key_bytes(self) -> bytes | None:
        """The key as 32 bytes: scrypt (RFC 7914), for who sees placeholders might try passphrases; 50 ms."""
        if self.key is None:
            return None
        text = self.key.get_secret_value().encode("utf-8", "surrogatepass")
        return scrypt(text, salt=_SALT, n=2**14, r=8, p=1, dklen=32)


@dataclass(frozen=True, slots=True)
class OutputSettings:
    """What is written."""

    path: Path | None
    """Absolute; `None` for `README.md` in the documented directory."""
    stdout: bool
    replace: bool


@dataclass(frozen=True, slots=True)
class CheckSettings:
    """Which documents are checked, and what becomes of their faults."""

    files: tuple[Path, ...] = ()
    """Absolute: documents, and directories of them; empty for all."""
    form: str = "text"
    """`text`, `json`, `sarif` or `github`."""
    baseline: Path | None = None
    """Absolute; faults that it lists are set aside."""
    write_baseline: bool = False
    doubtful: bool = False
    """Names that may be of something else are faults too."""
    fix: bool = False
    coverage: bool = False
    threshold: float | None = None
    """Percent of what is public that documentation has to name."""


@dataclass(frozen=True, slots=True)
class TerminalSettings:
    """What is said while it works."""

    verbose: bool
    quiet: bool
    json: bool
    log_file: Path | None
    """Absolute."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that shapes a run."""

    directory: Path
    """The documented directory: absolute, links followed, it exists. The working directory for `Action.CACHE`."""
    action: Action
    operation: str
    """What `batch` or `cache` is to do, as `OPERATIONS` has it; empty otherwise."""
    scan: ScanSettings
    redaction: RedactionSettings
    output: OutputSettings
    check: CheckSettings
    model: ModelChoice | None
    """`None` to write from the code alone."""
    stronger: ModelChoice | None
    """Mends what `model` could not; `None` for nobody."""
    limits: Limits
    prompts: Path | None
    """Directory of the user's prompt files; `None` for our own."""
    show_prompts: bool
    wait: bool
    """`batch` goes on by itself until nothing is left for it."""
    jobs: int | None
    """`None` for one process for each processor."""
    cache: Path | None
    """Directory, which need not exist; `None` for no cache."""
    state: Path
    """Directory of what has to be kept even without a cache: the ledger. It need not exist."""
    allowed_hosts: frozenset[str]
    """`host` or `host:port`; empty where only the model's own may be reached."""
    terminal: TerminalSettings
    notes: tuple[Note, ...]
    """To be said at the start: which provider was chosen and by what, which configuration was not obeyed."""
