"""Where a page really lies, once links are followed, and whether it may be read and written there.

Comes in: the path of a page as the user or the pipeline names it, and the directory that it documents.
Goes out: the path behind all links, of a regular file or of nothing yet.
Must never: follow a link out of the documented directory, or into git's own files; touch what is no regular file.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

from fieldguide.errors import PublishError


def real_location(path: Path, root: Path | None) -> Path:
    """Return where a page that is named `path` lies.

    A page that the user asks for outside `root` (`--output`) is the user's own choice, links and all.

    Args:
        path: The page; it need not exist.
        root: The documented directory, whose links may be a stranger's; `None` where there is none to keep to.

    Raises:
        PublishError: A link leads out of `root` or into `.git`, or what is there is no regular file.
    """
    real = Path(os.path.realpath(path))
    if root is not None and _named_inside(path, root):
        real_root = Path(os.path.realpath(root))
        if not real.is_relative_to(real_root):
            fact = f"`{path}` is a link that leads out of `{root}`"
            raise PublishError(fact, hint="name another file with --output, or put a file in the link's place")
        if ".git" in real.relative_to(real_root).parts:
            fact = f"`{path}` lies among git's own files"
            raise PublishError(fact, hint="name another file with --output")
    return real


def status(real: Path, path: Path) -> os.stat_result | None:
    """Return the status of the file behind `path`, or `None` when there is none yet.

    Raises:
        PublishError: It cannot be looked at, or is a directory, a device, a pipe or a socket.
    """
    try:
        found = real.stat()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise unreachable(path, error) from error
    if stat.S_ISDIR(found.st_mode):
        fact = f"`{path}` is a directory"
        raise PublishError(fact, hint="name a file with --output, for example --output docs/README.md")
    if not stat.S_ISREG(found.st_mode):
        fact = f"`{path}` is not a regular file"
        raise PublishError(fact, hint="name a file with --output, or print with --stdout")
    return found


def unreachable(path: Path, error: OSError) -> PublishError:
    """Return what to say of a page that the system refuses to read or to write."""
    reason = (error.strerror or type(error).__name__).lower()
    return PublishError(
        f"`{path}` cannot be published: {reason}",
        hint="make the file and its directory readable and writable, name another with --output, or use --stdout",
    )


def _named_inside(path: Path, root: Path) -> bool:
    """Whether the name is below the root, however either of them is spelt and whatever the page links to."""
    named = Path(os.path.abspath(path))  # noqa: PTH100 - Path.resolve would follow the links that are asked about
    beside = Path(os.path.realpath(path.parent)) / path.name
    return named.is_relative_to(Path(os.path.abspath(root))) or beside.is_relative_to(os.path.realpath(root))  # noqa: PTH100 - the same
