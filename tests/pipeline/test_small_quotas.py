"""Runs under a quota whose minute takes less than one usual request: the tree is documented whole all the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from fieldguide.llm.door import Door
from pipeline.whole_run import azure, project
from provider.metered_chat import Model
from provider.metered_provider import MeteredProvider, metered_provider
from provider.metered_quota import QuotaRules

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from pipeline.whole_run import Runs

TOKENS: Final = 5_000
MINUTE: Final = 0.5
"""Seconds that a minute lasts, at the door as at the provider."""
MODULES: Final = 8
SHORT: Final = '"""Narrow."""\n\n\ndef narrowed(value: int) -> int:\n    """Shift it."""\n    return value - 1\n'
"""A file that the page's own request has room for."""


@pytest.fixture
def narrow(tmp_path: Path) -> Path:
    """A project of more tokens than a minute takes, which would be one request of any model."""
    step = '    """Multiply a value of step {step} and shift it."""\n    return value * scale + {step}\n\n\n'
    files = {"pyproject.toml": '[project]\nname = "narrow"\nversion = "1.0"\n', "narrow/__init__.py": SHORT}
    for number in range(MODULES):
        functions = (
            f"def part{number}_step{step_}(value: int, *, scale: int = {step_}) -> int:\n" for step_ in range(20)
        )
        body = "".join(one + step.format(step=place) for place, one in enumerate(functions))
        files[f"narrow/part{number}.py"] = f'"""Part {number}."""\n\n\n{body}'
    return project(tmp_path / "narrow", files)


@pytest.fixture
def metered(monkeypatch: pytest.MonkeyPatch) -> Generator[MeteredProvider]:
    defaults = Door.__init__.__kwdefaults__
    assert defaults is not None
    monkeypatch.setitem(defaults, "minute", MINUTE)
    with metered_provider(model=Model(), quota=QuotaRules(None, TOKENS, window_seconds=MINUTE)) as running:
        yield running


@pytest.mark.parametrize("told", [True, False], ids=["told", "learnt"])
def test_a_tree_is_documented_whole_under_a_quota_smaller_than_its_request(
    run: Runs, narrow: Path, metered: MeteredProvider, *, told: bool
) -> None:
    words = (f"--tpm={TOKENS}",) if told else ()
    done = run(*words, "narrow", variables=azure(metered))
    assert done.code == 0, done.err
    admitted = [one for one in metered.records if one.status == 200]
    assert max(one.prompt_tokens + one.reserved for one in admitted) <= TOKENS
    headings = {heading for one in admitted for heading in one.headings}
    assert {f"`narrow/part{number}.py`" for number in range(MODULES)} <= headings
    assert [one.kind for one in admitted].count("page") == 1
    sizes = [one for one in metered.records if one.exceeded == "size"]
    assert len(sizes) == (0 if told else 1), "that a request fits into no minute is learnt once"
    assert "Does the work of its modules" in (narrow / "README.md").read_text()


def test_a_quota_too_small_for_any_page_is_named_and_nothing_is_sent(
    run: Runs, narrow: Path, metered: MeteredProvider
) -> None:
    done = run("--tpm=2000", "narrow", variables=azure(metered))
    assert (done.code, metered.records) == (3, [])
    assert "a minute of the quota takes 2,000" in done.err
    assert (narrow / "README.md").exists()
