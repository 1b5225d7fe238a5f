"""Files and batches as OpenAI and Azure OpenAI keep them.

Comes in: requests for `/files` and `/batches`, below `/v1`, `/openai/v1` or `/openai`. Goes out: their answers.
Must never: let time pass by itself. A batch goes one step on each time that somebody looks at it.
Source: OpenAI's API reference (files, batch); Azure OpenAI's guide to batch deployments.
"""

from __future__ import annotations

import json
import re
import time
from dataclasses import dataclass, field
from email.parser import BytesParser
from email.policy import HTTP
from typing import TYPE_CHECKING, Any, Final, cast

from provider import metered_errors as errors
from provider.loopback_http import HttpAnswer, HttpRequest, json_answer
from provider.metered_chat import Mind, Outcome, completion_body, prompt_tokens, reserved_tokens
from provider.metered_faults import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import EmailMessage

Json = dict[str, Any]

_PATH: Final = re.compile(r"(?:/openai)?(?:/v1)?/(files|batches)(?:/([^/]+))?(?:/(content|cancel))?")
_STAMPS: Final = {"in_progress": "in_progress_at", "finalizing": "finalizing_at", "completed": "completed_at"} | {
    one: f"{one}_at" for one in ("failed", "expired", "cancelling", "cancelled")
}
_ENDED: Final = frozenset({"completed", "failed", "expired", "cancelled"})
_DAY: Final = 86_400


@dataclass(frozen=True, slots=True)
class BatchRules:
    """How batches fare."""

    steps: tuple[str, ...] = ("validating", "in_progress", "finalizing", "completed")
    """Statuses, one for each look; `("validating", "in_progress", "expired")` runs out of time."""
    done_share: float = 1.0
    """Of the lines, how many were worked on when a batch expired or was cancelled."""
    enqueued_tokens: int | None = None
    """Most tokens of all batches that have not ended; more fails with `token_limit_exceeded`."""
    file_looks: int = 0
    """Looks at a file until its status is `processed`, as Azure's take a while."""


@dataclass(slots=True)
class Batch:
    """A batch, and what came of its lines."""

    body: Json
    lines: list[Json]
    step: int = 0
    output: list[Json] = field(default_factory=list[Json])
    errors: list[Json] = field(default_factory=list[Json])
    tokens: int = 0
    """Of its prompts and replies together, as enqueued."""


