"""Facts go to a model without their links: a line that moved in the code is no reason to ask again."""

from __future__ import annotations

import pytest

from fieldguide.domain.page import Author, DraftSection, Section
from fieldguide.write.prose import facts_for_model


def shown(markdown: str) -> str:
    return facts_for_model([DraftSection(Section("interface", "", Author.FACTS), markdown)])


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("[`retry`](src/a.py#L1-L9) and [docs](docs/a.md)", "`retry` and docs"),
        ("`[no](link)` and ![image](a.png)", "`[no](link)` and ![image](a.png)"),
        ("``split(mark='`')`` then [`b`](src/b.py#L4-L8)", "``split(mark='`')`` then `b`"),
        ("[``a`b``](src/a.py#L2)", "``a`b``"),
    ],
)
def test_every_link_goes_and_every_code_span_stays(markdown: str, text: str) -> None:
    assert shown(markdown) == text
