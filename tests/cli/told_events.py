"""What a run tells while it works, for tests of what is shown of it. A program of a test loads it, and nothing more."""

from __future__ import annotations

from fieldguide.domain.report import Note, Progress, Spending

EVENTS = (
    Progress("reading files", 0, 0),
    Progress("reading files", 100, 0),
    Note("prose by `m`"),
    Note("a \x1b[31mhostile\nname", warning=True),
    Progress("analysing code", 1, 2_818),
    Progress("analysing code", 2_818, 2_818),
)

FAR = 4_102_444_800.0
"""A minute of the year 2100, in seconds since the epoch."""
ASKING = (
    Progress("asking m", 0, 9, "notes"),
    Spending(planned=31),
    Spending(
        done=8, planned=31, in_flight=4, input_tokens=60_123, output_tokens=4_000, cost=0.16, waiting_until=FAR,
        seconds_left=170.0, planned_input_tokens=131_300, planned_output_tokens=9_000, planned_cost=0.42, from_store=3,
        kept=5,
    ),
    Progress("asking m", 5, 9, "notes"),
)  # fmt: skip
