"""How properties are tried: the same examples in every run, whatever the machine, its load and the order of tests.

A gate that draws new examples at each run fails one day over what nobody changed. To look for new ones:
`pytest --hypothesis-profile=explore`, with `--hypothesis-seed` or without.
"""

from __future__ import annotations

from hypothesis import HealthCheck, settings
from hypothesis.internal.conjecture import providers
from hypothesis.internal.constants_ast import Constants

_PROFILE = settings(
    derandomize=True,
    database=None,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.register_profile("repeatable", _PROFILE)
settings.register_profile("explore", _PROFILE, derandomize=False)
settings.load_profile("repeatable")

_found_in_modules = providers._get_local_constants  # pyright: ignore[reportPrivateUsage]
_NONE = Constants()


def _constants() -> Constants:
    """Literals of the project's own modules, which examples are made of; those imported so far depend on the order."""
    return _NONE if settings().derandomize else _found_in_modules()


providers._get_local_constants = _constants  # pyright: ignore[reportPrivateUsage]
