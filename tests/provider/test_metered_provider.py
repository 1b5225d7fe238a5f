"""The server that the model's door is tested and measured against counts, fails and writes as it says.

The client is `openai`'s own, without retries, over real sockets.
"""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

import openai
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from growth import calls
from provider.loopback_provider import API_VERSIONS
from provider.metered_batches import BatchRules
from provider.metered_chat import REFUSED_FOR_GOOD, Model
from provider.metered_faults import Fault, FaultRates
from provider.metered_provider import MeteredProvider, metered_provider
from provider.metered_quota import QuotaMeter, QuotaRules, shortest
from provider.metered_writing import asked, reply_to
from waiting import PATIENCE, wait_until

if TYPE_CHECKING:
    from collections.abc import Callable

FILES_PROMPT = """The project is called `p`.

# The files

`src/a.py`:
~~~~~~~~
def alpha():
…
# not a heading of the prompt
~~~~~~~~

`src/b.py`, part 2:
~~~~~~~~
class Beta: ...
~~~~~~~~

# Earlier notes

There are none.

# What to write

For each file above, in the same order, a heading line `## ` followed by the file's label exactly as it stands above,
and a note of at most 90 words.
"""


def _azure(provider: MeteredProvider) -> openai.AzureOpenAI:
    return openai.AzureOpenAI(
        azure_endpoint=provider.address,
        azure_deployment=provider.deployment,
        api_key=provider.key,
        api_version=API_VERSIONS[-1],
        max_retries=0,
        timeout=PATIENCE,
    )


def _say(client: openai.OpenAI, text: str = "def alpha(): pass", most: int = 1000) -> str:
    reply = client.chat.completions.create(
        model="gpt-4o", messages=[{"role": "user", "content": text}], max_tokens=most
    )
    return reply.choices[0].message.content or ""


@given(st.lists(st.integers(1, 40), min_size=1, max_size=60), st.integers(1, 8))
@settings(max_examples=60)
def test_no_window_holds_more_than_the_quota(sizes: list[int], most: int) -> None:
    """However soon each request is sent after the wait it was told, no sliding minute admits more than the limits."""
    meter = QuotaMeter(QuotaRules(most, 40))
    now, admitted = 0.0, list[tuple[float, int]]()
    for size in sizes:
        while (admission := meter.admit(now, size)).counted is None:
            assert admission.wait > 0
            now += admission.wait + 1e-9
        admitted.append((now, size))
    for start, _ in admitted:
        inside = [size for at, size in admitted if start <= at < start + 60]
        assert len(inside) <= most
        assert sum(inside) <= 40


def test_the_shortest_time_is_that_of_the_windows_needed() -> None:
    """Three windows' worth of tokens take two windows to admit, and evenly filled buckets take as long."""
    assert shortest(QuotaRules(None, 100), [50] * 6) == pytest.approx(120, abs=0.01)
    assert shortest(QuotaRules(None, 100, form="bucket"), [50] * 6) == pytest.approx(120, abs=0.01)
    assert shortest(QuotaRules(6, None, short_window=True), [1] * 6) == pytest.approx(50, abs=0.01)
    with pytest.raises(ValueError, match="never fits"):
        shortest(QuotaRules(None, 100), [101])


def test_a_limit_of_tokens_is_told_with_the_wait_and_what_is_left() -> None:
    """A prompt counts with what it reserves; the 429 says how long in both headers, and then there is room."""
    with metered_provider(quota=QuotaRules(60, 2100)) as provider, _azure(provider) as client:
        _say(client)
        _say(client)
        with pytest.raises(openai.RateLimitError, match="token rate limit") as caught:
            _say(client)
        headers = caught.value.response.headers
        wait = int(headers["retry-after-ms"]) / 1000
        assert 0 < wait <= 60
        assert headers["retry-after"] == str(math.ceil(wait))
        assert int(headers["x-ratelimit-remaining-tokens"]) < 100
        assert headers["x-ratelimit-limit-requests"] == "60"
        provider.started -= wait  # as if so much time had gone by
        _say(client)
        with pytest.raises(openai.RateLimitError):
            _say(client, most=3000)
        bill = provider.bill()
        assert (bill.requests, bill.limited, bill.paid) == (5, 2, 3)
        assert bill.repeated_tokens == 2 * provider.records[0].prompt_tokens
        assert [one.exceeded for one in provider.records if one.exceeded] == ["tokens", "size"]


