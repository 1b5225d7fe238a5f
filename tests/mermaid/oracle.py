"""The fixture `mermaid_parse`: what Mermaid's own parser says of a diagram."""

from __future__ import annotations

import json
import os
import subprocess
from typing import TYPE_CHECKING, NoReturn

import pytest

from mermaid.node import FOLDER, PACKAGE, node_command

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    MermaidParse = Callable[[str], str | None]


@pytest.fixture(scope="session")
def mermaid_parse() -> Iterator[MermaidParse]:
    """Return a function from a diagram's text to Mermaid's complaint, `None` when it has none.

    Skips where Mermaid is not installed (`make mermaid`); in CI that is a failure.
    """
    node = node_command()
    if node is None or not PACKAGE.exists():
        _unavailable("Mermaid's parser is not installed: it needs Node.js and npm's registry (make mermaid)")
    with subprocess.Popen(
        [*node, str(FOLDER / "parse.mjs")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as process:
        questions, answers = process.stdin, process.stdout
        if questions is None or answers is None:
            pytest.fail("Node.js has no pipes")

        def parse(diagram: str) -> str | None:
            questions.write(json.dumps(diagram) + "\n")
            questions.flush()
            answer = answers.readline()
            if not answer:
                pytest.fail(f"Mermaid's parser ended with exit code {process.wait()}")
            complaint: str | None = json.loads(answer)
            return complaint

        yield parse
        questions.close()


def _unavailable(reason: str) -> NoReturn:
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)
