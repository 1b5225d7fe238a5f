"""Everything that a user can set: flags, environment, `.env` and TOML become one frozen `Settings`.

Comes in: `Arguments` (what the command line says), the environment, configuration files. Goes out: `Settings`, or a
`ConfigurationError` that names every fault at once.
Must never: obey configuration of the documented directory in what concerns endpoints, keys, providers, prompts or
files outside of it; show a key; be slow to import, for `--help` imports it (hence names are loaded when asked for).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fieldguide.settings.arguments import Arguments
    from fieldguide.settings.reference import options_markdown
    from fieldguide.settings.resolution import resolve
    from fieldguide.settings.structure import (
        Action,
        CheckSettings,
        OutputSettings,
        RedactionSettings,
        ScanSettings,
        Settings,
        TerminalSettings,
    )

__all__ = [
    "Action",
    "Arguments",
    "CheckSettings",
    "OutputSettings",
    "RedactionSettings",
    "ScanSettings",
    "Settings",
    "TerminalSettings",
    "options_markdown",
    "resolve",
]

_HOMES = {"Arguments": "arguments", "options_markdown": "reference", "resolve": "resolution"}


def __getattr__(name: str) -> object:
    """Load a public name from its module (PEP 562)."""
    if name not in __all__:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    from importlib import import_module  # noqa: PLC0415  # only when a name is asked for

    value: object = getattr(import_module(f"{__name__}.{_HOMES.get(name, 'structure')}"), name)
    return value