def test_openai_s_form_needs_its_own_key() -> None:
    """OpenAI's path and Azure's v1 path take a bearer token; a wrong one is refused."""
    with metered_provider() as provider:
        for path in ("/v1", "/openai/v1"):
            with openai.OpenAI(base_url=provider.address + path, api_key=provider.key, max_retries=0) as client:
                assert "`alpha`" in _say(client)
            wrong = openai.OpenAI(base_url=provider.address + path, api_key="sk-wrong", max_retries=0)
            with wrong as client, pytest.raises(openai.AuthenticationError):
                _say(client)


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (Fault.SERVER_ERROR, openai.InternalServerError),
        (Fault.UNAVAILABLE, openai.InternalServerError),
        (Fault.PAGE, openai.InternalServerError),
        (Fault.RESET, openai.APIConnectionError),
        (Fault.CUT_JSON, (openai.APIError, json.JSONDecodeError)),
        (Fault.CUT_BODY, openai.APIConnectionError),
        (Fault.HANG, openai.APITimeoutError),
        (Fault.REFUSED, openai.BadRequestError),
        (Fault.RATE_LIMITED, openai.RateLimitError),
    ],
)
def test_each_fault_is_what_the_client_library_takes_it_for(fault: Fault, expected: Any) -> None:  # noqa: ANN401
    """Every fault comes out of the real client as the exception of its kind, and only those that ran are billed."""
    with metered_provider(faults=FaultRates(((fault, 1.0),))) as provider, _azure(provider) as client:
        with pytest.raises(expected):
            _say(client.with_options(timeout=1 if fault is Fault.HANG else PATIENCE))
        wait_until(lambda: provider.records, "the request arrives")
        assert provider.records[0].fault is fault
        assert provider.records[0].billed == (fault in {Fault.CUT_JSON, Fault.CUT_BODY})


@pytest.mark.parametrize(("fault", "finish"), [(Fault.FILTERED, "content_filter"), (Fault.LENGTH, "length")])
def test_replies_that_end_early_say_why(fault: Fault, finish: str) -> None:
    """A reply that was taken back, or reached its most tokens, names that as its reason; streamed as well."""
    with metered_provider(faults=FaultRates(((fault, 1.0),))) as provider, _azure(provider) as client:
        messages: Any = [{"role": "user", "content": "def alpha(): pass"}]
        whole = client.chat.completions.create(model="gpt-4o", messages=messages)
        assert whole.choices[0].finish_reason == finish
        chunks = list(client.chat.completions.create(model="gpt-4o", messages=messages, stream=True))
        assert chunks[-1].choices[0].finish_reason == finish
        assert len(chunks) > 3


def test_a_stream_that_is_cut_has_no_end() -> None:
    """Of a stream that ends early only the beginning arrives, and no reason to stop."""
    with metered_provider(faults=FaultRates(((Fault.CUT_BODY, 1.0),))) as provider, _azure(provider) as client:
        messages: Any = [{"role": "user", "content": "def alpha(): pass"}]
        chunks = list(client.chat.completions.create(model="gpt-4o", messages=messages, stream=True))
        assert [one.choices[0].finish_reason for one in chunks if one.choices[0].finish_reason] == []


def test_faults_come_at_their_rates_whatever_the_order() -> None:
    """The same request meets the same fault at the same try, and a rate of a fifth hits about a fifth."""
    rates = FaultRates(((Fault.SERVER_ERROR, 0.1), (Fault.RESET, 0.1)), seed=3)
    drawn = [rates.draw(f"request {number}", 1) for number in range(2000)]
    assert drawn == [rates.draw(f"request {number}", 1) for number in range(2000)]
    assert 160 < drawn.count(Fault.RESET) < 240
    assert any(rates.draw("request 1", tries) is None for tries in range(5))


def test_the_filter_refuses_for_good_and_a_window_has_an_end() -> None:
    """A prompt with the sentence is refused each time; one beyond the window is told by how much."""
    with metered_provider(model=Model(context_window=2000)) as provider, _azure(provider) as client:
        for _ in range(2):
            with pytest.raises(openai.BadRequestError, match="content management policy") as refused:
                _say(client, f"def alpha(): '{REFUSED_FOR_GOOD}'")
            assert refused.value.code == "content_filter"
        with pytest.raises(openai.BadRequestError, match=r"2000 tokens.*\(\d+ in the messages") as long:
            _say(client, "word " * 1500)
        assert long.value.code == "context_length_exceeded"
        assert provider.bill().input_tokens == 0


def test_a_reply_has_the_headings_that_were_asked_for_and_says_the_same_again() -> None:
    """Notes stand beneath the labels of the material, name what it defines, and change only with it."""
    assert asked(FILES_PROMPT).headings == ("`src/a.py`", "`src/b.py`, part 2")
    first = reply_to(FILES_PROMPT)
    assert first.startswith("## `src/a.py`\nIt offers `alpha`.")
    assert "## `src/b.py`, part 2\nIt offers `Beta`." in first
    changed = reply_to(FILES_PROMPT.replace("class Beta: ...", "class Beta: x = 1"))
    assert changed.split("## ")[1] == first.split("## ")[1]
    assert changed.split("## ")[2] != first.split("## ")[2]
    kept = reply_to(FILES_PROMPT.replace("class Beta: ...", "class Beta: x = 1"), detail="interface")
    assert kept == reply_to(FILES_PROMPT, detail="interface")
    note = first.split("## ")[1].partition("\n")[2].strip()
    again = reply_to(FILES_PROMPT.replace("There are none.", f"`src/a.py`:\n~~~~~~~~\n{note}\n~~~~~~~~"))
    assert again.startswith("## `src/a.py`\nunchanged\n")


