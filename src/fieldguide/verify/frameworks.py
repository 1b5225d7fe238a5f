"""Commands that a framework brings to the project that depends on it.

Comes in: the words of a command and the names of the project's dependencies.
Goes out: yes or no.
Must never: know a command of the project's own, which the code itself declares.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

_DJANGO: Final = frozenset(
    [
        "changepassword",
        "check",
        "clearsessions",
        "collectstatic",
        "compilemessages",
        "createcachetable",
        "createsuperuser",
        "dbshell",
        "diffsettings",
        "dumpdata",
        "flush",
        "inspectdb",
        "loaddata",
        "makemessages",
        "makemigrations",
        "migrate",
        "runserver",
        "sendtestemail",
        "shell",
        "showmigrations",
        "sqlmigrate",
        "startapp",
        "test",
    ]
)
_MIGRATE: Final = frozenset(
    [
        "branches",
        "check",
        "current",
        "downgrade",
        "edit",
        "heads",
        "history",
        "init",
        "merge",
        "migrate",
        "revision",
        "show",
        "stamp",
        "upgrade",
    ]
)
COMMANDS: Final[tuple[tuple[tuple[str, ...], str, frozenset[str]], ...]] = (
    (("python", "manage.py"), "django", _DJANGO),
    (("./manage.py",), "django", _DJANGO),
    (("django-admin",), "django", _DJANGO | {"startproject"}),
    (("flask",), "flask", frozenset({"run", "shell", "routes"})),
    (("flask", "db"), "flask-migrate", _MIGRATE),
    (("alembic",), "alembic", _MIGRATE - {"migrate"}),
    (("celery",), "celery", frozenset()),
    (("uvicorn",), "uvicorn", frozenset()),
    (("gunicorn",), "gunicorn", frozenset()),
)
"""What is typed first, the distribution that brings it, and the commands that it takes, from their documentation."""


def programs(dependencies: Collection[str]) -> frozenset[str]:
    """First words of the commands that these distributions bring; Python itself is none."""
    return frozenset(words[0] for words, distribution, _ in COMMANDS if distribution in dependencies) - {
        "python",
        "python3",
    }


def brought(words: Sequence[str], dependencies: Collection[str]) -> bool:
    """Tell whether a framework brings this command. Flags are not known here, so a command with one does not hold."""
    if any(word.startswith("-") for word in words):
        return False
    for first, distribution, commands in COMMANDS:
        if distribution in dependencies and tuple(words[: len(first)]) == first:
            rest = words[len(first) :]
            if not rest or rest[0] in commands:
                return True
    return False
