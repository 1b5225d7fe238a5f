"""Join what single files say of their project.

Comes in: the facts of all files, with their modules. Goes out: `JoinedProject`: manifests, commands, licence, name,
summaries, examples. Must never: read a file; take a manifest or a command of a test's sample project for the
project's own.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from packaging.utils import canonicalize_name

from fieldguide.analyse.project.commands.conventions import conventional_commands
from fieldguide.analyse.project.examples.join import join_examples
from fieldguide.analyse.project.licences import canonical_licence, licence_of_classifiers
from fieldguide.analyse.project.manifests.merge import join_manifests
from fieldguide.analyse.project.summaries import join_summaries
from fieldguide.domain.project import Command, CommandKind, Licence, Manifest
from fieldguide.domain.project_facts import JoinedProject
from fieldguide.domain.source import Role, Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fieldguide.domain.codebase import FileFacts

_SAMPLE_FOLDERS = frozenset(
    {"test", "tests", "testing", "testdata", "test_data", "fixtures", "data", "examples", "example", "demo", "demos",
     "samples", "templates", "template", "vendor", "_vendor", "third_party", "benchmarks"}
)  # fmt: skip
_SCRIPT_FOLDERS = frozenset({"scripts", "script", "bin", "tools", "tool", "dev"})
_INSTALLED = (CommandKind.CONSOLE_SCRIPT, CommandKind.MODULE, CommandKind.SCRIPT)


def join_project(files: Sequence[FileFacts], directory_name: str = "", *, others: Sequence[str] = ()) -> JoinedProject:
    """Return what all files say together.

    `directory_name` names a codebase without a distribution; `others` are paths of files that are listed but not read.
    """
    own = [one for one in files if not _is_sample(one.source.path)]
    moved = [one for one in files if _is_sample(one.source.path) and one.manifest is not None and not one.manifest.name]
    manifests = join_manifests(one.manifest for one in [*own, *moved] if one.manifest is not None)
    manifests = tuple(one for one in manifests if not _is_sample(posixpath.join(one.directory, "file")))
    commands = _join_commands(files, own, manifests, others)
    root = manifests[0] if manifests and not manifests[0].directory else None
    return JoinedProject(
        name=_name(root, manifests, directory_name),
        manifests=manifests,
        commands=commands,
        licence=_join_licence(files, manifests),
        summaries=join_summaries(files, others),
        examples=join_examples(files, commands, library=any(is_installed(one) for one in manifests)),
    )


def _name(root: Manifest | None, manifests: Sequence[Manifest], directory_name: str) -> str:
    """Return the name that the root gives itself; a distribution below it names a part, and the directory the whole."""
    if root is not None and root.name:
        return root.name
    named = [one.name for one in manifests if one.name]
    alike = [one for one in named if canonicalize_name(one) == canonicalize_name(directory_name)]
    return alike[0] if alike else directory_name or (named[0] if len(named) == 1 else "")


def is_installed(manifest: Manifest) -> bool:
    """Tell whether a manifest is of a distribution, even one whose name is worked out when it is built."""
    return bool(manifest.name or manifest.build_backend) or posixpath.basename(manifest.path) == "setup.py"


def _is_sample(path: str) -> bool:
    return any(part in _SAMPLE_FOLDERS for part in path.split("/")[:-1])


def _join_licence(files: Sequence[FileFacts], manifests: tuple[Manifest, ...]) -> Licence | None:
    """Return the root's licence: its name as declared, else as its text says; its text where there is one."""
    texts = sorted(
        (one.licence for one in files if one.licence is not None and "/" not in one.source.path),
        key=lambda licence: (not licence.name, len(licence.path), licence.path),
    )
    declared = ""
    for manifest in manifests:
        if not manifest.directory or len(manifests) == 1:
            declared = canonical_licence(manifest.licence) or licence_of_classifiers(manifest.classifiers)
            break
    by_text = texts[0].name if len({text.name for text in texts if text.name}) == 1 else ""
    if not texts and not declared:
        return None
    vague = (
        declared and " " in declared and " OR " not in declared and " AND " not in declared and " WITH " not in declared
    )
    vague = vague or declared in {"BSD", "GPL", "LGPL", "Apache", "AGPL", "Other"}
    name = by_text if vague and by_text else declared or by_text
    return Licence(name, texts[0].path if texts else "")


def _join_commands(
    files: Sequence[FileFacts], own: list[FileFacts], manifests: tuple[Manifest, ...], others: Sequence[str]
) -> tuple[Command, ...]:
    found = [command for one in own for command in one.commands]
    found += _module_commands(own)
    found += _script_commands(own, files, manifests)
    found += conventional_commands(own, others, manifests)
    unique: dict[tuple[str, str, str], Command] = {}
    for command in sorted(found, key=_command_order):
        folder = posixpath.dirname(command.span.path)
        unique.setdefault((command.kind.value, command.invocation, folder), command)
    return tuple(unique.values())


def _command_order(command: Command) -> tuple[int, int, str, int]:
    installed = _INSTALLED.index(command.kind) if command.kind in _INSTALLED else len(_INSTALLED)
    return (
        (command.span.path.count("/"), installed, command.span.path, command.span.first)
        if installed == len(_INSTALLED)
        else (0, installed, command.span.path, command.span.first)
    )


def _module_commands(own: list[FileFacts]) -> list[Command]:
    """Return `python -m package` for every package with a public `__main__`."""
    packages = {one.module.name: one.module for one in own if one.module is not None and one.module.is_package}
    commands: list[Command] = []
    for one in own:
        if one.module is None or one.module.role is not Role.SOURCE or not one.module.name.endswith(".__main__"):
            continue
        package = one.module.name.removesuffix(".__main__")
        if any(part.startswith("_") for part in package.split(".")):
            continue
        about = one.module.docstring.summary or (packages[package].docstring.summary if package in packages else "")
        span = Span(one.source.path, 1, max(1, one.module.lines))
        commands.append(Command(package, CommandKind.MODULE, f"python -m {package}", span, about, target=package))
    return commands


def _script_commands(
    own: list[FileFacts], files: Sequence[FileFacts], manifests: tuple[Manifest, ...]
) -> list[Command]:
    """Return the files with a main guard that are run by path: at the root, in `scripts/`, or installed by nothing."""
    packages = {
        posixpath.dirname(one.source.path) for one in files if posixpath.basename(one.source.path) == "__init__.py"
    }
    installed = [one.directory for one in manifests if is_installed(one)]
    commands: list[Command] = []
    for one in own:
        path = one.source.path
        if one.module is None or one.module.main_guard is None or one.module.role is not Role.SOURCE:
            continue
        folder = posixpath.dirname(path)
        loose = not any(directory in {"", folder} or folder.startswith(f"{directory}/") for directory in installed)
        placed = not folder or folder.split("/")[-1] in _SCRIPT_FOLDERS
        if folder in packages or path.endswith("__main__.py") or not (loose or placed):
            continue
        line = one.module.main_guard
        commands.append(
            Command(
                name=path,
                kind=CommandKind.SCRIPT,
                invocation=f"python {path}",
                span=Span(path, line, line),
                summary=one.summary or one.module.docstring.summary,
            )
        )
    return commands
