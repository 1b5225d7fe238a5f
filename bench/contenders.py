"""Who is measured at the model's door: fieldguide and the naive scripts, as whole processes against one server each.

Comes in: a project, a running server. Goes out: how a run went. Must never: share a server or a copy of the project
between two contenders.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from measurement import clean_environment

from provider.loopback_provider import API_VERSIONS

if TYPE_CHECKING:
    from collections.abc import Callable

    from provider.metered_provider import MeteredProvider

HERE: Final = Path(__file__).resolve().parent
INSTALLED: Final = Path(os.path.realpath(shutil.__file__)).parent
TIMEOUT: Final = 1500.0
_LOOK: Final = 0.01


@dataclass(frozen=True, slots=True)
class Contender:
    """A command that documents a directory."""

    name: str
    command: tuple[str, ...]
    """The directory goes behind it."""
    options: tuple[str, ...] = ()
    """Behind the directory."""
    ours: bool = False


@dataclass(frozen=True, slots=True)
class Run:
    """How a run ended."""

    seconds: float
    code: int
    """Exit code; negative for the signal that ended it."""
    said: str
    """The end of what it printed."""


ONE_CALL: Final = Contender("naive, one call", (sys.executable, str(HERE / "naive.py")))
IN_ORDER: Final = Contender("naive, a file at a time", (sys.executable, str(HERE / "naive_per_file.py")))
AT_ONCE: Final = Contender("naive, 16 at once", (sys.executable, str(HERE / "naive_per_file.py")), ("16",))


def ours(*options: str, minute: float = 60.0, name: str = "fieldguide") -> Contender:
    """Fieldguide with options; a `minute` of other than 60 seconds needs a launcher that scales its own."""
    launched = ("-m", "fieldguide") if minute == 60.0 else (str(HERE / "scaled.py"), str(minute))  # noqa: PLR2004
    return Contender(name, (sys.executable, *launched), ("--quiet", *options), ours=True)


def said_to(provider: MeteredProvider, home: Path) -> dict[str, str]:
    """The environment of a process that asks a provider."""
    return clean_environment(
        home,
        AZURE_OPENAI_ENDPOINT=provider.address,
        AZURE_OPENAI_API_KEY=provider.key,
        AZURE_OPENAI_DEPLOYMENT=provider.deployment,
        OPENAI_API_VERSION=API_VERSIONS[-1],
        FIELDGUIDE_MODEL="gpt-4.1",
    )


def warm(home: Path) -> None:
    """Let fieldguide compile the rules that find secrets, which it does once for each user, not for each project."""
    empty = home / "empty"
    empty.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "fieldguide", "--no-model", "--quiet", "--stdout", str(empty)]
    subprocess.run(command, env=clean_environment(home), capture_output=True, check=False)


def run(
    contender: Contender,
    directory: Path,
    provider: MeteredProvider,
    *,
    home: Path,
    kill_when: Callable[[], bool] = lambda: False,
) -> Run:
    """Run a contender to its end, or until `kill_when` says so: then it gets SIGKILL.

    Args:
        contender: Who.
        directory: What to document.
        provider: Whom to ask.
        home: Of the process; caches are kept in it.
        kill_when: Asked every hundredth of a second.
    """
    home.mkdir(parents=True, exist_ok=True)
    environment = said_to(provider, home)
    said = home / "said.txt"
    started = time.perf_counter()
    with (
        said.open("wb") as sink,
        subprocess.Popen(
            [*contender.command, str(directory), *contender.options],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        ) as process,
    ):
        while process.poll() is None:
            if kill_when() or time.perf_counter() - started > TIMEOUT:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
            time.sleep(_LOOK)
    return Run(time.perf_counter() - started, process.returncode, said.read_text("utf-8", "replace")[-2000:])
