"""What the door itself costs: CPU time for each request, beside the client library alone.

Comes in: nothing. Goes out: seconds of CPU a request, of the door, of the client, of the server.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from measurement import clean_environment

from provider.metered_provider import metered_provider

HERE: Final = Path(__file__).resolve().parent
REQUESTS: Final = 1000


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of CPU for each request."""

    requests: int
    seconds: float
    rate: float
    """Requests a second that the door reached, the server being on the same machine."""
    client_seconds: float
    server_seconds: float


def cost_of_a_request() -> Cost:
    """Send the same load through the door and through the client alone."""
    door, server = _load("door")
    client, _ = _load("client")
    return Cost(REQUESTS, door["cpu"] / REQUESTS, REQUESTS / door["wall"], client["cpu"] / REQUESTS, server / REQUESTS)


def _load(through: str) -> tuple[dict[str, float], float]:
    with tempfile.TemporaryDirectory() as scratch, metered_provider() as provider:
        place = Path(scratch)
        environment = clean_environment(place, PYTHONPATH=os.pathsep.join([str(HERE.parent / "tests"), *sys.path[1:]]))
        command = [sys.executable, str(HERE / "door_load.py"), through, provider.address, str(REQUESTS), scratch]
        before = time.process_time()
        ended = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if ended.returncode:
            raise RuntimeError(ended.stderr[-2000:])
        return json.loads(ended.stdout), time.process_time() - before
