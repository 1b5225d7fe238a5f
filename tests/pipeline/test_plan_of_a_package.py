"""A plan's tokens are those of its run, on real code that nobody here wrote."""

from __future__ import annotations

import json
import shutil
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from pipeline.whole_run import azure
from provider.metered_chat import Model
from provider.metered_provider import MeteredProvider, metered_provider

if TYPE_CHECKING:
    from collections.abc import Generator

    from pipeline.whole_run import Runs

PACKAGE: Final = "rich"
WITHIN: Final = 0.05


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """A copy of an installed package of some ninety files."""
    spec = find_spec(PACKAGE)
    assert spec is not None
    assert spec.origin is not None
    copy = tmp_path / "project" / PACKAGE
    shutil.copytree(Path(spec.origin).parent, copy, ignore=shutil.ignore_patterns("__pycache__"))
    return copy.parent


@pytest.fixture
def metered() -> Generator[MeteredProvider]:
    with metered_provider(model=Model(detail="content")) as running:
        yield running


def test_a_run_takes_the_tokens_that_its_plan_says(run: Runs, installed: Path, metered: MeteredProvider) -> None:
    """A first run, and one over files that all have changed: everything is asked anew, with the earlier notes."""
    first = 0
    for said in ("new", "changed"):
        plan = json.loads(run("plan", "--json", "project", variables=azure(metered)).out)["left"]
        assert run("project", variables=azure(metered)).code == 0
        bill = metered.bill(first)
        assert plan["requests"] >= bill.paid > 1, said
        assert plan["input_tokens"] == pytest.approx(bill.input_tokens, rel=WITHIN), said
        first = len(metered.records)
        for path in sorted(installed.rglob("*.py")):
            path.write_text(path.read_text("utf-8") + "\nADDED = 1\n", "utf-8")
