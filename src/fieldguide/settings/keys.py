"""A key that is not said but fetched.

Comes in: what `--key-from` says, and layers. Goes out: a layer that stands for the key while everything else is
settled, and then the key itself.
Must never: fetch a key before every other setting holds, or one that the run does not need; show it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from pydantic import SecretStr

from fieldguide.settings.values import Fault, Layer, Values, validate

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fieldguide.domain.model import ModelChoice
    from fieldguide.settings.vaults import VaultSource

_FIELD = "api_key"
_STANDS_FOR = SecretStr("a-key-that-is-not-fetched-yet")


class KeySource(NamedTuple):
    """Where the key is, and what stands for it until it is fetched."""

    vault: VaultSource | None = None
    layer: tuple[Layer, ...] = ()
    """The strongest: none or one."""
    faults: tuple[Fault, ...] = ()


def key_source(values: Values, origin: Callable[[str], str]) -> KeySource:
    """Read `--key-from`; nothing is fetched."""
    if values.key_from is None:
        return KeySource()
    # Imported here: few runs have a vault.
    from fieldguide.settings.vaults import open_vault, vault_reference  # noqa: PLC0415

    by = origin("key_from")
    reference = vault_reference(values.key_from)
    if reference is None:
        # What it says is not shown: it may be the key itself.
        fact = f"`{by}` names no secret of a vault"
        forms = "`keyring:SERVICE/USER`, `aws-secrets-manager:ID[#FIELD]` or `azure-key-vault:https://VAULT/SECRET`"
        return KeySource(faults=(Fault(fact, f"give {forms}"),))
    vault = open_vault(reference, by)
    return KeySource(vault, (Layer({_FIELD: _STANDS_FOR}, {_FIELD: f"{by} ({vault.vault})"}),))


def with_key(
    model: ModelChoice | None, source: KeySource, layers: Sequence[Layer], *, wanted: bool
) -> ModelChoice | None:
    """Return the choice with the key in the place of what stands for it.

    Args:
        model: The choice that was made while the key was not known.
        source: Where the key is.
        layers: Of all other settings.
        wanted: The key will be used in this run; else the choice has none.

    Raises:
        ConfigurationError: The key cannot be had.
    """
    if model is None or source.vault is None or model.key is not _STANDS_FOR:
        return model
    if not wanted:
        return replace(model, key=None)
    values, _ = validate(layers, first=(source.vault,))
    return replace(model, key=values.api_key)
