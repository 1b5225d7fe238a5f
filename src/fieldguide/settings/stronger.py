"""The model that mends what the first could not.

Comes in: `Values`, the choice of the first model. Goes out: the choice of the stronger one, or faults.
Must never: choose another provider, address or key than the first model's: what may be read there was settled once.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from fieldguide.domain.model import ModelChoice, Provider
from fieldguide.settings.provider import OF_LANGCHAIN
from fieldguide.settings.quoting import quoted
from fieldguide.settings.values import Fault, Values

if TYPE_CHECKING:
    from fieldguide.settings.provider import Origin


def stronger_faults(values: Values, origin: Origin, model: ModelChoice | None) -> tuple[Fault, ...]:
    """Say what does not hold of `--stronger-model` beside the first model; nothing without one."""
    name, deployment = values.stronger_model, values.stronger_deployment
    if model is None or not (name or deployment):
        return ()
    by = origin("stronger_model") or origin("stronger_deployment")
    if model.provider is not Provider.AZURE and deployment:
        fact = f"`{origin('stronger_deployment')}` names a deployment, but the model is not Azure's"
        return (Fault(fact, "name the model with `--stronger-model`"),)
    if model.provider is Provider.AZURE and not deployment:
        fact = f"`{by}` asks for {quoted(name)}, but on Azure a model is reached by its deployment"
        return (Fault(fact, "name it with `--stronger-deployment`"),)
    if model.provider is Provider.LANGCHAIN and not OF_LANGCHAIN.fullmatch(name or ""):
        fact = f"`{by}` is {quoted(name)}, but LangChain takes `provider:model`"
        return (Fault(fact, "give for example `--stronger-model anthropic:claude-opus-4-5`"),)
    if (deployment or name) == model.model:
        return (Fault(f"`{by}` names the first model itself", "name a stronger one, or take it out"),)
    return ()


def stronger_choice(values: Values, model: ModelChoice | None) -> ModelChoice | None:
    """The first model's choice with the stronger one's names; `None` where none is wanted."""
    name = values.stronger_deployment or values.stronger_model
    if model is None or not name:
        return None
    by_deployment = model.provider is Provider.AZURE
    # A window that the user gives is the first model's.
    return replace(model, model=name, family=values.stronger_model or "" if by_deployment else "", context_window=None)
