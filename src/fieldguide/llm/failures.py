"""Says what a server refused, and why, in words that a person can act on.

Comes in: a refusal, and the choice that the call was made with. Goes out: a `Failure`.
Must never: quote a key, a prompt, or more than a line of what a server said.

The rules are data, tried in order. Error bodies: the REST reference of Azure OpenAI and of OpenAI, and those of
llama.cpp and vLLM, which differ.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fieldguide.domain.model import ModelChoice, Provider
from fieldguide.domain.request import Failure
from fieldguide.domain.trouble import Trouble
from fieldguide.llm.provider import address_of, host_of

if TYPE_CHECKING:
    from fieldguide.llm.refusal import Refusal

_SAID_CHARACTERS: Final = 160
_KEYLIKE: Final = re.compile(r"\b(?:sk|key|pk|gsk|hf|xai)[-_][\w*.-]{6,}|\b[A-Za-z0-9*]{28,}\b")
_KEY_VARIABLES: Final = {Provider.AZURE: "AZURE_OPENAI_API_KEY", Provider.OPENAI: "OPENAI_API_KEY"}
_TOKENS: Final = re.compile(r"(?<![\w.-])(\d[\d,]{2,})(?=\s*\(?tokens)", re.IGNORECASE)
_CLIENT_ERROR: Final = 400
_SERVER_ERROR: Final = 500
_PASSING: Final = frozenset({Trouble.RATE_LIMITED, Trouble.UNAVAILABLE, Trouble.GARBLED})
OVERSIZE_HINT: Final = (
    "reserve less for the reply with `--max-output-tokens`, or have the limit of tokens a minute raised"
)


@dataclass(frozen=True, slots=True)
class _Rule:
    """A refusal that this fits is told with this fact and this hint."""

    trouble: Trouble
    fact: str
    hint: str
    statuses: tuple[int, ...] = ()
    codes: tuple[str, ...] = ()
    says: str = ""
    providers: tuple[Provider, ...] = ()

    def fits(self, refusal: Refusal, choice: ModelChoice) -> bool:
        """Every condition that the rule has holds; codes and words are alternatives of each other."""
        if self.statuses and refusal.status not in self.statuses:
            return False
        if self.providers and choice.provider not in self.providers:
            return False
        if not self.codes and not self.says:
            return True
        return refusal.code in self.codes or bool(self.says and re.search(self.says, refusal.message, re.IGNORECASE))


_AZURE: Final = (Provider.AZURE,)

_RULES: Final = (
    _Rule(
        Trouble.REFUSED,
        "`{host}` refused the {credential}",
        "{credential_hint}",
        statuses=(401,),
    ),
    _Rule(
        Trouble.REFUSED,
        "`{host}` does not support the API version `{version}`",
        "set `OPENAI_API_VERSION` or `--api-version` to one that it does, such as `2024-10-21`",
        statuses=(400, 404, 410),
        says=r"api[- _]?version",
    ),
    _Rule(
        Trouble.REFUSED,
        "`{host}` has no deployment named `{model}`",
        "name the deployment, not its model, with `AZURE_OPENAI_DEPLOYMENT` or `--deployment`",
        statuses=(404,),
        codes=("DeploymentNotFound",),
        says=r"deployment\b.*does not exist",
    ),
    _Rule(
        Trouble.REFUSED,
        "`{host}` does not serve the model `{model}`",
        "name one that it serves with `--model`",
        statuses=(400, 404),
        codes=("model_not_found",),
        says=r"model\b.*(?:does not exist|not found)",
    ),
    _Rule(
        Trouble.REFUSED,
        "`{host}` has no such API at `{endpoint}`",
        "give the resource's own address, https://NAME.openai.azure.com, as `AZURE_OPENAI_ENDPOINT`, "
        "and check the API version `{version}`",
        statuses=(404, 405),
        providers=_AZURE,
    ),
    _Rule(
        Trouble.REFUSED,
        "`{host}` has no such API at `{endpoint}`",
        "check the address: it usually ends in `/v1`",
        statuses=(404, 405),
    ),
    _Rule(
        Trouble.TOO_LONG,
        "the request is too long for `{model}`{numbers}",
        "say what it takes with `--context-window`, or choose a model that takes more",
        statuses=(400, 413, 422, _SERVER_ERROR),
        codes=("context_length_exceeded", "exceed_context_size_error"),
        says=r"maximum context length|context (?:size|window)|prompt is too long|input tokens exceed",
    ),
    _Rule(
        Trouble.FILTERED,
        "the content filter of `{host}` refused the request",
        "see what is sent with `fieldguide plan --show-prompts`, and leave the cause out with `--exclude`",
        statuses=(400,),
        codes=("content_filter", "ResponsibleAIPolicyViolation"),
        says=r"content management policy|content filter",
    ),
    _Rule(
        Trouble.REFUSED,
        "`{host}` does not let this {credential} use `{model}`{said}",
        "ask whoever runs the resource for access, or run from a network that it admits",
        statuses=(403,),
    ),
    _Rule(
        Trouble.REFUSED,
        "the account at `{host}` has used up its quota",
        "add credit, or choose another account or model",
        statuses=(402, 429),
        codes=("insufficient_quota", "billing_hard_limit_reached"),
        says=r"exceeded your current quota",
    ),
    _Rule(
        Trouble.OVERSIZE,
        "the request is larger than all that `{host}` allows in a minute",
        OVERSIZE_HINT,
        statuses=(413, 429),
        says=r"request too large|tokens must be reduced",
    ),
    _Rule(
        Trouble.RATE_LIMITED,
        "`{host}` gets more than `{model}` is allowed at a time{wait}",
        "run again later, or have the limit of tokens a minute raised",
        statuses=(429,),
    ),
    _Rule(
        Trouble.REFUSED,
        "`{host}` sends requests on to another address",
        "give the address that serves the model itself",
        statuses=(301, 302, 303, 307, 308),
    ),
    _Rule(
        Trouble.UNAVAILABLE,
        "`{host}` failed with HTTP status {status}{said}",
        "run again later",
        statuses=(408, 409, 425, 500, 502, 503, 504, 529),
    ),
    _Rule(
        Trouble.INVALID,
        "`{host}` refused the request with HTTP status {status}{said}",
        "check the model's settings",
    ),
)


def failure_of(refusal: Refusal, choice: ModelChoice) -> Failure:
    """Tell a refusal by the first rule that it fits; the last one fits every one."""
    rule = next(rule for rule in _RULES if rule.fits(refusal, choice))
    words = _words(refusal, choice)
    trouble = rule.trouble
    if not rule.statuses and refusal.status >= _SERVER_ERROR:
        trouble = Trouble.UNAVAILABLE
    elif not rule.statuses and refusal.status < _CLIENT_ERROR:
        trouble = Trouble.GARBLED
    return Failure(
        rule.fact.format_map(words),
        rule.hint.format_map(words),
        transient=trouble in _PASSING,
        retry_after=refusal.retry_after,
        trouble=trouble,
    )


def unsent(trouble: Trouble, choice: ModelChoice, tokens: int, limit: int | None) -> Failure:
    """Why a request of so many tokens, prompt and reply, was not sent at all."""
    most = f"{limit:,}" if limit is not None else "so many"
    match trouble:
        case Trouble.TOO_LONG:
            fact = f"the request is too long for `{choice.model}`: it takes {most} tokens, {tokens:,} are needed"
            hint = "say what it takes with `--context-window`, or choose a model that takes more"
        case Trouble.OVERSIZE:
            fact = f"the request of {tokens:,} tokens is larger than the quota of {most} tokens a minute"
            hint = OVERSIZE_HINT
        case _:
            fact = f"what is left of the budget does not cover a request of up to {tokens:,} tokens"
            hint = "run again with a higher `--max-cost` or `--max-tokens`: what was paid for is kept"
    return Failure(fact, hint, trouble=trouble)


def window_of(refusal: Refusal) -> int | None:
    """How many tokens the model takes, as a refusal for length tells; `None` where it does not."""
    found = _token_numbers(refusal.message)
    return found[0] if len(found) > 1 else None


def _words(refusal: Refusal, choice: ModelChoice) -> dict[str, str]:
    variable = choice.key_variable or _KEY_VARIABLES.get(choice.provider, "")
    return {
        "host": host_of(choice),
        "endpoint": address_of(choice),
        "model": choice.model,
        "version": choice.api_version or "v1",
        "status": str(refusal.status),
        "said": f": {said}" if (said := _said(refusal.message, choice)) else "",
        "numbers": _numbers(refusal.message),
        "wait": f"; it asks to wait {refusal.retry_after:g} seconds" if refusal.retry_after else "",
        "credential": _credential(choice, variable),
        "credential_hint": _credential_hint(choice, variable),
    }


def _credential(choice: ModelChoice, variable: str) -> str:
    if choice.entra:
        return "sign-in with Entra ID"
    if choice.key is None:
        return "request, which carries no key"
    return f"key in `{variable}`" if variable else "key"


def _credential_hint(choice: ModelChoice, variable: str) -> str:
    if choice.entra:
        return "give your identity the role `Cognitive Services OpenAI User` on the resource"
    if choice.key is None:
        return f"set `{variable or 'OPENAI_API_KEY'}`"
    if choice.provider is Provider.AZURE:
        return "copy a key of this very resource: one of another resource or region is refused too"
    return f"set `{variable}` to a key that is in force" if variable else "use a key that is in force"


def _said(message: str, choice: ModelChoice) -> str:
    """A server's words on one line, without control characters, the key, or anything that looks like one."""
    line = " ".join("".join(c if c.isprintable() else " " for c in message).split())
    if choice.key is not None and (key := choice.key.get_secret_value()):
        line = line.replace(key, "…")
    line = _KEYLIKE.sub("…", line)
    if len(line) > _SAID_CHARACTERS:
        line = line[:_SAID_CHARACTERS].rpartition(" ")[0] + " …"
    return line


def _numbers(message: str) -> str:
    """The two numbers of a message on length, the larger being what was needed."""
    found = _token_numbers(message)
    return f": it takes {found[0]:,} tokens, {found[-1]:,} are needed" if len(found) > 1 else ""


def _token_numbers(message: str) -> list[int]:
    return sorted({int(one.replace(",", "")) for one in _TOKENS.findall(message)})