@dataclass(slots=True)
class Batches:
    """Everything that was uploaded and submitted."""

    mind: Mind
    rules: BatchRules
    files: dict[str, bytes] = field(default_factory=dict[str, bytes])
    described: dict[str, Json] = field(default_factory=dict[str, Json])
    looks: dict[str, int] = field(default_factory=dict[str, int])
    batches: dict[str, Batch] = field(default_factory=dict[str, Batch])
    asked: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    """Method and path of every request."""
    billed_lines: list[tuple[str, int]] = field(default_factory=list[tuple[str, int]])
    """`custom_id` and input tokens of every line that the model answered."""
    fail_next: list[HttpAnswer] = field(default_factory=list[HttpAnswer])
    """Given to the next requests in place of what they ask for; a create or an upload has taken effect all the same."""

    async def answer(self, request: HttpRequest) -> HttpAnswer:
        """Answer a request about files or batches."""
        self.asked.append((request.method, request.path))
        answer = self._answer(request)
        return self.fail_next.pop(0) if self.fail_next else answer

    def _answer(self, request: HttpRequest) -> HttpAnswer:
        match = _PATH.fullmatch(request.path.rstrip("/"))
        if match is None:
            return json_answer({"error": {"code": "404", "message": "Resource not found"}}, 404)
        kind, identifier, part = match.groups()
        if kind == "files":
            return self._file(request, identifier, part)
        if identifier is None:
            return self._create(json.loads(request.content)) if request.method == "POST" else self._list(request)
        if identifier not in self.batches:
            return errors.missing("Batch", identifier)
        return self._cancel(identifier) if part == "cancel" else json_answer(self._look(identifier))

    def _file(self, request: HttpRequest, identifier: str | None, part: str | None) -> HttpAnswer:
        if identifier is None:
            if request.method == "POST":
                return self._upload(request)
            return json_answer({"object": "list", "data": list(self.described.values()), "has_more": False})
        if identifier not in self.files:
            return errors.missing("File", identifier)
        if request.method == "DELETE":
            del self.files[identifier], self.described[identifier]
            return json_answer({"id": identifier, "object": "file", "deleted": True})
        if part == "content":
            return HttpAnswer(200, self.files[identifier], kind="application/octet-stream")
        self.looks[identifier] = self.looks.get(identifier, 0) + 1
        if self.looks[identifier] >= self.rules.file_looks:
            self.described[identifier]["status"] = "processed"
        return json_answer(self.described[identifier])

    def _upload(self, request: HttpRequest) -> HttpAnswer:
        parts = _form(request)
        if parts.get("purpose", ("", b""))[1] != b"batch" or "file" not in parts:
            return errors.invalid("'purpose' and 'file' are required", param="purpose")
        name, content = parts["file"]
        return json_answer(self._keep(name, content, "batch"))

    def _keep(self, name: str, content: bytes, purpose: str) -> Json:
        identifier = f"file-{len(self.looks) + len(self.files):012d}{'' if purpose == 'batch' else '-out'}"
        self.files[identifier] = content
        self.looks.setdefault(identifier, 0)
        status = "processed" if not self.rules.file_looks or purpose != "batch" else "pending"
        described = {"id": identifier, "object": "file", "bytes": len(content), "created_at": int(time.time())}
        self.described[identifier] = {**described, "filename": name, "purpose": purpose, "status": status}
        return self.described[identifier]

    def _create(self, said: Json) -> HttpAnswer:
        source = str(said.get("input_file_id", ""))
        if source not in self.files:
            return errors.missing("File", source)
        if self.described[source]["status"] != "processed":
            return errors.invalid("The input file is still being processed.", code="invalidFileStatus")
        if said.get("completion_window") != "24h":
            return errors.invalid("Invalid value for 'completion_window'", param="completion_window")
        identifier, now = f"batch_{len(self.batches):012d}", int(time.time())
        lines, faults = _lines(self.files[source])
        body: Json = dict.fromkeys((*_STAMPS.values(), "errors", "output_file_id", "error_file_id"))
        body |= {"id": identifier, "object": "batch", "endpoint": said.get("endpoint"), "input_file_id": source}
        body |= {"completion_window": "24h", "status": self.rules.steps[0], "created_at": now, "expires_at": now + _DAY}
        body |= {"metadata": said.get("metadata"), "request_counts": {"total": 0, "completed": 0, "failed": 0}}
        batch = Batch(body, lines, tokens=sum(_tokens(one) for one in lines))
        enqueued = sum(one.tokens for one in self.batches.values() if one.body["status"] not in _ENDED)
        if self.rules.enqueued_tokens is not None and enqueued + batch.tokens > self.rules.enqueued_tokens:
            said_so = "Enqueued token limit reached for this model. Please try again once some batches have completed."
            faults = [{"code": "token_limit_exceeded", "message": said_so, "param": None, "line": None}]
        if faults:
            body["errors"] = {"object": "list", "data": faults}
        self.batches[identifier] = batch
        return json_answer(body)

    def _list(self, request: HttpRequest) -> HttpAnswer:
        found = [one.body for one in reversed(self.batches.values())]
        after, limit = request.query.get("after", [""])[0], int(request.query.get("limit", ["20"])[0])
        if after:
            found = found[[one["id"] for one in found].index(after) + 1 :]
        shown = found[:limit]
        ends = (
            {"first_id": shown[0]["id"], "last_id": shown[-1]["id"]} if shown else {"first_id": None, "last_id": None}
        )
        return json_answer({"object": "list", "data": shown, **ends, "has_more": len(found) > limit})

    def _look(self, identifier: str) -> Json:
        """Go one step on, and show it."""
        batch = self.batches[identifier]
        status = batch.body["status"]
        if status == "cancelling":
            self._finish(batch, "cancelled", self.rules.done_share)
        elif status not in _ENDED:
            batch.step = min(batch.step + 1, len(self.rules.steps) - 1)
            following = "failed" if batch.body["errors"] else self.rules.steps[batch.step]
            if following in {"completed", "expired"}:
                self._finish(batch, following, 1.0 if following == "completed" else self.rules.done_share)
            else:
                self._enter(batch, following)
                counts = batch.body["request_counts"]
                counts["total"] = 0 if following == "failed" else len(batch.lines)
        return batch.body

    def _cancel(self, identifier: str) -> HttpAnswer:
        batch = self.batches[identifier]
        if batch.body["status"] in _ENDED:
            return errors.invalid(f"Cannot cancel a batch with status '{batch.body['status']}'.", status=409)
        self._enter(batch, "cancelling")
        return json_answer(batch.body)

    def _enter(self, batch: Batch, status: str) -> None:
        batch.body["status"] = status
        if status in _STAMPS:
            batch.body[_STAMPS[status]] = int(time.time())

    def _finish(self, batch: Batch, status: str, share: float) -> None:
        """Work on the lines, and write both files."""
        worked = int(len(batch.lines) * share)
        for number, line in enumerate(batch.lines):
            if number < worked:
                self._work(batch, line, number)
            else:
                code = "batch_expired" if status == "expired" else "batch_cancelled"
                said = {"code": code, "message": "This request could not be executed before the batch ended."}
                batch.errors.append(_result(line, number, None, said))
        self._enter(batch, status)
        batch.body["request_counts"] = {
            "total": len(batch.lines), "completed": len(batch.output), "failed": len(batch.errors)
        }  # fmt: skip
        for name, results in (("output_file_id", batch.output), ("error_file_id", batch.errors)):
            if results:
                content = "".join(json.dumps(one) + "\n" for one in reversed(results)).encode()
                batch.body[name] = self._keep(f"{batch.body['id']}_{name}.jsonl", content, "batch_output")["id"]

    def _work(self, batch: Batch, line: Json, number: int) -> None:
        """One line, as a caller who waits would be answered."""
        body: Json = line["body"]
        tokens = prompt_tokens(body)
        outcome = self.mind.outcome(body, tokens)
        if outcome.verdict == "reply":
            self.billed_lines.append((str(line["custom_id"]), tokens))
            reply = completion_body(self.mind.model.name, outcome, tokens, number)
            response = {"status_code": 200, "request_id": f"req-{number}", "body": reply}
            batch.output.append(_result(line, number, response, None))
            return
        answer = self._trouble(outcome, tokens, body)
        response = {"status_code": answer.status, "request_id": f"req-{number}", "body": json.loads(answer.content)}
        batch.errors.append(_result(line, number, response, None))

    def _trouble(self, outcome: Outcome, tokens: int, body: Json) -> HttpAnswer:
        dialect = errors.Dialect(azure=True, model=self.mind.model.name)
        if outcome.verdict == "too long":
            return errors.too_long(self.mind.model.context_window, tokens, reserved_tokens(body))
        if outcome.verdict == "refused":
            return errors.filtered(dialect)
        if outcome.fault is Fault.RATE_LIMITED:
            return errors.rate_limited(dialect, "tokens", 1, tokens, 1.0, ())
        return errors.failed(dialect, 503 if outcome.fault is Fault.UNAVAILABLE else 500)