def test_a_page_and_a_plain_text_are_written_as_asked() -> None:
    """Sections stand beneath their keys; a prompt without headings gets prose."""
    prompt = (
        "# The material\n\n`a.py`:\n~~~~~~~~\ndef alpha(): 1\n~~~~~~~~\n\n# What to write\n\nWrite these sections, "
    )
    prompt += "each beneath its own heading line, spelt as here: `## tagline`, `## usage`.\n"
    written = reply_to(prompt)
    assert [line for line in written.split("\n") if line.startswith("## ")] == [
        "## tagline",
        "## usage",
        "## end",
    ]
    assert "`alpha`" in written
    assert "## " not in reply_to("Document this:\n\ndef alpha(): pass")


def _line(number: int, text: str = "def alpha(): pass") -> str:
    body = {"model": "m", "messages": [{"role": "user", "content": text}], "max_tokens": 900}
    return json.dumps({"custom_id": str(number), "method": "POST", "url": "/chat/completions", "body": body})


def _submit(client: openai.OpenAI, lines: list[str], endpoint: str = "/chat/completions") -> str:
    source = client.files.create(file=("input.jsonl", "\n".join(lines).encode()), purpose="batch")
    create: Callable[..., Any] = client.batches.create
    return create(input_file_id=source.id, endpoint=endpoint, completion_window="24h", metadata={"run": "1"}).id


def _ended(client: openai.OpenAI, identifier: str) -> Any:  # noqa: ANN401  (the library's own type is long)
    for _ in range(8):
        batch = client.batches.retrieve(identifier)
        if batch.status in {"completed", "failed", "expired", "cancelled"}:
            return batch
    pytest.fail("the batch does not end")


def _results(client: openai.OpenAI, file: str) -> dict[str, Any]:
    lines = client.files.content(file).text.splitlines()
    return {one["custom_id"]: one for one in map(json.loads, lines)}


@pytest.mark.parametrize("form", ["azure", "v1"])
def test_a_batch_completes_with_an_output_and_an_error_file(form: str) -> None:
    """Upload, create, look, fetch: good lines in one file, refused ones in the other, in both protocols."""
    with metered_provider() as provider:
        v1 = openai.OpenAI(base_url=provider.address + "/v1", api_key=provider.key)
        azure = openai.AzureOpenAI(azure_endpoint=provider.address, api_key=provider.key, api_version=API_VERSIONS[-1])
        with v1, azure:
            client = azure if form == "azure" else v1
            identifier = _submit(client, [_line(1), _line(2, REFUSED_FOR_GOOD)])
            batch = _ended(client, identifier)
            assert (batch.request_counts.completed, batch.request_counts.failed) == (1, 1)
            good, bad = _results(client, batch.output_file_id), _results(client, batch.error_file_id)
            assert good["1"]["response"]["body"]["choices"][0]["finish_reason"] == "stop"
            assert bad["2"]["response"]["status_code"] == 400
            assert [one.metadata for one in client.batches.list()] == [{"run": "1"}]
            assert [one[0] for one in provider.batches.billed_lines] == ["1"]


def test_batches_fail_expire_and_are_cancelled() -> None:
    """A bad line fails the whole batch; one that expires or is cancelled gives what was done."""
    rules = BatchRules(steps=("validating", "in_progress", "expired"), done_share=0.5)
    with metered_provider(batches=rules) as provider:
        client = openai.OpenAI(base_url=provider.address + "/v1", api_key=provider.key)
        with client:
            failed = _ended(client, _submit(client, [_line(1), _line(1)]))
            assert failed.errors.data[0].code == "duplicate_custom_id"
            expired = _ended(client, _submit(client, [_line(1), _line(2)]))
            assert expired.status == "expired"
            assert set(_results(client, expired.output_file_id)) == {"1"}
            assert _results(client, expired.error_file_id)["2"]["error"]["code"] == "batch_expired"
            identifier = _submit(client, [_line(1), _line(2)])
            assert client.batches.cancel(identifier).status == "cancelling"
            assert _ended(client, identifier).status == "cancelled"


def test_the_server_alone_is_no_bottleneck() -> None:
    """Its own work on a request is some hundred calls, which are a few milliseconds of a core."""
    with metered_provider(quota=QuotaRules(100_000, 100_000_000)) as provider, _azure(provider) as client:
        _say(client)
        prompt = FILES_PROMPT * 3
        mind, body = provider.mind, {"messages": [{"role": "user", "content": prompt}], "max_tokens": 900}
        mind.outcome(body, 100)
        assert calls(lambda: mind.outcome(body, 100)) < 1_000
