"""A provider of chat models on loopback that counts as the real ones do: quota, faults, files and batches.

Comes in: requests of Azure OpenAI's protocol (`/openai/deployments/NAME/…`, `/openai/v1/…`, `/openai/files`) and of
OpenAI's (`/v1/…`). Goes out: what the real services answer, and `records` of every request.
Must never: sleep on behalf of a quota; forget a request.

    with metered_provider(quota=QuotaRules(60, 60_000)) as provider:
        … provider.address, provider.key, provider.deployment, provider.records, provider.bill() …

A prompt counts with its exact tokens and with the output that it reserves, when it is admitted. Replies are of the
form that a prompt asks for and depend on nothing but its text (`metered_writing`). `loopback_provider`, its plainer
neighbour, answers from a script.
"""

from __future__ import annotations

import asyncio
import json
import math
import re
import time
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from provider import metered_errors as errors
from provider.loopback_http import HttpAnswer, HttpRequest, json_answer, serving
from provider.loopback_provider import API_VERSIONS, DEPLOYMENT, KEY
from provider.metered_batches import Batches, BatchRules
from provider.metered_chat import (
    Mind,
    Model,
    Outcome,
    chunk_bodies,
    completion_body,
    digest_of,
    encoding,
    prompt_tokens,
    reserved_tokens,
    streamed,
    user_text,
)
from provider.metered_faults import BILLED, Fault, FaultRates
from provider.metered_quota import Admission, QuotaMeter, QuotaRules
from provider.metered_records import Bill, Record, bill_of
from provider.metered_writing import asked

if TYPE_CHECKING:
    from collections.abc import Generator

Json = dict[str, Any]
_DEPLOYED: Final = re.compile(r"/openai/deployments/([^/]+)/chat/completions")
_CHAT: Final = ("/v1/chat/completions", "/openai/v1/chat/completions")
_STORE: Final = re.compile(r"(?:/openai)?(?:/v1)?/(files|batches)(?:/|$)")


