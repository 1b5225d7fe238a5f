"""Commands that no file declares, but that its files and dependencies bring: tests that run themselves, migrations.

Comes in: the facts of all files, the paths of the others, the manifests. Goes out: `Command`s of kind TASK.
Must never: name a command whose program the project does not declare.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from fieldguide.domain.project import Command, CommandKind
from fieldguide.domain.source import Role, Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fieldguide.domain.codebase import FileFacts
    from fieldguide.domain.project import Manifest

_SUITES = frozenset({"tests.py", "test.py", "runtests.py", "run_tests.py"})


def conventional_commands(
    files: Sequence[FileFacts], others: Sequence[str], manifests: Sequence[Manifest]
) -> list[Command]:
    """Return the tests at the root that run when their file is run, and what applies the migrations.

    Sources: `unittest.main` of the standard library; the command lines of Flask-Migrate and of Alembic.
    """
    paths = {*(one.source.path for one in files), *others}
    declared = {one.name for each in manifests for one in each.dependencies}
    return [*_suites(files), *_migrations(paths, declared)]


def _suites(files: Sequence[FileFacts]) -> Iterator[Command]:
    for one in files:
        path, module = one.source.path, one.module
        guard = module.main_guard if module is not None and one.source.role is Role.TEST else None
        if path in _SUITES and guard is not None and any(each.module == "unittest" for each in one.imports):
            name = posixpath.splitext(path)[0]
            span = Span(path, guard, guard)
            yield Command(name, CommandKind.TASK, f"python {path}", span, "Run the unit tests.")


def _migrations(paths: set[str], declared: set[str]) -> Iterator[Command]:
    if "flask-migrate" in declared and "migrations/env.py" in paths:
        span = Span("migrations/env.py", 1, 1)
        about = "Apply the database migrations in `migrations/`."
        yield Command("flask db upgrade", CommandKind.TASK, "flask db upgrade", span, about)
    elif "alembic" in declared and "alembic.ini" in paths:
        span = Span("alembic.ini", 1, 1)
        yield Command(
            "alembic upgrade head", CommandKind.TASK, "alembic upgrade head", span, "Apply the database migrations."
        )
