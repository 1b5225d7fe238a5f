"""Runs over a tree that is too large for one request, against a provider that counts as the real ones do."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Final

import pytest

from pipeline.whole_run import azure, project
from provider.metered_chat import REFUSED_FOR_GOOD, Model
from provider.metered_provider import MeteredProvider, metered_provider

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping
    from pathlib import Path

    from pipeline.whole_run import Runs

PACKAGES: Final = ("core", "store", "web")
SMALL: Final = ("--context-window=8000", "--max-output-tokens=1500")
PROSE: Final = "Does the work of its modules in one place"


def module(package: str, number: int) -> str:
    """A module of about a thousand tokens."""
    functions = "".join(
        f"def {package}{number}_step{step}(value: int, *, scale: int = {step}) -> int:\n"
        f'    """Multiply a value of step {step} and shift it."""\n'
        f"    shifted = value * scale + {number}\n    return shifted - {step} if shifted > scale else shifted\n\n\n"
        for step in range(16)
    )
    return f'"""Steps {number} of {package}."""\n\nimport wide.core.part0\n\n\n{functions}'


def files() -> Mapping[str, str]:
    """A project of three packages."""
    parts = {f"wide/{one}/part{number}.py": module(one, number) for one in PACKAGES for number in range(5)}
    packages = {f"wide/{one}/__init__.py": f'"""The package {one}."""\n' for one in PACKAGES}
    manifest = '[project]\nname = "wide"\nversion = "1.0"\n'
    return {"pyproject.toml": manifest, "wide/__init__.py": '"""Wide."""\n', **packages, **parts}


@pytest.fixture
def wide(tmp_path: Path) -> Path:
    return project(tmp_path / "wide", files())


@pytest.fixture
def metered() -> Generator[MeteredProvider]:
    with metered_provider(model=Model(detail="interface")) as running:
        yield running


def asked_about(provider: MeteredProvider) -> set[str]:
    return {heading for record in provider.records for heading in record.headings}


def test_a_tree_beyond_the_window_is_documented_whole_at_the_price_of_its_plan(
    run: Runs, wide: Path, metered: MeteredProvider
) -> None:
    plan = json.loads(run("plan", "--json", *SMALL, "wide", variables=azure(metered)).out)
    assert (metered.records, plan["refused"], plan["already_paid"]) == ([], None, False)
    done = run(*SMALL, "wide", variables=azure(metered))
    assert done.code == 0, done.err
    assert PROSE in (wide / "README.md").read_text()
    written = {f"`{path}`" for path in files() if path.endswith(".py")}
    assert written <= asked_about(metered)
    assert [one.kind for one in metered.records].count("page") == 1
    assert metered.records[-1].kind == "page"
    assert max(one.prompt_tokens + one.reserved for one in metered.records) <= 8000
    assert plan["requests"] == len(metered.records)
    assert plan["input_tokens"] == pytest.approx(metered.bill().input_tokens, rel=0.05)


def test_an_unchanged_tree_costs_nothing_with_what_was_kept_and_without(
    run: Runs, wide: Path, metered: MeteredProvider
) -> None:
    run(*SMALL, "wide", variables=azure(metered))
    page, paid = (wide / "README.md").read_bytes(), len(metered.records)
    again = run(*SMALL, "wide", variables=azure(metered))
    assert (again.code, len(metered.records)) == (0, paid)
    assert "nothing has changed" in again.err
    (wide / "README.md").unlink()
    assert run(*SMALL, "wide", variables=azure(metered)).code == 0
    assert len(metered.records) == paid, "the cache alone is enough"
    shutil.rmtree(wide.parent / ".cache")
    assert run(*SMALL, "wide", variables=azure(metered)).code == 0
    assert len(metered.records) == paid, "the page alone is enough"
    assert (wide / "README.md").read_bytes() == page
    plan = json.loads(run("plan", "--json", *SMALL, "wide", variables=azure(metered)).out)
    assert plan["already_paid"] is True


def test_a_change_of_much_asks_for_what_changed_and_for_what_rests_on_it_and_no_more(
    run: Runs, wide: Path, metered: MeteredProvider
) -> None:
    """Too much for a revision. Notes that come out as they were end it there; what does not rest on them stands."""
    run(*SMALL, "wide", variables=azure(metered))
    first = len(metered.records)
    for number in range(5):
        changed = wide / f"wide/web/part{number}.py"
        changed.write_text(changed.read_text().replace("value * scale", "scale * value"))
    (wide / "wide/web/more.py").write_text(module("more", 9))
    assert run(*SMALL, "wide", variables=azure(metered)).code == 0
    kinds = [one.kind for one in metered.records[first:]]
    asked = {heading for one in metered.records[first:] if one.kind == "files" for heading in one.headings}
    assert asked == {"`wide/web/more.py`", *(f"`wide/web/part{number}.py`" for number in range(5))}
    assert not any("`wide/core/`" in one.headings for one in metered.records[first:])
    assert kinds[-1] == "page"


def test_a_file_that_the_filter_refuses_costs_no_other_its_note_and_is_named(
    run: Runs, wide: Path, metered: MeteredProvider
) -> None:
    refused = wide / "wide/store/part2.py"
    refused.write_text(f'"""{REFUSED_FOR_GOOD}"""\n{refused.read_text()}')
    done = run("--json", *SMALL, "wide", variables=azure(metered))
    assert done.code == 3, done.err
    (missing,) = json.loads(done.out)["missing"]
    assert missing["paths"] == ["wide/store/part2.py"]
    assert "content filter" in missing["reason"]
    assert PROSE in (wide / "README.md").read_text()
    answered = {heading for one in metered.records if one.status == 200 for heading in one.headings}
    assert {f"`wide/store/part{number}.py`" for number in (0, 1, 3, 4)} <= answered
    asked = len(metered.records)
    told = run(*SMALL, "wide", variables=azure(metered))
    assert (told.code, len(metered.records)) == (3, asked), "what was refused is not asked again"
    assert "missing: notes on `wide/store/part2.py`" in told.err
    assert "--no-cache" in told.err
    plan = json.loads(run("plan", "--json", *SMALL, "wide", variables=azure(metered)).out)
    assert plan["left"]["requests"] == 0
    refused.write_text(refused.read_text().replace(REFUSED_FOR_GOOD, "this sentence is harmless"))
    assert run(*SMALL, "wide", variables=azure(metered)).code == 0
    assert "`wide/store/part2.py`" in {heading for one in metered.records[asked:] for heading in one.headings} or (
        "this sentence is harmless" in str(metered.records[-1].body)
    )


def test_a_budget_is_never_passed_and_the_page_is_written_all_the_same(
    run: Runs, wide: Path, metered: MeteredProvider
) -> None:
    done = run("--json", "--max-tokens=16000", *SMALL, "wide", variables=azure(metered))
    bill = metered.bill()
    assert bill.input_tokens + bill.output_tokens <= 16_000
    assert done.code == 3, done.err
    assert PROSE in (wide / "README.md").read_text()
    assert len(metered.records) > 1
    assert json.loads(done.out)["missing"][0]["paths"]
    # More money buys the rest, and nothing twice.
    assert run(*SMALL, "wide", variables=azure(metered)).code == 0
    assert metered.bill().repeated_tokens == 0


def test_a_refused_key_ends_it_at_once(run: Runs, wide: Path, metered: MeteredProvider) -> None:
    done = run(*SMALL, "wide", variables={**azure(metered), "AZURE_OPENAI_API_KEY": "wrong" * 8})
    assert done.code == 4
    assert metered.records == []
    assert done.err.count("error: ") == 1
    assert (wide / "README.md").exists()


def test_a_window_that_nobody_knew_is_learnt_from_the_refusal(run: Runs, wide: Path, metered: MeteredProvider) -> None:
    metered.mind.model = Model(context_window=8_000, detail="interface")
    done = run("--max-output-tokens=1500", "wide", variables=azure(metered))
    assert done.code == 0, done.err
    assert PROSE in (wide / "README.md").read_text()
    assert {f"`{path}`" for path in files() if path.endswith(".py")} <= asked_about(metered)
    turned_away = [one for one in metered.records if one.status == 400]
    (wide / "README.md").unlink()
    changed = wide / "wide/web/part1.py"
    changed.write_text(changed.read_text() * 9)
    assert run("--max-output-tokens=1500", "wide", variables=azure(metered)).code == 0
    assert [one for one in metered.records if one.status == 400] == turned_away, "it is known from then on"


def test_prompts_without_a_place_for_notes_are_refused_where_there_are_notes(
    run: Runs, wide: Path, metered: MeteredProvider, tmp_path: Path
) -> None:
    (tmp_path / "own").mkdir()
    own = "---\nfields: [evidence, sections]\n---\n{evidence}\nWrite {sections}.\n"
    (tmp_path / "own/readme.md").write_text(own)
    done = run(f"--prompts={tmp_path}/own", *SMALL, "wide", variables=azure(metered))
    assert (done.code, metered.records) == (2, [])
    assert "has no field `notes`" in done.err
    assert wide.exists()


def test_what_is_shown_is_what_is_sent_first(run: Runs, wide: Path, metered: MeteredProvider) -> None:
    shown = run("plan", "--show-prompts", *SMALL, "wide", variables=azure(metered)).out
    assert "depend on replies" in shown
    run(*SMALL, "wide", variables=azure(metered))
    sent = [one.body["messages"][1]["content"] for one in metered.records if one.kind == "files"]
    assert sent
    assert all(message.strip() in shown for message in sent)
    assert wide.exists()