@dataclass(slots=True)
class MeteredProvider:
    """A running server, and what it saw."""

    meter: QuotaMeter
    mind: Mind
    batches: Batches
    key: str = KEY
    deployment: str = DEPLOYMENT
    retry_headers: tuple[str, ...] = ("retry-after", "retry-after-ms")
    """Which of the two a 429 carries."""
    limit_headers: bool = True
    """Answers carry `x-ratelimit-*`."""
    refused_parameters: frozenset[str] = frozenset()
    on_arrival: Callable[[Record], None] | None = None
    """Called in the server's thread with every request, before it is answered."""
    address: str = ""
    records: list[Record] = field(default_factory=list[Record])
    started: float = field(default_factory=time.monotonic)

    @property
    def now(self) -> float:
        """Seconds since the server started."""
        return time.monotonic() - self.started

    def in_flight(self, grace: float = 0.05) -> list[Record]:
        """Requests whose answer is under way, or was handed over so few seconds ago that it may not be kept yet."""
        recent = self.now - grace
        return [one for one in list(self.records) if one.answered is None or one.answered > recent]

    def bill(self, first: int = 0, last: int | None = None) -> Bill:
        """Sums over `records[first:last]`; what was billed before `first` counts as billed before."""
        return bill_of(self.records[first:last], self.records[:first])

    async def answer(self, request: HttpRequest) -> HttpAnswer:
        """Answer as the real services do: path, version, key, then content."""
        deployed = _DEPLOYED.fullmatch(request.path)
        dialect = errors.Dialect(
            request.path.startswith("/openai"), self.mind.model.name, request.query.get("api-version", ["v1"])[0]
        )
        known = deployed is not None or request.path in _CHAT or _STORE.match(request.path) is not None
        if not known:
            return json_answer({"error": {"code": "404", "message": "Resource not found"}}, 404)
        if (refusal := self._refusal(request, dialect)) is not None:
            return refusal
        if _STORE.match(request.path):
            return await self.batches.answer(request)
        if deployed and deployed[1] != self.deployment:
            said = "The API deployment for this resource does not exist. If you created the deployment within the last "
            body = {"error": {"code": "DeploymentNotFound", "message": said + "5 minutes, please wait a moment."}}
            return json_answer(body, 404)
        return await self._chat(request, dialect)

    def _refusal(self, request: HttpRequest, dialect: errors.Dialect) -> HttpAnswer | None:
        if dialect.azure and "/v1/" not in request.path and dialect.version not in API_VERSIONS:
            return json_answer({"error": {"code": "BadRequest", "message": "API version not supported"}}, 400)
        bearer = request.headers.get("authorization", "").removeprefix("Bearer ")
        if self.key in {"", request.headers.get("api-key", ""), bearer}:
            return None
        if dialect.azure:
            said = "Access denied due to invalid subscription key or wrong API endpoint."
            return json_answer({"error": {"code": "401", "message": said}}, 401)
        return errors.invalid("Incorrect API key provided.", code="invalid_api_key", status=401)

    async def _chat(self, request: HttpRequest, dialect: errors.Dialect) -> HttpAnswer:
        body: Json = json.loads(request.content)
        for name in sorted(self.refused_parameters & body.keys()):
            said = f"Unsupported parameter: '{name}' is not supported with this model."
            return errors.invalid(said, code="unsupported_parameter", param=name)
        record = self._record(body)
        admission = self.meter.admit(self.now, record.prompt_tokens + record.reserved)
        headers = self._headers(admission)
        if admission.counted is None:
            record.exceeded = admission.exceeded
            return self._done(record, self._limited(dialect, admission, record, headers))
        outcome = self.mind.outcome(body, record.prompt_tokens)
        record.fault = outcome.fault
        if outcome.verdict == "reply" or outcome.fault in BILLED:
            record.finish, record.completion_tokens = outcome.finish, outcome.completion_tokens
        if outcome.fault is Fault.HANG:
            await _until_gone(request, self.mind.model.hang_seconds)
        elif outcome.seconds:
            await _until_gone(request, outcome.seconds)
        self.meter.settle(admission.counted, record.prompt_tokens + outcome.completion_tokens)
        return self._done(record, self._shaped(dialect, record, outcome, headers))

    def _record(self, body: Json) -> Record:
        what = asked(user_text(body))
        tokens = prompt_tokens(body)
        record = Record(
            len(self.records), self.now, body, digest_of(body), tokens, reserved_tokens(body), what.kind, what.headings
        )
        self.records.append(record)
        if self.on_arrival is not None:
            self.on_arrival(record)
        return record

    def _headers(self, admission: Admission) -> errors.Pairs:
        rules = self.meter.rules
        if not self.limit_headers:
            return ()
        pairs: list[tuple[str, str]] = []
        if rules.requests is not None:
            pairs += _limit_headers("requests", rules.requests, admission.remaining_requests, admission.reset_requests)
        if rules.tokens is not None:
            pairs += _limit_headers("tokens", rules.tokens, admission.remaining_tokens, admission.reset_tokens)
        return tuple(pairs)

    def _limited(
        self, dialect: errors.Dialect, admission: Admission, record: Record, headers: errors.Pairs
    ) -> HttpAnswer:
        wait = admission.wait
        said = {"retry-after": str(max(1, math.ceil(wait))), "retry-after-ms": str(math.ceil(wait * 1000))}
        asks = tuple((name, said[name]) for name in self.retry_headers)
        rules = self.meter.rules
        limit = (rules.requests if admission.exceeded == "requests" else rules.tokens) or 0
        requested = 1 if admission.exceeded == "requests" else record.prompt_tokens + record.reserved
        return errors.rate_limited(dialect, admission.exceeded, limit, requested, wait, (*asks, *headers))

    def _shaped(self, dialect: errors.Dialect, record: Record, outcome: Outcome, headers: errors.Pairs) -> HttpAnswer:
        """The answer on the wire."""
        window, tokens = self.mind.model.context_window, record.prompt_tokens
        if outcome.verdict == "too long":
            return errors.too_long(window, tokens, record.reserved)
        if outcome.verdict == "refused":
            return errors.filtered(dialect)
        if outcome.verdict == "fault":
            return self._faulty(dialect, outcome.fault, record, headers)
        model = self.mind.model.name
        if record.body.get("stream"):
            options: Json = record.body.get("stream_options") or {}
            usage = bool(options.get("include_usage"))
            chunks = chunk_bodies(model, outcome, tokens, record.number, usage=usage)
            parts = streamed(chunks, outcome.fault)
            return HttpAnswer(200, headers=headers, kind="text/event-stream", parts=parts)
        content = json.dumps(completion_body(model, outcome, tokens, record.number)).encode()
        if outcome.fault is Fault.CUT_JSON:
            content = content[: len(content) * 2 // 3]
        cut = len(content) * 2 // 3 if outcome.fault is Fault.CUT_BODY else None
        return HttpAnswer(200, content, headers, cut=cut)

    def _faulty(
        self, dialect: errors.Dialect, fault: Fault | None, record: Record, headers: errors.Pairs
    ) -> HttpAnswer:
        match fault:
            case Fault.SERVER_ERROR | Fault.UNAVAILABLE:
                return errors.failed(dialect, int(fault.value))
            case Fault.RATE_LIMITED:
                admission = Admission(None, "tokens", self.meter.rules.window_seconds / 30)
                record.exceeded = "tokens"
                return self._limited(dialect, admission, record, headers)
            case Fault.PAGE:
                return errors.gateway_page()
            case _:
                return HttpAnswer(reset=True)

    def _done(self, record: Record, answer: HttpAnswer) -> HttpAnswer:
        def sent(delivered: bool) -> None:  # noqa: FBT001  (the connection tells one thing)
            record.answered, record.delivered = self.now, delivered

        record.status = 0 if answer.reset else answer.status
        return HttpAnswer(
            answer.status,
            answer.content,
            (*answer.headers, ("x-request-id", f"req-{record.number:08d}")),
            answer.kind,
            answer.parts,
            answer.reset,
            answer.cut,
            sent,
        )


@contextmanager
def metered_provider(
    *,
    quota: QuotaRules | None = None,
    model: Model | None = None,
    faults: FaultRates | None = None,
    batches: BatchRules | None = None,
    port: int = 0,
) -> Generator[MeteredProvider]:
    """Serve on 127.0.0.1 until the context ends. Without rules there is no quota, no fault and no delay."""
    encoding()  # half a second, which no request shall wait for
    mind = Mind(model or Model(), faults or FaultRates())
    provider = MeteredProvider(QuotaMeter(quota or QuotaRules()), mind, Batches(mind, batches or BatchRules()))
    with serving(provider.answer, port) as address:
        provider.address = address
        yield provider


def _limit_headers(what: str, limit: int, left: int, reset: float) -> list[tuple[str, str]]:
    shown = f"{reset * 1000:.0f}ms" if reset < 1 else f"{reset:.3f}s"
    return [
        (f"x-ratelimit-limit-{what}", str(limit)),
        (f"x-ratelimit-remaining-{what}", str(left)),
        (f"x-ratelimit-reset-{what}", shown),
    ]


async def _until_gone(request: HttpRequest, seconds: float) -> None:
    """Wait, but not for a client that has hung up."""
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0 and not request.gone():  # noqa: ASYNC110  (a hang-up sets no event)
        await asyncio.sleep(min(left, 0.1))
