"""What the first model could not mend is asked of the stronger one, within what is left, and paid for once."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from pipeline.test_corrections import INVENTED, MENDED
from pipeline.whole_run import REPLY, azure
from provider.loopback_provider import DEPLOYMENT, STRONGER_DEPLOYMENT, completion

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.whole_run import Runs
    from provider.loopback_provider import LoopbackProvider

STILL_WRONG = MENDED.replace("`Gate.open`", "`Gate.unlock`")
STRONGER = {"FIELDGUIDE_STRONGER_MODEL": "gpt-4.1", "FIELDGUIDE_STRONGER_DEPLOYMENT": STRONGER_DEPLOYMENT}


def _asked(provider: LoopbackProvider) -> list[str]:
    return [one.path.split("/")[3] for one in provider.received]


def test_it_mends_what_the_first_got_wrong_twice(run: Runs, turnstile: Path, provider: LoopbackProvider) -> None:
    provider.script = [completion(INVENTED), completion(STILL_WRONG), completion(MENDED)]
    variables = azure(provider, **STRONGER)
    done = run("turnstile", variables=variables)
    assert done.code == 0, done.err
    assert _asked(provider) == [DEPLOYMENT, DEPLOYMENT, STRONGER_DEPLOYMENT]
    asked = provider.received[-1].messages[1][1]
    assert "`Gate.opened` does not exist; the code has `Gate.open`" in asked
    assert "## tagline" not in asked
    page = (turnstile / "README.md").read_text()
    assert "appends the name to the list" in page
    assert "unlock" not in page
    again = run("turnstile", variables=variables)
    assert (again.code, len(provider.received)) == (0, 3)
    assert "nothing has changed" in again.err


def test_nothing_is_asked_of_it_where_nothing_is_wrong(run: Runs, turnstile: Path, provider: LoopbackProvider) -> None:
    provider.script = [completion(REPLY)]
    assert run("turnstile", variables=azure(provider, **STRONGER)).code == 0
    assert (turnstile / "README.md").exists()
    assert _asked(provider) == [DEPLOYMENT]


def test_named_later_it_is_all_that_is_paid_for(run: Runs, turnstile: Path, provider: LoopbackProvider) -> None:
    provider.script = [completion(INVENTED), completion(STILL_WRONG), completion(MENDED)]
    run("turnstile", variables=azure(provider))
    assert "appends the name to the list" not in (turnstile / "README.md").read_text()
    run("turnstile", variables=azure(provider, **STRONGER))
    assert _asked(provider) == [DEPLOYMENT, DEPLOYMENT, STRONGER_DEPLOYMENT]
    assert "appends the name to the list" in (turnstile / "README.md").read_text()


def test_what_it_costs_is_counted_with_the_rest(run: Runs, turnstile: Path, provider: LoopbackProvider) -> None:
    used = (1_000_000, 0)
    provider.script = [completion(one, usage=used) for one in (INVENTED, STILL_WRONG, MENDED)]
    done = run("turnstile", "--json", variables=azure(provider, **STRONGER))
    spent = json.loads(done.out)["model"]
    assert (spent["requests"], spent["input_tokens"], spent["output_tokens"]) == (3, 3_000_000, 0)
    # Twice gpt-4o's list price of a million tokens of prompts, and once gpt-4.1's.
    assert spent["cost_usd"] == 2 * 2.5 + 2.0
    assert (turnstile / "README.md").exists()


def test_it_gets_what_the_first_left_of_the_budget(run: Runs, turnstile: Path, provider: LoopbackProvider) -> None:
    used = (9_000, 900)
    provider.script = [completion(one, usage=used) for one in (INVENTED, STILL_WRONG, MENDED)]
    run("turnstile", "--max-tokens", "20000", variables=azure(provider, **STRONGER))
    assert _asked(provider) == [DEPLOYMENT, DEPLOYMENT]
    assert "unlock" not in (turnstile / "README.md").read_text()


def test_a_budget_in_money_wants_its_price_before_anything_is_paid(
    run: Runs, turnstile: Path, provider: LoopbackProvider
) -> None:
    variables = azure(provider, **STRONGER, FIELDGUIDE_MAX_COST="1")
    variables["FIELDGUIDE_STRONGER_MODEL"] = "nobody-knows-it"
    done = run("turnstile", variables=variables)
    assert done.code == 2
    assert "the price of the stronger model `careful-deployment` is not known" in done.err
    assert "take out `--stronger-model`" in done.err
    assert not provider.received
    assert not (turnstile / "README.md").exists()
