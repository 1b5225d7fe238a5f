"""Batches from end to end: the command, the real client library, a real server on loopback."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from batch.batch_runs import Batching, large_project

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.whole_run import Runs
    from provider.metered_provider import MeteredProvider


def test_a_page_of_one_request_is_had_by_a_batch_and_written_without_another(
    run: Runs, turnstile: Path, provider: MeteredProvider
) -> None:
    batch = Batching(run, provider, turnstile)
    submitted = batch("submit")
    assert (submitted["submitted"]["requests"], submitted["next"]) == (1, "status")
    assert batch("collect")["exit_code"] == 3
    assert batch.until_ended()["next"] == "collect"
    collected = batch("collect")
    assert (collected["exit_code"], collected["next"], collected["collected"]["kept"]) == (0, "document", 1)
    done = batch.document()
    assert done.code == 0, done.err
    assert provider.records == []
    assert "prose by gpt-4o-2024-08-06" in (turnstile / "README.md").read_text()
    assert batch("submit")["submitted"]["requests"] == 0
    assert len(batch.lines) == 1


def test_a_large_tree_is_had_layer_by_layer(run: Runs, tmp_path: Path, provider: MeteredProvider) -> None:
    tree = large_project(tmp_path / "large")
    batch = Batching(run, provider, tree, FIELDGUIDE_CONTEXT_WINDOW="16000", FIELDGUIDE_MAX_OUTPUT_TOKENS="2000")
    layers: list[int] = []
    while True:
        submitted = batch("submit")
        if submitted["next"] == "document":
            break
        layers.append(submitted["submitted"]["requests"])
        assert submitted["exit_code"] == 0
        batch.until_ended()
        collected = batch("collect")
        assert collected["collected"]["kept"] == layers[-1], collected
    assert len(layers) >= 2
    assert layers[-1] == 1
    assert len(set(batch.billed)) == len(batch.billed) == sum(layers)
    done = batch.document()
    assert done.code == 0, done.err
    assert provider.records == []


def test_waiting_goes_on_to_the_last_layer_by_itself(run: Runs, tmp_path: Path, provider: MeteredProvider) -> None:
    tree = large_project(tmp_path / "large")
    batch = Batching(run, provider, tree, FIELDGUIDE_CONTEXT_WINDOW="16000", FIELDGUIDE_MAX_OUTPUT_TOKENS="2000")
    report = batch("submit", "--wait")
    assert (report["exit_code"], report["next"]) == (0, "document")
    assert len(set(batch.billed)) == len(batch.billed) == report["collected"]["kept"]
    assert batch.document().code == 0
    assert provider.records == []


def test_the_ledger_names_the_files_of_an_upload_and_half_the_price(
    run: Runs, turnstile: Path, provider: MeteredProvider
) -> None:
    batch = Batching(run, provider, turnstile)
    submitted = batch("submit", "--price-in", "10", "--price-out", "20")["submitted"]
    usual = submitted["input_tokens"] * 10 / 1e6 + submitted["most_output_tokens"] * 20 / 1e6
    assert abs(submitted["most_cost_usd"] - usual / 2) < 1e-9
    batch.until_ended()
    cost = batch("collect", "--price-in", "10", "--price-out", "20")["collected"]
    ledger = json.loads(run("ledger", "--json", turnstile.name, variables=batch.variables).out)
    assert ledger["chain"]["holds"]
    (upload,) = [one for one in ledger["calls"] if one["address"].endswith("/files") and one["sources"]]
    assert {one["path"] for one in upload["sources"]} >= {"turnstile/gate.py", "turnstile/store.py"}
    assert len(ledger["calls"]) == len(provider.batches.asked)
    (paid,) = [one for one in ledger["calls"] if one["cost_usd"]]
    assert abs(paid["cost_usd"] - cost["cost_usd"]) < 1e-9
    assert abs(paid["cost_usd"] - (paid["input_tokens"] * 10 + paid["output_tokens"] * 20) / 2e6) < 1e-9
