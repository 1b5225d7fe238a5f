"""The real command in a process that is watched: what it looks up, connects to and starts, and what the kernel allows.

A `sitecustomize` module is put on the path of the command and of every process that it starts. It writes down the
audit events of Python (PEP 578), and, where it is asked to, has the kernel kill any process that makes a socket for a
network, so that compiled libraries, which raise no audit events, are held to it too (seccomp(2), Linux).
"""

from __future__ import annotations

import json
import platform
import subprocess
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from cli.real_command import COMMAND, environment
from pipeline.whole_run import NOTHING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

WATCH: Final = """
import json, os, sys

def _watch(place):
    events = {
        "socket.connect", "socket.sendto", "socket.sendmsg", "socket.bind", "socket.getaddrinfo",
        "socket.gethostbyname", "socket.gethostbyaddr", "urllib.Request", "http.client.connect", "ftplib.connect",
        "smtplib.connect", "subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "webbrowser.open",
    }
    def hook(event, args):
        if event not in events:
            return
        if event.startswith("socket.") and args and hasattr(args[0], "family"):
            args = (args[0].family.name, *args[1:])
        line = json.dumps([event, [repr(one) for one in args]]) + "\\\\n"
        out = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.write(out, line.encode())
        os.close(out)
    sys.addaudithook(hook)

def _forbid():
    import ctypes, platform
    machine = platform.machine()
    arch, call = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}[machine]
    # load arch; other: kill; load number; not socket(2): allow; load family; AF_INET or AF_INET6: kill; allow
    code = [
        (0x20, 0, 0, 4), (0x15, 1, 0, arch), (0x06, 0, 0, 0x80000000),
        (0x20, 0, 0, 0), (0x15, 0, 4, call), (0x20, 0, 0, 16),
        (0x15, 1, 0, 2), (0x15, 0, 1, 10), (0x06, 0, 0, 0x80000000), (0x06, 0, 0, 0x7FFF0000),
    ]
    class Filter(ctypes.Structure):
        _fields_ = [("code", ctypes.c_ushort), ("jt", ctypes.c_ubyte), ("jf", ctypes.c_ubyte), ("k", ctypes.c_uint)]
    class Program(ctypes.Structure):
        _fields_ = [("len", ctypes.c_ushort), ("filter", ctypes.POINTER(Filter))]
    filters = (Filter * len(code))(*code)
    program = Program(len(code), filters)
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(38, 1, 0, 0, 0) or libc.prctl(22, 2, ctypes.byref(program), 0, 0):
        raise OSError(ctypes.get_errno(), "the kernel takes no filter")

_watch(os.environ["WATCHED_EVENTS"])
if os.environ.get("WATCHED_OFFLINE"):
    _forbid()
"""

CAN_FORBID: Final = sys.platform == "linux" and platform.machine() in {"x86_64", "aarch64"}


@dataclass(frozen=True, slots=True)
class Watched:
    """What a run said, and what it did."""

    code: int
    out: str
    err: str
    events: list[tuple[str, list[str]]] = field(default_factory=list[tuple[str, list[str]]])

    def of(self, *names: str) -> list[list[str]]:
        """The arguments of every event of these names, as `repr` shows them."""
        return [arguments for name, arguments in self.events if name in names]

    @property
    def connections(self) -> set[str]:
        """Every address that was connected or sent to, but for sockets of the file system."""
        sent = self.of("socket.connect", "socket.sendto", "socket.sendmsg")
        return {arguments[-1] for arguments in sent if arguments[0] != "'AF_UNIX'"}

    @property
    def programs(self) -> list[str]:
        """Every program that was started, with its arguments."""
        return [" ".join(one) for one in self.of("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn")]


def watched(
    home: Path,
    *words: str,
    variables: Mapping[str, str] = NOTHING,
    offline: bool = False,
    program: Sequence[str] = COMMAND,
) -> Watched:
    """Run the command, or another program of Python's, under watch."""
    folder, events = home / "watch", home / "events"
    folder.mkdir(exist_ok=True)
    (folder / "sitecustomize.py").write_text(WATCH.replace("\\\\n", "\\n"))
    events.write_text("")
    watching = {"PYTHONPATH": str(folder), "WATCHED_EVENTS": str(events), "WATCHED_OFFLINE": "yes" if offline else ""}
    done = subprocess.run(
        [*program, *words],
        cwd=home,
        env=environment(home, **{**variables, **watching}),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="backslashreplace",
        check=False,
        timeout=120,
    )
    lines: list[Any] = [json.loads(line) for line in events.read_text().splitlines()]
    return Watched(done.returncode, done.stdout, done.stderr, [(str(name), list(args)) for name, args in lines])
