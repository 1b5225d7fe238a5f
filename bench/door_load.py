"""A load of requests through the door, or through the client library alone: `python bench/door_load.py door|client …`.

Takes the server's address, the number of requests, a scratch directory. Prints as JSON: seconds of CPU and seconds on
the wall of the requests alone; what is imported and built once is not among them.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pydantic import SecretStr

from fieldguide.domain.limits import Limits
from fieldguide.domain.model import ModelChoice, Provider
from fieldguide.domain.redacted import RedactedText
from fieldguide.domain.request import PromptText, Reply, Request
from provider.loopback_provider import API_VERSIONS, DEPLOYMENT, KEY

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

AT_ONCE: Final = 16
WARM: Final = 32
REPLY_TOKENS: Final = 400
SYSTEM: Final = "You write notes on code."
PROMPT: Final = "Write a note of at most 90 words on this file:\n\n{material}"


def main(through: str, address: str, count: int, place: Path) -> None:
    """Send so many requests and print what they cost."""
    send = _through_door if through == "door" else _through_client
    print(json.dumps(asyncio.run(send(address, count, place))))


def _material(number: int) -> str:
    """About a thousand tokens of code, never twice the same."""
    code = Path(__file__).read_text("utf-8")
    return f"# request {number}\n{code}"


async def _through_door(address: str, count: int, place: Path) -> dict[str, float]:
    # The client's process must not load them.
    from fieldguide.llm.door import Door  # noqa: PLC0415
    from fieldguide.llm.ledger import Ledger  # noqa: PLC0415
    from fieldguide.llm.store import ReplyStore  # noqa: PLC0415
    from fieldguide.plan.tokens import token_counter  # noqa: PLC0415

    choice = ModelChoice(
        Provider.AZURE,
        DEPLOYMENT,
        "the benchmark",
        family="gpt-4.1",
        endpoint=address,
        api_version=API_VERSIONS[-1],
        key=SecretStr(KEY),
        max_output_tokens=REPLY_TOKENS,
    )
    limits = Limits(requests_per_minute=10_000_000, tokens_per_minute=1_000_000_000, concurrency=AT_ONCE)
    store, ledger = ReplyStore(place / "store"), Ledger(place / "ledger.jsonl")
    tokens = token_counter(choice).count
    with store:
        async with Door(choice, limits, store, ledger, _ignore, count=tokens) as door:

            async def ask(number: int) -> None:
                fields = (("material", RedactedText(_material(number))),)
                prompt, digest = PromptText(PROMPT), f"{number:032x}"
                request = Request(PromptText(SYSTEM), prompt, fields, ("note",), REPLY_TOKENS, digest)
                outcome = await door.ask(request)
                assert isinstance(outcome, Reply), outcome

            return await _timed(ask, count)


async def _through_client(address: str, count: int, _: Path) -> dict[str, float]:
    from openai import AsyncAzureOpenAI  # noqa: PLC0415  (imported only where it is measured)

    client = AsyncAzureOpenAI(
        azure_endpoint=address, azure_deployment=DEPLOYMENT, api_key=KEY, api_version=API_VERSIONS[-1], max_retries=0
    )
    async with client:

        async def ask(number: int) -> None:
            text = PROMPT.format(material=_material(number))
            reply = await client.chat.completions.create(
                model=DEPLOYMENT,
                messages=[{"role": "system", "content": SYSTEM}, {"role": "user", "content": text}],
                max_completion_tokens=REPLY_TOKENS,
            )
            assert reply.choices[0].message.content

        return await _timed(ask, count)


async def _timed(ask: Callable[[int], Awaitable[None]], count: int) -> dict[str, float]:
    """Warm up, then time so many requests, some at once."""
    for number in range(WARM):
        await ask(number)
    numbers = iter(range(WARM, WARM + count))

    async def work() -> None:
        for number in numbers:
            await ask(number)

    cpu, wall = time.process_time(), time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for _ in range(AT_ONCE):
            group.create_task(work())
    return {"cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall}


def _ignore(_: object) -> None:
    """Nobody watches."""


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), Path(sys.argv[4]))
