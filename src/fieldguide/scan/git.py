"""Asking git about a directory that a stranger may have prepared.

Comes in: a directory. Goes out: what git answers, as a stream of bytes, or why it gives none.
Must never: let the repository's own configuration run a command (fsmonitor, hooks, filters, pagers, signature
programs, remote helpers), obey a `GIT_` variable of the caller, see a key of his, fetch, write, or wait for ever.

Only plumbing is called that neither converts contents nor shows signatures: `rev-parse`, `ls-files`, `check-ignore`,
`rev-list`, `ls-tree` and `diff-index --cached`. Contents are compared by hashing them here.
"""

from __future__ import annotations

import os
import select
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

from fieldguide.domain.environment import child_environment

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_SAFE: Final = (
    "--no-pager",
    "--no-replace-objects",
    *("-c", "core.fsmonitor=false"),
    *("-c", "core.hooksPath=/dev/null"),
    *("-c", "safe.bareRepository=explicit"),
    *("-c", "submodule.recurse=false"),
)
_ENVIRONMENT: Final = {
    "LC_ALL": "C",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "none",
}
PATIENCE: Final = 60.0
"""Seconds that git may be silent. It waits for ever where an ignore file is a FIFO."""
_CHUNK: Final = 1 << 16


class GitError(Exception):
    """Git gave no answer, or broke off. The message is a phrase for people and names no path."""


@dataclass(frozen=True, slots=True)
class Git:
    """Git, asked from within one directory of a work tree."""

    program: str
    directory: Path
    patience: float = PATIENCE

    def ask(self, *arguments: str) -> bytes | None:
        """What git prints; `None` when it fails, as for a question to which the answer is no.

        Raises:
            GitError: It was silent for too long.
        """
        done = self._run(arguments)
        return done.stdout if done.returncode == 0 else None

    def refusal(self) -> str:
        """Why git says nothing of this directory; empty when it can be asked.

        Raises:
            GitError: It was silent for too long.
        """
        done = self._run(("rev-parse", "--is-inside-work-tree"))
        if done.returncode == 0 and done.stdout.strip() == b"true":
            return ""
        if b"dubious ownership" in done.stderr:
            return "git distrusts its owner (safe.directory)"
        return "git cannot read it"

    def records(self, *arguments: str, warnings: IO[bytes] | None = None) -> Iterator[bytes]:
        """Records of a command that ends each with a zero byte, as they come.

        Args:
            arguments: Of git.
            warnings: A file for what git says beside its answer.

        Raises:
            GitError: A record did not come in time, or git failed.
        """
        with self._start(arguments, warnings) as process:
            try:
                if process.stdout is not None:
                    yield from _records(process.stdout, self.patience)
                if process.wait(self.patience) != 0:
                    message = "git failed to list its files"
                    raise GitError(message)
            except subprocess.TimeoutExpired as error:
                raise _silent(self.patience) from error
            finally:
                process.kill()

    def _start(self, arguments: Sequence[str], warnings: IO[bytes] | None) -> subprocess.Popen[bytes]:
        try:
            return subprocess.Popen(  # noqa: S603 (our own arguments, no shell)
                self._command(arguments),
                cwd=self.directory,
                env=_environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL if warnings is None else warnings,
            )
        except OSError as error:
            raise _unstartable() from error

    def _run(self, arguments: Sequence[str]) -> subprocess.CompletedProcess[bytes]:
        try:
            return subprocess.run(  # noqa: S603 (our own arguments, no shell)
                self._command(arguments),
                cwd=self.directory,
                env=_environment(),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=self.patience,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise _silent(self.patience) from error
        except OSError as error:
            raise _unstartable() from error

    def _command(self, arguments: Sequence[str]) -> list[str]:
        return [self.program, *_SAFE, *arguments]


def find_git(directory: Path, patience: float = PATIENCE) -> Git | None:
    """Git for a directory in a work tree; `None` without version control.

    Raises:
        GitError: There is a repository that git cannot be asked about.
    """
    if not any(os.path.lexists(parent / ".git") for parent in (directory, *directory.parents)):
        return None
    program = shutil.which("git")
    if program is None or not Path(program).is_absolute():
        message = "git is not installed"
        raise GitError(message)
    git = Git(program, directory, patience)
    if refusal := git.refusal():
        raise GitError(refusal)
    return git


def _silent(patience: float) -> GitError:
    return GitError(f"git gave no answer within {patience:g} s")


def _unstartable() -> GitError:
    return GitError("git cannot be started")


def _environment() -> dict[str, str]:
    inherited = child_environment(os.environ)
    return {name: value for name, value in inherited.items() if not name.startswith("GIT_")} | _ENVIRONMENT


def _records(stream: IO[bytes], patience: float) -> Iterator[bytes]:
    rest = b""
    while True:
        if not select.select([stream], [], [], patience)[0]:
            raise _silent(patience)
        chunk = os.read(stream.fileno(), _CHUNK)
        if not chunk:
            break
        *whole, rest = (rest + chunk).split(b"\0")
        yield from whole
