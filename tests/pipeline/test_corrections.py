"""What a model wrote and the code does not bear out: it is asked once to mend it, and what stays wrong is taken out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.whole_run import REPLY, azure
from provider.loopback_provider import completion, error

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.whole_run import Runs
    from provider.loopback_provider import LoopbackProvider

INVENTED = REPLY.replace("`admit` calls `Gate.open` and", "`admit` calls `Gate.opened` and").replace(
    "Make a `Gate` and hand it", "Make a `Gate` with `make_gate` and hand it"
)
MENDED = """\
## how_it_works

`admit` calls `Gate.open` and appends the name to the list that `Store` keeps.

## usage

Make a `Gate` and hand it to `admit` with every name.

## end
"""


def test_a_wrong_name_is_asked_for_again_with_the_nearest_right_one(
    run: Runs, turnstile: Path, provider: LoopbackProvider
) -> None:
    provider.script = [completion(INVENTED), completion(MENDED)]
    done = run("turnstile", variables=azure(provider))
    assert done.code == 0, done.err
    _, second = provider.received
    asked = second.messages[1][1]
    assert "- `## how_it_works`: the name `Gate.opened` does not exist; the code has `Gate.open`" in asked.splitlines()
    assert "`make_gate` does not exist" in asked
    assert "## tagline" not in asked
    page = (turnstile / "README.md").read_text()
    assert "appends the name to the list" in page
    assert "with every name" in page
    assert "opened" not in page
    assert "make_gate" not in page
    again = run("turnstile", variables=azure(provider))
    assert (again.code, len(provider.received)) == (0, 2)
    assert "nothing has changed" in again.err


def test_what_stays_wrong_is_taken_out(run: Runs, turnstile: Path, provider: LoopbackProvider) -> None:
    provider.script = [completion(INVENTED), completion(MENDED.replace("`Gate.open`", "`Gate.unlock`"))]
    done = run("turnstile", variables=azure(provider))
    assert len(provider.received) == 2
    page = (turnstile / "README.md").read_text()
    assert "with every name" in page
    assert "unlock" not in page
    assert "opened" not in page
    assert "did not hold" in done.err


def test_a_correction_that_says_less_is_not_taken(run: Runs, turnstile: Path, provider: LoopbackProvider) -> None:
    wrong = REPLY.replace("Whoever runs a small hall", "`Lobby` is not needed.\nWhoever runs a small hall")
    provider.script = [completion(wrong), completion("## overview\n\n`Gate` is a class.\n\n## end\n")]
    run("turnstile", variables=azure(provider))
    page = (turnstile / "README.md").read_text()
    assert "Whoever runs a small hall needs nothing else." in page
    assert "Lobby" not in page


def test_a_correction_that_cannot_be_had_costs_no_more_than_its_sentences(
    run: Runs, turnstile: Path, provider: LoopbackProvider
) -> None:
    provider.script = [completion(INVENTED), error(401, "the key was withdrawn")]
    done = run("turnstile", variables=azure(provider))
    assert done.code == 3, done.err
    page = (turnstile / "README.md").read_text()
    assert "closes the door when it is full" in page
    assert "opened" not in page


WITH_BLOCKS = REPLY.replace(
    "Make a `Gate` and hand it to `admit` with every name.",
    """\
Make a `Gate` and hand it to `admit` with every name:

```python
from turnstile import Gate, admit

# Three may enter.
gate = Gate(limt=3)
admit(gate, "Ada")
```

The count can be asked for on the command line:

```console
$ turnstile --limit 3
```""",
)
ASKED = "- `## usage`: the call `Gate(limt=…)`: `turnstile.gate.Gate` takes no `limt`; the code has `limit`"


def test_a_wrong_block_is_asked_for_again_and_stands_once_it_holds(
    run: Runs, turnstile: Path, provider: LoopbackProvider
) -> None:
    usage = WITH_BLOCKS.partition("## usage")[2].partition("## pitfalls")[0].replace("limt", "limit")
    provider.script = [completion(WITH_BLOCKS), completion(f"## usage{usage}## end\n")]
    done = run("turnstile", variables=azure(provider))
    assert done.code == 0, done.err
    assert ASKED in provider.received[1].messages[1][1].splitlines()
    page = (turnstile / "README.md").read_text()
    assert " with every name:\n\n```python\nfrom turnstile import Gate, admit\n\n# Three may" in page
    assert 'gate = Gate(limit=3)\nadmit(gate, "Ada")\n```\n' in page
    assert "```console\n$ turnstile --limit 3\n```" in page


def test_a_block_that_stays_wrong_goes_with_the_sentence_that_leads_to_it(
    run: Runs, turnstile: Path, provider: LoopbackProvider
) -> None:
    provider.script = [completion(WITH_BLOCKS), completion(WITH_BLOCKS)]
    run("turnstile", variables=azure(provider))
    page = (turnstile / "README.md").read_text()
    assert "limt" not in page
    assert "with every name" not in page
    assert "on the command line:\n\n```console\n$ turnstile --limit 3\n```" in page
