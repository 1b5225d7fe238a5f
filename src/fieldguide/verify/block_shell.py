"""Whether a block of shell in a draft can be typed: every command, flag, variable and path in it is there.

Comes in: the code of a block, and a `Resolver`.
Goes out: what is wrong, each with its row in the block.
Must never: run anything; let a program's output through that nothing bears out.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from fieldguide.domain.documents import Form, Mention, State
from fieldguide.domain.page import ReferenceKind
from fieldguide.verify.block_faults import Fault
from fieldguide.verify.reading.shapes import is_path
from fieldguide.verify.reading.shell_blocks import PROMPT, read_shell

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fieldguide.verify.reading.shapes import Shape
    from fieldguide.verify.resolver import Resolver

LANGUAGES: Final = frozenset({"bash", "sh", "shell", "console", "zsh", "shell-session", "terminal"})
_OF_THE_SYSTEM: Final = frozenset({"HOME", "PATH", "PWD", "USER", "TMPDIR", "VIRTUAL_ENV"})
_REMARK: Final = re.compile(r"\s*#+\s?(?P<text>.*)|.*?\s#\s(?P<after>.*)")


class ShellBlocks:
    """Blocks of shell of one section."""

    def __init__(self, resolver: Resolver) -> None:
        """Keep what is asked."""
        self._resolver = resolver
        self.checked = 0
        """References that were looked at so far."""

    def faults(self, code: str) -> Iterator[Fault]:
        """What is wrong with a block."""
        lines = code.split("\n")
        found = read_shell(code)
        self.checked += len(found.uses)
        commands = [(row, shape) for row, _, shape in found.uses if shape.kind is ReferenceKind.COMMAND]
        if not commands and not any(shape.kind is ReferenceKind.VARIABLE for _, _, shape in found.uses):
            yield Fault(ReferenceKind.CODE, lines[0].strip(), 0, why="there is no command in it")
            return
        yield from self._answers(lines, {row for row, _, _ in found.uses})
        yield from self._paths(lines, found.makes)
        held = {shape.text for _, shape in commands if self._is_command(shape.text, found.uses)}
        for row, shape in commands:
            if shape.text not in held:
                wrong = next((flag for flag in self._wrong_flags(shape.text, found.uses)), None)
                yield wrong or Fault(ReferenceKind.COMMAND, shape.text, row, self._nearest(shape))
        for row, _, shape in found.uses:
            if not self._use_holds(shape, found.makes):
                yield Fault(shape.kind, shape.text, row, self._nearest(shape))
        for row, line in enumerate(lines):
            remark = _REMARK.fullmatch(line)
            wrong = self._resolver.wrong_in_text(remark["text"] or remark["after"] or "") if remark else None
            if wrong is not None:
                yield Fault(*wrong, row, self._resolver.nearest(*wrong))

    def _answers(self, lines: list[str], used: set[int]) -> Iterator[Fault]:
        """What was not typed has to stand in the evidence: nobody ran it."""
        prompted = any(PROMPT.match(line) for line in lines)
        going_on = False
        for row, line in enumerate(lines):
            typed = PROMPT.match(line) is not None if prompted else row in used
            typed = typed or going_on or not line.strip() or line.lstrip().startswith("#")
            if not typed and not self._resolver.words.appears(line.strip()):
                yield Fault(ReferenceKind.CODE, line.strip(), row, why="nothing shows that this is answered")
            going_on = typed and line.rstrip().endswith("\\")

    def _paths(self, lines: list[str], made: set[str]) -> Iterator[Fault]:
        """Whatever looks like a path, wherever it stands: what is read, written and given."""
        for row, line in enumerate(lines):
            for word in line.partition(" #")[0].split():
                path = word.strip("\"'()<>|&;").rpartition("=")[2].strip("\"'")
                if not is_path(path) or path in made or path.endswith("/bin/activate") or "://" in word:
                    continue
                if not self._resolver.text_holds(path):
                    yield Fault(ReferenceKind.PATH, path, row, self._resolver.nearest(ReferenceKind.PATH, path))

    def _is_command(self, text: str, uses: list[tuple[int, int, Shape]]) -> bool:
        """Tell whether a command can be typed: by what the code says, or as people tell readers to."""
        words = text.split()
        if words[0] == "echo":
            return self._resolver.wrong_in_text(" ".join(words[1:])) is None
        if words[0] == "mkdir":
            return all(self._resolver.text_holds(one) for one in words[1:])
        if self._resolver.holds(ReferenceKind.COMMAND, text):
            given = (one for one in words[1:] if not one.startswith("-") and not is_path(one))
            return self._resolver.wrong_in_text(" ".join(given)) is None
        wrong = self._resolver.wrong_in_text(text, only=ReferenceKind.LINK)  # documents may name any host
        if wrong or text not in self._resolver.words.typed or any(self._wrong_flags(text, uses)):
            return False
        return self._resolver.resolve(Mention(ReferenceKind.COMMAND, text, 1, 1, Form.SHELL)).state is not State.BROKEN

    def _wrong_flags(self, command: str, uses: list[tuple[int, int, Shape]]) -> Iterator[Fault]:
        """Flags that a program of the project does not take, for which a command does not hold."""
        for row, _, shape in uses:
            if shape.kind is ReferenceKind.FLAG and shape.subject and command.startswith(shape.subject):
                mention = Mention(ReferenceKind.FLAG, shape.text, 1, 1, Form.SHELL, subject=shape.subject)
                verdict = self._resolver.resolve(mention)
                if verdict.state is State.BROKEN:
                    near = next(iter(verdict.nearest), "")
                    yield Fault(ReferenceKind.FLAG, shape.text, row, near, verdict.why)

    def _use_holds(self, shape: Shape, made: set[str]) -> bool:
        """Tell whether what stands beside the commands holds; their own flags and requirements were looked at."""
        if shape.kind is ReferenceKind.VARIABLE:
            known = shape.text in _OF_THE_SYSTEM or (shape.text in made and shape.domain != "assigned")
            return known or self._resolver.holds(ReferenceKind.VARIABLE, shape.text)
        if shape.kind is ReferenceKind.FLAG and shape.domain in {"comment", "assigned"}:
            return self._resolver.holds(ReferenceKind.FLAG, shape.text)
        return True

    def _nearest(self, shape: Shape) -> str:
        return self._resolver.nearest(shape.kind, shape.text)
