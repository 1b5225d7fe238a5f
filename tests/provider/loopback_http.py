"""HTTP/1.1 on loopback, in a thread with an event loop of its own: hundreds of requests a second on a share of a core.

Comes in: a coroutine that turns a `HttpRequest` into a `HttpAnswer`. Goes out: a running server.
Must never: know what is asked. Protocol: RFC 9112.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import struct
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs, urlsplit

if TYPE_CHECKING:
    from collections.abc import Generator

_LONGEST_HEAD: Final = 1 << 20
_JSON: Final = "application/json"


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """A request as it came in."""

    method: str
    path: str
    query: Mapping[str, list[str]]
    headers: Mapping[str, str]
    """Names in lower case."""
    content: bytes
    gone: Callable[[], bool]
    """Whether the client has hung up."""


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """What is sent back."""

    status: int = 200
    content: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    kind: str = _JSON
    parts: AsyncIterator[bytes] | None = None
    """Sent as they come, in place of `content`, until the connection ends."""
    reset: bool = False
    """Nothing is sent, and the connection is reset."""
    cut: int | None = None
    """The connection ends after so many bytes of the content, whose whole length was announced."""
    sent: Callable[[bool], None] = lambda _: None
    """Called when it was handed over, or could not be."""


Handler = Callable[[HttpRequest], Awaitable[HttpAnswer]]


def json_answer(body: Any, status: int = 200, headers: tuple[tuple[str, str], ...] = ()) -> HttpAnswer:  # noqa: ANN401
    """Answer with a JSON body."""
    return HttpAnswer(status, json.dumps(body).encode(), headers)


@contextmanager
def serving(handler: Handler, port: int = 0) -> Generator[str]:
    """Serve on 127.0.0.1 until the context ends; the address, `http://127.0.0.1:PORT`."""
    started: threading.Event = threading.Event()
    state: dict[str, Any] = {}

    async def run() -> None:
        tasks: set[asyncio.Task[None]] = set()

        async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            assert task is not None
            tasks.add(task)
            try:
                await _Connection(reader, writer, handler).serve()
            finally:
                tasks.discard(task)

        state["loop"], state["stop"] = asyncio.get_running_loop(), asyncio.Event()
        server = await asyncio.start_server(connected, "127.0.0.1", port, limit=_LONGEST_HEAD, backlog=1024)
        state["port"] = server.sockets[0].getsockname()[1]
        started.set()
        await state["stop"].wait()
        server.close()
        for task in list(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.sleep(0)  # transports that were aborted close in the next round

    thread = threading.Thread(target=asyncio.run, args=(run(),), daemon=True)
    thread.start()
    if not started.wait(120):
        message = "the server did not start"
        raise RuntimeError(message)
    try:
        yield f"http://127.0.0.1:{state['port']}"
    finally:
        state["loop"].call_soon_threadsafe(state["stop"].set)
        thread.join(120)


class _Connection:
    """One connection, whose requests are answered one after the other."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, handler: Handler) -> None:
        self._reader = reader
        self._writer = writer
        self._handler = handler

    async def serve(self) -> None:
        """Answer until one side has enough."""
        try:
            while (request := await self._read()) is not None:
                if not await self._send(await self._handler(request)):
                    return
        except (ConnectionError, asyncio.IncompleteReadError):
            return  # the client hung up
        except asyncio.CancelledError:
            self._writer.transport.abort()
        finally:
            self._writer.close()
            with contextlib.suppress(ConnectionError, asyncio.CancelledError):
                await self._writer.wait_closed()

    async def _read(self) -> HttpRequest | None:
        try:
            head = await self._reader.readuntil(b"\r\n\r\n")
        except asyncio.IncompleteReadError as error:
            if not error.partial:
                return None
            raise
        first, *lines = head.decode("latin-1").split("\r\n")
        method, target, _ = first.split(" ", 2)
        pairs = (line.partition(":") for line in lines if line)
        headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
        if headers.get("transfer-encoding", "").lower() == "chunked":
            content = await self._chunks()
        else:
            content = await self._reader.readexactly(int(headers.get("content-length", "0")))
        parts = urlsplit(target)
        return HttpRequest(method, parts.path, parse_qs(parts.query), headers, content, self._gone)

    async def _chunks(self) -> bytes:
        chunks: list[bytes] = []
        while size := int((await self._reader.readline()).split(b";")[0], 16):
            chunks.append(await self._reader.readexactly(size))
            await self._reader.readline()
        while (await self._reader.readline()).strip():
            pass
        return b"".join(chunks)

    def _gone(self) -> bool:
        return self._reader.at_eof() or self._reader.exception() is not None or self._writer.is_closing()

    async def _send(self, answer: HttpAnswer) -> bool:
        """Send an answer; whether the connection goes on."""
        if answer.reset:
            transport = self._writer.transport
            raw: socket.socket = transport.get_extra_info("socket")
            # Closing with this option set sends a reset in place of an end.
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            transport.abort()
            answer.sent(False)  # noqa: FBT003  (the one thing that it is told)
            return False
        try:
            await self._write(answer)
        except ConnectionError:
            answer.sent(False)  # noqa: FBT003
            return False
        answer.sent(not self._gone())
        return answer.parts is None and answer.cut is None

    async def _write(self, answer: HttpAnswer) -> None:
        headers = [("Content-Type", answer.kind), *answer.headers]
        if answer.parts is None:
            headers.append(("Content-Length", str(len(answer.content))))
        else:
            headers.append(("Connection", "close"))
        status = HTTPStatus(answer.status)
        head = f"HTTP/1.1 {status.value} {status.phrase}\r\n" + "".join(f"{n}: {v}\r\n" for n, v in headers) + "\r\n"
        self._writer.write(head.encode("latin-1") + answer.content[: answer.cut])
        await self._writer.drain()
        if answer.parts is not None:
            async for part in answer.parts:
                self._writer.write(part)
                await self._writer.drain()
