"""A provider of chat models on loopback that speaks the REST protocols of Azure OpenAI and of OpenAI.

It checks what the real ones check (path, `api-version`, key, parameters), answers with their bodies, error bodies
included, and records what it got. Replies and faults are scripted, one a request; without a script it answers `reply`.

Protocol and error bodies: Azure OpenAI's REST reference (chat completions, data plane) and OpenAI's API reference.
"""

from __future__ import annotations

import json
import re
import socket
import struct
import threading
from collections.abc import Callable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs, urlsplit

if TYPE_CHECKING:
    from collections.abc import Generator

KEY: Final = "loopback-0123456789abcdef0123456789abcdef"
DEPLOYMENT: Final = "prose-deployment"
STRONGER_DEPLOYMENT: Final = "careful-deployment"
MODEL: Final = "gpt-4o-2024-08-06"
API_VERSIONS: Final = ("2024-02-01", "2024-06-01", "2024-10-21", "2025-01-01-preview")
_DEPLOYMENT_PATH: Final = re.compile(r"/openai/deployments/([^/]+)/chat/completions")
_BEARER_PATHS: Final = ("/openai/v1/chat/completions", "/v1/chat/completions")

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Received:
    """One request as it came in."""

    method: str
    path: str
    query: Mapping[str, list[str]]
    headers: Mapping[str, str]
    """Names in lower case."""
    body: Json

    @property
    def messages(self) -> list[tuple[str, str]]:
        """Role and content of every message."""
        return [(one["role"], one["content"]) for one in self.body["messages"]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What to send back. `body` is sent as JSON, `raw` as it is."""

    status: int = 200
    body: Json | None = None
    raw: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    delay: float = 0.0
    """Seconds before it is sent."""
    echo: bool = False
    """The request's text and key are put into an error's message, as careless servers do."""
    cut: int | None = None
    """The connection is closed after so many bytes of the body; reset before the first header when it is negative."""


def completion(text: str | None, *, finish: str = "stop", usage: tuple[int, int] = (1200, 340)) -> Answer:
    """Answer with a chat completion."""
    choice = {"index": 0, "finish_reason": finish, "logprobs": None, "message": {"role": "assistant", "content": text}}
    body: Json = {
        "id": "chatcmpl-loopback",
        "object": "chat.completion",
        "created": 1_700_000_000,
        "model": MODEL,
        "choices": [choice],
        "usage": {"prompt_tokens": usage[0], "completion_tokens": usage[1], "total_tokens": sum(usage)},
    }
    return Answer(body=body)


def error(status: int, message: str, *, code: str | None = None, param: str | None = None, **more: object) -> Answer:
    """Answer with an error body as OpenAI and Azure share it; `more` goes into it."""
    body = {"message": message, "type": "invalid_request_error", "param": param, "code": code, **more}
    return Answer(status, {"error": body})


@dataclass(slots=True)
class LoopbackProvider:
    """A running server. Scripted answers are given in their order, then `reply` for good."""

    address: str
    """`http://127.0.0.1:PORT`, without a path."""
    reply: str = "## tagline\nDoes one thing.\n\n## end\n"
    script: list[Answer] = field(default_factory=list[Answer])
    received: list[Received] = field(default_factory=list[Received])
    refused_parameters: frozenset[str] = frozenset()
    """Names that are answered with `unsupported_parameter`, as reasoning models and old versions do."""
    key: str = KEY
    """The key that is right; empty when none is asked for."""
    anything: Answer | None = None
    """Answers every request, whatever it asks for."""
    ended: threading.Event = field(default_factory=threading.Event)
    """Nobody waits for an answer any more: those that are delayed end."""
    on_body: Callable[[bytes], None] | None = None
    """Called with the bytes of every body as they came in."""

    def answer(self, received: Received) -> Answer:
        """Decide on an answer as the real service does: path, version, key, then content."""
        if self.anything is not None:
            return self.anything
        refusal = self._refusal(received)
        if refusal is not None:
            return refusal
        for name in sorted(self.refused_parameters & received.body.keys()):
            message = f"Unsupported parameter: '{name}' is not supported with this model."
            return error(400, message, code="unsupported_parameter", param=name)
        answer = self.script.pop(0) if self.script else completion(self.reply)
        if answer.echo:
            said = f"cannot take {received.messages} with {dict(received.headers)}"
            return replace(answer, body={"error": {"message": said, "type": "invalid_request_error", "code": "echo"}})
        return answer

    def _refusal(self, received: Received) -> Answer | None:
        deployment = _DEPLOYMENT_PATH.fullmatch(received.path)
        bearer = received.headers.get("authorization", "").removeprefix("Bearer ")
        if deployment:
            version = received.query.get("api-version", [""])[0]
            if version not in API_VERSIONS:
                return Answer(400, {"error": {"code": "BadRequest", "message": "API version not supported"}})
            if self.key not in {"", received.headers.get("api-key", ""), bearer}:
                return WRONG_AZURE_KEY
            return None if deployment[1] in {DEPLOYMENT, STRONGER_DEPLOYMENT} else NO_DEPLOYMENT
        if received.path not in _BEARER_PATHS:
            return Answer(404, {"error": {"code": "404", "message": "Resource not found"}})
        if self.key and bearer != self.key:
            shown = f"{bearer[:8]}{'*' * 20}{bearer[-4:]}"
            return error(401, f"Incorrect API key provided: {shown}.", code="invalid_api_key")
        return None


WRONG_AZURE_KEY: Final = Answer(
    401,
    {
        "error": {
            "code": "401",
            "message": "Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide a "
            "valid key for an active subscription and use a correct regional API endpoint for your resource.",
        }
    },
)
NO_DEPLOYMENT: Final = Answer(
    404,
    {
        "error": {
            "code": "DeploymentNotFound",
            "message": "The API deployment for this resource does not exist. If you created the deployment within the "
            "last 5 minutes, please wait a moment and try again.",
        }
    },
)


@contextmanager
def running_provider() -> Generator[LoopbackProvider]:
    """Serve on a free port of 127.0.0.1 until the context ends."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    provider = LoopbackProvider(f"http://127.0.0.1:{server.server_address[1]}")
    server.RequestHandlerClass = type("Handler", (_Handler,), {"provider": provider})
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        provider.ended.set()
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    """Speaks HTTP/1.1 for `provider`."""

    protocol_version = "HTTP/1.1"
    provider: LoopbackProvider

    def do_POST(self) -> None:
        """Record the request and answer it."""
        content = self.rfile.read(int(self.headers.get("content-length", "0")))
        if self.provider.on_body is not None:
            self.provider.on_body(content)
        parts = urlsplit(self.path)
        received = Received(
            self.command,
            parts.path,
            parse_qs(parts.query),
            {name.lower(): value for name, value in self.headers.items()},
            json.loads(content) if content.startswith(b"{") else {},
        )
        self.provider.received.append(received)
        self._send(self.provider.answer(received))

    def do_GET(self) -> None:
        """Record it; nothing that is asked of a model is a GET."""
        self.do_POST()

    def _send(self, answer: Answer) -> None:
        self.provider.ended.wait(answer.delay)
        if answer.cut is not None and answer.cut < 0:
            # Closing with this option set sends a reset in place of an end.
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.close_connection = True
            self.connection.close()
            return
        content = json.dumps(answer.body).encode() if answer.body is not None else answer.raw
        headers = dict(answer.headers)
        headers.setdefault("Content-Type", "application/json" if answer.body is not None else "text/html")
        try:
            self.send_response(answer.status)
            for name, value in {**headers, "Content-Length": str(len(content))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content[: answer.cut])
            self.close_connection = self.close_connection or answer.cut is not None
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True  # the client did not wait for it

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  (the name is http.server's)
        """Keep quiet."""
