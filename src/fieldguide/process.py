"""What this process forbids itself before it reads code or holds a key, and what it gives back when it is done.

Comes in: nothing. Goes out: limits of the process, which its children inherit; memory.
Must never: fail a run because the system does not know a limit, or has another allocator.
"""

from __future__ import annotations

from contextlib import suppress


def forbid_core_dumps() -> None:
    """Leave no image of this process's memory on the disk when it crashes: code and keys are in it as plain text.

    A collector that the kernel pipes images to (`systemd-coredump`) gets them all the same; it is told of the limit
    and keeps none.
    """
    try:
        import resource  # noqa: PLC0415  # it exists on POSIX alone
    except ImportError:
        return
    _, most = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (0, most))


def give_back_memory() -> None:
    """Give memory back to the system that was freed: glibc keeps it, and what follows a large analysis needs less."""
    import ctypes  # noqa: PLC0415  wanted after a large analysis alone

    with suppress(OSError, AttributeError, TypeError):  # musl, macOS and Windows have no such function
        ctypes.CDLL(None).malloc_trim(0)
