"""The oracle itself: it accepts what is a diagram and rejects what is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.mark.parametrize(
    "diagram",
    [
        'flowchart LR\n    subgraph core["_core.py"]\n    a["one<br>two"]\n    end\n    a -->|"makes"| b(["tenacity"])',
        "flowchart TD\n    a -.-> b",
    ],
)
def test_a_good_diagram_is_accepted(diagram: str, mermaid_parse: Callable[[str], str | None]) -> None:
    assert mermaid_parse(diagram) is None


@pytest.mark.parametrize(
    "diagram",
    ["flowchart TD\n    a --> end", 'flowchart TD\n    a["open --> b', "flowchart TD\n    a -->", "no diagram", ""],
)
def test_a_broken_diagram_is_rejected_and_the_next_one_still_parsed(
    diagram: str, mermaid_parse: Callable[[str], str | None]
) -> None:
    assert mermaid_parse(diagram)
    assert mermaid_parse("flowchart TD\n    a --> b") is None