def _result(line: Json, number: int, response: Json | None, error: Json | None) -> Json:
    return {"id": f"batch_req_{number:08d}", "custom_id": line["custom_id"], "response": response, "error": error}


def _tokens(line: Json) -> int:
    return prompt_tokens(line["body"]) + reserved_tokens(line["body"])


def _lines(content: bytes) -> tuple[list[Json], list[Json]]:
    """Lines of an input file, and what is wrong with it."""
    lines: list[Json] = []
    faults: list[Json] = []
    seen: set[str] = set()

    def fault(code: str, message: str, number: int | None = None) -> None:
        faults.append({"code": code, "message": message, "param": None, "line": number})

    for number, text in enumerate(content.splitlines(), start=1):
        try:
            line = cast("Json", json.loads(text))
            identifier, _ = str(line["custom_id"]), line["body"]["messages"]
        except (ValueError, LookupError, TypeError):
            fault("invalid_json_line", "This line is not parseable as valid JSON.", number)
            continue
        if identifier in seen:
            fault("duplicate_custom_id", "The custom_id for this request is a duplicate of another request.", number)
        if line.get("method") != "POST" or not str(line.get("url", "")).endswith("/chat/completions"):
            fault("invalid_url", "The url of this line does not match the batch's endpoint.", number)
        seen.add(identifier)
        lines.append(line)
    if not lines and not faults:
        fault("empty_file", "The input file is empty.")
    return lines, faults


def _form(request: HttpRequest) -> dict[str, tuple[str, bytes]]:
    """Parts of `multipart/form-data` by name: file name and content."""
    head = f"Content-Type: {request.headers.get('content-type', '')}\r\n\r\n".encode()
    message = BytesParser(policy=HTTP).parsebytes(head + request.content)
    parts: dict[str, tuple[str, bytes]] = {}
    for part in cast("Iterator[EmailMessage]", message.iter_parts()) if message.is_multipart() else ():
        name = str(part.get_param("name", "", header="content-disposition"))
        parts[name] = (part.get_filename() or "", cast("bytes", part.get_payload(decode=True)))
    return parts
