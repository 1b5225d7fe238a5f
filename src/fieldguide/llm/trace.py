"""Traces a call to LangSmith for a user who asked for it (`--tracing`): the same redacted text, and the reply.

Comes in: a request, and what became of it. Goes out: one run at the address that LangSmith's own variables name.
Must never: trace without being asked; hand over a header, a key, the environment or anything of this machine; go
where calls may not go; change what a call brings.

LangChain's own tracer is not used: it adds the client's settings, headers among them, and facts of the machine.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import logging
import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, cast
from urllib.parse import urlsplit
from uuid import uuid4

from fieldguide.domain.ledger import Arrival, Departure
from fieldguide.llm.destination import check_address
from fieldguide.llm.passage import messages_of

if TYPE_CHECKING:
    from fieldguide.domain.model import ModelChoice
    from fieldguide.domain.request import Reply, Request
    from fieldguide.llm.ledger import Ledger

_ADDRESS: Final = "https://api.smith.langchain.com"
_SECONDS: Final = 20
_LOG: Final = logging.getLogger(__name__)


def trace_address() -> str:
    """Where LangSmith's variables have traces sent."""
    return _variable("ENDPOINT") or _ADDRESS


def _variable(name: str) -> str:
    """One of LangSmith's variables, by its newer or its older name. Its own reading of them is remembered for good."""
    return os.environ.get(f"LANGSMITH_{name}") or os.environ.get(f"LANGCHAIN_{name}") or ""


def check_trace(choice: ModelChoice) -> None:
    """Check where traces would go, before anything is sent.

    Raises:
        ConfigurationError: Calls may not go there.
    """
    if choice.tracing:
        check_address(choice, trace_address(), trace_address())


def trace(request: Request, choice: ModelChoice, outcome: Reply | None, started: datetime, ledger: Ledger) -> None:
    """Send one run to LangSmith. It blocks. A trace that fails is logged, and the ledger says so.

    Raises:
        ConfigurationError: What leaves cannot be recorded.
    """
    inputs = {"messages": messages_of(request)}
    outputs = {"text": outcome.text, "stop_reason": outcome.stop_reason.value} if outcome else None
    payload = json.dumps([inputs, outputs], ensure_ascii=True).encode()
    parts = urlsplit(trace_address())
    host = parts.netloc.rpartition("@")[2]
    digest = hashlib.sha256(payload).hexdigest()
    address = f"{parts.scheme}://{host}{parts.path}"
    number = ledger.departs(
        Departure(host, address, "LangSmith", request.digest, digest, len(payload), request.sources, exact=False)
    )
    said = _send(inputs, outputs, choice.model, started)
    if said:
        _LOG.warning("the call was not traced: %s", said)
    ledger.arrived(number, Arrival(said or "traced"))


def _send(inputs: dict[str, Any], outputs: dict[str, Any] | None, model: str, started: datetime) -> str:
    """Send the run; empty, or the name of what went wrong, for the text of the error may quote the run."""
    langsmith = importlib.import_module("langsmith")  # only where the user asked for it
    requests = importlib.import_module("requests")  # LangSmith's own client
    errors = cast("tuple[type[Exception], ...]", (langsmith.utils.LangSmithError, requests.RequestException, OSError))
    session = requests.Session()
    session.max_redirects = 0  # a redirect would carry the text to a host that nobody named
    try:
        client = langsmith.Client(
            api_url=trace_address(),
            api_key=_variable("API_KEY") or None,
            session=session,
            timeout_ms=_SECONDS * 1000,
            auto_batch_tracing=False,
            omit_traced_runtime_info=True,
            tracing_mode="langsmith",
            hide_metadata=True,
        )
        client.create_run(
            name="fieldguide",
            project_name=_variable("PROJECT") or "default",
            inputs=inputs,
            run_type="llm",
            id=uuid4(),
            outputs=outputs,
            start_time=started,
            end_time=datetime.now(UTC),
            error=None if outputs else "no reply",
            tags=[model],
        )
    except errors as error:
        return type(error).__name__
    finally:
        session.close()
    return ""
